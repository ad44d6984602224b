#include "judge/chance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace judge {

namespace {

/// Below it counting up is faster, and the rejection methods are not valid.
constexpr double kRejectionFrom = 10;

/// Stands for 0 where a logarithm of it would cancel against another.
constexpr double kNearlyNone = 1e-9;

constexpr double kHalfLogTwoPi = 0.91893853320467274178;

/// ln k! less its Stirling approximation (k + 1/2) ln k - k + ln(2 pi) / 2, for k at least 1.
double factorial_rest(double k) {
    const double y = 1 / (k * k);
    return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y / 1680))) / k;
}

/// ln of the Poisson probability of k, without cancellation for large k.
double log_poisson(double k, double mean) {
    if (k < kRejectionFrom) return k * std::log(mean) - mean - std::lgamma(k + 1);
    return (k - mean) - k * std::log1p((k - mean) / mean) - kHalfLogTwoPi - 0.5 * std::log(k) -
           factorial_rest(k);
}

double poisson_by_counting(base::Random& random, double mean) {
    double left = random.unit();
    double chance = std::exp(-mean);
    double k = 0;
    while (left > chance && k < 1000) {
        left -= chance;
        k += 1;
        chance *= mean / k;
    }
    return k;
}

/// Hoermann's transformed rejection PTRS (Insurance: Mathematics and Economics 12, 1993).
double poisson_by_rejection(base::Random& random, double mean) {
    const double root = std::sqrt(mean);
    const double b = 0.931 + 2.53 * root;
    const double a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double accepted_at_once = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        const double u = random.unit() - 0.5;
        const double v = random.unit();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= accepted_at_once) return k;
        if (k < 0 || (us < 0.013 && v > us)) continue;
        const double height = std::log(v * inverse_alpha / (a / (us * us) + b));
        if (height <= log_poisson(k, mean)) return k;
    }
}

double binomial_by_counting(base::Random& random, double trials, double rate) {
    const double odds = rate / (1 - rate);
    double left = random.unit();
    double chance = std::exp(trials * std::log1p(-rate));
    double k = 0;
    while (left > chance && k < trials && k < 1000) {
        left -= chance;
        k += 1;
        chance *= odds * (trials + 1 - k) / k;
    }
    return k;
}

double log_factorial_rest(double k) {
    return k < kRejectionFrom ? std::lgamma(k + 1) - ((k + 0.5) * std::log(k) - k + kHalfLogTwoPi)
                              : factorial_rest(k);
}

/// ln of the binomial probability of k, without cancellation.
double log_binomial(double k, double trials, double rate) {
    k = std::clamp(k, kNearlyNone, trials - kNearlyNone);
    const double mean = trials * rate;
    const double rest = trials - k;
    return -k * std::log1p((k - mean) / mean) -
           rest * std::log1p((mean - k) / (trials * (1 - rate))) +
           0.5 * std::log(trials / (k * rest)) - kHalfLogTwoPi + log_factorial_rest(trials) -
           log_factorial_rest(k) - log_factorial_rest(rest);
}

/// Hoermann's transformed rejection BTRS (J. Statist. Comput. Simul. 46, 1993).
double binomial_by_rejection(base::Random& random, double trials, double rate) {
    const double deviation = std::sqrt(trials * rate * (1 - rate));
    const double b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * rate;
    const double centre = trials * rate + 0.5;
    const double alpha = (2.83 + 5.1 / b) * deviation;
    const double accepted_at_once = 0.92 - 4.2 / b;
    for (;;) {
        const double u = random.unit() - 0.5;
        const double v = random.unit();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor((2 * a / us + b) * u + centre);
        if (us >= 0.07 && v <= accepted_at_once) return k;
        if (k < 0 || k > trials) continue;
        const double height = std::log(v * alpha / (a / (us * us) + b));
        const double mode = std::floor((trials + 1) * rate);
        if (height <= log_binomial(k, trials, rate) - log_binomial(mode, trials, rate)) return k;
    }
}

}  // namespace

double draw_poisson(base::Random& random, double mean) {
    if (mean <= 0) return 0;
    return mean < kRejectionFrom ? poisson_by_counting(random, mean)
                                 : poisson_by_rejection(random, mean);
}

double draw_binomial(base::Random& random, double trials, double rate) {
    if (trials <= 0 || rate <= 0) return 0;
    if (rate >= 1) return trials;
    if (rate > 0.5) return trials - draw_binomial(random, trials, 1 - rate);
    return trials * rate < kRejectionFrom ? binomial_by_counting(random, trials, rate)
                                          : binomial_by_rejection(random, trials, rate);
}

// Marsaglia and Tsang (ACM Trans. Math. Softw. 26, 2000), and their boost below shape 1.
double draw_gamma(base::Random& random, double shape) {
    if (shape < 1) {
        return draw_gamma(random, shape + 1) * std::pow(1 - random.unit(), 1 / shape);
    }
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double normal = std::sqrt(-2 * std::log(1 - random.unit())) *
                              std::cos(2 * std::numbers::pi * random.unit());
        const double cube = std::pow(1 + c * normal, 3);
        if (cube <= 0) continue;
        const double u = 1 - random.unit();
        if (std::log(u) < 0.5 * normal * normal + d - d * cube + d * std::log(cube)) {
            return d * cube;
        }
    }
}

double draw_clustered(base::Random& random, double trials, double rate, double dispersion) {
    const double mean = trials * std::min(1.0, rate);
    const double more = dispersion - 1;
    // A rate of nearly all leaves no room for clusters.
    constexpr double kIndependent = 0.01;
    if (mean <= 0 || more < kIndependent || rate > 0.5) return draw_binomial(random, trials, rate);
    // A negative binomial, as a Poisson of a gamma.
    return std::min(trials, draw_poisson(random, more * draw_gamma(random, mean / more)));
}

}  // namespace judge
