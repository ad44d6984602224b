#pragma once
// Bytes from one socket to another that nobody looks at: splice(2) moves the kernel's pages by
// way of a pipe, and copies nothing.

#include "base/file.h"
#include "net/socket.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace net {

/// Both ends of a pipe in one hand. One system call each but for `open`; never blocks. Sockets are
/// TCP or UNIX streams. As with sendfile, the thread must ignore or block SIGPIPE.
class Pipe {
public:
    /// At most so many bytes wait in one; fewer where the system's limits are low.
    static constexpr int kRoom = 1024 * 1024;

    /// None where the process may open no more descriptors.
    static std::optional<Pipe> open();

    /// From a socket, at most `longest` bytes; only into an empty pipe, so that `would_block`
    /// speaks of the socket alone.
    Moved fill(int socket, std::uint64_t longest);
    /// To a socket, as much as it takes of what waits.
    Moved drain(int socket);
    std::size_t waiting() const { return waiting_; }

private:
    Pipe(base::Fd out, base::Fd in) : out_(std::move(out)), in_(std::move(in)) {}

    base::Fd out_;
    base::Fd in_;
    std::size_t waiting_ = 0;
};

/// One thread's pipes: a few idle ones, a bounded number in use.
class Pipes {
public:
    static constexpr std::size_t kInUseMax = 512;
    static constexpr std::size_t kIdleMax = 16;

    /// None where too many are in use, or the system gives no more.
    std::optional<Pipe> take();
    /// One that holds bytes is closed.
    void give_back(Pipe pipe);

private:
    std::vector<Pipe> idle_;
    std::size_t in_use_ = 0;
};

}  // namespace net
