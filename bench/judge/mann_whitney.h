#pragma once
// The Mann-Whitney test on time-series points, as Kayenta's NetflixACAJudge uses it.

#include <span>

namespace bench {

struct RankSum {
    double u;         ///< Of `x`.
    double standard;  ///< Standardised, with continuity and tie correction.
};

/// Of `x` shifted down by `shift`, against `y`.
RankSum rank_sum(std::span<const double> x, std::span<const double> y, double shift = 0);

/// Interval and estimate of how far `x` lies above `y`, normal approximation, roots by Brent.
struct Shift {
    double lower;
    double upper;
    double estimate;
};

Shift shift_between(std::span<const double> x, std::span<const double> y, double confidence);

/// Kayenta's classification of an increase: lower bound above a quarter of the estimate, and a
/// ratio of means of at least 1.
bool is_high(std::span<const double> canary, std::span<const double> control);

/// The same by order statistics of the differences, without a root search: where most points are
/// equal the two differ, because Kayenta's bounds are then wherever its search stops.
bool is_high_by_order(std::span<const double> canary, std::span<const double> control);

/// The quantile of the standard normal distribution (Wichura's AS 241).
double normal_quantile(double p);

}  // namespace bench
