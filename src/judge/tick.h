#pragma once
// The evidence of one tick, in nats, that a new release is worse (or no worse) than the old one.
//
// p is the rate of an event per exposure: errors per request, closes per connection-second. For
// every rate of the old release, every division of traffic and every null that holds in this
// tick, the expectation of exp(evidence) is at most 1; `expectation` computes it exactly.

#include <span>

namespace judge {

/// One tick of one metric. All are finite and at least 0; events may exceed exposures where an
/// exposure is a time.
struct Tick {
    double canary = 0;           ///< Exposures of the new release.
    double baseline = 0;         ///< Exposures of the old release.
    double canary_events = 0;    ///< Events among the first.
    double baseline_events = 0;  ///< Events among the second.

    Tick& operator+=(const Tick& other);
    friend bool operator==(const Tick&, const Tick&) = default;
};

/// What is acceptable: p_canary <= factor * p_baseline + points.
struct Margin {
    double factor = 1;  ///< At least 1.
    double points = 0;  ///< A rate: 0.005 is half a percentage point. At least 0.
};

/// The stakes of one bet on one tick: what an event in either pool multiplies the wealth by.
struct Stakes {
    double canary = 1;
    double baseline = 1;
    double log_canary = 0;
    double log_baseline = 0;
    double canary_less_one = 0;  ///< canary - 1 without cancellation.
};

/// `bet` is the canary's rate as a multiple of the acceptable one: above 1 it claims a fault,
/// below 1 the reverse. Needs exposures in both pools.
Stakes stakes_of(const Tick& tick, double bet, double factor);

/// Evidence against `p_canary <= margin` for a bet above 1, against `p_canary >= margin` for one
/// below 1. 0 where either pool has no exposure. Exact for Bernoulli and Poisson events.
double evidence(const Tick& tick, double bet, const Margin& margin);

/// Evidence against a fixed limit: `p <= limit` for a bet above 1, `p >= limit` below 1.
double absolute_evidence(double exposures, double events, double limit, double bet);

/// For events so common (above a tenth) that `evidence` wastes half of what they say: Bernoulli
/// likelihoods. `baseline_rate` comes from earlier ticks only (`rate_before`); `bet` is an odds
/// ratio. Events are at most exposures. The null is p_canary <= p_baseline for a bet above 1.
double common_evidence(const Tick& tick, double baseline_rate, double bet);

/// The baseline's rate as a `common_evidence` of the next tick may use it.
double rate_before(const Tick& earlier);

/// Exactly E[exp(evidence)] for independent Bernoulli events at the edge of the null: at most 1.
double expectation(const Tick& tick, double baseline_rate, double bet, const Margin& margin);

/// Nats per event of the new release that a fault of `ratio` times the rate yields at weight `w`.
double nats_per_event(double ratio, double weight);

/// Sign test by betting: ln of the mean wealth over fractions 1/4, 1/2 and 3/4, after `worse` of
/// `blocks` were worse. The null is that each is worse with a chance of at most one half.
double sign_evidence(double worse, double blocks);

}  // namespace judge
