#include <gtest/gtest.h>

#include <set>

#include "all_cases.hpp"
#include "documents.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

const case_table& all_cases() {
    static const case_table& table = []() -> case_table& {
        auto& made = *new case_table;
        register_all_cases(made);
        return made;
    }();
    return table;
}

TEST(op_table, has_a_case_for_every_registered_op) {
    (void)coverage_of(all_cases(), {cpu});  // uses every library, which registers its ops
    std::string missing;
    for (const std::string_view op : ops_without_cases(all_cases())) missing += text(op, " ");
    EXPECT_EQ(missing, "");
}

TEST(op_table, says_what_runs_on_the_cpu) {
    for (const op_coverage& entry : coverage_of(all_cases(), {cpu}))
        for (std::size_t i = 0; i < entry.dtypes.size(); ++i)
            EXPECT_TRUE(entry.choices[0][i].runs)
                << entry.op->name << " of " << name(entry.dtypes[i]) << ": " << entry.choices[0][i].how;
}

TEST(op_table, differentiates_whatever_its_cases_say) {
    for (const op_coverage& entry : coverage_of(all_cases(), {cpu}))
        for (const op_case& c : all_cases().cases()) {
            if (c.op != entry.op->name || c.derivative == smoothness::none) continue;
            EXPECT_NE(entry.op->jvp, nullptr) << c.op;
            EXPECT_NE(entry.op->vjp, nullptr) << c.op;
        }
}

TEST(ops_document, has_a_row_for_every_op) {
    const std::string document = ops_document(all_cases());
    EXPECT_NE(document.find("| array.add | all | cpu: simd | yes | yes | element-wise | yes |"), std::string::npos)
        << document;
    EXPECT_NE(document.find("| array.reshape | all | cpu: view |"), std::string::npos);
}

TEST(parity_table, names_the_kernel_of_every_dtype) {
    const std::string table = parity_table(all_cases());
    EXPECT_NE(table.find("array.subtract"), std::string::npos);
    EXPECT_EQ(table.find("no kernel"), std::string::npos);
}

}  // namespace
}  // namespace tessera::testing
