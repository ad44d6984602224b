#pragma once
// A connection between two edges of one machine: packets with descriptors beside them, over a UNIX
// socket (SOCK_SEQPACKET, SCM_RIGHTS). Its file is its owner's alone, and so is its other end.

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"
#include "edge/takeover/wire.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace edge::takeover {

class Line {
public:
    explicit Line(base::Fd socket) : socket_(std::move(socket)) {}

    enum class Sent {
        yes,
        full,       ///< The other side has not read yet; nothing was sent.
        broken,     ///< It is gone.
        too_large,  ///< For a packet, now and later.
    };
    /// Never waits. From any thread: a packet is never mixed with another.
    Sent try_send(const Message& message, std::span<const int> descriptors = {}) const;
    /// Waits for room, `patience` at the longest.
    Sent send(const Message& message, std::span<const int> descriptors,
              std::chrono::milliseconds patience) const;
    /// `text` in Parts; the message that says what it was is the caller's to send.
    Sent send_text(std::string_view text, std::chrono::milliseconds patience) const;

    struct Heard {
        enum class What {
            message,
            nothing,   ///< Not in time, or called away.
            over,      ///< The other side is gone, or was told to go.
            nonsense,  ///< Not to be trusted any further.
        };
        What what = What::nothing;
        Message message;
        std::vector<base::Fd> descriptors;  ///< Fewer than were sent where no more may be open.
    };
    /// The next message; `nothing` as soon as `call` is readable, or after `patience`.
    Heard receive(std::chrono::milliseconds patience, int call = -1) const;

    /// The other side finds the line over, and cannot send any more. What it had sent is still to
    /// be received: either side knows what was said.
    void hang_up() const;
    int number() const { return socket_.number(); }
    /// The process at the other end, as a descriptor that is readable once it has ended; none
    /// where it is this one, as in tests.
    base::Fd other_process() const;

private:
    base::Fd socket_;
};

/// Listens at `path`, which is its owner's alone; what was there before is replaced.
base::Result<base::Fd> listen_for_takeover(const std::filesystem::path& path);
/// The next who wants to take over, of the same user as this process; nobody while there is none.
std::optional<Line> accept_line(int listener);
/// `not_found` where nobody listens.
base::Result<Line> open_line(const std::filesystem::path& path);

/// Waits until `descriptor` or `call` is readable; false after `patience`.
bool await_readable(int descriptor, int call, std::chrono::milliseconds patience);

/// A wake-up for a thread that waits in one of the calls above.
class Bell {
public:
    Bell();
    void ring() const;
    void hush() const;
    int number() const { return descriptor_.number(); }

private:
    base::Fd descriptor_;
};

}  // namespace edge::takeover
