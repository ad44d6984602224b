#include "release/strategy.h"

#include "base/digest.h"
#include "base/result.h"
#include "release/change.h"
#include "release/release.h"
#include "release/sample.h"
#include "release/spec.h"
#include "release/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>

namespace release {
namespace {

using testing::HasSubstr;

base::Result<Choice> chosen(const Spec& spec, const Release& from, const Release& to,
                            std::optional<StrategyKind> forced = {}) {
    return choose_strategy(spec, from, to, change_between(from, to), forced);
}

const Release kFrom = sample_release("r1", "1.2.3");

StrategyKind kind(const Spec& spec, const Release& to, std::optional<StrategyKind> forced = {}) {
    const auto choice = chosen(spec, kFrom, to, forced);
    EXPECT_TRUE(choice) << choice.error().line();
    return choice ? choice->kind : StrategyKind::publish;
}

std::string refusal(const Spec& spec, const Release& to, std::optional<StrategyKind> forced = {}) {
    const auto choice = chosen(spec, kFrom, to, forced);
    return choice ? "" : choice.error().diagnostic.code;
}

TEST(Strategies, follow_the_size_of_the_change) {
    const Spec spec = sample_spec();
    EXPECT_EQ(kind(spec, sample_release("r2", "2.0.0")), StrategyKind::blue_green);
    EXPECT_EQ(kind(spec, sample_release("r2", "1.3.0")), StrategyKind::canary);
    EXPECT_EQ(kind(spec, sample_release("r2", "1.2.4")), StrategyKind::canary);
    EXPECT_EQ(kind(spec, sample_release("r2", "1.2.3", "other")), StrategyKind::rolling);
    EXPECT_EQ(kind(spec, sample_release("r2", "1.2.3", "c", "web")), StrategyKind::publish);
    Release rebuilt = kFrom;
    rebuilt.artifact = base::sha256("another");
    EXPECT_EQ(kind(spec, rebuilt), StrategyKind::canary);
    EXPECT_EQ(refusal(spec, kFrom), "CF0210");
}

TEST(Strategies, follow_the_specs_own_table_before_the_houses) {
    Spec spec = sample_spec();
    spec.strategy.major = StrategyKind::canary;
    spec.strategy.minor = StrategyKind::blue_green;
    spec.strategy.patch = StrategyKind::rolling;
    spec.strategy.config = StrategyKind::blue_green;
    EXPECT_EQ(kind(spec, sample_release("r2", "2.0.0")), StrategyKind::canary);
    EXPECT_EQ(kind(spec, sample_release("r2", "1.3.0")), StrategyKind::blue_green);
    EXPECT_EQ(kind(spec, sample_release("r2", "1.2.4")), StrategyKind::rolling);
    const auto config = chosen(spec, kFrom, sample_release("r2", "1.2.3", "other"));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->reason, "the spec says `strategy.config: blue-green`");
}

TEST(Strategies, never_split_what_cannot_be_split) {
    for (const bool contract : {false, true}) {
        Spec spec = sample_spec();
        if (contract)
            spec.compatibility.schema = SchemaChange::contract;
        else
            spec.compatibility.fan_out = FanOut::none;
        EXPECT_EQ(kind(spec, sample_release("r2", "1.2.4")), StrategyKind::blue_green);
        EXPECT_EQ(kind(spec, sample_release("r2", "1.2.3", "other")), StrategyKind::blue_green);
        const auto canary = StrategyKind::canary;
        EXPECT_EQ(refusal(spec, sample_release("r2", "1.2.4"), canary), "CF0213");
        EXPECT_EQ(refusal(spec, sample_release("r2", "1.2.4"), StrategyKind::rolling), "CF0213");
    }
}

TEST(Strategies, end_the_old_release_first_where_two_must_not_run) {
    Spec spec = sample_spec();
    spec.compatibility.overlap = Overlap::none;
    for (const Release& to :
         {sample_release("r2", "1.2.4"), sample_release("r2", "2.0.0"),
          sample_release("r2", "1.2.2"), sample_release("r2", "1.2.3", "other")}) {
        const auto choice = chosen(spec, kFrom, to);
        ASSERT_TRUE(choice);
        EXPECT_EQ(choice->kind, StrategyKind::recreate);
        EXPECT_THAT(choice->reason, HasSubstr("`compatibility.overlap: none`"));
        EXPECT_EQ(refusal(spec, to, StrategyKind::blue_green), "CF0213");
    }
    const Release first = sample_release("r1", "1.0.0");
    const auto alone = choose_strategy(spec, {}, first, change_between({}, first), {});
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->kind, StrategyKind::blue_green);
}

TEST(Strategies, may_be_overridden_and_say_what_they_would_have_been) {
    const auto choice =
        chosen(sample_spec(), kFrom, sample_release("r2", "2.0.0"), StrategyKind::canary);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->kind, StrategyKind::canary);
    EXPECT_EQ(choice->reason, "--strategy canary was given");
    EXPECT_THAT(choice->notes.at(0), HasSubstr("would be blue-green: a major version"));
    EXPECT_EQ(refusal(sample_spec(), sample_release("r2", "2.0.0"), StrategyKind::publish),
              "CF0213");
    const Release first = sample_release("r1", "1.0.0");
    EXPECT_FALSE(
        choose_strategy(sample_spec(), {}, first, change_between({}, first), StrategyKind::canary));
}

TEST(Strategies, flip_a_downgrade_and_name_the_quicker_way) {
    const auto choice = chosen(sample_spec(), kFrom, sample_release("r2", "1.2.2"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->kind, StrategyKind::blue_green);
    EXPECT_THAT(choice->notes.at(0), HasSubstr("crossfade rollback"));
}

TEST(Strategies, refuse_forbidden_edges_and_jumps_that_are_too_far) {
    Spec spec = sample_spec();
    spec.compatibility.minor_jump_max = 1;
    spec.compatibility.forbidden = {
        {*range_from("=1.2.3"), *range_from(">=2.0.0 <2.0.5"), "a migration was renumbered"}};
    EXPECT_EQ(refusal(spec, sample_release("r2", "1.3.0")), "");
    EXPECT_EQ(refusal(spec, sample_release("r2", "1.4.0")), "CF0212");
    EXPECT_EQ(refusal(spec, sample_release("r2", "2.4.0")), "");
    EXPECT_EQ(refusal(spec, sample_release("r2", "2.0.4")), "CF0211");
    EXPECT_EQ(refusal(spec, sample_release("r2", "1.2.3", "other")), "");
}

}  // namespace
}  // namespace release
