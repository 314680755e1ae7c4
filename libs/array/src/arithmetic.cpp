// + - * / and the ops that need no more than they do.
#include "code_op.hpp"
#include "cpu/elementwise.hpp"
#include "operands.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

namespace {

// 1 where x won, 1/2 where both are equal, 0 elsewhere, in x's dtype.
array share_of(const array& x, const array& y, const array& won) {
    return where(equal(x, y), 0.5, where(equal(x, won), detail::literal(scalar_value(1.0).cast(x.dtype())), 0.0));
}

// d max(a, b) = share(a) da + share(b) db
void extremum_jvp(const jvp_args& args, std::span<array> out) {
    const array a = d::times(args.tangents[0], share_of(args.in[0], args.in[1], args.out[0]));
    const array b = d::times(args.tangents[1], share_of(args.in[1], args.in[0], args.out[0]));
    out[0] = d::plus(a, b);
}
void extremum_vjp(const vjp_args& args, std::span<array> in) {
    for (std::size_t i = 0; i < 2; ++i)
        if (args.needs(i))
            in[i] = d::sum_to(d::times(args.cotangents[0], share_of(args.in[i], args.in[1 - i], args.out[0])),
                              args.in[i].shape());
}

template <scalar_code Code> constexpr op extremum_op(std::string_view name) {
    return code_op<Code>(name, {.jvp = extremum_jvp, .vjp = extremum_vjp, .saves = saves::everything});
}

}  // namespace

constinit const op add_op{
    .name = "array.add",
    .inputs = 2,
    .outputs = 1,
    .shape = shapes::broadcast,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            out[0] = d::spread_to(d::plus(args.tangents[0], args.tangents[1]), args.out[0].shape());
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            for (std::size_t i = 0; i < 2; ++i)
                if (args.needs(i)) in[i] = d::sum_to(args.cotangents[0], args.in[i].shape());
        },
    .saves = saves::nothing,
    .core = element_wise,
    .scalar = scalar_rule_of<scalar_code::add>,
    .registers = register_array,
};

constinit const op subtract_op{
    .name = "array.subtract",
    .inputs = 2,
    .outputs = 1,
    .shape = shapes::broadcast,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            out[0] = d::spread_to(d::plus(args.tangents[0], d::minus(args.tangents[1])), args.out[0].shape());
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (args.needs(0)) in[0] = d::sum_to(args.cotangents[0], args.in[0].shape());
            if (args.needs(1)) in[1] = d::sum_to(d::minus(args.cotangents[0]), args.in[1].shape());
        },
    .saves = saves::nothing,
    .core = element_wise,
    .scalar = scalar_rule_of<scalar_code::subtract>,
    .registers = register_array,
};

// d(ab) = b da + a db
constinit const op multiply_op{
    .name = "array.multiply",
    .inputs = 2,
    .outputs = 1,
    .shape = shapes::broadcast,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            out[0] = d::plus(d::times(args.tangents[0], args.in[1]), d::times(args.tangents[1], args.in[0]));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            for (std::size_t i = 0; i < 2; ++i)
                if (args.needs(i))
                    in[i] = d::sum_to(d::times_conj(args.cotangents[0], args.in[1 - i]), args.in[i].shape());
        },
    .saves = saves::inputs,
    .core = element_wise,
    .scalar = scalar_rule_of<scalar_code::multiply>,
    .registers = register_array,
};

// y = a/b: dy = (da - y db) / b
constinit const op divide_op{
    .name = "array.divide",
    .inputs = 2,
    .outputs = 1,
    .shape = shapes::broadcast,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const array t = d::plus(args.tangents[0], d::minus(d::times(args.tangents[1], args.out[0])));
            out[0] = t.is_null() ? t : divide(t, args.in[1]);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (args.cotangents[0].is_null()) return;
            const array g = divide(args.cotangents[0], conj(args.in[1]));
            if (args.needs(0)) in[0] = d::sum_to(g, args.in[0].shape());
            if (args.needs(1)) in[1] = d::sum_to(negative(d::times_conj(g, args.out[0])), args.in[1].shape());
        },
    .core = element_wise,
    .scalar = scalar_rule_of<scalar_code::divide>,
    .registers = register_array,
};

constinit const op maximum_op = extremum_op<scalar_code::maximum>("array.maximum");
constinit const op minimum_op = extremum_op<scalar_code::minimum>("array.minimum");
constinit const op fmax_op = extremum_op<scalar_code::fmax>("array.fmax");
constinit const op fmin_op = extremum_op<scalar_code::fmin>("array.fmin");

