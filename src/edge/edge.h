#pragma once
// The whole data plane in one object: workers, control, keeper, admin API.

#include "base/clock.h"
#include "base/result.h"
#include "edge/control/control.h"
#include "edge/serve.h"
#include "edge/worker/worker_shared.h"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace edge {

namespace takeover {
class Giver;
class Taker;
}  // namespace takeover

class Admin;
class Keeper;
class Worker;

/// Threads run from `start` to `stop`; `clock` outlives it.
class Edge {
public:
    Edge(Options options, base::Clock& clock);
    ~Edge();
    Edge(const Edge&) = delete;
    Edge& operator=(const Edge&) = delete;

    /// Restores the state file, probes all targets once, opens the listeners and the admin socket;
    /// or takes all that over from the edge that runs there, where the options say so.
    base::Result<void> start();
    /// Called once another edge has taken over and nothing is left here, on a thread of its own;
    /// to be set before `start`, and followed by `stop`.
    void when_taken_over(std::function<void()> then) { taken_over_ = std::move(then); }
    /// Accepts no more, lets what is in flight end for the options' grace, ends all threads.
    void stop();

    Control& control() { return *control_; }

private:
    void await_first_round();
    base::Result<void> make_spool_folder();
    base::Result<void> claim();
    base::Result<void> make_workers();
    void give_bundles();
    void make_control();
    base::Result<void> begin_alone();
    base::Result<void> begin_in_place();
    base::Result<void> open_admin();
    base::Result<void> begin_giving();

    Options options_;
    base::Clock& clock_;
    std::shared_ptr<WorkerShared> shared_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Control> control_;
    std::unique_ptr<Keeper> keeper_;
    std::unique_ptr<Admin> admin_;
    std::unique_ptr<takeover::Taker> taker_;
    std::unique_ptr<takeover::Giver> giver_;
    std::function<void()> taken_over_ = [] {};
    bool started_ = false;
};

}  // namespace edge
