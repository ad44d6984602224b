#include "load/sockets.h"

#include <gtest/gtest.h>

namespace load {
namespace {

using namespace std::chrono_literals;

base::Tick at(std::chrono::nanoseconds since) {
    return base::Tick{1h} + since;
}

struct LoadSockets : testing::Test {
    Sockets sockets{2};

    void live(std::uint32_t user, std::chrono::nanoseconds when, Resumed resumed) {
        sockets.opened(user, resumed);
        sockets.caught_up(user, at(when));
    }
};

TEST_F(LoadSockets, a_socket_asked_to_leave_was_moved_and_its_gap_ends_with_the_resync) {
    live(0, 0s, Resumed::first);
    sockets.closed(0, 1012, at(10s));
    sockets.opened(0, Resumed::fresh);
    sockets.caught_up(0, at(10s + 120ms));
    const SocketOutcome outcome = sockets.outcome(at(60s));
    EXPECT_EQ(outcome.opened, 2);
    EXPECT_EQ(outcome.moved_planned, 1);
    EXPECT_EQ(outcome.dropped_unplanned, 0);
    EXPECT_EQ(outcome.resumed_fresh, 1);
    EXPECT_EQ(outcome.largest_gap_ms, 120);
    EXPECT_EQ(outcome.largest_planned_gap_ms, 120);
    EXPECT_EQ(outcome.never_back, 0);
    EXPECT_EQ(outcome.closes.at("1012"), 1);
}

TEST_F(LoadSockets, any_other_end_is_a_drop) {
    for (const std::uint16_t code : std::initializer_list<std::uint16_t>{1006, 1011, 1000}) {
        live(0, 0s, Resumed::first);
        sockets.closed(0, code, at(1s));
    }
    EXPECT_EQ(sockets.outcome(at(2s)).dropped_unplanned, 3);
    EXPECT_EQ(sockets.outcome(at(2s)).moved_planned, 0);
}

TEST_F(LoadSockets, a_gap_lasts_over_a_second_cut_before_the_resync) {
    live(0, 0s, Resumed::first);
    sockets.closed(0, 1012, at(10s));
    sockets.opened(0, Resumed::fresh);
    sockets.closed(0, 1006, at(11s));
    live(0, 13s, Resumed::fresh);
    const SocketOutcome outcome = sockets.outcome(at(60s));
    EXPECT_EQ(outcome.gaps.count, 1);
    EXPECT_EQ(outcome.largest_gap_ms, 3'000);
    EXPECT_EQ(outcome.largest_planned_gap_ms, 0);
}

TEST_F(LoadSockets, who_never_came_back_is_counted_with_the_gap_until_the_end) {
    live(0, 0s, Resumed::first);
    live(1, 0s, Resumed::first);
    sockets.closed(1, 1006, at(20s));
    EXPECT_EQ(sockets.open(), 1);
    const SocketOutcome outcome = sockets.outcome(at(50s));
    EXPECT_EQ(outcome.never_back, 1);
    EXPECT_EQ(outcome.largest_gap_ms, 30'000);
}

TEST_F(LoadSockets, what_the_client_closes_is_neither_moved_nor_dropped) {
    live(0, 0s, Resumed::first);
    sockets.closed_by_client(0);
    sockets.closed(0, 1006, at(5s));
    const SocketOutcome outcome = sockets.outcome(at(9s));
    EXPECT_EQ(outcome.closed_by_client, 1);
    EXPECT_EQ(outcome.moved_planned + outcome.dropped_unplanned + outcome.never_back, 0);
    EXPECT_EQ(sockets.open(), 0);
}

}  // namespace
}  // namespace load
