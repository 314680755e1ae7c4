#include "plan.hpp"

#include <algorithm>

#include "tessera/array/copy.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/layout.hpp"

namespace tessera::graph {

namespace {

constexpr std::size_t for_ever = SIZE_MAX;

std::size_t bytes_of(const spec& s) {
    return static_cast<std::size_t>(element_count(s.shape).value()) * item_size(s.dtype);
}

strides row_major(const dims& shape) {
    strides steps(shape.size(), 1);
    row_major_strides({reinterpret_cast<const std::int64_t*>(shape.data()), shape.size()},
                      {steps.data(), steps.size()});
    return steps;
}

bool is_row_major(const dims& shape, const strides& steps) {
    return is_contiguous({reinterpret_cast<const std::int64_t*>(shape.data()), shape.size()},
                         {steps.data(), steps.size()});
}

// A view of an array's memory as an array.
array array_over(const array& root, const spec& s, const strides& steps, std::int64_t offset) {
    array made = array::adopt(detail::new_node());
    detail::node& n = *made.node();
    const detail::node& from = *root.node();
    n.spec = s;
    n.steps = steps;
    n.offset = offset;
    n.buffer = detail::share(from.buffer);
    n.contiguous = is_row_major(s.shape, steps);
    n.plain = n.contiguous && from.plain;
    return made;
}

}  // namespace

// The views of one run, with room for the pointers of its memory.
struct plan::working_views {
    std::vector<any_view> views;
    std::vector<void*> data;              // of every buffer
    std::vector<std::int64_t> begins_at;  // bytes
};

plan::~plan() { delete idle_.load(); }

bool plan::serves(const function& f, const node& n) {
    return n.operation &&
           (n.operation->view || detail::has_kernel(*n.operation, f.values[n.outputs[0]].spec.device.kind));
}

bool plan::serves(const function& f) {
    if (!std::all_of(f.nodes.begin(), f.nodes.end(), [&](const node& n) { return serves(f, n); })) return false;
    device first = cpu;
    bool seen = false;
    for (const node& n : f.nodes)
        for (const value_id v : n.outputs) {
            if (seen && !(f.values[v].spec.device == first)) return false;
            first = f.values[v].spec.device;
            seen = true;
        }
    return true;
}

plan::plan(const function& f, std::span<const array> arguments, const donations& donated, std::span<const size> known)
    : device_(cpu), results_(f.results), donated_(donated) {
    for (const node& n : f.nodes)
        if (!n.outputs.empty()) device_ = f.values[n.outputs[0]].spec.device;
    for (const constant& c : f.constants) constants_.push_back(c.data);
    place_values(f, arguments, known);
    find_lifetimes(f);
    reuse_memory(f);
    assign_memory(f);
}

void plan::place_values(const function& f, std::span<const array> arguments, std::span<const size> known) {
    size_values sizes(*f.sizes);
    for (const size& s : known) sizes.bind(s.symbol, s.number);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        sizes.bind(f.values[f.parameters[i]].spec.shape, arguments[i].shape());
    for (const value& v : f.values) specs_.push_back({v.spec.dtype, sizes.of(v.spec.shape), v.spec.device});
    places_.resize(f.values.size());

    const auto place_given = [&](value_id v, const array& x, origin from, std::size_t index) {
        buffer b{from, index};
        b.whole = x.spec();
        const bool whole = x.is_contiguous() && !x.is_literal();
        b.reusable = from == origin::parameter && whole && index < donated_.size() && donated_[index];
        places_[v] = {buffers_.size(), 0, x.node()->steps};
        buffers_.push_back(b);
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) place_given(f.parameters[i], arguments[i], origin::parameter, i);
    for (std::size_t c = 0; c < f.constants.size(); ++c)
        place_given(f.constants[c].id, constants_[c], origin::constant, c);

    const auto number = [](void* context, extent e) { return extent(static_cast<size_values*>(context)->of(e)); };
    for (const node& n : f.nodes) {
        kept_attributes attrs = n.attrs;
        if (attributes(attrs).has_symbols()) attrs = attrs.with_sizes(number, &sizes);
        const op& o = *n.operation;
        if (o.view) {
            const value_id from = n.inputs[0], to = n.outputs[0];
            place p{places_[from].buffer, 0, {}};
            if (o.view({o, attrs, specs_[from], places_[from].steps, specs_[to]}, p.steps, p.offset)) {
                p.offset += places_[from].offset;
                places_[to] = p;
                continue;
            }
        }
        step s{&o, nullptr, attrs, step_values_.size(), n.inputs.size(), n.outputs.size()};
        for (const value_id v : n.inputs) step_values_.push_back(v);
        for (const value_id v : n.outputs) {
            places_[v] = {buffers_.size(), 0, row_major(specs_[v].shape)};
            buffer b{origin::arena};
            b.whole = specs_[v];
            b.reusable = true;
            b.life = {std::max<std::size_t>(1, bytes_of(specs_[v])), steps_.size(), steps_.size()};
            buffers_.push_back(b);
            step_values_.push_back(v);
        }
        std::vector<any_view> views;
        for (std::size_t k = 0; k < s.inputs + s.outputs; ++k) views.push_back(view_of(step_values_[s.first_view + k]));
        const std::span<const any_view> all(views);
        backend& on = backend_of(device_);
        const kernel_args args{o, s.attrs, all.first(s.inputs), all.subspan(s.inputs), {}, on};
        s.run = &detail::kernel_for(args);
        s.scratch = {s.run->scratch_bytes ? s.run->scratch_bytes(args) : 0, steps_.size(), steps_.size()};
        steps_.push_back(std::move(s));
    }
}

any_view plan::view_of(value_id v) const {
    const place& p = places_[v];
    const spec& s = specs_[v];
    any_view view;
    view.shape = reinterpret_cast<const std::int64_t*>(s.shape.data());
    view.strides = p.steps.data();
    view.rank = static_cast<std::int32_t>(s.shape.size());
    view.dtype = s.dtype;
    view.device = s.device;
    view.offset = p.offset;
    const buffer& b = buffers_[p.buffer];
    if (b.from == origin::constant && constants_[b.index].is_literal()) view.flags = view_host_value | view_read_only;
    return view;
}

void plan::find_lifetimes(const function&) {
    for (std::size_t i = 0; i < steps_.size(); ++i)
        for (std::size_t k = 0; k < steps_[i].inputs; ++k) {
            lifetime& life = buffers_[places_[step_values_[steps_[i].first_view + k]].buffer].life;
            life.last = std::max(life.last, i);
        }
    for (const value_id v : results_) {
        buffer& b = buffers_[places_[v].buffer];
        b.life.last = for_ever;
        if (b.from == origin::arena) b.from = origin::result;
    }
}

// An output takes over the memory of an input that nobody reads afterwards, where the kernel allows it.
void plan::reuse_memory(const function&) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const step& s = steps_[i];
        if (s.run->reuse == reuse_none) continue;
        const auto value = [&](std::size_t k) { return step_values_[s.first_view + k]; };
        for (std::size_t j = 0; j < s.outputs; ++j) {
            const value_id out = value(s.inputs + j);
            for (std::size_t k = 0; k < s.inputs && k < 32; ++k) {
                const value_id in = value(k);
                const std::size_t from = places_[in].buffer, to = places_[out].buffer;
                buffer& b = buffers_[from];
                if ((s.run->reuse >> k & 1U) == 0 || !b.reusable || b.life.last != i || from == to) continue;
                if (!(specs_[in] == specs_[out]) || places_[in].offset != 0 || !(b.whole == specs_[in]) ||
                    !is_row_major(specs_[in].shape, places_[in].steps))
                    continue;
                bool is_shared = false;
                for (std::size_t other = 0; other < s.inputs + s.outputs; ++other)
                    is_shared = is_shared || (other != k && places_[value(other)].buffer == from);
                if (is_shared) continue;
                const buffer& old = buffers_[to];
                b.life.last = old.life.last;
                if (old.from == origin::result && b.from == origin::arena) b.from = origin::result;
                for (place& p : places_)
                    if (p.buffer == to) p.buffer = from;
                break;
            }
        }
    }
}

