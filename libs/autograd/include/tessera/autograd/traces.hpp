// What jvp, vjp and grad are made of, leaf by leaf; users call those.
#pragma once

#include <span>
#include <utility>

#include "tessera/array/array.hpp"
#include "tessera/autograd/export.hpp"

namespace tessera::detail {

struct forward_state;
struct reverse_state;

// Forward mode over one run of a function. Recording ends with this object.
class TESSERA_AUTOGRAD_API forward_trace {
public:
    // The name begins error texts and outlives the trace.
    explicit forward_trace(std::string_view name);
    ~forward_trace();
    forward_trace(const forward_trace&) = delete;
    forward_trace& operator=(const forward_trace&) = delete;

    // What the function gets for its next input, which moves along the next of the tangents; null is zero. Throws
    // dtype_error unless the input is a float or complex, shape_error or dtype_error when the tangent is not like it,
    // value_error for a null input or when there are too few tangents.
    array input(const array& primal, std::span<const array> tangents);
    // Throws value_error when there are more tangents than inputs.
    void require_all_used(std::span<const array> tangents) const;
    // The value of an output and its tangent. Throws value_error when it is null.
    std::pair<array, array> output(const array& y);
    // The value of something else the function returns.
    array auxiliary(const array& y) const;

private:
    forward_state* state_;
};

// Reverse mode over one run of a function: inputs, then outputs, then finish, then pulls. Copies share the record.
class TESSERA_AUTOGRAD_API reverse_trace {
public:
    explicit reverse_trace(std::string_view name);
    reverse_trace(const reverse_trace&) noexcept;
    reverse_trace& operator=(const reverse_trace&) = delete;
    ~reverse_trace();

    // What the function gets for its next input. Throws dtype_error unless it is a float or complex, value_error for
    // null.
    array input(const array& primal);
    // The value of the next output. Throws value_error when it is null.
    array output(const array& y);
    // The value of something else the function returns.
    array auxiliary(const array& y);
    // Throws shape_error unless the outputs are one of rank 0, dtype_error unless it is real.
    void require_scalar_output() const;
    // Ends recording: whatever of the trace is still around can no longer be computed with.
    void finish();

    // The spec of an input, as an array without data.
    array input_spec(std::size_t i) const;
    std::size_t inputs() const;
    std::size_t outputs() const;

    // The gradient of every input, for a cotangent of every output; null cotangents are zero. Any number of times, by
    // any number of threads. Throws shape_error or dtype_error when a cotangent is not like its output, value_error
    // when a value that a rule reads has been overwritten.
    void pull(std::span<const array> cotangents, std::span<array> gradients) const;
    // The same for the cotangent 1 of the scalar output, giving back memory on the way; once.
    void pull_once(std::span<array> gradients);

private:
    reverse_state* state_;
};

}  // namespace tessera::detail
