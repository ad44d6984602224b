#pragma once
// A client's HTTP/2 connection without its socket (RFC 9113, by nghttp2): bytes in, requests out;
// answers in, bytes out. Bounds everything that the client controls.

#include "base/clock.h"
#include "net/http2/stream.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct nghttp2_session;

namespace net::http2 {

struct Limits {
    std::uint32_t streams = 128;                ///< At once.
    std::uint32_t stream_window = 65'535;       ///< Of a request's body, per stream.
    std::uint32_t connection_window = 1 << 20;  ///< So that one slow stream does not stop others.
    /// What the streams hold together: of answers that the client does not take, and of requests
    /// that are not read. Beyond, a stream holds a little of an answer, and nothing more is let in.
    std::size_t buffered_bytes = 1 << 20;
    /// Frames that do nothing for a request (PING, SETTINGS, PRIORITY, empty DATA): so many at
    /// once, and so many a second. Ends the connection beyond (CVE-2019-9512, -9513, -9515, -9518).
    std::uint32_t idle_frames = 200;
    std::uint32_t idle_frames_a_second = 20;
    /// Requests that the client takes back (CVE-2023-44487, rapid reset).
    std::uint32_t resets = 200;
    std::uint32_t resets_a_second = 20;
};

/// Allowance that grows with time up to a bound.
class Bucket {
public:
    Bucket(std::uint32_t most, std::uint32_t a_second)
        : most_(most), rate_(a_second), left_(most) {}
    bool take(base::Tick now);

private:
    std::uint32_t most_;
    std::uint32_t rate_;
    std::uint64_t left_;
    base::Tick filled_{};
};

class ServerSession {
public:
    struct Owner {
        /// A request's head is there: `stream` is to be read like a connection of HTTP/1.1.
        std::function<void(std::shared_ptr<Stream> stream)> begun;
        /// `send` has something to give. May come within `feed`.
        std::function<void()> wants_to_send;
        /// 16 random bytes in base64.
        std::function<std::string()> websocket_key;
    };

    ServerSession(Owner owner, const Limits& limits);
    ~ServerSession();
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;

    /// False when the client broke a rule or a bound: what `send` still gives tells it so, then the
    /// connection is to be closed. Never calls `begun` from within another upcall.
    bool feed(std::string_view bytes, base::Tick now);
    /// The next bytes for the client, valid until the next call; empty when there are none now.
    std::string_view send();
    /// Asks the client to go; no further request is taken once it knows. Those that are here end
    /// in order.
    void retire();
    bool retired() const { return retired_; }
    bool over() const;
    /// The connection is gone: every stream is told.
    void end();
    std::size_t streams() const { return streams_.size(); }
    std::uint64_t requests() const { return requests_; }

    // For Stream.

    void consumed(Stream& stream, std::size_t bytes);
    bool crowded() const { return buffered_ >= limits_.buffered_bytes; }
    /// A stream holds `now` bytes of its answer instead of `before`.
    void holds(std::size_t before, std::size_t now);
    void answer_grew(Stream& stream);
    void abort(Stream& stream);
    void refuse_rest(Stream& stream);
    void submit_head(Stream& stream, int status, const ResponseHead& head, bool has_body);

private:
    struct Calls;
    /// A stream that once was; what still comes on it tells what the client thinks of it.
    struct Past {
        std::int32_t id = 0;
        bool client_ended = false;  ///< By END_STREAM or RST_STREAM: nothing may follow.
    };
    static constexpr std::size_t kPastKept = 256;
    Past* recall(std::int32_t id);
    void body_came(std::int32_t id, std::string_view bytes);
    void body_read(std::size_t bytes);
    void begin_stream(std::int32_t id);
    void judge_late_frame(std::int32_t id);
    Stream* find(std::int32_t id) const;
    void head_over(Stream& stream, bool ended);
    void frame_received(std::uint8_t type, std::uint8_t flags, std::int32_t id, std::size_t bytes);
    void calm_down();
    void take_no_more();

    Owner owner_;
    Limits limits_;
    nghttp2_session* session_ = nullptr;
    std::unordered_map<std::int32_t, std::shared_ptr<Stream>> streams_;
    std::vector<std::shared_ptr<Stream>> begun_;
    std::array<Past, kPastKept> past_{};  ///< Of the last streams, by turns.
    std::int32_t last_begun_ = 0;
    Bucket idle_frames_;
    Bucket resets_;
    base::Tick now_{};
    std::uint64_t requests_ = 0;
    std::size_t buffered_ = 0;  ///< Of answers.
    bool was_crowded_ = false;
    std::size_t unread_ = 0;    ///< Of requests.
    std::size_t withheld_ = 0;  ///< Of the connection's window.
    std::uint64_t window_updates_ = 0;
    std::uint64_t window_bytes_ = 0;
    bool calmed_ = false;
    bool retired_ = false;  ///< The client was asked to go,
    bool closed_ = false;   ///< and knows.
};

}  // namespace net::http2