void plan::assign_memory(const function&) {
    std::vector<bool> used(buffers_.size(), false);
    for (const place& p : places_) used[p.buffer] = true;
    std::vector<lifetime*> short_lived;
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
        buffer& b = buffers_[i];
        if (!used[i]) {  // its value took over another buffer
            b.from = origin::arena;
            continue;
        }
        if (b.from == origin::arena) short_lived.push_back(&b.life);
        if (b.from != origin::result) continue;
        b.index = roots_.size();
        roots_.push_back(b.whole);
        peak_bytes_ += bytes_of(b.whole);
    }
    for (step& s : steps_)
        if (s.scratch.bytes > 0) short_lived.push_back(&s.scratch);
    arena_bytes_ = arrange(short_lived);
    peak_bytes_ += arena_bytes_;
}

array plan::result_at(std::size_t i, std::span<const array> arguments, std::span<const array> roots) const {
    const value_id v = results_[i];
    const place& p = places_[v];
    const buffer& b = buffers_[p.buffer];
    const array& root = b.from == origin::parameter  ? arguments[b.index]
                        : b.from == origin::constant ? constants_[b.index]
                                                     : roots[b.index];
    if (root.is_literal()) return detail::materialize(root, specs_[v].device);
    const bool is_whole = p.offset == 0 && root.spec() == specs_[v] && p.steps == root.node()->steps;
    // A result in the memory of an argument that was given up is an array of its own.
    if (is_whole && !(b.from == origin::parameter && b.reusable)) return root;
    return array_over(root, specs_[v], p.steps, root.node()->offset + p.offset);
}

