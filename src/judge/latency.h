#pragma once
// Slowness as counts: how many requests took longer than an edge that was frozen beforehand.
//
// An interpolated quantile is never tested. The new release's requests above an edge are compared
// with the old one's above a lower edge, so that "not slower than so many per cent at this
// quantile" is exactly the null, whatever the distributions are. One bucket of `base::Histogram`
// is 9 per cent: as fine as a margin needs to be.

#include "base/histogram.h"
#include "judge/tick.h"
#include "judge/trial.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace judge {

/// One quantile of the old release, as places between buckets.
struct LatencyEdge {
    std::uint32_t permille;       ///< Which quantile: 500, 900, 990.
    std::size_t bucket;           ///< Of the new release, requests in later buckets are slow.
    std::size_t baseline_bucket;  ///< Of the old release; earlier by the margin.
    double usual;                 ///< Share of the old release's history beyond the latter.

    friend bool operator==(const LatencyEdge&, const LatencyEdge&) = default;
};

/// How much slower a release may be before it is a fault.
inline constexpr double kSlowerAcceptable = 0.09;

/// Slower by less is noticed by nobody, however large a share it is: a service that answers in a
/// fifth of a millisecond is a third slower where it serves few requests and its caches are cold.
inline constexpr std::uint64_t kUnnoticedMicros = 5'000;

/// The edges of the old release's `history` (half an hour is good) at 500, 900 and 990 permille;
/// those for which it has too few requests (ten beyond the quantile) are left out. A new release
/// may be slower by `slower_acceptable` of them, or by `unnoticed_micros` where that is more.
std::vector<LatencyEdge> latency_edges(const base::Histogram& history,
                                       double slower_acceptable = kSlowerAcceptable,
                                       std::uint64_t unnoticed_micros = 0);

/// Exposures and exceedances of one tick, from both pools' histograms of that tick.
Tick latency_tick(const LatencyEdge& edge, const base::Histogram& canary,
                  const base::Histogram& baseline);

/// The metric of one of `edges` edges: weight 1 over all of them together, not critical, and not
/// judged while instances are cold.
Metric latency_metric(const LatencyEdge& edge, std::size_t edges);

}  // namespace judge
