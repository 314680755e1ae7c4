// Recording what a function does with arrays that have no data yet.
#pragma once

#include <functional>
#include <unordered_map>

#include "symbols.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/graph/function.hpp"

namespace tessera::graph {

// What a captured function may use besides its arguments. Plain arrays become constants; `variables` of level 0 become
// parameters that are read again at each call; with `lifted`, so does everything that an older transform traces.
enum class closures : std::uint8_t { variables, lifted };

struct captured {
    function body;
    std::vector<array> closed_over;  // the arrays of the parameters behind the arguments
};

// Runs f on symbols of these values and keeps the ops. Where `open[i]` has an axis, its size is a symbol too.
// f is called once; what it throws passes through.
captured capture(std::string_view name, std::span<const value> parameters, std::span<const std::vector<bool>> open,
                 closures may_close_over, const std::function<std::vector<array>(std::span<const array>)>& f);

// No capture sees what runs on this thread while this lives.
class outside_of_captures {
public:
    outside_of_captures() : tracer_(install_staging_tracer(nullptr)), table_(install_size_table(nullptr)) {}
    ~outside_of_captures() {
        install_staging_tracer(tracer_);
        install_size_table(table_);
    }
    outside_of_captures(const outside_of_captures&) = delete;
    outside_of_captures& operator=(const outside_of_captures&) = delete;

private:
    tracer* tracer_;
    size_table* table_;
};

}  // namespace tessera::graph
