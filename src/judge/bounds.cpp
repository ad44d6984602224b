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

/// Where on [-1, 1] `log_mean_at` crosses `goal`. Halving until no double lies between.
template <class Sums>
double crossing(const Sums& sums, double goal, bool rising) {
    double low = -1;
    double high = 1;
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return middle;
        const bool above = log_mean_at(sums, middle) >= goal;
        (above == rising ? high : low) = middle;
    }
}

}  // namespace

void Bounds::add(const Tick& tick, double dispersion) {
    if (tick.canary <= 0 || tick.baseline <= 0) return;
    add_to(worse_, kAbortBets, tick, dispersion);
    add_to(better_, kPromoteBets, tick, dispersion);
}

double Bounds::upper(double beta) const {
    return crossing(better_, -std::log(beta), true);
}

double Bounds::lower(double alpha) const {
    return crossing(worse_, -std::log(alpha), false);
}

double Bounds::log_evidence_below(double points) const {
    return log_mean_at(better_, points);
}

}  // namespace judge
