#include "judge/words.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace judge {

namespace {

std::string fixed(double value, int digits) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

}  // namespace

std::string count_text(double count) {
    if (count < 10 && count != std::floor(count)) return fixed(count, 2);
    std::string digits = fixed(count, 0);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string difference_text(const Metric& metric, double difference) {
    const double shown = difference * metric.shown_per;
    return fixed(shown, shown < 0.1 ? 3 : shown < 1 ? 2 : 1) + " " + metric.shown_as;
}

std::string counts_text(const Metric& metric, const Tick& total) {
    std::string text = count_text(total.canary_events) + " " + metric.events + " in " +
                       count_text(total.canary) + " " + metric.exposures + " of the new release";
    if (total.baseline > 0) {
        text += ", " + count_text(total.baseline_events) + " in " + count_text(total.baseline) +
                " of the old";
    }
    return text;
}

std::string odds_text(double log_evidence) {
    constexpr double kTold = 1e6;
    const double odds = std::exp(std::min(log_evidence, 700.0));
    return odds > kTold ? "odds above a million to 1"
                        : "odds " + count_text(std::floor(odds)) + " to 1";
}

}  // namespace judge
