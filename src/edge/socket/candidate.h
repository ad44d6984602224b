#pragma once
// A target that may take another's place behind a WebSocket: connected, asked for the same
// socket, judged by its answer.

#include "edge/http/outlet.h"
#include "edge/socket/handshake.h"
#include "net/channel.h"
#include "net/http1.h"
#include "net/loop.h"

#include <cstdint>
#include <functional>
#include <string>

namespace edge {

class Worker;
struct LocalTarget;

class Candidate final : public net::Watcher, net::ResponseHandler {
public:
    enum class Verdict : std::uint8_t {
        accepted,  ///< It speaks what the client was promised; it has been told nothing else yet.
        unreachable,  ///< Refused, timed out, gone, or no HTTP.
        refused,      ///< Another status than 101.
        forbidden,    ///< 401 or 403: what the client once showed is not enough any more.
        other_terms,  ///< 101 with another subprotocol or other extensions, or a wrong accept.
    };
    using Then = std::function<void(Verdict)>;

    /// Begins at once; `then` is called once, from the loop, never from here.
    Candidate(Worker& worker, LocalTarget& target, const Handshake& handshake, Then then);
    ~Candidate() override;

    LocalTarget& target() { return target_; }
    /// Once accepted: the connection, and what the target has already said on it.
    net::Channel give_up_channel();
    std::string& early() { return early_; }

    /// Nobody waits for a verdict any more: `then` is not called.
    void abandon();

    void on_ready(net::Ready ready) override;

private:
    void on_head(const net::ResponseHead& head) override;
    void on_body(std::string_view) override {}
    void on_end() override {}

    void read();
    void end(Verdict verdict);

    Worker& worker_;
    LocalTarget& target_;
    const Handshake& handshake_;
    Then then_;
    net::Channel channel_;
    net::WatchKey key_;
    net::ResponseParser parser_;
    Outlet outlet_;
    net::Timer patience_;
    std::string accept_;
    std::string early_;
    Verdict verdict_ = Verdict::unreachable;
    bool connected_ = false;
    bool ended_ = false;
};

}  // namespace edge
