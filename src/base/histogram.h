#pragma once
// How long things took, as counts in fixed buckets: mergeable, exact to about 9 %, no allocation.

#include <array>
#include <cstddef>
#include <cstdint>

namespace base {

/// Eight buckets an octave from 1 microsecond to 14 minutes: bucket i holds what took at most
/// `upper_micros(i)` and more than the bucket before; the last takes everything above.
struct Histogram {
    static constexpr std::size_t kBuckets = 240;
    std::array<std::uint64_t, kBuckets> counts{};

    static std::uint64_t upper_micros(std::size_t bucket);
    static std::size_t bucket_of(std::uint64_t micros);

    void add(std::uint64_t micros) { ++counts[bucket_of(micros)]; }
    std::uint64_t total() const;
    /// The upper edge of the bucket in which the given share (0..1000) of all counts ends;
    /// 0 where there are none.
    std::uint64_t quantile_micros(std::uint32_t permille) const;

    Histogram& operator+=(const Histogram& other);
    friend bool operator==(const Histogram&, const Histogram&) = default;
};

}  // namespace base
