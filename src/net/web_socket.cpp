#include "net/web_socket.h"

#include <array>
#include <utility>

namespace net {

namespace {

constexpr std::size_t kScratchBytes = 16 * 1024;
/// What one socket may read before others get their turn.
constexpr std::size_t kReadBudgetBytes = 256 * 1024;

}  // namespace

/// Brings what the decoder finds to the socket's listener.
struct WebSocket::Inbox final : MessageHandler {
    explicit Inbox(WebSocket& owner) : socket(owner) {}

    void on_text(std::string_view text) override {
        if (socket.open() && socket.events_.on_text) socket.events_.on_text(text);
    }
    void on_binary(std::string_view bytes) override {
        if (socket.open() && socket.events_.on_binary) socket.events_.on_binary(bytes);
    }
    void on_ping(std::string_view payload) override {
        if (!socket.open()) return;
        socket.send(Opcode::pong, payload);
        if (socket.events_.on_ping) socket.events_.on_ping(payload);
    }
    void on_pong(std::string_view payload) override {
        if (socket.open() && socket.events_.on_pong) socket.events_.on_pong(payload);
    }
    void on_close(std::uint16_t code, std::string_view reason) override {
        socket.peer_closed(code, reason);
    }

    WebSocket& socket;
};

std::shared_ptr<WebSocket> WebSocket::adopt(Loop& loop, base::Fd descriptor, Side side,
                                            WebSocketOptions options, std::string_view early) {
    std::shared_ptr<WebSocket> socket(
        new WebSocket(loop, std::move(descriptor), side, std::move(options)));
    socket->self_ = socket;
    socket->early_ = early;
    socket->key_ = loop.watch(socket->descriptor_.number(), *socket);
    if (!early.empty()) {
        loop.defer([socket] {
            const std::string bytes = std::exchange(socket->early_, {});
            if (socket->stage_ != Stage::gone) socket->take(bytes);
        });
    }
    return socket;
}

WebSocket::WebSocket(Loop& loop, base::Fd descriptor, Side side, WebSocketOptions options)
    : loop_(loop),
      descriptor_(std::move(descriptor)),
      side_(side),
      options_(std::move(options)),
      decoder_(side, options_.message_bytes_max),
      patience_(loop, [this] { end(code_, reason_); }),
      masks_(static_cast<std::uint64_t>(loop.clock().tick().time_since_epoch().count()) ^
             reinterpret_cast<std::uintptr_t>(this)),
      heard_at_(loop.now()) {}

WebSocket::~WebSocket() {
    loop_.forget(key_);
}

bool WebSocket::send(Opcode opcode, std::string_view payload) {
    if (stage_ != Stage::open) return false;
    std::string frame;
    if (side_ == Side::server) {
        append_frame(frame, opcode, payload);
    } else {
        append_masked_frame(frame, opcode, payload, static_cast<std::uint32_t>(masks_.next()));
    }
    return send_bytes(frame);
}

bool WebSocket::send_frames(std::string_view frames) {
    return stage_ == Stage::open && send_bytes(frames);
}

bool WebSocket::send_bytes(std::string_view bytes) {
    const bool sent = outbox_.send(descriptor_.number(), bytes);
    if (sent && outbox_.waiting() <= options_.unsent_bytes_max) return true;
    // The caller may be in the middle of something: the end is told after the batch.
    const std::uint16_t code = sent ? close_code::kPolicy : close_code::kAbnormal;
    stage_ = Stage::lingering;
    loop_.defer([self = shared_from_this(), code] { self->end(code, "cannot be written to"); });
    return false;
}

void WebSocket::close(std::uint16_t code, std::string_view reason) {
    if (stage_ != Stage::open) return;
    code_ = code;
    reason_ = reason;
    if (!send(Opcode::close, close_payload(code, reason))) return;
    stage_ = Stage::closing;
    patience_.arm_in(options_.close_patience);
}

void WebSocket::abort() {
    if (stage_ == Stage::gone) return;
    reset_on_close(descriptor_.number());
    end(close_code::kAbnormal, "");
}

void WebSocket::on_ready(Ready ready) {
    const std::shared_ptr<WebSocket> alive = shared_from_this();
    if (ready.writable && !outbox_.empty()) {
        if (!outbox_.flush(descriptor_.number())) return end(code_, reason_);
        if (outbox_.empty() && stage_ == Stage::open && events_.on_drained) events_.on_drained();
    }
    if (stage_ == Stage::lingering && outbox_.empty() && side_ == Side::server) {
        return end(code_, reason_);
    }
    if ((ready.readable || ready.hung_up) && stage_ != Stage::gone) read();
}

void WebSocket::read() {
    std::array<char, kScratchBytes> scratch;
    for (std::size_t total = 0; total < kReadBudgetBytes;) {
        const Moved moved = receive(descriptor_.number(), scratch);
        if (moved.io == Io::would_block) return;
        if (moved.io != Io::moved) return end(code_, reason_);
        heard_at_ = loop_.now();
        total += moved.bytes;
        if (!take({scratch.data(), moved.bytes})) return;
    }
    loop_.nudge(key_);
}

/// False when nothing more is to be read.
bool WebSocket::take(std::string_view bytes) {
    if (stage_ == Stage::lingering) return true;  // after the peer's close nothing counts
    Inbox inbox(*this);
    if (decoder_.feed(bytes, inbox)) return stage_ != Stage::gone;
    if (decoder_.fault() == FrameFault::none || stage_ != Stage::open) {
        return stage_ != Stage::gone;
    }
    const std::uint16_t code = close_code_of(decoder_.fault());
    close(code, name_of(decoder_.fault()));
    return stage_ != Stage::gone;
}

/// The peer's close frame: answered if it came first; then the server ends the connection and the
/// client waits for that (RFC 6455 §7.1.1).
void WebSocket::peer_closed(std::uint16_t code, std::string_view reason) {
    if (stage_ == Stage::gone || stage_ == Stage::lingering) return;
    if (stage_ == Stage::open) {
        code_ = code;
        reason_ = reason;
        if (!send(Opcode::close, code == close_code::kNoStatus ? "" : close_payload(code, "")))
            return;
    }
    stage_ = Stage::lingering;
    patience_.arm_in(options_.close_patience);
    closed_once(code_, reason_);
    if (side_ == Side::server && outbox_.empty() && stage_ != Stage::gone) end(code_, reason_);
}

void WebSocket::closed_once(std::uint16_t code, std::string_view reason) {
    if (std::exchange(told_, true)) return;
    // Moved out: what the listener holds must not keep this socket alive, nor be called again.
    const WebSocketEvents events = std::exchange(events_, {});
    if (events.on_closed) events.on_closed(code, reason);
}

void WebSocket::end(std::uint16_t code, std::string_view reason) {
    if (stage_ == Stage::gone) return;
    stage_ = Stage::gone;
    patience_.disarm();
    loop_.forget(std::exchange(key_, {}));
    descriptor_.reset();
    outbox_.clear();
    loop_.defer([self = std::move(self_)] {});  // events of this batch may still name us
    const std::string why(reason);
    closed_once(code, why);
}

}  // namespace net
