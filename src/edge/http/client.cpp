#include "edge/http/client.h"

#include "edge/files/file_body.h"
#include "edge/http/event_stream.h"
#include "edge/socket/handshake.h"
#include "edge/socket/mattermost.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace edge {

namespace {

constexpr int kReadsInARow = 16;
constexpr std::chrono::milliseconds kLingerTime{2000};
constexpr std::uint64_t kLingerBytes = 16 * 1024 * 1024;

}  // namespace

Client::Client(Worker& worker, net::Channel channel, Arrival arrival)
    : worker_(worker),
      channel_(std::move(channel)),
      arrival_(std::move(arrival)),
      peer_ip_(arrival_.peer.ip()),
      peer_bytes_(bytes_of(arrival_.peer)),
      key_(channel_.watch(worker.loop(), *this)),
      parser_(worker.head_limits()),
      timer_(worker.loop(), [this] { expire(); }),
      opened_(worker.now()) {
    if (is_connection()) worker_.counts().connections.add();
    timer_.arm_in(worker_.limits().header_timeout);
}

Client::~Client() = default;

void Client::on_ready(net::Ready ready) {
    if (phase_ == Phase::gone) return;
    ready = channel_.seen(ready);
    if (ready.ended) ended_ = true;
    if (ready.readable) readable_ = true;
    // Nobody waits for what is held: answering costs nothing yet, so a half-closed connection is
    // taken for a closed one.
    if (ended_ && phase_ == Phase::holding && exchange_.request_ended) return client_ended(true);
    if (ready.hung_up && phase_ != Phase::reading && phase_ != Phase::lingering) {
        return client_ended(true);
    }
    if (ready.writable && outlet_.waiting() > 0) {
        flush();
        if (phase_ == Phase::gone) return;
    }
    if (ready.writable && phase_ == Phase::sending_file) pump_file();
    // A stream has room again.
    if (!channel_.plain() && phase_ == Phase::forwarding && upstream_ != nullptr) {
        upstream_->resume();
    }
    if (ready.writable && upstream_ != nullptr && upstream_->passing()) upstream_->resume();
    if (exchange_.playing && upstream_ != nullptr) play();
    if (readable_) read();
}

bool Client::may_read() const {
    if (phase_ == Phase::reading) return true;
    return phase_ == Phase::forwarding && !exchange_.request_ended && upstream_ != nullptr &&
           !exchange_.playing && !exchange_.awaits_end &&
           (upstream_->takes() || exchange_.body_ignored);
}

void Client::read() {
    for (int reads = 0; phase_ != Phase::gone; ++reads) {
        if (phase_ == Phase::lingering) return discard();
        if (!may_read()) return;
        if (!pending_.empty()) {
            const std::string bytes = std::exchange(pending_, {});
            feed(bytes);
            continue;
        }
        if (!readable_ && !passing()) return;
        if (reads == kReadsInARow) return worker_.loop().nudge(key_);
        if (!(may_splice() ? splice() : copy())) return;
    }
}

bool Client::copy() {
    const auto scratch = worker_.scratch();
    const net::Moved moved = channel_.receive(scratch);
    if (moved.io != net::Io::moved) {
        readable_ = false;
        if (moved.io != net::Io::would_block) client_ended(moved.io == net::Io::failed);
        return false;
    }
    if (channel_.emptied(moved.bytes, scratch.size()) && !ended_) readable_ = false;
    worker_.counts().bytes_in.add(moved.bytes);
    feed({scratch.data(), moved.bytes});
    return true;
}

void Client::feed(std::string_view bytes) {
    Gather gather;
    to_target_ = &gather;
    while (may_read()) {
        const std::string_view head = parser_.idle() ? bytes : std::string_view();
        const net::Fed fed = parser_.feed(bytes, *this);
        bytes.remove_prefix(fed.consumed);
        if (exchange_.open) exchange_.received_bytes += fed.consumed;
        if (fed.progress == net::Progress::failed) {
            malformed(parser_.fault(), head);
            bytes = {};
        } else {
            flush_request();
        }
        if (phase_ == Phase::sending_file) pump_file();
        settle();
        if (bytes.empty() || fed.consumed == 0) break;
    }
    to_target_ = nullptr;
    if (phase_ == Phase::gone || phase_ == Phase::lingering) return;
    if (!bytes.empty()) pending_.assign(bytes);
    if (phase_ == Phase::reading && !heard_ && !parser_.idle()) {
        heard_ = true;
        timer_.arm_in(worker_.limits().header_timeout);
    } else if (phase_ == Phase::forwarding) {
        touch();
    }
}

void Client::discard() {
    while (readable_) {
        const net::Moved moved = channel_.receive(worker_.scratch());
        if (moved.io == net::Io::would_block) {
            readable_ = false;
            return;
        }
        lingered_bytes_ += moved.bytes;
        if (moved.io != net::Io::moved || lingered_bytes_ > kLingerBytes) return close();
    }
}

void Client::client_ended(bool failed) {
    if (exchange_.open && !exchange_.answer_begun) exchange_.status = 0;
    if (!failed && phase_ == Phase::reading && !parser_.idle()) {
        worker_.counts().malformed.add();
    }
    close();
}

