#include "tessera/testing/oracle.hpp"

#include <limits>
#include <utility>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

std::string key_of(std::string_view group, std::string_view op) { return text(group, ":", op); }

const host_tensor* find_tensor(const std::vector<host_tensor>& tensors, std::string_view name) {
    for (const host_tensor& t : tensors)
        if (t.name == name) return &t;
    return nullptr;
}

}  // namespace

bool oracle_case::has_input(std::string_view name) const { return find_tensor(in, name) != nullptr; }

const host_tensor& oracle_case::input(std::string_view name) const {
    const host_tensor* found = find_tensor(in, name);
    if (found == nullptr) throw format_error(text(id, ": the case has no input '", name, "'"));
    return *found;
}

const nlohmann::json* oracle_case::attr(std::string_view name) const {
    const auto found = attrs.find(std::string(name));
    return found == attrs.end() || found->is_null() ? nullptr : &*found;
}

void oracle_case::reject_attr(std::string_view name, std::string_view why) const {
    throw format_error(text(id, ": attribute '", name, "' ", why, "; the case has ", attrs.dump()));
}

dtype dtype_named(std::string_view wanted) {
    for (int i = 0; i < dtype_count; ++i)
        if (name(static_cast<dtype>(i)) == wanted) return static_cast<dtype>(i);
    throw format_error(text("dtype '", wanted, "' is unknown"));
}

double oracle_number(const nlohmann::json& value) {
    if (value.is_number()) return value.get<double>();
    if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (value == "inf") return std::numeric_limits<double>::infinity();
    if (value == "-inf") return -std::numeric_limits<double>::infinity();
    throw format_error(
        text("oracle case: a number or one of \"nan\", \"inf\", \"-inf\" is required, got ", value.dump()));
}

const host_tensor* oracle_answer::find(std::string_view name) const { return find_tensor(tensors, name); }

void oracle_registry::add(std::string_view group, std::string_view op, oracle_call call) {
    if (!calls_.emplace(key_of(group, op), std::move(call)).second)
        throw value_error(text("oracle_registry::add: ", group, " already answers ", op));
}

const oracle_call* oracle_registry::find(std::string_view group, std::string_view op) const {
    auto found = calls_.find(key_of(group, op));
    if (found == calls_.end()) found = calls_.find(key_of(text(group.substr(0, group.find('/')), "/*"), op));
    return found == calls_.end() ? nullptr : &found->second;
}

void not_offered(const oracle_case& asked, std::string_view what) {
    throw no_kernel(text(asked.op, ": ", what, " is not offered"));
}

}  // namespace tessera::testing
