#pragma once
// The keys that seal session tickets (RFC 5077 §4, RFC 8446 §4.6.1), for all workers of a process:
// a session begun with one worker is resumed by any other.

#include "base/clock.h"

#include <array>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <span>

namespace net::tls {

struct TicketKey {
    std::array<unsigned char, 16> name{};
    std::array<unsigned char, 32> cipher{};  ///< AES-256-CBC
    std::array<unsigned char, 32> mac{};     ///< HMAC-SHA-256
    base::Tick begun{};
};

/// Made of the system's randomness, never stored: when one is dropped, what it sealed is closed for
/// good. Safe from any thread; asked once a handshake.
class TicketKeys {
public:
    /// A key seals for one hour and opens for two more.
    static constexpr std::chrono::hours kSeals{1};
    static constexpr std::size_t kKept = 3;

    explicit TicketKeys(base::Clock& clock);

    TicketKey sealing();
    struct Found {
        TicketKey key;
        bool old = false;  ///< The session should get a ticket of the present key.
    };
    std::optional<Found> opening(std::span<const unsigned char, 16> name);

private:
    void rotate(base::Tick now);

    base::Clock& clock_;
    std::mutex mutex_;
    std::deque<TicketKey> keys_;  ///< The newest first.
};

}  // namespace net::tls
