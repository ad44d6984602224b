#include "net/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace net {

namespace {

Moved splice_now(int from, int to, std::size_t bytes) {
    while (true) {
        const ssize_t moved =
            ::splice(from, nullptr, to, nullptr, bytes, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (moved > 0) return {Io::moved, static_cast<std::size_t>(moved), 0};
        if (moved == 0) return {Io::ended, 0, 0};
        if (errno == EAGAIN) return {Io::would_block, 0, 0};
        if (errno != EINTR) return {Io::failed, 0, errno};
    }
}

}  // namespace

std::optional<Pipe> Pipe::open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return {};
    Pipe made{base::Fd{ends[0]}, base::Fd{ends[1]}};
    // Refused where the user's pages for pipes are used up; a smaller one does as well.
    ::fcntl(ends[1], F_SETPIPE_SZ, kRoom);
    return made;
}

Moved Pipe::fill(int socket, std::uint64_t longest) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(longest, kRoom));
    const Moved moved = splice_now(socket, in_.number(), most);
    waiting_ += moved.bytes;
    return moved;
}

Moved Pipe::drain(int socket) {
    const Moved moved = splice_now(out_.number(), socket, waiting_);
    waiting_ -= moved.bytes;
    return moved;
}

std::optional<Pipe> Pipes::take() {
    if (in_use_ == kInUseMax) return {};
    std::optional<Pipe> taken;
    if (idle_.empty()) {
        taken = Pipe::open();
    } else {
        taken = std::move(idle_.back());
        idle_.pop_back();
    }
    if (taken) ++in_use_;
    return taken;
}

void Pipes::give_back(Pipe pipe) {
    --in_use_;
    if (pipe.waiting() == 0 && idle_.size() < kIdleMax) idle_.push_back(std::move(pipe));
}

}  // namespace net
