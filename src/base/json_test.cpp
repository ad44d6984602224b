#include "base/json.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Json, with_a_duplicate_key_or_too_deep_or_too_long_is_rejected) {
    EXPECT_FALSE(json_from(R"({"a":1,"a":2})"));
    EXPECT_TRUE(json_from(R"([{"a":1},{"a":2}])"));
    EXPECT_FALSE(json_from(std::string(100'000, '[')));
    EXPECT_FALSE(json_from("[1,2,3]", 4));
    EXPECT_FALSE(json_from("{} x"));
}

TEST(Json, that_is_canonical_has_the_same_bytes_for_the_same_value) {
    EXPECT_EQ(canonical(*json_from(R"({ "b" : 1, "a" : [ ] })")), R"({"a":[],"b":1})");
}

TEST(JsonMembers, of_another_type_are_rejected_by_name) {
    const Json object = *json_from(R"({"n":-1,"s":"x"})");
    EXPECT_EQ(member<std::string>(object, "s"), "x");
    EXPECT_EQ(member<std::int64_t>(object, "n"), -1);
    EXPECT_FALSE(member<std::uint64_t>(object, "n"));
    EXPECT_EQ(member_or<bool>(object, "absent", true), true);
    const auto wrong = member_or<bool>(object, "s", true);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().diagnostic.what, "the member `s` is no true or false");
}

}  // namespace
}  // namespace base
