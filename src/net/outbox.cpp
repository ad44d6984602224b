#include "net/outbox.h"

#include <algorithm>
#include <array>

namespace net {

namespace {

/// What is kept beyond this is given back once everything was sent.
constexpr std::size_t kKeptBytesIdle = 4096;

std::string_view behind(std::string_view text, std::size_t sent) {
    return sent >= text.size() ? std::string_view{} : text.substr(sent);
}

}  // namespace

bool Outbox::send(int descriptor, std::string_view head, std::string_view body) {
    if (!empty()) {
        kept_.append(head).append(body);
        return flush(descriptor);
    }
    while (!head.empty() || !body.empty()) {
        // iovec has no const; sending reads only.
        const std::array<iovec, 2> parts{{{const_cast<char*>(head.data()), head.size()},
                                          {const_cast<char*>(body.data()), body.size()}}};
        const Moved moved = body.empty() ? net::send(descriptor, head)
                                         : net::send(descriptor, std::span<const iovec>(parts));
        if (moved.io == Io::would_block) {
            kept_.append(head).append(body);
            return true;
        }
        if (moved.io != Io::moved) {
            error_ = moved.error;
            return false;
        }
        const std::size_t of_head = std::min(moved.bytes, head.size());
        head = behind(head, of_head);
        body = behind(body, moved.bytes - of_head);
    }
    return true;
}

bool Outbox::flush(int descriptor) {
    while (!empty()) {
        const Moved moved = net::send(descriptor, behind(kept_, sent_));
        if (moved.io == Io::would_block) {
            // Moving what is left to the front now and then keeps the cost of it linear.
            if (sent_ > kept_.size() / 2) {
                kept_.erase(0, sent_);
                sent_ = 0;
            }
            return true;
        }
        if (moved.io != Io::moved) {
            error_ = moved.error;
            return false;
        }
        sent_ += moved.bytes;
    }
    clear();
    return true;
}

void Outbox::clear() {
    sent_ = 0;
    kept_.clear();
    if (kept_.capacity() > kKeptBytesIdle) kept_.shrink_to_fit();
}

}  // namespace net
