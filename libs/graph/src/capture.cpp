#include "capture.hpp"

#include <algorithm>

#include "custom.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/free_list.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera::graph {

namespace {

struct symbol_record final : traced {
    symbol_record(counted<tracer> by, value_id which) : traced(std::move(by), {}), id(which) {}
    value_id id;
};

bool is_control(const op& o) { return &o == &cond_op || &o == &while_op || &o == &scan_op; }

class capturer final : public tracer {
public:
    capturer(std::string_view name, closures may_close_over)
        : tracer(new_level()), name_(name), may_close_over_(may_close_over) {
        auto* outer = dynamic_cast<symbol_table*>(current_size_table());
        result.body.sizes = outer ? outer->shared_from_this() : std::make_shared<symbol_table>();
    }

    captured result;

    array symbol_of(value_id id) {
        const value& v = result.body.values[id];
        array x = wrap(v.spec, counted<traced>(new symbol_record(counted<tracer>::sharing(this), id)));
        x.node()->weak = v.weak;
        return x;
    }

    array parameter(const value& like, const std::vector<bool>& open) {
        const value_id id = result.body.add_value(like.spec, like.weak);
        result.body.parameters.push_back(id);
        dims& shape = result.body.values[id].spec.shape;
        for (std::size_t a = 0; a < shape.size(); ++a)
            if (!open.empty() && open[a]) shape[a] = result.body.sizes->add_axis(shape[a].value());
        return symbol_of(id);
    }

    value_id id_of(const op* o, const array& x) {
        const traced* t = x.node()->trace;
        if (t && t->level == level()) return static_cast<const symbol_record*>(t)->id;
        if (t) return close_over(o, x);
        return constant_of(x);
    }

    void process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) override {
        if (holds_function(o)) {
            std::vector<array> inputs;
            const custom_attributes kept = keep_function(o, in, attrs, out.size(), inputs);
            record(custom_op, inputs, kept, out);
            for (std::size_t i = 0; i < out.size(); ++i) {
                value& made = result.body.values[result.body.nodes.back().outputs[i]];
                made.weak = out[i].node()->weak = kept.body->values[kept.body->results[i]].weak;
            }
            return;
        }
        // Of a body its ops come back here; branches and loops stay what they are.
        const bool is_kept = o.view || is_control(o) || detail::has_kernel(o, device_of(in).kind);
        if (o.body && !is_kept) return o.body(in, attrs, out);
        record(o, in, attrs, out);
    }

    void record(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) {
        node n;
        n.operation = &o;
        std::vector<const spec*> specs;
        for (const array& x : in) {
            n.inputs.push_back(id_of(&o, x));
            specs.push_back(&x.spec());
        }
        std::vector<spec> made(out.size());
        infer(o, specs, attrs, made);
        n.attrs = kept_attributes(attrs);
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (!o.device) made[i].device = device_of(in);
            n.outputs.push_back(result.body.add_value(made[i], detail::not_weak));
        }
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = symbol_of(n.outputs[i]);
        result.body.nodes.push_back(std::move(n));
    }

    array concrete(const traced&) const override { return {}; }

    extent extent_of(const traced& record) const override {
        auto& self = const_cast<capturer&>(*this);
        const value_id id = static_cast<const symbol_record&>(record).id;
        for (const node& n : result.body.nodes)
            if (!n.operation && n.inputs[0] == id) return n.binds;
        node n;
        n.inputs = {id};
        n.binds = result.body.sizes->add_data();
        self.result.body.nodes.push_back(n);
        return n.binds;
    }

    // Symbols of an outer capture that no parameter's shape tells: they come as numbers through parameters more.
    std::vector<extent> add_free_sizes() {
        function& f = result.body;
        std::vector<bool> bound(f.sizes->symbols().size(), false), wanted(bound.size(), false);
        const auto bind = [&](extent e) {
            if (e.is_symbol()) bound[static_cast<std::size_t>(e.symbol_id())] = true;
        };
        for (const value_id v : f.parameters)
            for (const extent e : f.values[v].spec.shape) bind(e);
        for (const node& n : f.nodes)
            if (!n.operation) bind(n.binds);
        std::vector<extent> free;
        const auto want = [&](const auto& self, extent e) -> void {
            if (!e.is_symbol()) return;
            const auto id = static_cast<std::size_t>(e.symbol_id());
            if (bound[id] || wanted[id]) return;
            wanted[id] = true;
            const symbol_table::symbol& s = f.sizes->symbols()[id];
            if (s.kind != symbol_table::kinds::expression) return free.push_back(e);
            self(self, s.a);
            self(self, s.b);
        };
        for (const value& v : f.values)
            for (const extent e : v.spec.shape) want(want, e);
        for (const node& n : f.nodes) attributes(n.attrs).for_each_symbol([&](extent e) { want(want, e); });
        std::vector<node> readings;
        for (const extent e : free) {
            const value_id id = f.add_value({i64, {}, cpu}, detail::not_weak);
            f.parameters.push_back(id);
            node reading;
            reading.inputs = {id};
            reading.binds = e;
            readings.push_back(std::move(reading));
        }
        f.nodes.insert(f.nodes.begin(), readings.begin(), readings.end());
        return free;
    }

