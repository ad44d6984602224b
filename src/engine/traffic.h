#pragma once
// The port through which a release moves new requests between the pools blue and green.
// Behind it: local::Traffic (the edge), aws::Traffic (one listener rule), sim::Traffic.

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "engine/ticket.h"
#include "release/pool.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace engine {

/// How new requests are to divide. Blue takes the rest, so no split can fail to add up.
struct Split {
    base::Permille green;  ///< 0..1000: the finest share that every provider can express.

    friend bool operator==(const Split&, const Split&) = default;
};

constexpr Split all_to(release::Pool pool) {
    return Split{pool == release::Pool::green ? base::kAll : base::kNone};
}
constexpr base::Permille share_of(release::Pool pool, Split split) {
    return pool == release::Pool::green
               ? split.green
               : base::Permille{static_cast<std::uint16_t>(1000 - split.green.value)};
}

/// What the data plane did with one pool, as counts; shares are for the reader to derive.
struct PoolView {
    std::uint64_t requests_begun = 0;  ///< within the window; the others are as of its end
    std::uint32_t requests_in_flight = 0;
    std::uint32_t sockets_open = 0;
    std::uint32_t instances_healthy = 0;
    std::uint32_t instances_draining = 0;
};

struct TrafficView {
    base::Instant from;
    base::Instant until;
    PoolView blue;
    PoolView green;

    const PoolView& of(release::Pool pool) const {
        return pool == release::Pool::blue ? blue : green;
    }
};

/// Moves and measures traffic; never starts, stops or judges a release.
///
/// Built for one application. Calls block until `deadline` at the latest; used by one thread.
class Traffic {
public:
    virtual ~Traffic() = default;

    /// The split that the provider has stored. Asked every time, never remembered: after a crash
    /// this is how the engine learns what its last `set` did.
    /// Fails with `not_found` before the application's first release.
    virtual base::Result<Split> read(base::Deadline deadline) = 0;

    /// Stores `wanted`. Success means stored, not yet moved: read it back, then observe until the
    /// data plane agrees, before any capacity leaves (P3). Requests in flight end where they began.
    ///
    /// Repeating a ticket succeeds and changes nothing more. Fails with `conflict` under a lease
    /// that has been replaced, and with `unknown` if sent but unanswered at `deadline`.
    virtual base::Result<void> set(Split wanted, const Ticket& ticket, base::Deadline deadline) = 0;

    /// Counts over the last `window`, from all of the data plane or not at all: a part that does
    /// not report makes the answer `unavailable`, never a smaller number (P8).
    virtual base::Result<TrafficView> observe(std::chrono::seconds window,
                                              base::Deadline deadline) = 0;

    /// Asks the clients of `instances` that hold sockets to move, at most `sockets_a_second` of
    /// them a second (0: all at once): a WebSocket is closed with 1012 or handed off, as its route
    /// says (P2). Returns at once; `observe` and `Fleet::list` tell how many are left. New requests
    /// keep coming to these instances as the split says. Repeating a ticket changes nothing more.
    virtual base::Result<void> move_sockets(const std::vector<std::string>& instances,
                                            std::uint32_t sockets_a_second, const Ticket& ticket,
                                            base::Deadline deadline) = 0;

    // Where requests can wait: a provider that cannot hold them says `rejected` (CF0344).

    /// New requests wait from now on, and at most for `span`: then they go where the split sends
    /// them, whatever became of the caller. Each waits no longer than the provider lets it. Another
    /// ticket begins the span anew; a repeated one changes nothing more.
    virtual base::Result<void> hold(std::chrono::milliseconds span, const Ticket& ticket,
                                    base::Deadline deadline);
    /// Lets them go, and not before all of the data plane runs the split that was stored last.
    virtual base::Result<void> let_go(const Ticket& ticket, base::Deadline deadline);
    /// For how long still; zero where nobody is held.
    virtual base::Result<std::chrono::milliseconds> held(base::Deadline deadline);
};

}  // namespace engine
