#pragma once
// The inside of the server: one accepted connection, one exchange at a time on it.

#include "net/http1.h"
#include "net/http1_text.h"
#include "net/loop.h"
#include "net/outbox.h"
#include "net/server.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace net {

class Listening;

/// What all connections of a server share. Lives as long as any of them.
struct Server::State : std::enable_shared_from_this<Server::State> {
    State(Loop& its_loop, ServerOptions its_options, Handler its_handler);

    void add(base::Fd descriptor, const Address& peer);
    void remove(ServerConnection* connection);
    /// Calls `stopped` if nothing is left to wait for.
    void note_rest();
    std::size_t busy() const;

    Loop& loop;
    ServerOptions options;
    Handler handler;
    DateCache date;
    std::vector<std::unique_ptr<Listening>> listeners;
    std::unordered_map<ServerConnection*, std::shared_ptr<ServerConnection>> connections;
    std::vector<std::weak_ptr<WebSocket>> sockets;
    std::vector<char> scratch;
    std::function<void()> stopped;
    std::uint64_t requests_begun = 0;
    bool stopping = false;
};

// idle -byte-> head -empty line-> exchange -answer and body over-> idle
// any -last answer-> flushing -sent-> lingering -peer ended, patience over-> gone
class ServerConnection final : public Watcher,
                               public RequestHandler,
                               public std::enable_shared_from_this<ServerConnection> {
public:
    ServerConnection(Server::State& state, base::Fd descriptor, const Address& peer);
    ~ServerConnection() override;

    void open();
    void on_ready(Ready ready) override;

    void on_head(const RequestHead& head) override;
    void on_body(std::string_view bytes) override;
    void on_end() override;

    /// An exchange, its answer or its bytes are still in hand.
    bool busy() const;
    bool serves(const Exchange* exchange) const {
        return exchange_.get() == exchange && stage_ != Stage::gone;
    }
    void want_body();
    void hold_body(bool hold);
    /// False when the connection is gone.
    bool send(std::string_view head, std::string_view body = {});
    std::size_t unsent() const { return outbox_.waiting(); }
    /// Appends what every head ends with: Server, Date and Connection.
    void append_last_fields(std::string& head);
    void answer_is_over();
    void close_after_answer() { keep_alive_ = false; }
    std::uint8_t minor_version() const { return minor_version_; }
    const ServerOptions& options() const { return state_.options; }
    std::shared_ptr<WebSocket> become_websocket(std::string_view head, WebSocketOptions options);
    /// Serves what is here, then closes if that is nothing.
    void stop();
    void cut();

private:
    enum class Stage : std::uint8_t { open, flushing, lingering, gone };

    void read();
    bool may_read() const;
    void take(std::string_view bytes);
    void begin_exchange();
    void next_exchange();
    void refuse(int status);
    void flush();
    void peer_ended();
    void finish();
    void end();
    void watch_time();
    void out_of_time();
    bool between_requests() const {
        return !exchange_ && parser_.idle() && held_.empty() && outbox_.empty();
    }

    const std::shared_ptr<Server::State> state_alive_;
    Server::State& state_;
    base::Fd descriptor_;
    Address peer_;
    WatchKey key_;
    RequestParser parser_;
    Outbox outbox_;
    Timer patience_;
    ExchangePtr exchange_;
    std::string held_;       ///< Received, to be parsed when the present exchange is over.
    std::string_view rest_;  ///< Behind the head whose handler is being called.
    std::uint64_t unread_body_bytes_ = 0;
    std::uint64_t lingered_bytes_ = 0;
    Stage stage_ = Stage::open;
    std::uint8_t minor_version_ = 1;
    bool keep_alive_ = true;
    bool expects_continue_ = false;
    bool fresh_head_ = false;  ///< A head was read whose handler has not been called.
    bool body_over_ = false;
    bool body_held_ = false;
    bool answered_ = false;
    bool taking_ = false;  ///< `take` is on the stack and goes on by itself.
    bool peer_ended_ = false;
    bool head_begun_ = false;  ///< The patience is for the head under way.
};

}  // namespace net
