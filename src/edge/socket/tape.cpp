#include "edge/socket/tape.h"

#include "net/websocket.h"

#include <utility>

namespace edge {

void Tape::begin(std::uint64_t position) {
    bytes_.clear();
    begins_ = relayed_ = position;
    whole_ = true;
}

void Tape::relayed(std::string_view bytes, std::optional<std::size_t> boundary,
                   std::uint64_t handed) {
    const std::uint64_t from = relayed_;
    relayed_ += bytes.size();
    if (handed >= relayed_ && boundary) {
        // The usual case: all of it is with the kernel, and nothing but the rest is under way.
        std::string().swap(bytes_);
        whole_ = true;
        bytes.remove_prefix(*boundary);
        begins_ = from + *boundary;
    }
    if (bytes.empty() || !whole_) return;
    if (bytes_.size() + bytes.size() > kBytesMax) {
        std::string().swap(bytes_);
        whole_ = false;
        return;
    }
    if (bytes_.empty()) begins_ = relayed_ - bytes.size();
    bytes_.append(bytes);
}

void Tape::trim(std::uint64_t handed) {
    net::FrameWalker walker;
    std::size_t walked = 0;
    std::size_t done = 0;
    while (walked < bytes_.size()) {
        const auto step = walker.walk(std::string_view(bytes_).substr(walked));
        walked += step.walked;
        if (step.stop != net::FrameWalker::Stop::boundary || begins_ + walked > handed) break;
        done = walked;
    }
    bytes_.erase(0, done);
    begins_ += done;
    if (bytes_.empty()) std::string().swap(bytes_);
}

std::string Tape::take() {
    return std::exchange(bytes_, {});
}

}  // namespace edge
