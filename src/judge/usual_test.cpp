#include "judge/usual.h"

#include "judge/chance.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace judge {
namespace {

/// Ticks of a service with so many requests each, of which a hundredth fails on average, in
/// clusters of about `cluster`; none takes longer than the rest.
std::vector<Stretch> history_of(int ticks, double requests, double cluster = 1,
                                std::uint64_t seed = 1) {
    base::Random random(seed);
    std::vector<Stretch> history;
    for (int i = 0; i < ticks; ++i) {
        Stretch stretch{.seconds = 10};
        stretch.counts.requests = static_cast<std::uint64_t>(requests);
        const double clusters = draw_poisson(random, requests / 100 / cluster);
        stretch.counts.errors = static_cast<std::uint64_t>(clusters * cluster);
        stretch.counts.latency.counts[40] = stretch.counts.requests;
        history.push_back(stretch);
    }
    return history;
}

Counts ever_with(std::uint64_t requests, std::uint64_t errors) {
    Counts ever;
    ever.requests = requests;
    ever.errors = errors;
    ever.latency.counts[100] = requests;
    return ever;
}

TEST(Usual, without_a_history_all_that_was_ever_counted_stands_in) {
    const Usual usual = usual_of({}, ever_with(100'000, 300));
    EXPECT_EQ(usual.error_rate, 0.003);
    EXPECT_EQ(usual.edges,
              latency_edges(ever_with(100'000, 300).latency, kSlowerAcceptable, kUnnoticedMicros));
    EXPECT_EQ(usual.dispersion, std::vector<double>(6, 1.0));
    EXPECT_EQ(usual_of({}, ever_with(999, 3)).error_rate, std::nullopt);
}

TEST(Usual, independent_errors_do_not_scatter_and_clusters_do) {
    EXPECT_LT(usual_of(history_of(360, 1'000), {}).dispersion[0], 1.3);
    // Whole clusters of five: the variance is five times the mean, and half as much in reserve.
    EXPECT_NEAR(usual_of(history_of(360, 5'000, 5), {}).dispersion[0], 7.5, 1.5);
}

TEST(Usual, the_rate_of_the_worst_ten_minutes_is_still_usual) {
    std::vector<Stretch> history = history_of(180, 1'000);
    for (std::size_t i = 60; i < 120; ++i) history[i].counts.errors = 50;
    EXPECT_EQ(usual_of(history, {}).error_rate, 0.05);
}

TEST(Usual, an_outage_hardly_changes_how_many_sockets_are_usually_cut) {
    std::vector<Stretch> history = history_of(1'800, 1'000);
    for (Stretch& each : history) each.counts.sockets_opened = 10;
    for (std::size_t i = 0; i < 60; ++i) history[i].counts.sockets_cut = 10;
    EXPECT_NEAR(usual_of(history, {}).cut_rate.value(), 600.0 / 18'000, 1e-9);
    EXPECT_EQ(usual_of(history_of(360, 1'000), {}).cut_rate, std::nullopt);
}

TEST(Usual, an_outage_of_the_last_day_does_not_make_the_next_one_usual) {
    const Usual usual{
        .edges = {}, .error_rate = 0.5, .cut_rate = {}, .dispersion = {}, .flagged = {}};
    EXPECT_EQ(release_metrics(usual, 0.02).front().usual, 0.02);
    EXPECT_EQ(release_metrics(usual, {}).front().usual, 0.5);
}

TEST(Usual, what_a_release_before_the_old_one_did_is_not_its_rate_nor_its_latency) {
    std::vector<Stretch> history = history_of(180, 1'000);
    for (std::size_t i = 0; i < 90; ++i) {
        history[i].is_present = false;
        history[i].counts.errors = 500;
        history[i].counts.latency = {};
        history[i].counts.latency.counts[200] = 1'000;
    }
    const Usual usual = usual_of(history, {});
    EXPECT_LT(*usual.error_rate, 0.02);
    EXPECT_LT(usual.edges[0].bucket, 100U);
}

TEST(Usual, latency_is_that_of_the_last_half_hour) {
    std::vector<Stretch> history = history_of(400, 1'000);
    for (std::size_t i = 0; i < 200; ++i) {
        history[i].counts.latency = {};
        history[i].counts.latency.counts[200] = 1'000;
    }
    EXPECT_LT(usual_of(history, {}).edges[2].bucket, 100U);
}

TEST(Usual, a_service_that_has_only_chance_is_not_flagged) {
    int flagged = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        flagged += usual_of(history_of(360, 1'000, 1, seed), {}).flagged.empty() ? 0 : 1;
    }
    EXPECT_LE(flagged, 1);
}

TEST(Usual, halves_of_the_old_release_differ_until_clusters_are_known) {
    const std::vector<Stretch> history = history_of(1'200, 5'000, 20);
    const std::vector<Metric> naive = release_metrics({}, {});
    EXPECT_LT(sameness(history, naive, {})[0], 0.001);
    const Usual usual = usual_of(history, {});
    EXPECT_GE(sameness(history, release_metrics(usual, {}), usual.edges)[0], 0.01);
    EXPECT_TRUE(usual.flagged.empty());
}

TEST(Usual, clusters_that_come_seldom_are_flagged_and_count_as_if_they_were_usual) {
    std::vector<Stretch> history = history_of(1'200, 2'000);
    const std::vector<Stretch> storm = history_of(90, 2'000, 60);
    std::copy(storm.begin(), storm.end(), history.begin() + 600);
    const Usual usual = usual_of(history, {});
    EXPECT_EQ(usual.flagged, std::vector<std::string>{"errors"});
    EXPECT_GE(sameness(history, release_metrics(usual, {}), usual.edges)[0], 0.01);
}

TEST(Usual, stretches_that_do_not_follow_each_other_are_not_compared) {
    std::vector<Stretch> history = history_of(100, 1'000);
    for (std::size_t i = 0; i < history.size(); i += 2) {
        history[i].follows = false;
        history[i + 1].counts.errors = 400;
        history[i + 1].follows = false;
    }
    EXPECT_EQ(sameness(history, release_metrics({}, {}), {})[0], 1.0);
}

}  // namespace
}  // namespace judge
