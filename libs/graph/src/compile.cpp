#include "tessera/graph/compile.hpp"

#include <algorithm>
#include <mutex>

#include "program.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::detail {

using namespace graph;

namespace {

// What of an argument a program depends on.
struct signature {
    std::vector<value> arguments;
    std::string structure;
};

struct entry {
    signature for_these;
    std::vector<std::vector<bool>> open;  // per argument and axis
    std::shared_ptr<const program> code;
    std::vector<array> closed_over;
    std::shared_ptr<const void> result_structure;
    std::uint64_t last_use = 0;
};

bool same_but_for_sizes(const value& a, const value& b) {
    return a.spec.dtype == b.spec.dtype && a.spec.device == b.spec.device && a.weak == b.weak &&
           a.spec.shape.size() == b.spec.shape.size();
}

// May the call be an instance of the entry, guards apart?
bool matches(const entry& e, std::span<const array> arguments, const std::string& structure) {
    if (e.for_these.arguments.size() != arguments.size() || e.for_these.structure != structure) return false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const node& n = *arguments[i].node();
        const value& like = e.for_these.arguments[i];
        if (like.spec.dtype != n.spec.dtype || like.weak != n.weak || !(like.spec.device == n.spec.device) ||
            like.spec.shape.size() != n.spec.shape.size())
            return false;
        for (std::size_t a = 0; a < n.spec.shape.size(); ++a)
            if (!e.open[i][a] && !(like.spec.shape[a] == n.spec.shape[a])) return false;
    }
    return true;
}

}  // namespace

struct compiled_programs::state {
    compile_options options;
    mutable std::mutex mutex;
    std::vector<std::shared_ptr<entry>> entries;
    std::vector<std::string> log;
    compile_statistics counts;
    std::uint64_t clock = 0;
    const program* last = nullptr;

    std::shared_ptr<entry> find(std::span<const array> arguments, const std::string& structure, std::string& reason) {
        for (const auto& e : entries) {
            if (!matches(*e, arguments, structure)) continue;
            if (e->code->has_guards()) {
                std::vector<array> all(arguments.begin(), arguments.end());
                all.insert(all.end(), e->closed_over.begin(), e->closed_over.end());
                reason = e->code->broken_guard(all);
                if (!reason.empty()) {
                    reason = text("a program needs ", reason);
                    continue;
                }
            }
            e->last_use = ++clock;
            last = e->code.get();
            return e;
        }
        return nullptr;
    }

    // Which axes a new program leaves open, and why it is made.
    std::vector<std::vector<bool>> open_axes(const signature& s, std::string& reason) const {
        std::vector<std::vector<bool>> open;
        for (const value& v : s.arguments) open.emplace_back(v.spec.shape.size(), options.sizes == open_sizes::always);
        if (options.sizes != open_sizes::when_they_change) return open;
        bool seen = false;
        for (const auto& e : entries) {
            const auto& known = e->for_these.arguments;
            if (e->for_these.structure != s.structure || known.size() != s.arguments.size()) continue;
            if (!std::equal(known.begin(), known.end(), s.arguments.begin(), same_but_for_sizes)) continue;
            seen = true;
            for (std::size_t i = 0; i < known.size(); ++i)
                for (std::size_t a = 0; a < open[i].size(); ++a) {
                    const bool changed = e->open[i][a] || !(known[i].spec.shape[a] == s.arguments[i].spec.shape[a]);
                    if (changed && !open[i][a] && !e->open[i][a])
                        reason += text(reason.empty() ? "" : "; ", "axis ", a, " of argument ", i,
                                       " changes: ", known[i].spec.shape[a], " and ", s.arguments[i].spec.shape[a]);
                    open[i][a] = open[i][a] || changed;
                }
        }
        if (!seen && reason.empty()) reason = entries.empty() ? "the first call" : "arguments of other dtypes or ranks";
        return open;
    }

    void add(std::shared_ptr<entry> e) {
        e->last_use = ++clock;
        entries.insert(entries.begin(), std::move(e));
        if (entries.size() <= options.most_programs) return;
        const auto oldest = std::min_element(entries.begin(), entries.end(),
                                             [](const auto& a, const auto& b) { return a->last_use < b->last_use; });
        log.push_back(text("forgot the program not used for longest; ", options.most_programs, " are kept"));
        entries.erase(oldest);
    }
};

compiled_programs::compiled_programs(compile_options options) : state_(std::make_unique<state>()) {
    state_->options = options;
}
compiled_programs::~compiled_programs() = default;

std::vector<array> compiled_programs::call(std::vector<array>& arguments, const inline_vector<bool>& given_up,
                                           const std::string& structure, const body& f,
                                           std::shared_ptr<const void>& result_structure) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (arguments[i].is_null()) throw value_error(text("compile: argument ", i, " is a null array"));
    std::shared_ptr<entry> e;
    std::string reason;
    {
        const std::scoped_lock lock(state_->mutex);
        ++state_->counts.calls;
        e = state_->find(arguments, structure, reason);
    }
    if (!e) {
        auto made = std::make_shared<entry>();
        made->for_these.structure = structure;
        for (const array& x : arguments) made->for_these.arguments.push_back({x.spec(), x.node()->weak});
        {
            const std::scoped_lock lock(state_->mutex);
            made->open = state_->open_axes(made->for_these, reason);
        }
        captured c = capture("compile", made->for_these.arguments, made->open, closures::variables, f);
        made->result_structure = std::exchange(result_structure, nullptr);
        made->closed_over = std::move(c.closed_over);
        made->code = std::make_shared<const program>(std::move(c.body), state_->options.fuse);
        const std::scoped_lock lock(state_->mutex);
        ++state_->counts.captures;
        std::string line = text("captured ", made->code->source().nodes.size(), " ops for");
        for (const value_id v : made->code->source().parameters) line += text(" ", made->code->source().values[v].spec);
        state_->log.push_back(line + ": " + reason);
        state_->add(made);
        state_->last = made->code.get();
        e = std::move(made);
    }
    result_structure = e->result_structure;
    std::vector<array>& all = arguments;
    all.insert(all.end(), e->closed_over.begin(), e->closed_over.end());
    if (std::any_of(all.begin(), all.end(), [](const array& x) { return x.node()->trace != nullptr; }))
        return call_program(e->code, all);
    plan::donations donated;
    for (std::size_t i = 0; i < given_up.size(); ++i)
        if (given_up[i] && is_unshared(all[i])) {
            if (donated.empty()) donated = plan::donations(all.size(), false);
            donated[i] = true;
        }
    try {
        return e->code->run(all, donated);
    } catch (const size_surprise& s) {
        const outside_of_captures now;
        const std::scoped_lock lock(state_->mutex);
        ++state_->counts.eager_runs;
        state_->log.push_back(text("ran eagerly: ", s.what()));
    }
    return f({all.data(), given_up.size()});
}

compile_statistics compiled_programs::statistics() const {
    const std::scoped_lock lock(state_->mutex);
    compile_statistics s = state_->counts;
    s.programs = state_->entries.size();
    for (const auto& e : state_->entries) {
        s.plans += e->code->plans();
        if (e->code.get() != state_->last) continue;
        s.peak_bytes = e->code->peak_bytes();
        s.kernels = e->code->kernels();
    }
    return s;
}

std::vector<std::string> compiled_programs::log() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->log;
}

std::string compiled_programs::print() const {
    const std::scoped_lock lock(state_->mutex);
    std::string all;
    for (const auto& e : state_->entries) all += to_string(e->code->optimised());
    return all;
}

}  // namespace tessera::detail
