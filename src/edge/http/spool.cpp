#include "edge/http/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace edge {

std::unique_ptr<Spool> Spool::open(Room& room) {
    if (room.folder.empty()) return nullptr;
    base::Fd file(::open(room.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file) return nullptr;
    return std::unique_ptr<Spool>(new Spool(room, std::move(file)));
}

Spool::Spool(Room& room, base::Fd file) : room_(room), file_(std::move(file)) {}

Spool::~Spool() {
    room_.bytes.fetch_sub(taken_, std::memory_order_relaxed);
}

bool Spool::append(std::string_view bytes) {
    taken_ += bytes.size();
    if (room_.bytes.fetch_add(bytes.size(), std::memory_order_relaxed) + bytes.size() >
        room_.bytes_max) {
        return false;
    }
    while (!bytes.empty()) {
        const ssize_t put =
            ::pwrite(file_.number(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
        if (put <= 0) return false;
        size_ += static_cast<std::uint64_t>(put);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

std::string_view Spool::read(std::uint64_t at, std::span<char> into) const {
    const ssize_t got = ::pread(file_.number(), into.data(), into.size(), static_cast<off_t>(at));
    return got > 0 ? std::string_view(into.data(), static_cast<std::size_t>(got))
                   : std::string_view();
}

}  // namespace edge
