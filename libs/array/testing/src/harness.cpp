#include "tessera/testing/harness.hpp"

#include <memory>

#include "checks.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

struct op_check {
    const char* suite;
    void (*run)(const op_case&);
};

constexpr op_check checks[] = {
    {"every_op/values", check_values},
    {"every_op/strides", check_strides},
    {"every_op/destination", check_destination},
    {"every_op/overlap", check_overlap},
    {"every_op/reuse", check_reuse},
    {"every_op/program", check_program},
    {"every_op/threads", check_threads},
    {"every_op/targets", check_targets},
    {"every_op/devices", check_devices},
    {"every_op/errors", check_errors},
};

class case_test : public ::testing::Test {
public:
    case_test(void (*run)(const op_case&), const op_case& c) : run_(run), case_(c) {}
    void TestBody() override { run_(case_); }

private:
    void (*run_)(const op_case&);
    const op_case& case_;
};

}  // namespace

void add_case_tests(case_registrar cases) {
    static std::vector<std::unique_ptr<case_table>> tables;  // the tests refer to their cases
    tables.push_back(std::make_unique<case_table>());
    cases(*tables.back());
    for (const op_check& check : checks)
        for (const op_case& c : tables.back()->cases())
            ::testing::RegisterTest(check.suite, c.test_name().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                    [&check, &c]() -> case_test* { return new case_test(check.run, c); });
}

}  // namespace tessera::testing
