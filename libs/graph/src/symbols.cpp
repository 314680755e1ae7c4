#include "symbols.hpp"

#include <algorithm>
#include <bit>

#include "tessera/interop/error.hpp"

namespace tessera::graph {

namespace {

std::int64_t raw(extent e) { return std::bit_cast<std::int64_t>(e); }
bool is_number(extent e, std::int64_t n) { return !e.is_symbol() && raw(e) == n; }

// Throws shape_error where a size has no value.
std::int64_t compute(char operation, std::int64_t a, std::int64_t b) {
    const extent x = a, y = b;
    switch (operation) {
    case '+': return (x + y).value();
    case '-': return (x - y).value();
    case '*': return (x * y).value();
    case '/': return (x / y).value();
    case '%': return (x % y).value();
    case '<': return std::min(a, b);
    default: return std::max(a, b);
    }
}

}  // namespace

extent symbol_table::add_axis(std::int64_t example) {
    symbols_.push_back({.kind = kinds::axis, .example = example, .name = axis_symbols_++});
    return extent::symbol(static_cast<std::int64_t>(symbols_.size()) - 1);
}

extent symbol_table::add_data() {
    symbols_.push_back({.kind = kinds::data, .unbacked = true, .name = data_symbols_++});
    return extent::symbol(static_cast<std::int64_t>(symbols_.size()) - 1);
}

bool symbol_table::is_unbacked(extent e) const { return e.is_symbol() && at(e).unbacked; }
std::int64_t symbol_table::example(extent e) const { return e.is_symbol() ? at(e).example : raw(e); }

void symbol_table::add_guard(size_guard g) {
    const auto same = [&](const size_guard& known) {
        return known.relation == g.relation && raw(known.a) == raw(g.a) && raw(known.b) == raw(g.b);
    };
    if (std::none_of(guards_.begin(), guards_.end(), same)) guards_.push_back(g);
}

std::int64_t symbol_table::value(extent e) {
    if (is_unbacked(e))
        throw value_error(text("extent: the size ", print(e),
                               " depends on data and is not known before the program runs; only arithmetic with it and "
                               "comparisons for equality are possible"));
    add_guard({'=', e, example(e), true});
    return example(e);
}

bool symbol_table::equal(extent a, extent b) {
    if (is_unbacked(a) || is_unbacked(b)) {
        const bool both = a.is_symbol() && b.is_symbol();
        const bool of_few = is_number(a, 0) || is_number(a, 1) || is_number(b, 0) || is_number(b, 1);
        if (!both && !of_few)
            throw value_error(text("extent: whether ", a, " equals ", b,
                                   " depends on data and is not known before the program runs"));
        add_guard({'=', a, b, both});
        return both;
    }
    const bool holds = example(a) == example(b);
    add_guard({'=', a, b, holds});
    return holds;
}

bool symbol_table::less(extent a, extent b) {
    if (is_unbacked(a) || is_unbacked(b))
        throw value_error(text("extent: whether ", a, " is less than ", b,
                               " depends on data and is not known before the program runs"));
    const bool holds = example(a) < example(b);
    add_guard({'<', a, b, holds});
    return holds;
}

extent symbol_table::intern(char operation, extent a, extent b) {
    const auto key = std::tuple(operation, raw(a), raw(b));
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    symbol made{.kind = kinds::expression, .operation = operation, .a = a, .b = b};
    made.unbacked = is_unbacked(a) || is_unbacked(b);
    if (!made.unbacked) made.example = compute(operation, example(a), example(b));
    symbols_.push_back(made);
    const extent e = extent::symbol(static_cast<std::int64_t>(symbols_.size()) - 1);
    known_.emplace(key, e);
    return e;
}

namespace {

// The parts of a sum or product: one number and symbols in a fixed order.
struct parts {
    std::int64_t number;
    std::vector<extent> symbols;
};

}  // namespace

// a * b as number * s1 * s2 ..., so that products in any order are one expression.
extent symbol_table::multiply(extent a, extent b) {
    parts p{1, {}};
    const auto collect = [&](const auto& self, extent e) -> void {
        if (!e.is_symbol())
            p.number = compute('*', p.number, raw(e));
        else if (at(e).operation == '*')
            self(self, at(e).a), self(self, at(e).b);
        else
            p.symbols.push_back(e);
    };
    collect(collect, a);
    collect(collect, b);
    if (p.number == 0) return 0;
    std::sort(p.symbols.begin(), p.symbols.end(), [](extent x, extent y) { return raw(x) > raw(y); });
    extent result = p.symbols.front();
    for (std::size_t i = 1; i < p.symbols.size(); ++i) result = intern('*', result, p.symbols[i]);
    return p.number == 1 ? result : intern('*', result, p.number);
}

extent symbol_table::add(extent a, extent b) {
    parts p{0, {}};
    const auto collect = [&](const auto& self, extent e) -> void {
        if (!e.is_symbol())
            p.number = compute('+', p.number, raw(e));
        else if (at(e).operation == '+')
            self(self, at(e).a), self(self, at(e).b);
        else
            p.symbols.push_back(e);
    };
    collect(collect, a);
    collect(collect, b);
    std::sort(p.symbols.begin(), p.symbols.end(), [](extent x, extent y) { return raw(x) > raw(y); });
    extent result = p.symbols.front();
    for (std::size_t i = 1; i < p.symbols.size(); ++i) result = intern('+', result, p.symbols[i]);
    return p.number == 0 ? result : intern('+', result, p.number);
}

extent symbol_table::combine(char operation, extent a, extent b) {
    const bool same = raw(a) == raw(b);
    switch (operation) {
    case '*': return multiply(a, b);
    case '+': return add(a, b);
    case '-':
        if (is_number(b, 0)) return a;
        if (same) return 0;
        if (a.is_symbol() && at(a).operation == '+' && raw(at(a).b) == raw(b)) return at(a).a;
        if (a.is_symbol() && at(a).operation == '+' && raw(at(a).a) == raw(b)) return at(a).b;
        break;
    case '/':
        if (is_number(b, 1)) return a;
        if (same && !is_unbacked(a) && example(a) != 0) {
            add_guard({'=', a, 0, false});
            return 1;
        }
        if (a.is_symbol() && at(a).operation == '*' && (raw(at(a).b) == raw(b) || raw(at(a).a) == raw(b)) &&
            !is_number(b, 0)) {
            if (b.is_symbol()) add_guard({'=', b, 0, false});
            return raw(at(a).b) == raw(b) ? at(a).a : at(a).b;
        }
        break;
    case '%':
        if (is_number(b, 1)) return 0;
        if (same || (a.is_symbol() && at(a).operation == '*' && (raw(at(a).b) == raw(b) || raw(at(a).a) == raw(b)))) {
            if (b.is_symbol()) add_guard({'=', b, 0, false});
            return 0;
        }
        break;
    case '<':
    case '>':
        if (same) return a;
        break;
    default: break;
    }
    return intern(operation, a, b);
}

void symbol_table::add_roots(std::vector<extent>& list, extent e) const {
    if (!e.is_symbol()) return;
    if (at(e).kind == kinds::expression) {
        add_roots(list, at(e).a);
        add_roots(list, at(e).b);
    } else if (std::none_of(list.begin(), list.end(), [&](extent x) { return x.symbol_id() == e.symbol_id(); })) {
        list.push_back(e);
    }
}

std::string symbol_table::print(extent e) {
    if (!e.is_symbol()) return text(raw(e));
    const symbol& s = at(e);
    switch (s.kind) {
    case kinds::axis: return text("s", s.name);
    case kinds::data: return text("u", s.name);
    default: break;
    }
    if (s.operation == '<' || s.operation == '>')
        return text(s.operation == '<' ? "min(" : "max(", print(s.a), ", ", print(s.b), ")");
    return text("(", print(s.a), " ", std::string_view(&s.operation, 1), " ", print(s.b), ")");
}

std::string symbol_table::print(const size_guard& g) {
    return text(print(g.a), g.relation == '=' ? (g.holds ? " = " : " != ") : (g.holds ? " < " : " >= "), print(g.b));
}

std::int64_t size_values::of(extent e) {
    if (!e.is_symbol()) return raw(e);
    std::int64_t& known = known_[static_cast<std::size_t>(e.symbol_id())];
    if (known >= 0) return known;
    const symbol_table::symbol& s = table_->symbols()[static_cast<std::size_t>(e.symbol_id())];
    if (s.kind != symbol_table::kinds::expression) return -1;
    const std::int64_t a = of(s.a), b = of(s.b);
    if (a < 0 || b < 0) return -1;
    return known_[static_cast<std::size_t>(e.symbol_id())] = compute(s.operation, a, b);
}

dims size_values::of(const dims& shape) {
    dims numbers;
    for (const extent e : shape) numbers.push_back(of(e));
    return numbers;
}

const size_guard* size_values::first_broken() {
    for (const size_guard& g : table_->guards()) {
        const std::int64_t a = of(g.a), b = of(g.b);
        if (a < 0 || b < 0) continue;
        if ((g.relation == '=' ? a == b : a < b) != g.holds) return &g;
    }
    return nullptr;
}

}  // namespace tessera::graph
