#include "net/http1_text.h"

#include "base/clock.h"
#include "net/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace net {

namespace {

constexpr std::pair<int, std::string_view> kReasons[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {103, "Early Hints"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

void append_clean(std::string& out, std::string_view text) {
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        out += (code < 0x20 && byte != '\t') || code == 0x7f ? ' ' : byte;
    }
}

}  // namespace

std::string_view reason_of(int status) {
    const auto* const found =
        std::ranges::lower_bound(kReasons, status, {}, &std::pair<int, std::string_view>::first);
    return found != std::end(kReasons) && found->first == status ? found->second : "";
}

void append_status_line(std::string& out, int status) {
    out += "HTTP/1.1 ";
    out += std::to_string(status);
    out += ' ';
    out += reason_of(status);
    out += "\r\n";
}

void append_request_line(std::string& out, std::string_view method, std::string_view target) {
    out += method;
    out += ' ';
    out += target;
    out += " HTTP/1.1\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    append_clean(out, value);
    out += "\r\n";
}

void append_field(std::string& out, std::string_view name, std::uint64_t value) {
    out += name;
    out += ": ";
    out += std::to_string(value);
    out += "\r\n";
}

void append_fields(std::string& out, const FieldList& fields) {
    for (const auto& [name, value] : fields) append_field(out, name, value);
}

ChunkHead::ChunkHead(std::uint64_t bytes) : from_(sizeof text_ - 2) {
    text_[from_] = '\r';
    text_[from_ + 1] = '\n';
    do {
        text_[--from_] = "0123456789abcdef"[bytes % 16];
        bytes /= 16;
    } while (bytes > 0);
}

void append_chunk(std::string& out, std::string_view bytes) {
    if (bytes.empty()) return;  // an empty chunk would end the body
    out += ChunkHead(bytes.size()).text();
    out += bytes;
    out += "\r\n";
}

namespace {

void append_http_date(std::string& out, base::Instant instant) {
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto since = std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch());
    const std::time_t seconds = since.count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    fmt::format_to(std::back_inserter(out), "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                   kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon], parts.tm_year + 1900,
                   parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

std::string http_date(base::Instant instant) {
    std::string date;
    append_http_date(date, instant);
    return date;
}

std::string_view DateCache::at(base::Tick now) {
    if (text_.empty() || now >= until_) {
        const base::Instant instant = clock_.now();
        const auto second = std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch());
        text_.clear();  // its memory is used again: a second that passes allocates nothing
        append_http_date(text_, instant);
        until_ = now + (second + std::chrono::seconds{1} - instant.time_since_epoch());
    }
    return text_;
}

}  // namespace net
