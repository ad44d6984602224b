#pragma once
// The running edge's end of a takeover: serves whoever wants to take its place, one at a time, and
// is the edge again if that one fails.
//
//   serving -Hello of the same version-> closed: the admin API is shut, so nothing changes any more
//   closed -the state and the listeners sent, Ready came-> yielding: no worker accepts
//   yielding -Go sent, Serving came-> departing: what can move moves, the rest ends here
//   departing -nothing is left, or patience is over-> gone
//   closed, yielding, departing -the new edge is dead-> serving, with what was stored last
//   departing -the new edge says Farewell-> gone: what is still here ends here
//   any -told to stop-> gone, and the new edge may go on from where it is

#include "base/clock.h"
#include "base/result.h"
#include "edge/control/control.h"
#include "edge/takeover/line.h"
#include "edge/takeover/removal.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace edge {
class Worker;
}

namespace edge::takeover {

class Taker;

/// What is given away, and what goes on when it is not.
struct Estate {
    Control& control;
    const std::vector<std::unique_ptr<Worker>>& workers;
    const Taker* before = nullptr;  ///< The takeover that this edge came by, if it did.
    std::function<void()> close_admin;
    std::function<base::Result<void>()> open_admin;
    /// Nothing is left here, or what is left is to be cut: called once, on the giver's thread.
    std::function<void()> gone;
    std::chrono::milliseconds patience;  ///< For what cannot move.
};

class Giver {
public:
    /// So many edges may be ending at the same time; another takeover waits.
    static constexpr std::uint32_t kGenerationsMax = 8;

    Giver(Estate estate, std::filesystem::path path, base::Clock& clock);
    ~Giver();
    Giver(const Giver&) = delete;
    Giver& operator=(const Giver&) = delete;

    base::Result<void> start();
    void stop();

private:
    enum class Step : std::uint8_t {
        done,
        failed,  ///< The new edge is no good, or dead.
        lost,    ///< It served, and is dead or cannot be heard.
        ended,   ///< This one ends.
    };

    void run();
    void converse(const std::shared_ptr<const Line>& line);
    bool greeted(const Line& line) const;
    void refuse(const Line& line, const std::string& why) const;
    bool tell_everything(const Line& line) const;
    template <typename Awaited>
    bool hears(const Line& line, std::chrono::milliseconds patience) const;
    Step yield(const Line& line);
    Step depart(const std::shared_ptr<const Line>& line);
    bool hear(Line::Heard& heard);
    void follow(std::uint64_t version);
    void report(const Line& line);
    bool nothing_left(const Departure& departure) const;
    void be_the_edge_again();
    bool stopping() const { return stopping_.load(std::memory_order_acquire); }

    Estate estate_;
    std::filesystem::path path_;
    base::Clock& clock_;
    base::Fd listener_;
    Bell called_;
    std::atomic<bool> stopping_{false};
    /// With the new edge; with each one anew.
    struct Told {
        std::string parts;
        std::uint64_t asked_version = 0;     ///< The new edge's, that was last followed.
        std::uint64_t own_version = 0;       ///< This edge's own that has it.
        std::uint64_t followed_version = 0;  ///< The new edge's, that every worker runs.
        std::string reported;
        std::deque<Message> unsent;  ///< Of the last report.
    };
    Told told_;
    std::thread thread_;
};

}  // namespace edge::takeover
