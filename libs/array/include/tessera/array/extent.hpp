// Sizes that may still be unknown: extent, and the shapes made of them.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>

#include "tessera/array/export.hpp"
#include "tessera/array/inline_vector.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

// A size along one axis: a number, or a symbol that stands for one while a program is captured. Symbols live in
// the capture's size_table; without one, every extent is a number.
class extent {
public:
    extent() = default;
    // Throws shape_error when n is negative.
    template <std::integral Integer> constexpr extent(Integer n) : raw_(static_cast<std::int64_t>(n)) {
        if constexpr (std::signed_integral<Integer>) {
            if (n < 0) refuse_negative(raw_);
        } else {
            if (raw_ < 0) refuse_negative(raw_);
        }
    }
    static constexpr extent symbol(std::int64_t id) {
        extent e{0};
        e.raw_ = -1 - id;
        return e;
    }

    constexpr bool is_symbol() const { return raw_ < 0; }
    constexpr std::int64_t symbol_id() const { return -1 - raw_; }
    // The number; for a symbol its example size, which the capture records as a guard.
    constexpr std::int64_t value() const { return raw_ >= 0 ? raw_ : symbol_value(*this); }

    friend constexpr bool operator==(extent a, extent b) {
        if (a.raw_ == b.raw_) return true;
        return (a.raw_ | b.raw_) < 0 ? symbols_equal(a, b) : false;
    }
    friend constexpr bool operator<(extent a, extent b) {
        return (a.raw_ | b.raw_) < 0 ? symbol_less(a, b) : a.raw_ < b.raw_;
    }
    friend constexpr bool operator<=(extent a, extent b) { return !(b < a); }
    friend constexpr bool operator>(extent a, extent b) { return b < a; }
    friend constexpr bool operator>=(extent a, extent b) { return b <= a; }

    // Arithmetic stays symbolic. Throws shape_error when the result is negative or overflows 64 bits,
    // or when the divisor is 0.
    friend constexpr extent operator+(extent a, extent b) { return combine('+', a, b); }
    friend constexpr extent operator-(extent a, extent b) { return combine('-', a, b); }
    friend constexpr extent operator*(extent a, extent b) { return combine('*', a, b); }
    friend constexpr extent operator/(extent a, extent b) { return combine('/', a, b); }
    friend constexpr extent operator%(extent a, extent b) { return combine('%', a, b); }
    friend constexpr extent min(extent a, extent b) { return combine('<', a, b); }
    friend constexpr extent max(extent a, extent b) { return combine('>', a, b); }

private:
    constexpr static extent combine(char operation, extent a, extent b) {
        if ((a.raw_ | b.raw_) < 0) return combine_symbols(operation, a, b);
        std::int64_t result = 0;
        switch (operation) {
        case '+':
            return __builtin_add_overflow(a.raw_, b.raw_, &result) ? refuse_overflow(operation, a, b) : extent{result};
        case '*':
            return __builtin_mul_overflow(a.raw_, b.raw_, &result) ? refuse_overflow(operation, a, b) : extent{result};
        case '-': return extent{a.raw_ - b.raw_};
        case '/': return b.raw_ == 0 ? refuse_overflow(operation, a, b) : extent{a.raw_ / b.raw_};
        case '%': return b.raw_ == 0 ? refuse_overflow(operation, a, b) : extent{a.raw_ % b.raw_};
        case '<': return a.raw_ < b.raw_ ? a : b;
        default: return a.raw_ > b.raw_ ? a : b;
        }
    }
    [[noreturn]] TESSERA_ARRAY_API static void refuse_negative(std::int64_t n);
    [[noreturn]] TESSERA_ARRAY_API static extent refuse_overflow(char operation, extent a, extent b);
    TESSERA_ARRAY_API static std::int64_t symbol_value(extent e);
    TESSERA_ARRAY_API static bool symbols_equal(extent a, extent b);
    TESSERA_ARRAY_API static bool symbol_less(extent a, extent b);
    TESSERA_ARRAY_API static extent combine_symbols(char operation, extent a, extent b);

    std::int64_t raw_;
};

// Gives symbols their meaning; a capture installs one for its thread.
class size_table {
public:
    virtual ~size_table() = default;
    virtual std::int64_t value(extent symbol) = 0;
    virtual bool equal(extent a, extent b) = 0;
    virtual bool less(extent a, extent b) = 0;
    virtual extent combine(char operation, extent a, extent b) = 0;  // + - * / %  and < for min, > for max
    virtual std::string print(extent symbol) = 0;
};
TESSERA_ARRAY_API size_table* current_size_table();
// Returns the one that was installed before; null for none.
TESSERA_ARRAY_API size_table* install_size_table(size_table*);

using dims = inline_vector<extent>;           // sizes
using axes = inline_vector<int>;              // axis numbers; negative ones count from the back
using strides = inline_vector<std::int64_t>;  // steps in elements

inline constexpr std::size_t max_rank = 64;

TESSERA_ARRAY_API void append_text(std::string& out, extent value);
TESSERA_ARRAY_API void append_text(std::string& out, const dims& shape);  // "(2, 3)"
TESSERA_ARRAY_API void append_text(std::string& out, const axes& values);

// Product of the sizes. Throws shape_error when it overflows 64 bits.
TESSERA_ARRAY_API extent element_count(const dims& shape);

}  // namespace tessera