array add(const array& a, const array& b) { return detail::binary(add_op, scalar_code::add, a, b); }
array subtract(const array& a, const array& b) { return detail::binary(subtract_op, scalar_code::subtract, a, b); }
array multiply(const array& a, const array& b) { return detail::binary(multiply_op, scalar_code::multiply, a, b); }
array divide(const array& a, const array& b) {
    return detail::binary(divide_op, scalar_code::divide, a, b, mean_dtype);
}
array maximum(const array& a, const array& b) { return detail::binary(maximum_op, scalar_code::maximum, a, b); }
array minimum(const array& a, const array& b) { return detail::binary(minimum_op, scalar_code::minimum, a, b); }
array fmax(const array& a, const array& b) { return detail::binary(fmax_op, scalar_code::fmax, a, b); }
array fmin(const array& a, const array& b) { return detail::binary(fmin_op, scalar_code::fmin, a, b); }

void add(const array& a, const array& b, const array& out) { detail::binary_into(add_op, scalar_code::add, a, b, out); }
void subtract(const array& a, const array& b, const array& out) {
    detail::binary_into(subtract_op, scalar_code::subtract, a, b, out);
}
void multiply(const array& a, const array& b, const array& out) {
    detail::binary_into(multiply_op, scalar_code::multiply, a, b, out);
}
void divide(const array& a, const array& b, const array& out) {
    detail::binary_into(divide_op, scalar_code::divide, a, b, out, mean_dtype);
}
void maximum(const array& a, const array& b, const array& out) {
    detail::binary_into(maximum_op, scalar_code::maximum, a, b, out);
}
void minimum(const array& a, const array& b, const array& out) {
    detail::binary_into(minimum_op, scalar_code::minimum, a, b, out);
}

namespace {
array add_reusing(array a, array b) {
    return detail::binary_reusing(add_op, scalar_code::add, std::move(a), std::move(b));
}
array subtract_reusing(array a, array b) {
    return detail::binary_reusing(subtract_op, scalar_code::subtract, std::move(a), std::move(b));
}
array multiply_reusing(array a, array b) {
    return detail::binary_reusing(multiply_op, scalar_code::multiply, std::move(a), std::move(b));
}
array divide_reusing(array a, array b) {
    return detail::binary_reusing(divide_op, scalar_code::divide, std::move(a), std::move(b), mean_dtype);
}
}  // namespace

array operator+(array&& a, const array& b) { return add_reusing(std::move(a), b); }
array operator-(array&& a, const array& b) { return subtract_reusing(std::move(a), b); }
array operator*(array&& a, const array& b) { return multiply_reusing(std::move(a), b); }
array operator/(array&& a, const array& b) { return divide_reusing(std::move(a), b); }
array operator+(const array& a, array&& b) { return add_reusing(a, std::move(b)); }
array operator-(const array& a, array&& b) { return subtract_reusing(a, std::move(b)); }
array operator*(const array& a, array&& b) { return multiply_reusing(a, std::move(b)); }
array operator/(const array& a, array&& b) { return divide_reusing(a, std::move(b)); }
array operator+(array&& a, array&& b) { return add_reusing(std::move(a), std::move(b)); }
array operator-(array&& a, array&& b) { return subtract_reusing(std::move(a), std::move(b)); }
array operator*(array&& a, array&& b) { return multiply_reusing(std::move(a), std::move(b)); }
array operator/(array&& a, array&& b) { return divide_reusing(std::move(a), std::move(b)); }

array& array::operator+=(const array& other) { return detail::binary_assign(add_op, scalar_code::add, *this, other); }
array& array::operator-=(const array& other) {
    return detail::binary_assign(subtract_op, scalar_code::subtract, *this, other);
}
array& array::operator*=(const array& other) {
    return detail::binary_assign(multiply_op, scalar_code::multiply, *this, other);
}
array& array::operator/=(const array& other) {
    return detail::binary_assign(divide_op, scalar_code::divide, *this, other, mean_dtype);
}

void register_arithmetic(registry& r) {
    using enum scalar_code;
    using cpu_kernels::element_kernel;
    for (const op* o : {&add_op, &subtract_op, &multiply_op, &divide_op, &maximum_op, &minimum_op, &fmax_op, &fmin_op})
        r.add(*o);
    r.add_kernel(cpu.kind, add_op.name, element_kernel<add>());
    r.add_kernel(cpu.kind, subtract_op.name, element_kernel<subtract>());
    r.add_kernel(cpu.kind, multiply_op.name, element_kernel<multiply>());
    r.add_kernel(cpu.kind, divide_op.name, element_kernel<divide>());
    r.add_kernel(cpu.kind, maximum_op.name, element_kernel<maximum>());
    r.add_kernel(cpu.kind, minimum_op.name, element_kernel<minimum>());
    r.add_kernel(cpu.kind, fmax_op.name, element_kernel<scalar_code::fmax>());
    r.add_kernel(cpu.kind, fmin_op.name, element_kernel<scalar_code::fmin>());
}

}  // namespace tessera
