// What must hold of evidence whatever the counts: that an acceptable release can gain nothing.

#include "judge/bounds.h"
#include "judge/chance.h"
#include "judge/mixture.h"
#include "judge/tick.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace judge {
namespace {

constexpr Margin kMargin{.factor = 1.1, .points = 0.0005};

/// From 10^low to 10^high, evenly in the exponent.
rc::Gen<double> magnitude(double low, double high) {
    return rc::gen::map(rc::gen::inRange(0, 1'000'001), [low, high](int at) {
        return std::pow(10, low + (high - low) * at / 1e6);
    });
}

rc::Gen<double> any_bet() {
    std::vector<double> bets(kAbortBets.begin(), kAbortBets.end());
    bets.insert(bets.end(), kPromoteBets.begin(), kPromoteBets.end());
    return rc::gen::elementOf(bets);
}

TEST(Evidence, its_exact_expectation_is_at_most_one_at_the_edge_of_every_null) {
    EXPECT_TRUE(rc::check([] {
        const Tick tick{.canary = *magnitude(0, 6), .baseline = *magnitude(0, 6)};
        const double base = *magnitude(-7, -0.5);
        const Margin margin{.factor = 1 + *magnitude(-6, 0), .points = *magnitude(-7, -1)};
        RC_PRE(margin.factor * base + margin.points < 1);
        RC_ASSERT(expectation(tick, base, *any_bet(), margin) <= 1 + 1e-9);
    }));
}

TEST(Evidence, nothing_seen_says_nothing) {
    EXPECT_EQ(evidence({}, 2, kMargin), 0);
    EXPECT_EQ(evidence({.baseline = 100, .baseline_events = 3}, 2, kMargin), 0);
    EXPECT_EQ(evidence({.canary = 100, .canary_events = 3}, 2, kMargin), 0);
    EXPECT_EQ(common_evidence({.canary = 100, .canary_events = 3}, 0.5, 2), 0);
}

TEST(Evidence, does_not_depend_on_how_a_time_of_constant_weight_is_cut_into_ticks) {
    const Tick half{300, 2700, 4, 20};
    const Tick whole{600, 5400, 9, 31};
    Tick rest = whole;
    rest.canary_events -= half.canary_events;
    rest.baseline_events -= half.baseline_events;
    rest.canary -= half.canary;
    rest.baseline -= half.baseline;
    for (const double bet : kAbortBets) {
        EXPECT_NEAR(evidence(half, bet, kMargin) + evidence(rest, bet, kMargin),
                    evidence(whole, bet, kMargin), 1e-12);
    }
}

TEST(Evidence, of_a_fault_rises_with_the_new_releases_events_and_falls_with_the_old_ones) {
    EXPECT_TRUE(rc::check([] {
        const Tick tick{*magnitude(0, 12), *magnitude(0, 12), 3, 3};
        Tick worse = tick;
        worse.canary_events += 1;
        Tick better = tick;
        better.baseline_events += 1;
        for (const double bet : kAbortBets) {
            const double now = evidence(tick, bet, kMargin);
            RC_ASSERT(evidence(worse, bet, kMargin) >= now);
            RC_ASSERT(evidence(better, bet, kMargin) <= now);
        }
    }));
}

TEST(Evidence, keeps_its_digits_where_one_pool_is_a_million_million_times_the_other) {
    // Against series: for a tiny canary ln(baseline stake) is -(bet - 1) * canary / baseline.
    const Tick tiny{.canary = 1, .baseline = 1e12, .canary_events = 1, .baseline_events = 1e10};
    EXPECT_NEAR(evidence(tiny, 4, {}), std::log(4) - 3 * 0.01, 1e-9);
    const Tick most{.canary = 1e12, .baseline = 1, .canary_events = 1e10, .baseline_events = 0};
    EXPECT_NEAR(evidence(most, 4, {}), 1e10 * 0.75e-12, 1e-9);
}

TEST(Mixture, an_empty_tick_leaves_the_evidence_as_it_was) {
    Mixture mixture(kAbortBets.size());
    mixture.add(std::vector<double>{1, 2, 3, -1, -2, -3, -4, -100});
    const double before = mixture.log_evidence();
    for (int i = 0; i < 1000; ++i) mixture.add(std::vector<double>(8, 0.0));
    EXPECT_NEAR(mixture.log_evidence(), before, 1e-10);
}

TEST(Mixture, no_single_tick_says_more_than_its_cap) {
    Mixture mixture(kAbortBets.size());
    mixture.add(std::vector<double>(8, 1e12));
    EXPECT_LE(mixture.log_evidence(), 5);
}

TEST(Mixture, a_fault_after_a_long_time_of_proven_health_is_found_as_fast) {
    Mixture mixture(1);
    for (int i = 0; i < 500; ++i) mixture.add(std::vector<double>{-1e9});
    EXPECT_GT(mixture.log_evidence(), std::log(0.1));
    int ticks = 0;
    while (mixture.log_evidence() < std::log(1000) && ticks < 100) {
        mixture.add(std::vector<double>{5});
        ++ticks;
    }
    EXPECT_LE(ticks, 3);
}

/// A world whose release is just acceptable, and changes all the time.
struct Null {
    const char* name;
    double requests;  ///< Of both pools, in the first tick; grows or shrinks from there.
    double growth;
    double rate;
    Margin margin;
};

struct Moments {
    double mean;
    double error;
};

constexpr int kRuns = 100'000;
constexpr int kTicks = 6;

template <class Gains>
Moments wealth_of_runs(const Null& null, std::size_t bets, std::uint64_t seed, Gains gains) {
    base::Random random(seed);
    double sum = 0;
    double squares = 0;
    std::array<double, Mixture::kBetsMax> gained{};
    for (int run = 0; run < kRuns; ++run) {
        Mixture mixture(bets);
        double requests = null.requests;
        for (int number = 0; number < kTicks; ++number) {
            const double weight = 0.02 + 0.46 * random.unit();  // changes at every tick
            const double base = null.rate * (0.5 + random.unit());
            Tick tick;
            const double all = draw_poisson(random, requests);
            tick.canary = draw_binomial(random, all, weight);
            tick.baseline = all - tick.canary;
            tick.canary_events =
                draw_binomial(random, tick.canary, null.margin.factor * base + null.margin.points);
            tick.baseline_events = draw_binomial(random, tick.baseline, base);
            gains(tick, gained);
            mixture.add(std::span(gained).first(bets));
            requests *= null.growth;
        }
        const double wealth = std::exp(mixture.log_evidence());
        sum += wealth;
        squares += wealth * wealth;
    }
    const double mean = sum / kRuns;
    return {mean, std::sqrt((squares / kRuns - mean * mean) / kRuns)};
}

TEST(Evidence, its_mean_over_acceptable_releases_is_at_most_one_whatever_drifts) {
    const Null nulls[] = {
        {"tiny counts", 3, 1.3, 0.05, {1, 0}},
        {"tiny counts with a margin", 5, 0.8, 0.2, {1.1, 0.0005}},
        {"a tide", 2000, 0.5, 0.02, {1, 0}},
        {"huge counts", 1e9, 2, 1e-6, {1.1, 0.0005}},
        {"the hugest", 1e11, 1.5, 1e-11, {1, 0}},
    };
    std::uint64_t seed = 0;
    for (const Null& null : nulls) {
        const Moments wealth = wealth_of_runs(
            null, kAbortBets.size(), ++seed, [&](const Tick& tick, std::span<double> gained) {
                for (std::size_t i = 0; i < kAbortBets.size(); ++i) {
                    gained[i] = evidence(tick, kAbortBets[i], null.margin);
                }
            });
        EXPECT_LE(wealth.mean, 1 + 4 * wealth.error) << null.name;
        EXPECT_LT(wealth.error, 0.1) << null.name << ": no statement, the error is too large";
    }
}

TEST(Evidence, the_mean_of_the_form_for_common_events_is_at_most_one) {
    const Null null{"the median", 200, 1.2, 0.5, {1, 0}};
    Tick before;
    const Moments wealth = wealth_of_runs(
        null, kMedianBets.size(), 77, [&](const Tick& tick, std::span<double> gained) {
            for (std::size_t i = 0; i < kMedianBets.size(); ++i) {
                gained[i] = common_evidence(tick, rate_before(before), kMedianBets[i]);
            }
            before = tick;  // a bad guess of the rate costs power, never validity
        });
    EXPECT_LE(wealth.mean, 1 + 4 * wealth.error);
}

TEST(Bounds, know_nothing_without_evidence) {
    const Bounds bounds;
    EXPECT_NEAR(bounds.upper(0.05), 1, 1e-12);
    EXPECT_NEAR(bounds.lower(0.001), -1, 1e-12);
    EXPECT_EQ(bounds.log_evidence_below(0.005), 0);
}

TEST(Bounds, cover_the_truth_at_every_look_at_once) {
    base::Random random(9);
    constexpr int kReleases = 4000;
    int missed = 0;
    for (int run = 0; run < kReleases; ++run) {
        Bounds bounds;
        bool out = false;
        for (int number = 0; number < 20 && !out; ++number) {
            Tick tick{.canary = 500, .baseline = 4500};
            tick.canary_events = draw_binomial(random, tick.canary, 0.03);
            tick.baseline_events = draw_binomial(random, tick.baseline, 0.01);
            bounds.add(tick, 1);
            out = bounds.upper(0.05) < 0.02 || bounds.lower(0.05) > 0.02;
        }
        missed += out ? 1 : 0;
    }
    EXPECT_LE(missed, 0.1 * kReleases);  // 5 % a side is allowed
}

}  // namespace
}  // namespace judge
