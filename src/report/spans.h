#pragma once
// How long each run of an application took, and how much of that was a person's move. Pure.

#include "base/clock.h"
#include "base/result.h"
#include "engine/status.h"
#include "engine/store.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report {

/// A step of a run, or of its way back.
struct StepSpan {
    std::string id;
    std::string stage;
    bool back = false;
    base::Instant begun;
    std::optional<base::Instant> ended;
};

/// One run from its first record to its last.
struct RunSpan {
    std::string id;
    std::string strategy;
    base::Instant begun;
    std::optional<base::Instant> ended;
    std::optional<engine::Ending> ending;
    /// While a gate waited for consent, it was paused, or nobody drove it.
    std::chrono::microseconds waited{0};
    std::optional<std::chrono::microseconds> way_back;  ///< From the turn to the end.
    std::vector<StepSpan> steps;                        ///< In order of their beginning.

    std::chrono::microseconds length(base::Instant now) const;
    std::chrono::microseconds active(base::Instant now) const;
};

/// All runs, oldest first; what still waits is counted up to `now`. Fails with `rejected` when a
/// record cannot be read.
base::Result<std::vector<RunSpan>> spans_of(const std::vector<engine::Record>& records,
                                            base::Instant now);

}  // namespace report
