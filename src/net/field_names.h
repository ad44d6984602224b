#pragma once
// The fields that are recognised, and how: a perfect hash over their names.

#include "net/fields.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace net::names {

// In the order of FieldId.
inline constexpr std::array<std::string_view, 50> kNames = {
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

inline constexpr std::size_t kNameBytesMax = 24;
inline constexpr std::size_t kBuckets = 256;

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
inline constexpr Buckets kBucketed = make_buckets();
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
inline constexpr auto kFolded = make_folded();

/// The only known field that a name of 2 to `kNameBytesMax` bytes can be; to be compared with it.
inline std::uint8_t candidate(std::string_view name) {
    return kBucketed.ids[bucket_of(name, kBucketed.seed)];
}

}  // namespace net::names
