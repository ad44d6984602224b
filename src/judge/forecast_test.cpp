#include "judge/forecast.h"

#include "judge/usual.h"

#include <gtest/gtest.h>

namespace judge {
namespace {

/// A service with so many requests a second, of which 2 in 1,000 fail.
std::vector<Wave> steady(double requests_per_second) {
    return {{.seconds = 10, .requests = 10 * requests_per_second, .rate = 0.002}};
}

Way by_evidence() {
    Way way;
    way.metrics =
        release_metrics({.edges = {}, .error_rate = 0.002, .dispersion = {}, .flagged = {}}, 0.05);
    way.warm_up_seconds = 0;
    way.bake_seconds = 300;
    return way;
}

Way by_stops() {
    Way way = by_evidence();
    way.stops = {{0.05, 60}, {0.25, 60}, {0.5, 60}};
    return way;
}

TEST(Forecast, a_good_release_is_released_and_harms_nobody) {
    base::Random random(1);
    const Forecast good = forecast(steady(1'000), by_evidence(), 0, 100, random);
    EXPECT_EQ(good.runs, 100U);
    EXPECT_EQ(good.done, 100U);
    EXPECT_EQ(good.harmed_most, 0);
    EXPECT_GT(good.seconds_median, 60);
    EXPECT_LT(good.seconds_median, 300);
    EXPECT_GE(good.seconds_most, good.seconds_median);
}

TEST(Forecast, a_total_failure_is_taken_back_within_the_budget) {
    base::Random random(1);
    const Forecast bad = forecast(steady(1'000), by_evidence(), 0.99, 100, random);
    EXPECT_EQ(bad.back, 100U);
    EXPECT_GT(bad.harmed_median, 10);
    EXPECT_LE(bad.harmed_most, 100);
}

TEST(Forecast, stops_harm_more_than_a_ramp_where_traffic_is_heavy) {
    base::Random random(1);
    const Forecast ramp = forecast(steady(1'000), by_evidence(), 0.1, 50, random);
    const Forecast stops = forecast(steady(1'000), by_stops(), 0.1, 50, random);
    EXPECT_EQ(stops.back, 50U);
    EXPECT_GT(stops.harmed_median, 2 * ramp.harmed_median);
}

TEST(Forecast, limits_are_tested_at_every_look) {
    base::Random random(1);
    Way way = by_stops();
    const Forecast soon = forecast(steady(300), way, 0.99, 50, random);
    way.look_seconds = way.tick_seconds;
    const Forecast late = forecast(steady(300), way, 0.99, 50, random);
    EXPECT_EQ(soon.back, 50U);
    EXPECT_LT(3 * soon.harmed_median, late.harmed_median);
}

TEST(Forecast, stops_take_as_long_as_they_say) {
    base::Random random(1);
    const Way way = by_stops();
    const Forecast good = forecast(steady(100), way, 0, 20, random);
    EXPECT_EQ(good.done, 20U);
    EXPECT_EQ(good.seconds_median, 180 + 3 * way.settle_seconds);
}

TEST(Forecast, a_fault_within_the_margin_goes_through) {
    base::Random random(1);
    EXPECT_EQ(forecast(steady(100), by_evidence(), 0.0001, 50, random).back, 0U);
}

TEST(Forecast, where_hardly_anyone_comes_nothing_is_decided_in_a_while) {
    base::Random random(1);
    Way way = by_evidence();
    way.budget.harm_max = 1;
    way.patience_seconds = 600;
    const Forecast good = forecast(steady(0.05), way, 0, 20, random);
    EXPECT_EQ(good.done + good.back, 0U);
}

TEST(Forecast, traffic_is_that_of_the_whole_history_from_any_place_on) {
    base::Random random(1);
    const std::vector<Wave> waves{{.seconds = 3'600, .requests = 0, .rate = 0},
                                  {.seconds = 3'600, .requests = 3'600'000, .rate = 0.002}};
    int soon = 0;
    for (int i = 0; i < 40; ++i) {
        soon += pass(waves, by_evidence(), 0, random).seconds < 900 ? 1 : 0;
    }
    EXPECT_GT(soon, 8);
    EXPECT_LT(soon, 38);
}

}  // namespace
}  // namespace judge
