#include <gtest/gtest.h>

#include "manifest.hpp"
#include "oracle_folder.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::oracles {
namespace {

const group_name pets{"zoo", "pets"};

std::string line_with(const std::string& tensor) {
    return R"({"id":"zoo/pets/1","lib":"zoo","op":"feed","in":[)" + tensor +
           R"(],"out":[]})"
           "\n";
}

std::string refusal(const oracle_folder& folder) {
    try {
        load_group(folder.path(), pets);
    } catch (const format_error& e) { return e.what(); }
    return "no format_error";
}

void expect_refused(const std::string& lines, std::string_view reason) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets", lines, "12345678");
    const std::string message = refusal(folder);
    EXPECT_NE(message.find(reason), std::string::npos) << message;
    EXPECT_NE(message.find("pets.jsonl:1"), std::string::npos) << message;
}

TEST(load_group, reads_all_fields_of_a_case) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets",
                       R"({"id":"zoo/pets/1","lib":"zoo","op":"feed","attrs":{"axis":1,"n":null},)"
                       R"("in":[{"n":"x","dt":"u8","sh":[2,2],"off":4,"nb":4}],)"
                       R"("out":[{"n":"y","dt":"f32","sh":[],"off":0,"nb":4,"cmp":{"k":"ulp","n":2}}],)"
                       R"("truth":"by hand","tags":["optional:cats"]})"
                       "\n",
                       "12345678");
    const std::vector<manifest_case> cases = load_group(folder.path(), pets);
    ASSERT_EQ(cases.size(), 1U);
    const manifest_case& c = cases[0];
    EXPECT_EQ(c.asked.group, "zoo/pets");
    EXPECT_EQ(c.asked.op, "feed");
    EXPECT_EQ(c.asked.input("x").dtype, u8);
    EXPECT_EQ(c.asked.input("x").bytes.front(), std::byte{'5'});
    EXPECT_EQ(c.asked.attr_or<int>("axis", 0), 1);
    EXPECT_EQ(c.asked.attr_or<int>("n", 7), 7);
    EXPECT_EQ(c.expected.at(0).compare->limit, 2);
    EXPECT_TRUE(c.is_optional());
    EXPECT_FALSE(c.must_fail);
}

TEST(load_group, takes_empty_tensors_of_any_other_sizes) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets",
                       line_with(R"({"n":"x","dt":"f64","sh":[9999999999,0,9999999999],"off":8,"nb":0})"), "12345678");
    EXPECT_EQ(load_group(folder.path(), pets).at(0).asked.input("x").size(), 0U);
}

TEST(load_group, refuses_tensors_out_of_the_blob) {
    expect_refused(line_with(R"({"n":"x","dt":"f32","sh":[2],"off":4,"nb":8})"), "reach out of the blob");
    expect_refused(line_with(R"({"n":"x","dt":"u8","sh":[1],"off":18446744073709551615,"nb":1})"),
                   "reach out of the blob");
}

TEST(load_group, refuses_sizes_that_disagree) {
    expect_refused(line_with(R"({"n":"x","dt":"f32","sh":[3],"off":0,"nb":8})"), "takes 12 bytes, but nb is 8");
    expect_refused(line_with(R"({"n":"x","dt":"u8","sh":[-1],"off":0,"nb":8})"), "negative size");
    expect_refused(line_with(R"({"n":"x","dt":"u8","sh":[4294967296,4294967296,2],"off":0,"nb":0})"), "overflows");
}

TEST(load_group, refuses_unknown_dtypes_and_comparisons) {
    expect_refused(line_with(R"({"n":"x","dt":"f31","sh":[1],"off":0,"nb":4})"), "'f31' is unknown");
    expect_refused(
        R"({"id":"1","op":"feed","in":[],"out":[{"n":"y","dt":"u8","sh":[],"off":0,"nb":1,"cmp":{"k":"nearly"}}]})",
        "'nearly' is unknown");
}

TEST(load_group, refuses_a_truncated_line_and_missing_fields) {
    expect_refused(R"({"id":"zoo/pets/1","op":"fe)", "parse error");
    expect_refused(R"({"id":"zoo/pets/1","in":[],"out":[]})", "op");
    expect_refused(R"([1, 2])", "a case is a JSON object");
}

TEST(load_group, names_the_line_of_the_mistake) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets",
                       R"({"id":"1","op":"feed","in":[],"out":[]})"
                       "\n{\n",
                       "");
    EXPECT_NE(refusal(folder).find("pets.jsonl:2"), std::string::npos) << refusal(folder);
}

TEST(load_group, refuses_a_missing_blob) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets", "", "");
    std::filesystem::remove(folder.path() / "zoo" / "pets.bin");
    EXPECT_NE(refusal(folder).find("pets.bin"), std::string::npos);
}

TEST(list_groups, chooses_by_library_and_by_either_form_of_the_group) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets", "", "");
    folder.write_group("zoo", "wild", "", "");
    folder.write_group("farm", "pets", "", "");
    EXPECT_EQ(list_groups(folder.path(), "", "").size(), 3U);
    EXPECT_EQ(list_groups(folder.path(), "", "").front().key(), "farm/pets");
    EXPECT_EQ(list_groups(folder.path(), "zoo", "").size(), 2U);
    EXPECT_EQ(list_groups(folder.path(), "", "pets").size(), 2U);
    EXPECT_EQ(list_groups(folder.path(), "", "zoo/pets").size(), 1U);
    EXPECT_THROW(list_groups(folder.path(), "zoo", "cows"), format_error);
    EXPECT_THROW(list_groups(folder.path() / "nowhere", "", ""), format_error);
}

TEST(oracle_number, reads_the_words_for_what_json_cannot_say) {
    EXPECT_EQ(testing::oracle_number(2), 2.0);
    EXPECT_EQ(testing::oracle_number("-inf"), -std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(testing::oracle_number("nan")));
    EXPECT_THROW(testing::oracle_number("two"), format_error);
}

TEST(oracle_case, refuses_attributes_of_another_type) {
    testing::oracle_case c;
    c.id = "zoo/pets/7";
    c.attrs = {{"axis", "left"}};
    EXPECT_THROW(c.attr_as<int>("axis"), format_error);
    EXPECT_THROW(c.required_attr<int>("n"), format_error);
    EXPECT_THROW(c.input("x"), format_error);
}

}  // namespace
}  // namespace tessera::oracles
