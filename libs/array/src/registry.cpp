#include "registry.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

namespace {

struct device_slot_entry {
    std::atomic<std::int32_t> kind{0};  // 0: free
    std::atomic<backend*> owner{nullptr};
};

// Everything lives as long as the process: arrays may outlive any static.
struct tables {
    std::recursive_mutex mutex;
    std::map<std::string, std::unique_ptr<op_record>, std::less<>> records;
    std::set<registrar> done;
    int running = 0;                                             // registrars under way
    std::vector<const op*> unpublished;                          // added by them
    std::vector<std::unique_ptr<const kernel_table>> published;  // also the replaced ones: readers may hold them
};
tables& the() {
    static tables& t = *new tables;
    return t;
}
constinit device_slot_entry slots[max_device_kinds];

int slot_for_writing(std::int32_t kind) {
    if (kind == cpu.kind) return 0;
    for (std::size_t i = 1; i < max_device_kinds; ++i) {
        const std::int32_t known = slots[i].kind.load(std::memory_order_acquire);
        if (known == kind) return static_cast<int>(i);
        if (known == 0) {
            slots[i].kind.store(kind, std::memory_order_release);
            return static_cast<int>(i);
        }
    }
    throw device_error(text("registry: no room for device kind ", kind, "; ", std::int64_t{max_device_kinds},
                            " kinds are registered"));
}

op_record& record_of(std::string_view name) {
    auto& records = the().records;
    const auto found = records.find(name);
    if (found != records.end()) return *found->second;
    auto made = std::make_unique<op_record>();
    made->name = name;
    return *records.emplace(made->name, std::move(made)).first->second;
}

// Lets other threads find the ops that were added, once their kernels are there too.
void publish() {
    if (the().running > 0) return;
    for (const op* o : the().unpublished) o->record.store(&record_of(o->name), std::memory_order_release);
    the().unpublished.clear();
}

void append_specs(std::string& out, std::span<const any_view> views) {
    for (std::size_t i = 0; i < views.size(); ++i) {
        if (i > 0) out += ", ";
        append_text(out, views[i].dtype);
        out += " ";
        append_text(out, views[i].sizes());
    }
}

}  // namespace

namespace detail {

int device_slot(std::int32_t kind) noexcept {
    if (kind == cpu.kind) return 0;
    for (std::size_t i = 1; i < max_device_kinds; ++i)
        if (slots[i].kind.load(std::memory_order_acquire) == kind) return static_cast<int>(i);
    return -1;
}

backend* backend_at(int slot) noexcept {
    return slot < 0 ? nullptr : slots[slot].owner.load(std::memory_order_acquire);
}

}  // namespace detail

backend::~backend() = default;

registry& registry::global() {
    static registry& r = *new registry;
    return r;
}

void registry::add(const op& o) {
    const std::scoped_lock lock(the().mutex);
    op_record& r = record_of(o.name);
    const op* known = nullptr;
    if (!r.declared.compare_exchange_strong(known, &o) && known != &o)
        throw value_error(text("registry: another op is named ", o.name));
    the().unpublished.push_back(&o);
    publish();
}

op_record& registry::intern(const op& o) {
    const std::scoped_lock lock(the().mutex);
    if (o.registers) run(o.registers);
    add(o);
    publish();
    return record_of(o.name);
}

void registry::run(registrar r) {
    const std::scoped_lock lock(the().mutex);
    if (!the().done.insert(r).second) return;
    ++the().running;
    try {
        r(*this);
    } catch (...) {
        the().done.erase(r);
        --the().running;
        throw;
    }
    --the().running;
    publish();
}

void registry::add_kernel(std::int32_t device_kind, std::string_view op_name, const kernel& k) {
    const std::scoped_lock lock(the().mutex);
    auto& entry = record_of(op_name).kernels[static_cast<std::size_t>(slot_for_writing(device_kind))];
    auto next = std::make_unique<kernel_table>();
    if (const kernel_table* before = entry.load(std::memory_order_acquire)) *next = *before;
    for (const kernel& known : next->kernels)
        if (std::string_view(known.label) == k.label)
            throw value_error(
                text("registry: ", op_name, " has a kernel '", k.label, "' on ", device{device_kind, 0}, " already"));
    const auto place = std::find_if(next->kernels.begin(), next->kernels.end(),
                                    [&](const kernel& known) { return known.priority < k.priority; });
    next->kernels.insert(place, k);
    entry.store(next.get(), std::memory_order_release);
    the().published.push_back(std::move(next));
}

void registry::add_backend(backend& b) {
    const std::scoped_lock lock(the().mutex);
    auto& slot = slots[slot_for_writing(b.kind())];
    backend* expected = nullptr;
    if (!slot.owner.compare_exchange_strong(expected, &b) && expected != &b)
        throw value_error(text("registry: device kind ", b.kind(), " belongs to back end '", expected->name(), "', '",
                               b.name(), "' cannot take it"));
}

backend* registry::find_backend(std::int32_t device_kind) const {
    return detail::backend_at(detail::device_slot(device_kind));
}

std::vector<const op*> registry::ops() const {
    const std::scoped_lock lock(the().mutex);
    std::vector<const op*> all;
    for (const auto& [name, r] : the().records)
        if (const op* o = r->declared.load()) all.push_back(o);
    return all;
}

std::vector<kernel> registry::kernels(std::int32_t device_kind, std::string_view op_name) const {
    const std::scoped_lock lock(the().mutex);
    const auto found = the().records.find(op_name);
    const int slot = detail::device_slot(device_kind);
    if (found == the().records.end() || slot < 0) return {};
    const kernel_table* table = found->second->kernels[static_cast<std::size_t>(slot)].load();
    return table ? table->kernels : std::vector<kernel>{};
}

const kernel& registry::find(const op& o, std::int32_t device_kind, const kernel_args& args) {
    const int slot = detail::device_slot(device_kind);
    const kernel_table* table =
        slot < 0 ? nullptr : record(o).kernels[static_cast<std::size_t>(slot)].load(std::memory_order_acquire);
    if (table)
        for (const kernel& k : table->kernels)
            if (!k.declines || !k.declines(args)) return k;

    std::string message = text(o.name, ": no kernel for ", args.on.name(), " takes (");
    append_specs(message, args.in);
    message += ") -> (";
    append_specs(message, args.out);
    message += "); registered: ";
    if (!table)
        message += "none";
    else
        for (std::size_t i = 0; i < table->kernels.size(); ++i) {
            const char* reason = table->kernels[i].declines(args);
            message += text(i > 0 ? "; " : "", table->kernels[i].label, " (", reason ? reason : "?", ")");
        }
    throw no_kernel(message);
}

backend& backend_of(device d) {
    backend* found = d.kind == cpu.kind ? &cpu_backend() : registry::global().find_backend(d.kind);
    if (!found) throw device_error(text("device ", d, ": no back end of that kind is registered"));
    if (d.index < 0 || d.index >= found->device_count())
        throw device_error(
            text("device ", d, ": index out of range, ", found->name(), " has ", found->device_count(), " devices"));
    return *found;
}

}  // namespace tessera
