#pragma once
// HTTP/1.1 as text to send: heads, chunks, dates. Appends to buffers that callers reuse.

#include "base/clock.h"
#include "net/fields.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace net {

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// `OK`, `Not Found`; empty for an unregistered status.
std::string_view reason_of(int status);

void append_status_line(std::string& out, int status);
void append_request_line(std::string& out, std::string_view method, std::string_view target);
/// Control characters in the value become spaces: no caller's text can end the line.
void append_field(std::string& out, std::string_view name, std::string_view value);
void append_field(std::string& out, std::string_view name, std::uint64_t value);
void append_fields(std::string& out, const FieldList& fields);
inline void append_head_end(std::string& out) {
    out += "\r\n";
}

/// The line in front of a chunk: hexadecimal size and CRLF. Behind it: CRLF.
class ChunkHead {
public:
    explicit ChunkHead(std::uint64_t bytes);
    std::string_view text() const { return {text_.data() + from_, text_.size() - from_}; }

private:
    std::array<char, 18> text_;
    std::size_t from_;
};
void append_chunk(std::string& out, std::string_view bytes);

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
std::string http_date(base::Instant instant);

/// The Date field's value, made anew once a second of the loop's time.
class DateCache {
public:
    explicit DateCache(base::Clock& clock) : clock_(clock) {}
    /// Valid until the next call.
    std::string_view at(base::Tick now);

private:
    base::Clock& clock_;
    base::Tick until_{};
    std::string text_;
};

}  // namespace net
