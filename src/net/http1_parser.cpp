#include "net/http1.h"

#include "base/check.h"
#include "net/http1_table.h"
#include "net/scan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace net {

namespace {

// Bytes taken at a time while a head is cut across calls: what follows it is copied in vain.
constexpr std::size_t kAppendBytes = 2048;

// More than any sender needs; a flood of extensions costs the reader, not the sender.
constexpr std::uint32_t kChunkExtensionBytesMax = 16 * 1024;
constexpr std::uint8_t kChunkSizeDigitsMax = 15;

std::uint64_t hex_value(char digit) {
    if (digit <= '9') return static_cast<std::uint64_t>(digit - '0');
    return static_cast<std::uint64_t>(scan::lower(digit) - 'a') + 10;
}

// Reads lines until the empty one, a fault, or the end of what has arrived. Bounds are kept by
// cutting the view at them, so that where the bytes were cut by the network does not matter.
template <typename Start>
Fault read_lines(auto& table, std::string_view bytes, const HeadLimits& limits, Start start_line) {
    const auto head_end =
        static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), limits.head_bytes_max));
    while (!table.over) {
        if (table.lines && table.colon_at == 0) {
            table.clean_lines(bytes.data(), head_end, limits.field_line_bytes_max);
            if (table.over) break;
        }
        const std::uint32_t line_max =
            table.lines ? std::uint32_t{limits.field_line_bytes_max} : limits.start_line_bytes_max;
        const std::uint32_t line_end = table.line_at + line_max + 2;
        const std::uint32_t bound = std::min(line_end, limits.head_bytes_max);
        const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), bound));
        const std::uint32_t before = table.line_at;
        const Fault fault = table.lines ? table.field_line(bytes.data(), end)
                                        : start_line(table, bytes.data(), end);
        if (fault != Fault::none) return fault;
        if (table.line_at != before) continue;
        if (end < bound) return Fault::none;
        if (bound < line_end) return Fault::head_too_long;
        return table.lines ? Fault::field_line_too_long : Fault::start_line_too_long;
    }
    return Fault::none;
}

}  // namespace

MessageParser::MessageParser(const HeadLimits& limits) : limits_(&limits) {}
MessageParser::~MessageParser() = default;
MessageParser::MessageParser(MessageParser&&) noexcept = default;
MessageParser& MessageParser::operator=(MessageParser&&) noexcept = default;

void MessageParser::fail(Fault fault) {
    fault_ = fault;
    stage_ = Stage::failed;
    partial_.reset();
}

template <typename Parser, typename Handler>
std::size_t MessageParser::head(Parser& parser, std::string_view bytes, Handler& handler) {
    if (parser.partial_) return cut_head(parser, bytes, handler);
    Table table;
    table.is_response = std::is_same_v<Parser, ResponseParser>;
    table.lines = parser.stage_ == Stage::trailers;
    const Fault fault = read_lines(table, bytes, *parser.limits_, Parser::start_line);
    if (fault != Fault::none) {
        parser.fail(fault);
        return 0;
    }
    if (!table.over) {
        parser.partial_ = std::make_unique<Partial>(table);
        parser.partial_->bytes = bytes;
        return bytes.size();
    }
    parser.head_over(table, bytes.data(), handler);
    return table.line_at;
}

template <typename Parser, typename Handler>
std::size_t MessageParser::cut_head(Parser& parser, std::string_view bytes, Handler& handler) {
    Partial& partial = *parser.partial_;
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        const std::size_t had = partial.bytes.size();
        const std::string_view more = bytes.substr(taken, kAppendBytes);
        partial.bytes.append(more);
        const Fault fault =
            read_lines(partial.table, partial.bytes, *parser.limits_, Parser::start_line);
        if (fault != Fault::none) {
            parser.fail(fault);
            return taken;
        }
        if (partial.table.over) {
            // Taken out first: the handler may ask whether the parser is idle.
            const std::unique_ptr<Partial> done = std::move(parser.partial_);
            parser.head_over(done->table, done->bytes.data(), handler);
            return taken + done->table.line_at - had;
        }
        taken += more.size();
    }
    return taken;
}

