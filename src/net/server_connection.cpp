#include "net/server_connection.h"

#include "net/http1.h"
#include "net/http1_text.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/socket.h"
#include "net/web_socket.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace net {

namespace {

constexpr std::size_t kReadBudgetBytes = 512 * 1024;

// What a client may send ahead while it waits for an answer.
constexpr std::size_t kHeldBytesMax = 64 * 1024;

// After the last answer the client's bytes are read and dropped for a while: closing on unread
// bytes resets the connection, and the client may lose the answer.
constexpr std::chrono::seconds kLingerPatience{2};
constexpr std::uint64_t kLingerBytesMax = 8 * 1024 * 1024;

}  // namespace

ServerConnection::ServerConnection(Server::State& state, base::Fd descriptor, const Address& peer)
    : state_alive_(state.shared_from_this()),
      state_(state),
      descriptor_(std::move(descriptor)),
      peer_(peer),
      patience_(state.loop, [this] { out_of_time(); }) {}

ServerConnection::~ServerConnection() {
    state_.loop.forget(key_);
}

void ServerConnection::open() {
    key_ = state_.loop.watch(descriptor_.number(), *this);
    watch_time();
}

bool ServerConnection::busy() const {
    if (stage_ == Stage::gone || stage_ == Stage::lingering) return false;
    return exchange_ != nullptr || !outbox_.empty() || !parser_.idle() || !held_.empty();
}

void ServerConnection::on_ready(Ready ready) {
    const auto alive = shared_from_this();
    if (ready.writable && !outbox_.empty()) flush();
    if (stage_ == Stage::open && !held_.empty() && may_read()) {
        take(std::exchange(held_, {}));
        ready.readable = true;  // reading may have stopped because so much was held
    }
    if (stage_ == Stage::open && exchange_ && !body_over_ && held_.empty() && may_read()) {
        // Held at the body's very last byte: its end is still to be told.
        parser_.feed({}, *this);
        if (exchange_ && body_over_ && answered_) next_exchange();
    }
    if (ready.readable && stage_ != Stage::gone) read();
    // Between exchanges a connection may have become free to close.
    if (state_.stopping && stage_ == Stage::open && between_requests()) finish();
    watch_time();
}

bool ServerConnection::may_read() const {
    if (stage_ == Stage::lingering) return true;
    if (stage_ != Stage::open || body_held_) return false;
    return !exchange_ || !body_over_ || held_.size() < kHeldBytesMax;
}

void ServerConnection::read() {
    std::size_t total = 0;
    while (may_read() && stage_ != Stage::gone) {
        if (total >= kReadBudgetBytes) return state_.loop.nudge(key_);
        const Moved moved = receive(descriptor_.number(), state_.scratch);
        if (moved.io == Io::would_block) return;
        if (moved.io == Io::failed) return end();
        if (moved.io == Io::ended) return peer_ended();
        total += moved.bytes;
        if (stage_ == Stage::lingering) {
            lingered_bytes_ += moved.bytes;
            if (lingered_bytes_ > kLingerBytesMax) return end();
        } else {
            take({state_.scratch.data(), moved.bytes});
        }
    }
}

void ServerConnection::take(std::string_view bytes) {
    const bool outermost = !std::exchange(taking_, true);
    while (stage_ == Stage::open && !bytes.empty()) {
        if (body_held_ || (exchange_ && body_over_)) {
            held_.append(bytes);
            break;
        }
        const Fed fed = parser_.feed(bytes, *this);
        bytes.remove_prefix(fed.consumed);
        if (stage_ != Stage::open) break;
        if (fed.progress == Progress::failed) {
            refuse(status_of(parser_.fault()));
            break;
        }
        if (fresh_head_) {
            rest_ = bytes;
            begin_exchange();
            rest_ = {};
            // The end of a message without a body is still to be told.
            if (stage_ == Stage::open && bytes.empty() && !body_held_) parser_.feed({}, *this);
        }
        if (exchange_ && body_over_ && answered_) next_exchange();
    }
    if (outermost) taking_ = false;
}

