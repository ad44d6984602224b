#pragma once
// A connection on its way to be one: accepted, but its TLS handshake is not done.
//
//   accepted -handshake done-> a client's connection, by the protocol that ALPN chose
//   accepted -failed, or time over-> gone

#include "edge/http/client.h"
#include "net/channel.h"
#include "net/loop.h"
#include "net/tls/connection.h"

#include <cstddef>
#include <memory>

namespace net::tls {
class Context;
}

namespace edge {

class Worker;

class TlsHandshake final : public net::Watcher {
public:
    TlsHandshake(Worker& worker, net::tls::Context& context, base::Fd socket, Arrival arrival);
    ~TlsHandshake() override;

    void on_ready(net::Ready ready) override;
    void close();
    /// It has become a client's connection, which counts in its place.
    bool welcomed() const { return welcomed_; }

    std::size_t place = 0;  ///< In the worker's list.

private:
    void finish();

    Worker& worker_;
    net::tls::Connection* secure_;  ///< The channel's layer.
    net::Channel channel_;
    Arrival arrival_;
    net::WatchKey key_;
    net::Timer timer_;
    bool gone_ = false;
    bool welcomed_ = false;
};

}  // namespace edge
