#pragma once
// What both pools did, second by second: differences of two readings, with what else was known.

#include "base/clock.h"
#include "engine/status.h"
#include "judge/counts.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace console {

/// One pool between two readings.
struct PoolTick {
    std::string release;  ///< The id of what it runs; empty when it runs nothing.
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    std::uint64_t p50_micros = 0;  ///< 0 without requests.
    std::uint64_t p99_micros = 0;
    std::uint64_t sockets = 0;              ///< Open at the end.
    std::optional<std::uint32_t> set;       ///< Permille of new requests, as stored.
    std::optional<std::uint32_t> observed;  ///< Permille of those that came.
};

/// `pools` is blue, green. Without `measured` nothing could be read: no zero stands in (P8).
struct Tick {
    base::Instant at;
    std::chrono::milliseconds span{0};
    bool measured = false;
    std::array<PoolTick, 2> pools;
};

/// Whole milliseconds since 1970: a tick's name in cursors.
std::int64_t millis_of(base::Instant instant);

/// Compact: `[at ms, span ms, [release, requests, errors, p50 us, p99 us, sockets, set, observed]
/// of blue, of green]`; null for a pool where nothing was measured.
std::string json_of(const Tick& tick);

/// Makes ticks of readings.
class Meter {
public:
    /// The first reading gives none: nothing is known of the time before.
    std::optional<Tick> read(base::Instant at, const base::Result<judge::PoolCounts>& counts,
                             const engine::Status& status);

private:
    std::optional<judge::PoolCounts> before_;
    base::Instant before_at_;
};

}  // namespace console
