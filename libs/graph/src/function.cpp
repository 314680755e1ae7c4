#include "tessera/graph/function.hpp"

#include "capture.hpp"
#include "program.hpp"
#include "symbols.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/interop/error.hpp"
#include <optional>

namespace tessera::graph {

namespace {

// Symbols print by their names while this lives.
class named_sizes {
public:
    explicit named_sizes(symbol_table* table) : before_(install_size_table(table)) {}
    ~named_sizes() { install_size_table(before_); }
    named_sizes(const named_sizes&) = delete;
    named_sizes& operator=(const named_sizes&) = delete;

private:
    size_table* before_;
};

void append_ids(std::string& out, std::span<const value_id> ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) out += text(i > 0 ? ", %" : "%", ids[i]);
}

}  // namespace

std::string to_string(const function& f) {
    const named_sizes names(f.sizes.get());
    std::string out = "f(";
    for (std::size_t i = 0; i < f.parameters.size(); ++i)
        out += text(i > 0 ? ", %" : "%", f.parameters[i], ": ", f.values[f.parameters[i]].spec);
    out += ") {\n";
    for (const constant& c : f.constants) {
        out += text("  %", c.id, " = ");
        out += c.data.is_literal() ? text(c.data.item_value()) : std::string("constant");
        out += text(" : ", c.data.spec(), "\n");
    }
    for (const node& n : f.nodes) {
        if (!n.operation) {
            out += text("  ", n.binds, " = size(%", n.inputs[0], ")\n");
            continue;
        }
        out += "  ";
        append_ids(out, n.outputs);
        out += text(" = ", n.operation->name, "(");
        append_ids(out, n.inputs);
        out += ")";
        if (const attributes attrs = n.attrs; attrs) out += text(" ", attrs);
        out += " :";
        for (std::size_t i = 0; i < n.outputs.size(); ++i) out += text(i > 0 ? ", " : " ", f.values[n.outputs[i]].spec);
        out += "\n";
    }
    out += "  return ";
    append_ids(out, f.results);
    for (const size_guard& g : f.sizes->guards()) out += text("\n  requires ", f.sizes->print(g));
    return out + "\n}\n";
}

namespace {

// What a function's symbols stand for where it is replayed: sizes there, which may be symbols of another capture.
class replayed_sizes {
public:
    replayed_sizes(const function& f, std::span<const dims* const> shapes)
        : table_(*f.sizes), known_(table_.symbols().size()) {
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            const dims& shape = f.values[f.parameters[i]].spec.shape;
            for (std::size_t a = 0; a < shape.size(); ++a)
                if (shape[a].is_symbol()) bind(shape[a], (*shapes[i])[a]);
        }
    }

    // None when a symbol in it has no meaning so far.
    std::optional<extent> known(extent e) {
        if (!e.is_symbol()) return e;
        const auto id = static_cast<std::size_t>(e.symbol_id());
        if (known_[id]) return known_[id];
        const symbol_table::symbol& s = table_.symbols()[id];
        if (s.kind != symbol_table::kinds::expression || !known(s.a) || !known(s.b)) return std::nullopt;
        return of(e);
    }

    extent of(extent e) {
        if (!e.is_symbol()) return e;
        const auto id = static_cast<std::size_t>(e.symbol_id());
        if (known_[id]) return *known_[id];
        const symbol_table::symbol& s = table_.symbols()[id];
        if (s.kind != symbol_table::kinds::expression)
            throw value_error(text("graph.replay: no argument tells what size ", extent(e), " is"));
        const extent a = of(s.a), b = of(s.b);
        const extent there = s.operation == '+'   ? a + b
                             : s.operation == '-' ? a - b
                             : s.operation == '*' ? a * b
                             : s.operation == '/' ? a / b
                             : s.operation == '%' ? a % b
                             : s.operation == '<' ? min(a, b)
                                                  : max(a, b);
        known_[id] = there;
        return there;
    }
    void bind(extent symbol, extent there) { known_[static_cast<std::size_t>(symbol.symbol_id())] = there; }

private:
    const symbol_table& table_;
    std::vector<std::optional<extent>> known_;
};

// Throws size_surprise when sizes that are numbers are not as the capture took them to be.
void check_sizes(const function& f, replayed_sizes& sizes) {
    for (const size_guard& g : f.sizes->guards()) {
        const std::optional<extent> a = sizes.known(g.a), b = sizes.known(g.b);
        if (!a || !b || a->is_symbol() || b->is_symbol()) continue;
        if ((g.relation == '=' ? *a == *b : *a < *b) != g.holds)
            throw size_surprise(text("a program needs ", f.sizes->print(g), ", but the sizes are ", *a, " and ", *b));
    }
}

}  // namespace

std::vector<spec> result_specs(const function& f, std::span<const spec* const> arguments) {
    std::vector<const dims*> shapes;
    for (const spec* s : arguments) shapes.push_back(&s->shape);
    replayed_sizes sizes(f, shapes);
    std::vector<spec> specs;
    for (const value_id v : f.results) {
        spec s = f.values[v].spec;
        for (extent& e : s.shape) e = sizes.of(e);
        specs.push_back(s);
    }
    return specs;
}

std::vector<array> replay(const function& f, std::span<const array> arguments) {
    if (arguments.size() != f.parameters.size())
        throw value_error(text("graph.replay: takes ", f.parameters.size(), " arrays, got ", arguments.size()));
    std::vector<array> values(f.values.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) values[f.parameters[i]] = arguments[i];
    for (const constant& c : f.constants) values[c.id] = c.data;
    std::vector<std::size_t> uses(f.values.size(), 0);
    for (const node& n : f.nodes)
        for (const value_id v : n.inputs) ++uses[v];
    for (const value_id v : f.results) ++uses[v];

    std::vector<const dims*> shapes;
    for (const array& x : arguments) shapes.push_back(&x.shape());
    replayed_sizes sizes(f, shapes);
    check_sizes(f, sizes);
    const auto lookup = [](void* context, extent e) { return static_cast<replayed_sizes*>(context)->of(e); };
    std::vector<array> in, out;
    for (const node& n : f.nodes) {
        if (!n.operation) {
            sizes.bind(n.binds, to_extent(values[n.inputs[0]]));
            check_sizes(f, sizes);
            continue;
        }
        in.clear();
        for (const value_id v : n.inputs) in.push_back(values[v]);
        out.assign(n.outputs.size(), {});
        if (attributes(n.attrs).has_symbols())
            apply(*n.operation, in, n.attrs.with_sizes(lookup, &sizes), out);
        else
            apply(*n.operation, in, n.attrs, out);
        for (std::size_t i = 0; i < out.size(); ++i) values[n.outputs[i]] = std::move(out[i]);
        for (const value_id v : n.inputs)
            if (--uses[v] == 0) values[v] = {};
    }
    std::vector<array> results;
    for (const value_id v : f.results) results.push_back(values[v]);
    return results;
}

}  // namespace tessera::graph
