// How a library answers cases of the oracle sets: one function per (group, op), registered beside the op's op_case.
// Needs interop and a JSON parser alone; tessera/testing/oracle_arrays.hpp turns its tensors into arrays and back.
//
//     void register_unary_oracles(oracle_registry& registry) {
//         registry.add("array/*", "exp", [](const oracle_case& c) { return answer(c, exp(input(c, "x"))); });
//     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tessera/interop/device.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera::testing {

// A named tensor in host memory, C order, little-endian.
struct host_tensor {
    std::string name;
    tessera::dtype dtype = f64;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;

    std::size_t size() const { return bytes.size() / item_size(dtype); }
};

// What is asked; the expected answer stays with the runner.
struct oracle_case {
    std::string id;
    std::string group;  // "array/unary"
    std::string op;
    nlohmann::json attrs = nlohmann::json::object();
    std::vector<host_tensor> in;
    std::vector<std::string> tags;
    tessera::device device = cpu;
    std::filesystem::path root;  // of the oracle set; attributes such as "file" are relative to it

    bool has_input(std::string_view name) const;
    // Throws format_error when the case has no such input.
    const host_tensor& input(std::string_view name) const;

    // The attribute, or null when it is absent or null in the case, which both mean the default.
    const nlohmann::json* attr(std::string_view name) const;
    // The attribute as a T; nullopt for the default. Throws format_error when it is of another type.
    template <class T> std::optional<T> attr_as(std::string_view name) const;
    template <class T> T attr_or(std::string_view name, T fallback) const {
        return attr_as<T>(name).value_or(std::move(fallback));
    }
    // Throws format_error when the case does not give it.
    template <class T> T required_attr(std::string_view name) const;

    [[noreturn]] void reject_attr(std::string_view name, std::string_view why) const;
};

// The dtype of that name, "f32". Throws format_error for others.
dtype dtype_named(std::string_view name);

// A number, or one of the strings "nan", "inf", "-inf". Throws format_error otherwise.
double oracle_number(const nlohmann::json& value);

struct oracle_answer {
    std::vector<host_tensor> tensors;
    std::map<std::string, std::string> texts;  // answers that are no tensors: result_type's dtype name

    const host_tensor* find(std::string_view name) const;
};

using oracle_call = std::function<oracle_answer(const oracle_case&)>;

class oracle_registry {
public:
    // group is "array/unary", or "array/*" for every group of that library without an entry of its own.
    // Throws value_error when (group, op) has a call already.
    void add(std::string_view group, std::string_view op, oracle_call call);

    // Null when nobody answers the op.
    const oracle_call* find(std::string_view group, std::string_view op) const;

private:
    std::map<std::string, oracle_call, std::less<>> calls_;  // by "group:op"
};

// Throws no_kernel, which counts the case as unsupported: the op answers other cases but this variant does not exist.
[[noreturn]] void not_offered(const oracle_case& asked, std::string_view what);

template <class T> std::optional<T> oracle_case::attr_as(std::string_view name) const {
    const nlohmann::json* value = attr(name);
    if (value == nullptr) return std::nullopt;
    if constexpr (std::is_same_v<T, double>) {
        return oracle_number(*value);
    } else {
        try {
            return value->get<T>();
        } catch (const nlohmann::json::exception& e) { reject_attr(name, e.what()); }
    }
}

template <class T> T oracle_case::required_attr(std::string_view name) const {
    std::optional<T> value = attr_as<T>(name);
    if (!value) reject_attr(name, "is required");
    return *std::move(value);
}

}  // namespace tessera::testing
