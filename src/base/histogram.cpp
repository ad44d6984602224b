#include "base/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace base {

namespace {

struct Edges {
    /// Each is 2^(1/8) = 1.09 times the one before: eight buckets an octave.
    std::array<std::uint64_t, Histogram::kBuckets> upper{};
    /// The first edge that is at least 2^i, or the last of all.
    std::array<std::uint8_t, 65> from{};

    Edges() {
        std::uint64_t last = 0;
        for (std::size_t i = 0; i < upper.size(); ++i) {
            const double ideal = std::exp2(static_cast<double>(i) / 8.0);
            last = std::max(last + 1, static_cast<std::uint64_t>(std::llround(ideal)));
            upper[i] = last;
        }
        for (std::size_t i = 0; i < from.size(); ++i) {
            const std::uint64_t least = std::uint64_t{1} << std::min<std::size_t>(i, 63);
            const auto at = std::lower_bound(upper.begin(), upper.end() - 1, least);
            from[i] = static_cast<std::uint8_t>(at - upper.begin());
        }
    }
};

const Edges& edges() {
    static const Edges table;
    return table;
}

}  // namespace

std::uint64_t Histogram::upper_micros(std::size_t bucket) {
    return edges().upper[std::min(bucket, kBuckets - 1)];
}

std::size_t Histogram::bucket_of(std::uint64_t micros) {
    if (micros == 0) return 0;
    const Edges& table = edges();
    std::size_t at = table.from[static_cast<std::size_t>(std::bit_width(micros)) - 1];
    while (at + 1 < kBuckets && table.upper[at] < micros) ++at;
    return at;
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
