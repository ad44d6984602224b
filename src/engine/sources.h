#pragma once
// The port to metrics that other systems have of a run's two releases (`guard.metrics`).
// Behind it: local::Sources (queries by HTTP, each from a thread of its own), sim::Sources.

#include "base/json.h"
#include "release/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// What a source has of one release.
struct SourceFigures {
    std::uint64_t failed = 0;  ///< Since it began counting; may begin anew.
    std::uint64_t total = 0;
    double level = 0;  ///< Of a gauge, in place of both.

    friend bool operator==(const SourceFigures&, const SourceFigures&) = default;
};

/// What a source has of one metric.
struct SourceReading {
    std::string metric;
    std::string blind;                   ///< Why it cannot be read; empty: it was.
    std::optional<SourceFigures> fresh;  ///< Of the new release; none: it has none.
    std::optional<SourceFigures> old;

    friend bool operator==(const SourceReading&, const SourceReading&) = default;
};

using SourceReadings = std::vector<SourceReading>;

/// Asks beside the run, so that a source that is slow or gone never holds up the guard.
class Sources {
public:
    virtual ~Sources() = default;

    /// Each of `plan.guard.metrics`, in their order, as it was last answered. The first call for a
    /// plan begins asking. Never waits, never fails: what has not been answered within a tick of
    /// the guard is blind, and says why. No text in it is a secret (P11).
    virtual SourceReadings latest(const release::Plan& plan) = 0;
};

base::Json json_of(const SourceReadings& readings);
SourceReadings source_readings_from(const base::Json& json);

}  // namespace engine
