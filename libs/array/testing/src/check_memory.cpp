// strides, destination, overlap, reuse: where operands and results lie never shows in the values.
#include <cmath>
#include <complex>
#include <cstring>

#include "checks.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/testing/layouts.hpp"

namespace tessera::testing {
namespace {

// The same values; the same bits unless the case says that strides may show in them.
::testing::AssertionResult agrees(const op_case& c, const host_tensor& got, std::span<const host_tensor> operands,
                                  const host_tensor& from_row_major) {
    if (!c.layout_shows) return same_bits(got, from_row_major);
    return matches(got, c.reference(operands), tolerance(c.promises, got.dtype));
}

// The same for two results of the op itself.
::testing::AssertionResult same_result(const op_case& c, const host_tensor& got, const host_tensor& want) {
    if (!c.layout_shows) return same_bits(got, want);
    double largest = 0;
    for (std::int64_t i = 0; i < count_of(want.shape); ++i)
        if (const double size = std::abs(element_at(want, i).as<std::complex<double>>()); size < INFINITY)
            largest = std::max(largest, size);
    return matches(got, {want, std::vector<double>(want.size(), largest)}, 2 * tolerance(c.promises, want.dtype));
}

// The op's own result: the function around it may convert it further.
host_tensor result_of(const recorded_call& seen) { return tensor_of(call(*seen.op, seen.attrs, seen.in)); }

// Operand `chosen` in that layout, the others row-major; all of them when chosen is their number.
void check_layout(const op_case& c, std::span<const host_tensor> operands, layout form, std::size_t chosen) {
    std::vector<host_tensor> values;
    std::vector<array> plain, arranged;
    for (std::size_t k = 0; k < operands.size(); ++k) {
        const layout own = chosen == operands.size() || chosen == k ? form : layout::row_major;
        values.push_back(fitting(operands[k], own));
        plain.push_back(array_of(values.back()));
        arranged.push_back(laid_out(values.back(), own));
    }
    ASSERT_TRUE(agrees(c, tensor_of(c.call(arranged)), values, tensor_of(c.call(plain))))
        << "operand " << chosen << " " << name(form);
    for (std::size_t k = 0; k < operands.size(); ++k)
        ASSERT_TRUE(same_bits(tensor_of(arranged[k]), values[k])) << "operand " << k << " was written";
}

// One block of memory that begins with an operand's elements and has room for the output `shift` elements further on.
struct shared_memory {
    shared_memory(const host_tensor& operand, const host_tensor& output, std::int64_t shift) {
        const std::size_t moved = static_cast<std::size_t>(shift) * item_size(output.dtype);
        bytes.resize(std::max(operand.bytes.size(), moved + output.bytes.size()) + 64);
        std::copy(operand.bytes.begin(), operand.bytes.end(), bytes.begin());
        in = over(operand, 0, false);
    }

    array over(const host_tensor& like, std::int64_t shift, bool backwards) {
        strides row_major(like.shape.size(), 1);
        std::int64_t step = 1, offset = shift;
        for (std::size_t a = like.shape.size(); a-- > 0; step *= std::max<std::int64_t>(like.shape[a], 1)) {
            row_major[a] = backwards ? -step : step;
            if (backwards) offset += (like.shape[a] - 1) * step;
        }
        any_view view;
        view.data = bytes.data();
        view.offset = offset;
        view.shape = like.shape.data();
        view.strides = row_major.data();
        view.rank = static_cast<std::int32_t>(like.shape.size());
        view.dtype = like.dtype;
        return borrow(view, static_cast<std::int64_t>(bytes.size() / item_size(like.dtype)));
    }

    std::vector<std::byte> bytes;
    array in;
};

}  // namespace

void check_strides(const op_case& c) {
    for_typical_operands(c, [&](std::span<const host_tensor> operands) {
        for (const layout form : every_layout) {
            if (form == layout::row_major || (form == layout::repeated && !c.may_repeat)) continue;
            for (std::size_t chosen = 0; chosen <= operands.size(); ++chosen) {
                if (operands.size() == 1 && chosen == 1) continue;  // all is the one
                check_layout(c, operands, form, chosen);
                if (::testing::Test::HasFatalFailure()) return;
            }
        }
    });
}

void check_destination(const op_case& c) {
    for_typical_operands(c, [&](std::span<const host_tensor> operands) {
        const auto seen = op_call_of(c, arrays_of(operands));
        if (!seen) return;
        const host_tensor want = result_of(*seen);
        for (const layout form : output_layouts) {
            guarded_output memory(want.dtype, want.shape, form);
            const host_tensor before = memory.value();
            const auto write = [&] { apply_into(*seen->op, seen->in, seen->attrs, memory.destination()); };
            if (seen->op->view) {
                EXPECT_THROW(write(), value_error);
                return;
            }
            try {
                write();
                ASSERT_TRUE(same_result(c, memory.value(), want)) << name(form);
            } catch (const no_kernel&) {  // a kernel may decline a layout, but not the plain one
                ASSERT_NE(form, layout::row_major);
                ASSERT_TRUE(same_bits(memory.value(), before)) << name(form);
            }
            ASSERT_TRUE(memory.guards_intact()) << name(form);
        }
    });
}

void check_overlap(const op_case& c) {
    for_typical_operands(c, [&](std::span<const host_tensor> operands) {
        const auto seen = op_call_of(c, arrays_of(operands));
        if (!seen || seen->op->view) return;
        const host_tensor want = result_of(*seen);
        if (want.size() == 0) return;
        for (std::size_t k = 0; k < seen->in.size(); ++k) {
            const host_tensor operand = tensor_of(seen->in[k]);
            for (const std::int64_t shift : {0, 1})
                for (const bool backwards : {false, true}) {
                    shared_memory memory(operand, want, shift);
                    std::vector<array> inputs = seen->in;
                    inputs[k] = memory.in;
                    const array out = memory.over(want, shift, backwards);
                    try {
                        apply_into(*seen->op, inputs, seen->attrs, out);
                    } catch (const no_kernel&) {
                        ASSERT_TRUE(backwards);
                        continue;
                    }
                    ASSERT_TRUE(same_result(c, tensor_of(out), want))
                        << "operand " << k << ", out " << shift << " elements on"
                        << (backwards ? " and backwards" : "");
                }
        }
    });
}

// Small arrays never take over memory, so the large ones count here.
void check_reuse(const op_case& c) {
    const auto check = [&](std::span<const host_tensor> operands) {
        const auto seen = op_call_of(c, arrays_of(operands));
        if (!seen) return;
        const host_tensor want = result_of(*seen);
        std::vector<host_tensor> values;
        for (const array& x : seen->in) values.push_back(tensor_of(x));

        std::vector<array> owned = arrays_of(values);
        ASSERT_TRUE(same_result(c, tensor_of(call_reusing(*seen->op, seen->attrs, owned)), want)) << "owned alone";

        std::vector<array> shared = arrays_of(values);
        const std::vector<array> others = shared;
        ASSERT_TRUE(same_result(c, tensor_of(call_reusing(*seen->op, seen->attrs, shared)), want)) << "shared";
        for (std::size_t k = 0; k < others.size(); ++k)
            ASSERT_TRUE(same_bits(tensor_of(others[k]), values[k])) << "operand " << k << " was written";
    };
    for_typical_operands(c, check);
    for_large_operands(c, true, check);
}

}  // namespace tessera::testing
