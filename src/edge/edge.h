#pragma once
// The whole data plane in one object: workers, control, keeper, admin API.

#include "base/clock.h"
#include "base/result.h"
#include "edge/control/control.h"
#include "edge/serve.h"
#include "edge/worker/worker_shared.h"

#include <chrono>
#include <memory>
#include <vector>

namespace edge {

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

    /// Restores the state file, probes all targets once, opens the listeners and the admin socket.
    base::Result<void> start();
    /// Accepts no more, lets what is in flight end for the options' grace, ends all threads.
    void stop();

    Control& control() { return *control_; }

private:
    void await_first_round();
    base::Result<void> make_spool_folder();

    Options options_;
    base::Clock& clock_;
    std::shared_ptr<WorkerShared> shared_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Control> control_;
    std::unique_ptr<Keeper> keeper_;
    std::unique_ptr<Admin> admin_;
    bool started_ = false;
};

}  // namespace edge
