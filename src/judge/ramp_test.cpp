#include "judge/ramp.h"

#include "judge/chance.h"
#include "judge/steer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace judge {
namespace {

constexpr Footing kUnknown{.requests_per_second = 1000, .reaction_seconds = 20};

TEST(Ramp, begins_where_a_total_failure_would_cost_half_the_budget_until_the_reaction) {
    EXPECT_DOUBLE_EQ(first_weight({}, kUnknown), 0.0025);
    EXPECT_DOUBLE_EQ(first_weight({.harm_max = 1}, kUnknown), 0.001);
    EXPECT_DOUBLE_EQ(first_weight({.harm_max = 1e9}, kUnknown), 0.05);
}

TEST(Ramp, at_most_doubles_and_may_shrink) {
    Footing footing = kUnknown;
    footing.worse_at_most = 0.001;
    EXPECT_DOUBLE_EQ(next_weight({}, footing, 0.01), 0.02);
    footing.worse_at_most = 0.1;
    EXPECT_DOUBLE_EQ(next_weight({}, footing, 0.4), 0.025);
}

TEST(Ramp, without_traffic_the_weight_stays) {
    EXPECT_EQ(next_weight({}, {}, 0.03), 0.03);
    EXPECT_EQ(first_weight({}, {}), 0.001);
}

TEST(Ramp, counts_as_spent_only_what_is_certain) {
    EXPECT_EQ(harm_spent({1000, 9000, 12, 90}), 0);
    EXPECT_NEAR(harm_spent({1000, 9000, 110, 90}), 100 - 2 * std::sqrt(110 + 90 / 81.0), 1e-9);
    EXPECT_EQ(harm_spent({}), 0);
    EXPECT_GT(harm_spent({1e7, 9e7, 1.05e5, 9e5}), 1000);
    EXPECT_EQ(harm_spent({1e7, 9e7, 1.05e5, 9e5}, 1, Budget{}.free), 0);
}

TEST(Ramp, weights_are_finite_for_any_counts) {
    for (const double rate : {0.0, 1e-9, 1.0, 1e12}) {
        for (const double worse : {0.0, 1e-12, 1.0}) {
            for (const double spent : {0.0, 100.0, 1e12}) {
                const Footing footing{rate, 20, spent, worse};
                const double weight = next_weight({}, footing, 0.25);
                EXPECT_GE(weight, 0.001);
                EXPECT_LE(weight, 0.5);
            }
        }
    }
}

struct Ride {
    Heading end;
    double seconds;
    double harmed;
};

/// A whole release at `requests` a second, with `fault` more errors than the old one's.
Ride ride(double requests, double fault, std::uint64_t seed) {
    base::Random random(seed);
    Trial trial({Metric{}});
    const Budget budget;
    Traffic traffic{.requests_per_second = requests, .soak_left_seconds = 300};
    double weight = first_weight(budget, {.requests_per_second = requests, .reaction_seconds = 20});
    Ride result{Heading::hold, 0, 0};
    while (result.seconds < 3600) {
        const double all = draw_poisson(random, requests * 10);
        Tick tick;
        tick.canary = draw_binomial(random, all, weight);
        tick.baseline = all - tick.canary;
        tick.canary_events = draw_binomial(random, tick.canary, std::min(1.0, 0.005 + fault));
        tick.baseline_events = draw_binomial(random, tick.baseline, 0.005);
        result.harmed += tick.canary * fault;
        result.seconds += 10;
        traffic.soak_left_seconds -= 10;
        trial.see({.stage = Stage::beside, .weight = weight, .ticks = {tick}});
        const Course course = steer(trial, budget, traffic, weight);
        weight = course.weight;
        result.end = course.heading;
        if (course.heading == Heading::back || course.heading == Heading::finish) break;
    }
    return result;
}

TEST(Steer, a_good_release_at_a_thousand_requests_a_second_has_all_traffic_after_five_minutes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Ride good = ride(1000, 0, seed);
        EXPECT_EQ(good.end, Heading::finish) << seed;
        EXPECT_LE(good.seconds, 300) << seed;
    }
}

TEST(Steer, bad_releases_go_back_within_the_budget_at_any_traffic) {
    for (const double requests : {10.0, 100.0, 1000.0, 10'000.0}) {
        for (const double fault : {0.02, 0.1, 0.99}) {
            double harmed = 0;
            for (std::uint64_t seed = 0; seed < 20; ++seed) {
                const Ride bad = ride(requests, fault, seed);
                EXPECT_EQ(bad.end, Heading::back) << requests << ' ' << fault << ' ' << seed;
                harmed += bad.harmed / 20;
            }
            EXPECT_LE(harmed, requests < 10'000 ? 100 : 200) << requests << ' ' << fault;
        }
    }
}

TEST(Steer, little_traffic_ends_because_what_it_can_still_cost_is_affordable) {
    EXPECT_EQ(ride(1, 0, 1).end, Heading::finish);
}

TEST(Steer, does_not_raise_the_weight_under_suspicion_or_while_instances_are_cold) {
    const Traffic traffic{.requests_per_second = 100};
    Trial calm({Metric{}});
    calm.see({.weight = 0.02, .ticks = {{20, 980, 0, 10}}});
    EXPECT_DOUBLE_EQ(steer(calm, {}, traffic, 0.02).weight, 0.04);
    Traffic cold = traffic;
    cold.is_warming = true;
    EXPECT_DOUBLE_EQ(steer(calm, {}, cold, 0.02).weight, 0.02);
    Trial suspected({Metric{}});
    suspected.see({.weight = 0.02, .ticks = {{20, 980, 3, 10}}});
    ASSERT_EQ(suspected.word(), Word::unknown);
    EXPECT_DOUBLE_EQ(steer(suspected, {}, traffic, 0.02).weight, 0.02);
}

TEST(Steer, a_release_that_is_alone_and_worse_than_usual_is_compared_at_a_tenth) {
    Metric metric;
    metric.usual = 0.01;
    Trial trial({metric});
    trial.see({.stage = Stage::alone, .weight = 1, .ticks = {{1000, 0, 100, 0}}});
    const Course course = steer(trial, {}, {.requests_per_second = 100}, 1);
    EXPECT_EQ(course.heading, Heading::ramp);
    EXPECT_DOUBLE_EQ(course.weight, 0.1);
}

TEST(Steer, holds_where_nothing_can_be_said) {
    Trial trial({Metric{}});
    for (int i = 0; i < 3; ++i) trial.see({.weight = 0.02, .ticks = {{}}});
    const Course course = steer(trial, {}, {.requests_per_second = 100}, 0.02);
    EXPECT_EQ(course.heading, Heading::hold);
    EXPECT_EQ(course.weight, 0.02);
}

TEST(Steer, a_budget_that_is_spent_on_too_little_evidence_holds_at_the_least_weight) {
    Metric scattered;
    scattered.dispersion = 30;
    Trial trial({scattered});
    trial.see({.weight = 0.1, .ticks = {{1000, 9000, 350, 90}}});
    EXPECT_EQ(steer(trial, {}, {.requests_per_second = 1000}, 0.1).heading, Heading::hold);
    EXPECT_EQ(steer(trial, {}, {.requests_per_second = 1000}, 0.1).weight, 0.001);
}

}  // namespace
}  // namespace judge
