#pragma once
// Latencies with HDR semantics: 1 microsecond to 60 seconds, three significant digits, mergeable.
// base::Histogram is what the edge counts with (coarse, fixed size, no allocation); this one is
// what measured figures are read from.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// A value is counted in a bucket at most 0.1 % wide; what lies above 60 s counts as 60 s and
/// shows in `clipped`. Memory grows with the largest value seen, to about 70 KB.
class Histogram {
public:
    static constexpr std::uint64_t kHighestMicros = 60'000'000;

    void add(std::uint64_t micros, std::uint64_t times = 1);
    Histogram& operator+=(const Histogram& other);
    void clear();

    std::uint64_t count() const { return count_; }
    std::uint64_t clipped() const { return clipped_; }
    /// Of exact values, not of buckets; 0 where there are none.
    double mean_micros() const;
    std::uint64_t max_micros() const { return max_; }
    std::uint64_t min_micros() const { return count_ == 0 ? 0 : min_; }

    /// The highest value equivalent to the one at the given share (0..1) of all counts, never
    /// above the maximum; 0 where there are none.
    std::uint64_t at(double share) const;

    /// The percentile distribution as HdrHistogram's tools read and plot it (`.hgrm`), in
    /// milliseconds.
    std::string hgrm() const;

private:
    std::vector<std::uint32_t> counts_;
    std::uint64_t count_ = 0;
    std::uint64_t clipped_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t max_ = 0;
    std::uint64_t min_ = 0;
};

/// What a report says of a histogram.
struct Latency {
    std::uint64_t count = 0;
    double avg_ms = 0;
    double p50_ms = 0;
    double p90_ms = 0;
    double p95_ms = 0;
    double p99_ms = 0;
    double p999_ms = 0;
    double max_ms = 0;
};

Latency latency_of(const Histogram& histogram);

}  // namespace load