// The line with a chunk's size, byte by byte: it is short, and may be cut anywhere.
std::size_t MessageParser::chunk_line(std::string_view bytes) {
    std::size_t at = 0;
    for (; at < bytes.size(); ++at) {
        const char byte = bytes[at];
        if (stage_ == Stage::chunk_size) {
            if (scan::is(byte, scan::kHex)) {
                if (++size_digits_ > kChunkSizeDigitsMax) break;
                left_ = left_ << 4U | hex_value(byte);
            } else if (size_digits_ > 0 && byte == '\r') {
                stage_ = Stage::chunk_size_lf;
            } else if (size_digits_ > 0 && byte == ';') {
                stage_ = Stage::chunk_extension;
            } else {
                fail(Fault::bad_chunk_size);
                return at;
            }
        } else if (stage_ == Stage::chunk_extension) {
            if (++extension_bytes_ > kChunkExtensionBytesMax) {
                fail(Fault::chunk_extensions_too_long);
                return at;
            }
            if (byte == '\r') {
                stage_ = Stage::chunk_size_lf;
            } else if (!scan::is(byte, scan::kText) && byte != '\t') {
                fail(byte == '\n' ? Fault::bare_lf : Fault::bad_chunk_extension);
                return at;
            }
        } else {
            if (byte != '\n') {
                fail(Fault::bare_cr);
                return at;
            }
            size_digits_ = 0;
            stage_ = left_ == 0 ? Stage::trailers : Stage::chunk_bytes;
            return at + 1;
        }
    }
    if (at < bytes.size()) fail(Fault::chunk_size_overflow);
    return at;
}

template <typename Handler>
std::size_t MessageParser::body(std::string_view bytes, Handler& handler) {
    switch (stage_) {
        case Stage::body:
        case Stage::chunk_bytes: {
            const auto size =
                static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left_));
            left_ -= size;
            if (left_ == 0) stage_ = stage_ == Stage::body ? Stage::end : Stage::chunk_cr;
            handler.on_body(bytes.substr(0, size));
            return size;
        }
        case Stage::until_close:
            handler.on_body(bytes);
            return bytes.size();
        case Stage::chunk_size:
        case Stage::chunk_extension:
        case Stage::chunk_size_lf:
            return chunk_line(bytes);
        case Stage::chunk_cr:
            if (bytes.front() != '\r') {
                fail(Fault::bad_chunk_end);
                return 0;
            }
            stage_ = Stage::chunk_lf;
            return 1;
        case Stage::chunk_lf:
            if (bytes.front() != '\n') {
                fail(Fault::bad_chunk_end);
                return 0;
            }
            stage_ = Stage::chunk_size;
            return 1;
        case Stage::start_line:
        case Stage::trailers:
        case Stage::failed:
        case Stage::end:
        case Stage::tunnel:
            break;
    }
    CHECK(false);
}

template <typename Parser, typename Handler>
Fed MessageParser::run(Parser& parser, std::string_view bytes, Handler& handler) {
    std::size_t at = 0;
    parser.paused_ = false;
    while (true) {
        if (parser.paused_ && parser.stage_ != Stage::failed) return {at, Progress::paused};
        if (parser.stage_ == Stage::end || parser.stage_ == Stage::tunnel) {
            const bool tunnel = std::exchange(parser.stage_, Stage::start_line) == Stage::tunnel;
            parser.extension_bytes_ = 0;
            handler.on_end();
            return {at, tunnel ? Progress::tunnel : Progress::ended};
        }
        if (parser.stage_ == Stage::failed) return {at, Progress::failed};
        if (at == bytes.size()) return {at, Progress::more};
        const std::string_view rest = bytes.substr(at);
        if (parser.stage_ == Stage::start_line || parser.stage_ == Stage::trailers)
            at += head(parser, rest, handler);
        else
            at += parser.body(rest, handler);
    }
}

RequestParser::RequestParser(const HeadLimits& limits) : MessageParser(limits) {}
ResponseParser::ResponseParser(const HeadLimits& limits) : MessageParser(limits) {}

Fed RequestParser::feed(std::string_view bytes, RequestHandler& handler) {
    return run(*this, bytes, handler);
}

Fed ResponseParser::feed(std::string_view bytes, ResponseHandler& handler) {
    return run(*this, bytes, handler);
}

Progress RequestParser::finish() {
    if (stage_ == Stage::failed) return Progress::failed;
    // An empty line after a message is no message.
    const bool nothing = stage_ == Stage::start_line &&
                         (!partial_ || partial_->bytes == "\r\n" || partial_->bytes == "\r");
    if (nothing) return Progress::more;
    fail(Fault::incomplete);
    return Progress::failed;
}

Progress ResponseParser::finish(ResponseHandler& handler) {
    if (stage_ == Stage::failed) return Progress::failed;
    if (stage_ == Stage::until_close || stage_ == Stage::end) {
        stage_ = Stage::start_line;
        handler.on_end();
        return Progress::ended;
    }
    if (idle()) return Progress::more;
    fail(Fault::incomplete);
    return Progress::failed;
}

}  // namespace net
