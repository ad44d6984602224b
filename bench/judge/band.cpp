#include "band.h"

#include <algorithm>
#include <cmath>

namespace bench {

namespace {

double error(double constant, double a, double eta) {
    const double root = a - std::sqrt(2 * (eta - 1) / constant);
    const double gamma = 2 / eta * root * root;
    if (root <= 0 || gamma <= 1) return HUGE_VAL;
    return 4 * std::exp(-gamma * constant) * (1 + 1 / ((gamma - 1) * std::log(eta)));
}

double least_error(double constant, double a) {
    constexpr int kGrid = 400;
    constexpr double kGolden = 0.6180339887498949;
    const double step = (2 * a * a - 1) / kGrid;
    int best = 1;
    for (int i = 2; i < kGrid; ++i) {
        if (error(constant, a, 1 + step * i) < error(constant, a, 1 + step * best)) best = i;
    }
    double low = 1 + step * std::max(1, best - 1);
    double high = 1 + step * std::min(kGrid - 1, best + 1);
    for (int i = 0; i < 200; ++i) {
        const double left = high - kGolden * (high - low);
        const double right = low + kGolden * (high - low);
        if (error(constant, a, left) < error(constant, a, right)) {
            high = right;
        } else {
            low = left;
        }
    }
    return error(constant, a, (low + high) / 2);
}

}  // namespace

double band_constant(double alpha, double a) {
    double low = 2;
    double high = 40;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (least_error(middle, a) > alpha ? low : high) = middle;
    }
    return (low + high) / 2;
}

double band_radius(double constant, double a, double count) {
    return a * std::sqrt((std::log(1 + std::log(count)) + constant) / count);
}

}  // namespace bench
