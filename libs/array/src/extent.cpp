#include "tessera/array/extent.hpp"

#include "tessera/interop/error.hpp"

namespace tessera {

namespace {
thread_local constinit size_table* installed_table = nullptr;

size_table& table_for(extent e) {
    if (!installed_table)
        throw value_error(text("extent: symbol ", e.symbol_id(), " is used outside of the capture that made it"));
    return *installed_table;
}
}  // namespace

size_table* current_size_table() { return installed_table; }

size_table* install_size_table(size_table* table) { return std::exchange(installed_table, table); }

void extent::refuse_negative(std::int64_t n) {
    throw shape_error(text("extent: a size must not be negative, got ", n));
}

extent extent::refuse_overflow(char operation, extent a, extent b) {
    throw shape_error(
        text("extent: ", a, " ", std::string_view(&operation, 1), " ", b, " has no value a 64-bit size can hold"));
}

std::int64_t extent::symbol_value(extent e) { return table_for(e).value(e); }

bool extent::symbols_equal(extent a, extent b) { return table_for(a.is_symbol() ? a : b).equal(a, b); }

bool extent::symbol_less(extent a, extent b) { return table_for(a.is_symbol() ? a : b).less(a, b); }

extent extent::combine_symbols(char operation, extent a, extent b) {
    return table_for(a.is_symbol() ? a : b).combine(operation, a, b);
}

void append_text(std::string& out, extent value) {
    if (!value.is_symbol())
        append_text(out, value.value());
    else if (installed_table)
        out += installed_table->print(value);
    else
        out += text("s", value.symbol_id());
}

void append_text(std::string& out, const dims& shape) {
    out += "(";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (i > 0) out += ", ";
        append_text(out, shape[i]);
    }
    out += shape.size() == 1 ? ",)" : ")";
}

void append_text(std::string& out, const axes& values) {
    out += "(";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) out += ", ";
        append_text(out, values[i]);
    }
    out += values.size() == 1 ? ",)" : ")";
}

extent element_count(const dims& shape) {
    bool is_empty = false;  // (0, huge, huge) is fine
    for (const extent e : shape) is_empty = is_empty || (!e.is_symbol() && e.value() == 0);
    if (is_empty) return 0;
    extent count = 1;
    for (const extent e : shape) {
        std::int64_t product = 0;
        if (!count.is_symbol() && !e.is_symbol() && __builtin_mul_overflow(count.value(), e.value(), &product))
            throw shape_error(text("shape ", shape, " has more elements than 64 bits can count"));
        count = count * e;
    }
    return count;
}

}  // namespace tessera
