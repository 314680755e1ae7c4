#include "tessera/dl/data.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/array/views.hpp"
#include "tessera/dl/csv.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {
namespace {

table parse(const std::string& csv) {
    std::istringstream in(csv);
    return read_csv(in, "test.csv");
}

std::string refusal(const std::string& csv) {
    try {
        parse(csv);
    } catch (const format_error& e) { return e.what(); }
    return "nothing was thrown";
}

TEST(read_csv, reads_names_and_numbers) {
    const table t = parse("a, b\r\n1,2.5\n\n-3e1,0\n");
    EXPECT_EQ(t.names, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(t.values.shape(), (dims{2, 2}));
    EXPECT_EQ(t.values.to_vector<double>(), (std::vector<double>{1, 2.5, -30, 0}));
    EXPECT_EQ(t.column("b"), 1);
    EXPECT_THROW(t.column("c"), index_error);
}

TEST(read_csv, takes_what_spreadsheets_write) {
    const table t = parse("\xEF\xBB\xBF\"a, \"\"b\"\"\",c\r\n\"1.5\" , 2\r\n\r\n");
    EXPECT_EQ(t.names, (std::vector<std::string>{"a, \"b\"", "c"}));
    EXPECT_EQ(t.values.to_vector<double>(), (std::vector<double>{1.5, 2}));
    EXPECT_EQ(refusal("a,b\n1,\"2\n"), "read_csv: test.csv line 2, field 2: a quote is not closed on its line");
    EXPECT_EQ(refusal("a,b\n\"1\"x,2\n"), "read_csv: test.csv line 2, field 1: 'x' follows the closing quote");
}

TEST(read_csv, refuses_malformed_text_with_its_place) {
    EXPECT_EQ(refusal(""), "read_csv: test.csv is empty; the first line must name the columns");
    EXPECT_EQ(refusal("a,b\n"), "read_csv: test.csv has a header but no rows");
    EXPECT_EQ(refusal("a,b\n1,2\n3\n"), "read_csv: test.csv line 3 has 1 fields but the header names 2");
    EXPECT_EQ(refusal("a,b\n1,2x\n"), "read_csv: test.csv line 2, column 'b': '2x' is not a finite number");
    EXPECT_EQ(refusal("a,b\n1,\n"), "read_csv: test.csv line 2, column 'b': '' is not a finite number");
    EXPECT_EQ(refusal("a,b\nnan,1\n"), "read_csv: test.csv line 2, column 'a': 'nan' is not a finite number");
    EXPECT_THROW(read_csv_file("no/such/file.csv"), format_error);
}

TEST(shuffled, is_a_permutation_that_depends_on_seed_and_stream) {
    std::vector<std::int64_t> order = shuffled(100, 7);
    EXPECT_EQ(order, shuffled(100, 7));
    EXPECT_NE(order, shuffled(100, 8));
    EXPECT_NE(order, shuffled(100, 7, 1));
    std::sort(order.begin(), order.end());
    for (std::int64_t i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

dataset of_classes(std::vector<std::int64_t> labels) {
    const auto n = static_cast<std::int64_t>(labels.size());
    return {reshape(arange(n), {n, 1}), from_span(std::span<const std::int64_t>(labels), {n})};
}

TEST(stratified_split, holds_out_the_same_share_of_every_class_and_loses_nobody) {
    std::vector<std::int64_t> labels;
    for (int i = 0; i < 40; ++i) labels.push_back(i < 8 ? 0 : 1);
    const auto [train, test] = stratified_split(of_classes(labels), 0.25, 3);
    std::map<std::int64_t, int> held;
    for (const std::int64_t l : test.y.to_vector<std::int64_t>()) ++held[l];
    EXPECT_EQ(held[0], 2);
    EXPECT_EQ(held[1], 8);
    std::vector<std::int64_t> all = train.x.to_vector<std::int64_t>();
    for (const std::int64_t i : test.x.to_vector<std::int64_t>()) all.push_back(i);
    std::sort(all.begin(), all.end());
    for (std::int64_t i = 0; i < 40; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], i);
}

TEST(stratified_split, refuses_shares_and_classes_that_cannot_be_split) {
    EXPECT_THROW(stratified_split(of_classes({0, 0, 1, 1}), 1.0, 0), value_error);
    EXPECT_THROW(stratified_split(of_classes({0, 0, 1}), 0.5, 0), value_error);
    EXPECT_THROW(stratified_split({ones({2, 1}), ones({2})}, 0.5, 0), dtype_error);
}

}  // namespace
}  // namespace tessera::dl
