// What branches and loops share: programs captured from functions that may use anything around them.
#pragma once

#include "program.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/graph/control.hpp"

namespace tessera::graph {

// A program and which of an op's inputs its parameters are.
struct part {
    program_reference<program> code;
    std::vector<std::uint32_t> inputs;
    auto fields() const { return std::tie(code, inputs); }
    friend bool operator==(const part&, const part&) = default;

    std::vector<array> pick(std::span<const array> all) const {
        std::vector<array> picked;
        for (const std::uint32_t i : inputs) picked.push_back(all[i]);
        return picked;
    }
    std::vector<array> run(std::span<const array> all) const;
    // The same for a round of a loop: the first `given_up` of all are used up, and their memory may be written over.
    std::vector<array> run_round(std::vector<array>& all, std::size_t given_up) const;
    // Op by op, so that transforms see it.
    std::vector<array> replayed(std::span<const array> all) const { return replay(code->source(), pick(all)); }
};

using flat_function = tessera::detail::flat_function;

// Captures f on values like those; what it uses besides is appended to `inputs`, whose elements [first, ...) the
// parameters are.
part capture_part(std::string_view name, std::span<const value> parameters, std::uint32_t first,
                  std::vector<array>& inputs, const flat_function& f);
// A program that f describes, closed.
part derived_part(std::string_view name, std::span<const value> parameters, const flat_function& f);

value like(const array& x);
std::vector<value> all_like(std::span<const array> xs);
// Numbers to look at, below every transform?
bool has_data(const array& x);
// Throws shape_error or dtype_error, with the op's name and what it is about, when specs differ.
void require_same_specs(std::string_view name, std::string_view what, const spec& is, const spec& should_be,
                        std::size_t position);
// The tangents of a part's results; `tangents` has one per input of the part, null for zero. Null only for dtypes
// without derivatives.
std::vector<array> tangents_through(const part& p, std::span<const array> arguments, std::span<const array> tangents);
// The cotangents of a part's inputs; null for dtypes without derivatives and where not `needed`.
std::vector<array> cotangents_through(const part& p, std::span<const array> arguments,
                                      std::span<const array> cotangents, const std::vector<bool>& needed);

// For batch rules. f is a function of one example; batched values have the batch as their first axis, and at least one
// of the inputs has it. `out` says which results must have it, then which do.
std::vector<bool> batched_inputs(const batch_args& args);
std::vector<array> over_batch(std::string_view name, std::span<const array> in, const std::vector<bool>& batched,
                              std::vector<bool>& out, const flat_function& f);
// The same as a program of parameters like those.
part batched_part(std::string_view name, std::span<const value> parameters, const std::vector<bool>& batched,
                  std::vector<bool>& out, const flat_function& f);
// Which results differ from example to example.
std::vector<bool> which_are_batched(std::string_view name, std::span<const value> parameters,
                                    const std::vector<bool>& batched, const flat_function& f);

}  // namespace tessera::graph
