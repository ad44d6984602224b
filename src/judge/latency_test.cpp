#include "judge/latency.h"

#include "judge/chance.h"

#include <gtest/gtest.h>

#include <cmath>

namespace judge {
namespace {

using base::Histogram;

/// Latencies around 20 ms whose logarithm is normal, all times `slower`.
void add_requests(base::Random& random, Histogram& histogram, int count, double slower) {
    constexpr double kPi = 3.14159265358979323846;
    for (int i = 0; i < count; ++i) {
        const double normal =
            std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(2 * kPi * random.unit());
        histogram.add(static_cast<std::uint64_t>(20'000 * std::exp(0.6 * normal) * slower));
    }
}

Histogram history() {
    base::Random random(1);
    Histogram histogram;
    add_requests(random, histogram, 100'000, 1);
    return histogram;
}

/// Ticks until the verdict is fail, or 360.
int ticks_to_fail(double slower, std::uint64_t seed) {
    const std::vector<LatencyEdge> edges = latency_edges(history());
    std::vector<Metric> metrics;
    for (const LatencyEdge& edge : edges) metrics.push_back(latency_metric(edge, edges.size()));
    Trial trial(metrics);
    base::Random random(seed);
    for (int number = 1; number <= 360; ++number) {
        Histogram canary;
        Histogram baseline;
        add_requests(random, canary, 50, slower);
        add_requests(random, baseline, 450, 1);
        Reading reading{.weight = 0.1};
        for (const LatencyEdge& edge : edges) {
            reading.ticks.push_back(latency_tick(edge, canary, baseline));
        }
        trial.see(reading);
        if (trial.verdict().word == Word::fail) return number;
    }
    return 360;
}

TEST(Latency, buckets_are_as_fine_as_the_margin_from_a_tenth_of_a_millisecond_on) {
    for (std::size_t i = Histogram::bucket_of(100); i + 1 < Histogram::kBuckets; ++i) {
        const double step = static_cast<double>(Histogram::upper_micros(i + 1)) /
                            static_cast<double>(Histogram::upper_micros(i));
        EXPECT_LT(step, 1.1) << Histogram::upper_micros(i);
        EXPECT_GT(step, 1.08) << Histogram::upper_micros(i);
    }
}

TEST(Latency, edges_stand_at_the_quantiles_of_the_history_and_one_bucket_below) {
    const std::vector<LatencyEdge> edges = latency_edges(history());
    ASSERT_EQ(edges.size(), 3U);
    for (const LatencyEdge& edge : edges) EXPECT_EQ(edge.baseline_bucket, edge.bucket - 1);
    EXPECT_NEAR(static_cast<double>(Histogram::upper_micros(edges[0].bucket)), 20'000, 1'000);
    EXPECT_NEAR(static_cast<double>(Histogram::upper_micros(edges[2].bucket)),
                20'000 * std::exp(0.6 * 2.326), 4'000);
}

TEST(Latency, what_nobody_notices_is_no_fault_of_a_quick_service) {
    Histogram quick;
    for (int i = 0; i < 10'000; ++i) quick.add(static_cast<std::uint64_t>(150 + i % 100));
    const auto edges = latency_edges(quick, kSlowerAcceptable, kUnnoticedMicros);
    ASSERT_EQ(edges.size(), 3U);
    Histogram slower;
    for (int i = 0; i < 1'000; ++i) slower.add(4'000);
    Histogram much_slower;
    for (int i = 0; i < 1'000; ++i) much_slower.add(20'000);
    for (const LatencyEdge& edge : edges) {
        EXPECT_EQ(latency_tick(edge, slower, quick).canary_events, 0);
        EXPECT_EQ(latency_tick(edge, much_slower, quick).canary_events, 1'000);
    }
    const auto slow = latency_edges(history(), kSlowerAcceptable, 100);
    EXPECT_EQ(slow, latency_edges(history()));
}

TEST(Latency, a_short_history_has_no_edges_far_out) {
    base::Random random(1);
    Histogram histogram;
    add_requests(random, histogram, 200, 1);
    ASSERT_EQ(latency_edges(histogram).size(), 2U);
    EXPECT_TRUE(latency_edges({}).empty());
}

TEST(Latency, what_is_counted_lies_beyond_each_pools_own_edge) {
    Histogram canary;
    canary.add(100);
    canary.add(10'000);
    Histogram baseline;
    baseline.add(9'800);
    const LatencyEdge edge{.permille = 500,
                           .bucket = Histogram::bucket_of(10'000),
                           .baseline_bucket = Histogram::bucket_of(10'000) - 1,
                           .usual = 0.5};
    EXPECT_EQ(latency_tick(edge, canary, baseline), (Tick{2, 1, 0, 1}));
}

TEST(Latency, half_as_slow_again_is_a_fault_within_two_minutes) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) EXPECT_LE(ticks_to_fail(1.5, seed), 12) << seed;
}

TEST(Latency, slower_by_half_the_margin_is_none_in_an_hour) {
    for (const std::uint64_t seed : {4U, 5U, 6U})
        EXPECT_EQ(ticks_to_fail(1.045, seed), 360) << seed;
}

TEST(Latency, an_explanation_tells_both_edges) {
    const Metric metric =
        latency_metric({.permille = 990, .bucket = 120, .baseline_bucket = 119, .usual = 0.012}, 3);
    EXPECT_EQ(metric.name, "latency_p99");
    EXPECT_EQ(metric.events, "slower than 33 ms (30 ms in the old)");
}

}  // namespace
}  // namespace judge
