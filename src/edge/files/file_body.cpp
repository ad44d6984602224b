#include "edge/files/file_body.h"

#include <sys/sendfile.h>

#include <algorithm>
#include <cerrno>

namespace edge {

namespace {

constexpr std::uint64_t kBudget = 1024 * 1024;
constexpr std::uint64_t kCallMax = 256 * 1024;

}  // namespace

FileBody::Pumped FileBody::pump(int descriptor, Outlet& outlet) {
    std::uint64_t moved = 0;
    while (part_ < parts_.size()) {
        if (outlet.waiting() > 0) return Pumped::blocked;
        FilePart& part = parts_[part_];
        if (!text_sent_) {
            text_sent_ = true;
            if (!outlet.send(descriptor, part.text)) return Pumped::failed;
            continue;
        }
        if (part.bytes == 0) {
            ++part_;
            text_sent_ = false;
            continue;
        }
        if (moved >= kBudget) return Pumped::budget;
        auto offset = static_cast<off_t>(part.offset);
        const ssize_t put = ::sendfile(descriptor, file_.number(), &offset,
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
