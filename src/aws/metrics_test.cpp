#include "aws/metrics.h"

#include "aws/twin_test.h"
#include "engine/metrics_contract.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

using namespace std::chrono_literals;

struct World {
    World() {
        twin.blue = 0;
        twin.green = 100;
    }
    HandClock clock;
    BalancerTwin twin{clock};
    Client monitoring = client_of(twin, clock, "monitoring");
    Metrics metrics{BalancerTwin::kBalancer,
                    {.blue = BalancerTwin::kBlue, .green = BalancerTwin::kGreen},
                    monitoring,
                    clock};
};

class Bench final : public engine::MetricsBench {
public:
    engine::Metrics& metrics() override { return world_.metrics; }
    base::Clock& clock() override { return world_.clock; }
    void request(unsigned good, unsigned bad) override {
        // Not within the minute that was running when counting began.
        world_.clock.spent += 1min;
        world_.twin.request(good, bad);
    }
    bool wait_for(const std::function<bool()>& holds) override {
        for (int i = 0; i < 60; ++i) {
            if (holds()) return true;
            world_.clock.spent += 15s;
        }
        return false;
    }

private:
    World world_;
};

std::unique_ptr<engine::MetricsBench> make_bench() {
    return std::make_unique<Bench>();
}

TEST(CloudWatchMetrics, the_newest_minute_is_left_out_and_counted_once_it_is_whole) {
    World world;
    world.clock.spent += 1min;
    world.twin.request(10);
    const auto soon = [&] { return world.clock.deadline_in(5s); };
    EXPECT_EQ(world.metrics.read(soon())->green.requests, 0U);
    world.clock.spent += 2min;
    EXPECT_EQ(world.metrics.read(soon())->green.requests, 10U);
    EXPECT_GE(world.metrics.age(world.clock.now()), 1min);
    EXPECT_LE(world.metrics.age(world.clock.now()), 2min);
    EXPECT_EQ(world.metrics.read(soon())->green.requests, 10U);
}

TEST(CloudWatchMetrics, latencies_stand_in_their_range) {
    World world;
    world.clock.spent += 1min;
    world.twin.request(10);
    world.clock.spent += 3min;
    const auto counts = world.metrics.read(world.clock.deadline_in(5s));
    ASSERT_TRUE(counts) << counts.error().line();
    EXPECT_EQ(counts->green.latency.total(), 10U);
    const auto p50 = counts->green.latency.quantile_micros(500);
    EXPECT_GT(p50, 40'000U);
    EXPECT_LT(p50, 60'000U);
}

TEST(CloudWatchMetrics, a_reading_that_failed_is_made_up_by_the_next) {
    World world;
    world.clock.spent += 1min;
    world.twin.request(10);
    world.clock.spent += 3min;
    world.twin.status = "InternalError";
    const auto failed = world.metrics.read(world.clock.deadline_in(5s));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().failure, base::Failure::unavailable);
    world.twin.status = "Complete";
    EXPECT_EQ(world.metrics.read(world.clock.deadline_in(5s))->green.requests, 10U);
}

TEST(CloudWatchMetrics, the_past_is_told_in_minutes) {
    World world;
    world.twin.request(7);
    world.clock.spent += 5min;
    const auto past = world.metrics.past(world.clock.now() - 1h, world.clock.deadline_in(5s));
    ASSERT_TRUE(past) << past.error().line();
    EXPECT_EQ(past->size(), 58U);
    std::uint64_t all = 0;
    for (const engine::Past& each : *past) all += each.counts.green.requests;
    EXPECT_EQ(all, 7U);
}

}  // namespace
}  // namespace aws

namespace engine {
INSTANTIATE_TEST_SUITE_P(aws, MetricsContract, testing::Values(&aws::make_bench));
}  // namespace engine
