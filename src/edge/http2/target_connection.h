#pragma once
// A worker's HTTP/2 connection to a target. Carries many requests, each as an Upstream whose
// channel is one of its calls, so that retries, drains and counts are those of HTTP/1.1.
//
//   opening -the target's settings came-> open -drained, or the target said goodbye-> leaving
//   leaving -last call over-> gone
//   opening -refused or time over-> gone
//   open -nothing under way for a while-> leaving
//   open -not a byte for a while though calls are under way-> asked for a sign of life, and given
//   no further call; asked -a byte came-> open;  asked -none came-> gone, and its calls with it

#include "edge/http/outlet.h"
#include "net/channel.h"
#include "net/http2/client_session.h"
#include "net/loop.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace edge {

class Worker;
struct LocalTarget;

class TargetConnection final : public net::Watcher {
public:
    /// On the target's connection that has the most room, or on a new one. Its end is told by the
    /// loop, never from here.
    static std::shared_ptr<net::http2::Call> begin_call(Worker& worker, LocalTarget& target);

    TargetConnection(Worker& worker, LocalTarget& target);
    ~TargetConnection() override;

    void on_ready(net::Ready ready) override;
    /// No further call; ends with the last of those that are here.
    void retire();
    void close(int connect_error = 0);

    std::size_t place = 0;  ///< In the worker's list.

private:
    void read();
    void flush();
    void watch_idleness();
    void watch_life();
    bool asked() const { return state_of_life_ == Life::asked; }
    void say_goodbye();
    void expire();

    Worker& worker_;
    LocalTarget& target_;
    net::Channel channel_;
    net::WatchKey key_;
    net::http2::ClientSession session_;
    Outlet outlet_;
    net::Timer timer_;
    enum class Life : std::uint8_t { heard, unheard, asked };
    Life state_of_life_ = Life::heard;  ///< Since the timer was armed last.
    int failed_at_once_ = 0;
    bool idle_ = false;
    bool connected_ = false;
    bool readable_ = false;
    bool ended_ = false;
    bool flush_due_ = false;
    bool gone_ = false;
};

}  // namespace edge
