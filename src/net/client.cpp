#include "net/client.h"

#include "base/check.h"
#include "net/http1_text.h"

#include <array>
#include <cerrno>
#include <utility>

namespace net {

namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;
constexpr std::size_t kUnsentBytesHigh = 256 * 1024;

// What was written before the loop told of the connection may have been read and then cut off:
// refused is only what never was a connection.
Outcome outcome_of_connect(int error) {
    return error == ECONNRESET || error == EPIPE ? Outcome::reset : Outcome::refused;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::answered:
            return "answered";
        case Outcome::refused:
            return "refused";
        case Outcome::connect_timeout:
            return "connect_timeout";
        case Outcome::timeout:
            return "timeout";
        case Outcome::reset:
            return "reset";
        case Outcome::closed_unanswered:
            return "closed_unanswered";
        case Outcome::cut:
            return "cut";
        case Outcome::malformed:
            return "malformed";
        case Outcome::abandoned:
            return "abandoned";
    }
    return "";
}

/// Brings what the parser finds to the exchange's listener.
struct ClientConnection::Inbox final : ResponseHandler {
    explicit Inbox(ClientConnection& owner) : connection(owner), exchange(owner.exchange_) {}

    bool current() const { return connection.busy_ && connection.exchange_ == exchange; }

    void on_head(const ResponseHead& head) override {
        if (!head.interim) {
            connection.ending_.status = head.status;
            connection.keep_ = head.keep_alive;
        }
        if (connection.events_.on_head) connection.events_.on_head(head);
    }
    void on_body(std::string_view bytes) override {
        if (!current()) return;
        connection.ending_.body_bytes += bytes.size();
        if (connection.events_.on_body) connection.events_.on_body(bytes);
    }
    void on_end() override {}

    ClientConnection& connection;
    std::uint64_t exchange;
};

ClientConnection::ClientConnection(Loop& loop, Address to, Address from)
    : loop_(loop), to_(to), from_(from), patience_(loop, [this] { run_out_of_patience(); }) {}

ClientConnection::~ClientConnection() {
    drop();
}

void ClientConnection::begin(Method method, ExchangeEvents events,
                             std::chrono::nanoseconds patience) {
    CHECK(!busy_);
    busy_ = true;
    ++exchange_;
    keep_ = false;
    chunked_ = false;
    uploading_ = false;
    trouble_.reset();
    ending_ = Ending{};
    ending_.reused = connected() && carried_;
    ending_.timing.begun = loop_.clock().tick();
    events_ = std::move(events);
    parser_ = ResponseParser();
    parser_.expect(method);
    patience_.arm_in(patience);
    if (!connected()) connect();
}

void ClientConnection::connect() {
    drop();
    carried_ = false;
    auto descriptor = connect_to(to_, from_);
    if (!descriptor) return fail_soon(Outcome::refused, 0);
    descriptor_ = std::move(*descriptor);
    connecting_ = true;
    key_ = loop_.watch(descriptor_.number(), *this);
}

/// Callers of `send` and `write` learn of trouble from `on_end` alone, in a later turn.
void ClientConnection::fail_soon(Outcome outcome, int error) {
    if (trouble_) return;
    trouble_ = Trouble{outcome, error};
    patience_.arm_at(loop_.now());
}

void ClientConnection::run_out_of_patience() {
    const auto trouble =
        trouble_.value_or(Trouble{connecting_ ? Outcome::connect_timeout : Outcome::timeout, 0});
    finish(trouble.outcome, trouble.error);
}

void ClientConnection::send(Method method, std::string_view head, std::string_view body,
                            ExchangeEvents events, std::chrono::nanoseconds patience) {
    begin(method, std::move(events), patience);
    put(head, body);
}

void ClientConnection::send_streamed(Method method, std::string_view head, bool chunked,
                                     ExchangeEvents events, std::chrono::nanoseconds patience) {
    begin(method, std::move(events), patience);
    chunked_ = chunked;
    uploading_ = true;
    put(head, {});
}

void ClientConnection::put(std::string_view head, std::string_view body) {
    if (!descriptor_ || trouble_) return;
    if (!outbox_.send(descriptor_.number(), head, body)) {
        // A refused connection shows in the first write; an answer may have come before a reset.
        if (!connecting_) return loop_.nudge(key_);
        return fail_soon(outcome_of_connect(outbox_.error()), outbox_.error());
    }
    note_sent();
}

