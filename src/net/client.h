#pragma once
// HTTP/1.1 and WebSocket client connections on a loop, for load generators and checks: each
// outcome is told apart, each moment is measured when it happens.

#include "base/clock.h"
#include "base/random.h"
#include "net/http1.h"
#include "net/loop.h"
#include "net/outbox.h"
#include "net/socket.h"
#include "net/web_socket.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace net {

/// How an exchange ended, apart as an oracle of lost requests needs them.
enum class Outcome : std::uint8_t {
    answered,  ///< A complete answer, whatever its status.
    refused,   ///< No connection: refused, unreachable, or no such path.
    connect_timeout,
    timeout,            ///< Connected, but no complete answer in time.
    reset,              ///< RST or a failed write within the exchange.
    closed_unanswered,  ///< Ended in order before the first byte of an answer.
    cut,                ///< Ended within the answer.
    malformed,          ///< The answer breaks HTTP: see `fault`.
    abandoned,          ///< By `abandon`.
};
std::string_view name_of(Outcome outcome);

/// From the loop's clock when it happened, not when the batch began. Zero where it never did.
struct Timing {
    base::Tick begun{};       ///< `send` was called.
    base::Tick connected{};   ///< Of this exchange's own connect; zero on a reused connection.
    base::Tick sent{};        ///< The last byte of the request was given to the kernel.
    base::Tick first_byte{};  ///< Of the answer.
    base::Tick ended{};
};

struct Ending {
    Outcome outcome = Outcome::answered;
    Fault fault = Fault::none;
    int error = 0;          ///< The errno, where there was one.
    int status = 0;         ///< Of the final answer's head, also where the rest was cut.
    bool reused = false;    ///< The connection had carried an exchange before.
    bool reusable = false;  ///< And may carry another.
    std::uint64_t body_bytes = 0;
    Timing timing;
};

/// Callbacks of one exchange, each optional.
struct ExchangeEvents {
    std::function<void(const ResponseHead& head)> on_head = {};  ///< Interim answers too.
    std::function<void(std::string_view bytes)> on_body = {};
    /// A streamed upload may write again.
    std::function<void()> on_writable = {};
    /// Exactly once, last. The connection is free for the next exchange if `reusable`.
    std::function<void(const Ending& ending)> on_end = {};
};

/// One connection to one address, carrying one exchange at a time. Connects when first used, and
/// again after its connection ended. Used on the loop's thread only; may be destroyed in any of
/// its own callbacks through `Loop::dispose`.
class ClientConnection : public Watcher {
public:
    ClientConnection(Loop& loop, Address to, Address from = {});
    ~ClientConnection() override;

    /// Sends `head` (a complete request head, as `http1_text.h` writes it) and `body`. Not while
    /// an exchange is open. Fails only by `on_end`.
    void send(Method method, std::string_view head, std::string_view body, ExchangeEvents events,
              std::chrono::nanoseconds patience);
    /// Sends only a head; the body follows by `write` and `end_upload`.
    void send_streamed(Method method, std::string_view head, bool chunked, ExchangeEvents events,
                       std::chrono::nanoseconds patience);
    /// False when more than 256 KB wait: stop until `on_writable`.
    bool write(std::string_view bytes);
    void end_upload();
    /// Closes the connection; an open exchange ends as `abandoned`.
    void abandon();

    bool busy() const { return busy_; }
    bool connected() const { return static_cast<bool>(key_) && !connecting_; }
    /// When the connection last became idle.
    base::Tick idle_since() const { return idle_since_; }

    void on_ready(Ready ready) override;

private:
    struct Inbox;
    struct Trouble {
        Outcome outcome;
        int error;
    };
    void begin(Method method, ExchangeEvents events, std::chrono::nanoseconds patience);
    void connect();
    void fail_soon(Outcome outcome, int error);
    void run_out_of_patience();
    void put(std::string_view head, std::string_view body);
    void note_sent();
    void read();
    bool take(std::string_view bytes);
    void peer_ended();
    void finish(Outcome outcome, int error);
    void drop();

    Loop& loop_;
    Address to_;
    Address from_;
    base::Fd descriptor_;
    WatchKey key_;
    ResponseParser parser_;
    Outbox outbox_;
    Timer patience_;
    ExchangeEvents events_;
    Ending ending_;
    base::Tick idle_since_{};
    std::uint64_t exchange_ = 0;  ///< Counts them, so that a callback's next one is told apart.
    std::optional<Trouble> trouble_;
    bool busy_ = false;
    bool connecting_ = false;
    bool chunked_ = false;
    bool uploading_ = false;
    bool carried_ = false;
    bool keep_ = false;
};

/// How a WebSocket handshake ended.
struct Handshake {
    Outcome outcome = Outcome::answered;
    int status = 0;         ///< 101 when it succeeded.
    bool accepted = false;  ///< 101, and every field of it as RFC 6455 demands.
    int error = 0;
    Timing timing;
    FieldList fields;
    std::string body;                   ///< Of a refusal, its first 4 KB.
    std::shared_ptr<WebSocket> socket;  ///< Where `accepted`; to be listened to in the callback.
};

struct WebSocketCall {
    Address to;
    Address from = {};
    std::string target = "/";
    std::string host;
    FieldList fields = {};  ///< Cookies, Authorization, Origin, Sec-WebSocket-Protocol.
    WebSocketOptions options = {};
    std::chrono::nanoseconds patience = std::chrono::seconds{10};
};

/// Connects and shakes hands; `then` is called exactly once, on the loop.
void open_websocket(Loop& loop, const WebSocketCall& call, base::Random& random,
                    std::function<void(Handshake)> then);

}  // namespace net
