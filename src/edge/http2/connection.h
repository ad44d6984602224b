#pragma once
// A client's HTTP/2 connection: every stream of it becomes a client's connection of its own, with
// the same rules, targets, counts and log line as one of HTTP/1.1.
//
//   open -asked to retire, or the client is done-> leaving -last stream over-> gone
//   open -the client broke a rule or a bound-> closing: it is told why -all sent, or time over->
//   gone

#include "edge/http/client.h"
#include "edge/http/outlet.h"
#include "net/channel.h"
#include "net/http2/server_session.h"
#include "net/loop.h"

#include <cstddef>
#include <string>

namespace edge {

class Worker;

class Http2Connection final : public net::Watcher {
public:
    Http2Connection(Worker& worker, net::Channel channel, Arrival arrival);
    ~Http2Connection() override;

    void on_ready(net::Ready ready) override;
    /// No further request; ends with the last of those that are here.
    void retire();
    void close();

    std::size_t place = 0;  ///< In the worker's list.

private:
    net::http2::ServerSession::Owner upcalls();
    /// The connection alone holds the address's ticket.
    Arrival of_a_stream() const;
    void read();
    void flush();
    void linger();
    void discard();
    void touch();
    void expire();

    Worker& worker_;
    net::Channel channel_;
    Arrival arrival_;
    net::WatchKey key_;
    net::http2::ServerSession session_;
    Outlet outlet_;
    net::Timer timer_;
    bool readable_ = false;
    bool ended_ = false;
    bool flush_due_ = false;
    std::uint64_t discarded_ = 0;
    bool closing_ = false;
    bool refused_ = false;    ///< The client broke a rule or a bound; told by GOAWAY.
    bool lingering_ = false;  ///< Only until the client has read that.
    bool gone_ = false;
};

}  // namespace edge
