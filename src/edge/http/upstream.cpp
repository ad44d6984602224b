#include "edge/http/upstream.h"

#include "edge/http/client.h"
#include "edge/http2/target_connection.h"
#include "edge/worker/worker.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <utility>

namespace edge {

namespace {

constexpr int kReadsInARow = 16;
// Shorter than any usual server's own, so that the edge ends an idle connection first and no
// request meets one that is just being closed.
constexpr std::chrono::seconds kPooledIdle{4};

/// The seconds of `Keep-Alive: timeout=N`, less one for the way; the usual where there are none.
std::chrono::seconds idle_time(const net::Fields& fields) {
    if (!fields.has(net::FieldId::keep_alive)) return kPooledIdle;
    const std::string_view value = *fields.find(net::FieldId::keep_alive);
    const std::size_t at = value.find("timeout=");
    if (at == std::string_view::npos) return kPooledIdle;
    unsigned seconds = 0;
    std::from_chars(value.data() + at + 8, value.data() + value.size(), seconds);
    return std::min(kPooledIdle, std::chrono::seconds{seconds > 0 ? seconds - 1 : 0});
}

}  // namespace

Upstream::Upstream(Worker& worker, LocalTarget& target, Client& client)
    : worker_(worker),
      target_(target),
      client_(&client),
      timer_(worker.loop(), [this] { expire(); }),
      keep_(kPooledIdle) {
    ++target_.users;
    if (target_.http2()) {
        begin_call();
        return;
    }
    target_.slot->pooled.add();
    auto descriptor = net::connect_to(target.target.address);
    if (!descriptor) {
        connect_failed_ = true;
        timer_.arm_at(worker_.now());
        return;
    }
    channel_ = net::Channel(std::move(*descriptor));
    key_ = channel_.watch(worker_.loop(), *this);
    timer_.arm_in(worker_.limits().connect_timeout);
}

Upstream::~Upstream() = default;

void Upstream::begin_call() {
    call_ = TargetConnection::begin_call(worker_, target_);
    channel_ = net::Channel(base::Fd(), std::make_unique<net::http2::CallLayer>(call_));
    key_ = channel_.watch(worker_.loop(), *this);
    if (call_->state() == net::http2::Call::State::open) phase_ = Phase::busy;
}

void Upstream::on_ready(net::Ready ready) {
    if (phase_ == Phase::gone) return;
    ready = channel_.seen(ready);
    if (ready.ended) ended_ = true;
    if (ready.readable) readable_ = true;
    if (phase_ == Phase::connecting) {
        if (!ready.writable && !ready.hung_up) return;
        finish_connecting();
        if (phase_ != Phase::busy) return;
    } else if (ready.writable && outlet_.waiting() > 0) {
        if (!outlet_.flush(channel_)) {
            broken_ = true;
            outlet_.clear();
        }
        if (outlet_.waiting() == 0 && client_ != nullptr) client_->upstream_drained();
    } else if (ready.writable && client_ != nullptr && client_->passing()) {
        client_->upstream_drained();
    }
    if (readable_) read();
}

UpstreamEnd Upstream::connection_end(int error) const {
    if (error == ECONNREFUSED) return UpstreamEnd::refused;
    return error == ETIMEDOUT && call_ ? UpstreamEnd::connect_timeout : UpstreamEnd::no_connection;
}

void Upstream::finish_waiting() {
    using State = net::http2::Call::State;
    switch (call_->state()) {
        case State::waiting:
            return;
        case State::displaced:
            // Its connection takes fewer calls than it was thought to: another one.
            worker_.loop().forget(key_);
            channel_.close();
            begin_call();
            if (phase_ == Phase::busy) client_->upstream_connected();
            return;
        case State::open:
            phase_ = Phase::busy;
            return client_->upstream_connected();
        case State::lost:
        case State::over:
            return fail(end_without_answer());
    }
}

void Upstream::finish_connecting() {
    if (call_) return finish_waiting();
    const int error = net::connect_error(channel_.number());
    if (error != 0) return fail(connection_end(error));
    phase_ = Phase::busy;
    timer_.disarm();
    client_->upstream_connected();
}

bool Upstream::take(Client& client, bool look) {
    if (look) {
        char byte = 0;
        const ssize_t found = ::recv(channel_.number(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (found >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
            close();
            return false;
        }
    }
    phase_ = Phase::busy;
    client_ = &client;
    answered_ = sent_any_ = false;
    timer_.disarm();
    return true;
}

void Upstream::let_leave() {
    if (gathered_in_ == worker_.loop().gathering()) worker_.loop().send_gathered();
}

bool Upstream::gather(std::span<const iovec> parts) {
    let_leave();
    if (broken_ || !channel_.plain() || outlet_.waiting() > 0) return false;
    if (!worker_.loop().gather(key_, channel_.number(), parts)) return false;
    gathered_in_ = worker_.loop().gathering();
    for (const iovec& part : parts) outlet_.count_sent(part.iov_len);
    sent_any_ = true;
    return true;
}

Upstream::Sent Upstream::send(std::span<const iovec> parts) {
    let_leave();
    if (!broken_ && outlet_.send(channel_, parts)) {
        sent_any_ = true;
        return Sent::yes;
    }
    break_off();
    return sent_any_ ? Sent::broken : Sent::nothing;
}

bool Upstream::send_spliced(net::Pipe& pipe) {
    const net::Moved moved = broken_ ? net::Moved{net::Io::failed} : pipe.drain(channel_.number());
    if (moved.io == net::Io::moved || moved.io == net::Io::would_block) return true;
    break_off();
    return false;
}

void Upstream::break_off() {
    broken_ = true;
    // What the target said before it stopped listening may still be there to be read.
    readable_ = true;
    worker_.loop().nudge(key_);
}

void Upstream::resume() {
    if (phase_ == Phase::busy && (readable_ || passing())) worker_.loop().nudge(key_);
}

void Upstream::read() {
    for (int reads = 0; readable_ || passing(); ++reads) {
        if (phase_ == Phase::idle) return close();  // ended, or talks unasked
        if (phase_ != Phase::busy || !client_->has_room()) return;
        if (reads == kReadsInARow) return worker_.loop().nudge(key_);
        if (!(may_splice() ? splice() : copy())) return;
    }
}

bool Upstream::copy() {
    const auto scratch = worker_.scratch().first(std::min(Worker::kScratchBytes, client_->room()));
    const net::Moved moved = channel_.receive(scratch);
    if (moved.io != net::Io::moved) {
        readable_ = false;
        if (moved.io != net::Io::would_block) peer_ended();
        return false;
    }
    if (channel_.emptied(moved.bytes, scratch.size()) && !ended_) readable_ = false;
    return feed({scratch.data(), moved.bytes});
}

bool Upstream::feed(std::string_view bytes) {
    Client& client = *client_;
    Gather gather;
    client.gather_answer(&gather);
    const net::Fed fed = parser_.feed(bytes, *this);
    bytes.remove_prefix(fed.consumed);
    const bool ended = fed.progress == net::Progress::ended;
    const bool sent = ended ? client.flush_last() : client.flush_answer();
    client.gather_answer(nullptr);
    if (!sent) {
        client.close();
        return false;
    }
    if (client.handed_back()) {
        fail(UpstreamEnd::handed_back);
        return false;
    }
    if (fed.progress == net::Progress::failed || client.answer_wrong()) {
        fail(UpstreamEnd::malformed);
        return false;
    }
    if (fed.progress == net::Progress::tunnel) {
        client.open_tunnel(bytes);
        return false;
    }
    if (ended) {
        client.answer_over(keep_alive_ && bytes.empty());
        return false;
    }
    return client.has_room();
}

void Upstream::let_go_of_pipe() {
    worker_.pipes().give_back(*std::exchange(pipe_, {}));
}

bool Upstream::may_splice() const {
    if (passing()) return true;
    return parser_.body_left() >= kSpliceMin && channel_.plain() && client_->takes_spliced();
}

bool Upstream::splice() {
    if (!passing()) {
        pipe_ = worker_.pipes().take();
        if (!pipe_) return copy();
        const net::Moved moved = pipe_->fill(channel_.number(), parser_.body_left());
        if (moved.io != net::Io::moved) {
            let_go_of_pipe();
            readable_ = false;
            if (moved.io != net::Io::would_block) peer_ended();
            return false;
        }
        parser_.body_passed(moved.bytes);
    }
    if (!client_->answer_spliced(*pipe_)) {
        client_->close();
        return false;
    }
    if (pipe_->waiting() > 0) return false;  // the client will resume
    let_go_of_pipe();
    return parser_.body_left() > 0 || feed({});
}

void Upstream::peer_ended() {
    Client& client = *client_;
    Gather gather;
    client.gather_answer(&gather);
    const bool ended = parser_.finish(*this) == net::Progress::ended && answered_;
    const bool sent = client.flush_answer();
    client.gather_answer(nullptr);
    if (ended && sent) return client.answer_over(false);
    if (ended) return client.close();
    fail(end_without_answer());
}

UpstreamEnd Upstream::end_without_answer() const {
    using Loss = net::http2::Call::Loss;
    if (!call_) return sent_any_ || reused() ? UpstreamEnd::closed : UpstreamEnd::no_connection;
    switch (call_->loss()) {
        case Loss::connection:
            return connection_end(call_->connect_error());
        case Loss::unprocessed:
            return UpstreamEnd::unprocessed;
        case Loss::malformed:
            return UpstreamEnd::malformed;
        case Loss::none:
        case Loss::reset:
            break;
    }
    return UpstreamEnd::closed;
}

void Upstream::on_head(const net::ResponseHead& head) {
    answered_ = true;
    if (!head.interim) {
        keep_alive_ = head.keep_alive;
        keep_ = idle_time(head.fields);
    }
    client_->answer_head(head);
}

void Upstream::on_body(std::string_view bytes) {
    client_->answer_body(bytes);
}

void Upstream::on_trailers(const net::Fields& fields) {
    client_->answer_trailers(fields);
}

void Upstream::on_end() {
    client_->answer_end();
}

void Upstream::release(bool reusable) {
    const bool pool = reusable && !call_ && !ended_ && !broken_ && keep_.count() > 0 &&
                      outlet_.waiting() == 0 && target_.takes_back() && !worker_.leaving() &&
                      target_.idle.size() < worker_.limits().pooled_per_target;
    if (!pool) return close();
    client_ = nullptr;
    ++carried_;
    phase_ = Phase::idle;
    target_.idle.push_back(this);
    timer_.arm_in(keep_);
}

void Upstream::fail(UpstreamEnd end) {
    client_->upstream_failed(end);
}

void Upstream::expire() {
    if (phase_ == Phase::idle) return close();
    if (phase_ == Phase::connecting) {
        fail(connect_failed_ ? UpstreamEnd::no_connection : UpstreamEnd::connect_timeout);
    }
}

net::Channel Upstream::give_up_channel() {
    let_leave();
    worker_.loop().forget(key_);
    key_ = {};
    return std::move(channel_);
}

void Upstream::close() {
    if (phase_ == Phase::gone) return;
    let_leave();
    if (phase_ == Phase::idle) std::erase(target_.idle, this);
    phase_ = Phase::gone;
    client_ = nullptr;
    if (passing()) let_go_of_pipe();
    timer_.disarm();
    worker_.loop().forget(key_);
    channel_.close();
    if (!call_) target_.slot->pooled.subtract();
    --target_.users;
    worker_.remove(*this);
}

}  // namespace edge
