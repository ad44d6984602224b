#include "edge/target/drain.h"
#include "edge/target/keep.h"

#include <gtest/gtest.h>

namespace edge {
namespace {

using namespace std::chrono_literals;

constexpr base::Tick kStart{1h};

TEST(Draining, is_over_only_when_every_worker_runs_it_and_nothing_is_left) {
    Drain drain(kStart, 300s, 0);
    drain.observe(false, {});
    EXPECT_FALSE(drain.drained());
    for (const Load& load : {Load{1, 0, 0}, Load{0, 1, 0}, Load{0, 0, 1}}) {
        drain.observe(true, load);
        EXPECT_FALSE(drain.drained());
    }
    drain.observe(true, {});
    EXPECT_TRUE(drain.drained());
    drain.observe(false, {1, 1, 1});
    EXPECT_TRUE(drain.drained()) << "proven once, proven for good";
}

TEST(Draining, asks_sockets_to_leave_evenly) {
    const Drain drain(kStart, 300s, 10);
    EXPECT_EQ(drain.sockets_allowed(kStart), 1U);
    EXPECT_EQ(drain.sockets_allowed(kStart + 99ms), 1U);
    EXPECT_EQ(drain.sockets_allowed(kStart + 100ms), 2U);
    EXPECT_EQ(drain.sockets_allowed(kStart + 10s), 101U);
    EXPECT_GE(Drain(kStart, 300s, 0).sockets_allowed(kStart), 1'000'000U);
}

TEST(Draining, keeps_sockets_to_its_deadline_where_that_is_asked) {
    const Drain drain(kStart, 300s, kKeepSockets);
    EXPECT_EQ(drain.sockets_allowed(kStart + 299s), 0U);
    EXPECT_TRUE(drain.overdue(kStart + 300s));
}

TEST(Draining, cuts_at_its_deadline_which_may_be_asked_anew) {
    Drain drain(kStart, 5s, 0);
    EXPECT_FALSE(drain.overdue(kStart + 4s));
    EXPECT_TRUE(drain.overdue(kStart + 5s));
    drain.again(kStart + 4s, 60s, 1);
    EXPECT_FALSE(drain.overdue(kStart + 63s));
    EXPECT_EQ(drain.sockets_allowed(kStart + 4s), 1U);
}

}  // namespace
}  // namespace edge
