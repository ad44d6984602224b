#pragma once
// What all workers share: counts, and a bound over all.

#include "edge/http/spool.h"
#include "edge/report/tally.h"
#include "edge/socket/virtual_ids.h"
#include "edge/worker/addresses.h"
#include "net/tls/ticket_keys.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace edge {

struct WorkerShared {
    explicit WorkerShared(std::size_t workers) : slots(workers) {}

    std::vector<WorkerSlot> slots;
    std::shared_ptr<net::tls::TicketKeys> tickets;
    std::atomic<std::uint32_t> connections{0};  ///< From clients, tunnels included.
    Addresses addresses;
    VirtualIds virtual_ids;
    std::atomic<std::uint32_t> held{0};        ///< Requests that wait.
    std::atomic<std::uint64_t> held_bytes{0};  ///< And what is kept of them.
    Spool::Room spool;                         ///< Its folder is set before the workers start.
    /// Called on a worker's thread when it runs a new snapshot, answers a ping, or saw a target
    /// refuse. Set before the workers start.
    std::function<void()> on_news = [] {};
};

}  // namespace edge
