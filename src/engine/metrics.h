#pragma once
// The port through which a release's effect on users is measured.
// Behind it: local::Metrics (the edge's counts), aws::Metrics (CloudWatch), sim::Metrics.

#include "base/clock.h"
#include "base/result.h"
#include "judge/counts.h"

namespace engine {

/// Reads counts since the provider started counting, per pool; the engine takes differences
/// of two readings and never sees a rate.
class Metrics {
public:
    virtual ~Metrics() = default;

    /// Cumulative counts of both pools as of now. All of the data plane or `unavailable` (P8).
    /// A counter that is lower than in an earlier reading means that counting began anew.
    virtual base::Result<judge::PoolCounts> read(base::Deadline deadline) = 0;
};

}  // namespace engine