void ClientConnection::note_sent() {
    const bool all = outbox_.empty() && !uploading_ && !connecting_;
    if (all && ending_.timing.sent == base::Tick{}) ending_.timing.sent = loop_.clock().tick();
}

bool ClientConnection::write(std::string_view bytes) {
    if (!busy_ || !uploading_ || bytes.empty()) return busy_;
    if (chunked_) {
        const ChunkHead size(bytes.size());
        put(size.text(), bytes);
        put("\r\n", {});
    } else {
        put(bytes, {});
    }
    return outbox_.waiting() <= kUnsentBytesHigh;
}

void ClientConnection::end_upload() {
    if (!busy_ || !uploading_) return;
    uploading_ = false;
    if (chunked_) put(kLastChunk, {});
    note_sent();
}

void ClientConnection::abandon() {
    if (busy_) {
        finish(Outcome::abandoned, 0);
    } else {
        drop();
    }
}

void ClientConnection::on_ready(Ready ready) {
    // The failed write has taken the socket's error with it, which would look like a good end.
    if (trouble_) return run_out_of_patience();
    if (connecting_ && (ready.writable || ready.hung_up)) {
        if (const int error = connect_error(descriptor_.number()); error != 0) {
            return finish(outcome_of_connect(error), error);
        }
        connecting_ = false;
        ending_.timing.connected = loop_.clock().tick();
    }
    if (connecting_) return;
    const std::uint64_t exchange = exchange_;
    if (ready.writable && busy_) {
        const bool waited = !outbox_.empty();
        if (outbox_.flush(descriptor_.number())) {
            note_sent();
            if (waited && uploading_ && outbox_.waiting() <= kUnsentBytesHigh / 2 &&
                events_.on_writable) {
                events_.on_writable();
            }
        }
    }
    if (exchange == exchange_ && descriptor_ && (ready.readable || ready.hung_up)) read();
}

void ClientConnection::read() {
    std::array<char, kScratchBytes> scratch;
    const std::uint64_t exchange = exchange_;
    // An exchange that ends in a callback may be followed by the next one at once.
    while (exchange == exchange_ && descriptor_) {
        const Moved moved = receive(descriptor_.number(), scratch);
        if (moved.io == Io::would_block) return;
        if (!busy_) return drop();  // an idle connection has nothing to say but its end
        if (moved.io == Io::failed) return finish(Outcome::reset, moved.error);
        if (moved.io == Io::ended) return peer_ended();
        if (ending_.timing.first_byte == base::Tick{}) {
            ending_.timing.first_byte = loop_.clock().tick();
        }
        if (!take({scratch.data(), moved.bytes})) return;
    }
}

/// False when the exchange is over.
bool ClientConnection::take(std::string_view bytes) {
    Inbox inbox(*this);
    while (!bytes.empty()) {
        const Fed fed = parser_.feed(bytes, inbox);
        bytes.remove_prefix(fed.consumed);
        if (!inbox.current()) return false;
        if (fed.progress == Progress::failed) {
            ending_.fault = parser_.fault();
            finish(Outcome::malformed, 0);
            return false;
        }
        if (fed.progress == Progress::ended || fed.progress == Progress::tunnel) {
            keep_ = keep_ && bytes.empty() && fed.progress == Progress::ended;
            finish(Outcome::answered, 0);
            return false;
        }
    }
    return true;
}

void ClientConnection::peer_ended() {
    Inbox inbox(*this);
    keep_ = false;
    const bool whole = parser_.finish(inbox) == Progress::ended;
    if (!inbox.current()) return;
    if (whole && ending_.status != 0) return finish(Outcome::answered, 0);
    const bool answered_something = ending_.timing.first_byte != base::Tick{};
    finish(answered_something ? Outcome::cut : Outcome::closed_unanswered, 0);
}

void ClientConnection::finish(Outcome outcome, int error) {
    if (!busy_) return;
    busy_ = false;
    patience_.disarm();
    keep_ = keep_ && outcome == Outcome::answered && outbox_.empty() && !uploading_;
    ending_.outcome = outcome;
    ending_.error = error;
    ending_.reusable = keep_;
    ending_.timing.ended = loop_.clock().tick();
    carried_ = true;
    idle_since_ = loop_.now();
    if (!keep_) drop();
    const ExchangeEvents events = std::exchange(events_, {});
    const Ending ending = ending_;
    if (events.on_end) events.on_end(ending);
}

void ClientConnection::drop() {
    loop_.forget(std::exchange(key_, {}));
    descriptor_.reset();
    outbox_.clear();
    connecting_ = false;
}

}  // namespace net
