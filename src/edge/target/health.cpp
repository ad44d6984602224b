#include "edge/target/health.h"

namespace edge {

std::string_view name_of(HealthState state) {
    switch (state) {
        case HealthState::initial:
            return "initial";
        case HealthState::healthy:
            return "healthy";
        case HealthState::unhealthy:
            return "unhealthy";
    }
    return "";
}

std::string_view name_of(Reason reason) {
    switch (reason) {
        case Reason::none:
            return "";
        case Reason::registration_in_progress:
            return "Elb.RegistrationInProgress";
        case Reason::initial_health_checking:
            return "Elb.InitialHealthChecking";
        case Reason::response_code_mismatch:
            return "Target.ResponseCodeMismatch";
        case Reason::timed_out:
            return "Target.Timeout";
        case Reason::failed_health_checks:
            return "Target.FailedHealthChecks";
        case Reason::deregistration_in_progress:
            return "Target.DeregistrationInProgress";
        case Reason::not_registered:
            return "Target.NotRegistered";
        case Reason::not_in_use:
            return "Target.NotInUse";
    }
    return "";
}

namespace {

Reason reason_of(Probe outcome) {
    switch (outcome) {
        case Probe::passed:
            return Reason::none;
        case Probe::wrong_status:
            return Reason::response_code_mismatch;
        case Probe::timed_out:
            return Reason::timed_out;
        case Probe::failed:
            return Reason::failed_health_checks;
    }
    return Reason::none;
}

}  // namespace

void Health::retune(const HealthCheck& check) {
    healthy_after_ = check.healthy_after;
    unhealthy_after_ = check.unhealthy_after;
}

void Health::probed(Probe outcome) {
    if (outcome == Probe::passed) {
        failures_ = 0;
        ++passes_;
        if (state_ == HealthState::initial || passes_ >= healthy_after_) {
            state_ = HealthState::healthy;
            reason_ = Reason::none;
        }
        return;
    }
    passes_ = 0;
    ++failures_;
    if (state_ == HealthState::initial) {
        // A target that boots is not ill: it stays initial until it passes once.
        reason_ = Reason::initial_health_checking;
        return;
    }
    if (state_ == HealthState::unhealthy || failures_ >= unhealthy_after_) {
        state_ = HealthState::unhealthy;
        reason_ = reason_of(outcome);
    }
}

void Health::refused() {
    if (state_ != HealthState::healthy) return;
    state_ = HealthState::unhealthy;
    reason_ = Reason::failed_health_checks;
    passes_ = 0;
    failures_ = unhealthy_after_;
}

}  // namespace edge
