#include "edge/files/file_body.h"

#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace edge {

namespace {

constexpr std::uint64_t kBudget = 1024 * 1024;
constexpr std::uint64_t kCallMax = 256 * 1024;
constexpr std::size_t kPassMax = 16 * 1024;  // a record of TLS

}  // namespace

ssize_t FileBody::pass(net::Channel& channel, Outlet& outlet, FilePart& part) {
    std::array<char, kPassMax> bytes;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(part.bytes, kPassMax));
    const ssize_t got =
        ::pread(file_->descriptor.number(), bytes.data(), wanted, static_cast<off_t>(part.offset));
    if (got < 0 && errno == EINTR) return pass(channel, outlet, part);
    if (got <= 0) return -1;
    part.offset += static_cast<std::uint64_t>(got);
    part.bytes -= static_cast<std::uint64_t>(got);
    const std::string_view piece(bytes.data(), static_cast<std::size_t>(got));
    return outlet.send(channel, piece) ? got : -1;
}

FileBody::Pumped FileBody::pump(net::Channel& channel, Outlet& outlet) {
    std::uint64_t moved = 0;
    while (part_ < parts_.size()) {
        if (outlet.waiting() > 0) return Pumped::blocked;
        FilePart& part = parts_[part_];
        if (!text_sent_) {
            text_sent_ = true;
            if (!outlet.send(channel, part.text)) return Pumped::failed;
            continue;
        }
        if (part.bytes == 0) {
            ++part_;
            text_sent_ = false;
            continue;
        }
        if (moved >= kBudget) return Pumped::budget;
        if (!channel.plain()) {
            if (channel.room() == 0) return Pumped::blocked;
            const ssize_t passed = pass(channel, outlet, part);
            if (passed <= 0) return Pumped::failed;
            moved += static_cast<std::uint64_t>(passed);
            continue;
        }
        auto offset = static_cast<off_t>(part.offset);
        const ssize_t put = ::sendfile(channel.number(), file_->descriptor.number(), &offset,
                                       static_cast<std::size_t>(std::min(part.bytes, kCallMax)));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Pumped::blocked;
        if (put <= 0) return Pumped::failed;
        const auto count = static_cast<std::uint64_t>(put);
        part.offset += count;
        part.bytes -= count;
        moved += count;
        outlet.count_sent(count);
    }
    return Pumped::all;
}

}  // namespace edge
