#include "edge/http2/connection.h"

#include "edge/worker/worker.h"

#include <array>
#include <chrono>
#include <memory>
#include <utility>

namespace edge {

namespace {

constexpr int kReadsInARow = 16;
constexpr std::size_t kSendAtOnce = 64 * 1024;
constexpr std::chrono::milliseconds kCloseTime{2000};
constexpr std::uint64_t kLingerBytes = 16 * 1024 * 1024;

/// 16 random bytes in base64 (RFC 6455 §4.1): the target's answer to it is checked by nobody, as
/// no cache stands between.
std::string random_key(base::Random& random) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string made(21, 'A');
    for (char& c : made) c = kDigits[random.next() % kDigits.size()];
    return made + "A==";
}

}  // namespace

Http2Connection::Http2Connection(Worker& worker, net::Channel channel, Arrival arrival)
    : worker_(worker),
      channel_(std::move(channel)),
      arrival_(std::move(arrival)),
      key_(channel_.watch(worker.loop(), *this)),
      session_(upcalls(), net::http2::Limits{}),
      timer_(worker.loop(), [this] { expire(); }) {
    arrival_.http2 = true;
    worker_.counts().connections.add();
    worker_.counts().http2_connections.add();
    timer_.arm_in(worker_.limits().header_timeout);
    flush_due_ = true;  // our settings
    worker_.loop().nudge(key_);
}

Http2Connection::~Http2Connection() = default;

Arrival Http2Connection::of_a_stream() const {
    return {.peer = arrival_.peer,
            .listener = arrival_.listener,
            .port = arrival_.port,
            .cipher = arrival_.cipher,
            .tls_version = arrival_.tls_version,
            .server_name = arrival_.server_name,
            .http2 = true};
}

net::http2::ServerSession::Owner Http2Connection::upcalls() {
    return {.begun =
                [this](std::shared_ptr<net::http2::Stream> stream) {
                    worker_.counts().http2_streams.add();
                    auto layer = std::make_unique<net::http2::StreamLayer>(std::move(stream));
                    worker_.begin(net::Channel(base::Fd(), std::move(layer)), of_a_stream());
                },
            .wants_to_send =
                [this] {
                    // Once a batch: streams that answer together leave together.
                    if (!std::exchange(flush_due_, true)) worker_.loop().nudge(key_);
                },
            .websocket_key = [this] { return random_key(worker_.random()); }};
}

void Http2Connection::on_ready(net::Ready ready) {
    if (gone_) return;
    ready = channel_.seen(ready);
    if (ready.ended) ended_ = true;
    if (ready.readable) readable_ = true;
    if (ready.hung_up) return close();
    if (ready.writable && outlet_.waiting() > 0) {
        if (!outlet_.flush(channel_)) return close();
        if (outlet_.waiting() == 0) touch();
    }
    if (lingering_) return discard();
    if (readable_) read();
    if (!gone_) flush();
}

void Http2Connection::read() {
    for (int reads = 0; readable_ && !closing_; ++reads) {
        if (reads == kReadsInARow) return worker_.loop().nudge(key_);
        const auto scratch = worker_.scratch();
        const net::Moved moved = channel_.receive(scratch);
        if (moved.io == net::Io::would_block) {
            readable_ = false;
            return;
        }
        if (moved.io != net::Io::moved) return close();
        if (channel_.emptied(moved.bytes, scratch.size()) && !ended_) readable_ = false;
        worker_.counts().bytes_in.add(moved.bytes);
        touch();
        if (!session_.feed({scratch.data(), moved.bytes}, worker_.now())) {
            worker_.counts().http2_refused.add();
            closing_ = refused_ = true;
            timer_.arm_in(kCloseTime);
        }
        // What is answered to frames that ask for it must not pile up behind a long read.
        flush();
        if (gone_ || lingering_) return;
    }
}

void Http2Connection::flush() {
    flush_due_ = false;
    while (outlet_.waiting() == 0) {
        std::string& text = worker_.text();
        text.clear();
        while (text.size() < kSendAtOnce) {
            const std::string_view more = session_.send();
            if (more.empty()) break;
            text += more;
        }
        if (text.empty()) break;
        if (!outlet_.send(channel_, text)) return close();
        touch();
    }
    if (outlet_.waiting() > 0) return;
    if (refused_) return linger();
    if (closing_ || session_.over()) close();
}

void Http2Connection::linger() {
    // A close with unread bytes would reset the connection and take the GOAWAY with it.
    lingering_ = true;
    channel_.end_sending();
    discard();
}

void Http2Connection::discard() {
    while (readable_) {
        const net::Moved moved = channel_.receive(worker_.scratch());
        if (moved.io == net::Io::would_block) {
            readable_ = false;
            return;
        }
        discarded_ += moved.bytes;
        if (moved.io != net::Io::moved || discarded_ > kLingerBytes) return close();
    }
}

void Http2Connection::touch() {
    if (closing_ || gone_) return;
    const Limits& limits = worker_.limits();
    // Requests have their own time-outs; a connection without any has the one of an idle one.
    const bool idle = session_.streams() == 0 && session_.requests() > 0;
    if (outlet_.waiting() > 0) {
        timer_.arm_in(limits.idle_timeout);
    } else if (idle) {
        timer_.arm_in(session_.retired() ? kCloseTime : limits.keep_alive);
    } else if (session_.streams() > 0) {
        timer_.disarm();
    }
}

void Http2Connection::expire() {
    if (closing_ || session_.retired() || outlet_.waiting() > 0) return close();
    retire();
}

void Http2Connection::retire() {
    session_.retire();
    // One that has nothing to wait for and never says that it knows.
    if (session_.streams() == 0 && !closing_) timer_.arm_in(kCloseTime);
}

void Http2Connection::close() {
    if (std::exchange(gone_, true)) return;
    session_.end();
    timer_.disarm();
    worker_.loop().forget(key_);
    channel_.close();
    worker_.counts().connections.subtract();
    worker_.remove(*this);
}

}  // namespace edge
