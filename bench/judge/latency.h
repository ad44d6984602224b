#pragma once
// Releases that are slower: lognormal latencies, 10 % of the traffic, an hour.

#include "base/random.h"

#include <optional>
#include <string>

namespace bench {

struct SlowWorld {
    double requests_per_second = 100;
    double slower = 1;       ///< Every request takes so many times as long ...
    bool tail_only = false;  ///< ... or only the slowest twentieth.
};

/// When the rule aborts: `flagger` (p99 below 1.2 times the usual), `kayenta` (p99 points), `zpeek`
/// (exceedances of p99), `e` (three edges, as the yardstick has them) or `crossfade` (as the
/// product has them).
std::optional<double> slow_release(const std::string& rule, const SlowWorld& world,
                                   base::Random& random);

}  // namespace bench
