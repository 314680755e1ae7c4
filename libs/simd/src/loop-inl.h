// Per-target: turns a span kernel into a loop. Included once per target by the topic files, after highway.h.
#if defined(TESSERA_SIMD_LOOP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_LOOP_INL
#undef TESSERA_SIMD_LOOP_INL
#else
#define TESSERA_SIMD_LOOP_INL
#endif

#include "strided.hpp"
#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

template <span_kernel Kernel, class Out, class... In>
void loop_of(void* out, std::ptrdiff_t out_stride, const operand* in, std::size_t n) {
    static constexpr span_layout layout{sizeof...(In), sizeof(Out), {sizeof(In)...}};
    if (!layout.contiguous(out_stride, in)) return run_strided(Kernel, layout, out, out_stride, in, n);
    const void* pointers[sizeof...(In)];
    for (std::size_t k = 0; k < sizeof...(In); ++k) pointers[k] = in[k].data;
    Kernel(out, pointers, n);
}

// Plain loops over tessera/dtype/scalar.hpp, which the compiler vectorises for the target. ivdep: out may be an input
// exactly, which carries nothing from one iteration to the next.
template <scalar_code C, class T> void unary_kernel(void* out, const void* const* in, std::size_t n) {
    using Out = decltype(evaluate<C>(T{}));
    auto* y = static_cast<Out*>(out);
    const auto* a = static_cast<const T*>(in[0]);
#pragma GCC ivdep
    for (std::size_t i = 0; i < n; ++i) y[i] = evaluate<C>(a[i]);
}

template <scalar_code C, class T> void binary_kernel(void* out, const void* const* in, std::size_t n) {
    using Out = decltype(evaluate<C>(T{}, T{}));
    auto* y = static_cast<Out*>(out);
    const auto* a = static_cast<const T*>(in[0]);
    const auto* b = static_cast<const T*>(in[1]);
#pragma GCC ivdep
    for (std::size_t i = 0; i < n; ++i) y[i] = evaluate<C>(a[i], b[i]);
}

// One operand is the same value throughout: x + 1, 2 x.
template <scalar_code C, class T, int Repeated>
void repeated_operand_kernel(T* y, const T* x, const T value, std::size_t n) {
#pragma GCC ivdep
    for (std::size_t i = 0; i < n; ++i) y[i] = Repeated == 1 ? evaluate<C>(x[i], value) : evaluate<C>(value, x[i]);
}

constexpr bool has_repeated_operand_loops(scalar_code c, dtype d) {
    return (d == f32 || d == f64) &&
           (c == scalar_code::add || c == scalar_code::subtract || c == scalar_code::multiply ||
            c == scalar_code::divide || c == scalar_code::maximum || c == scalar_code::minimum);
}

template <scalar_code C, class T>
void binary_loop(void* out, std::ptrdiff_t out_stride, const operand* in, std::size_t n) {
    if constexpr (has_repeated_operand_loops(C, dtype_of<T>)) {
        auto* const y = static_cast<T*>(out);
        const auto* const a = static_cast<const T*>(in[0].data);
        const auto* const b = static_cast<const T*>(in[1].data);
        if (n > 0 && out_stride == 1 && in[0].stride == 1 && in[1].stride == 0)
            return repeated_operand_kernel<C, T, 1>(y, a, *b, n);
        if (n > 0 && out_stride == 1 && in[0].stride == 0 && in[1].stride == 1)
            return repeated_operand_kernel<C, T, 0>(y, b, *a, n);
    }
    loop_of<binary_kernel<C, T>, decltype(evaluate<C>(T{}, T{})), T, T>(out, out_stride, in, n);
}

// Products of complex numbers need a loop of their own (complex_arithmetic.cpp): GCC 12 makes fused multiply-adds of
// their pattern in spite of -ffp-contract=off.
constexpr bool has_own_loop(scalar_code c, dtype d) {
    return is_complex(d) && (c == scalar_code::multiply || c == scalar_code::divide || c == scalar_code::square ||
                             c == scalar_code::reciprocal);
}

// The loop of a code on a dtype; nullptr where the code is not defined on it or has a loop of its own.
template <scalar_code C, class T> constexpr loop plain_loop() {
    if constexpr (!takes(C, dtype_of<T>)) {
        return nullptr;
    } else if constexpr (has_own_loop(C, dtype_of<T>) || is_transcendental(C, dtype_of<T>)) {
        return nullptr;
    } else if constexpr (traits(C).operands == 1) {
        return loop_of<unary_kernel<C, T>, decltype(evaluate<C>(T{})), T>;
    } else {
        return binary_loop<C, T>;
    }
}

// Booleans are stored as 0 and 1, so that the logic of bytes serves them: GCC 12 does not vectorise loads of bool.
template <scalar_code C> constexpr loop boolean_loop() {
    using enum scalar_code;
    if constexpr (C == logical_not || C == bitwise_not) {
        return plain_loop<logical_not, std::uint8_t>();
    } else if constexpr (C == logical_and || C == logical_or || C == logical_xor || C == bitwise_and ||
                         C == bitwise_or || C == bitwise_xor) {
        return plain_loop<C, std::uint8_t>();
    } else {
        return plain_loop<C, bool>();
    }
}

// All Codes on all dtypes but the narrow floats, which go through f32.
template <scalar_code... Codes> void fill_plain(target_tables& tables) {
    const auto slot = [&](scalar_code c, dtype d) -> loop& {
        return tables.loops[static_cast<std::size_t>(c)][static_cast<std::size_t>(d)];
    };
    [&]<std::size_t... D>(std::index_sequence<D...>) {
        const auto one = [&]<dtype Type>() {
            if constexpr (Type == boolean) {
                ((slot(Codes, Type) = boolean_loop<Codes>()), ...);
            } else if constexpr (!is_narrow_float(Type)) {
                ((slot(Codes, Type) = plain_loop<Codes, element_type<Type>>()), ...);
            }
        };
        (one.template operator()<static_cast<dtype>(D)>(), ...);
    }
    (std::make_index_sequence<dtype_count>{});
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
