#include "judge/steer.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

/// A fault that is let through harms for so long at least, however short the watch at all traffic:
/// users meet it until somebody notices and goes back.
constexpr double kHarmedSecondsMin = 1800;

/// Evidence at which a spent budget is laid to the release.
const double kProbably = std::log(100);

}  // namespace

Course steer(const Trial& trial, const Budget& budget, const Traffic& traffic, double weight) {
    if (trial.word() == Word::fail) return {Heading::back, 0};
    if (trial.wants_comparison()) return {Heading::ramp, budget.weight_learning};
    if (trial.is_about_the_world()) return {Heading::hold, weight};
    if (weight >= 1) return {Heading::finish, 1};
    const Tick& total = trial.total(0);
    const double usual = total.baseline > 0 ? total.baseline_events / total.baseline : 0;
    const double free = budget.free.points + (budget.free.factor - 1) * usual;
    const Footing footing{
        .requests_per_second = traffic.requests_per_second,
        .reaction_seconds = traffic.reaction_seconds,
        .spent = harm_spent(total, trial.metrics().front().dispersion, budget.free),
        .worse_at_most = std::max(0.0, trial.worse_at_most(0) - free)};
    if (footing.spent >= budget.harm_max) {
        if (trial.log_evidence() >= kProbably) return {Heading::back, 0, true};
        return {Heading::hold, std::min(weight, budget.weight_min), true};
    }
    const bool clear =
        trial.word() == Word::pass ||
        remainder_is_affordable(budget, footing, std::max(traffic.bake_seconds, kHarmedSecondsMin));
    if (clear && weight >= budget.weight_max && traffic.soak_left_seconds <= 0) {
        return {Heading::finish, 1};
    }
    Budget now = budget;
    if (!clear) now.weight_max = std::min(budget.weight_max, budget.weight_learning);
    const double next = next_weight(now, footing, weight);
    const bool stays = traffic.is_warming || trial.log_evidence() >= std::log(budget.suspicion);
    return {Heading::ramp, stays ? std::min(next, weight) : next};
}

}  // namespace judge
