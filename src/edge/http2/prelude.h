#pragma once
// A plaintext connection of a listener that also takes HTTP/2, until its first bytes tell which it
// is: those of HTTP/2 begin with a preface that is no request (RFC 9113 §3.4). They are looked at
// and left where they are.
//
//   accepted -the preface, or another byte-> a client's connection of either kind
//   accepted -ended, or time over-> gone

#include "edge/http/client.h"
#include "net/channel.h"
#include "net/loop.h"

#include <cstddef>

namespace edge {

class Worker;

class Prelude final : public net::Watcher {
public:
    Prelude(Worker& worker, base::Fd socket, Arrival arrival);
    ~Prelude() override;

    void on_ready(net::Ready ready) override;
    void close();
    /// It has become a client's connection, which counts in its place.
    bool welcomed() const { return welcomed_; }

    std::size_t place = 0;  ///< In the worker's list.

private:
    Worker& worker_;
    net::Channel channel_;
    Arrival arrival_;
    net::WatchKey key_;
    net::Timer timer_;
    bool gone_ = false;
    bool welcomed_ = false;
};

}  // namespace edge
