#pragma once
// The new edge's end of a takeover: receives what the running edge has, says when it is ready,
// then takes one connection after the other until the old edge has ended.
//
//   claimed -everything is ready, Ready sent-> waiting -Go-> serving -the line is over-> alone
//   waiting -the old edge has died-> serving: the listeners are here, so nothing is lost
//   claimed, waiting -the old edge gives up-> failed: this process ends, the old one goes on

#include "base/result.h"
#include "edge/control/control.h"
#include "edge/takeover/line.h"
#include "edge/worker/snapshot.h"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace edge {
class Worker;
}

namespace edge::takeover {

class Taker {
public:
    /// Asks the edge that serves takeovers at `path` for everything but its connections. Fails with
    /// `not_found` where none runs, or it died meanwhile; with `conflict` where it refuses.
    static base::Result<std::unique_ptr<Taker>> claim(const std::filesystem::path& path);
    ~Taker();
    Taker(const Taker&) = delete;
    Taker& operator=(const Taker&) = delete;

    std::size_t workers() const { return workers_; }
    const std::string& memory() const { return memory_; }
    std::vector<std::shared_ptr<const OpenListener>> take_listeners();

    /// Says that everything is ready. Success: the old edge accepts no more, so this one must.
    base::Result<void> become();
    /// From here on connections may come; both outlive `stop`. Fails where the old edge took
    /// everything back meanwhile.
    base::Result<void> serve(Control& control, const std::vector<std::unique_ptr<Worker>>& workers);
    /// The state has changed: the old edge is told. From any thread.
    void tell() { changed_.ring(); }
    /// The old edge still has something.
    bool before_there() const { return there_.load(std::memory_order_acquire); }
    /// Edges before this one that still end.
    std::uint32_t generations() const { return generations_.load(std::memory_order_relaxed); }
    /// Ends, if it ever served: the old edge is to end, too, rather than take everything back.
    void farewell();
    void stop();

private:
    explicit Taker(Line line) : line_(std::move(line)), other_(line_.other_process()) {}

    base::Result<void> receive_everything();
    base::Result<void> take(Line::Heard& heard);
    /// Of the old process, not of its line.
    bool dead(std::chrono::milliseconds patience) const;
    void run();
    void hear(Line::Heard& heard);
    void adopt(Line::Heard& heard, std::uint32_t worker, const GivenTunnel* tunnel);
    void report(const Report& report);
    void follow();
    void over();

    Line line_;
    base::Fd other_;
    std::size_t workers_ = 0;
    std::string memory_;
    std::vector<std::shared_ptr<OpenListener>> listeners_;
    bool whole_ = false;

    Control* control_ = nullptr;
    const std::vector<std::unique_ptr<Worker>>* workers_there_ = nullptr;
    std::string parts_;
    Bell changed_;
    Bell heard_all_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> there_{true};
    std::atomic<std::uint32_t> generations_{1};
    std::thread thread_;
};

}  // namespace edge::takeover
