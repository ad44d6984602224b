#pragma once
// The edge's hold over its admin API: requests wait instead of being forwarded.

#include "base/clock.h"
#include "base/result.h"
#include "engine/ticket.h"
#include "release/pool.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace local {

/// As the edge tells it.
struct Hold {
    std::chrono::milliseconds everything{0};  ///< For how long still; zero: not held.
    std::chrono::milliseconds blue{0};
    std::chrono::milliseconds green{0};
    std::uint64_t waiting = 0;  ///< Requests, now.
};

class Holds {
public:
    Holds(std::filesystem::path socket, base::Clock& clock)
        : socket_(std::move(socket)), clock_(clock) {}

    /// New requests, or those that would go to `pool`, wait for `span` at the longest. The ticket
    /// of a person is empty.
    base::Result<void> put(std::optional<release::Pool> pool, std::chrono::milliseconds span,
                           const engine::Ticket& ticket, base::Deadline deadline);
    /// All of them go on.
    base::Result<void> let_go(const engine::Ticket& ticket, base::Deadline deadline);
    base::Result<Hold> read(base::Deadline deadline);

private:
    std::filesystem::path socket_;
    base::Clock& clock_;
};

}  // namespace local
