#pragma once
// How one target is emptied, and when it is proven empty.
//
//   draining -every worker runs the draining snapshot, and nothing is left-> drained
//
// Drained means none in flight, not merely none arriving; it is never taken back.

#include "base/clock.h"

#include <chrono>
#include <cstdint>

namespace edge {

/// What one target has, summed over all workers.
struct Load {
    std::uint64_t in_flight = 0;
    std::uint64_t sockets = 0;
    std::uint64_t pooled = 0;  ///< Upstream connections, idle, in use or being opened.

    bool none() const { return in_flight == 0 && sockets == 0 && pooled == 0; }
    friend bool operator==(const Load&, const Load&) = default;
};

/// So many sockets a second may be asked to leave; evenly, from the first moment on.
class Pace {
public:
    /// `a_second` 0: all at once.
    Pace(base::Tick begun, std::uint32_t a_second) : begun_(begun), a_second_(a_second) {}

    /// How many in all may have been asked at `now`. The first may go at once.
    std::uint64_t allowed(base::Tick now) const;
    base::Tick begun() const { return begun_; }
    std::uint32_t a_second() const { return a_second_; }

private:
    base::Tick begun_;
    std::uint32_t a_second_;
};

class Drain {
public:
    Drain(base::Tick begun, std::chrono::milliseconds deadline, std::uint32_t sockets_a_second)
        : pace_(begun, sockets_a_second), cut_at_(begun + deadline) {}

    /// Asked again: the newer deadline and pace hold.
    void again(base::Tick now, std::chrono::milliseconds deadline, std::uint32_t sockets_a_second);

    std::uint64_t sockets_allowed(base::Tick now) const { return pace_.allowed(now); }
    /// What is left then is cut.
    bool overdue(base::Tick now) const { return now >= cut_at_; }

    /// `load` is read after the workers were asked: a worker that runs the draining snapshot
    /// begins nothing more with the target, so none left then means none ever.
    void observe(bool every_worker_runs_it, const Load& load);
    bool drained() const { return drained_; }
    base::Tick begun() const { return pace_.begun(); }

private:
    Pace pace_;
    base::Tick cut_at_;
    bool drained_ = false;
};

}  // namespace edge
