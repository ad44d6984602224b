#pragma once
// One stream of a client's HTTP/2 connection, seen from behind as a connection of HTTP/1.1: it is
// read as a request's text and written an answer's text, and so needs no second set of rules.

#include "base/clock.h"
#include "net/channel.h"
#include "net/http1.h"
#include "net/http2/backlog.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net::http2 {

class ServerSession;

/// Shared by the session and by the layer that the request's handler holds; either may go first.
class Stream final : net::ResponseHandler {
public:
    Stream(ServerSession& session, std::int32_t id) : session_(&session), id_(id) {}

    /// What waits to be sent before a writer is told to wait.
    static constexpr std::size_t kOutMax = 16 * 1024;
    /// The same where the connection's streams hold as much as they may together.
    static constexpr std::size_t kOutLeast = 4 * 1024;

    // For the handler, through a StreamLayer.

    Moved receive(std::span<char> into);
    Moved send(std::span<const iovec> parts);
    std::size_t room();
    Ready seen(Ready ready) const;
    void watched(Loop& loop, WatchKey key);
    void end_sending();
    /// The handler is gone: what is not whole is reset.
    void leave();

    // For the session.

    std::int32_t id() const { return id_; }
    /// False when the request must be reset; `fields_max` and `bytes_max` bound its head.
    bool take_field(std::string_view name, std::string_view value);
    enum class Head { good, malformed, unsupported };
    /// All fields are there: makes the request's text. `key` is what a WebSocket handshake needs.
    Head finish_head(bool ended, std::string_view key);
    void take_body(std::string_view bytes);
    void take_end();
    bool alive() const { return !reset_ && session_ != nullptr; }
    bool began() const { return began_; }
    bool request_ended() const { return in_ended_; }
    /// The other side, or the connection, is gone.
    void reset();
    void session_ended() { session_ = nullptr; }
    /// The connection's streams hold less again.
    void crowd_is_over();
    std::size_t held() const { return held_; }
    std::size_t unread() const { return unconsumed_; }

    /// Moves up to `room` bytes of the answer's body out.
    std::size_t take_out(char* into, std::size_t room);
    bool out_over() const { return out_ended_ && out_.empty(); }
    bool out_empty() const { return out_.empty(); }
    std::vector<std::pair<std::string, std::string>>& trailers() { return trailers_; }
    bool refuses_rest() const { return refuses_rest_ && !in_ended_; }
    bool end_sent = false;        ///< The answer's END_STREAM is on its way.
    bool waits_for_body = false;  ///< The session has been told that nothing is there yet.

private:
    void on_head(const net::ResponseHead& head) override;
    void on_body(std::string_view bytes) override;
    void on_trailers(const net::Fields& fields) override;
    void on_end() override;
    bool feed_answer(std::string_view bytes);
    void wake();
    void account();
    std::size_t out_most() const;
    bool take_pseudo(std::string_view name, std::string_view value);
    void put_field(std::string_view name, std::string_view value);

    ServerSession* session_;
    std::int32_t id_;
    Loop* loop_ = nullptr;
    WatchKey key_;

    // The request.
    std::string method_;
    std::string path_;
    std::string authority_;
    std::string protocol_;
    std::string host_;
    std::string cookies_;
    std::string fields_;  ///< Lines of the head, then of the trailers.
    std::size_t field_count_ = 0;
    bool has_length_ = false;
    Incoming in_;
    std::size_t unconsumed_ = 0;  ///< Of the flow-control window.
    bool began_ = false;
    bool in_ended_ = false;
    bool tunnel_ = false;

    // The answer.
    net::ResponseParser parser_;
    Backlog out_;
    std::size_t held_ = 0;  ///< Of `out_`, as the session counts it.
    std::vector<std::pair<std::string, std::string>> trailers_;
    bool answered_ = false;
    bool relays_ = false;  ///< Past a handshake: bytes go as they are.
    bool out_ended_ = false;
    bool writer_waits_ = false;
    bool told_end_ = false;
    bool refuses_rest_ = false;
    bool reset_ = false;
    bool left_ = false;
};

class StreamLayer final : public Layer {
public:
    explicit StreamLayer(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}
    Moved receive(std::span<char> into) override { return stream_->receive(into); }
    Moved send(std::span<const iovec> parts) override { return stream_->send(parts); }
    std::size_t room() override { return stream_->room(); }
    bool has_more() const override { return false; }
    Ready seen(Ready ready) override { return stream_->seen(ready); }
    void watched(Loop& loop, WatchKey key) override { stream_->watched(loop, key); }
    void end_sending() override { stream_->end_sending(); }
    void reset_on_close() override {}
    void close() override { stream_->leave(); }

private:
    std::shared_ptr<Stream> stream_;
};

}  // namespace net::http2
