#include "base/spelling.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace base {
namespace {

TEST(EditDistances, count_changes_additions_omissions_and_exchanges) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("interval", "intervall"), 1U);
    EXPECT_EQ(edit_distance("health", "healht"), 1U);
    EXPECT_EQ(edit_distance("canary", "canery"), 1U);
    EXPECT_EQ(edit_distance("abcdef", "badcfe"), 3U);
}

TEST(NearestNames, are_found_when_near_and_only_then) {
    const std::vector<std::string> names{"application", "assets", "artifact", "TEST"};
    EXPECT_EQ(nearest_name("artefact", names), "artifact");
    EXPECT_EQ(nearest_name("test", names), "TEST");
    EXPECT_EQ(nearest_name("asset", names), "assets");
    EXPECT_FALSE(nearest_name("zzz", names));
    EXPECT_FALSE(nearest_name("", names));
    EXPECT_FALSE(nearest_name(std::string(65, 'a'), names));
}

TEST(OtherReadings, name_what_some_reader_of_yaml_would_see) {
    for (const char* text : {"yes", "No", "on", "OFF", "y", "N", "true", "False"})
        EXPECT_EQ(other_reading(text), "a truth value") << text;
    for (const char* text : {"", "~", "null", "NULL"})
        EXPECT_EQ(other_reading(text), "nothing") << text;
    for (const char* text :
         {"0",  "8",  "010", "-1",   "+1",    "1_000",  "0x1F", "0o17",  "0b11", "1.5",
          "1.", ".5", "1e3", "1E+3", "12:30", "1:30.5", ".inf", "-.INF", ".nan", "6.02e-23"})
        EXPECT_EQ(other_reading(text), "a number") << text;
    for (const char* text : {"2026-11-23", "2026-1-2", "2026-11-23T01:02:03Z"})
        EXPECT_EQ(other_reading(text), "a date") << text;
}

TEST(OtherReadings, leave_texts_alone) {
    for (const char* text :
         {"chat", "1.0.1", "127.0.0.1:8080", "90s", "5%", "--listen", "/*",           "-",
          "yes!", "nope",  "0xZZ",           "e5",  "1e", "::1",      "2026-11-23-x", "v1",
          "+",    "a:1",   "1.2.3-rc.1",     ".",   "_1", "1m30s"})
        EXPECT_EQ(other_reading(text), "") << text;
}

TEST(WholeNumbers, have_one_spelling) {
    for (const char* text : {"0", "7", "-1", "10", "18446744073709551615"})
        EXPECT_TRUE(is_whole_number(text)) << text;
    for (const char* text : {"", "-", "-0", "00", "010", "+1", "1_0", "1.0", " 1", "0x1"})
        EXPECT_FALSE(is_whole_number(text)) << text;
}

}  // namespace
}  // namespace base
