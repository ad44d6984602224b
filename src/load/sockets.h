#pragma once
// Accounts for every socket's life: opened, moved as planned, dropped, and the gap until its user
// is back and has caught up. Pure.
//
//   away -opened-> catching_up -caught_up-> live -closed-> away

#include "base/clock.h"
#include "load/histogram.h"
#include "load/outcome.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace load {

enum class Resumed : std::uint8_t {
    first,     ///< The user's first connection.
    lossless,  ///< The server knew the old one.
    fresh,     ///< A new connection, to be closed up by a resync.
};

/// Whether a close was the server's plan: 1012 (service restart) and 1001 (going away).
inline bool is_planned(std::uint16_t code) {
    return code == 1012 || code == 1001;
}

class Sockets {
public:
    explicit Sockets(std::uint32_t users) : users_(users) {}

    void opened(std::uint32_t user, Resumed resumed);
    /// Nothing is missing any more: at once after a lossless resume, else after the resync.
    void caught_up(std::uint32_t user, base::Tick at);
    /// By the server or the network. 1006: without a close frame.
    void closed(std::uint32_t user, std::uint16_t code, base::Tick at);
    void closed_by_client(std::uint32_t user);
    void refused() { ++outcome_.refused; }
    void broke_sequence() { ++outcome_.sequence_breaks; }

    std::uint32_t open() const { return open_; }
    /// A gap that is still open at the end counts as long as it was.
    SocketOutcome outcome(base::Tick end) const;

private:
    struct User {
        bool open = false;
        bool planned = false;
        std::optional<base::Tick> closed;  ///< Where a gap began that has not ended.
    };
    void close_gap(User& user, base::Tick at);
    static void widen(SocketOutcome& outcome, Histogram& gaps, const User& user, base::Tick at);

    std::vector<User> users_;
    std::uint32_t open_ = 0;
    SocketOutcome outcome_;
    Histogram gaps_;
};

}  // namespace load