void plan::run(std::span<const array> arguments, std::span<array> results) const {
    std::unique_ptr<working_views> work(idle_.exchange(nullptr, std::memory_order_acq_rel));
    if (!work) {
        work = std::make_unique<working_views>();
        for (const value_id v : step_values_) work->views.push_back(view_of(v));
        work->data.resize(buffers_.size());
        work->begins_at.resize(buffers_.size());
    }
    std::vector<array> roots;
    roots.reserve(roots_.size());
    for (const spec& s : roots_) roots.push_back(detail::allocate(s, "graph"));
    array arena;
    void* arena_data = nullptr;
    if (arena_bytes_ > 0) {
        arena = detail::allocate({u8, {arena_bytes_}, device_}, "graph");
        arena_data = arena.node()->buffer->data;
    }
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
        const buffer& b = buffers_[i];
        if (b.from == origin::arena) {
            work->data[i] = arena_data;
            work->begins_at[i] = static_cast<std::int64_t>(b.life.offset);
            continue;
        }
        const array& x = b.from == origin::parameter  ? arguments[b.index]
                         : b.from == origin::constant ? constants_[b.index]
                                                      : roots[b.index];
        const any_view v = detail::kernel_view(x);
        work->data[i] = v.data;
        work->begins_at[i] = v.offset * static_cast<std::int64_t>(item_size(v.dtype));
    }
    for (std::size_t k = 0; k < step_values_.size(); ++k) {
        const place& p = places_[step_values_[k]];
        any_view& v = work->views[k];
        v.data = work->data[p.buffer];
        v.offset = p.offset + work->begins_at[p.buffer] / static_cast<std::int64_t>(item_size(v.dtype));
        if (buffers_[p.buffer].from == origin::parameter && arguments[buffers_[p.buffer].index].is_literal())
            v.flags = view_host_value | view_read_only;
    }
    backend& on = backend_of(device_);
    const std::span<const any_view> views(work->views);
    for (const step& s : steps_) {
        kernel_args args{*s.operation,
                         s.attrs,
                         views.subspan(s.first_view, s.inputs),
                         views.subspan(s.first_view + s.inputs, s.outputs),
                         {},
                         on};
        const auto scratch_bytes = static_cast<std::int64_t>(s.scratch.bytes);
        const std::int64_t one = 1;
        if (s.scratch.bytes > 0)
            args.scratch = {
                arena_data, static_cast<std::int64_t>(s.scratch.offset), &scratch_bytes, &one, 1, u8, device_, 0};
        s.run->run(args);
    }
    for (std::size_t i = 0; i < results_.size(); ++i) results[i] = result_at(i, arguments, roots);
    delete idle_.exchange(work.release(), std::memory_order_acq_rel);
}

}  // namespace tessera::graph
