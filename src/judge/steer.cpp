#include "judge/steer.h"

#include "judge/words.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

/// Evidence at which a spent budget is laid to the release.
const double kProbably = std::log(100);

/// Whether what was seen says nothing of the release, so that the weight should stay.
bool says_nothing(const Verdict& verdict) {
    return verdict.metric == "environment" || verdict.metric == "telemetry";
}

}  // namespace

Course steer(const Trial& trial, const Budget& budget, const Traffic& traffic, double weight) {
    const Verdict& verdict = trial.verdict();
    if (verdict.word == Word::fail) return {Heading::back, 0, verdict.reason};
    if (says_nothing(verdict)) return {Heading::hold, weight, verdict.reason};
    const Standing errors = trial.standing(0);
    const Footing footing{.requests_per_second = traffic.requests_per_second,
                          .reaction_seconds = traffic.reaction_seconds,
                          .spent = harm_spent(errors.total),
                          .worse_at_most = std::max(0.0, errors.worse_at_most)};
    if (footing.spent >= budget.harm_max) {
        const std::string spent =
            "the budget of " + count_text(budget.harm_max) +
            " harmed requests is spent: " + counts_text(trial.metrics().front(), errors.total);
        if (trial.log_evidence() >= kProbably) return {Heading::back, 0, spent};
        return {Heading::hold, std::min(weight, budget.weight_min), spent};
    }
    const bool clear = verdict.word == Word::pass ||
                       remainder_is_affordable(budget, footing, traffic.bake_seconds);
    if (clear && weight >= budget.weight_max && traffic.soak_left_seconds <= 0) {
        return {Heading::finish, 1, verdict.reason};
    }
    return {Heading::ramp, next_weight(budget, footing, weight), verdict.reason};
}

}  // namespace judge
