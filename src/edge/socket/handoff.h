#pragma once
// What a tunnel needs while its target is replaced; nothing of it while it is not.

#include "edge/socket/candidate.h"
#include "edge/socket/held.h"
#include "edge/socket/tunnel.h"
#include "net/loop.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace edge {

struct Tunnel::Handoff {
    Handoff(net::Loop& loop, std::function<void()> turn) : timer(loop, std::move(turn)) {}

    std::vector<std::uint64_t> tried;      ///< Targets, by uid, since the last pause.
    std::unique_ptr<Candidate> candidate;  ///< Being asked.
    std::unique_ptr<End> next;             ///< Has agreed; waits for the boundary.
    std::string early;                     ///< What it said right behind its 101.
    std::unique_ptr<End> old;              ///< Being retired.
    std::unique_ptr<Held> held;            ///< While there is no target.
    net::Timer timer;
    base::Tick begun{};     ///< Of the retirement, or of the hold.
    base::Tick heard_at{};  ///< The old target's last bytes.
    std::uint32_t pauses = 0;
    bool goodbye = false;  ///< The old target has been told.
};

}  // namespace edge
