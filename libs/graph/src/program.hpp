// A captured function made ready to run, at any sizes its guards allow.
#pragma once

#include <map>
#include <mutex>

#include "capture.hpp"
#include "plan.hpp"
#include "stages.hpp"

namespace tessera::graph {

struct linearisation;

class program {
public:
    explicit program(function captured_body, bool fuses = true);

    // As captured, which derivative rules start from; and as it runs.
    const function& source() const { return source_; }
    const function& optimised() const { return optimised_; }

    bool has_guards() const;
    // Empty when the program may run with arguments of these shapes; else the text of the guard that does not hold.
    std::string broken_guard(std::span<const array> arguments) const;
    // Ordinary arrays in and out. Donated arguments may be overwritten. Throws size_surprise.
    std::vector<array> run(std::span<const array> arguments, const plan::donations& donated = {}) const;
    // Of the run before; without what branches and loops use inside.
    std::size_t peak_bytes() const;
    std::size_t plans() const;
    std::size_t kernels() const;

    // The derivative of this program as a program, made at first use.
    //   jvp: arguments, then the tangents that `given` names; results are the results' tangents.
    //   vjp: arguments, then the cotangents that `given` names; results are the cotangents of the `needed` arguments.
    std::shared_ptr<const program> jvp(const std::vector<bool>& given) const;
    std::shared_ptr<const program> vjp(const std::vector<bool>& given, const std::vector<bool>& needed) const;
    // This program and its pullback for the `needed` arguments, so that the way there is computed once. Null where the
    // two cannot be told apart; vjp serves then.
    std::shared_ptr<const linearisation> linearised(const std::vector<bool>& needed) const;

private:
    function source_, optimised_;
    bool fuses_;
    std::unique_ptr<const stages> stages_;  // where one plan cannot serve
    mutable plan_cache plans_;
    mutable std::mutex mutex_;
    mutable std::map<std::vector<bool>, std::shared_ptr<const program>> jvps_, vjps_;
    mutable std::map<std::vector<bool>, std::shared_ptr<const linearisation>> linearised_;
};

// forward: arguments to results, then what the pullback reads of the way there. pullback: arguments, that, and the
// cotangents of the results that are inexact, to the cotangents of the needed arguments.
struct linearisation {
    std::shared_ptr<const program> forward, pullback;
    std::vector<bool> needed;
};

// The ops that stand for a compiled function where a transform sees it: one for all, one for reverse mode, which will
// come back.
struct saving_attributes {
    program_reference<linearisation> parts;
    std::int64_t results = 0;
    auto fields() const { return std::tie(parts, results); }
};
struct call_attributes {
    program_reference<program> callee;
    auto fields() const { return std::tie(callee); }
};
std::vector<array> call_program(const std::shared_ptr<const program>& callee, std::span<const array> arguments);

// Sizes of a program's results where its arguments have those specs.
std::vector<spec> result_specs(const function& f, std::span<const spec* const> arguments);

}  // namespace tessera::graph
