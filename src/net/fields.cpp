#include "net/fields.h"

#include "net/scan.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace net {

namespace {

// In the order of FieldId.
constexpr std::array<std::string_view, 50> kNames = {
    "",
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Cookie",
    "Date",
    "ETag",
    "Expect",
    "Forwarded",
    "Host",
    "If-Modified-Since",
    "If-None-Match",
    "Keep-Alive",
    "Last-Event-ID",
    "Last-Modified",
    "Location",
    "Max-Forwards",
    "Origin",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Connection",
    "Range",
    "Retry-After",
    "Sec-WebSocket-Accept",
    "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version",
    "Server",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Via",
    "X-Amzn-Trace-Id",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Request-Id",
    "traceparent",
    "tracestate",
};
static_assert(kNames.size() == static_cast<std::size_t>(FieldId::tracestate) + 1);
static_assert(kNames.size() <= 63);

constexpr std::size_t kNameBytesMax = 24;
constexpr std::size_t kBuckets = 256;

constexpr unsigned fold(char byte) {
    return static_cast<unsigned char>(byte) | 0x20U;
}

// First, last and fourth-last letter and length tell all known names apart.
constexpr std::size_t bucket_of(std::string_view name, std::uint32_t seed) {
    const std::uint32_t inner = name.size() > 3 ? fold(name[name.size() - 4]) : 0;
    const std::uint32_t key = fold(name.front()) | fold(name.back()) << 8U | inner << 16U |
                              static_cast<std::uint32_t>(name.size()) << 24U;
    return key * seed >> 24U;
}

struct Buckets {
    std::uint32_t seed = 0;  // 0: no seed tells all names apart
    std::array<std::uint8_t, kBuckets> ids{};
};

constexpr Buckets make_buckets() {
    for (std::uint32_t seed = 0x9e3779b1U, tries = 0; tries < 400; ++tries, seed += 0x61c8864eU) {
        Buckets buckets{.seed = seed};
        bool apart = true;
        for (std::size_t id = 1; id < kNames.size() && apart; ++id) {
            std::uint8_t& taken = buckets.ids[bucket_of(kNames[id], seed)];
            apart = taken == 0;
            taken = static_cast<std::uint8_t>(id);
        }
        if (apart) return buckets;
    }
    return {};
}
constexpr Buckets kBucketed = make_buckets();
static_assert(kBucketed.seed != 0);

// A name in lower case and its length, together in half a cache line.
struct Folded {
    std::array<char, kNameBytesMax> text{};
    std::uint8_t size = 0;
    std::array<char, 7> unused{};
};
constexpr std::array<Folded, kNames.size()> make_folded() {
    std::array<Folded, kNames.size()> folded{};
    for (std::size_t id = 0; id < kNames.size(); ++id) {
        folded[id].size = static_cast<std::uint8_t>(kNames[id].size());
        for (std::size_t i = 0; i < kNames[id].size(); ++i)
            folded[id].text[i] = static_cast<char>(fold(kNames[id][i]));
    }
    return folded;
}
constexpr auto kFolded = make_folded();

template <typename Word>
bool same_word(const char* name, const char* folded, Word fold_mask) {
    Word left = 0;
    Word right = 0;
    std::memcpy(&left, name, sizeof left);
    std::memcpy(&right, folded, sizeof right);
    return (left | fold_mask) == right;
}

// Folding by one bit is exact here: no two characters of tokens that differ in it alone are
// anything but letters, save for a few signs that no known name has.
bool same_folded(const char* name, const char* folded, std::size_t size) {
    if (size >= 8) {
        constexpr std::uint64_t kFold = 0x2020202020202020U;
        for (std::size_t at = 0; at + 8 < size; at += 8)
            if (!same_word(name + at, folded + at, kFold)) return false;
        return same_word(name + size - 8, folded + size - 8, kFold);
    }
    if (size >= 4) {
        constexpr std::uint32_t kFold = 0x20202020U;
        return same_word(name, folded, kFold) &&
               same_word(name + size - 4, folded + size - 4, kFold);
    }
    for (std::size_t at = 0; at < size; ++at)
        if (static_cast<char>(fold(name[at])) != folded[at]) return false;
    return true;
}

}  // namespace

FieldId field_id(std::string_view name) {
    if (name.size() < 2 || name.size() > kNameBytesMax) return FieldId::other;
    const std::uint8_t id = kBucketed.ids[bucket_of(name, kBucketed.seed)];
    const Folded& known = kFolded[id];
    const bool same =
        known.size == name.size() && same_folded(name.data(), known.text.data(), name.size());
    return same ? FieldId{id} : FieldId::other;
}

std::string_view name_of(FieldId id) {
    return kNames[static_cast<std::size_t>(id)];
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool same_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, scan::lower, scan::lower);
}

bool lists_token(std::string_view value, std::string_view token) {
    while (true) {
        const std::size_t comma = value.find(',');
        if (same_ignoring_case(trimmed(value.substr(0, comma)), token)) return true;
        if (comma == std::string_view::npos) return false;
        value.remove_prefix(comma + 1);
    }
}

std::optional<std::string_view> Fields::find(FieldId id) const {
    if (!has(id)) return {};
    for (const FieldSpan& span : spans_)
        if (span.id == id) return std::string_view{bytes_ + span.value_at, span.value_bytes};
    return {};
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
    if (const FieldId id = field_id(name); id != FieldId::other) return find(id);
    for (const Field field : *this)
        if (same_ignoring_case(field.name, name)) return field.value;
    return {};
}

bool Fields::lists(FieldId id, std::string_view token) const {
    if (!has(id)) return false;
    for (const FieldSpan& span : spans_)
        if (span.id == id && lists_token({bytes_ + span.value_at, span.value_bytes}, token))
            return true;
    return false;
}

FieldList::FieldList(const Fields& fields) {
    fields_.reserve(fields.size());
    for (const Field field : fields) add(field.name, field.value);
}

void FieldList::add(std::string_view name, std::string_view value) {
    fields_.emplace_back(name, value);
}

void FieldList::set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
}

void FieldList::remove(std::string_view name) {
    std::erase_if(fields_,
                  [&](const auto& field) { return same_ignoring_case(field.first, name); });
}

std::optional<std::string_view> FieldList::find(std::string_view name) const {
    for (const auto& [each, value] : fields_)
        if (same_ignoring_case(each, name)) return value;
    return {};
}

bool FieldList::lists(std::string_view name, std::string_view token) const {
    return std::ranges::any_of(fields_, [&](const auto& field) {
        return same_ignoring_case(field.first, name) && lists_token(field.second, token);
    });
}

}  // namespace net
