#pragma once
// When things are to start, fixed before the server has said a word: a stall of the server delays
// no intended start and hides none (no coordinated omission).

#include "base/clock.h"
#include "base/random.h"
#include "load/histogram.h"

#include <cstdint>
#include <optional>

namespace load {

/// How often, and from when on.
struct Tempo {
    base::Tick first;
    double a_second = 0;
};

/// An endless open-loop schedule. Whoever plays it asks `due` and starts all that it gives, however
/// late; what it gives is never skipped or merged.
class Schedule {
public:
    /// Evenly spaced from `first` on. The nth start is computed, not added up: no drift.
    static Schedule constant(base::Tick first, double a_second);
    /// With exponential pauses, as of many independent people.
    static Schedule poisson(base::Tick first, double a_second, std::uint64_t seed);

    /// The next intended start when it has come, recording how late `now` is; call until empty.
    std::optional<base::Tick> due(base::Tick now);
    base::Tick next() const { return next_; }

    std::uint64_t started() const { return started_; }
    /// Intended until `now` and not yet given out.
    std::uint64_t overdue(base::Tick now) const;
    const Histogram& lag() const { return lag_; }

private:
    Schedule(base::Tick first, double a_second, std::optional<base::Random> random);
    base::Tick after_next();

    base::Tick first_;
    base::Tick next_;
    double a_second_;
    std::optional<base::Random> random_;
    std::uint64_t started_ = 0;
    Histogram lag_;
};

}  // namespace load
