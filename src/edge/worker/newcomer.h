#pragma once
// A connection that was accepted, and cannot speak yet: what it speaks is not known, or its
// handshake not done. It ends by becoming a client's connection, or by being closed.

#include "edge/http/client.h"
#include "net/channel.h"
#include "net/loop.h"

#include <chrono>
#include <cstddef>

namespace edge {

class Worker;

class Newcomer : public net::Watcher {
public:
    ~Newcomer() override;

    void close();
    /// It has become a client's connection, which counts in its place.
    bool welcomed() const { return welcomed_; }

    std::size_t place = 0;  ///< In the worker's list.

protected:
    Newcomer(Worker& worker, Arrival arrival);

    /// To be called once: listens to `channel`. `over_time` is called where it takes longer than
    /// `patience`.
    void await(net::Channel channel, std::chrono::milliseconds patience);
    /// It speaks from now on what `arrival_` says.
    void welcome();
    virtual void over_time() { close(); }

    Worker& worker_;
    net::Channel channel_;
    Arrival arrival_;
    bool gone_ = false;

private:
    net::WatchKey key_;
    net::Timer timer_;
    bool welcomed_ = false;
};

}  // namespace edge
