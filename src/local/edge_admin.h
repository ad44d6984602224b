#pragma once
// The edge's targets over its admin API, as the agent and the fleet need them.

#include "base/clock.h"
#include "base/result.h"
#include "local/reconcile.h"
#include "release/pool.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace local {

/// Writes outside any lease (fence 0): registering is the agent's duty at any time.
class EdgeAdmin {
public:
    EdgeAdmin(std::filesystem::path socket, base::Clock& clock)
        : socket_(std::move(socket)), clock_(clock) {}

    /// The process that answers, and what it is.
    struct Self {
        std::int64_t pid = 0;
        std::string build;
    };
    base::Result<Self> self(base::Deadline deadline);
    base::Result<std::map<std::string, Target>> targets(base::Deadline deadline);
    /// `not_found` before the edge has been configured.
    base::Result<void> add(const Record& record, base::Deadline deadline);
    /// Success means that no new request comes to it. Repeating it moves the drain's deadline.
    base::Result<void> drain(release::Pool pool, const std::string& id,
                             std::chrono::milliseconds within, std::uint32_t sockets_a_second,
                             base::Deadline deadline);
    /// `conflict` while it is not drained.
    base::Result<void> forget(release::Pool pool, const std::string& id, base::Deadline deadline);

private:
    std::filesystem::path socket_;
    base::Clock& clock_;
};

}  // namespace local
