// Arrays as text, laid out as NumPy does: aligned columns, one row a line, a blank line between matrices.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>

#include "apply.hpp"
#include "tessera/dtype/types.hpp"

namespace tessera {

namespace {

constexpr std::int64_t most_shown = 1000;  // elements; larger arrays show the ends of their axes
constexpr std::size_t line_width = 80;
constexpr std::ptrdiff_t most_decimals = 8;

// The shortest digits that read back as the same value of type T, in that format.
template <class T> std::string shortest(T value, std::chars_format format) {
    char buffer[512];
    if constexpr (is_narrow_float_type<T>) {
        const auto wide = static_cast<float>(value);
        for (int precision = 0; precision < 9; ++precision) {
            const char* end =
                std::to_chars(buffer, std::end(buffer), wide, std::chars_format::scientific, precision).ptr;
            float read = 0;
            std::from_chars(buffer, end, read);
            if (static_cast<float>(T(read)) == wide) return shortest(read, format);
        }
        return shortest(wide, format);
    } else {
        return {buffer, std::to_chars(buffer, std::end(buffer), value, format).ptr};
    }
}

// A finite number cut at the places that are aligned: "-12" "5" "e-05".
struct number_parts {
    std::string whole, decimals, exponent;
};

template <class T> number_parts parts_of(T value, bool scientific) {
    const auto format = scientific ? std::chars_format::scientific : std::chars_format::fixed;
    std::string digits = shortest(value, format);
    const auto cut = [&] {
        number_parts p;
        const std::size_t e = std::min(digits.find('e'), digits.size()), dot = std::min(digits.find('.'), e);
        p.whole = digits.substr(0, dot);
        if (dot < e) p.decimals = digits.substr(dot + 1, e - dot - 1);
        p.exponent = digits.substr(e);
        return p;
    };
    number_parts p = cut();
    if (std::ssize(p.decimals) > most_decimals) {
        char buffer[512];
        digits = {
            buffer,
            std::to_chars(buffer, std::end(buffer), static_cast<compute_type<T>>(value), format, most_decimals).ptr};
        p = cut();
        p.decimals.erase(p.decimals.find_last_not_of('0') + 1);
    }
    return p;
}

std::string padded(const std::string& s, std::size_t width) {
    return std::string(width - std::min(width, s.size()), ' ') + s;
}

// Real numbers with their points below each other.
template <class T> std::vector<std::string> real_column(const std::vector<T>& values) {
    double largest = 0, smallest = INFINITY;
    for (const T value : values) {
        const double v = std::abs(static_cast<double>(static_cast<compute_type<T>>(value)));
        if (!std::isfinite(v) || v == 0) continue;
        largest = std::max(largest, v);
        smallest = std::min(smallest, v);
    }
    const bool scientific = largest >= 1e8 || (largest > 0 && (smallest < 1e-4 || largest / smallest > 1000));
    std::vector<number_parts> parts(values.size());
    std::size_t whole = 0, decimals = 0, exponent = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(static_cast<compute_type<T>>(values[i]))) continue;
        parts[i] = parts_of(values[i], scientific);
        whole = std::max(whole, parts[i].whole.size());
        decimals = std::max(decimals, parts[i].decimals.size());
        exponent = std::max(exponent, parts[i].exponent.size());
    }
    std::vector<std::string> column;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const number_parts& p = parts[i];
        const auto v = static_cast<compute_type<T>>(values[i]);
        if (!std::isfinite(v)) {
            column.push_back(std::isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
        } else {
            const std::string fill(decimals - p.decimals.size(), scientific ? '0' : ' ');
            column.push_back(text(padded(p.whole, whole), ".", p.decimals, fill, p.exponent));
        }
    }
    return column;
}

template <class T> std::vector<std::string> column_of(const std::vector<T>& values) {
    if constexpr (is_complex_type<T>) {
        std::vector<real_type<T>> real, imaginary;
        for (const T& v : values) {
            real.push_back(v.real());
            imaginary.push_back(std::abs(v.imag()));
        }
        std::vector<std::string> column = real_column(real), second = real_column(imaginary);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t end = second[i].find_last_not_of(' ') + 1;  // the i follows the digits
            second[i].insert(end, 1, 'i');
            column[i] += text(std::signbit(values[i].imag()) ? "-" : "+", second[i]);
        }
        return column;
    } else if constexpr (std::is_integral_v<T>) {
        std::vector<std::string> column;
        for (const T v : values) column.push_back(text(v));
        return column;
    } else {
        return real_column(values);
    }
}

