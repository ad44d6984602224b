#pragma once
// Time is handed in. `Instant` may be stored, `Tick` never is, and neither can ask for itself:
// only a Clock knows the present. SystemClock is built in main functions and nowhere else;
// tests and the simulated world move a clock of their own by hand.

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

/// UTC, microseconds since 1970; survives a restart, may jump when the clock is set.
struct Utc {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Utc>;
    static constexpr bool is_steady = false;
};
using Instant = Utc::time_point;

/// Nanoseconds since an arbitrary start; never jumps, means nothing in another boot.
struct Monotonic {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Monotonic>;
    static constexpr bool is_steady = true;
};
using Tick = Monotonic::time_point;

/// Until when a blocking call may take. It is an error's moment, not a promise of speed.
struct Deadline {
    Tick at;

    friend auto operator<=>(const Deadline&, const Deadline&) = default;
};

/// Tells the time and waits for it. Safe to use from several threads.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;
    virtual Tick tick() = 0;

    /// Returns at `until`, or as soon as `stop` is requested.
    virtual void wait_until(Tick until, const std::stop_token& stop) = 0;

    Deadline deadline_in(std::chrono::nanoseconds span) { return Deadline{tick() + span}; }
};

/// The machine's own clocks.
class SystemClock final : public Clock {
public:
    Instant now() override;
    Tick tick() override;
    void wait_until(Tick until, const std::stop_token& stop) override;
};

/// RFC 3339 in UTC with microseconds: `2026-11-23T00:17:10.000000Z`.
std::string to_text(Instant instant);
Result<Instant> instant_from(std::string_view text);

/// Whole microseconds since 1970, as stored.
inline std::int64_t micros_of(Instant instant) {
    return instant.time_since_epoch().count();
}
inline Instant instant_of_micros(std::int64_t micros) {
    return Instant{std::chrono::microseconds{micros}};
}

}  // namespace base
