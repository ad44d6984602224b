#pragma once
// The port through which instances come and go.
// Behind it: local::Fleet (the agent), aws::Fleet (Auto Scaling groups), sim::Fleet.

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "engine/ticket.h"
#include "release/pool.h"
#include "release/release.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// Where an instance stands. `healthy` is what the data plane's own checks say, not the process.
enum class InstanceState { starting, healthy, unhealthy, draining, stopping, failed };

std::string_view name_of(InstanceState state);

struct Instance {
    std::string id;
    release::Pool pool = release::Pool::blue;
    std::string release;  ///< The id of the release that it runs.
    InstanceState state = InstanceState::starting;
    std::string reason;   ///< One phrase, like ALB's reason codes; never empty unless healthy.
    std::string address;  ///< host:port
    base::Instant since;  ///< When it was started.
    std::uint32_t requests_in_flight = 0;
    std::uint32_t sockets_open = 0;
    std::uint32_t restarts = 0;  ///< How often it had to be started again.
    /// What its processes take, where the provider can tell.
    std::optional<base::Bytes> memory = {};             ///< Resident.
    std::optional<std::chrono::microseconds> cpu = {};  ///< Used since `since`.
};

/// What a pool should be: so many instances of one release.
struct Capacity {
    release::Release release;
    std::uint32_t instances = 0;
};

/// Brings instances and takes them away; never moves traffic between pools.
///
/// Built for one application. Calls return when the wish is stored, not when it is reached: ask
/// `list`. An instance takes its pool's share of requests as soon as it is healthy, and before it
/// is stopped it is drained: nothing in flight, no socket open, or the drain's deadline over (P3).
/// Calls block until `deadline` at the latest; used by one thread.
class Fleet {
public:
    virtual ~Fleet() = default;

    /// Makes `release` runnable where instances are started: fetched, its digest checked, unpacked.
    /// Fails with `not_found` when the artifact is nowhere, `rejected` when its digest differs.
    virtual base::Result<void> prepare(const release::Release& release, const Ticket& ticket,
                                       base::Deadline deadline) = 0;

    /// Wishes that `pool` runs `capacity` and nothing else: missing instances are started, those of
    /// another release or beyond the number are drained and stopped. An instance that ends by
    /// itself is started again with growing pauses for as long as the wish stands. Repeating a
    /// ticket succeeds and changes nothing more; fails with `conflict` under a lease that has been
    /// replaced.
    virtual base::Result<void> ensure(release::Pool pool, const Capacity& capacity,
                                      const Ticket& ticket, base::Deadline deadline) = 0;

    /// Wishes that, of `pool`, `updated` instances run `capacity.release` and the rest of
    /// `capacity.instances` run what they did before: one move of a rolling release. Surges: a new
    /// instance is healthy before an old one of its batch is drained.
    virtual base::Result<void> replace(release::Pool pool, const Capacity& capacity,
                                       std::uint32_t updated, const Ticket& ticket,
                                       base::Deadline deadline) = 0;

    /// Wishes that `pool` is empty: instances are drained, then stopped.
    virtual base::Result<void> retire(release::Pool pool, const Ticket& ticket,
                                      base::Deadline deadline) = 0;

    /// All instances of both pools, those being drained or stopped included. From all of the
    /// fleet or not at all (P8).
    virtual base::Result<std::vector<Instance>> list(base::Deadline deadline) = 0;
};

}  // namespace engine
