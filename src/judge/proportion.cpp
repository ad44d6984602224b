#include "judge/proportion.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

/// ln Gamma(x) less Stirling's leading terms (x - 1/2) ln x - x + ln(2 pi) / 2.
double stirling_rest(double x) {
    constexpr double kSeriesFrom = 16;
    if (x < kSeriesFrom) {
        constexpr double kHalfLogTwoPi = 0.91893853320467274178;
        return std::lgamma(x) - ((x - 0.5) * std::log(x) - x + kHalfLogTwoPi);
    }
    const double y = 1 / (x * x);
    return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x;
}

double log_beta(double a, double b) {
    constexpr double kHalfLogTwoPi = 0.91893853320467274178;
    const double all = a + b;
    return a * std::log(a / all) + b * std::log(b / all) + 0.5 * std::log(all / (a * b)) +
           kHalfLogTwoPi + stirling_rest(a) + stirling_rest(b) - stirling_rest(all);
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by
/// Lentz; for x below (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
    constexpr double kTiny = 1e-300;
    constexpr int kTermsMax = 2'000'000;  // the square root of 10^12 counts, twice
    const auto away = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / away(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m < kTermsMax; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away(1 + even * d);
        c = away(1 + even / c);
        result *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away(1 + odd * d);
        c = away(1 + odd / c);
        result *= d * c;
        if (std::abs(d * c - 1) < 1e-16) break;
    }
    return result;
}

/// ln of the chance that a Beta(a, b) variable is at most x.
double log_beta_below(double a, double b, double x) {
    const double front = a * std::log(x) + b * std::log1p(-x) - log_beta(a, b);
    if (x < (a + 1) / (a + b + 2)) return front + std::log(beta_fraction(a, b, x) / a);
    const double above = std::exp(front) * beta_fraction(b, a, 1 - x) / b;
    return std::log1p(-std::min(above, 1.0));
}

}  // namespace

double share_evidence(double hits, double all, double share, double prior) {
    const double a = prior * share;
    const double b = prior * (1 - share);
    const double more = hits + a;
    const double less = all - hits + b;
    const double sum = all + prior;
    const double off = hits - all * share;
    // Stirling's terms of both Beta functions, with everything large cancelled by hand.
    return more * std::log1p(off / (sum * share)) + less * std::log1p(-off / (sum * (1 - share))) +
           0.5 * std::log((sum / more) / less * (a / prior) * b) + stirling_rest(more) +
           stirling_rest(less) - stirling_rest(sum) - stirling_rest(a) - stirling_rest(b) +
           stirling_rest(prior);
}

double excess_share_evidence(double hits, double all, double share) {
    const double misses = all - hits;
    return log_beta(hits + 1, misses + 1) + log_beta_below(misses + 1, hits + 1, 1 - share) -
           std::log1p(-share) - hits * std::log(share) - misses * std::log1p(-share);
}

}  // namespace judge
