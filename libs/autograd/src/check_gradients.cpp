#include "tessera/autograd/check_gradients.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

namespace {

using complex = std::complex<double>;
using values = std::vector<complex>;  // all elements of all leaves; integers count as constants
using autograd::check_options;

values values_of(std::span<const array> tree) {
    values all;
    for (const array& x : tree) {
        if (!is_inexact(x.dtype())) continue;
        const std::vector<complex> own = x.to_vector<complex>();
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

// The tree with those values as elements.
std::vector<array> like(std::span<const array> tree, const values& all) {
    std::vector<array> result;
    std::size_t next = 0;
    for (const array& x : tree) {
        if (!is_inexact(x.dtype())) {
            result.emplace_back();
            continue;
        }
        const auto count = static_cast<std::size_t>(x.size().value());
        values own(all.begin() + static_cast<std::ptrdiff_t>(next),
                   all.begin() + static_cast<std::ptrdiff_t>(next + count));
        next += count;
        if (is_complex(x.dtype())) {
            result.push_back(from_span(own, x.shape(), x.device()));
        } else {
            std::vector<double> parts(count);
            std::transform(own.begin(), own.end(), parts.begin(), [](complex z) { return z.real(); });
            result.push_back(from_span(parts, x.shape(), x.device()));
        }
    }
    return result;
}

// "input 1 at 3": the leaf and the position in it of an element of values.
std::string place(std::string_view what, std::span<const array> tree, std::size_t element) {
    for (std::size_t leaf = 0; leaf < tree.size(); ++leaf) {
        if (!is_inexact(tree[leaf].dtype())) continue;
        const auto count = static_cast<std::size_t>(tree[leaf].size().value());
        if (element < count) return text(what, " ", leaf, " ", tree[leaf].shape(), " at ", element);
        element -= count;
    }
    return std::string(what);
}

// Re<a, b>, the pairing of complex gradients.
double pair(const values& a, const values& b) {
    double total = 0;
    for (std::size_t i = 0; i < a.size(); ++i) total += a[i].real() * b[i].real() + a[i].imag() * b[i].imag();
    return total;
}

std::string print(complex z) {
    std::string out;
    append_text(out, z.imag() == 0 ? scalar_value(z.real()) : scalar_value(z));
    return out;
}

class checker {
public:
    checker(const flat_function& f, std::span<const array> x, const check_options& options)
        : f_(f), x_(x), options_(options), at_(values_of(x)), y_(f(x)), random_(options.seed) {}

    double run() {
        if (options_.forward) move_every_element();
        if (options_.reverse) move_at_random();
        return worst_;
    }
    std::vector<array> random_cotangent() { return like(y_, random_values(y_)); }

private:
    auto function() const {
        return [this](const std::vector<array>& in) { return f_(in); };
    }

    void move_every_element() {
        const std::size_t stride = 1 + at_.size() / static_cast<std::size_t>(std::max(options_.most_elements, 1));
        std::size_t element = 0;
        for (const array& leaf : x_) {
            const auto count = static_cast<std::size_t>(leaf.size().value());
            for (std::size_t i = 0; i < count; ++i, ++element) {
                if (element % stride != 0) continue;
                compare_column(element, 1.0);
                if (is_complex(leaf.dtype())) compare_column(element, complex(0, 1));
            }
        }
    }

    // One column of the Jacobian: x moves by t along `direction` in one element.
    void compare_column(std::size_t element, complex direction) {
        values along(at_.size());
        along[element] = direction;
        const values slope = values_of(tangent(along));
        const double h = options_.step * (1 + std::abs(at_[element]));
        const values above = moved(along, h), below = moved(along, -h);
        for (std::size_t j = 0; j < slope.size(); ++j) {
            const complex difference = (above[j] - below[j]) / (2 * h);
            if (agree(slope[j], difference)) continue;
            throw value_error(text("check_gradients: the derivative of ", place("output", y_, j), " along ",
                                   place("input", x_, element), direction.imag() == 0 ? "" : " (imaginary part)",
                                   " is ", print(slope[j]), " by jvp, ", print(difference), " by central differences"));
        }
    }

    void move_at_random() {
        const values v = random_values(x_), ct = random_values(y_);
        const auto [value, pullback] = autograd::vjp(function(), std::vector<array>(x_.begin(), x_.end()));
        const values pulled = values_of(pullback(like(y_, ct)));
        const double backward = pair(pulled, v);
        double forward = 0;
        if (options_.forward) {
            forward = pair(ct, values_of(tangent(v)));
        } else {
            const double h = options_.step;
            forward = (pair(ct, moved(v, h)) - pair(ct, moved(v, -h))) / (2 * h);
        }
        if (agree(backward, forward)) return;
        throw value_error(text("check_gradients: <ct, J v> is ", forward,
                               options_.forward ? " by jvp" : " by central differences", ", but <J^T ct, v> is ",
                               backward, " by vjp"));
    }

    std::vector<array> tangent(const values& along) const {
        return autograd::jvp(function(), std::vector<array>(x_.begin(), x_.end()), like(x_, along)).tangent;
    }
    values moved(const values& along, double t) const {
        values to = at_;
        for (std::size_t i = 0; i < to.size(); ++i) to[i] += t * along[i];
        return values_of(f_(like(x_, to)));
    }

    values random_values(std::span<const array> tree) {
        std::normal_distribution<double> normal;
        values all;
        for (const array& x : tree)
            for (std::int64_t i = 0; is_inexact(x.dtype()) && i < x.size().value(); ++i) {
                const double re = normal(random_);
                all.emplace_back(re, is_complex(x.dtype()) ? normal(random_) : 0.0);
            }
        return all;
    }

    bool agree(complex derivative, complex expected) {
        const double error = std::abs(derivative - expected) / (1 + std::abs(expected));
        if (std::isnan(error)) return false;
        worst_ = std::max(worst_, error);
        return error <= options_.tolerance;
    }

    const flat_function& f_;
    std::span<const array> x_;
    const check_options& options_;
    values at_;
    std::vector<array> y_;
    std::mt19937_64 random_;
    double worst_ = 0;
};

}  // namespace

double check_gradients(const flat_function& f, std::span<const array> x, const check_options& options) {
    for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i].dtype() != f64 && x[i].dtype() != c128)
            throw dtype_error(
                text("check_gradients: input ", i, " is ", x[i].spec(), ", differences need f64 or c128"));
    checker first(f, x, options);
    double worst = first.run();
    if (options.order > 1) {
        const std::vector<array> ct = first.random_cotangent();
        check_options next = options;
        --next.order;
        ++next.seed;
        const flat_function pulled = [&](std::span<const array> in) {
            const auto run = [&](const std::vector<array>& at) { return f(at); };
            return autograd::vjp(run, std::vector<array>(in.begin(), in.end())).pullback(ct);
        };
        worst = std::max(worst, check_gradients(pulled, x, next));
    }
    return worst;
}

}  // namespace tessera::detail
