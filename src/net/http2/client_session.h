#pragma once
// A connection to a target that speaks HTTP/2, without its socket (RFC 9113, by nghttp2, with prior
// knowledge): requests in, bytes out; bytes in, answers out. Bounds what the target controls.

#include "net/http2/call.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

struct nghttp2_session;

namespace net::http2 {

struct CallLimits {
    std::uint32_t calls = 100;                  ///< At once, where the target does not say fewer.
    std::uint32_t stream_window = 32 * 1024;    ///< Of an answer's body: what one call may hold.
    std::uint32_t connection_window = 4 << 20;  ///< So that one slow reader does not stop others.
};

class ClientSession {
public:
    /// `wants_to_send`: `send` has something to give, or the last call is over. May come within
    /// any call but `send`.
    ClientSession(std::function<void()> wants_to_send, const CallLimits& limits);
    ~ClientSession();
    ClientSession(const ClientSession&) = delete;
    ClientSession& operator=(const ClientSession&) = delete;

    /// Only while `takes`. It may be sent once it is `open`.
    std::shared_ptr<Call> begin();
    /// Whether a further call may be begun: the target has not said goodbye, and there is room.
    bool takes() const;
    std::size_t calls() const { return waiting_.size() + calls_.size(); }
    /// The target's settings have come: it speaks HTTP/2.
    bool opened() const { return opened_; }

    /// False when the target broke a rule: what `send` still gives tells it so, and the connection
    /// is to be closed.
    bool feed(std::string_view bytes);
    /// The next bytes for the target, valid until the next call; empty when there are none now.
    std::string_view send();
    /// Asks the target for a sign of life.
    void ping();
    /// No further call is begun; those that are here end in order.
    void retire();
    /// The last that `send` gives (RFC 9113 §6.8).
    void say_goodbye();
    /// Nothing is open and nothing more will be.
    bool over() const;
    /// The connection is gone, or never was: every call is told.
    void end(int connect_error = 0);

    // For Call.

    void consumed(const Call& call, std::size_t bytes);
    void request_grew(Call& call);
    /// Nobody waits for it: it counts no more.
    void abort(const Call& call);
    void forget_waiting(const Call& call);
    void submit(Call& call, const net::RequestHead& head, bool has_body);

private:
    struct Calls;
    Call* find(std::int32_t id) const;
    void open();
    std::size_t calls_max() const;

    std::function<void()> wants_to_send_;
    CallLimits limits_;
    nghttp2_session* session_ = nullptr;
    std::vector<std::shared_ptr<Call>> waiting_;  ///< Their heads have not been written yet.
    std::unordered_map<std::int32_t, std::shared_ptr<Call>> calls_;
    bool opened_ = false;
    bool broken_ = false;
    bool retired_ = false;
};

}  // namespace net::http2
