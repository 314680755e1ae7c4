#include "elements.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

using testing::host_tensor;

struct binary_format {
    int exponent_bits;
    int mantissa_bits;
    bool finite_only = false;  // e4m3 fn: the top exponent holds numbers, all ones is NaN

    int bias() const { return (1 << (exponent_bits - 1)) - 1; }
    int smallest_exponent() const { return 1 - bias(); }
};

binary_format format_of(dtype t) {
    switch (t) {
    case f8e4m3: return {4, 3, true};
    case f8e5m2: return {5, 2};
    case f16: return {5, 10};
    case bf16: return {8, 7};
    case f32:
    case c64: return {8, 23};
    case f64:
    case c128: return {11, 52};
    default: throw dtype_error(text("oracles: ", t, " is no floating dtype"));
    }
}

double decode(std::uint32_t bits, binary_format f) {
    const int mantissa_mask = (1 << f.mantissa_bits) - 1;
    const int top = (1 << f.exponent_bits) - 1;
    const int mantissa = static_cast<int>(bits) & mantissa_mask;
    const int exponent = static_cast<int>(bits >> f.mantissa_bits) & top;
    const bool negative = (bits >> (f.mantissa_bits + f.exponent_bits)) & 1U;
    double magnitude = 0;
    if (exponent == top && f.finite_only && mantissa == mantissa_mask)
        magnitude = std::numeric_limits<double>::quiet_NaN();
    else if (exponent == top && !f.finite_only)
        magnitude = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    else if (exponent == 0)
        magnitude = std::ldexp(mantissa, f.smallest_exponent() - f.mantissa_bits);
    else
        magnitude = std::ldexp(mantissa + mantissa_mask + 1, exponent - f.bias() - f.mantissa_bits);
    return negative ? -magnitude : magnitude;
}

template <class T> T read(const host_tensor& t, std::size_t index) {
    T value;
    std::memcpy(&value, t.bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

// The element as the C++ type nearest to its dtype: visit(std::int64_t), (std::uint64_t), (float), (double), (complex).
template <class Visitor> auto visit_element(const host_tensor& t, std::size_t i, const Visitor& visit) {
    switch (t.dtype) {
    case boolean:
    case u8: return visit(std::uint64_t{read<std::uint8_t>(t, i)});
    case u16: return visit(std::uint64_t{read<std::uint16_t>(t, i)});
    case u32: return visit(std::uint64_t{read<std::uint32_t>(t, i)});
    case u64: return visit(read<std::uint64_t>(t, i));
    case i8: return visit(std::int64_t{read<std::int8_t>(t, i)});
    case i16: return visit(std::int64_t{read<std::int16_t>(t, i)});
    case i32: return visit(std::int64_t{read<std::int32_t>(t, i)});
    case i64: return visit(read<std::int64_t>(t, i));
    case f8e4m3:
    case f8e5m2: return visit(decode(read<std::uint8_t>(t, i), format_of(t.dtype)));
    case f16:
    case bf16: return visit(decode(read<std::uint16_t>(t, i), format_of(t.dtype)));
    case f32: return visit(read<float>(t, i));
    case f64: return visit(read<double>(t, i));
    case c64: return visit(read<std::complex<float>>(t, i));
    case c128: break;
    }
    return visit(read<std::complex<double>>(t, i));
}

template <class To> void write_all(host_tensor& out, const std::vector<std::complex<double>>& values) {
    out.bytes.resize(values.size() * sizeof(To));
    for (std::size_t i = 0; i < values.size(); ++i) {
        To value;
        if constexpr (std::is_floating_point_v<To>)
            value = static_cast<To>(values[i].real());
        else
            value = static_cast<To>(values[i]);
        std::memcpy(out.bytes.data() + i * sizeof(To), &value, sizeof(To));
    }
}

}  // namespace

std::vector<std::complex<double>> values_of(const host_tensor& t) {
    std::vector<std::complex<double>> values(t.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = visit_element(t, i, [](auto x) {
            if constexpr (requires { x.real(); })
                return std::complex<double>(x);
            else
                return std::complex<double>(static_cast<double>(x));
        });
    return values;
}

std::string element_text(const host_tensor& t, std::size_t index) {
    return visit_element(t, index, [&](auto x) {
        if constexpr (requires { x.real(); })
            return text("(", x.real(), ", ", x.imag(), ")");
        else
            return t.dtype == boolean ? text(x != 0) : text(x);
    });
}

std::string position_text(const host_tensor& t, std::size_t index) {
    std::vector<std::int64_t> position(t.shape.size());
    for (std::size_t axis = t.shape.size(); axis-- > 0;) {
        const auto size = static_cast<std::size_t>(t.shape[axis]);
        position[axis] = static_cast<std::int64_t>(index % size);
        index /= size;
    }
    return text(std::span<const std::int64_t>(position));
}

double spacing(dtype t, double magnitude) {
    const binary_format f = format_of(t);
    const int exponent = magnitude == 0 ? f.smallest_exponent() : std::ilogb(magnitude);
    return std::ldexp(1.0, std::max(exponent, f.smallest_exponent()) - f.mantissa_bits);
}

int code_rank(dtype t, std::byte code) {
    const int bits = std::to_integer<int>(code);
    const bool negative = (bits & 0x80) != 0;
    if (is_floating(t)) return negative ? -(bits & 0x7F) : bits;  // sign and magnitude
    return kind(t) == dtype_kind::signed_integer && negative ? bits - 256 : bits;
}

host_tensor converted(const host_tensor& t, dtype to) {
    host_tensor out{t.name, to, t.shape, {}};
    const std::vector<std::complex<double>> values = values_of(t);
    switch (to) {
    case f32: write_all<float>(out, values); break;
    case f64: write_all<double>(out, values); break;
    case c64: write_all<std::complex<float>>(out, values); break;
    case c128: write_all<std::complex<double>>(out, values); break;
    default: throw dtype_error(text("oracles: no conversion from ", t.dtype, " to ", to));
    }
    return out;
}

}  // namespace tessera::oracles
