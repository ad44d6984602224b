#include "judge/tick.h"

#include "judge/logs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace judge {

namespace {

/// Rates nearer to 0 or 1 than this make likelihood ratios of single events unbounded.
constexpr double kRateMin = 0.001;

/// count * ln(ratio), where nothing times ln(0) is nothing.
double times_log(double count, double ratio) {
    return count == 0 ? 0.0 : count * std::log(ratio);
}

}  // namespace

Tick& Tick::operator+=(const Tick& other) {
    canary += other.canary;
    baseline += other.baseline;
    canary_events += other.canary_events;
    baseline_events += other.baseline_events;
    return *this;
}

Stakes stakes_of(const Tick& tick, double bet, double factor) {
    const double expected = factor * tick.canary;
    const double whole = bet * expected + tick.baseline;
    // Written as 1 + x, so that a pool a million times smaller than the other keeps its digits.
    const double canary = (bet - 1) * (tick.baseline / whole);
    const double baseline = (1 - bet) * (expected / whole);
    return {.canary = 1 + canary,
            .baseline = 1 + baseline,
            .log_canary = std::log1p(canary),
            .log_baseline = std::log1p(baseline),
            .canary_less_one = canary};
}

double evidence(const Tick& tick, double bet, const Margin& margin) {
    if (tick.canary <= 0 || tick.baseline <= 0) return 0;
    const Stakes stakes = stakes_of(tick, bet, margin.factor);
    return tick.canary_events * stakes.log_canary + tick.baseline_events * stakes.log_baseline -
           tick.canary * margin.points * stakes.canary_less_one;
}

double absolute_evidence(double exposures, double events, double limit, double bet) {
    return events * std::log(bet) - exposures * limit * (bet - 1);
}

double common_evidence(const Tick& tick, double baseline_rate, double bet) {
    if (tick.canary <= 0 || tick.baseline <= 0) return 0;
    const double odds = bet * baseline_rate / (1 - baseline_rate);
    const double canary_rate = odds / (1 + odds);
    const double both =
        (tick.canary * canary_rate + tick.baseline * baseline_rate) / (tick.canary + tick.baseline);
    return times_log(tick.canary_events, canary_rate / both) +
           times_log(tick.canary - tick.canary_events, (1 - canary_rate) / (1 - both)) +
           times_log(tick.baseline_events, baseline_rate / both) +
           times_log(tick.baseline - tick.baseline_events, (1 - baseline_rate) / (1 - both));
}

double rate_before(const Tick& earlier) {
    return std::clamp((earlier.baseline_events + 1) / (earlier.baseline + 2), kRateMin,
                      1 - kRateMin);
}

double expectation(const Tick& tick, double baseline_rate, double bet, const Margin& margin) {
    const Stakes stakes = stakes_of(tick, bet, margin.factor);
    const double canary_rate = margin.factor * baseline_rate + margin.points;
    return std::exp(tick.canary * std::log1p(canary_rate * stakes.canary_less_one) +
                    tick.baseline * std::log1p(baseline_rate * (stakes.baseline - 1)) -
                    tick.canary * margin.points * stakes.canary_less_one);
}

double nats_per_event(double ratio, double weight) {
    const double share = ratio * weight / (ratio * weight + 1 - weight);
    return (times_log(share, share / weight) + times_log(1 - share, (1 - share) / (1 - weight))) /
           share;
}

double sign_evidence(double worse, double blocks) {
    std::array<double, 3> wealth{};
    constexpr std::array<double, 3> kFractions{0.25, 0.5, 0.75};
    for (std::size_t i = 0; i < wealth.size(); ++i) {
        wealth[i] =
            worse * std::log1p(kFractions[i]) + (blocks - worse) * std::log1p(-kFractions[i]);
    }
    return log_sum(wealth) - std::log(static_cast<double>(wealth.size()));
}

}  // namespace judge