void ServerConnection::on_head(const RequestHead& head) {
    Request request;
    request.method = head.method;
    request.method_text = head.method_text;
    request.target = head.target;
    request.path = head.path;
    request.query = head.query;
    request.fields = FieldList(head.fields);
    request.peer = peer_;
    request.content_length = head.content_length;
    request.has_body = head.framing == Framing::chunked || head.content_length > 0;
    request.wants_websocket = head.wants_websocket();
    minor_version_ = head.minor_version;
    keep_alive_ = head.keep_alive && head.method != Method::connect;
    expects_continue_ = head.expects_continue && request.has_body;
    body_over_ = answered_ = body_held_ = false;
    unread_body_bytes_ = 0;
    exchange_ = std::make_shared<Exchange>(state_.loop, weak_from_this(), std::move(request));
    ++state_.requests_begun;
    fresh_head_ = true;
    parser_.pause();
}

void ServerConnection::begin_exchange() {
    fresh_head_ = false;
    const ExchangePtr exchange = exchange_;
    patience_.disarm();
    state_.handler(exchange);
}

void ServerConnection::on_body(std::string_view bytes) {
    const ExchangePtr exchange = exchange_;
    if (!exchange) return;  // finished, while the parser still has bytes of the body
    if (const auto body = exchange->body_) {
        if (body->on_bytes) body->on_bytes(bytes);
        return;
    }
    unread_body_bytes_ += bytes.size();
    if (unread_body_bytes_ <= state_.options.unread_body_bytes_max) return;
    keep_alive_ = false;
    if (answered_) return finish();
    hold_body(true);
}

void ServerConnection::on_end() {
    body_over_ = true;
    const ExchangePtr exchange = exchange_;
    if (!exchange) return;
    exchange->tell_body_over(true);
    // Two owners: we and this function. Nobody is left who could answer.
    constexpr long kOurs = 2;
    const bool forgotten = exchange_ == exchange && exchange.use_count() == kOurs;
    if (forgotten && !answered_ && exchange->reply_ == Exchange::Reply::none) exchange->answer(500);
}

void ServerConnection::want_body() {
    if (!std::exchange(expects_continue_, false)) return;
    send("HTTP/1.1 100 Continue\r\n\r\n");
}

void ServerConnection::hold_body(bool hold) {
    if (body_held_ == hold) return;
    body_held_ = hold;
    if (hold)
        parser_.pause();
    else
        state_.loop.nudge(key_);
    watch_time();
}

bool ServerConnection::send(std::string_view head, std::string_view body) {
    if (stage_ == Stage::gone || stage_ == Stage::lingering) return false;
    const bool sent = outbox_.send(descriptor_.number(), head, body);
    if (!sent) {
        // The caller may be in the middle of something.
        state_.loop.defer([self = shared_from_this()] { self->end(); });
        return false;
    }
    watch_time();
    return true;
}

void ServerConnection::append_last_fields(std::string& head) {
    if (!state_.options.server_name.empty())
        append_field(head, "Server", state_.options.server_name);
    append_field(head, "Date", state_.date.at(state_.loop.now()));
    // A body that was not asked for may come or not: what follows could be either.
    if (state_.stopping || expects_continue_) keep_alive_ = false;
    if (!keep_alive_)
        append_field(head, "Connection", "close");
    else if (minor_version_ == 0)
        append_field(head, "Connection", "keep-alive");
    append_head_end(head);
}

void ServerConnection::answer_is_over() {
    answered_ = true;
    // An answer before the body is over ends the connection if the client cannot be asked to stop.
    if (!body_over_ && body_held_) keep_alive_ = false;
    if (!keep_alive_ && (body_over_ || body_held_ || expects_continue_)) return finish();
    if (taking_ || !body_over_) return;
    state_.loop.nudge(key_);
    next_exchange();
}

void ServerConnection::next_exchange() {
    exchange_.reset();
    body_over_ = answered_ = false;
    if (!keep_alive_) return finish();
    watch_time();
    if (outbox_.empty()) state_.note_rest();
}

