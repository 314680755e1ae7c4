// What the checks of the harness share, and the checks.
#pragma once

#include <functional>
#include <optional>

#include "tessera/testing/op_case.hpp"
#include "tessera/testing/recorder.hpp"

namespace tessera::testing {

void check_values(const op_case& c);
void check_strides(const op_case& c);
void check_destination(const op_case& c);
void check_overlap(const op_case& c);
void check_reuse(const op_case& c);
void check_program(const op_case& c);
void check_threads(const op_case& c);
void check_targets(const op_case& c);
void check_devices(const op_case& c);
void check_errors(const op_case& c);

// Whether the operands that are not discrete have different dtypes.
bool is_mixed(const op_case& c, std::span<const dtype> types);
// The operand dtypes that stand for all: one tuple for every dtype the operands that are not discrete have in common.
std::vector<std::vector<dtype>> typical_dtypes(const op_case& c);

// Operands of one call.
std::vector<host_tensor> sample_operands(const op_case& c, std::span<const dtype> types, std::span<const sizes> shapes,
                                         bool with_specials);
std::vector<array> arrays_of(std::span<const host_tensor> operands, device where = cpu);

// Calls visit for every shape of the case in the typical dtypes. Stops at the first failure.
void for_typical_operands(const op_case& c, const std::function<void(std::span<const host_tensor>)>& visit);

// The same for the case's large shapes, in f32 and f64 where it takes them, else in its first dtypes.
void for_large_operands(const op_case& c, bool with_specials,
                        const std::function<void(std::span<const host_tensor>)>& visit);

// The call of the case's op among those its function makes; nullopt when it makes none (a view of itself, a literal).
std::optional<recorded_call> op_call_of(const op_case& c, std::span<const array> in);

// A back end of kind 64 that has memory but no kernels.
device bare_device();

}  // namespace tessera::testing
