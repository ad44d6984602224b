#include "engine/sourced.h"

#include "engine/evidence.h"
#include "release/sample.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using std::chrono::seconds;

const base::Instant kBegun{seconds{1'000}};

release::SourcedMetric counted_metric() {
    release::SourcedMetric metric;
    metric.name = "orders";
    metric.http.emplace().url = "http://127.0.0.1:1/${pool}";
    return metric;
}

release::SourcedMetric gauge_metric(std::string_view limit) {
    release::SourcedMetric metric = counted_metric();
    metric.name = "queue";
    metric.limit = *release::bound_from(limit);
    return metric;
}

SourceReading of_orders(SourceFigures fresh, SourceFigures old) {
    return {.metric = "orders", .blind = {}, .fresh = fresh, .old = old};
}

SourceReading of_queue(double fresh, double old) {
    return {.metric = "queue",
            .blind = {},
            .fresh = SourceFigures{.level = fresh},
            .old = SourceFigures{.level = old}};
}

class Orders : public testing::Test {
protected:
    std::vector<judge::Tick> see(const SourceReading& reading, double weight = 0.5) {
        at += seconds{10};
        return watch.see({reading}, {.weight = weight, .is_cold = false, .at = at});
    }

    SourcedWatch watch{{counted_metric()}};
    base::Instant at = kBegun;
};

TEST_F(Orders, come_in_ticks_from_their_counters) {
    watch.begin({of_orders({.failed = 1, .total = 10}, {.failed = 5, .total = 500})});
    const auto ticks = see(of_orders({.failed = 3, .total = 40}, {.failed = 6, .total = 600}));
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(
        ticks[0],
        (judge::Tick{.canary = 30, .baseline = 100, .canary_events = 2, .baseline_events = 1}));
    EXPECT_EQ(watch.verdict().word, judge::Word::pass);
}

TEST_F(Orders, that_are_counted_anew_skip_a_tick) {
    watch.begin({of_orders({.failed = 9, .total = 90}, {.total = 500})});
    const auto ticks = see(of_orders({.failed = 1, .total = 20}, {.total = 600}));
    EXPECT_EQ(ticks[0].canary, 0);
    EXPECT_EQ(see(of_orders({.failed = 1, .total = 50}, {.total = 700}))[0].canary, 30);
}

TEST_F(Orders, lost_can_be_no_more_than_came) {
    watch.begin({of_orders({}, {})});
    EXPECT_EQ(see(of_orders({.failed = 7, .total = 5}, {.total = 5}))[0].canary_events, 5);
}

TEST_F(Orders, that_cannot_be_seen_hold_with_the_reason_and_since_when) {
    watch.begin({of_orders({}, {})});
    see({.metric = "orders", .blind = "connection refused", .fresh = {}, .old = {}});
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
    EXPECT_EQ(watch.verdict().metric, "orders");
    EXPECT_EQ(watch.verdict().reason, "orders cannot be seen: connection refused");
    const auto since = watch.blind_since();
    EXPECT_EQ(since, kBegun + seconds{10});
    see({.metric = "orders", .blind = "connection refused", .fresh = {}, .old = {}});
    EXPECT_EQ(watch.blind_since(), since);
    see(of_orders({.total = 5}, {.total = 5}));
    EXPECT_EQ(watch.verdict().word, judge::Word::pass);
    EXPECT_FALSE(watch.blind_since());
}

TEST_F(Orders, that_nobody_asks_for_hold) {
    watch.see({}, {.weight = 0.5, .is_cold = false, .at = at});
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
}

TEST_F(Orders, of_which_the_new_release_has_none_hold) {
    SourceReading only_old = of_orders({}, {.total = 100});
    only_old.fresh.reset();
    watch.begin({only_old});
    see(only_old, 0);
    EXPECT_EQ(watch.verdict().word, judge::Word::pass) << "it has no users yet";
    see(only_old);
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
    EXPECT_NE(watch.verdict().reason.find("nothing of the new release"), std::string::npos);
}

TEST_F(Orders, that_no_longer_come_under_the_new_release_hold) {
    watch.begin({of_orders({}, {})});
    see(of_orders({}, {.total = 19}));
    EXPECT_EQ(watch.verdict().word, judge::Word::pass);
    see(of_orders({}, {.total = 30}));
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
    EXPECT_NE(watch.verdict().reason.find("about 30 should"), std::string::npos)
        << watch.verdict().reason;
    see(of_orders({.total = 1}, {.total = 60}));
    EXPECT_EQ(watch.verdict().word, judge::Word::pass);
}

TEST_F(Orders, that_the_old_release_never_had_hold_once_it_is_gone) {
    watch.begin({of_orders({}, {})});
    see(of_orders({.total = 50}, {}), 1);
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
}

TEST_F(Orders, of_the_old_release_before_are_what_is_usual) {
    const auto metrics =
        watch.counted({of_orders({}, {.failed = 30, .total = 1'000})}, /*dispersion=*/2);
    ASSERT_EQ(metrics.size(), 1U);
    EXPECT_EQ(metrics[0].name, "orders");
    EXPECT_GT(*metrics[0].usual, 0.03);
    EXPECT_LT(*metrics[0].usual, 0.05);
    EXPECT_EQ(metrics[0].dispersion, 2);
    EXPECT_FALSE(watch.counted({of_orders({}, {.failed = 3, .total = 10})}, 1)[0].usual);
}

TEST_F(Orders, of_a_cold_tick_say_nothing) {
    watch.begin({of_orders({}, {})});
    const auto ticks = watch.see({of_orders({.failed = 9, .total = 9}, {.total = 90})},
                                 {.weight = 0.5, .is_cold = true, .at = at});
    EXPECT_EQ(ticks[0], judge::Tick{});
    EXPECT_EQ(see(of_orders({.failed = 9, .total = 19}, {.total = 100}))[0].canary_events, 0);
}

TEST(Gauge, beyond_its_limit_in_three_ticks_fails_for_good) {
    SourcedWatch watch({gauge_metric("at most 100")});
    for (const double level : {101.0, 150.0}) {
        EXPECT_TRUE(watch.see({of_queue(level, 20)}, {.weight = 0.5, .at = kBegun}).empty());
        EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
    }
    watch.see({of_queue(151.5, 20)}, {.weight = 0.5, .at = kBegun});
    EXPECT_EQ(watch.verdict().word, judge::Word::fail);
    EXPECT_EQ(watch.verdict().metric, "queue");
    EXPECT_EQ(watch.verdict().reason, "queue is 151.5, and must be at most 100");
    watch.see({of_queue(1, 20)}, {.weight = 0.5, .at = kBegun});
    EXPECT_EQ(watch.verdict().word, judge::Word::fail);
}

TEST(Gauge, beyond_its_limit_while_instances_are_cold_holds_and_fails_nothing) {
    SourcedWatch watch({gauge_metric("at most 100")});
    for (int tick = 0; tick < 10; ++tick) {
        watch.see({of_queue(200, 20)}, {.weight = 0.5, .is_cold = true, .at = kBegun});
    }
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
}

TEST(Gauge, that_comes_back_within_its_limit_passes) {
    SourcedWatch watch({gauge_metric("at least 0.99")});
    for (const double level : {0.9, 0.9, 1.0, 0.9, 0.9}) {
        watch.see({of_queue(level, 1)}, {.weight = 0.5, .at = kBegun});
    }
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
    watch.see({of_queue(0.99, 1)}, {.weight = 0.5, .at = kBegun});
    EXPECT_EQ(watch.verdict().word, judge::Word::pass);
}

TEST(Gauge, beyond_its_limit_in_both_releases_holds_and_fails_neither) {
    SourcedWatch watch({gauge_metric("at most 100")});
    for (int tick = 0; tick < 10; ++tick) {
        watch.see({of_queue(200, 200)}, {.weight = 0.5, .at = kBegun});
    }
    EXPECT_EQ(watch.verdict().word, judge::Word::unknown);
    EXPECT_NE(watch.verdict().reason.find("too"), std::string::npos);
}

TEST(SourceReadings, come_back_from_a_record_as_they_were) {
    const SourceReadings readings{
        of_orders({.failed = 1, .total = 10}, {.failed = 5, .total = 500}),
        of_queue(0.25, 3),
        {.metric = "blind", .blind = "no answer", .fresh = {}, .old = {}}};
    EXPECT_EQ(source_readings_from(json_of(readings)), readings);
    EXPECT_TRUE(source_readings_from(base::Json("nonsense")).empty());
}

TEST(SourcedEvidence, is_weighed_with_that_of_requests_under_its_own_name) {
    release::Spec spec = release::sample_spec();
    spec.guard.warm_up = seconds{0};
    spec.guard.metrics = {counted_metric()};
    const auto plan = *release::plan_release(
        spec, release::sample_release("r2", "1.0.1"),
        release::sample_present(release::sample_release("r1", "1.0.0")), std::nullopt);
    for (const std::uint64_t lost : {0U, 20U}) {
        judge::PoolCounts counts;
        SourceReading orders = of_orders({}, {});
        Evidence evidence(plan, judge::usual_of({}, counts.blue),
                          {.counts = counts, .sources = {orders}}, kBegun);
        evidence.shifted(base::Permille{500}, kBegun);
        for (int tick = 1; tick <= 6; ++tick) {
            for (judge::Counts* pool : {&counts.blue, &counts.green}) pool->requests += 200;
            for (auto* of : {&orders.fresh, &orders.old}) (*of)->total += 100;
            orders.fresh->failed += lost;
            evidence.see({.counts = counts, .sources = {orders}}, kBegun + seconds{10 * tick});
        }
        EXPECT_EQ(evidence.is_worse(), lost > 0);
        EXPECT_FALSE(evidence.is_held());
        if (lost > 0) {
            EXPECT_EQ(evidence.verdict().metric, "orders");
        }
    }
}

}  // namespace
}  // namespace engine