void ServerConnection::refuse(int status) {
    const ExchangePtr exchange = std::exchange(exchange_, nullptr);
    const bool begun = exchange && exchange->reply_ != Exchange::Reply::none;
    if (exchange) {
        exchange->tell_body_over(false);
        exchange->tell_gone();
    }
    if (begun) return end();
    keep_alive_ = false;
    std::string head;
    append_status_line(head, status);
    append_field(head, "Content-Length", std::uint64_t{0});
    append_last_fields(head);
    if (send(head)) finish();
}

void ServerConnection::flush() {
    if (!outbox_.flush(descriptor_.number())) return end();
    if (!outbox_.empty()) return;
    if (stage_ == Stage::flushing) return finish();
    if (const ExchangePtr exchange = exchange_) {
        const auto drained = exchange->drained_;  // a copy: it may replace itself
        if (drained) drained();
    } else {
        state_.note_rest();
    }
}

// The peer sends no more. A whole request is still answered, unless its handler asked to be told.
void ServerConnection::peer_ended() {
    peer_ended_ = true;
    if (stage_ == Stage::flushing) return;
    const bool waits = exchange_ && body_over_ && !exchange_->gone_;
    if (stage_ == Stage::open && waits) {
        keep_alive_ = false;
        return;
    }
    if (stage_ == Stage::open && !exchange_ && parser_.idle() && !outbox_.empty()) return finish();
    end();
}

void ServerConnection::finish() {
    if (stage_ == Stage::gone || stage_ == Stage::lingering) return;
    exchange_.reset();
    held_.clear();
    stage_ = Stage::flushing;
    if (!outbox_.empty()) return watch_time();
    if (peer_ended_ || between_requests()) return end();
    stage_ = Stage::lingering;
    end_sending(descriptor_.number());
    patience_.arm_in(kLingerPatience);
    state_.loop.nudge(key_);
    state_.note_rest();
}

void ServerConnection::end() {
    if (stage_ == Stage::gone) return;
    const auto alive = shared_from_this();
    stage_ = Stage::gone;
    patience_.disarm();
    state_.loop.forget(std::exchange(key_, {}));
    descriptor_.reset();
    outbox_.clear();
    if (const ExchangePtr exchange = std::exchange(exchange_, nullptr)) {
        if (!body_over_) exchange->tell_body_over(false);
        exchange->tell_gone();
    }
    state_.remove(this);
}

void ServerConnection::cut() {
    if (stage_ == Stage::gone) return;
    reset_on_close(descriptor_.number());
    end();
}

void ServerConnection::stop() {
    const auto alive = shared_from_this();
    read();
    if (stage_ == Stage::open && between_requests()) finish();
}

std::shared_ptr<WebSocket> ServerConnection::become_websocket(std::string_view head,
                                                              WebSocketOptions options) {
    if (!send(head) || !outbox_.empty()) {
        cut();
        return nullptr;
    }
    const std::string early = held_ + std::string(rest_);
    state_.loop.forget(std::exchange(key_, {}));
    patience_.disarm();
    stage_ = Stage::gone;
    exchange_.reset();
    auto socket = WebSocket::adopt(state_.loop, std::move(descriptor_), Side::server,
                                   std::move(options), early);
    state_.sockets.emplace_back(socket);
    state_.remove(this);
    return socket;
}

// One timer: what it means follows from what the connection waits for.
void ServerConnection::watch_time() {
    if (stage_ == Stage::gone || stage_ == Stage::lingering) return;
    const bool body_comes = exchange_ && !body_over_ && !body_held_;
    if (!outbox_.empty() || body_comes)
        patience_.arm_in(state_.options.stall_patience);
    else if (exchange_)
        patience_.disarm();
    else if (parser_.idle())
        patience_.arm_in(state_.options.idle_patience);
    else if (!head_begun_)
        patience_.arm_in(state_.options.header_patience);
    head_begun_ = !exchange_ && !parser_.idle() && outbox_.empty();
}

void ServerConnection::out_of_time() {
    const auto alive = shared_from_this();
    if (stage_ == Stage::open && outbox_.empty() && (exchange_ || !parser_.idle()))
        return refuse(408);
    end();
}

}  // namespace net
