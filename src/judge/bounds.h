#pragma once
// How much worse a release can still be, and must be by now: bounds of p_canary - p_baseline that
// hold at every look at once.

#include "judge/mixture.h"
#include "judge/tick.h"

#include <array>

namespace judge {

/// Sums over ticks from which a bound at any level, or evidence for any margin in points, is
/// found afterwards. A value.
class Bounds {
public:
    /// One tick; its evidence is divided by `dispersion` (at least 1).
    void add(const Tick& tick, double dispersion);

    /// Exceeded by the true difference with a chance of at most `beta`; 1 without evidence.
    double upper(double beta) const;
    /// Above the true difference with a chance of at most `alpha`; -1 without evidence.
    double lower(double alpha) const;

    /// Evidence, in nats, that the difference is below `points`; 0 at first.
    double log_evidence_below(double points) const;

    friend bool operator==(const Bounds&, const Bounds&) = default;

private:
    template <std::size_t Bets>
    struct Sums {
        std::array<double, Bets> gain{};   ///< At a margin of 0 points.
        std::array<double, Bets> slope{};  ///< What each point of margin adds.
        friend bool operator==(const Sums&, const Sums&) = default;
    };

    Sums<kAbortBets.size()> worse_;
    Sums<kPromoteBets.size()> better_;
};

}  // namespace judge
