#pragma once
// An open WebSocket on a loop, on either side: messages out, messages in, a close in order.

#include "base/random.h"
#include "net/loop.h"
#include "net/outbox.h"
#include "net/websocket.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace net {

struct WebSocketOptions {
    std::size_t message_bytes_max = 1024 * 1024;
    /// More unsent bytes than this and the socket is closed (1008): a reader that does not read.
    std::size_t unsent_bytes_max = 4 * 1024 * 1024;
    /// Time for the peer to answer our close frame, and for the connection to end after it.
    std::chrono::milliseconds close_patience{5000};
    std::string protocol = {};  ///< Sec-WebSocket-Protocol to answer with; empty for none.
};

/// Callbacks, each optional. They may send and close. Text views are valid during the call only.
struct WebSocketEvents {
    std::function<void(std::string_view text)> on_text = {};
    std::function<void(std::string_view bytes)> on_binary = {};
    std::function<void(std::string_view payload)> on_ping = {};  ///< It has been answered already.
    std::function<void(std::string_view payload)> on_pong = {};
    /// All that had to wait has been given to the kernel.
    std::function<void()> on_drained = {};
    /// Exactly once, last. 1006 where the connection ended without a close frame, else the
    /// peer's code (1005 for none), or ours where we began.
    std::function<void(std::uint16_t code, std::string_view reason)> on_closed = {};
};

/// Held by a shared pointer: safe to keep and to call after the connection is gone, when sending
/// does nothing. Used on the loop's thread only.
class WebSocket : public Watcher, public std::enable_shared_from_this<WebSocket> {
public:
    /// Takes a connection whose handshake is done. `early` came after the handshake's bytes.
    static std::shared_ptr<WebSocket> adopt(Loop& loop, base::Fd descriptor, Side side,
                                            WebSocketOptions options, std::string_view early);
    ~WebSocket() override;

    /// To be set before control returns to the loop; `early` bytes are read after that.
    void listen(WebSocketEvents events) { events_ = std::move(events); }

    /// False when nothing can be sent any more.
    bool send_text(std::string_view text) { return send(Opcode::text, text); }
    bool send_binary(std::string_view bytes) { return send(Opcode::binary, bytes); }
    bool ping(std::string_view payload) { return send(Opcode::ping, payload); }
    /// Frames made by `append_frame`, to be sent to many sockets; servers only.
    bool send_frames(std::string_view frames);
    /// Sends a close frame and waits for the peer's; idempotent.
    void close(std::uint16_t code, std::string_view reason = {});
    /// Ends the connection at once, without a close frame.
    void abort();

    bool open() const { return stage_ == Stage::open; }
    /// The connection has ended.
    bool gone() const { return stage_ == Stage::gone; }
    std::size_t unsent_bytes() const { return outbox_.waiting(); }
    /// When the last byte came in.
    base::Tick heard_at() const { return heard_at_; }

    void on_ready(Ready ready) override;

private:
    struct Inbox;
    enum class Stage : std::uint8_t { open, closing, lingering, gone };

    WebSocket(Loop& loop, base::Fd descriptor, Side side, WebSocketOptions options);
    bool send(Opcode opcode, std::string_view payload);
    bool send_bytes(std::string_view bytes);
    void read();
    bool take(std::string_view bytes);
    void peer_closed(std::uint16_t code, std::string_view reason);
    void closed_once(std::uint16_t code, std::string_view reason);
    void end(std::uint16_t code, std::string_view reason);

    Loop& loop_;
    base::Fd descriptor_;
    WatchKey key_;
    Side side_;
    WebSocketOptions options_;
    WebSocketEvents events_;
    MessageDecoder decoder_;
    Outbox outbox_;
    Timer patience_;
    base::Random masks_;
    base::Tick heard_at_;
    std::string early_;
    std::shared_ptr<WebSocket> self_;  ///< Alive while the descriptor is watched.
    std::uint16_t code_ = close_code::kAbnormal;
    std::string reason_;
    Stage stage_ = Stage::open;
    bool told_ = false;
};

}  // namespace net
