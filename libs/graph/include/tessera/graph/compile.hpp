// Functions of arrays, compiled.
//     auto step = compile(train_step);
//     std::tie(params, loss) = step(std::move(params), x, y);   // the first call captures, later ones run the program
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "tessera/array/tracer.hpp"
#include "tessera/array/tree.hpp"
#include "tessera/autograd/call.hpp"
#include "tessera/graph/export.hpp"

namespace tessera::graph {

// When the size of an argument's axis may change without a new capture.
enum class open_sizes : std::uint8_t {
    when_they_change,  // a first capture for the sizes that are there; an axis that changes is open from then on
    always,
    never,
};

struct compile_options {
    open_sizes sizes = open_sizes::when_they_change;
    std::size_t most_programs = 64;  // kept at a time; the one not used for longest goes
    bool fuse = true;
};

struct compile_statistics {
    std::size_t calls = 0;
    std::size_t captures = 0;
    std::size_t programs = 0;    // kept now
    std::size_t plans = 0;       // of these, one per set of sizes and layouts
    std::size_t eager_runs = 0;  // calls whose sizes depended on data in a way no program foresaw
    std::size_t peak_bytes = 0;  // of the program that ran last: memory in use at once besides arguments and constants
    std::size_t kernels = 0;     // and how many kernels it runs
};

}  // namespace tessera::graph

namespace tessera::detail {

// What compile keeps, without the types of the function.
class TESSERA_GRAPH_API compiled_programs {
public:
    using body = std::function<std::vector<array>(std::span<const array>)>;

    explicit compiled_programs(graph::compile_options options);
    ~compiled_programs();
    compiled_programs(const compiled_programs&) = delete;
    compiled_programs& operator=(const compiled_programs&) = delete;

    // `structure` is what of the arguments is no array. `f` is called when there is no program for such arguments; what
    // it says about its result's structure comes back with every call of that program. `given_up` arguments may be
    // overwritten; all arguments are used up.
    std::vector<array> call(std::vector<array>& arguments, const inline_vector<bool>& given_up,
                            const std::string& structure, const body& f, std::shared_ptr<const void>& result_structure);

    graph::compile_statistics statistics() const;
    std::vector<std::string> log() const;
    std::string print() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

// f(trees...); one tuple is spread over several arguments unless f takes it as it is.
template <class F, class... Trees> decltype(auto) call_spread(F& f, const Trees&... trees) {
    if constexpr (sizeof...(Trees) == 1)
        return call_with(f, trees...);
    else
        return f(trees...);
}

// Bytes that tell apart two trees with other attributes.
template <class T> void append_structure(std::string& out, const T& value) {
    using plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<plain, array>) {
        out += 'a';
    } else if constexpr (std::is_arithmetic_v<plain> || std::is_enum_v<plain> || std::is_pointer_v<plain>) {
        out.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if constexpr (std::is_same_v<plain, std::string>) {
        (out += value) += '\0';
    } else if constexpr (is_optional<plain>) {
        out += value ? '+' : '-';
        if (value) append_structure(out, *value);
    } else if constexpr (requires { value.begin(); }) {
        out += '[';
        for (const auto& child : value) append_structure(out, child);
        out += ']';
    } else if constexpr (struct_node<const plain>) {
        std::apply([&](const auto&... members) { (append_structure(out, members), ...); }, value.fields());
    } else if constexpr (is_tuple<plain>) {
        std::apply([&](const auto&... members) { (append_structure(out, members), ...); }, value);
    } else {
        static_assert(std::is_empty_v<plain>,
                      "compile: an argument holds something that is neither an array, a number, an enum, a string nor "
                      "made of those; two calls that differ in it could not be told apart");
    }
}

}  // namespace tessera::detail

namespace tessera::graph {

// compile(f)(args...) is f(args...): arguments and results are arrays, numbers, or trees of arrays. f is called when it
// meets arguments of new dtypes, ranks, devices, attributes or (see open_sizes) sizes; what it does with arrays is
// captured, and from then on runs as a program: common work once, element-wise chains in one pass, memory planned. What
// else it does (printing, counting) happens at captures only. Arrays that f uses without being given them are
// constants; variables (autograd) are read again at each call. An argument given as an rvalue that nobody else sees may
// lend its memory to a result. Inside another compile, f is captured as a part of it; derivatives of a compiled
// function are compiled too. Threads may call it at the same time.
// Throws what f throws, and value_error where f asks for data of an array it is given (item, to_vector), which a
// program cannot depend on: take cond, while_loop or to_extent.
template <class F> class compiled {
public:
    compiled(F f, compile_options options)
        : f_(std::move(f)), programs_(std::make_shared<tessera::detail::compiled_programs>(options)) {}

    template <class... Args> auto operator()(Args&&... args) const {
        using output = tessera::detail::tree_of<decltype(tessera::detail::call_spread(
            std::declval<const F&>(), std::declval<const tessera::detail::tree_of<Args&&>&>()...))>;
        static_assert(
            tessera::detail::holds_arrays<output>,
            "compile: the function must return an array or a tree of arrays (a struct that ties its members)");
        if (staging_tracer())
            return output(
                tessera::detail::as_tree(tessera::detail::call_spread(f_, tessera::detail::as_tree(args)...)));
        std::tuple<tessera::detail::tree_of<Args&&>...> trees(tessera::detail::as_tree(std::forward<Args>(args))...);
        std::vector<array> arguments;
        arguments.reserve(8);
        inline_vector<bool> given_up;
        std::string structure;
        const auto take = [&]<class Tree>(Tree& tree, bool is_rvalue) {
            tessera::detail::append_structure(structure, tree);
            for_each_leaf(tree, [&](array& leaf) {
                arguments.push_back(std::move(leaf));
                given_up.push_back(is_rvalue);
            });
        };
        std::apply([&](auto&... tree) { (take(tree, std::is_rvalue_reference_v<Args&&>), ...); }, trees);

        std::shared_ptr<const void> result_structure;
        const auto body = [&](std::span<const array> symbols) {
            std::size_t next = 0;
            auto filled = trees;
            std::apply([&](auto&... tree) { (for_each_leaf(tree, [&](array& leaf) { leaf = symbols[next++]; }), ...); },
                       filled);
            output result = std::apply(
                [&](const auto&... tree) {
                    return output(tessera::detail::as_tree(tessera::detail::call_spread(f_, tree...)));
                },
                filled);
            std::vector<array> found = leaves(result);
            for_each_leaf(result, [](array& leaf) { leaf = {}; });
            result_structure = std::make_shared<const output>(std::move(result));
            return found;
        };
        const std::vector<array> results =
            programs_->call(arguments, given_up, structure, std::cref(body), result_structure);
        if constexpr (std::is_same_v<output, array>)
            return results[0];
        else
            return with_leaves(*static_cast<const output*>(result_structure.get()), results);
    }

    compile_statistics statistics() const { return programs_->statistics(); }
    // What was captured and why, one line each.
    std::vector<std::string> log() const { return programs_->log(); }
    // The programs as text.
    std::string text() const { return programs_->print(); }

private:
    F f_;
    std::shared_ptr<tessera::detail::compiled_programs> programs_;
};

template <class F> compiled<F> compile(F f, compile_options options = {}) { return {std::move(f), options}; }

}  // namespace tessera::graph
