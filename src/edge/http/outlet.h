#pragma once
// Bytes on their way to one connection: gathered while a buffer is parsed, sent in one call, copied
// only where the kernel does not take them.

#include "net/channel.h"

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace edge {

/// Pieces to be sent together. Holds views: what it was given must last until it is sent.
class Gather {
public:
    void add(std::string_view bytes) {
        if (bytes.empty()) return;
        parts_[count_++] = {const_cast<char*>(bytes.data()), bytes.size()};
        bytes_ += bytes.size();
    }
    /// The first piece, whose memory has moved.
    void move_front(const char* bytes) { parts_[0].iov_base = const_cast<char*>(bytes); }
    /// For short text that does not last; at most `kCopyMax` bytes.
    void add_copy(std::string_view bytes);

    /// Room for one more chunk: its head, its bytes, its end.
    bool has_room() const {
        return count_ + 4 <= parts_.size() && used_ + kCopyMax <= copies_.size();
    }
    std::size_t bytes() const { return bytes_; }
    std::span<const iovec> parts() const { return {parts_.data(), count_}; }
    void clear() { count_ = used_ = bytes_ = 0; }

    static constexpr std::size_t kCopyMax = 24;

private:
    // Left uninitialised: a gather stands on the stack of each read.
    std::array<iovec, 64> parts_;
    std::array<char, 64 * kCopyMax> copies_;
    std::size_t count_ = 0;
    std::size_t used_ = 0;
    std::size_t bytes_ = 0;
};

/// Memory is held only while bytes wait.
class Outlet {
public:
    /// Sends what it can and keeps the rest; false when the connection is gone.
    bool send(net::Channel& channel, std::span<const iovec> parts);
    bool send(net::Channel& channel, std::string_view bytes);
    /// The connection is writable again.
    bool flush(net::Channel& channel);
    /// What was counted as sent and was not after all; only where nothing waits.
    void put_back(std::string_view bytes) {
        sent_ -= bytes.size();
        kept_.assign(bytes);
    }
    /// Keeps without sending.
    void keep(std::string_view bytes) { kept_.append(bytes); }

    std::size_t waiting() const { return kept_.size() - at_; }
    /// Handed to the kernel so far.
    std::uint64_t sent() const { return sent_; }
    /// Bytes that went another way, as a file's do.
    void count_sent(std::uint64_t bytes) { sent_ += bytes; }
    void clear();

private:
    std::string kept_;
    std::size_t at_ = 0;
    std::uint64_t sent_ = 0;
};

}  // namespace edge
