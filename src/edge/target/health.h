#pragma once
// What the edge believes about one target, and why: the Application Load Balancer's states.
//
//   initial  -pass-> healthy            one pass is enough for a new target
//   healthy  -n failures-> unhealthy    n = unhealthy_after, in a row
//   unhealthy -n passes-> healthy       n = healthy_after, in a row
//   healthy  -connection refused-> unhealthy, at once: nobody listens there
//
// A failure of a target that is initial changes nothing: it may still be starting.

#include "edge/config.h"

#include <cstdint>
#include <string_view>

namespace edge {

enum class HealthState { initial, healthy, unhealthy };

enum class Reason {
    none,
    registration_in_progress,
    initial_health_checking,
    response_code_mismatch,
    timed_out,
    failed_health_checks,
    deregistration_in_progress,
    not_registered,
    not_in_use,
};

std::string_view name_of(HealthState state);
/// As ALB spells it: `Target.Timeout`; empty for none.
std::string_view name_of(Reason reason);

/// How one probe ended.
enum class Probe { passed, wrong_status, timed_out, failed };

/// A target's health. Knows no time: whoever probes says when.
class Health {
public:
    explicit Health(const HealthCheck& check)
        : healthy_after_(check.healthy_after), unhealthy_after_(check.unhealthy_after) {}

    /// Other thresholds from now on; what is known of the target stays.
    void retune(const HealthCheck& check);
    /// What another edge has found out; it need not be found out again.
    void recall(HealthState state, Reason reason) {
        state_ = state;
        reason_ = reason;
    }

    void probed(Probe outcome);
    /// A request could not connect because nobody listens.
    void refused();

    HealthState state() const { return state_; }
    Reason reason() const { return reason_; }

private:
    std::uint32_t healthy_after_;
    std::uint32_t unhealthy_after_;
    HealthState state_ = HealthState::initial;
    Reason reason_ = Reason::registration_in_progress;
    std::uint32_t passes_ = 0;
    std::uint32_t failures_ = 0;
};

}  // namespace edge
