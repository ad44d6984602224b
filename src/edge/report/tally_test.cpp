#include "edge/report/tally.h"

#include <gtest/gtest.h>

namespace edge {
namespace {

using namespace std::chrono_literals;

TEST(Begun, counts_only_the_steps_that_are_asked_for) {
    BegunRing ring;
    const base::Tick start{1000s};
    for (int i = 0; i < 40; ++i) ring.add(start + i * 100ms);
    const std::uint64_t first = BegunRing::step_of(start);
    EXPECT_EQ(ring.sum(first, first + 15), 40U);
    EXPECT_EQ(ring.sum(first, first), 3U) << "at 0, 100 and 200 ms";
    EXPECT_EQ(ring.sum(first + 16, first + 100), 0U);
    ring.add(start + BegunRing::kStep * BegunRing::kSteps);
    EXPECT_EQ(ring.sum(first, first), 0U) << "a full turn later the slot is another step's";
}

TEST(Leaves, are_given_as_often_as_they_were_granted) {
    TargetTally tally(2);
    EXPECT_FALSE(tally.take_leave());
    tally.leaves += 2;
    EXPECT_TRUE(tally.take_leave());
    EXPECT_TRUE(tally.take_leave());
    EXPECT_FALSE(tally.take_leave());
}

TEST(Loads, are_sums_over_all_workers) {
    TargetTally tally(2);
    tally.by_worker[0].in_flight.add(3);
    tally.by_worker[1].in_flight.add();
    tally.by_worker[1].in_flight.subtract();
    tally.by_worker[1].pooled.add(2);
    EXPECT_EQ(tally.load(), (Load{.in_flight = 3, .sockets = 0, .pooled = 2}));
    GroupTally group(2);
    group.by_worker[0].latency.add_at(100);
    group.by_worker[1].latency.add_at(100);
    EXPECT_EQ(group.counts().latency.total(), 2U);
}

}  // namespace
}  // namespace edge
