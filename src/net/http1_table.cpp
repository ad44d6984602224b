#include "net/http1_table.h"

#include "net/field_names.h"
#include "net/scan.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>

namespace net {

namespace {

constexpr std::uint64_t bit(FieldId id) {
    return std::uint64_t{1} << static_cast<unsigned>(id);
}

bool blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/// CRLF; two bytes may be read.
bool ends_line(const char* at) {
    return std::memcmp(at, "\r\n", 2) == 0;
}

Fault length_of(std::string_view text, std::uint64_t& length) {
    constexpr std::size_t kShort = 18;  // no number of so few digits overflows
    if (!text.empty() && text.size() <= kShort) {
        length = 0;
        for (const char byte : text) {
            const auto digit = static_cast<unsigned>(byte - '0');
            if (digit > 9) return Fault::bad_content_length;
            length = length * 10 + digit;
        }
        return Fault::none;
    }
    const char* const end = text.data() + text.size();
    std::int64_t value = -1;  // so that no length overflows where offsets are signed
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || text.front() == '-')
        return Fault::bad_content_length;
    length = static_cast<std::uint64_t>(value);
    return Fault::none;
}

// Only `chunked` alone is understood. What does not end in chunked has no known end; what codes
// before it is well-formed, yet beyond us.
Fault judge_encodings(const Fields& fields) {
    std::string_view last;
    bool chunked_before = false;
    bool several = false;
    for (const Field field : fields) {
        if (field.id != FieldId::transfer_encoding) continue;
        std::string_view value = field.value;
        while (true) {
            const std::size_t comma = value.find(',');
            several = several || !last.empty();
            chunked_before = chunked_before || same_ignoring_case(last, "chunked");
            last = trimmed(value.substr(0, comma));
            if (comma == std::string_view::npos) break;
            value.remove_prefix(comma + 1);
        }
    }
    if (!same_ignoring_case(last, "chunked") || chunked_before) return Fault::bad_transfer_encoding;
    return several ? Fault::unsupported_transfer_encoding : Fault::none;
}

/// What stands in front of the colon of a line.
struct Named {
    const char* colon = nullptr;  ///< Behind the name's last byte; `line` where there is none.
    FieldId id = FieldId::other;
};

constexpr std::ptrdiff_t kQuickBytes = 16;

#ifdef __SSE2__
constexpr bool kLooksQuickly = true;
/// A field that is known, read in one go; nothing where it is another, or longer. That its bytes
/// may stand in a name need not be looked up: folding makes nothing but a letter into a letter,
/// and nothing but a control character, which is looked for, into a sign or digit of a known name.
std::optional<Named> known_name(const char* line) {
    const __m128i bytes = scan::load(line);
    const unsigned colons = scan::bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
    if (colons == 0) return {};
    const auto size = static_cast<unsigned>(__builtin_ctz(colons));
    if (size < 2) return {};
    const std::uint8_t id = names::candidate({line, size});
    const names::Folded& known = names::kFolded[id];
    if (known.size != size) return {};
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i same = _mm_cmpeq_epi8(folded, scan::load(known.text.data()));
    const unsigned good = scan::bits(_mm_andnot_si128(scan::within(bytes, 0, 0x1f), same));
    const unsigned wanted = (1U << size) - 1;
    if ((good & wanted) != wanted) return {};
    return Named{line + size, FieldId{id}};
}
#else
constexpr bool kLooksQuickly = false;
std::optional<Named> known_name(const char*) {
    return {};
}
#endif

/// Bytes from `begin` to `limit` may be read.
Named name_at(const char* begin, const char* line, const char* limit) {
    const bool quick = kLooksQuickly && limit - line >= kQuickBytes;
    if (quick) {
        if (const auto known = known_name(line)) return *known;
    }
    const char* const end = scan::skip_token(begin, line, limit);
    if (quick && end - line < kQuickBytes) return {end};
    return {end, field_id({line, static_cast<std::size_t>(end - line)})};
}

}  // namespace

MessageParser::Table::Table(const Table& other) {
    constexpr std::size_t kHeadBytes = offsetof(Table, spans);
    std::memcpy(static_cast<void*>(this), &other, kHeadBytes);
    std::copy_n(other.spans, other.count, spans);
}

void MessageParser::Table::clean_lines(const char* bytes, std::uint32_t end,
                                       std::uint32_t line_bytes_max) {
    const char* const limit = bytes + end;
    const char* line = bytes + line_at;
    std::uint32_t found = count;
    std::uint64_t seen = present;
    std::uint64_t twice = repeated;
    while (limit - line >= 2) {
        if (line[0] == '\r') {
            if (line[1] != '\n') break;
            over = true;
            line += 2;
            break;
        }
        const auto [colon, id] = name_at(bytes, line, limit);
        if (colon == line || limit - colon < 3 || *colon != ':' || found == kFieldsMax) break;
        const char* const start = colon + 1 + (colon[1] == ' ' ? 1 : 0);
        const char* const stop = scan::skip_text(bytes, start, limit);
        if (limit - stop < 2 || !ends_line(stop)) break;
        if (stop - line > line_bytes_max) break;
        if (stop != start && (*start == ' ' || stop[-1] == ' ')) break;
        spans[found++] = {static_cast<std::uint32_t>(line - bytes),
                          static_cast<std::uint32_t>(start - bytes),
                          static_cast<std::uint16_t>(colon - line),
                          static_cast<std::uint16_t>(stop - start),
                          id,
                          start == colon + 2};
        twice |= seen & bit(id);
        seen |= bit(id);
        line = stop + 2;
    }
    line_at = static_cast<std::uint32_t>(line - bytes);
    count = found;
    present = seen;
    repeated = twice;
}

