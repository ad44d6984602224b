#include "edge/socket/turns.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>

namespace edge {
namespace {

using namespace std::chrono_literals;

const base::Tick kStart{std::chrono::hours{1}};

/// How many of `waiting` go within `span`, where the loop looks every `step`.
std::size_t gone(Turns& turns, std::size_t waiting, std::chrono::nanoseconds span,
                 std::chrono::nanoseconds step) {
    std::size_t count = 0;
    for (base::Tick now = kStart; now < kStart + span; now += step) {
        for (; count < waiting && turns.due(now); ++count) turns.take(now, waiting);
    }
    return count;
}

TEST(Turns, come_one_after_the_other_and_never_as_a_herd) {
    Turns turns;
    EXPECT_LE(gone(turns, 450, 1ms, 1ms), 3U);
    Turns others;
    const std::size_t first_second = gone(others, 450, 1s, 1ms);
    EXPECT_GE(first_second, 100U);
    EXPECT_LE(first_second, 103U);
}

TEST(Turns, of_many_come_all_within_their_time) {
    Turns turns;
    EXPECT_EQ(gone(turns, 50'000, Turns::kAllWithin + 1ms, 5ms), 50'000U);
}

TEST(Turns, are_made_up_for_by_a_loop_that_was_busy_and_only_a_little) {
    Turns turns;
    turns.take(kStart, 450);
    const base::Tick later = kStart + 5s;
    std::size_t at_once = 0;
    for (; turns.due(later); ++at_once) turns.take(later, 450);
    EXPECT_LE(at_once, 3U);
}

TEST(Turns, of_one_alone_need_no_waiting) {
    Turns turns;
    EXPECT_TRUE(turns.due(kStart));
    turns.take(kStart, 1);
    EXPECT_TRUE(turns.due(kStart + Turns::kApart));
}

}  // namespace
}  // namespace edge
