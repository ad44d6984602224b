#pragma once
// One thread's event loop over epoll: watched descriptors, timers, work posted by other threads.
// A descriptor is registered once, edge-triggered; events and timers of what is gone are dropped.

#include "base/clock.h"
#include "base/file.h"
#include "net/wheel.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

struct iovec;

namespace net {

/// What a descriptor is ready for. Edge-triggered: read or write until it would block, or ask
/// to be nudged.
struct Ready {
    bool readable = false;
    bool writable = false;
    bool hung_up = false;  ///< Error or hang-up of both directions; reading tells which.
    /// The peer sends no more: behind what can be read stands the end. While it is false, a read
    /// that gave less than it had room for has emptied the socket.
    bool ended = false;
};

/// Somebody whose descriptor a loop watches. May forget or close itself in an upcall; its
/// memory must last until the batch is over: see `Loop::dispose`.
class Watcher {
public:
    virtual ~Watcher() = default;
    virtual void on_ready(Ready ready) = 0;
    /// Of what it gathered, this was not taken by the socket. To be sent before anything else; not
    /// from here, but once the loop says `writable`, which it will.
    virtual void on_unsent(std::string_view) {}
};

/// A registration: slot and generation, so that a key outlives what it named without harm.
struct WatchKey {
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;  ///< 0 names nothing.

    explicit operator bool() const { return generation != 0; }
    friend bool operator==(const WatchKey&, const WatchKey&) = default;
};

/// How a descriptor is watched.
enum class Trigger {
    stream,    ///< Edge-triggered for reading and writing; for connections.
    listener,  ///< Level-triggered for reading; for listeners and other wake-ups.
};

class Bundle;

/// Runs on one thread; only `post` and `stop` may be called from others.
class Loop {
public:
    /// `clock` is read once an iteration.
    explicit Loop(base::Clock& clock);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// The time of this iteration. `clock().tick()` where a measurement must be exact.
    base::Tick now() const { return now_; }
    base::Clock& clock() { return clock_; }

    /// Starts watching; the descriptor stays the caller's and must be forgotten before it is
    /// closed. `watcher` outlives the registration.
    WatchKey watch(int descriptor, Watcher& watcher, Trigger trigger = Trigger::stream);
    /// For who has no descriptor and is nudged alone.
    WatchKey enlist(Watcher& watcher);
    /// Ends it; a pending event of this batch is dropped. An old key is no harm.
    void forget(WatchKey key);
    /// Delivers `readable` and `writable` in the next iteration: for who stopped at a budget.
    void nudge(WatchKey key);

    /// From now on `gather` gathers.
    void use(std::unique_ptr<Bundle> bundle);
    /// Has bytes leave together with those of others, in one system call, no later than before the
    /// loop waits again. False where they are to be sent at once: there is no bundle, or they are
    /// many. Until then nothing else may be done to the socket: see `gathering`.
    bool gather(WatchKey key, int descriptor, std::span<const iovec> parts);
    /// Who gathered and has more to do to its socket in the same gathering lets it leave first.
    std::uint32_t gathering() const { return gathering_; }
    void send_gathered();

    /// Destroys `gone` after the batch, when nobody on the stack can be using it.
    void dispose(std::unique_ptr<Watcher> gone);
    /// Runs `work` after the batch, on this thread, once.
    void defer(std::function<void()> work);
    /// Runs `work` on the loop's thread soon; safe from any thread. Dropped if the loop ends first.
    void post(std::function<void()> work);

    /// Called after each batch, when no upcall is on the stack: the place to swap what
    /// upcalls read. One callback; setting replaces.
    void at_quiescence(std::function<void()> callback) { quiescence_ = std::move(callback); }

    /// Until `stop`, which is sticky: a loop stopped before it runs returns at once.
    void run();
    void stop();
    /// One batch, waiting at most `longest`.
    void turn(std::chrono::nanoseconds longest);

    /// Descriptors watched now, the loop's own not counted.
    std::size_t watched() const { return watched_; }
    Wheel& wheel() { return wheel_; }

private:
    struct Slot {
        Watcher* watcher = nullptr;
        std::uint32_t generation = 1;
        int descriptor = -1;
    };
    void dispatch(std::uint64_t tag, std::uint32_t events);
    void run_posted();
    void run_deferred();
    std::chrono::nanoseconds patience(std::chrono::nanoseconds longest);

    base::Clock& clock_;
    base::Fd epoll_;
    base::Fd wake_;
    base::Tick now_;
    Wheel wheel_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_slots_;
    std::vector<WatchKey> nudged_;
    std::vector<WatchKey> nudged_now_;
    std::vector<std::unique_ptr<Watcher>> gone_;
    std::vector<std::function<void()>> deferred_;
    std::function<void()> quiescence_;
    std::unique_ptr<Bundle> bundle_;
    std::uint32_t gathering_ = 1;
    std::size_t watched_ = 0;
    std::atomic<bool> stopping_{false};
    std::mutex posted_mutex_;
    std::vector<std::function<void()>> posted_;
};

/// A timer on a loop; disarmed by its destructor, so it never outlives what it calls.
/// Rearming costs a few instructions and no allocation.
class Timer {
public:
    Timer(Loop& loop, std::function<void()> fire) : loop_(&loop), node_(std::move(fire)) {}

    void arm_at(base::Tick when) { loop_->wheel().arm(node_, when); }
    void arm_in(std::chrono::nanoseconds span) { arm_at(loop_->now() + span); }
    void disarm() { node_.rest(); }
    bool armed() const { return node_.armed(); }

private:
    Loop* loop_;
    Wheel::Node node_;
};

}  // namespace net
