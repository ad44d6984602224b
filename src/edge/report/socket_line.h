#pragma once
// A WebSocket's line of the access log: begun with its handshake, written at its end, as the
// Application Load Balancer does. Goes along when another process goes on with the socket.

#include "base/clock.h"
#include "edge/report/access_log.h"

#include <cstdint>
#include <string>

namespace edge {

class SocketLine {
public:
    struct Counts {
        std::uint64_t received_bytes = 0;  ///< From the client, the handshake included; so with
        std::uint64_t sent_bytes = 0;      ///< what was sent to it.
        // Handoffs by outcome, as in crossfade_edge_handoffs_total.
        std::uint32_t swapped = 0;
        std::uint32_t recovered = 0;
        std::uint32_t refused = 0;
        std::uint32_t failed = 0;
        friend bool operator==(const Counts&, const Counts&) = default;
    };

    /// Of the exchange that made it; its end and its bytes count for nothing.
    explicit SocketLine(const Served& handshake);
    /// As `text` of another one gave it.
    explicit SocketLine(std::string text) : text_(std::move(text)) {}

    const std::string& text() const { return text_; }
    /// `close_code`: as in a close frame; 1006 where nobody sent one.
    void append(std::string& out, base::Instant ended, std::uint16_t close_code) const;

    Counts counts;

private:
    std::string text_;  ///< What is known at the beginning, cut by line feeds where the rest goes.
};

}  // namespace edge