// Reading goes on where the last call stopped: a client that sends a long value byte by byte must
// not make us read it again and again.
Fault MessageParser::Table::value(const char* bytes, std::uint32_t end) {
    const char* const limit = bytes + end;
    const char* stop = scan::skip_text(bytes, bytes + std::max(seen_to, colon_at + 1), limit);
    while (stop != limit && *stop == '\t') stop = scan::skip_text(bytes, stop + 1, limit);
    seen_to = static_cast<std::uint32_t>(stop - bytes);
    if (stop == limit) return Fault::none;
    if (*stop != '\r') return *stop == '\n' ? Fault::bare_lf : Fault::bad_field_value;
    if (stop + 1 == limit) return Fault::none;
    if (stop[1] != '\n') return Fault::bare_cr;
    if (count == kFieldsMax) return Fault::too_many_fields;
    const char* start = bytes + colon_at + 1;
    while (start != stop && blank(*start)) ++start;
    while (stop != start && blank(stop[-1])) --stop;
    const FieldId id = field_id({bytes + line_at, name_bytes});
    spans[count++] = {line_at,
                      static_cast<std::uint32_t>(start - bytes),
                      static_cast<std::uint16_t>(name_bytes),
                      static_cast<std::uint16_t>(stop - start),
                      id,
                      false};
    repeated |= present & bit(id);
    present |= bit(id);
    line_at = seen_to + 2;
    colon_at = 0;
    return Fault::none;
}

Fault MessageParser::Table::field_line(const char* bytes, std::uint32_t end) {
    const char* const line = bytes + line_at;
    const char* const limit = bytes + end;
    if (line == limit) return Fault::none;
    if (colon_at > 0) return value(bytes, end);
    const char* colon = scan::skip_token(bytes, line, limit);
    name_bytes = static_cast<std::uint32_t>(colon - line);
    if (colon == limit) return Fault::none;
    if (name_bytes == 0) {
        if (*line == '\r') {
            if (line + 1 == limit) return Fault::none;
            if (line[1] != '\n') return Fault::bare_cr;
            line_at += 2;
            over = true;
            return Fault::none;
        }
        if (*line == '\n') return Fault::bare_lf;
        if (blank(*line)) return count == 0 ? Fault::space_before_fields : Fault::obs_fold;
        return Fault::bad_field_name;
    }
    if (blank(*colon)) {
        if (!is_response) return Fault::space_before_colon;
        while (colon != limit && blank(*colon)) ++colon;
        if (colon == limit) return Fault::none;
    }
    if (*colon != ':') return Fault::bad_field_name;
    colon_at = static_cast<std::uint32_t>(colon - bytes);
    return value(bytes, end);
}

Fault read_version(const char* bytes, std::uint32_t& at, std::uint32_t end, std::uint8_t& minor) {
    constexpr std::string_view kVersion = "HTTP/1.1";
    constexpr std::uint32_t kVersionBytes = kVersion.size();
    const std::string_view found{bytes + at, end - at};
    if (found.starts_with(kVersion)) {
        minor = 1;
        at += kVersionBytes;
        return Fault::none;
    }
    const std::size_t arrived = std::min(found.size(), kVersion.size());
    for (std::size_t i = 0; i < arrived; ++i) {
        const bool digit = found[i] >= '0' && found[i] <= '9';
        const bool right = i == 5 || i == 7 ? digit : found[i] == kVersion[i];
        if (!right) return Fault::bad_version;
    }
    if (arrived < kVersion.size()) return Fault::none;
    if (found[5] != '1' || found[7] > '1') return Fault::unsupported_version;
    minor = static_cast<std::uint8_t>(found[7] - '0');
    at += kVersionBytes;
    return Fault::none;
}

Framed framing_of(const Fields& fields, std::uint64_t repeated, std::uint8_t minor_version) {
    Framed framed;
    const bool has_length = fields.has(FieldId::content_length);
    if (fields.has(FieldId::transfer_encoding)) {
        framed.framing = Framing::chunked;
        if (has_length)
            framed.fault = Fault::length_and_encoding;
        else if (minor_version == 0)
            framed.fault = Fault::encoding_in_http_1_0;
        else
            framed.fault = judge_encodings(fields);
    } else if (has_length) {
        framed.framing = Framing::length;
        if ((repeated & bit(FieldId::content_length)) != 0)
            framed.fault = Fault::several_content_lengths;
        else
            framed.fault = length_of(*fields.find(FieldId::content_length), framed.content_length);
    }
    return framed;
}

bool keep_alive_of(const Fields& fields, std::uint8_t minor_version) {
    if (!fields.has(FieldId::connection)) return minor_version == 1;
    if (fields.lists(FieldId::connection, "close")) return false;
    return minor_version == 1 || fields.lists(FieldId::connection, "keep-alive");
}

}  // namespace net
