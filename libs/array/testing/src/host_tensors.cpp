#include "tessera/testing/host_tensors.hpp"

#include <cmath>
#include <cstring>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

bool is_nan(double v) { return v != v; }

std::complex<double> number(const scalar_value& v) { return v.as<std::complex<double>>(); }

// -0 is not +0 here, NaN is NaN.
bool same_number(double a, double b) {
    return (is_nan(a) && is_nan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

bool same_element(const scalar_value& got, const scalar_value& want) {
    if (got == want) return true;
    if (!is_inexact(want.dtype)) return false;
    const auto a = number(got), b = number(want);
    return same_number(a.real(), b.real()) && same_number(a.imag(), b.imag());
}

bool near(double got, double want, double bound) {
    if (is_nan(got) || is_nan(want)) return is_nan(got) && is_nan(want);
    if (std::isinf(got) || std::isinf(want)) return got == want;
    return std::abs(got - want) <= bound;
}

bool near_element(const scalar_value& got, const scalar_value& want, double scale, double ulp) {
    const auto a = number(got), b = number(want);
    const double bound = ulp * std::max(scale * epsilon(want.dtype), least_spacing(want.dtype));
    return near(a.real(), b.real(), bound) && near(a.imag(), b.imag(), bound);
}

::testing::AssertionResult differ_at(const host_tensor& got, const host_tensor& want, std::int64_t i) {
    const sizes at = position_of(want.shape, i);
    return ::testing::AssertionFailure() << text("at ", std::span<const std::int64_t>(at), ": got ", element_at(got, i),
                                                 ", expected ", element_at(want, i), " (", want.dtype, ")");
}

}  // namespace

std::int64_t count_of(const sizes& shape) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    return count;
}

dims dims_of(const sizes& shape) {
    dims result;
    for (const std::int64_t size : shape) result.push_back(size);
    return result;
}

sizes sizes_of(const dims& shape) {
    sizes result;
    for (const extent size : shape) result.push_back(size.value());
    return result;
}

host_tensor tensor(dtype t, sizes shape) {
    const auto count = static_cast<std::size_t>(count_of(shape));
    return {"", t, std::move(shape), std::vector<std::byte>(count * item_size(t))};
}

scalar_value element_at(const host_tensor& t, std::int64_t i) {
    return scalar_value::read(t.dtype, t.bytes.data() + static_cast<std::size_t>(i) * item_size(t.dtype));
}

void set_element(host_tensor& t, std::int64_t i, const scalar_value& v) {
    if (v.dtype != t.dtype) throw dtype_error(text("set_element: ", v.dtype, " into a tensor of ", t.dtype));
    std::memcpy(t.bytes.data() + static_cast<std::size_t>(i) * item_size(t.dtype), v.bytes.data(), item_size(t.dtype));
}

sizes position_of(const sizes& shape, std::int64_t i) {
    sizes position(shape.size());
    for (std::size_t a = shape.size(); a-- > 0; i /= shape[a]) position[a] = i % shape[a];
    return position;
}

std::int64_t flat_index(const sizes& shape, const sizes& position) {
    std::int64_t i = 0;
    for (std::size_t a = 0; a < shape.size(); ++a) i = i * shape[a] + position[a];
    return i;
}

void advance(sizes& position, const sizes& shape) {
    for (std::size_t a = shape.size(); a-- > 0; position[a] = 0)
        if (++position[a] < shape[a]) return;
}

host_tensor tensor_of(const array& x) {
    if (!x.is_contiguous() || x.device().kind != cpu.kind) return download(x, "");
    const any_view view = x.view();
    host_tensor t = tensor(view.dtype, {view.sizes().begin(), view.sizes().end()});
    if (!t.bytes.empty()) std::memcpy(t.bytes.data(), view.first(), t.bytes.size());
    return t;
}

array array_of(const host_tensor& t, device where) { return upload(t, where); }

::testing::AssertionResult matches(const host_tensor& got, const expectation& want, double ulp) {
    if (got.dtype != want.value.dtype || got.shape != want.value.shape)
        return ::testing::AssertionFailure() << "got " << describe(got) << ", expected " << describe(want.value);
    if (got.bytes == want.value.bytes) return ::testing::AssertionSuccess();
    const std::int64_t count = count_of(want.value.shape);
    for (std::int64_t i = 0; i < count; ++i) {
        const scalar_value a = element_at(got, i), b = element_at(want.value, i);
        if (same_element(a, b)) continue;
        const double scale = want.scale.empty() ? std::abs(number(b)) : want.scale[static_cast<std::size_t>(i)];
        if (ulp == 0 || !near_element(a, b, scale, ulp)) return differ_at(got, want.value, i);
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult same_bits(const host_tensor& got, const host_tensor& want) { return matches(got, {want}); }

std::string describe(const host_tensor& t) { return text(t.dtype, " ", std::span<const std::int64_t>(t.shape)); }

std::string describe(std::span<const host_tensor> operands) {
    std::string all;
    for (const host_tensor& t : operands) all += text(all.empty() ? "" : ", ", describe(t));
    return all;
}

}  // namespace tessera::testing
