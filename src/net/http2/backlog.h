#pragma once
// Bytes that wait between a stream's two sides.

#include "net/http1_text.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace net::http2 {

/// In order. Memory is held only while some wait, and no more than about what waits.
class Backlog {
public:
    void append(std::string_view bytes) {
        if (at_ >= kTrim) {
            bytes_.erase(0, at_);
            at_ = 0;
        }
        bytes_.append(bytes);
    }
    std::size_t size() const { return bytes_.size() - at_; }
    bool empty() const { return size() == 0; }
    std::size_t take(char* into, std::size_t room) {
        const std::size_t moved = std::min(room, size());
        if (moved > 0) std::memcpy(into, bytes_.data() + at_, moved);
        at_ += moved;
        if (empty()) clear();
        return moved;
    }
    void clear() {
        if (bytes_.capacity() > 0) std::string().swap(bytes_);
        at_ = 0;
    }

private:
    static constexpr std::size_t kTrim = 16 * 1024;

    std::string bytes_;
    std::size_t at_ = 0;
};

/// A message as it is read by who knows HTTP/1.1 alone: the text of its heads, its body, its end.
/// Chunks are made as they are read, so that a body in small pieces takes no more than its bytes.
class Incoming {
public:
    void put_text(std::string_view text) { text_.append(text); }
    /// What follows the text.
    void begin_body(bool chunked) { chunked_ = chunked; }
    void put_body(std::string_view bytes) { body_.append(bytes); }
    /// `trailers`: whole lines.
    void end(std::string_view trailers) {
        if (!chunked_) return;
        end_.append("0\r\n");
        end_.append(trailers);
        end_.append("\r\n");
    }

    std::size_t size() const { return text_.size() + body_.size() + end_.size(); }
    bool empty() const { return size() == 0; }
    /// As much as fits; nothing fits into less than 32 bytes.
    std::size_t take(std::span<char> into) {
        std::size_t moved = text_.take(into.data(), into.size());
        while (text_.empty() && !body_.empty() && into.size() - moved > kAroundChunk) {
            moved += take_body(into.subspan(moved));
        }
        if (text_.empty() && body_.empty()) {
            moved += end_.take(into.data() + moved, into.size() - moved);
        }
        return moved;
    }

private:
    static constexpr std::size_t kAroundChunk = 24;

    std::size_t take_body(std::span<char> into) {
        if (!chunked_) return body_.take(into.data(), into.size());
        const std::size_t bytes = std::min(body_.size(), into.size() - kAroundChunk);
        const ChunkHead head(bytes);
        const std::size_t at = head.text().copy(into.data(), into.size());
        body_.take(into.data() + at, bytes);
        std::memcpy(into.data() + at + bytes, "\r\n", 2);
        return at + bytes + 2;
    }

    Backlog text_;
    Backlog body_;
    Backlog end_;
    bool chunked_ = false;
};

}  // namespace net::http2
