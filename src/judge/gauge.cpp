#include "judge/gauge.h"

#include "judge/tick.h"
#include "judge/words.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

/// One in a thousand, as for all other evidence.
const double kPlain = std::log(1000);
constexpr double kDay = 86'400;
/// Growth is looked for in the last so many blocks: half a day of minutes.
constexpr std::size_t kBlocksMax = 720;
constexpr double kMebi = 1024.0 * 1024.0;

std::string percent_text(double share) {
    return count_text(std::round(share * 100)) + " %";
}

int severity(Word word) {
    return word == Word::fail ? 2 : word == Word::unknown ? 1 : 0;
}

}  // namespace

Verdict combined(std::vector<Verdict> verdicts) {
    if (verdicts.empty()) return {};
    return *std::max_element(
        verdicts.begin(), verdicts.end(),
        [](const Verdict& a, const Verdict& b) { return severity(a.word) < severity(b.word); });
}

LevelWatch::LevelWatch(std::string name, double ratio_max)
    : name_(std::move(name)), ratio_max_(ratio_max) {}

void LevelWatch::see_block(double canary, double baseline) {
    if (canary <= 0 || baseline <= 0) return;
    blocks_ += 1;
    worse_ += canary > ratio_max_ * baseline ? 1 : 0;
}

Verdict LevelWatch::verdict() const {
    const bool higher = sign_evidence(worse_, blocks_) >= kPlain;
    return {.word = higher ? Word::unknown : Word::pass,
            .metric = name_,
            .reason = "above " + percent_text(ratio_max_) + " of the old release's in " +
                      count_text(worse_) + " of " + count_text(blocks_) + " blocks"};
}

CeilingWatch::CeilingWatch(std::string name, double limit, double share_max, int ticks_max)
    : name_(std::move(name)), limit_(limit), share_max_(share_max), ticks_max_(ticks_max) {}

void CeilingWatch::see(double value) {
    last_ = value;
    above_ = value > share_max_ * limit_ ? above_ + 1 : 0;
    failed_ = failed_ || above_ >= ticks_max_;
}

Verdict CeilingWatch::verdict() const {
    return {.word = failed_ ? Word::fail : Word::pass,
            .metric = name_,
            .reason = percent_text(last_ / limit_) + " of the limit" +
                      (failed_ ? ", for " + std::to_string(ticks_max_) + " ticks above " +
                                     percent_text(share_max_)
                               : std::string())};
}

double median_slope(const std::vector<double>& values) {
    std::vector<double> slopes;
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i + 1; j < values.size(); ++j) {
            slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
        }
    }
    if (slopes.empty()) return 0;
    const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
    std::nth_element(slopes.begin(), middle, slopes.end());
    if (slopes.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(slopes.begin(), middle)) / 2;
}

GrowthWatch::GrowthWatch(double limit_bytes, double block_seconds)
    : limit_bytes_(limit_bytes), block_seconds_(block_seconds) {}

void GrowthWatch::see_block(double canary_bytes, double baseline_bytes) {
    canary_.push_back(canary_bytes);
    baseline_.push_back(baseline_bytes);
    if (canary_.size() > kBlocksMax) {
        canary_.erase(canary_.begin());
        baseline_.erase(baseline_.begin());
    }
}

Verdict GrowthWatch::verdict() const {
    // Pairs that do not overlap: independent of each other, as betting on signs needs.
    double grew = 0;
    double pairs = 0;
    for (std::size_t i = 0; i + 1 < canary_.size(); i += 2) {
        grew += canary_[i + 1] - canary_[i] > baseline_[i + 1] - baseline_[i] ? 1 : 0;
        pairs += 1;
    }
    Verdict verdict{.word = Word::pass, .metric = "memory", .reason = "does not grow"};
    if (sign_evidence(grew, pairs) < kPlain) return verdict;
    const double per_second = (median_slope(canary_) - median_slope(baseline_)) / block_seconds_;
    const double left = limit_bytes_ - canary_.back();
    if (per_second <= 0 || left / per_second >= kDay) return verdict;
    verdict.word = Word::unknown;
    verdict.reason = "grows by " + count_text(std::round(per_second * 3600 / kMebi)) +
                     " MiB an hour more than the old release's, and would reach its limit in " +
                     count_text(std::round(left / per_second / 60)) + " minutes";
    return verdict;
}

}  // namespace judge
