#pragma once
// One line a request, as the Application Load Balancer writes it; ours is appended at the end.

#include "base/clock.h"
#include "base/file.h"
#include "edge/http/desync.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace edge {

/// What became of one request. Views are valid while the line is written.
struct Served {
    std::string_view type = "http";  ///< `https`, `h2`, `grpcs`, `ws`, `wss`
    std::string_view listener;
    std::string_view client;  ///< ip:port
    std::string_view target;  ///< ip:port; empty: none was chosen.
    base::Instant begun;
    base::Instant ended;
    /// Whole head to target chosen and sent; to its answer's head; to the answer's end. Negative
    /// where it was never reached.
    std::chrono::microseconds request_time{-1};
    std::chrono::microseconds target_time{-1};
    std::chrono::microseconds response_time{-1};
    int status = 0;         ///< 0: the client left before an answer (460).
    int target_status = 0;  ///< 0: none.
    std::uint64_t received_bytes = 0;
    std::uint64_t sent_bytes = 0;
    std::string_view method;
    std::string_view url;
    std::string_view user_agent;
    std::string_view group;
    std::string_view trace;
    std::string_view host;
    std::string_view cipher;  ///< Empty: not by TLS.
    std::string_view tls_version;
    std::string_view server_name;  ///< What the client asked for by SNI.
    bool http2 = false;
    std::uint32_t rule_priority = 0;
    std::string_view action;  ///< `forward`, `fixed-response`, `redirect`, `assets`, or empty.
    std::string_view redirect_url;
    std::string_view error_reason;
    std::string_view target_id;
    std::uint32_t attempts = 0;
    Irregularity irregularity = Irregularity::none;
    std::string_view release;  ///< The target's label.
    bool http_1_0 = false;
    std::string_view listener_port;  ///< Where the host named none.
};

/// Appends the line, with its end: ALB's 29 fields, the four that it has added since 2023
/// (connection trace id, transformed host, URI and status, which are `-` here), then ours: target's
/// id, attempts, release, and of a WebSocket its close code and its handoffs (socket_line.h). What
/// a client sent is escaped: no field can end early.
void append_line(std::string& out, const Served& served);
/// Its fields from the listener to the statuses, and from the request to the release.
void append_parties(std::string& out, const Served& served);
void append_request(std::string& out, const Served& served);

/// Lines of one worker on their way to a file; written in batches, lost rather than waited for.
class LogSink {
public:
    /// An empty path writes nothing.
    static base::Result<LogSink> open(const std::string& path);
    LogSink() = default;

    explicit operator bool() const { return static_cast<bool>(file_); }
    std::string& buffer() { return buffer_; }
    void write_if_much() {
        if (buffer_.size() >= kMuch) write();
    }
    void write();
    std::uint64_t lost_lines() const { return lost_; }

private:
    static constexpr std::size_t kMuch = 32 * 1024;
    base::Fd file_;
    std::string buffer_;
    std::uint64_t lost_ = 0;
};

}  // namespace edge
