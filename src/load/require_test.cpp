#include "load/require.h"

#include <gtest/gtest.h>

namespace load {
namespace {

constexpr std::string_view kRun =
    R"({"http":{"failed":0,"p99_ms":12.5},"messages":{"lost":2},"harm":{"requests":7,"1.0.2":7},)"
    R"("rollback_ms":null,"stopped_early":true,"self":{"void":false}})";

bool met(std::string_view text, std::string_view document = kRun) {
    const auto requirement = requirement_from(text);
    EXPECT_TRUE(requirement) << text;
    return check({*requirement}, document)->front().met;
}

TEST(LoadRequire, compares_in_six_ways) {
    EXPECT_TRUE(met("http.failed==0"));
    EXPECT_FALSE(met("messages.lost==0"));
    EXPECT_TRUE(met("messages.lost!=0"));
    EXPECT_TRUE(met("http.p99_ms<12.6"));
    EXPECT_FALSE(met("http.p99_ms<12.5"));
    EXPECT_TRUE(met("http.p99_ms<=12.5"));
    EXPECT_TRUE(met("messages.lost>1"));
    EXPECT_FALSE(met("messages.lost>2"));
    EXPECT_TRUE(met("messages.lost >= 2"));
    EXPECT_TRUE(met("stopped_early==1"));
}

TEST(LoadRequire, finds_figures_whose_names_have_dots) {
    EXPECT_TRUE(met("harm.1.0.2==7"));
    EXPECT_TRUE(met("harm.requests<=10"));
}

TEST(LoadRequire, a_figure_that_the_run_does_not_have_is_not_met) {
    const auto checked =
        check({*requirement_from("http.faild==0"), *requirement_from("rollback_ms<1000")}, kRun);
    EXPECT_FALSE(checked->at(0).met);
    EXPECT_FALSE(checked->at(0).known);
    EXPECT_EQ(checked->at(0).why, "the run has no figure http.faild");
    EXPECT_FALSE(checked->at(1).met);
}

TEST(LoadRequire, says_what_was_and_what_was_wanted) {
    EXPECT_EQ(check({*requirement_from("messages.lost==0")}, kRun)->front().why,
              "messages.lost is 2, wanted ==0");
}

TEST(LoadRequire, a_void_run_meets_nothing) {
    EXPECT_FALSE(met("http.failed==0", R"({"http":{"failed":0},"self":{"void":true}})"));
}

TEST(LoadRequire, refuses_text_that_says_nothing) {
    for (const std::string_view text :
         {"", "http.failed", "==0", "http.failed==", "http.failed=0", "http.failed==none",
          "http.failed==0x", "http.failed<>3", "http.failed==nan", "a$b==1"}) {
        const auto requirement = requirement_from(text);
        ASSERT_FALSE(requirement) << text;
        EXPECT_EQ(requirement.error().diagnostic.code, "CF0605");
    }
}

}  // namespace
}  // namespace load
