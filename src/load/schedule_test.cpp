#include "load/schedule.h"

#include <gtest/gtest.h>

#include <chrono>

namespace load {
namespace {

using namespace std::chrono_literals;

const base::Tick kStart{1h};

TEST(LoadSchedule, gives_each_start_once_and_at_its_time) {
    Schedule schedule = Schedule::constant(kStart, 20);
    EXPECT_EQ(schedule.due(kStart - 1ns), std::nullopt);
    EXPECT_EQ(schedule.due(kStart), kStart);
    EXPECT_EQ(schedule.due(kStart), std::nullopt);
    EXPECT_EQ(schedule.due(kStart + 50ms), kStart + 50ms);
}

TEST(LoadSchedule, does_not_drift_where_the_pause_is_no_whole_number) {
    Schedule schedule = Schedule::constant(kStart, 3);
    base::Tick last{};
    for (int i = 0; i <= 300'000; ++i) last = *schedule.due(kStart + 400h);
    EXPECT_EQ(last, kStart + 100'000s);
}

// A server that answers in 1 ms stalls once for 2 s. A closed loop of one user would measure one
// slow request; every request intended during the stall must show its wait.
TEST(LoadSchedule, a_stall_is_felt_by_every_start_that_was_intended_in_it) {
    Schedule schedule = Schedule::constant(kStart, 100);
    const base::Tick stall_from = kStart + 1s;
    const base::Tick stall_until = kStart + 3s;
    Histogram latency;
    for (base::Tick now = kStart; now < kStart + 10s; now += 1ms) {
        if (now >= stall_from && now < stall_until) continue;  // the player itself stands still
        while (const auto intended = schedule.due(now)) {
            const auto took = now + 1ms - *intended;
            latency.add(static_cast<std::uint64_t>(took / 1us));
        }
    }
    EXPECT_EQ(latency.count(), 1000);
    EXPECT_GE(latency.at(0.99), 1'890'000);  // 20 % of all starts waited, up to 2 s
    EXPECT_GE(latency.at(0.90), 990'000);
    EXPECT_LE(latency.at(0.79), 1'100);
    EXPECT_GE(schedule.lag().max_micros(), 1'990'000);
}

TEST(LoadSchedule, counts_what_is_overdue) {
    Schedule schedule = Schedule::constant(kStart, 10);
    EXPECT_EQ(schedule.overdue(kStart + 950ms), 10);
    EXPECT_EQ(schedule.started(), 0);
}

TEST(LoadSchedule, poisson_keeps_its_rate_and_repeats_from_its_seed) {
    Schedule one = Schedule::poisson(kStart, 50, 42);
    Schedule other = Schedule::poisson(kStart, 50, 42);
    while (const auto intended = one.due(kStart + 1000s)) {
        ASSERT_EQ(other.due(kStart + 1000s), intended);
    }
    EXPECT_NEAR(static_cast<double>(one.started()), 50'000, 1'000);
}

TEST(LoadSchedule, a_rate_of_zero_never_starts) {
    Schedule schedule = Schedule::constant(kStart, 0);
    EXPECT_EQ(schedule.due(kStart + 1h), std::nullopt);
}

}  // namespace
}  // namespace load
