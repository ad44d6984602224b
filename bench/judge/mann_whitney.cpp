#include "mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace bench {

namespace {

constexpr double kTolerance = 1e-4;  // as in Kayenta's BrentSolver

struct Ranked {
    double sum_of_first;
    double ties;  ///< Sum of t^3 - t.
};

Ranked ranked(const std::vector<double>& values, std::size_t first) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    Ranked result{0, 0};
    for (std::size_t i = 0; i < order.size();) {
        std::size_t j = i + 1;
        while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
        const double rank = static_cast<double>(i + j + 1) / 2;
        for (std::size_t k = i; k < j; ++k) result.sum_of_first += order[k] < first ? rank : 0;
        const auto tied = static_cast<double>(j - i);
        result.ties += tied * tied * tied - tied;
        i = j;
    }
    return result;
}

/// The textbook root search: bisection, secant, inverse quadratic. f(low) > 0 > f(high).
class Brent {
public:
    Brent(std::function<double(double)> f, double a, double b)
        : f_(std::move(f)), a_(a), b_(b), fa_(f_(a)), fb_(f_(b)) {}

    double root() {
        if (fa_ <= 0) return a_;
        if (fb_ >= 0) return b_;
        double c = a_;
        double fc = fa_;
        for (int turn = 0; turn < 1000; ++turn) {
            if (std::abs(fc) < std::abs(fb_)) {
                a_ = b_;
                b_ = c;
                c = a_;
                fa_ = fb_;
                fb_ = fc;
                fc = fa_;
            }
            const double width =
                2 * std::numeric_limits<double>::epsilon() * std::abs(b_) + kTolerance / 2;
            const double half = (c - b_) / 2;
            if (std::abs(half) <= width || fb_ == 0) return b_;
            double move = step(c, fc, half, width);
            if (std::abs(move) < width) move = std::copysign(width, move);
            a_ = b_;
            fa_ = fb_;
            b_ += move;
            fb_ = f_(b_);
            if (fb_ * fc > 0) {
                c = a_;
                fc = fa_;
            }
        }
        return b_;
    }

private:
    double step(double c, double fc, double half, double width) const {
        const double last = b_ - a_;
        if (std::abs(last) < width || std::abs(fa_) <= std::abs(fb_)) return half;
        const double s = fb_ / fa_;
        double p = 2 * half * s;
        double q = 1 - s;
        if (a_ != c) {
            const double u = fa_ / fc;
            const double v = fb_ / fc;
            p = s * (2 * half * u * (u - v) - (b_ - a_) * (v - 1));
            q = (u - 1) * (v - 1) * (s - 1);
        }
        if (p > 0) q = -q;
        p = std::abs(p);
        const bool inside =
            p < 1.5 * half * q - std::abs(width * q) / 2 && p < std::abs(last * q / 2);
        return inside ? p / q : half;
    }

    std::function<double(double)> f_;
    double a_, b_, fa_, fb_;
};

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double polynomial(std::initializer_list<double> highest_first, double x) {
    double sum = 0;
    for (const double each : highest_first) sum = sum * x + each;
    return sum;
}

}  // namespace

RankSum rank_sum(std::span<const double> x, std::span<const double> y, double shift) {
    std::vector<double> all;
    for (const double each : x) all.push_back(each - shift);
    all.insert(all.end(), y.begin(), y.end());
    const Ranked ranks = ranked(all, x.size());
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    const double u = ranks.sum_of_first - m * (m + 1) / 2;
    const double off = u - m * n / 2;
    const double spread =
        std::sqrt(m * n / 12 * (m + n + 1 - ranks.ties / ((m + n) * (m + n - 1))));
    const double continuity = off > 0 ? 0.5 : off < 0 ? -0.5 : 0;
    return {u, spread > 0 ? (off - continuity) / spread : 0};
}

Shift shift_between(std::span<const double> x, std::span<const double> y, double confidence) {
    const auto [x_low, x_high] = std::minmax_element(x.begin(), x.end());
    const auto [y_low, y_high] = std::minmax_element(y.begin(), y.end());
    const double low = *x_low - *y_high;
    const double high = *x_high - *y_low;
    const auto root = [&](double goal) {
        return Brent([&](double at) { return rank_sum(x, y, at).standard - goal; }, low, high)
            .root();
    };
    const double z = normal_quantile(1 - (1 - confidence) / 2);
    return {root(z), root(-z), root(0)};
}

bool is_high(std::span<const double> canary, std::span<const double> control) {
    constexpr double kConfidence = 0.98;
    constexpr double kFactor = 0.25;
    if (canary.empty() || control.empty()) return false;
    std::vector<double> a(canary.begin(), canary.end());
    std::vector<double> b(control.begin(), control.end());
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    if (a == b || (a.front() == a.back() && b.front() == b.back() && a.front() == b.front())) {
        return false;
    }
    const Shift shift = shift_between(canary, control, kConfidence);
    const double own = mean(canary);
    const double other = mean(control);
    return shift.lower > kFactor * std::abs(shift.estimate) &&
           (own == 0 || other == 0 || own / other >= 1);
}

bool is_high_by_order(std::span<const double> canary, std::span<const double> control) {
    if (canary.empty() || control.empty()) return false;
    std::vector<double> off;
    for (const double a : canary) {
        for (const double b : control) off.push_back(a - b);
    }
    std::sort(off.begin(), off.end());
    const auto m = static_cast<double>(canary.size());
    const auto n = static_cast<double>(control.size());
    const double at = m * n / 2 - 2.3263 * std::sqrt(m * n * (m + n + 1) / 12);
    const std::size_t half = off.size() / 2;
    const double median = off.size() % 2 == 1 ? off[half] : (off[half - 1] + off[half]) / 2;
    const double own = mean(canary);
    const double other = mean(control);
    return off[static_cast<std::size_t>(std::max(0.0, std::floor(at)))] > 0.25 * std::abs(median) &&
           (own == 0 || other == 0 || own / other >= 1);
}

double normal_quantile(double p) {
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q *
               polynomial({2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                           45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                           133.14166789178437745, 3.387132872796366608},
                          r) /
               polynomial({5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
                           21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
                           42.313330701600911252, 1.0},
                          r);
    }
    const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
    double value = 0;
    if (r <= 5) {
        value =
            polynomial({7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
                        1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
                        4.6303378461565452959, 1.42343711074968357734},
                       r - 1.6) /
            polynomial({1.05075007164441684324e-9, 5.475938084995344946e-4,
                        0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
                        1.6763848301838038494, 2.05319162663775882187, 1.0},
                       r - 1.6);
    } else {
        value =
            polynomial({2.01033439929228813265e-7, 2.71155556874348757815e-5,
                        0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123,
                        1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772},
                       r - 5) /
            polynomial({2.04426310338993978564e-15, 1.4215117583164458887e-7,
                        1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525,
                        0.13692988092273580531, 0.59983220655588793769, 1.0},
                       r - 5);
    }
    return q < 0 ? -value : value;
}

}  // namespace bench
