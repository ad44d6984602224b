#pragma once
// One worker's part in giving its connections to another process: what rests on a socket of its own
// moves at once, what is under way as soon as it rests, the rest ends here.

#include "edge/report/tally.h"
#include "edge/takeover/line.h"
#include "net/loop.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace edge {
class Client;
class Tunnel;
class Worker;
}  // namespace edge

namespace edge::takeover {

/// Shared by all workers of the edge that goes.
struct Departure {
    Departure(std::shared_ptr<const Line> to, std::size_t workers)
        : line(std::move(to)), left(workers) {
        for (auto& each : left) each = 1;
    }

    std::shared_ptr<const Line> line;
    std::vector<std::atomic<std::uint64_t>> left;  ///< By worker: connections it still has.
};

/// What came with its descriptors, for one worker.
struct Given {
    Message message;  ///< GivenTunnel or GivenClient.
    std::vector<base::Fd> descriptors;
    std::shared_ptr<TargetTally> tally;  ///< Counts it as arriving until a worker does.
};

/// On the worker's thread.
class Removal {
public:
    /// A client whose connection cannot move and that asks for nothing is waited for so long, as a
    /// request of it may be on its way (RFC 9112 §9.6).
    static constexpr std::chrono::seconds kLameDuck{5};

    Removal(Worker& worker, std::shared_ptr<Departure> departure, std::size_t index);

    /// It rests: gives it away if the other process has room, else later.
    void offer(Client& client);
    void offer(Tunnel& tunnel);
    /// Says anew what the worker still has.
    void recount();

private:
    void turn();
    /// Whether the other process has room for more.
    bool give(Tunnel& tunnel);
    bool give(Client& client);
    void end_idle();
    std::uint64_t count() const;

    Worker& worker_;
    std::shared_ptr<Departure> departure_;
    std::size_t index_;
    net::Timer timer_;
    base::Tick lame_until_;
    std::chrono::milliseconds pause_;
};

}  // namespace edge::takeover
