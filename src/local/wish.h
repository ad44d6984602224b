#pragma once
// What each pool should run, as the engine wished it: durable, fenced, levels instead of events.

#include "base/clock.h"
#include "base/result.h"
#include "engine/fleet.h"
#include "engine/ticket.h"
#include "local/fleet.h"
#include "release/pool.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace local {

/// So many instances of each release; empty: none at all.
struct PoolWish {
    std::vector<engine::Capacity> parts;
    /// An old instance leaves only while enough others are healthy: a rolling release.
    bool surge = false;
    Manners manners;

    std::uint32_t instances() const;
    const engine::Capacity* part_of(std::string_view release) const;
    friend bool operator==(const PoolWish& a, const PoolWish& b);
};

/// A change that the engine wishes for one pool.
struct Change {
    enum class Verb { ensure, replace, retire };
    Verb verb = Verb::ensure;
    release::Pool pool = release::Pool::blue;
    engine::Capacity capacity;  ///< Not with `retire`.
    std::uint32_t updated = 0;  ///< Only with `replace`.
    Manners manners;
};

struct Wish {
    std::uint64_t fence = 0;  ///< The highest that was seen.
    PoolWish blue;
    PoolWish green;
    /// Step tokens that were carried out, oldest first; the last 64.
    std::vector<std::string> tokens;
    std::uint64_t next_instance = 1;  ///< Numbers of instances are never used again.
    std::optional<base::Instant> tail_at;

    PoolWish& of(release::Pool pool) { return pool == release::Pool::blue ? blue : green; }
    const PoolWish& of(release::Pool pool) const {
        return pool == release::Pool::blue ? blue : green;
    }
    friend bool operator==(const Wish&, const Wish&) = default;
};

/// The wish after `change`; the same one when the ticket was seen before. `conflict` when its fence
/// is lower than the highest.
base::Result<Wish> changed(Wish wish, const Change& change, const engine::Ticket& ticket);

std::string to_json(const Wish& wish);
base::Result<Wish> wish_from(std::string_view json);

}  // namespace local
