#include "edge/target/health.h"

#include <gtest/gtest.h>

namespace edge {
namespace {

constexpr auto kThree = [] {
    HealthCheck check;
    check.healthy_after = 3;
    check.unhealthy_after = 2;
    return check;
};

TEST(HealthOfATarget, that_is_new_is_healthy_after_one_pass_however_often_it_failed_before) {
    Health health(kThree());
    EXPECT_EQ(health.reason(), Reason::registration_in_progress);
    for (int i = 0; i < 10; ++i) health.probed(Probe::failed);
    EXPECT_EQ(health.state(), HealthState::initial);
    EXPECT_EQ(health.reason(), Reason::initial_health_checking);
    health.probed(Probe::passed);
    EXPECT_EQ(health.state(), HealthState::healthy);
    EXPECT_EQ(health.reason(), Reason::none);
}

TEST(HealthOfATarget, changes_only_after_its_thresholds_in_a_row) {
    Health health(kThree());
    health.probed(Probe::passed);
    health.probed(Probe::timed_out);
    health.probed(Probe::passed);
    health.probed(Probe::timed_out);
    EXPECT_EQ(health.state(), HealthState::healthy);
    health.probed(Probe::wrong_status);
    EXPECT_EQ(health.state(), HealthState::unhealthy);
    EXPECT_EQ(health.reason(), Reason::response_code_mismatch);
    health.probed(Probe::passed);
    health.probed(Probe::passed);
    health.probed(Probe::timed_out);
    EXPECT_EQ(health.reason(), Reason::timed_out);
    health.probed(Probe::passed);
    health.probed(Probe::passed);
    EXPECT_EQ(health.state(), HealthState::unhealthy);
    health.probed(Probe::passed);
    EXPECT_EQ(health.state(), HealthState::healthy);
}

TEST(HealthOfATarget, that_refuses_a_connection_is_unhealthy_at_once) {
    Health health(kThree());
    health.refused();
    EXPECT_EQ(health.state(), HealthState::initial);
    health.probed(Probe::passed);
    health.refused();
    EXPECT_EQ(health.state(), HealthState::unhealthy);
    EXPECT_EQ(name_of(health.reason()), "Target.FailedHealthChecks");
}

}  // namespace
}  // namespace edge
