#include "load/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace load {
namespace {

// 2,048 sub-buckets hold three significant digits: the smallest power of two above 2 * 10^3.
constexpr std::uint64_t kSubBuckets = 2048;
constexpr std::uint64_t kHalf = kSubBuckets / 2;

std::size_t index_of(std::uint64_t micros) {
    if (micros < kSubBuckets) return static_cast<std::size_t>(micros);
    const auto octave = static_cast<std::uint64_t>(std::bit_width(micros)) - 11;
    return static_cast<std::size_t>(octave * kHalf + (micros >> octave));
}

/// The largest value that is counted in the same bucket.
std::uint64_t highest_of(std::size_t index) {
    if (index < kSubBuckets) return index;
    const std::uint64_t octave = index / kHalf - 1;
    const std::uint64_t sub = index - octave * kHalf;
    return ((sub + 1) << octave) - 1;
}

double millis(double micros) {
    return micros / 1000.0;
}

}  // namespace

void Histogram::add(std::uint64_t micros, std::uint64_t times) {
    if (times == 0) return;
    if (micros > kHighestMicros) {
        clipped_ += times;
        micros = kHighestMicros;
    }
    const std::size_t index = index_of(micros);
    if (index >= counts_.size()) counts_.resize(index + 1);
    counts_[index] += static_cast<std::uint32_t>(times);
    min_ = count_ == 0 ? micros : std::min(min_, micros);
    max_ = std::max(max_, micros);
    count_ += times;
    sum_ += micros * times;
}

Histogram& Histogram::operator+=(const Histogram& other) {
    if (other.count_ == 0) return *this;
    if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
    for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
    min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    count_ += other.count_;
    clipped_ += other.clipped_;
    sum_ += other.sum_;
    return *this;
}

void Histogram::clear() {
    std::fill(counts_.begin(), counts_.end(), 0U);
    count_ = clipped_ = sum_ = max_ = min_ = 0;
}

double Histogram::mean_micros() const {
    return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::at(double share) const {
    if (count_ == 0) return 0;
    const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += counts_[i];
        if (seen >= rank) return std::min(highest_of(i), max_);
    }
    return max_;
}

std::string Histogram::hgrm() const {
    constexpr double kTicksPerHalfDistance = 5;
    std::string text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile",
                                   "TotalCount", "1/(1-Percentile)");
    double percentile = 0;
    std::uint64_t seen = 0;
    double squares = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        if (counts_[i] == 0) continue;
        const auto value = static_cast<double>(std::min(highest_of(i), max_));
        seen += counts_[i];
        squares += std::pow(value - mean_micros(), 2) * counts_[i];
        const double share = static_cast<double>(seen) / static_cast<double>(count_);
        while (percentile < 1.0 && percentile <= share) {
            if (seen == count_ && share - percentile < 1e-9) break;
            text += fmt::format("{:12.3f} {:14.12f} {:10} {:14.2f}\n", millis(value), percentile,
                                seen, 1.0 / (1.0 - percentile));
            const double halvings = std::floor(std::log2(1.0 / (1.0 - percentile))) + 1;
            percentile += 1.0 / (kTicksPerHalfDistance * std::pow(2.0, halvings));
            if (seen == count_ && 1.0 / (1.0 - percentile) > static_cast<double>(count_)) break;
        }
    }
    if (count_ > 0)
        text += fmt::format("{:12.3f} {:14.12f} {:10}\n", millis(static_cast<double>(max_)), 1.0,
                            count_);
    const double deviation = count_ == 0 ? 0 : std::sqrt(squares / static_cast<double>(count_));
    text += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", millis(mean_micros()),
                        millis(deviation));
    text += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n",
                        millis(static_cast<double>(max_)), count_);
    text += fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n", 16, kSubBuckets);
    return text;
}

Latency latency_of(const Histogram& histogram) {
    const auto at = [&](double share) { return millis(static_cast<double>(histogram.at(share))); };
    return Latency{.count = histogram.count(),
                   .avg_ms = millis(histogram.mean_micros()),
                   .p50_ms = at(0.5),
                   .p90_ms = at(0.9),
                   .p95_ms = at(0.95),
                   .p99_ms = at(0.99),
                   .p999_ms = at(0.999),
                   .max_ms = millis(static_cast<double>(histogram.max_micros()))};
}

}  // namespace load
