// Derivative rules of every op of every library: jvp against central differences, vjp against jvp through
// <ct, Jv> = <J^T ct, v>, and both once more differentiated. In f64, and in c128 where the case says so.
#include <gtest/gtest.h>

#include <complex>
#include <functional>

#include "derivatives.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/autograd/jvp.hpp"

namespace tessera::testing {

using autograd::jvp;
using autograd::vjp;
namespace {

using complex_number = std::complex<double>;
using point = std::vector<array>;
using function = std::function<point(const point&)>;

constexpr interval directions{.low = -1, .high = 1};
constexpr std::int64_t most_elements = 200;

// One call of a case: the operands with derivatives, and the function of them.
struct smooth_call {
    std::string what;
    point at;
    function f;
};

std::vector<dtype> dtypes_in(const op_case& c, dtype t) {
    for (const auto& types : c.dtypes) {
        bool fits = true;
        for (std::size_t k = 0; k < types.size(); ++k) fits = fits && (c.is_discrete(k) || types[k] == t);
        if (fits) return types;
    }
    return {};
}

smooth_call call_at(const op_case& c, std::span<const dtype> types, std::span<const sizes> shapes) {
    point operands, at;
    std::vector<host_tensor> values;
    for (std::size_t k = 0; k < shapes.size(); ++k) {
        values.push_back(sample(types[k], shapes[k], c.domain(k), 40 + k));
        operands.push_back(array_of(values.back()));
        if (!c.is_discrete(k)) at.push_back(operands.back());
    }
    return {c.test_name() + " of " + describe(values), at, [&c, operands](const point& x) {
                point in = operands;
                std::size_t next = 0;
                for (std::size_t k = 0; k < in.size(); ++k)
                    if (!c.is_discrete(k)) in[k] = x[next++];
                return point{c.call(in)};
            }};
}

std::int64_t elements_of(std::span<const sizes> shapes) {
    std::int64_t count = 0;
    for (const sizes& shape : shapes) count += count_of(shape);
    return count;
}

std::vector<complex_number> numbers_of(const point& x) {
    std::vector<complex_number> all;
    for (const array& a : x)
        for (const complex_number v : a.to_vector<complex_number>()) all.push_back(v);
    return all;
}

// False where f gives a NaN, as the mean of nothing does: there is no derivative to compare.
bool has_value(const function& f, const point& x) {
    for (const complex_number v : numbers_of(f(x)))
        if (std::isnan(v.real()) || std::isnan(v.imag())) return false;
    return true;
}

void for_smooth_calls(const op_case& c, const std::function<void(const smooth_call&)>& visit) {
    for (const dtype t : {f64, c128}) {
        if (t == c128 && c.derivative != smoothness::complex) continue;
        const std::vector<dtype> types = dtypes_in(c, t);
        if (types.empty()) continue;
        for (const auto& shapes : c.shapes) {
            if (elements_of(shapes) > most_elements) continue;
            const smooth_call call = call_at(c, types, shapes);
            if (!has_value(call.f, call.at)) continue;
            visit(call);
            ASSERT_FALSE(::testing::Test::HasFailure()) << call.what;
        }
    }
}

// Random arrays like others.
point like(const point& x, std::uint64_t seed) {
    point result;
    for (const array& a : x) result.push_back(array_of(sample(a.dtype(), sizes_of(a.shape()), directions, seed++)));
    return result;
}

point moved(const point& x, double step, const point& along) {
    point result;
    for (std::size_t k = 0; k < x.size(); ++k) result.push_back(x[k] + step * along[k]);
    return result;
}

// Re<a, b>
double inner(const point& a, const point& b) {
    const auto x = numbers_of(a), y = numbers_of(b);
    double total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) total += (std::conj(x[i]) * y[i]).real();
    return total;
}

point tangent_of(const function& f, const point& x, const point& along) { return jvp(f, x, along).tangent; }
point pulled_back(const function& f, const point& x, const point& ct) { return vjp(f, x).pullback(ct); }

void expect_near_differences(const function& f, const point& x, const point& along) {
    constexpr double step = 1e-4;  // errors of step^4 and epsilon / step
    const auto tangents = numbers_of(tangent_of(f, x, along));
    const auto at = [&](double s) { return numbers_of(f(moved(x, s, along))); };
    const auto a = at(-2 * step), b = at(-step), c = at(step), d = at(2 * step);
    ASSERT_EQ(tangents.size(), a.size());
    for (std::size_t i = 0; i < tangents.size(); ++i) {
        const complex_number slope = (a[i] - 8.0 * b[i] + 8.0 * c[i] - d[i]) / (12 * step);
        ASSERT_LE(std::abs(tangents[i] - slope), 1e-8 * (1 + std::abs(slope) + std::abs(c[i])))
            << "element " << i << ": " << tangents[i] << ", differences give " << slope;
    }
}

void check_jvp(const op_case& c) {
    for_smooth_calls(c, [](const smooth_call& call) { expect_near_differences(call.f, call.at, like(call.at, 50)); });
}

void check_vjp(const op_case& c) {
    for_smooth_calls(c, [](const smooth_call& call) {
        const point v = like(call.at, 50), ct = like(call.f(call.at), 60);
        const point pushed = tangent_of(call.f, call.at, v), pulled = pulled_back(call.f, call.at, ct);
        for (std::size_t k = 0; k < pulled.size(); ++k) EXPECT_EQ(pulled[k].spec(), call.at[k].spec());
        const double forward = inner(ct, pushed), backward = inner(pulled, v);
        EXPECT_NEAR(forward, backward, 1e-10 * (1 + std::abs(forward)));
    });
}

void check_second_order(const op_case& c) {
    for_smooth_calls(c, [](const smooth_call& call) {
        const point v = like(call.at, 50), u = like(call.at, 70), ct = like(call.f(call.at), 60);
        expect_near_differences([&](const point& x) { return tangent_of(call.f, x, v); }, call.at, u);
        expect_near_differences([&](const point& x) { return pulled_back(call.f, x, ct); }, call.at, u);
    });
}

void check_zero(const op_case& c) {
    for_smooth_calls(c, [](const smooth_call& call) {
        const function f = [&](const point& x) { return point{astype(call.f(x)[0], f64)}; };
        for (const complex_number v : numbers_of(tangent_of(f, call.at, like(call.at, 50)))) ASSERT_EQ(v, 0.0);
        for (const complex_number v : numbers_of(pulled_back(f, call.at, like(f(call.at), 60)))) ASSERT_EQ(v, 0.0);
    });
}

class case_test : public ::testing::Test {
public:
    case_test(void (*run)(const op_case&), const op_case& c) : run_(run), case_(c) {}
    void TestBody() override { run_(case_); }

private:
    void (*run_)(const op_case&);
    const op_case& case_;
};

}  // namespace

void add_derivative_tests(const case_table& table) {
    const auto add = [](const char* suite, const op_case& c, void (*run)(const op_case&)) {
        ::testing::RegisterTest(suite, c.test_name().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                [run, &c]() -> case_test* { return new case_test(run, c); });
    };
    for (const op_case& c : table.cases()) {
        if (c.derivative == smoothness::none) continue;
        if (c.derivative == smoothness::constant) {
            add("every_op/zero_derivative", c, check_zero);
            continue;
        }
        add("every_op/jvp", c, check_jvp);
        add("every_op/vjp", c, check_vjp);
        add("every_op/second_order", c, check_second_order);
    }
}

}  // namespace tessera::testing
