#pragma once
// Sums of numbers that are kept as natural logarithms, because wealth spans hundreds of orders.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace judge {

/// The logarithm of nothing.
inline constexpr double kLogZero = -std::numeric_limits<double>::infinity();

/// ln(exp(a) + exp(b)).
inline double log_add(double a, double b) {
    if (a < b) std::swap(a, b);
    return b == kLogZero ? a : a + std::log1p(std::exp(b - a));
}

/// ln of the sum of exp(each).
inline double log_sum(std::span<const double> logs) {
    const double top = logs.empty() ? kLogZero : *std::max_element(logs.begin(), logs.end());
    if (top == kLogZero) return kLogZero;
    double sum = 0;
    for (const double each : logs) sum += std::exp(each - top);
    return top + std::log(sum);
}

/// ln of the mean of e-values under weights that add up to 1: an e-value whatever the dependence
/// between them.
inline double log_mean(std::span<const double> logs, std::span<const double> weights) {
    double sum = kLogZero;
    for (std::size_t i = 0; i < logs.size(); ++i) {
        if (weights[i] > 0) sum = log_add(sum, std::log(weights[i]) + logs[i]);
    }
    return sum;
}

}  // namespace judge
