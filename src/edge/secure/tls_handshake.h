#pragma once
// A connection on its way to be one: accepted, but its TLS handshake is not done.
//
//   accepted -handshake done-> a client's connection, by the protocol that ALPN chose
//   accepted -failed, or time over-> gone

#include "edge/worker/newcomer.h"
#include "net/tls/connection.h"

namespace net::tls {
class Context;
}

namespace edge {

class TlsHandshake final : public Newcomer {
public:
    TlsHandshake(Worker& worker, net::tls::Context& context, base::Fd socket, Arrival arrival);

    void on_ready(net::Ready ready) override;

private:
    void over_time() override;
    void finish();

    net::tls::Connection* secure_;  ///< The channel's layer.
};

}  // namespace edge
