#include "release/version.h"

#include <gtest/gtest.h>

#include <compare>
#include <cstddef>
#include <string_view>
#include <vector>

namespace release {
namespace {

Version version(std::string_view text) {
    const auto read = version_from(text);
    EXPECT_TRUE(read) << text;
    return read.value_or(Version{});
}

// The examples of semver.org's own regular expression page (regex101.com/r/Ly7O1x/3).
TEST(Versions, that_semver_calls_valid_are_read_and_printed_back) {
    for (const char* text : {"0.0.4",
                             "1.2.3",
                             "10.20.30",
                             "1.1.2-prerelease+meta",
                             "1.1.2+meta",
                             "1.1.2+meta-valid",
                             "1.0.0-alpha",
                             "1.0.0-beta",
                             "1.0.0-alpha.beta",
                             "1.0.0-alpha.beta.1",
                             "1.0.0-alpha.1",
                             "1.0.0-alpha0.valid",
                             "1.0.0-alpha.0valid",
                             "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
                             "1.0.0-rc.1+build.1",
                             "2.0.0-rc.1+build.123",
                             "1.2.3-beta",
                             "10.2.3-DEV-SNAPSHOT",
                             "1.2.3-SNAPSHOT-123",
                             "2.0.1-alpha.1227",
                             "1.0.0-alpha+beta",
                             "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
                             "1.2.3----R-S.12.9.1--.12+meta",
                             "1.2.3----RC-SNAPSHOT.12.9.1--.12",
                             "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
                             "1.0.0-0A.is.legal"}) {
        EXPECT_EQ(to_text(version(text)), text);
    }
}

TEST(Versions, that_semver_calls_invalid_are_rejected) {
    for (const char* text : {"1",
                             "1.2",
                             "1.2.3-0123",
                             "1.2.3-0123.0123",
                             "1.1.2+.123",
                             "+invalid",
                             "-invalid",
                             "-invalid+invalid",
                             "alpha",
                             "alpha.beta",
                             "alpha.1",
                             "1.0.0-alpha_beta",
                             "1.0.0-alpha..",
                             "1.0.0-alpha..1",
                             "01.1.1",
                             "1.01.1",
                             "1.1.01",
                             "1.2.3.DEV",
                             "1.2-SNAPSHOT",
                             "1.2-RC-SNAPSHOT",
                             "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788",
                             "-1.0.3-gamma+b7718",
                             "+justmeta",
                             "9.8.7+meta+meta",
                             "9.8.7-whatever+meta+meta",
                             "",
                             ".",
                             "..",
                             "1.2.",
                             "1.2.3-",
                             "1.2.3+",
                             "v1.2.3",
                             " 1.2.3",
                             "1.2.3 ",
                             "1.2.3-a.",
                             "4294967296.0.0"}) {
        const auto read = version_from(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().diagnostic.code, "CF0201");
        EXPECT_FALSE(read.error().diagnostic.why.empty()) << text;
    }
}

TEST(Versions, stand_in_the_order_of_rule_11) {
    const std::vector<const char*> rising{"0.9.9",
                                          "1.0.0-0",
                                          "1.0.0-2",
                                          "1.0.0-11",
                                          "1.0.0-A",
                                          "1.0.0-alpha",
                                          "1.0.0-alpha.1",
                                          "1.0.0-alpha.beta",
                                          "1.0.0-beta",
                                          "1.0.0-beta.2",
                                          "1.0.0-beta.11",
                                          "1.0.0-rc.1",
                                          "1.0.0",
                                          "1.0.1",
                                          "1.0.10",
                                          "1.2.0-rc.99999999999999999998",
                                          "1.2.0-rc.99999999999999999999",
                                          "1.2.0",
                                          "2.0.0"};
    for (std::size_t i = 0; i < rising.size(); ++i) {
        for (std::size_t j = 0; j < rising.size(); ++j)
            EXPECT_EQ(version(rising[i]) <=> version(rising[j]), i <=> j)
                << rising[i] << ' ' << rising[j];
    }
}

TEST(Versions, that_differ_in_build_only_are_equivalent_and_not_the_same) {
    EXPECT_EQ(version("1.0.0+a") <=> version("1.0.0+b"), std::weak_ordering::equivalent);
    EXPECT_NE(version("1.0.0+a"), version("1.0.0+b"));
}

TEST(VersionRanges, hold_what_fulfils_every_comparison) {
    const auto range = range_from(">=10.11.17 <11.0.0");
    ASSERT_TRUE(range);
    EXPECT_TRUE(range->contains(version("10.11.17")));
    EXPECT_TRUE(range->contains(version("10.99.0")));
    EXPECT_FALSE(range->contains(version("10.11.16")));
    EXPECT_FALSE(range->contains(version("11.0.0")));
    EXPECT_TRUE(range_from("=1.0.0")->contains(version("1.0.0+build")));
    EXPECT_TRUE(range_from(">1.0.0")->contains(version("1.0.1-rc.1")));
    EXPECT_TRUE(range_from("<=1.0.0")->contains(version("1.0.0")));
}

TEST(VersionRanges, print_as_they_are_written_and_all_else_is_rejected) {
    for (const char* text : {">=1.0.0 <2.0.0", "=1.0.0", ">1.0.0-rc.1", "<=3.0.0"}) {
        ASSERT_TRUE(range_from(text)) << text;
        EXPECT_EQ(to_text(*range_from(text)), text);
    }
    for (const char* text : {"", "1.0.0", ">= 1.0.0", ">=1.0.0  <2.0.0", ">=1.0.0 ", "^1.0.0",
                             "=>1.0.0", ">=1.0", "==1.0.0"})
        EXPECT_FALSE(range_from(text)) << text;
    std::string long_one = "=1.0.0";
    for (int i = 0; i < 8; ++i) long_one += " =1.0.0";
    EXPECT_FALSE(range_from(long_one));
}

}  // namespace
}  // namespace release
