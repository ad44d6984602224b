#pragma once
// When a server could not be used, from attempts on fresh connections at fixed intended starts.
// Pure: attempts are told as they end.

#include "base/clock.h"
#include "load/histogram.h"
#include "load/outcome.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

enum class Attempt : std::uint8_t {
    succeeded,
    failed,  ///< Nobody answered in time, or the proxy did in an instance's place.
    harmed,  ///< An instance answered, with an error of its own.
};

/// A path is down from the start of an attempt that failed until the start of the next that
/// succeeded. An instance's own error is its release's harm and no outage, unless no attempt
/// succeeds for `kHarmIsDowntimeAfter`: then it is everyone's.
class Availability {
public:
    static constexpr std::chrono::milliseconds kHarmIsDowntimeAfter{500};

    explicit Availability(std::chrono::nanoseconds interval) : interval_(interval) {}

    std::size_t add_path(std::string name);
    /// `begun` is the real start. Attempts may end in any order.
    void ended(std::size_t path, Attempt attempt, base::Tick begun, base::Tick at);

    /// About how long a path has been down, for progress: failed attempts times their interval.
    double estimate_ms() const;

    /// Of all that ended so far.
    DowntimeOutcome outcome() const;

private:
    struct Try {
        base::Tick begun;
        Attempt attempt;
    };
    struct Path {
        std::string name;
        std::vector<Try> tries;
        Histogram latency;
        std::uint64_t failed = 0;
    };
    struct Interval {
        base::Tick from;
        base::Tick until;
    };
    std::vector<Interval> down(const std::vector<Try>& tries) const;
    static double length_ms(std::vector<Interval> intervals);

    std::chrono::nanoseconds interval_;
    std::vector<Path> paths_;
};

}  // namespace load
