#pragma once
// One request on a target's HTTP/2 connection, seen from in front as a connection of HTTP/1.1: it
// is written a request's text and read an answer's text. The mirror of Stream.

#include "net/channel.h"
#include "net/http1.h"
#include "net/http2/backlog.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net::http2 {

class ClientSession;

/// Shared by the session and by the layer that the asker holds; either may go first.
///
///   waiting -the target's settings came-> open -answer whole-> over
///   waiting -the target takes fewer calls than wait-> displaced
///   waiting, open -reset, or the connection is gone-> lost
class Call final : net::RequestHandler {
public:
    enum class State : std::uint8_t { waiting, open, displaced, lost, over };
    /// Why it was lost.
    enum class Loss : std::uint8_t {
        none,
        connection,   ///< There never was one; see `connect_error`.
        unprocessed,  ///< Provably: refused, or nothing of it was sent (RFC 9113 §8.7).
        reset,        ///< The target, or the connection's end, cut it.
        malformed,    ///< What came is no answer.
    };

    explicit Call(ClientSession& session);

    /// What waits to be sent before a writer is told to wait.
    static constexpr std::size_t kOutMax = 16 * 1024;

    State state() const { return state_; }
    Loss loss() const { return loss_; }
    /// `errno` of the connection that did not come about.
    int connect_error() const { return connect_error_; }

    // For the asker, through a CallLayer.

    Moved receive(std::span<char> into);
    /// Only while `open`.
    Moved send(std::span<const iovec> parts);
    Ready seen(Ready ready) const;
    void watched(Loop& loop, WatchKey key);
    /// Nobody waits for the answer any more: what is not whole is reset.
    void leave();

    // For the session.

    std::int32_t id() const { return id_; }
    void submitted(std::int32_t id) { id_ = id; }
    void move_on(State state);
    void lose(Loss loss, int connect_error = 0);
    bool take_field(std::string_view name, std::string_view value);
    /// False where it is no answer's head.
    bool finish_head(bool ended);
    void take_body(std::string_view bytes);
    void take_end();
    void closed(std::uint32_t error);
    std::size_t take_out(char* into, std::size_t room);
    bool out_over() const { return out_ended_ && out_.empty(); }
    bool out_empty() const { return out_.empty(); }
    const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }
    bool on_wire = false;         ///< Its head has been given to the connection.
    bool waits_for_body = false;  ///< The session has been told that nothing is there yet.
    bool sees_malformed = false;  ///< We are the ones who reset it.

private:
    void on_head(const net::RequestHead& head) override;
    void on_body(std::string_view bytes) override;
    void on_trailers(const net::Fields& fields) override;
    void on_end() override;
    void put_head(bool ended);
    void wake();

    ClientSession* session_;
    std::int32_t id_ = 0;  ///< 0: its head has not been written yet.
    Loop* loop_ = nullptr;
    WatchKey key_;
    State state_ = State::waiting;
    Loss loss_ = Loss::none;
    int connect_error_ = 0;

    // The request.
    net::RequestParser parser_;
    Backlog out_;
    std::vector<std::pair<std::string, std::string>> trailers_;
    bool out_ended_ = false;
    bool writer_waits_ = false;
    bool head_only_ = false;
    bool left_ = false;

    // The answer.
    int status_ = 0;      ///< Of the head that is coming.
    std::string fields_;  ///< Lines of a head, then of the trailers.
    std::string length_;
    std::size_t field_count_ = 0;
    Incoming in_;
    std::size_t unconsumed_ = 0;  ///< Of the flow-control window.
    bool grpc_ = false;
    bool answered_ = false;
    bool in_ended_ = false;
};

class CallLayer final : public Layer {
public:
    explicit CallLayer(std::shared_ptr<Call> call) : call_(std::move(call)) {}
    Moved receive(std::span<char> into) override { return call_->receive(into); }
    Moved send(std::span<const iovec> parts) override { return call_->send(parts); }
    bool has_more() const override { return false; }
    Ready seen(Ready ready) override { return call_->seen(ready); }
    void watched(Loop& loop, WatchKey key) override { call_->watched(loop, key); }
    void end_sending() override {}
    void reset_on_close() override {}
    void close() override { call_->leave(); }

private:
    std::shared_ptr<Call> call_;
};

}  // namespace net::http2
