#include "edge/http2/target_connection.h"

#include "edge/worker/worker.h"
#include "net/socket.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace edge {

namespace {

constexpr int kReadsInARow = 16;
constexpr std::size_t kSendAtOnce = 64 * 1024;
// As long as a pooled connection of HTTP/1.1: shorter than any usual server's own.
constexpr std::chrono::seconds kIdle{4};

}  // namespace

std::shared_ptr<net::http2::Call> TargetConnection::begin_call(Worker& worker,
                                                               LocalTarget& target) {
    TargetConnection* best = nullptr;
    for (TargetConnection* connection : target.connections) {
        if (!connection->session_.takes() || connection->asked()) continue;
        if (best == nullptr || connection->session_.calls() < best->session_.calls()) {
            best = connection;
        }
    }
    if (best == nullptr) {
        best = &worker.add_connection(std::make_unique<TargetConnection>(worker, target));
        target.connections.push_back(best);
    }
    // The first call ends its idleness.
    if (best->session_.opened() && best->session_.calls() == 0) best->watch_life();
    return best->session_.begin();
}

TargetConnection::TargetConnection(Worker& worker, LocalTarget& target)
    : worker_(worker),
      target_(target),
      session_(
          [this] {
              // Once a batch: calls that begin together leave together.
              if (!std::exchange(flush_due_, true)) worker_.loop().nudge(key_);
          },
          net::http2::CallLimits{}),
      timer_(worker.loop(), [this] { expire(); }) {
    ++target_.users;
    target_.slot->pooled.add();
    auto descriptor = net::connect_to(target.target.address);
    if (!descriptor) {
        failed_at_once_ = ENETUNREACH;
        timer_.arm_at(worker_.now());
        return;
    }
    channel_ = net::Channel(std::move(*descriptor));
    key_ = channel_.watch(worker_.loop(), *this);
    timer_.arm_in(worker_.limits().connect_timeout);
}

TargetConnection::~TargetConnection() = default;

void TargetConnection::on_ready(net::Ready ready) {
    if (gone_) return;
    ready = channel_.seen(ready);
    if (ready.ended) ended_ = true;
    if (ready.readable) readable_ = true;
    if (!connected_) {
        if (!ready.writable && !ready.hung_up) return;
        if (const int error = net::connect_error(channel_.number()); error != 0) {
            return close(error);
        }
        connected_ = true;
    }
    if (ready.writable && outlet_.waiting() > 0 && !outlet_.flush(channel_)) return close();
    if (readable_) read();
    if (!gone_) flush();
}

void TargetConnection::read() {
    for (int reads = 0; readable_; ++reads) {
        if (reads == kReadsInARow) return worker_.loop().nudge(key_);
        const auto scratch = worker_.scratch();
        const net::Moved moved = channel_.receive(scratch);
        if (moved.io == net::Io::would_block) {
            readable_ = false;
            return;
        }
        // A target that ends before its settings is none that speaks HTTP/2.
        if (moved.io != net::Io::moved) return close(session_.opened() ? 0 : ECONNRESET);
        if (channel_.emptied(moved.bytes, scratch.size()) && !ended_) readable_ = false;
        const bool opened_before = session_.opened();
        if (!session_.feed({scratch.data(), moved.bytes})) {
            flush();
            return close(session_.opened() ? 0 : EPROTO);
        }
        if (!opened_before && session_.opened()) watch_life();
        state_of_life_ = Life::heard;
        // What is answered to frames that ask for it must not pile up behind a long read.
        flush();
        if (gone_) return;
    }
}

void TargetConnection::flush() {
    flush_due_ = false;
    while (connected_ && outlet_.waiting() == 0) {
        std::string& text = worker_.text();
        text.clear();
        while (text.size() < kSendAtOnce) {
            const std::string_view more = session_.send();
            if (more.empty()) break;
            text += more;
        }
        if (text.empty()) break;
        if (!outlet_.send(channel_, text)) {
            // What the target said before it stopped listening may still be there to be read.
            readable_ = true;
            return worker_.loop().nudge(key_);
        }
    }
    watch_idleness();
}

void TargetConnection::watch_idleness() {
    if (session_.calls() > 0) return;
    if (session_.over() || !target_.takes_back() || worker_.leaving()) return close();
    if (session_.opened() && !std::exchange(idle_, true)) timer_.arm_in(kIdle);
}

void TargetConnection::watch_life() {
    idle_ = false;
    state_of_life_ = Life::unheard;
    timer_.arm_in(worker_.limits().connect_timeout);
}

void TargetConnection::retire() {
    session_.retire();
    if (session_.calls() == 0) close();
}

void TargetConnection::expire() {
    if (session_.calls() > 0 && session_.opened()) {
        if (state_of_life_ == Life::asked) return close();
        const bool heard = state_of_life_ == Life::heard;
        watch_life();
        if (heard) return;
        state_of_life_ = Life::asked;
        return session_.ping();
    }
    close(failed_at_once_ != 0 ? failed_at_once_ : session_.opened() ? 0 : ETIMEDOUT);
}

void TargetConnection::say_goodbye() {
    if (!session_.opened() || ended_ || outlet_.waiting() > 0) return;
    session_.say_goodbye();
    std::string& text = worker_.text();
    text.clear();
    for (std::string_view more = session_.send(); !more.empty(); more = session_.send()) {
        text += more;
    }
    outlet_.send(channel_, text);
}

void TargetConnection::close(int connect_error) {
    if (std::exchange(gone_, true)) return;
    say_goodbye();
    std::erase(target_.connections, this);
    session_.end(connect_error);
    timer_.disarm();
    worker_.loop().forget(key_);
    channel_.close();
    target_.slot->pooled.subtract();
    --target_.users;
    worker_.remove(*this);
}

}  // namespace edge
