#include "base/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace base {

namespace {

/// Eight buckets an octave: each edge is 2^(1/8) = 1.09 times the one before.
const std::array<std::uint64_t, Histogram::kBuckets>& edges() {
    static const auto table = [] {
        std::array<std::uint64_t, Histogram::kBuckets> made{};
        std::uint64_t last = 0;
        for (std::size_t i = 0; i < made.size(); ++i) {
            const double ideal = std::exp2(static_cast<double>(i) / 8.0);
            last = std::max(last + 1, static_cast<std::uint64_t>(std::llround(ideal)));
            made[i] = last;
        }
        return made;
    }();
    return table;
}

}  // namespace

std::uint64_t Histogram::upper_micros(std::size_t bucket) {
    return edges()[std::min(bucket, kBuckets - 1)];
}

std::size_t Histogram::bucket_of(std::uint64_t micros) {
    const auto at = std::lower_bound(edges().begin(), edges().end(), micros);
    return std::min(static_cast<std::size_t>(at - edges().begin()), kBuckets - 1);
}

std::uint64_t Histogram::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t Histogram::quantile_micros(std::uint32_t permille) const {
    const std::uint64_t all = total();
    if (all == 0) return 0;
    const std::uint64_t wanted = (all * permille + 999) / 1000;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        seen += counts[i];
        if (seen >= wanted && seen > 0) return upper_micros(i);
    }
    return upper_micros(kBuckets - 1);
}

Histogram& Histogram::operator+=(const Histogram& other) {
    for (std::size_t i = 0; i < kBuckets; ++i) counts[i] += other.counts[i];
    return *this;
}

}  // namespace base
