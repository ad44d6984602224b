#include "edge/files/asset.h"

#include "net/fields.h"
#include "net/http1_text.h"
#include "net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <utility>

namespace edge {

namespace {

constexpr std::size_t kRangesMax = 16;
constexpr std::string_view kBoundary = "crossfade-part-5d1f8a";

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Calls `each` for every element of a comma-separated list until it gives false.
template <typename Each>
bool for_each_element(std::string_view list, Each each) {
    while (true) {
        const std::size_t comma = list.find(',');
        const std::string_view element = trimmed(list.substr(0, comma));
        if (!element.empty() && !each(element)) return false;
        if (comma == std::string_view::npos) return true;
        list.remove_prefix(comma + 1);
    }
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

struct Range {
    std::uint64_t first;
    std::uint64_t last;
};

struct Ranges {
    bool valid = false;
    std::vector<Range> list;
};

Ranges ranges_of(std::string_view field, std::uint64_t bytes) {
    Ranges made;
    constexpr std::string_view kUnit = "bytes=";
    if (field.size() < kUnit.size() ||
        !net::same_ignoring_case(field.substr(0, kUnit.size()), kUnit)) {
        return made;
    }
    std::size_t seen = 0;
    const bool good = for_each_element(field.substr(kUnit.size()), [&](std::string_view element) {
        const std::size_t dash = element.find('-');
        if (++seen > kRangesMax || dash == std::string_view::npos) return false;
        const auto first = number(trimmed(element.substr(0, dash)));
        const auto last = number(trimmed(element.substr(dash + 1)));
        if (dash == 0) {
            if (!last) return false;
            const std::uint64_t tail = std::min(*last, bytes);
            if (tail > 0) made.list.push_back({bytes - tail, bytes - 1});
            return true;
        }
        if (!first || (!last && dash + 1 != element.size()) || (last && *last < *first)) {
            return false;
        }
        if (*first < bytes)
            made.list.push_back({*first, std::min(last.value_or(bytes), bytes - 1)});
        return true;
    });
    made.valid = good && seen > 0;
    return made;
}

std::string_view opaque_part(std::string_view etag) {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

bool not_modified(const FileAsked& asked, const FileAnswer& answer, std::int64_t seconds) {
    if (asked.if_none_match) {
        if (trimmed(*asked.if_none_match) == "*") return true;
        return !for_each_element(*asked.if_none_match, [&](std::string_view etag) {
            return opaque_part(etag) != answer.etag;
        });
    }
    if (!asked.if_modified_since) return false;
    const auto since = seconds_of_http_date(*asked.if_modified_since);
    return since && seconds <= *since;
}

bool range_holds(const FileAsked& asked, const FileAnswer& answer) {
    if (!asked.range) return false;
    if (!asked.if_range) return true;
    const std::string_view condition = trimmed(*asked.if_range);
    return condition == answer.etag || condition == answer.last_modified;
}

void answer_ranges(FileAnswer& answer, const Ranges& ranges, std::uint64_t bytes) {
    answer.status = 206;
    if (ranges.list.size() == 1) {
        const Range& range = ranges.list.front();
        answer.content_range = fmt::format("bytes {}-{}/{}", range.first, range.last, bytes);
        answer.content_length = range.last - range.first + 1;
        answer.parts = {{.text = {}, .offset = range.first, .bytes = answer.content_length}};
        return;
    }
    for (const Range& range : ranges.list) {
        answer.parts.push_back(
            {.text = fmt::format(
                 "\r\n--{}\r\nContent-Type: {}\r\nContent-Range: bytes {}-{}/{}\r\n\r\n", kBoundary,
                 answer.content_type, range.first, range.last, bytes),
             .offset = range.first,
             .bytes = range.last - range.first + 1});
    }
    answer.parts.push_back({.text = fmt::format("\r\n--{}--\r\n", kBoundary)});
    answer.content_type = fmt::format("multipart/byteranges; boundary={}", kBoundary);
    answer.content_length = 0;
    for (const FilePart& part : answer.parts) {
        answer.content_length += part.text.size() + part.bytes;
    }
}

}  // namespace

FileAnswer answer_for(const FileAsked& asked, const FileFacts& facts) {
    const std::int64_t seconds = facts.changed_nanos / 1'000'000'000;
    FileAnswer made;
    made.content_type = content_type_of(facts.name);
    made.content_encoding = facts.encoding;
    made.etag = fmt::format("\"{:x}-{:x}{}{}\"", facts.changed_nanos, facts.bytes,
                            facts.encoding.empty() ? "" : "-", facts.encoding);
    made.last_modified = net::http_date(base::instant_of_micros(seconds * 1'000'000));
    made.cache_control =
        is_hashed_name(facts.name) ? "public, max-age=31536000, immutable" : "no-cache";
    if (not_modified(asked, made, seconds)) {
        made.status = 304;
        return made;
    }
    if (range_holds(asked, made)) {
        const Ranges ranges = ranges_of(*asked.range, facts.bytes);
        std::uint64_t sum = 0;
        for (const Range& range : ranges.list) sum += range.last - range.first + 1;
        if (ranges.valid && ranges.list.empty()) {
            made.status = 416;
            made.content_range = fmt::format("bytes */{}", facts.bytes);
            made.content_encoding.clear();
            return made;
        }
        // Ranges that overlap to more than the file itself are an attack or a mistake.
        if (ranges.valid && sum <= facts.bytes) {
            answer_ranges(made, ranges, facts.bytes);
            return made;
        }
    }
    made.content_length = facts.bytes;
    if (facts.bytes > 0) made.parts = {{.text = {}, .offset = 0, .bytes = facts.bytes}};
    return made;
}

bool is_hashed_name(std::string_view name) {
    constexpr std::size_t kDigestMin = 8;
    name = name.substr(name.find_last_of('/') + 1);
    const std::size_t dot = name.find_last_of('.');
    if (dot == std::string_view::npos) return false;
    std::string_view stem = name.substr(0, dot);
    // Source maps and the like have two endings: app.3f9ac21b.js.map
    const std::size_t inner = stem.find_last_of('.');
    const auto looks_like_digest = [](std::string_view text) {
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        const auto is_letter = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        };
        return text.size() >= kDigestMin && std::any_of(text.begin(), text.end(), is_digit) &&
               std::any_of(text.begin(), text.end(), is_letter) &&
               std::all_of(text.begin(), text.end(),
                           [&](char c) { return is_digit(c) || is_letter(c); });
    };
    const auto last_token = [](std::string_view text) {
        return text.substr(text.find_last_of(".-_") + 1);
    };
    if (stem.find_first_of(".-_") == std::string_view::npos) return false;
    return looks_like_digest(last_token(stem)) ||
           (inner != std::string_view::npos && stem.find_first_of(".-_") < inner &&
            looks_like_digest(last_token(stem.substr(0, inner))));
}

std::string_view content_type_of(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kTypes{{
        {"html", "text/html; charset=utf-8"},
        {"htm", "text/html; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"map", "application/json"},
        {"txt", "text/plain; charset=utf-8"},
        {"xml", "application/xml"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"gif", "image/gif"},
        {"webp", "image/webp"},
        {"avif", "image/avif"},
        {"ico", "image/x-icon"},
        {"woff", "font/woff"},
        {"woff2", "font/woff2"},
        {"ttf", "font/ttf"},
        {"wasm", "application/wasm"},
        {"pdf", "application/pdf"},
        {"mp3", "audio/mpeg"},
        {"mp4", "video/mp4"},
        {"webm", "video/webm"},
        {"webmanifest", "application/manifest+json"},
    }};
    const std::size_t dot = name.find_last_of("./");
    if (dot == std::string_view::npos || name[dot] == '/') return "application/octet-stream";
    const std::string_view ending = name.substr(dot + 1);
    for (const auto& [known, type] : kTypes) {
        if (net::same_ignoring_case(ending, known)) return type;
    }
    return "application/octet-stream";
}

int quality_of(std::string_view accept_encoding, std::string_view coding) {
    int named = -1;
    int any = -1;
    for_each_element(accept_encoding, [&](std::string_view element) {
        const std::size_t semicolon = element.find(';');
        const std::string_view name = trimmed(element.substr(0, semicolon));
        int quality = 1000;
        const std::size_t q = element.find("q=");
        if (semicolon != std::string_view::npos && q != std::string_view::npos) {
            const std::string_view digits = element.substr(q + 2);
            quality = digits.starts_with('1') ? 1000 : 0;
            int place = 100;
            for (std::size_t i = 2; i < digits.size() && i < 5 && !digits.starts_with('1'); ++i) {
                if (digits[i] < '0' || digits[i] > '9') break;
                quality += place * (digits[i] - '0');
                place /= 10;
            }
        }
        if (net::same_ignoring_case(name, coding)) named = quality;
        if (name == "*") any = quality;
        return true;
    });
    return named >= 0 ? named : std::max(any, 0);
}

std::optional<std::int64_t> seconds_of_http_date(std::string_view text) {
    const std::string copy(text);
    std::tm parts{};
    const char* end = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return timegm(&parts);
}

std::optional<std::string> relative_path(const Assets& assets, std::string_view path) {
    if (!path.starts_with(assets.strip_prefix)) return std::nullopt;
    path.remove_prefix(assets.strip_prefix.size());
    const bool folder = path.empty() || path.back() == '/';
    std::string whole(path.starts_with('/') ? "" : "/");
    whole.append(path);
    if (folder) whole += whole.back() == '/' ? "index.html" : "/index.html";
    const auto segments = net::path_segments(whole);
    if (!segments) return std::nullopt;
    std::string made;
    for (const std::string& segment : *segments) {
        if (segment.empty() || segment.find('/') != std::string::npos) return std::nullopt;
        if (segment[0] == '.' && segment != ".well-known") return std::nullopt;
        if (!made.empty()) made += '/';
        made += segment;
    }
    return made;
}

void append_file_head(std::string& out, const FileAnswer& answer, const AnswerForm& form) {
    net::append_status_line(out, answer.status);
    const auto field = [&out](std::string_view name, std::string_view value) {
        if (!value.empty()) net::append_field(out, name, value);
    };
    field("Date", form.date);
    if (answer.status != 304) {
        field("Content-Type", answer.content_type);
        field("Content-Encoding", answer.content_encoding);
        field("Content-Range", answer.content_range);
        net::append_field(out, "Content-Length", answer.content_length);
        if (answer.status < 300) field("Accept-Ranges", "bytes");
    }
    field("ETag", answer.etag);
    field("Last-Modified", answer.last_modified);
    field("Cache-Control", answer.cache_control);
    if (answer.status < 400) field("Vary", "Accept-Encoding");
    if (answer.status < 300) field("X-Content-Type-Options", "nosniff");
    if (!form.keep_alive) out += "Connection: close\r\n";
    net::append_head_end(out);
}

}  // namespace edge
