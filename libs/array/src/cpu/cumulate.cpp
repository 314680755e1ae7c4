#include "cumulate.hpp"

#include "lines.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/dtype/scalar.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr double ns_per_element = 1.5;

// What elements of In are folded in, which is also the output's type unless that is narrow.
template <class In, scalar_code Code>
using folded_type = std::conditional_t<Code == scalar_code::add || Code == scalar_code::multiply,
                                       compute_type<element_type<sum_dtype(dtype_of<In>)>>, compute_type<In>>;

template <class In, class Out, scalar_code Code> void cumulate_typed(const kernel_args& args, int axis) {
    using Acc = folded_type<In, Code>;
    const std::array<any_view, 2> operands{args.out[0], args.in[0]};
    const lines all(operands, axis);
    Out* const to = args.out[0].first<Out>();
    const In* const from = args.in[0].first<In>();
    const std::int64_t n = all.length(0), out_step = all.step(0), in_step = all.step(1);
    const std::int64_t out_next = all.neighbour_step(0), in_next = all.neighbour_step(1);
    if (n == 0) return;
    all.run(ns_per_element * static_cast<double>(n), [&](const lines::places& at, std::int64_t count) {
        Out* y = to + at[0];
        const In* x = from + at[1];
        if (count == 1) {
            Acc acc = cast_to<Acc>(*x);
            *y = cast_to<Out>(acc);
            for (std::int64_t i = 1; i < n; ++i) {
                acc = evaluate<Code>(acc, cast_to<Acc>(x[i * in_step]));
                y[i * out_step] = cast_to<Out>(acc);
            }
            return;
        }
        std::array<Acc, lines::most_together> accs;
        const auto together = static_cast<std::size_t>(count);
        for (std::size_t c = 0; c < together; ++c) {
            const auto k = static_cast<std::int64_t>(c);
            accs[c] = cast_to<Acc>(x[k * in_next]);
            y[k * out_next] = cast_to<Out>(accs[c]);
        }
        for (std::int64_t i = 1; i < n; ++i) {
            x += in_step;
            y += out_step;
            for (std::size_t c = 0; c < together; ++c) {
                const auto k = static_cast<std::int64_t>(c);
                accs[c] = evaluate<Code>(accs[c], cast_to<Acc>(x[k * in_next]));
                y[k * out_next] = cast_to<Out>(accs[c]);
            }
        }
    });
}

template <scalar_code Code> void cumulate_coded(const kernel_args& args, int axis) {
    constexpr bool widens = Code == scalar_code::add || Code == scalar_code::multiply;
    with_type(args.in[0].dtype, [&](auto tag) {
        using In = typename decltype(tag)::type;
        using Out = std::conditional_t<widens, element_type<sum_dtype(dtype_of<In>)>, In>;
        if constexpr (takes(Code, dtype_of<folded_type<In, Code>>))
            cumulate_typed<In, Out, Code>(args, axis);
        else
            throw no_kernel(text(args.op.name, ": is not defined for ", args.in[0].dtype));
    });
}

}  // namespace

void cumulate(scalar_code code, const kernel_args& args, int axis) {
    switch (code) {
    case scalar_code::add: return cumulate_coded<scalar_code::add>(args, axis);
    case scalar_code::multiply: return cumulate_coded<scalar_code::multiply>(args, axis);
    case scalar_code::maximum: return cumulate_coded<scalar_code::maximum>(args, axis);
    default: return cumulate_coded<scalar_code::minimum>(args, axis);
    }
}

void recur(const kernel_args& args, int axis) {
    const std::array<any_view, 3> operands{args.out[0], args.in[0], args.in[1]};
    const lines all(operands, axis);
    const std::int64_t n = all.length(0);
    if (n == 0) return;
    with_type(args.out[0].dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        if constexpr (!std::is_same_v<T, bool>) {
            using Acc = compute_type<T>;
            using enum scalar_code;
            T* const to = args.out[0].first<T>();
            const T *const factors = args.in[0].first<T>(), *const terms = args.in[1].first<T>();
            all.run(2 * ns_per_element * static_cast<double>(n), [&](const lines::places& at, std::int64_t count) {
                std::array<Acc, lines::most_together> accs;
                const auto each = [&](std::int64_t i, const auto& next) {
                    T* y = to + at[0] + i * all.step(0);
                    const T* a = factors + at[1] + i * all.step(1);
                    const T* b = terms + at[2] + i * all.step(2);
                    for (std::int64_t c = 0; c < count; ++c) {
                        Acc& acc = accs[static_cast<std::size_t>(c)];
                        acc = next(acc, cast_to<Acc>(a[c * all.neighbour_step(1)]),
                                   cast_to<Acc>(b[c * all.neighbour_step(2)]));
                        y[c * all.neighbour_step(0)] = cast_to<T>(acc);
                    }
                };
                each(0, [](const Acc&, const Acc&, const Acc& b) { return b; });
                for (std::int64_t i = 1; i < n; ++i)
                    each(i, [](const Acc& acc, const Acc& a, const Acc& b) {
                        return evaluate<add>(evaluate<multiply>(a, acc), b);
                    });
            });
        }
    });
}

}  // namespace tessera::cpu_kernels
