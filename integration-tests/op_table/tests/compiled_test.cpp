// Every op of every library, compiled: the same dtype, shape and bits as eager, for every dtype and shape of its case,
// at fixed and at open sizes.
#include <gtest/gtest.h>

#include "compiled.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/testing/layouts.hpp"

namespace tessera::testing {
namespace {

using graph::compile;
using graph::open_sizes;

constexpr std::int64_t most_elements = 100'000;

// Alone, and between element-wise ops that it may be fused with.
void check_compiled(const op_case& c) {
    for (const auto& types : c.dtypes) {
        const auto plain = compile([&](const std::vector<array>& in) { return c.call(in); });
        const auto open =
            compile([&](const std::vector<array>& in) { return c.call(in); }, {.sizes = open_sizes::always});
        for (const auto& shapes : c.shapes) {
            std::vector<host_tensor> values;
            std::vector<array> operands, spaced;
            std::int64_t count = 0;
            for (std::size_t k = 0; k < types.size(); ++k) {
                values.push_back(sample(types[k], shapes[k], c.domain(k), 70 + k));
                operands.push_back(array_of(values.back()));
                spaced.push_back(laid_out(values.back(), layout::spaced));
                count += count_of(shapes[k]);
            }
            if (count > most_elements) continue;
            const host_tensor expected = tensor_of(c.call(operands));
            const std::string what = c.test_name() + " of " + describe(values);
            EXPECT_TRUE(same_bits(tensor_of(plain(operands)), expected)) << what << " compiled";
            EXPECT_TRUE(same_bits(tensor_of(open(operands)), expected)) << what << " compiled, open sizes";
            if (!c.layout_shows) {
                EXPECT_TRUE(same_bits(tensor_of(plain(spaced)), expected)) << what << " compiled, spaced";
            }
        }
    }
}

class compiled_op : public ::testing::Test {
public:
    explicit compiled_op(const op_case& c) : case_(c) {}
    void TestBody() override { check_compiled(case_); }

private:
    const op_case& case_;
};

}  // namespace

void add_compiled_tests(const case_table& table) {
    for (const op_case& c : table.cases())
        ::testing::RegisterTest("compiled", c.test_name().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                [&c]() -> compiled_op* { return new compiled_op(c); });
}

}  // namespace tessera::testing
