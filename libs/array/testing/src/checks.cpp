#include "checks.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "tessera/array/backend.hpp"

namespace tessera::testing {

namespace {

std::optional<dtype> common_dtype(const op_case& c, std::span<const dtype> types) {
    for (std::size_t k = 0; k < types.size(); ++k)
        if (!c.is_discrete(k)) return types[k];
    return std::nullopt;
}

}  // namespace

bool is_mixed(const op_case& c, std::span<const dtype> types) {
    const std::optional<dtype> common = common_dtype(c, types);
    for (std::size_t k = 0; k < types.size(); ++k)
        if (!c.is_discrete(k) && types[k] != *common) return true;
    return false;
}

std::vector<std::vector<dtype>> typical_dtypes(const op_case& c) {
    std::vector<std::vector<dtype>> typical;
    std::vector<dtype> known;
    for (const auto& types : c.dtypes) {
        const std::optional<dtype> common = common_dtype(c, types);
        if (is_mixed(c, types) || (common && std::ranges::find(known, *common) != known.end())) continue;
        if (common) known.push_back(*common);
        typical.push_back(types);
    }
    return typical;
}

std::vector<host_tensor> sample_operands(const op_case& c, std::span<const dtype> types, std::span<const sizes> shapes,
                                         bool with_specials) {
    // Infinities in complex arithmetic give whatever the order of the operations gives.
    const bool defines_specials = c.promises == accuracy::exact || std::ranges::none_of(types, is_complex);
    std::vector<host_tensor> operands;
    for (std::size_t k = 0; k < shapes.size(); ++k) {
        const bool takes_specials = with_specials && defines_specials && !c.is_discrete(k);
        operands.push_back(sample(types[k], shapes[k], c.domain(k), 1000 + 7 * k + static_cast<std::size_t>(types[k]),
                                  takes_specials ? c.specials : special::none));
    }
    return operands;
}

std::vector<array> arrays_of(std::span<const host_tensor> operands, device where) {
    std::vector<array> arrays;
    for (const host_tensor& t : operands) arrays.push_back(array_of(t, where));
    return arrays;
}

void for_typical_operands(const op_case& c, const std::function<void(std::span<const host_tensor>)>& visit) {
    for (const auto& types : typical_dtypes(c))
        for (const auto& shapes : c.shapes) {
            const std::vector<host_tensor> operands = sample_operands(c, types, shapes, true);
            visit(operands);
            ASSERT_FALSE(::testing::Test::HasFailure()) << c.test_name() << " of " << describe(operands);
        }
}

namespace {

// Few values over and over; their number is prime, so that they do not line up with anything.
host_tensor repeating(const host_tensor& few, const sizes& shape) {
    host_tensor result = tensor(few.dtype, shape);
    for (std::size_t at = 0; at < result.bytes.size(); at += few.bytes.size())
        std::copy_n(few.bytes.begin(), std::min(few.bytes.size(), result.bytes.size() - at),
                    result.bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return result;
}

}  // namespace

void for_large_operands(const op_case& c, bool with_specials,
                        const std::function<void(std::span<const host_tensor>)>& visit) {
    if (c.large.empty()) return;
    for (const auto& types : typical_dtypes(c)) {
        const std::optional<dtype> common = common_dtype(c, types);
        if (common != f32 && common != f64 && types != c.dtypes.front()) continue;
        std::vector<host_tensor> operands =
            sample_operands(c, types, std::vector<sizes>(c.large.size(), {4099}), with_specials);
        for (std::size_t k = 0; k < operands.size(); ++k) operands[k] = repeating(operands[k], c.large[k]);
        visit(operands);
        ASSERT_FALSE(::testing::Test::HasFailure()) << c.test_name() << " of " << describe(operands);
    }
}

std::optional<recorded_call> op_call_of(const op_case& c, std::span<const array> in) {
    std::vector<recorded_call> calls = record_calls([&] { (void)c.call(in); });
    // Destinations and reuse are of ops with one result.
    const auto found = std::ranges::find_if(
        calls, [&](const recorded_call& call) { return call.op->name == c.op && call.op->outputs == 1; });
    if (found == calls.end()) return std::nullopt;
    return std::move(*found);
}

namespace {

class bare_backend final : public backend {
public:
    std::string_view name() const override { return "bare"; }
    std::int32_t kind() const override { return 64; }
    int device_count() const override { return 1; }
    void* allocate(std::size_t bytes, int) override { return ::operator new(bytes, std::align_val_t(64)); }
    void deallocate(void* data, std::size_t, int) noexcept override { ::operator delete(data, std::align_val_t(64)); }
    void copy(const any_view& from, const any_view& to) override {
        any_view source = from, target = to;
        source.device = target.device = cpu;
        cpu_backend().copy(source, target);
    }
};

}  // namespace

device bare_device() {
    static backend& bare = []() -> backend& {
        auto& made = *new bare_backend;  // arrays may outlive any static
        registry::global().add_backend(made);
        return made;
    }();
    return {bare.kind(), 0};
}

}  // namespace tessera::testing
