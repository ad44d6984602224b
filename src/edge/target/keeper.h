#pragma once
// The thread that keeps watch: probes targets, lets drains and moves go on.

#include "base/clock.h"
#include "edge/control/control.h"
#include "net/loop.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <thread>

namespace edge {

class ProbeCall;

class Keeper {
public:
    Keeper(Control& control, base::Clock& clock);
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    void start();
    void stop();
    /// Something changed that is worth a look; from any thread.
    void look();
    /// Whether every target known at the start has been probed once.
    bool first_round_over() const { return first_round_over_.load(std::memory_order_acquire); }

private:
    void turn();
    void probe(const Control::Probing& probing);
    void ended(ProbeCall& call, Probe outcome);

    Control& control_;
    net::Loop loop_;
    net::Timer timer_;
    std::map<std::uint64_t, base::Tick> due_;
    std::map<std::uint64_t, std::unique_ptr<ProbeCall>> calls_;
    std::set<std::uint64_t> seen_;
    std::atomic<bool> first_round_over_{false};
    std::atomic<bool> look_pending_{false};
    std::thread thread_;
};

}  // namespace edge
