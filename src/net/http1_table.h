#pragma once
// The inside of the HTTP/1 parsers: a head under way, and the lines that fill it.

#include "net/http1.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

/// A head under way. Offsets count from its first byte, so its bytes may move.
struct MessageParser::Table {
    std::uint32_t line_at = 0;      ///< Where the present line begins.
    std::uint32_t head_at = 0;      ///< 2 where an empty line came first.
    std::uint32_t first_bytes = 0;  ///< Of the method; in responses, 0.
    std::uint32_t second_at = 0;    ///< The target or the reason.
    std::uint32_t second_bytes = 0;
    std::uint32_t count = 0;
    std::uint32_t name_bytes = 0;
    std::uint32_t colon_at = 0;  ///< Of the present line, once its value is being read.
    std::uint32_t seen_to = 0;   ///< How far that value or target has been found good.
    std::uint64_t present = 0;
    std::uint64_t repeated = 0;
    int status = 0;
    std::uint8_t minor_version = 1;
    bool lines = false;           ///< The start line is done.
    bool is_response = false;     ///< White space before a colon is stripped, not refused.
    bool over = false;            ///< The empty line has been read; `line_at` is behind it.
    FieldSpan spans[kFieldsMax];  ///< Left uninitialised: `count` says how many are there.

    Table() = default;
    Table(const Table& other);
    Table& operator=(const Table&) = delete;

    Fields fields(const char* bytes) const { return {bytes, {spans, count}, present}; }
    bool has(FieldId id) const { return (present >> static_cast<unsigned>(id)) & 1U; }
    bool has_several(FieldId id) const { return (repeated >> static_cast<unsigned>(id)) & 1U; }

    /// Reads the clean lines at `line_at`, which are nearly all: complete, within `line_bytes_max`,
    /// no white space but one space behind the colon. Stops in front of any other; judges nothing.
    void clean_lines(const char* bytes, std::uint32_t end, std::uint32_t line_bytes_max);

    /// Reads the line at `line_at`, which ends before `end`. A fault; or `none`, and `line_at` has
    /// moved if the line was whole.
    Fault field_line(const char* bytes, std::uint32_t end);

private:
    Fault value(const char* bytes, std::uint32_t end);
};

struct MessageParser::Partial {
    explicit Partial(const Table& from) : table(from) {}

    std::string bytes;
    Table table;
};

/// What the fields say about the body, as far as both kinds of message agree.
struct Framed {
    Fault fault = Fault::none;
    Framing framing = Framing::none;
    std::uint64_t content_length = 0;
};
Framed framing_of(const Fields& fields, std::uint64_t repeated, std::uint8_t minor_version);
bool keep_alive_of(const Fields& fields, std::uint8_t minor_version);

/// `HTTP/1.1` and `end_byte` at `at`. Sets `at` behind it; unmoved where bytes are missing.
Fault read_version(const char* bytes, std::uint32_t& at, std::uint32_t end, std::uint8_t& minor);

}  // namespace net
