#include "net/client.h"
#include "net/http1_text.h"

#include <array>
#include <utility>

namespace net {

namespace {

constexpr std::size_t kRefusalBytesMax = 4096;

/// One handshake; keeps itself alive until it has told how it ended.
class Handshaking final : public Watcher,
                          public ResponseHandler,
                          public std::enable_shared_from_this<Handshaking> {
public:
    Handshaking(Loop& loop, const WebSocketCall& call, base::Random& random,
                std::function<void(Handshake)> then)
        : loop_(loop),
          options_(call.options),
          to_(call.to),
          from_(call.from),
          key_text_(handshake_key(random)),
          request_(request_of(call)),
          then_(std::move(then)),
          patience_(loop, [this] { finish(timed_out(), 0); }) {}

    void begin(std::chrono::nanoseconds patience) {
        self_ = shared_from_this();
        handshake_.timing.begun = loop_.clock().tick();
        auto descriptor = connect_to(to_, from_);
        // Told in a later turn, like every other ending.
        patience_.arm_in(descriptor ? patience : std::chrono::nanoseconds{0});
        if (!descriptor) return;
        descriptor_ = std::move(*descriptor);
        watch_ = loop_.watch(descriptor_.number(), *this);
    }

    void on_ready(Ready ready) override {
        const auto alive = self_;
        if (!alive) return;
        if (connecting_) {
            if (!ready.writable && !ready.hung_up) return;
            if (const int error = connect_error(descriptor_.number()); error != 0) {
                return finish(Outcome::refused, error);
            }
            connecting_ = false;
            handshake_.timing.connected = loop_.clock().tick();
            if (!outbox_.send(descriptor_.number(), request_)) return finish(Outcome::reset, 0);
        } else if (ready.writable && !outbox_.flush(descriptor_.number())) {
            return finish(Outcome::reset, 0);
        }
        if (outbox_.empty() && handshake_.timing.sent == base::Tick{}) {
            handshake_.timing.sent = loop_.clock().tick();
        }
        if (ready.readable || ready.hung_up) read();
    }

    void on_head(const ResponseHead& head) override {
        if (head.interim) return;
        handshake_.status = head.status;
        handshake_.fields = FieldList(head.fields);
        const bool agreed = head.fields.lists(FieldId::upgrade, "websocket") &&
                            head.fields.lists(FieldId::connection, "upgrade") &&
                            head.fields.find(FieldId::sec_websocket_accept) ==
                                std::string_view(accept_for(key_text_)) &&
                            !head.fields.has(FieldId::sec_websocket_extensions);
        handshake_.accepted = head.status == 101 && agreed;
    }
    void on_body(std::string_view bytes) override {
        handshake_.body += bytes.substr(0, kRefusalBytesMax - handshake_.body.size());
    }
    void on_end() override {}

private:
    std::string request_of(const WebSocketCall& call) const {
        std::string text;
        append_request_line(text, "GET", call.target);
        append_field(text, "Host", call.host.empty() ? call.to.text() : call.host);
        append_field(text, "Connection", "Upgrade");
        append_field(text, "Upgrade", "websocket");
        append_field(text, "Sec-WebSocket-Version", "13");
        append_field(text, "Sec-WebSocket-Key", key_text_);
        append_fields(text, call.fields);
        append_head_end(text);
        return text;
    }

    Outcome timed_out() const {
        if (!descriptor_) return Outcome::refused;
        return connecting_ ? Outcome::connect_timeout : Outcome::timeout;
    }

    void read() {
        std::array<char, 16 * 1024> scratch;
        while (descriptor_) {
            const Moved moved = receive(descriptor_.number(), scratch);
            if (moved.io == Io::would_block) return;
            if (moved.io == Io::failed) return finish(Outcome::reset, moved.error);
            if (moved.io == Io::ended) {
                const bool whole = parser_.finish(*this) == Progress::ended;
                if (whole && handshake_.status != 0) return finish(Outcome::answered, 0);
                const bool begun = handshake_.timing.first_byte != base::Tick{};
                return finish(begun ? Outcome::cut : Outcome::closed_unanswered, 0);
            }
            if (handshake_.timing.first_byte == base::Tick{}) {
                handshake_.timing.first_byte = loop_.clock().tick();
            }
            if (!take({scratch.data(), moved.bytes})) return;
        }
    }

    bool take(std::string_view bytes) {
        while (!bytes.empty()) {
            const Fed fed = parser_.feed(bytes, *this);
            bytes.remove_prefix(fed.consumed);
            if (fed.progress == Progress::more) continue;
            if (fed.progress == Progress::tunnel && handshake_.accepted) adopt(bytes);
            finish(fed.progress == Progress::failed ? Outcome::malformed : Outcome::answered, 0);
            return false;
        }
        return true;
    }

    void adopt(std::string_view early) {
        loop_.forget(std::exchange(watch_, {}));
        handshake_.socket =
            WebSocket::adopt(loop_, std::move(descriptor_), Side::client, options_, early);
    }

    void finish(Outcome outcome, int error) {
        if (!self_) return;
        patience_.disarm();
        loop_.forget(std::exchange(watch_, {}));
        descriptor_.reset();
        handshake_.outcome = outcome;
        handshake_.error = error;
        handshake_.accepted = handshake_.socket != nullptr;
        handshake_.timing.ended = loop_.clock().tick();
        loop_.defer([self = std::exchange(self_, nullptr)] {});
        const auto then = std::exchange(then_, nullptr);
        then(std::move(handshake_));
    }

    Loop& loop_;
    WebSocketOptions options_;
    Address to_;
    Address from_;
    std::string key_text_;
    std::string request_;
    std::function<void(Handshake)> then_;
    Timer patience_;
    Handshake handshake_;
    ResponseParser parser_;
    Outbox outbox_;
    base::Fd descriptor_;
    WatchKey watch_;
    std::shared_ptr<Handshaking> self_;
    bool connecting_ = true;
};

}  // namespace

void open_websocket(Loop& loop, const WebSocketCall& call, base::Random& random,
                    std::function<void(Handshake)> then) {
    std::make_shared<Handshaking>(loop, call, random, std::move(then))->begin(call.patience);
}

}  // namespace net
