// One element of any dtype together with its dtype: the value of a literal, an immediate of a scalar program, a fill.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <type_traits>

#include "tessera/dtype/cast.hpp"
#include "tessera/dtype/export.hpp"
#include "tessera/dtype/types.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

struct scalar_value {
    alignas(16) std::array<std::byte, 16> bytes{};  // the element's own bytes first, the rest zero
    tessera::dtype dtype = boolean;

    constexpr scalar_value() = default;  // false

    template <element T> constexpr explicit scalar_value(T value) : dtype(dtype_of<T>) {
        const auto own = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = own[i];
    }

    // The element at an address of host memory, which need not be aligned.
    TESSERA_DTYPE_API static scalar_value read(tessera::dtype d, const void* from);

    // The element as a T, which has the value's dtype or is converted to as cast_to does.
    template <element T> constexpr T as(overflow policy = overflow::ieee) const {
        if (dtype == dtype_of<T>) return stored<T>();
        return with_type(dtype, [&](auto tag) { return cast_to<T>(stored<typename decltype(tag)::type>(), policy); });
    }

    // The same value in another dtype, as cast_to converts it.
    constexpr scalar_value cast(tessera::dtype to, overflow policy = overflow::ieee) const {
        return with_type(to, [&](auto tag) { return scalar_value(as<typename decltype(tag)::type>(policy)); });
    }

    // The same dtype and bits: NaN equals itself, and -0 differs from +0.
    friend constexpr bool operator==(const scalar_value&, const scalar_value&) = default;

private:
    template <class T> constexpr T stored() const {
        std::array<std::byte, sizeof(T)> own{};
        for (std::size_t i = 0; i < sizeof(T); ++i) own[i] = bytes[i];
        return std::bit_cast<T>(own);
    }
};

// "2.5", "-3", "true", "nan", "1+2i"
TESSERA_DTYPE_API void append_text(std::string& out, const scalar_value& value);

}  // namespace tessera
