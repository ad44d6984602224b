#pragma once
// One connection to a target: being opened, carrying a client's exchange, or idle in the pool. To a
// target of HTTP/2: one call on a connection that others share; it is never pooled.

#include "edge/http/outlet.h"
#include "net/channel.h"
#include "net/http1.h"
#include "net/http2/call.h"
#include "net/loop.h"
#include "net/pipe.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace edge {

class Client;
class Worker;
struct LocalTarget;

/// Why no answer, or no whole answer, came.
enum class UpstreamEnd : std::uint8_t {
    refused,        ///< Nobody listens there.
    no_connection,  ///< None came about for another reason, or not a byte could be sent on it.
    connect_timeout,
    closed,
    malformed,
    cut,          ///< Its drain's deadline was over.
    handed_back,  ///< 379: the target has not processed the request, and will not.
    unprocessed,  ///< HTTP/2 proves it (RFC 9113 §8.7).
};

/// What is left of a body at least for it to be spliced: two calls more than for a copy.
inline constexpr std::uint64_t kSpliceMin = 32 * 1024;

class Upstream final : public net::Watcher, net::ResponseHandler {
public:
    /// Begins to connect at once; its end is told to `client` from the loop, never from here.
    Upstream(Worker& worker, LocalTarget& target, Client& client);
    ~Upstream() override;

    LocalTarget& target() { return target_; }
    bool connected() const { return phase_ == Phase::busy; }
    bool reused() const { return carried_ > 0; }
    /// Bytes of an answer to the present exchange have come.
    bool answered() const { return answered_; }
    bool sent_any() const { return sent_any_; }
    /// Nothing waits to be sent: the client may be read.
    bool takes() const { return phase_ == Phase::busy && outlet_.waiting() == 0; }

    /// From the pool to a client. False if the target has ended it meanwhile (`look` costs a call).
    bool take(Client& client, bool look);
    void expect(net::Method method) { parser_.expect(method); }

    enum class Sent : std::uint8_t { yes, nothing, broken };
    /// `nothing`: the connection is gone and not a byte of this exchange was sent on it.
    Sent send(std::span<const iovec> parts);
    /// Has it leave with what others send; false where it is to be sent at once. Whether the target
    /// was there to take it is not known yet, so only for what may be sent again.
    bool gather(std::span<const iovec> parts);
    /// Nobody else's code sees its bytes, so they may be spliced.
    bool plain() const { return channel_.plain(); }
    /// What waits in the pipe, as far as there is room; false when the target takes no more.
    bool send_spliced(net::Pipe& pipe);
    /// The client has room again.
    void resume();
    /// Bytes of a long body wait for the client, out of sight.
    bool passing() const { return pipe_.has_value(); }
    /// The exchange is over: into the pool if it may carry another, else closed.
    void release(bool reusable);
    void close();
    /// For a tunnel: the channel leaves, the connection object ends.
    net::Channel give_up_channel();
    Outlet& outlet() { return outlet_; }

    void on_ready(net::Ready ready) override;
    void on_unsent(std::string_view bytes) override { outlet_.put_back(bytes); }

    std::size_t place = 0;  ///< In the worker's list.

private:
    enum class Phase : std::uint8_t { connecting, busy, idle, gone };

    void on_head(const net::ResponseHead& head) override;
    void on_body(std::string_view bytes) override;
    void on_trailers(const net::Fields& fields) override;
    void on_end() override;

    void begin_call();
    void finish_connecting();
    void break_off();
    void finish_waiting();
    UpstreamEnd connection_end(int error) const;
    UpstreamEnd end_without_answer() const;
    void read();
    /// False when reading must stop.
    bool feed(std::string_view bytes);
    /// What there is, by way of the worker's memory. False when reading must stop.
    bool copy();
    bool may_splice() const;
    /// The rest of a long body, from socket to socket. False when reading must stop.
    bool splice();
    void let_go_of_pipe();
    void peer_ended();
    void fail(UpstreamEnd end);
    void expire();
    void let_leave();

    Worker& worker_;
    LocalTarget& target_;
    Client* client_;
    net::Channel channel_;
    net::WatchKey key_;
    std::shared_ptr<net::http2::Call> call_;  ///< Of HTTP/2 alone.
    net::ResponseParser parser_;
    Outlet outlet_;
    std::optional<net::Pipe> pipe_;  ///< While it holds bytes.
    net::Timer timer_;
    std::uint64_t carried_ = 0;
    std::chrono::seconds keep_{0};
    std::uint32_t gathered_in_ = 0;  ///< The loop's gathering that has a request.
    Phase phase_ = Phase::connecting;
    bool answered_ = false;
    bool sent_any_ = false;
    bool readable_ = false;
    bool keep_alive_ = false;
    bool ended_ = false;
    bool broken_ = false;
    bool connect_failed_ = false;
};

}  // namespace edge
