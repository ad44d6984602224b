#pragma once
// Byte classes of HTTP/1 and the scanners over them: sixteen bytes at a time where there is SSE2.

#include <array>
#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace net::scan {

inline constexpr std::uint8_t kToken = 1;   ///< RFC 9110 §5.6.2
inline constexpr std::uint8_t kText = 2;    ///< What a field value may hold, HTAB apart.
inline constexpr std::uint8_t kTarget = 4;  ///< Visible, no fragment; bytes above ASCII pass.
inline constexpr std::uint8_t kHost = 8;    ///< RFC 3986 host and port.
inline constexpr std::uint8_t kHex = 16;

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> classes{};
    const auto add = [&](const char* letters, std::uint8_t what) {
        for (; *letters != '\0'; ++letters) classes[static_cast<unsigned char>(*letters)] |= what;
    };
    for (unsigned byte = 0x20; byte < 256; ++byte)
        if (byte != 0x7f) classes[byte] |= kText;
    for (unsigned byte = 0x21; byte < 256; ++byte)
        if (byte != 0x7f && byte != '#') classes[byte] |= kTarget;
    const char* const letters_and_digits =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    add(letters_and_digits, kToken | kHost);
    add("!#$%&'*+-.^_`|~", kToken);
    add("-._~%!$&'()*+,;=:[]", kHost);
    add("0123456789abcdefABCDEF", kHex);
    return classes;
}
inline constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

inline bool is(char byte, std::uint8_t what) {
    return (kClasses[static_cast<unsigned char>(byte)] & what) != 0;
}

inline char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

/// The first byte that is not of the class, one at a time.
inline const char* skip(const char* at, const char* end, std::uint8_t what) {
    while (at != end && is(*at, what)) ++at;
    return at;
}

#ifdef __SSE2__
inline __m128i load(const char* at) {
    return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(at)));
}
// Bytes from `low` to `high`, compared without a sign.
inline __m128i within(__m128i bytes, char low, char high) {
    const __m128i moved = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
    const __m128i span = _mm_set1_epi8(static_cast<char>(high - low));
    return _mm_cmpeq_epi8(_mm_min_epu8(moved, span), moved);
}
inline unsigned bits(__m128i mask) {
    return static_cast<unsigned>(_mm_movemask_epi8(mask));
}

// One bit for each of sixteen bytes that is ...

// neither letter nor digit nor hyphen, which nearly all bytes of names are,
inline unsigned unusual_in_names(__m128i bytes) {
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i usual = _mm_or_si128(
        within(folded, 'a', 'z'),
        _mm_or_si128(within(bytes, '0', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'))));
    return bits(usual) ^ 0xffffU;
}
// not `kText`,
inline unsigned controls(__m128i bytes) {
    return bits(_mm_or_si128(within(bytes, 0, 0x1f), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}
// not `kTarget`,
inline unsigned not_in_targets(__m128i bytes) {
    return bits(_mm_or_si128(within(bytes, 0, 0x20),
                             _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)),
                                          _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#')))));
}
// neither letter nor digit, nor one of `-.:`, which nearly all bytes of hosts are.
inline unsigned unusual_in_hosts(__m128i bytes) {
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    // `-` and `.` are neighbours, as are the digits and `:`.
    const __m128i usual = _mm_or_si128(
        within(folded, 'a', 'z'), _mm_or_si128(within(bytes, '0', ':'), within(bytes, '-', '.')));
    return bits(usual) ^ 0xffffU;
}

/// The first byte of the last ones before `end`, fewer than sixteen, that `marked` marks. Reads
/// sixteen bytes, of which the first stand before `at`.
template <typename Marked>
const char* skip_last(const char* at, const char* end, Marked marked) {
    const unsigned found = marked(load(end - 16)) >> (16 - (end - at));
    return found != 0 ? at + __builtin_ctz(found) : end;
}
#endif

// The scanners read from `begin` on, which is `at` or before it, and nothing from `end` on.

/// The first byte that may not stand in a field's name.
inline const char* skip_token(const char* begin, const char* at, const char* end) {
#ifdef __SSE2__
    // The table judges what is unusual.
    if (end - at >= 16) {
        const unsigned others = unusual_in_names(load(at));
        at += others != 0 ? __builtin_ctz(others) : 16;
    } else if (end - begin >= 16) {
        at = skip_last(at, end, unusual_in_names);
    }
#endif
    return skip(at, end, kToken);
}

/// The first control character, HTAB among them.
inline const char* skip_text(const char* begin, const char* at, const char* end) {
#ifdef __SSE2__
    while (end - at >= 16) {
        const unsigned others = controls(load(at));
        if (others != 0) return at + __builtin_ctz(others);
        at += 16;
    }
    if (end - begin >= 16) return skip_last(at, end, controls);
#endif
    return skip(at, end, kText);
}

/// The first byte that may not stand in a request's target.
inline const char* skip_target(const char* begin, const char* at, const char* end) {
#ifdef __SSE2__
    while (end - at >= 16) {
        const unsigned others = not_in_targets(load(at));
        if (others != 0) return at + __builtin_ctz(others);
        at += 16;
    }
    if (end - begin >= 16) return skip_last(at, end, not_in_targets);
#endif
    return skip(at, end, kTarget);
}

/// The first byte that may not stand in a host and port.
inline const char* skip_host(const char* begin, const char* at, const char* end) {
#ifdef __SSE2__
    if (end - at < 16 && end - begin >= 16) at = skip_last(at, end, unusual_in_hosts);
#endif
    return skip(at, end, kHost);
}

}  // namespace net::scan
