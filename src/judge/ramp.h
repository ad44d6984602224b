#pragma once
// The next weight of a new release: what the evidence so far can afford of a budget of harm.
//
// Small weights are the cheapest way to learn of a fault, large ones only the faster (see
// `nats_per_event`). At high traffic what costs is the time to react, so the weight is such that
// the worst the release can still be would, until a reaction, spend half of what is left.

#include "judge/tick.h"

namespace judge {

/// At most this much harm, spent at this pace.
struct Budget {
    /// Requests that a bad release may harm. Infinite: only what is clear leaves `weight_learning`.
    double harm_max = 100;
    /// Failures within it are no harm: at much traffic a difference that nobody minds is many.
    Margin free{.factor = 1.1, .points = 0.0005};
    double spend = 0.5;            ///< Part of what is left that one reaction may cost.
    double weight_min = 0.001;     ///< The router's finest share.
    double suspicion = 4;          ///< Odds of a fault at which the weight does not rise.
    double weight_learning = 0.1;  ///< Until the release is clear: evidence costs least harm there.
    double weight_max = 0.5;       ///< Above it too little of the old release is left to compare.
};

/// Where the release stands.
struct Footing {
    double requests_per_second = 0;  ///< To both pools.
    double reaction_seconds = 0;     ///< Tick, lag of the counts and rollback, as measured.
    double spent = 0;                ///< See `harm_spent`.
    double worse_at_most = 1;        ///< Upper bound of the difference of rates; 1 knows nothing.
};

/// Harm that is certain: the new release's events beyond `free` over the old one's rate, less two
/// standard deviations of counts that scatter so; at least 0. `total` is the sum of all ticks.
double harm_spent(const Tick& total, double dispersion = 1, const Margin& free = {});

/// The weight at which one reaction costs `spend` of what is left; not limited in any way, and
/// infinite without traffic or without a possible fault.
double affordable_weight(const Budget& budget, const Footing& footing);

/// The first weight: affordable, and half of where the budget learns at most.
double first_weight(const Budget& budget, const Footing& footing);

/// The weight after a tick at `previous`: affordable, within the limits, at most doubled. It may
/// shrink. Without traffic nothing was learnt and it stays.
double next_weight(const Budget& budget, const Footing& footing, double previous);

/// Whether the worst that is still possible, for as long as the old release would be needed to
/// find it (`bake_seconds`), costs no more than what is left: how little traffic comes to an end.
bool remainder_is_affordable(const Budget& budget, const Footing& footing, double bake_seconds);

}  // namespace judge
