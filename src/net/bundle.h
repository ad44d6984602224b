#pragma once
// Short sends over many connections, handed to the kernel in one system call (io_uring).
// Belongs to a Loop: see `Loop::gather`.

#include "base/file.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/socket.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace net {

/// Copies what it is given, so its memory is what bounds it. Sends as `net::send` does: what a
/// socket does not take at once is not waited for. One thread at a time.
class Bundle {
public:
    static constexpr std::size_t kPiecesMax = 64;
    /// A longer send is worth a call of its own; its bytes would be copied in vain.
    static constexpr std::size_t kPieceBytesMax = 4096;

    /// A piece, and what became of it.
    struct Sent {
        WatchKey key;
        std::string_view bytes;  ///< Until the next `add`.
        Moved moved;
    };

    /// Tries it out on a socket of its own. `unavailable` where the kernel is older than 5.18, or
    /// where it or a sandbox does not allow io_uring; the diagnostic says what it said. Called on
    /// the thread that sends: the kernel takes a ring down late, and then interrupts whatever call
    /// with a time-out (SO_RCVTIMEO) the thread that opened it is in.
    static base::Result<std::unique_ptr<Bundle>> open();
    ~Bundle();
    Bundle(const Bundle&) = delete;
    Bundle& operator=(const Bundle&) = delete;

    bool empty() const { return pieces_.empty(); }
    bool full() const { return pieces_.size() == kPiecesMax; }
    /// Only while not `full`, and at most `kPieceBytesMax` bytes. `descriptor` stays open until
    /// they are sent.
    void add(WatchKey key, int descriptor, std::span<const iovec> parts);
    /// Sends all of it, in the order in which it came. Valid until the next `add`.
    std::span<const Sent> send();

private:
    struct Ring;
    struct Piece {
        WatchKey key;
        int descriptor;
        std::size_t bytes;
    };

    explicit Bundle(std::unique_ptr<Ring> ring);
    std::string_view bytes_of(std::size_t piece) const;
    void send_together();
    void send_one_by_one(std::size_t from);

    std::unique_ptr<Ring> ring_;
    std::vector<char> memory_;  ///< A place of fixed size for each piece.
    std::vector<Piece> pieces_;
    std::vector<Sent> sent_;
};

}  // namespace net
