// The array: an 8-byte handle to immutable, strided data of one dtype on one device.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "tessera/array/spec.hpp"
#include "tessera/array/storage.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/dtype/scalar_value.hpp"
#include "tessera/interop/any_view.hpp"
#include "tessera/interop/array_view.hpp"
#include "tessera/interop/view_as.hpp"

namespace tessera {

class array;

namespace detail {
struct node;
TESSERA_ARRAY_API void destroy(node*) noexcept;
}  // namespace detail

// C++ numbers that stand beside arrays as weak literals: x * 2.0 keeps the dtype of x (NEP 50).
template <class T>
concept literal_number =
    std::is_arithmetic_v<T> || std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

class TESSERA_ARRAY_API array {
public:
    // The null array: no value; "zero" in derivative rules. Ops refuse it.
    array() = default;
    // A weak rank-0 literal.
    template <literal_number Number> array(Number value) : array(scalar_value(value), weak_kind_of<Number>()) {}
    // Rank 1 and 2 from values, row-major, on the CPU.
    template <element T> explicit array(std::initializer_list<T> values);
    template <element T> explicit array(std::initializer_list<std::initializer_list<T>> rows);

    array(const array& other) noexcept;
    array(array&& other) noexcept : node_(other.node_) { other.node_ = nullptr; }
    array& operator=(const array& other) noexcept {
        array copy(other);
        std::swap(node_, copy.node_);
        return *this;
    }
    array& operator=(array&& other) noexcept {
        array moved(std::move(other));
        std::swap(node_, moved.node_);
        return *this;
    }
    ~array() { reset(); }

    bool is_null() const noexcept { return node_ == nullptr; }
    explicit operator bool() const = delete;  // neither "not null" nor "all true": say which

    // All of these throw value_error on the null array.
    const tessera::spec& spec() const;
    tessera::dtype dtype() const { return spec().dtype; }
    const dims& shape() const { return spec().shape; }
    tessera::device device() const { return spec().device; }
    int rank() const { return static_cast<int>(shape().size()); }
    tessera::extent size() const { return element_count(shape()); }
    // Size along an axis, negative ones from the back. Throws index_error.
    tessera::extent extent(int axis) const;
    bool is_literal() const;  // a host value without storage: weak literals and their conversions
    bool is_contiguous() const;

    // The only element, converted to T. Waits for the device; sees through jvp and vjp.
    // Throws shape_error unless there is exactly one element.
    template <element T> T item() const { return item_value().template as<T>(); }
    scalar_value item_value() const;

    // The elements where they lie, for reading; host arrays only, valid while this array lives.
    // Throws device_error for other devices (copy with to(x, cpu) first), value_error for symbolic tracers.
    any_view view() const&;
    any_view view() const&& = delete;
    template <class T, std::size_t... Extents> auto view_as() const& {
        return tessera::view_as<const T, Extents...>(view());
    }
    // All elements in row-major order, converted to T.
    template <element T> std::vector<T> to_vector() const;

    // Rebinding forms: the handle gets a new value, other handles keep theirs. Memory is reused when nobody else sees
    // it.
    array& operator+=(const array& other);
    array& operator-=(const array& other);
    array& operator*=(const array& other);
    array& operator/=(const array& other);

    // For implementers of ops, tracers and back ends.
    detail::node* node() const noexcept { return node_; }
    static array adopt(detail::node* owned) noexcept {
        array a;
        a.node_ = owned;
        return a;
    }

private:
    array(const scalar_value& value, weak_kind weak);
    template <literal_number Number> static constexpr weak_kind weak_kind_of() {
        if constexpr (std::is_same_v<Number, bool>)
            return weak_kind::boolean;
        else if constexpr (std::is_integral_v<Number>)
            return weak_kind::integer;
        else if constexpr (std::is_floating_point_v<Number>)
            return weak_kind::floating;
        else
            return weak_kind::complex;
    }
    void reset() noexcept;

    detail::node* node_ = nullptr;
};

// "[[1, 2],\n [3, 4]]"; long axes are shortened with "...".
TESSERA_ARRAY_API std::string to_string(const array& x);
TESSERA_ARRAY_API std::ostream& operator<<(std::ostream& out, const array& x);

}  // namespace tessera

#include "tessera/array/node.hpp"  // the inline half: what every small op pays for
//
#include "tessera/array/host_memory.hpp"  // and the templates