// The layout of one array: which elements are shown, then where.
class printer {
public:
    explicit printer(const any_view& v) : view_(v) {
        for (edge_ = 3; edge_ > 0 && v.size() > most_shown && shown() > most_shown; --edge_) {}
        if (v.size() <= most_shown) edge_ = most_shown;
    }

    std::string operator()() {
        with_type(view_.dtype, [&](auto tag) {
            using T = typename decltype(tag)::type;
            std::conditional_t<std::is_same_v<T, bool>, std::vector<std::uint8_t>, std::vector<T>> values;
            collect<T>(0, 0, values);
            if constexpr (std::is_same_v<T, bool>)
                for (const std::uint8_t v : values) cells_.push_back(v != 0 ? "true" : "false");
            else
                cells_ = column_of(values);
        });
        if (view_.rank == 0) return alone();
        std::size_t width = 0;
        for (const std::string& cell : cells_) width = std::max(width, cell.size());
        for (std::string& cell : cells_) cell = padded(cell, width);
        if (view_.size() == 0) return "[]";
        print_axis(0);
        return std::move(out_);
    }

private:
    bool is_cut(std::int32_t axis) const { return view_.shape[axis] > 2 * edge_; }
    std::int64_t shown() const {
        std::int64_t n = 1;
        for (std::int32_t a = 0; a < view_.rank && n <= most_shown; ++a) n *= std::min(view_.shape[a], 2 * edge_);
        return n;
    }
    // Calls visit for the indices of an axis that are shown, and gap where some are left out.
    template <class Visit, class Gap> void along(std::int32_t axis, const Visit& visit, const Gap& gap) const {
        const std::int64_t size = view_.shape[axis];
        for (std::int64_t i = 0; i < size; ++i) {
            if (is_cut(axis) && i == edge_) {
                gap();
                i = size - edge_;
                if (edge_ == 0) return;
            }
            visit(i);
        }
    }
    template <class T, class Values> void collect(std::int32_t axis, std::int64_t at, Values& values) const {
        if (axis == view_.rank) return values.push_back(view_.first<T>()[at]);
        along(
            axis, [&](std::int64_t i) { collect<T>(axis + 1, at + i * view_.strides[axis], values); }, [] {});
    }
    // A number by itself needs no alignment, but a point keeps its zero: "3.0".
    std::string alone() const {
        std::string cell = cells_[0];
        cell.erase(0, cell.find_first_not_of(' '));
        for (std::size_t i = 0; i < cell.size(); ++i)
            if (cell[i] == '.' && (i + 1 == cell.size() || cell[i + 1] < '0' || cell[i + 1] > '9'))
                cell.insert(i + 1, 1, '0');
        return cell;
    }
    void print_axis(std::int32_t axis) {
        if (axis == view_.rank) {
            out_ += cells_[next_++];
            return;
        }
        const bool is_row = axis + 1 == view_.rank;
        const auto indent = static_cast<std::size_t>(axis) + 1;
        bool first = true;
        const auto separate = [&](std::size_t needed) {
            if (first) {
                first = false;
                return;
            }
            out_ += ",";
            const std::size_t column = out_.size() - std::min(out_.size(), out_.rfind('\n') + 1);
            if (!is_row)
                out_.append(static_cast<std::size_t>(view_.rank - axis - 1), '\n').append(indent, ' ');
            else if (column + needed + 2 > line_width)
                out_.append("\n").append(indent, ' ');
            else
                out_ += " ";
        };
        out_ += "[";
        along(
            axis,
            [&](std::int64_t) {
                separate(cells_.empty() ? 0 : cells_[0].size());
                print_axis(axis + 1);
            },
            [&] {
                separate(3);
                out_ += "...";
            });
        out_ += "]";
    }

    const any_view& view_;
    std::int64_t edge_ = 3;
    std::vector<std::string> cells_;
    std::size_t next_ = 0;
    std::string out_;
};

// Null when there is nothing to show yet.
array shown_value(const array& x) {
    try {
        const array below = detail::concrete(x);
        return below.is_literal() || below.node()->buffer ? to(below, cpu) : array();
    } catch (const value_error&) { return {}; }
}

}  // namespace

std::string to_string(const array& x) {
    if (x.is_null()) return "array(null)";
    const array shown = shown_value(x);
    if (shown.is_null()) return text("array(traced ", x.spec(), ")");
    const any_view view = detail::kernel_view(shown);
    return printer(view)();
}

std::ostream& operator<<(std::ostream& out, const array& x) { return out << to_string(x); }

}  // namespace tessera
