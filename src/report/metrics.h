#pragma once
// What Prometheus scrapes of one application, in its text format 0.0.4: where the release in
// progress stands, and what became of all. Pure.
//
// Names are part of the interface: `docs/metrics.md` lists them, examples/grafana draws them.
// No label holds a release's id, a path or anything else without bound.

#include "base/clock.h"
#include "base/result.h"
#include "engine/history.h"
#include "engine/status.h"
#include "engine/store.h"
#include "judge/counts.h"

#include <optional>
#include <string>
#include <vector>

namespace report {

struct Gauged {
    const engine::Status& status;
    const std::vector<engine::Record>& records;
    const std::optional<judge::PoolCounts>& counts;  ///< None: could not be read (P8).
    std::string serving;                             ///< The version; empty: none.
    base::Instant now;
};

/// Fails with `rejected` when the journal cannot be read.
base::Result<std::string> metrics_of(const Gauged& gauged);

}  // namespace report
