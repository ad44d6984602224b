#include "aws/throttle.h"

#include <gtest/gtest.h>

#include <chrono>

namespace aws {
namespace {

using namespace std::chrono_literals;

constexpr base::Tick kStart{std::chrono::hours{1}};

TEST(Throttle, a_burst_leaves_at_once_and_what_follows_is_spread) {
    Throttle throttle(rates_of("elasticloadbalancing"));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(throttle.reserve("ModifyRule", kStart), kStart);
    const auto next = throttle.reserve("ModifyRule", kStart) - kStart;
    EXPECT_NEAR(std::chrono::duration<double>(next).count(), 1.0 / 3, 1e-6);
    const auto after = throttle.reserve("ModifyListener", kStart) - kStart;
    EXPECT_NEAR(std::chrono::duration<double>(after).count(), 2.0 / 3, 1e-6);
}

TEST(Throttle, tokens_come_back_with_time_and_never_beyond_the_burst) {
    Throttle throttle(rates_of("elasticloadbalancing"));
    for (int i = 0; i < 20; ++i) throttle.reserve("ModifyRule", kStart);
    EXPECT_EQ(throttle.reserve("ModifyRule", kStart + 334ms), kStart + 334ms);
    const base::Tick late = kStart + 1h;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(throttle.reserve("ModifyRule", late), late);
    EXPECT_GT(throttle.reserve("ModifyRule", late), late);
}

TEST(Throttle, operations_of_other_kinds_do_not_wait_for_each_other) {
    Throttle throttle(rates_of("elasticloadbalancing"));
    for (int i = 0; i < 40; ++i) throttle.reserve("RegisterTargets", kStart);
    EXPECT_EQ(throttle.reserve("DescribeRules", kStart), kStart);
    EXPECT_EQ(throttle.reserve("SetRulePriorities", kStart), kStart);
    EXPECT_EQ(Throttle(rates_of("autoscaling")).reserve("SetDesiredCapacity", kStart), kStart);
}

}  // namespace
}  // namespace aws
