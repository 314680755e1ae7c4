// An op's arguments that are not arrays: an attribute struct seen through what its fields() tell.
//     struct sum_attributes { tessera::axes axes; bool keepdims; auto fields() const { return std::tie(axes, keepdims);
//     } };
// Equality, hashing, printing and keeping derive from fields(); struct types have external linkage.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <typeinfo>
#include <vector>

#include "tessera/array/spec.hpp"
#include "tessera/dtype/scalar_value.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {

template <class T>
concept attribute_struct = requires(const T& a) {
    a.fields();
};

namespace detail {

inline std::size_t mix_hash(std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

template <class T> std::size_t hash_field(const T& value);
template <class T> void print_field(std::string& out, const T& value);

template <class T> std::size_t hash_range(const T& values) {
    std::size_t seed = 17;
    for (const auto& v : values) seed = mix_hash(seed, hash_field(v));
    return seed;
}

template <class T> std::size_t hash_field(const T& value) {
    if constexpr (attribute_struct<T>)
        return std::apply(
            [](const auto&... f) {
                std::size_t seed = 31;
                ((seed = mix_hash(seed, hash_field(f))), ...);
                return seed;
            },
            value.fields());
    else if constexpr (std::is_enum_v<T>)
        return static_cast<std::size_t>(value);
    else if constexpr (std::is_same_v<T, extent>)
        return std::hash<std::int64_t>{}(value.is_symbol() ? ~value.symbol_id() : value.value());
    else if constexpr (std::is_same_v<T, device>)
        return mix_hash(static_cast<std::size_t>(value.kind), static_cast<std::size_t>(value.index));
    else if constexpr (std::is_same_v<T, std::string>)
        return std::hash<std::string>{}(value);
    else if constexpr (std::is_same_v<T, scalar_value>)
        return mix_hash(static_cast<std::size_t>(value.dtype), hash_range(value.bytes));
    else if constexpr (requires { value.begin(); })
        return hash_range(value);
    else if constexpr (requires { value.hash(); })
        return value.hash();
    else
        return std::hash<T>{}(value);
}

template <class T> void print_field(std::string& out, const T& value) {
    if constexpr (attribute_struct<T>) {
        out += "{";
        std::apply(
            [&](const auto&... f) {
                bool first = true;
                ((out += first ? "" : ", ", first = false, print_field(out, f)), ...);
            },
            value.fields());
        out += "}";
    } else if constexpr (requires { append_text(out, value); }) {
        append_text(out, value);
    } else if constexpr (std::is_enum_v<T>) {
        append_text(out, static_cast<std::int64_t>(value));
    } else {
        out += "[";
        bool first = true;
        for (const auto& v : value) {
            if (!first) out += ", ";
            first = false;
            print_field(out, v);
        }
        out += "]";
    }
}

}  // namespace detail

// Calls visit(extent&) for every size in a value of fields, and returns whether there is one that is a symbol.
namespace detail {
template <class T, class Visit> bool visit_sizes(const T& value, const Visit& visit) {
    bool found = false;
    if constexpr (attribute_struct<T>) {
        std::apply([&](const auto&... f) { ((found = visit_sizes(f, visit) || found), ...); }, value.fields());
    } else if constexpr (std::is_same_v<T, extent>) {
        found = value.is_symbol();
        if (found) visit(const_cast<extent&>(value));
    } else if constexpr (!std::is_same_v<T, std::string> && requires { value.begin(); }) {
        for (const auto& v : value) found = visit_sizes(v, visit) || found;
    }
    return found;
}
}  // namespace detail

// Says what number a size stands for.
using size_lookup = extent (*)(void* context, extent symbol);

// The operations of one attribute type.
struct attribute_type {
    const std::type_info& type;
    bool (*equal)(const void*, const void*);
    std::size_t (*hash)(const void*);
    void (*print)(std::string&, const void*);
    std::shared_ptr<const void> (*clone)(const void*);
    bool (*has_symbols)(const void*);
    // A copy with numbers in the place of its symbols.
    std::shared_ptr<const void> (*with_sizes)(const void*, size_lookup, void* context);
};

template <attribute_struct T>
inline const attribute_type attribute_type_of{
    typeid(T),
    [](const void* a, const void* b) {
        return static_cast<const T*>(a)->fields() == static_cast<const T*>(b)->fields();
    },
    [](const void* a) { return detail::hash_field(*static_cast<const T*>(a)); },
    [](std::string& out, const void* a) { detail::print_field(out, *static_cast<const T*>(a)); },
    [](const void* a) -> std::shared_ptr<const void> { return std::make_shared<T>(*static_cast<const T*>(a)); },
    [](const void* a) { return detail::visit_sizes(*static_cast<const T*>(a), [](extent&) {}); },
    [](const void* a, size_lookup number, void* context) -> std::shared_ptr<const void> {
        const auto copy = std::make_shared<T>(*static_cast<const T*>(a));  // not a const object: its sizes may change
        (void)detail::visit_sizes(*copy, [&](extent& size) { size = number(context, size); });
        return copy;
    },
};

// A reference to an attribute struct, or none. Two words, never owns.
class attributes {
public:
    attributes() = default;
    template <attribute_struct T> attributes(const T& value) : type_(&attribute_type_of<T>), data_(&value) {}

    explicit operator bool() const { return data_ != nullptr; }
    // The struct. An op's rules and kernels know its type; asking for another is a logic error of theirs.
    template <attribute_struct T> const T& as() const {
        if (type_ != &attribute_type_of<T> && (!type_ || type_->type != typeid(T))) refuse(typeid(T));
        return *static_cast<const T*>(data_);
    }
    friend bool operator==(attributes a, attributes b) {
        if (!a.data_ || !b.data_) return a.data_ == b.data_;
        return a.type_->type == b.type_->type && a.type_->equal(a.data_, b.data_);
    }
    std::size_t hash() const { return data_ ? type_->hash(data_) : 0; }
    // Is a size in it a symbol of a capture?
    bool has_symbols() const { return data_ && type_->has_symbols(data_); }
    // Calls visit(extent) for every symbol.
    template <class Visit> void for_each_symbol(const Visit& visit) const {
        if (!data_) return;
        const auto look = [](void* context, extent symbol) {
            (*static_cast<const Visit*>(context))(symbol);
            return symbol;
        };
        (void)type_->with_sizes(data_, look, const_cast<Visit*>(&visit));
    }

private:
    friend class kept_attributes;
    friend void append_text(std::string& out, attributes a) {
        if (a.data_) a.type_->print(out, a.data_);
    }
    [[noreturn]] TESSERA_ARRAY_API void refuse(const std::type_info& wanted) const;

    const attribute_type* type_ = nullptr;
    const void* data_ = nullptr;
};

// An owned copy, for whoever outlives the call: tapes and captured programs.
class kept_attributes {
public:
    kept_attributes() = default;
    explicit kept_attributes(attributes a) : type_(a.type_), data_(a.data_ ? a.type_->clone(a.data_) : nullptr) {}
    // A copy with numbers in the place of its symbols.
    kept_attributes with_sizes(size_lookup number, void* context) const {
        kept_attributes numbered = *this;
        if (data_) numbered.data_ = type_->with_sizes(data_.get(), number, context);
        return numbered;
    }
    operator attributes() const {
        attributes a;
        a.type_ = type_;
        a.data_ = data_.get();
        return a;
    }

private:
    const attribute_type* type_ = nullptr;
    std::shared_ptr<const void> data_;
};

}  // namespace tessera
