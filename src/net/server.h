#pragma once
// A small HTTP/1.1 and WebSocket server on a loop, for admin APIs and examples. Routing is the
// user's: one function receives each request when its head is there.

#include "base/clock.h"
#include "net/fields.h"
#include "net/http1.h"
#include "net/loop.h"
#include "net/socket.h"
#include "net/web_socket.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace net {

class Listening;
class ServerConnection;

struct ServerOptions {
    std::chrono::milliseconds header_patience{30'000};  ///< From the first byte to the empty line.
    std::chrono::milliseconds idle_patience{75'000};    ///< Between requests.
    std::chrono::milliseconds stall_patience{60'000};   ///< No byte moves while one should.
    std::size_t unsent_bytes_high = 256 * 1024;         ///< Above it `write` asks to wait.
    /// A body nobody asked for is read up to here to keep the connection, else it is closed.
    std::uint64_t unread_body_bytes_max = 256 * 1024;
    std::string server_name;  ///< The Server field; empty for none.
};

/// A request as its handler sees it; owns its text.
struct Request {
    Method method = Method::get;
    std::string method_text;
    std::string target;
    std::string path;   ///< As sent, still encoded: see `path_segments`.
    std::string query;  ///< Without the question mark: see `query_value`.
    FieldList fields;
    Address peer;
    std::uint64_t content_length = 0;
    bool has_body = false;
    bool wants_websocket = false;

    /// Empty where there is none.
    std::string_view field(std::string_view name) const {
        return fields.find(name).value_or(std::string_view{});
    }
};

struct Response {
    int status = 200;
    FieldList fields = {};
    std::string body = {};

    static Response text(int status, std::string body);
    static Response json(int status, std::string body);
};

/// How a streamed body arrives. `on_end` comes once: true for a whole body, false for a
/// connection that ended or stalled within it.
struct BodyEvents {
    std::function<void(std::string_view bytes)> on_bytes = {};
    std::function<void(bool whole)> on_end = {};
};

/// One request and its answer. Held by a shared pointer: may be kept and answered later on the
/// loop's thread; once the connection is gone, answering does nothing.
class Exchange {
public:
    Exchange(Loop& loop, std::weak_ptr<ServerConnection> connection, Request request);

    const Request& request() const { return request_; }
    Loop& loop() { return loop_; }
    /// The connection is still there.
    bool alive() const;

    /// The whole body, when it is there; larger than `bytes_max` is answered with 413 and never
    /// seen; neither is one cut off. An absent body is empty.
    void collect(std::size_t bytes_max, std::function<void(std::string body)> then);
    /// The body as it comes. Asked for while the handler runs, as is `collect`.
    void stream(BodyEvents events);
    /// No more `on_bytes` until `resume`: back-pressure up to the client. Bytes already received
    /// (64 KB at most) may still come in the present call.
    void pause();
    void resume();

    /// Answers whole, once. Date, Content-Length and Connection are added.
    void answer(Response response);
    void answer(int status) { answer(Response{.status = status}); }

    /// Answers in pieces: chunked, or by `content_length` where the head has one.
    void begin(int status, FieldList fields);
    /// False when more than `unsent_bytes_high` waits: stop until `on_drained`.
    bool write(std::string_view bytes);
    void end();
    /// Cuts the connection, so that an unfinished answer is seen as unfinished.
    void abort();
    void on_drained(std::function<void()> callback);
    /// Called once if the connection goes away before the answer is complete.
    void on_gone(std::function<void()> callback);

    /// Answers 101 and takes the connection. Null when the request is no valid handshake, which is
    /// then answered with 400 or 426, or when the connection is gone.
    std::shared_ptr<WebSocket> upgrade(WebSocketOptions options, const FieldList& fields = {});

private:
    friend class ServerConnection;
    enum class Reply : std::uint8_t { none, streaming, done };

    std::shared_ptr<ServerConnection> connection() const;
    void tell_body_over(bool whole);
    void tell_gone();
    void refuse(int status, const FieldList& fields);

    Loop& loop_;
    std::weak_ptr<ServerConnection> connection_;
    Request request_;
    std::shared_ptr<BodyEvents> body_;  ///< Shared, so that a callback may cause its own removal.
    std::string collected_;
    std::function<void()> drained_;
    std::function<void()> gone_;
    std::uint64_t promised_bytes_ = 0;  ///< Of a streamed answer with a length, still to come.
    Reply reply_ = Reply::none;
    bool chunked_ = false;
    bool without_body_ = false;
};
using ExchangePtr = std::shared_ptr<Exchange>;

/// Used on the loop's thread only. Destroying it cuts all connections; WebSockets live on their
/// own.
class Server {
public:
    using Handler = std::function<void(const ExchangePtr&)>;

    Server(Loop& loop, ServerOptions options, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Several addresses may be listened on. Gives the address with its true port.
    base::Result<Address> listen(const Address& address, const ListenOptions& options = {});
    /// Takes a socket that already listens.
    base::Result<Address> listen(base::Fd listener);

    /// Stops accepting, closes idle connections, lets open requests end (`Connection: close`);
    /// `then` is called once, when no request is open. WebSockets are the user's to close.
    void stop_gracefully(std::function<void()> then);

    std::size_t requests_open() const;
    std::size_t connections_open() const;
    std::size_t sockets_open() const;  ///< WebSockets that this server upgraded.
    std::uint64_t requests_begun() const;

private:
    friend class Listening;
    friend class ServerConnection;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace net
