#include "judge/trial.h"

#include "judge/dispersion.h"
#include "judge/proportion.h"
#include "judge/words.h"

#include <gtest/gtest.h>

#include <cmath>

namespace judge {
namespace {

Reading beside(const Tick& tick) {
    return {.stage = Stage::beside, .weight = 0.1, .ticks = {tick}};
}

Trial after(std::vector<Metric> metrics, const Reading& reading, int times) {
    Trial trial(std::move(metrics));
    for (int i = 0; i < times; ++i) trial.see(reading);
    return trial;
}

TEST(Trial, says_unknown_without_data) {
    const Trial trial({Metric{}});
    EXPECT_EQ(trial.verdict().word, Word::unknown);
    EXPECT_EQ(trial.verdict().metric, "errors");
    EXPECT_EQ(Trial({}).verdict().word, Word::unknown);
}

TEST(Trial, clears_a_release_that_is_as_good_as_the_old_one) {
    const Trial trial = after({Metric{}}, beside({1000, 9000, 5, 45}), 6);
    EXPECT_EQ(trial.verdict().word, Word::pass) << trial.verdict().reason;
    EXPECT_EQ(trial.verdict().reason,
              "30 failed requests in 6,000 requests of the new release, 270 in 54,000 of the old: "
              "at most 0.39 points more");
}

TEST(Trial, an_abort_explains_itself_in_counts_and_is_not_taken_back) {
    Trial trial = after({Metric{}}, beside({1000, 9000, 61, 44}), 2);
    EXPECT_EQ(trial.verdict().word, Word::fail);
    EXPECT_EQ(trial.verdict().metric, "errors");
    EXPECT_EQ(trial.verdict().reason,
              "122 failed requests in 2,000 requests of the new release, 88 in 18,000 of the old: "
              "at least 3.5 points more, odds 11,013 to 1");
    for (int i = 0; i < 100; ++i) trial.see(beside({1000, 9000, 0, 44}));
    EXPECT_EQ(trial.verdict().word, Word::fail);
}

TEST(Trial, no_single_tick_aborts) {
    EXPECT_EQ(after({Metric{}}, beside({1000, 9000, 1000, 0}), 1).verdict().word, Word::unknown);
    EXPECT_EQ(after({Metric{}}, beside({1000, 9000, 1000, 0}), 2).verdict().word, Word::fail);
}

TEST(Trial, a_difference_within_the_margin_is_no_fault_at_any_traffic) {
    const Trial trial = after({Metric{}}, beside({1e12, 9e12, 1.05e10, 9e10}), 360);
    EXPECT_EQ(trial.verdict().word, Word::pass) << trial.verdict().reason;
}

TEST(Trial, the_metric_with_the_strongest_evidence_is_named) {
    Metric second;
    second.name = "latency p99";
    second.events = "slow requests";
    Trial trial({Metric{}, second});
    for (int i = 0; i < 3; ++i) {
        trial.see({.weight = 0.1, .ticks = {{1000, 9000, 10, 90}, {1000, 9000, 200, 90}}});
    }
    EXPECT_EQ(trial.verdict().word, Word::fail);
    EXPECT_EQ(trial.verdict().metric, "latency p99");
}

TEST(Trial, a_pass_needs_every_critical_metric) {
    Metric second;
    second.name = "upgrades";
    Trial trial({Metric{}, second});
    for (int i = 0; i < 9; ++i) trial.see({.weight = 0.1, .ticks = {{1000, 9000, 5, 45}, {}}});
    EXPECT_EQ(trial.verdict().word, Word::unknown);
    EXPECT_EQ(trial.verdict().metric, "upgrades");
}

TEST(Trial, scattered_errors_count_for_less) {
    Metric clustered;
    clustered.dispersion = 9;
    EXPECT_EQ(after({Metric{}}, beside({1000, 9000, 40, 90}), 2).verdict().word, Word::fail);
    EXPECT_EQ(after({clustered}, beside({1000, 9000, 40, 90}), 2).verdict().word, Word::unknown);
}

TEST(Trial, a_cold_start_is_not_a_fault_but_a_wreck_is) {
    const Reading cold{.stage = Stage::warming, .weight = 0.1, .ticks = {{1000, 9000, 60, 90}}};
    EXPECT_NE(after({Metric{}}, cold, 18).verdict().word, Word::fail);
    const Reading wreck{.stage = Stage::warming, .weight = 0.1, .ticks = {{1000, 9000, 600, 90}}};
    EXPECT_EQ(after({Metric{}}, wreck, 2).verdict().word, Word::fail);
}

TEST(Trial, alone_it_is_compared_with_what_was_usual) {
    Metric metric;
    metric.usual = 0.01;
    const Reading good{.stage = Stage::alone, .weight = 1, .ticks = {{1000, 0, 10, 0}}};
    const Reading bad{.stage = Stage::alone, .weight = 1, .ticks = {{1000, 0, 30, 0}}};
    EXPECT_FALSE(after({metric}, good, 180).wants_comparison());
    const Trial trial = after({metric}, bad, 3);
    EXPECT_TRUE(trial.wants_comparison());
    EXPECT_EQ(trial.word(), Word::unknown);
    EXPECT_EQ(trial.verdict().metric, "errors");
}

TEST(Trial, alone_for_good_it_fails_if_it_is_worse_than_usual) {
    Metric metric;
    metric.usual = 0.01;
    Trial trial({metric}, {.compares_again = false});
    const Reading bad{.stage = Stage::alone, .weight = 1, .ticks = {{1000, 0, 30, 0}}};
    for (int i = 0; i < 3; ++i) trial.see(bad);
    EXPECT_EQ(trial.word(), Word::fail);
}

TEST(Trial, alone_without_history_it_is_compared_with_what_the_old_release_showed) {
    Trial trial = after({Metric{}}, beside({5000, 5000, 50, 50}), 10);
    for (int i = 0; i < 3; ++i) {
        trial.see({.stage = Stage::alone, .weight = 1, .ticks = {{10'000, 0, 400, 0}}});
    }
    EXPECT_TRUE(trial.wants_comparison());
}

TEST(Trial, a_comparison_clears_a_release_whose_world_got_worse_and_condemns_one_that_did) {
    for (const bool at_fault : {false, true}) {
        Trial trial = after({Metric{}}, beside({5000, 5000, 50, 50}), 10);
        for (int i = 0; i < 4 && !trial.wants_comparison(); ++i) {
            trial.see({.stage = Stage::alone, .weight = 1, .ticks = {{10'000, 0, 400, 0}}});
        }
        const Tick compared{5000, 5000, 200, at_fault ? 50.0 : 200.0};
        trial.see({.weight = 0.5, .ticks = {compared}});
        EXPECT_EQ(trial.word(), Word::unknown) << "cleared anew, not by what was seen before";
        for (int i = 0; i < 9; ++i) trial.see({.weight = 0.5, .ticks = {compared}});
        EXPECT_EQ(trial.word(), at_fault ? Word::fail : Word::pass) << trial.verdict().reason;
    }
}

TEST(Trial, a_limit_aborts_although_the_margin_allows) {
    Metric metric;
    metric.acceptable = {.factor = 10, .points = 0.1};
    metric.limit = 0.02;
    const Trial trial = after({metric}, beside({1000, 9000, 50, 45}), 3);
    EXPECT_EQ(trial.verdict().word, Word::fail);
    EXPECT_NE(trial.verdict().reason.find("above the limit of 2.0 points"), std::string::npos)
        << trial.verdict().reason;
}

TEST(Trial, a_burning_environment_holds_and_does_not_abort) {
    Metric metric;
    metric.limit = 0.02;
    const Trial trial = after({metric}, beside({1000, 9000, 60, 540}), 4);
    EXPECT_EQ(trial.verdict().word, Word::unknown);
    EXPECT_EQ(trial.verdict().metric, "environment");
}

TEST(Trial, silence_of_the_new_release_alone_is_a_fault) {
    Trial trial({Metric{}});
    trial.see({.weight = 0.001, .ticks = {{0, 1000, 0, 3}}});
    EXPECT_EQ(trial.verdict().word, Word::unknown);
    trial.see({.weight = 0.02, .ticks = {{0, 1000, 0, 3}}});
    EXPECT_EQ(trial.verdict().word, Word::fail);
    EXPECT_EQ(trial.verdict().metric, "traffic");
}

TEST(Trial, silence_of_everything_is_the_telemetrys) {
    const Trial trial = after({Metric{}}, beside({}), 3);
    EXPECT_EQ(trial.verdict().word, Word::unknown);
    EXPECT_EQ(trial.verdict().metric, "telemetry");
}

TEST(Trial, the_evidence_of_many_metrics_is_their_mean) {
    const Reading reading{.weight = 0.1, .ticks = {{1000, 9000, 30, 90}, {1000, 9000, 10, 90}}};
    Metric ignored;
    ignored.weight = 0;
    const double alone = after({Metric{}, ignored}, reading, 1).log_evidence();
    const double both = after({Metric{}, Metric{}}, reading, 1).log_evidence();
    EXPECT_LT(both, alone);
    EXPECT_GE(both, alone - std::log(2));
}

TEST(Share, is_sound_for_huge_counts_and_finds_what_is_missing) {
    EXPECT_LT(share_evidence(5e10, 1e12, 0.05, 1000), 0);
    EXPECT_NEAR(share_evidence(0, 0, 0.05, 1000), 0, 1e-12);
    EXPECT_GT(share_evidence(5e10 + 2e7, 1e12, 0.05, 1000), 100);
    EXPECT_GT(excess_share_evidence(5e4 + 2e3, 1e6, 0.05), 10);
    EXPECT_LT(excess_share_evidence(5e4 - 2e3, 1e6, 0.05), 0);
}

TEST(Dispersion, is_one_without_scatter_and_without_events) {
    EXPECT_EQ(dispersion_of({}), 1);
    const std::vector<Sample> calm(180, Sample{1000, 10});
    EXPECT_EQ(dispersion_of(calm), 1);
    const std::vector<Sample> empty(180, Sample{1000, 0});
    EXPECT_EQ(dispersion_of(empty), 1);
}

TEST(Dispersion, keeps_a_reserve_once_scatter_is_plain) {
    EXPECT_EQ(dispersion_used(1.2), 1.2);
    EXPECT_EQ(dispersion_used(2), 3);
}

TEST(Words, write_counts_as_people_do) {
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(1000), "1,000");
    EXPECT_EQ(count_text(1234567), "1,234,567");
    EXPECT_EQ(count_text(0.25), "0.25");
    EXPECT_EQ(odds_text(50), "odds above a million to 1");
}

}  // namespace
}  // namespace judge
