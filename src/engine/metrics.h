#pragma once
// The port through which a release's effect on users is measured.
// Behind it: local::Metrics (the edge's counts), aws::Metrics (CloudWatch), sim::Metrics.

#include "base/clock.h"
#include "base/result.h"
#include "judge/counts.h"

#include <chrono>
#include <vector>

namespace engine {

/// How far back a release, and a rehearsal of one, look.
inline constexpr std::chrono::hours kHistory{24};

/// What came in a stretch of time; sockets that are open are those at its end.
struct Past {
    base::Instant until;
    std::chrono::milliseconds length;
    judge::PoolCounts counts;
};

/// Reads counts since the provider started counting, per pool; the engine takes differences
/// of two readings and never sees a rate.
class Metrics {
public:
    virtual ~Metrics() = default;

    /// Cumulative counts of both pools as of now. All of the data plane or `unavailable` (P8).
    /// A counter that is lower than in an earlier reading means that counting began anew.
    virtual base::Result<judge::PoolCounts> read(base::Deadline deadline) = 0;

    /// How long before `now` the last reading's counts end: what happened since is not in them.
    virtual std::chrono::milliseconds age(base::Instant now) const {
        (void)now;
        return std::chrono::milliseconds{0};
    }

    /// The traffic before now: stretches of about equal length that ended after `since`, oldest
    /// first. Where nobody counted, or counting began anew, one is missing. None at all where the
    /// provider keeps no history, or has only begun.
    virtual base::Result<std::vector<Past>> past(base::Instant since, base::Deadline deadline) {
        (void)since;
        (void)deadline;
        return std::vector<Past>{};
    }
};

}  // namespace engine
