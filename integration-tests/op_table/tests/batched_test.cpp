// Every op of every library under vmap: what a loop over the examples gives, for every dtype and shape of its case,
// with all operands batched and with each of them alone, once along the first axis and once along the last.
#include <gtest/gtest.h>

#include "batched.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/views.hpp"
#include "tessera/autograd/vmap.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

constexpr std::int64_t most_elements = 2'000;
constexpr std::size_t examples = 3;

struct batched_call {
    const op_case& c;
    std::vector<std::vector<array>> operands;  // [operand][example]
    std::vector<bool> is_batched;

    std::vector<array> of_example(std::size_t e) const {
        std::vector<array> in;
        for (std::size_t k = 0; k < operands.size(); ++k) in.push_back(operands[k][is_batched[k] ? e : 0]);
        return in;
    }
    // The magnitudes that the errors of all examples are measured by; none where each element is its own.
    std::vector<double> scales() const {
        std::vector<double> all;
        for (std::size_t e = 0; c.promises == accuracy::accumulation && e < examples; ++e) {
            std::vector<host_tensor> in;
            for (const array& x : of_example(e)) in.push_back(tensor_of(x));
            const std::vector<double> scale = c.reference(in).scale;
            all.insert(all.end(), scale.begin(), scale.end());
        }
        return all;
    }
};

// vmap(f) of the operands side by side along their first axis, and the same along their last.
array under_vmap(const batched_call& call, bool along_last) {
    std::vector<array> batches;
    for (std::size_t k = 0; k < call.operands.size(); ++k)
        if (call.is_batched[k]) batches.push_back(stack(call.operands[k], along_last ? -1 : 0));
    const auto f = [&](const std::vector<array>& one) {
        std::vector<array> in = call.of_example(0);
        std::size_t next = 0;
        for (std::size_t k = 0; k < in.size(); ++k)
            if (call.is_batched[k]) in[k] = one[next++];
        return call.c.call(in);
    };
    return autograd::vmap(f, along_last ? -1 : 0)(batches);
}

// An op whose result is as long as its data say, as nonzero's, has no batch: vmap says so.
bool refuses_a_size_per_example(const batched_call& call) {
    try {
        (void)under_vmap(call, false);
    } catch (const value_error& e) {
        return std::string_view(e.what()).find("a size cannot be different for every example") !=
               std::string_view::npos;
    }
    return false;
}

void expect_like_a_loop(const batched_call& call) {
    if (call.c.op == "array.nonzero") {
        EXPECT_TRUE(refuses_a_size_per_example(call));
        return;
    }
    std::vector<array> results;
    for (std::size_t e = 0; e < examples; ++e) results.push_back(call.c.call(call.of_example(e)));
    const expectation expected{tensor_of(stack(results)), call.scales()};
    const double ulp = 2 * tolerance(call.c.promises, results[0].dtype());  // of the loop and of the batch
    EXPECT_TRUE(matches(tensor_of(under_vmap(call, false)), expected, ulp));
    EXPECT_TRUE(matches(tensor_of(under_vmap(call, true)), expected, ulp)) << "along the last axis";
}

void check_batched(const op_case& c) {
    for (const auto& types : c.dtypes)
        for (const auto& shapes : c.shapes) {
            std::int64_t count = 0;
            for (const sizes& shape : shapes) count += count_of(shape);
            if (count > most_elements || shapes.empty()) continue;
            batched_call call{c, {}, std::vector<bool>(types.size(), true)};
            std::string what = c.test_name() + " of";
            for (std::size_t k = 0; k < types.size(); ++k) {
                std::vector<array> values;
                for (std::size_t e = 0; e < examples; ++e)
                    values.push_back(array_of(sample(types[k], shapes[k], c.domain(k), 80 + 10 * e + k)));
                what += text(" ", values[0].spec());
                call.operands.push_back(std::move(values));
            }
            const ::testing::ScopedTrace of_call(__FILE__, __LINE__, what);
            expect_like_a_loop(call);
            for (std::size_t k = 0; types.size() > 1 && k < types.size(); ++k) {
                const ::testing::ScopedTrace of_operand(__FILE__, __LINE__, text("batched: operand ", k));
                call.is_batched.assign(types.size(), false);
                call.is_batched[k] = true;
                expect_like_a_loop(call);
            }
            ASSERT_FALSE(::testing::Test::HasFailure());
        }
}

class batched_op : public ::testing::Test {
public:
    explicit batched_op(const op_case& c) : case_(c) {}
    void TestBody() override { check_batched(case_); }

private:
    const op_case& case_;
};

}  // namespace

void add_batched_tests(const case_table& table) {
    for (const op_case& c : table.cases())
        ::testing::RegisterTest("batched", c.test_name().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                [&c]() -> batched_op* { return new batched_op(c); });
}

}  // namespace tessera::testing
