// Reductions over axes named at compile time: sum<0>(x), sum<-1>(x), sum<0, 2>(x); without axes over everything, to one
// value. Axes that do not exist or repeat do not compile.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "tessera/fixed/elementwise.hpp"

namespace tessera::fixed {

namespace detail {

template <std::size_t Rank, int... Axes> constexpr bool axes_are_valid() {
    std::array<bool, Rank + 1> seen{};
    bool valid = true;
    [[maybe_unused]] const auto check = [&](int axis) {
        const int at = axis < 0 ? axis + static_cast<int>(Rank) : axis;
        if (at < 0 || at >= static_cast<int>(Rank) || seen[static_cast<std::size_t>(at)]) {
            valid = false;
        } else {
            seen[static_cast<std::size_t>(at)] = true;
        }
    };
    (check(Axes), ...);
    return valid;
}

// Which axes of X go away: the named ones, all when none is named.
template <std::size_t Rank, int... Axes> constexpr std::array<bool, Rank> reduced_axes() {
    std::array<bool, Rank> out{};
    if constexpr (sizeof...(Axes) == 0) out.fill(true);
    ((out[static_cast<std::size_t>(Axes < 0 ? Axes + static_cast<int>(Rank) : Axes)] = true), ...);
    return out;
}

template <class Extents, int... Axes> struct reduced {
    static constexpr auto gone = reduced_axes<Extents::rank(), Axes...>();
    static constexpr std::size_t rank = [] {
        std::size_t n = 0;
        for (const bool g : gone) n += g ? 0U : 1U;
        return n;
    }();
    static constexpr auto sizes = [] {
        std::array<std::size_t, rank> out{};
        std::size_t n = 0;
        for (std::size_t i = 0; i < Extents::rank(); ++i)
            if (!gone[i]) out[n++] = Extents::static_extent(i);
        return out;
    }();
    static constexpr std::size_t folded = [] {
        std::size_t n = 1;
        for (std::size_t i = 0; i < Extents::rank(); ++i)
            if (gone[i]) n *= Extents::static_extent(i);
        return n;
    }();
    // The result's stride along every axis of the operand: 0 along those that go away.
    static constexpr auto steps = [] {
        std::array<std::size_t, Extents::rank()> out{};
        std::size_t step = 1;
        for (std::size_t i = Extents::rank(); i-- > 0;) {
            if (gone[i]) continue;
            out[i] = step;
            step *= Extents::static_extent(i);
        }
        return out;
    }();
    using type = typename extents_from<sizes>::type;
};

template <class Plan, class Extents, std::size_t Axis, class T, class R, class X, class F>
constexpr void fold(R* out, std::size_t to, const T* in, std::ptrdiff_t from, const X& x, F& f) {
    if constexpr (Axis == Extents::rank()) {
        out[to] = f(out[to], in[from]);
    } else {
        for (std::size_t i = 0; i < Extents::static_extent(Axis); ++i) {
            fold<Plan, Extents, Axis + 1>(out, to, in, from, x, f);
            to += Plan::steps[Axis];
            from += stride_of(x, Axis);
        }
    }
}

}  // namespace detail

template <class X, int... Axes>
concept reducible = operand<X> && detail::axes_are_valid<rank_of<X>, Axes...>();

// f(f(init, first), second)... along the axes, in row-major order. All axes give the value itself.
template <int... Axes, operand X, class R, class F>
    requires reducible<X, Axes...>
constexpr auto reduce(const X& x, const R& init, F&& f) {
    using plan = detail::reduced<extents_of<X>, Axes...>;
    auto out = fixed_array_of<R, typename plan::type>::filled(init);
    detail::fold<plan, extents_of<X>, 0>(out.data(), 0, detail::elements(x), 0, x, f);
    if constexpr (plan::rank == 0) {
        return out();
    } else {
        return out;
    }
}

template <int... Axes, operand X>
    requires reducible<X, Axes...>
constexpr auto sum(const X& x) {
    return reduce<Axes...>(x, value_type_of<X>(), [](const auto& a, const auto& b) { return a + b; });
}

template <int... Axes, operand X>
    requires reducible<X, Axes...>
constexpr auto prod(const X& x) {
    return reduce<Axes...>(x, value_type_of<X>(1), [](const auto& a, const auto& b) { return a * b; });
}

// Of at least one element.
template <int... Axes, operand X>
    requires(reducible<X, Axes...>&& detail::reduced<extents_of<X>, Axes...>::folded > 0)
constexpr auto mean(const X& x) {
    return sum<Axes...>(x) / value_type_of<X>(detail::reduced<extents_of<X>, Axes...>::folded);
}

namespace detail {
// The fold of maximum and minimum needs a first element: an element is replaced by better ones and by NaN.
template <int... Axes, class X, class Better> constexpr auto extreme(const X& x, Better better) {
    using T = value_type_of<X>;
    struct best {
        T value{};
        bool any = false;
    };
    const auto found = reduce<Axes...>(x, best{}, [&](const best& a, const T& b) {
        return best{a.any && (a.value != a.value || !(better(b, a.value) || b != b)) ? a.value : b, true};
    });
    if constexpr (operand<decltype(found)>) {
        return map([](const best& b) { return b.value; }, found);
    } else {
        return found.value;
    }
}
}  // namespace detail

// Of at least one element; NaN wins.
template <int... Axes, operand X>
    requires(reducible<X, Axes...>&& detail::reduced<extents_of<X>, Axes...>::folded > 0)
constexpr auto max(const X& x) {
    return detail::extreme<Axes...>(x, [](const auto& a, const auto& b) { return a > b; });
}
template <int... Axes, operand X>
    requires(reducible<X, Axes...>&& detail::reduced<extents_of<X>, Axes...>::folded > 0)
constexpr auto min(const X& x) {
    return detail::extreme<Axes...>(x, [](const auto& a, const auto& b) { return a < b; });
}

template <int... Axes, operand X>
    requires(reducible<X, Axes...>&& std::same_as<value_type_of<X>, bool>)
constexpr auto any(const X& x) {
    return reduce<Axes...>(x, false, [](bool a, bool b) { return a || b; });
}
template <int... Axes, operand X>
    requires(reducible<X, Axes...>&& std::same_as<value_type_of<X>, bool>)
constexpr auto all(const X& x) {
    return reduce<Axes...>(x, true, [](bool a, bool b) { return a && b; });
}

}  // namespace tessera::fixed
