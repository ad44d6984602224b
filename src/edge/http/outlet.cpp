#include "edge/http/outlet.h"

#include <cstring>

namespace edge {

void Gather::add_copy(std::string_view bytes) {
    std::memcpy(copies_.data() + used_, bytes.data(), bytes.size());
    add({copies_.data() + used_, bytes.size()});
    used_ += bytes.size();
}

bool Outlet::send(net::Channel& channel, std::span<const iovec> parts) {
    if (parts.empty()) return true;
    std::size_t skip = 0;
    if (waiting() == 0) {
        const net::Moved moved = channel.send(parts);
        if (moved.io == net::Io::failed) return false;
        if (moved.io == net::Io::moved) skip = moved.bytes;
        sent_ += skip;
    }
    for (const iovec& part : parts) {
        if (skip >= part.iov_len) {
            skip -= part.iov_len;
            continue;
        }
        kept_.append(static_cast<const char*>(part.iov_base) + skip, part.iov_len - skip);
        skip = 0;
    }
    return true;
}

bool Outlet::send(net::Channel& channel, std::string_view bytes) {
    const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    return bytes.empty() || send(channel, std::span<const iovec>(&part, 1));
}

bool Outlet::flush(net::Channel& channel) {
    while (waiting() > 0) {
        const net::Moved moved = channel.send(std::string_view(kept_.data() + at_, waiting()));
        if (moved.io == net::Io::failed) return false;
        if (moved.io != net::Io::moved) return true;
        at_ += moved.bytes;
        sent_ += moved.bytes;
    }
    clear();
    return true;
}

void Outlet::clear() {
    if (kept_.capacity() > 0) std::string().swap(kept_);
    at_ = 0;
}

}  // namespace edge