private:
    device device_of(std::span<const array> in) const {
        for (const array& x : in)
            if (!x.is_literal() && !(x.rank() == 0 && x.node()->weak != detail::not_weak)) return x.device();
        return cpu;
    }

    value_id close_over(const op* o, const array& x) {
        const bool is_variable = x.node()->trace->level == 0;
        if (!is_variable && may_close_over_ == closures::variables)
            throw value_error(text(name_, ": the function uses ", x.spec(), o ? " in " : "", o ? o->name : "",
                                   ", which another transform traces; pass it as an argument"));
        for (std::size_t i = 0; i < result.closed_over.size(); ++i)
            if (result.closed_over[i].node() == x.node())
                return result.body.parameters[result.body.parameters.size() - result.closed_over.size() + i];
        const value_id id = result.body.add_value(x.spec(), x.node()->weak);
        result.body.parameters.push_back(id);
        result.closed_over.push_back(x);
        return id;
    }

    value_id constant_of(const array& x) {
        for (const constant& c : result.body.constants)
            if (c.data.node() == x.node()) return c.id;
        const value_id id = result.body.add_value(x.spec(), x.node()->weak);
        result.body.constants.push_back({id, x});
        return id;
    }

    std::string_view name_;
    closures may_close_over_;
};

// Installs the capture on this thread.
class installed {
public:
    explicit installed(capturer& c)
        : tracer_(install_staging_tracer(&c)), table_(install_size_table(c.result.body.sizes.get())) {}
    ~installed() {
        install_staging_tracer(tracer_);
        install_size_table(table_);
    }
    installed(const installed&) = delete;
    installed& operator=(const installed&) = delete;

private:
    tracer* tracer_;
    size_table* table_;
};

}  // namespace

captured capture(std::string_view name, std::span<const value> parameters, std::span<const std::vector<bool>> open,
                 closures may_close_over, const std::function<std::vector<array>(std::span<const array>)>& f) {
    const bool is_outermost = current_size_table() == nullptr;
    const counted<capturer> recorder(new capturer(name, may_close_over));
    std::vector<extent> free_sizes;
    {
        const installed here(*recorder);
        std::vector<array> arguments;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            arguments.push_back(recorder->parameter(parameters[i], open.empty() ? std::vector<bool>{} : open[i]));
        const std::vector<array> results = f(arguments);
        for (const array& y : results) {
            if (y.is_null()) throw value_error(text(name, ": the function returned a null array"));
            recorder->result.body.results.push_back(recorder->id_of(nullptr, y));
        }
        if (!is_outermost) free_sizes = recorder->add_free_sizes();
    }
    for (const extent e : free_sizes) recorder->result.closed_over.push_back(scalar_of(e));
    return std::move(recorder->result);
}

}  // namespace tessera::graph
