// What the symbols of a captured program mean: sizes of its parameters, numbers it computes, and sums and products of
// those. Every expression is there once, so equal ones have equal ids. Captures within a capture share its table.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "tessera/array/extent.hpp"

namespace tessera::graph {

// A comparison that the capture's result rests on.
struct size_guard {
    char relation;  // '=' or '<'
    extent a, b;
    bool holds;
};

class symbol_table final : public size_table, public std::enable_shared_from_this<symbol_table> {
public:
    enum class kinds : std::uint8_t { axis, data, expression };
    struct symbol {
        kinds kind;
        char operation = 0;  // of an expression
        extent a = 0, b = 0;
        std::int64_t example = 0;
        bool unbacked = false;  // depends on data: no example
        std::uint32_t name = 0;
    };

    extent add_axis(std::int64_t example);
    extent add_data();

    std::int64_t value(extent symbol) override;
    bool equal(extent a, extent b) override;
    bool less(extent a, extent b) override;
    extent combine(char operation, extent a, extent b) override;
    std::string print(extent symbol) override;

    const std::vector<symbol>& symbols() const { return symbols_; }
    // Adds the symbols that e is made of and no expression of others, each once.
    void add_roots(std::vector<extent>& list, extent e) const;
    const std::vector<size_guard>& guards() const { return guards_; }
    std::string print(const size_guard& g);

private:
    bool is_unbacked(extent e) const;
    std::int64_t example(extent e) const;
    void add_guard(size_guard g);
    extent intern(char operation, extent a, extent b);
    extent multiply(extent a, extent b);
    extent add(extent a, extent b);
    const symbol& at(extent e) const { return symbols_[static_cast<std::size_t>(e.symbol_id())]; }

    std::vector<symbol> symbols_;
    std::vector<size_guard> guards_;
    std::map<std::tuple<char, std::int64_t, std::int64_t>, extent> known_;
    std::uint32_t axis_symbols_ = 0, data_symbols_ = 0;
};

// The numbers behind symbols in one run.
class size_values {
public:
    explicit size_values(const symbol_table& table) : table_(&table), known_(table.symbols().size(), -1) {}

    // A size is that number from now on.
    void bind(extent size, std::int64_t number) {
        if (size.is_symbol()) known_[static_cast<std::size_t>(size.symbol_id())] = number;
    }
    // The sizes of a shape are those numbers.
    void bind(const dims& shape, const dims& numbers) {
        for (std::size_t a = 0; a < shape.size(); ++a) bind(shape[a], numbers[a].value());
    }
    // -1 when it is not known. Throws shape_error when an expression has no value a size can have.
    std::int64_t of(extent e);
    dims of(const dims& shape);
    // The first guard that does not hold, among those whose sizes are known; null when all hold.
    const size_guard* first_broken();

private:
    const symbol_table* table_;
    std::vector<std::int64_t> known_;  // -1: not known
};

}  // namespace tessera::graph