void Client::flush() {
    if (!outlet_.flush(channel_)) return client_ended(true);
    if (outlet_.waiting() > 0) return touch();
    if (phase_ == Phase::forwarding) {
        touch();
        if (upstream_ != nullptr) upstream_->resume();
        return;
    }
    if (phase_ == Phase::reading && !keep_alive_) return retire();
    settle();
}

void Client::on_unsent(std::string_view bytes) {
    outlet_.put_back(bytes);
    // It has been taken for resting.
    if (phase_ == Phase::reading) timer_.arm_in(worker_.limits().idle_timeout);
}

void Client::settle() {
    if (phase_ == Phase::flushing && outlet_.waiting() == 0) conclude();
}

void Client::conclude() {
    count_and_log();
    const bool whole = exchange_.request_ended;
    exchange_.open = false;
    assign(nullptr);
    file_.reset();
    forget_events();
    // What was not told that its connection ends may have the next request on its way.
    if (!keep_alive_ || worker_.retiring() || !whole) {
        // With nothing left to read, a close ends the connection in order.
        if (whole && pending_.empty() && !readable_) return close();
        return linger();
    }
    phase_ = Phase::reading;
    heard_ = false;
    timer_.arm_in(worker_.limits().keep_alive);
    if (!pending_.empty() || readable_) worker_.loop().nudge(key_);
    worker_.offer(*this);
}

void Client::let_leave() {
    if (gathered_in_ == worker_.loop().gathering()) worker_.loop().send_gathered();
}

void Client::linger() {
    let_leave();
    // A close with unread bytes would reset the connection and take the answer with it.
    phase_ = Phase::lingering;
    pending_.clear();
    channel_.end_sending();
    timer_.arm_in(kLingerTime);
    if (readable_) discard();
}

void Client::pump_file() {
    const FileBody::Pumped pumped = file_->pump(channel_, outlet_);
    touch();
    switch (pumped) {
        case FileBody::Pumped::all:
            phase_ = Phase::flushing;
            return settle();
        case FileBody::Pumped::blocked:
            return;
        case FileBody::Pumped::budget:
            return worker_.loop().nudge(key_);
        case FileBody::Pumped::failed:
            return client_ended(true);
    }
}

void Client::touch() {
    if (phase_ == Phase::gone || phase_ == Phase::reading || phase_ == Phase::lingering) return;
    const Limits& limits = worker_.limits();
    const bool awaits =
        phase_ == Phase::forwarding && exchange_.request_ended && !exchange_.answer_begun;
    timer_.arm_in(awaits ? limits.response_timeout : limits.idle_timeout);
}

void Client::expire() {
    switch (phase_) {
        case Phase::reading:
            if (parser_.idle()) return close();
            open_headless();
            refuse(Refusal::header_timeout);
            return settle();
        case Phase::forwarding:
            if (streams_events() && upstream_ == nullptr) return go_on_elsewhere();
            if (exchange_.answer_begun) return cut_answer();
            return give_up_waiting();
        case Phase::holding:
            return look_again();
        case Phase::flushing:
        case Phase::sending_file:
        case Phase::lingering:
            return close();
        case Phase::gone:
            return;
    }
}

void Client::give_up_waiting() {
    // A body that stands still because the target does not take it is not the client's fault.
    const bool targets = exchange_.request_ended || upstream_ == nullptr || !upstream_->takes();
    if (targets) fault_of_target();
    refuse(targets ? Refusal::target_timeout : Refusal::body_timeout);
    settle();
}

std::optional<takeover::GivenClient> Client::packed() const {
    const bool rests = is_connection() && idle() && channel_.plain() && keep_alive_ &&
                       parser_.idle() && pending_.empty() && outlet_.waiting() == 0;
    if (!rests) return std::nullopt;
    return takeover::GivenClient{.worker = 0,
                                 .listener = arrival_.listener,
                                 .served = served_,
                                 .opened_ns = opened_.time_since_epoch().count()};
}

void Client::resume(const takeover::GivenClient& given) {
    served_ = given.served;
    opened_ = base::Tick{std::chrono::nanoseconds{given.opened_ns}};
    if (served_ > 0) timer_.arm_in(worker_.limits().keep_alive);
}

void Client::retire() {
    keep_alive_ = false;
    if (idle() && parser_.idle() && pending_.empty()) close();
}

void Client::cut(const LocalTarget& target) {
    if (phase_ == Phase::forwarding && exchange_.target == &target && upstream_ != nullptr) {
        upstream_failed(UpstreamEnd::cut);
    }
}

void Client::close() {
    if (phase_ == Phase::gone) return;
    let_leave();
    if (exchange_.open) count_and_log();
    exchange_.open = false;
    stop_holding();
    leave_target();
    if (passing()) let_go_of_pipe();
    forget_events();
    assign(nullptr);
    phase_ = Phase::gone;
    timer_.disarm();
    worker_.loop().forget(key_);
    channel_.close();
    if (is_connection()) worker_.counts().connections.subtract();
    worker_.remove(*this);
}

}  // namespace edge
