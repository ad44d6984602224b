#include "judge/bounds.h"

#include "judge/logs.h"

#include <cmath>

namespace judge {

namespace {

template <class Sums>
double log_mean_at(const Sums& sums, double points) {
    auto wealth = sums.gain;
    for (std::size_t i = 0; i < wealth.size(); ++i) wealth[i] += points * sums.slope[i];
    return log_sum(wealth) - std::log(static_cast<double>(wealth.size()));
}

/// The mean of the slopes, by wealth.
template <class Sums>
double slope_at(const Sums& sums, double points) {
    auto wealth = sums.gain;
    for (std::size_t i = 0; i < wealth.size(); ++i) wealth[i] += points * sums.slope[i];
    const double all = log_sum(wealth);
    double slope = 0;
    for (std::size_t i = 0; i < wealth.size(); ++i) {
        slope += std::exp(wealth[i] - all) * sums.slope[i];
    }
    return slope;
}

template <class Sums, class Bets>
void add_to(Sums& sums, const Bets& bets, const Tick& tick, double dispersion) {
    for (std::size_t i = 0; i < bets.size(); ++i) {
        const Stakes stakes = stakes_of(tick, bets[i], 1);
        sums.gain[i] +=
            (tick.canary_events * stakes.log_canary + tick.baseline_events * stakes.log_baseline) /
            dispersion;
        sums.slope[i] -= tick.canary * stakes.canary_less_one / dispersion;
    }
}

/// Where on [-1, 1] `log_mean_at` crosses `goal`, sought from the end where it is high. It is
/// convex there, so Newton's steps never pass the crossing and each halves the way or better.
template <class Sums>
double crossing(const Sums& sums, double goal, double from) {
    constexpr int kStepsMax = 200;
    double at = from;
    for (int step = 0; step < kStepsMax; ++step) {
        const double excess = log_mean_at(sums, at) - goal;
        const double slope = slope_at(sums, at);
        if (excess <= 0 || slope == 0) return at;
        const double next = at - excess / slope;
        if (next == at) return at;
        if (std::abs(next) >= 1) return -from;
        at = next;
    }
    return at;
}

}  // namespace

void Bounds::add(const Tick& tick, double dispersion) {
    if (tick.canary <= 0 || tick.baseline <= 0) return;
    add_to(worse_, kAbortBets, tick, dispersion);
    add_to(better_, kPromoteBets, tick, dispersion);
}

double Bounds::upper(double beta) const {
    return crossing(better_, -std::log(beta), 1);
}

double Bounds::lower(double alpha) const {
    return crossing(worse_, -std::log(alpha), -1);
}

double Bounds::log_evidence_below(double points) const {
    return log_mean_at(better_, points);
}

}  // namespace judge
