#pragma once
// Evidence: what happened to users' requests, as integers. Rates are for whoever compares two.

#include "base/histogram.h"

#include <cstdint>

namespace judge {

/// Cumulative, from when the data plane started counting.
struct Counts {
    std::uint64_t requests = 0;      ///< Ended requests, upgrades included.
    std::uint64_t errors = 0;        ///< Of these: answered 5xx by the instance, or by the data
                                     ///< plane because the instance failed.
    std::uint64_t sockets_open = 0;  ///< Now: the one that does not accumulate.
    std::uint64_t sockets_opened = 0;
    std::uint64_t sockets_refused = 0;  ///< Upgrades that were not answered 101.
    std::uint64_t sockets_cut = 0;      ///< Ended by the instance without a close frame.
    base::Histogram latency;            ///< Of requests that are no upgrades.
};

/// WebSockets that were asked for, or more where more than these ended badly.
std::uint64_t sockets_of(const Counts& counts);

struct PoolCounts {
    Counts blue;
    Counts green;
};

/// What came between two readings; if any counter went back, counting began anew and `after`
/// alone is the difference. Its open sockets are those of `after`.
Counts difference(const Counts& before, const Counts& after);

}  // namespace judge
