#include "judge/ramp.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

double left_of(const Budget& budget, const Footing& footing) {
    return std::max(0.0, budget.harm_max - footing.spent);
}

}  // namespace

double harm_spent(const Tick& total, double dispersion, const Margin& free) {
    const double ratio = total.baseline > 0 ? total.canary / total.baseline : 0;
    const double excess = total.canary_events - free.factor * ratio * total.baseline_events -
                          free.points * total.canary;
    const double deviation =
        std::sqrt(dispersion * (total.canary_events + ratio * ratio * total.baseline_events));
    return std::max(0.0, excess - 2 * deviation);
}

double affordable_weight(const Budget& budget, const Footing& footing) {
    return budget.spend * left_of(budget, footing) /
           (footing.requests_per_second * footing.reaction_seconds * footing.worse_at_most);
}

double first_weight(const Budget& budget, const Footing& footing) {
    if (footing.requests_per_second <= 0) return budget.weight_min;
    const double most = std::min(budget.weight_learning / 2, budget.weight_max);
    return std::clamp(affordable_weight(budget, footing), budget.weight_min,
                      std::max(most, budget.weight_min));
}

double next_weight(const Budget& budget, const Footing& footing, double previous) {
    if (footing.requests_per_second <= 0) return previous;
    // A difference that is known to a hundred-thousandth is no fault that a ramp need fear.
    constexpr double kDifferenceMin = 1e-5;
    Footing careful = footing;
    careful.worse_at_most = std::max(footing.worse_at_most, kDifferenceMin);
    const double wanted =
        std::clamp(affordable_weight(budget, careful), budget.weight_min, budget.weight_max);
    return std::min(wanted, 2 * std::max(previous, budget.weight_min));
}

bool remainder_is_affordable(const Budget& budget, const Footing& footing, double bake_seconds) {
    if (std::isinf(budget.harm_max)) return false;
    return footing.requests_per_second * bake_seconds * footing.worse_at_most <=
           left_of(budget, footing);
}

}  // namespace judge
