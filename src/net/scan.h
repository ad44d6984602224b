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
#endif

/// The first byte that may not stand in a field's name.
inline const char* skip_token(const char* at, const char* end) {
#ifdef __SSE2__
    // Letters, digits and the hyphen, which is nearly every name; the table judges the rest.
    if (end - at >= 16) {
        const __m128i bytes = load(at);
        const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i usual = _mm_or_si128(
            within(folded, 'a', 'z'),
            _mm_or_si128(within(bytes, '0', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'))));
        const unsigned others = bits(usual) ^ 0xffffU;
        at += others != 0 ? __builtin_ctz(others) : 16;
    }
#endif
    return skip(at, end, kToken);
}

/// The first control character, HTAB among them.
inline const char* skip_text(const char* at, const char* end) {
#ifdef __SSE2__
    while (end - at >= 16) {
        const __m128i bytes = load(at);
        const unsigned controls =
            bits(_mm_or_si128(within(bytes, 0, 0x1f), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
        if (controls != 0) return at + __builtin_ctz(controls);
        at += 16;
    }
#endif
    return skip(at, end, kText);
}

/// The first byte that may not stand in a request's target.
inline const char* skip_target(const char* at, const char* end) {
#ifdef __SSE2__
    while (end - at >= 16) {
        const __m128i bytes = load(at);
        const unsigned others = bits(_mm_or_si128(
            within(bytes, 0, 0x20), _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)),
                                                 _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#')))));
        if (others != 0) return at + __builtin_ctz(others);
        at += 16;
    }
#endif
    return skip(at, end, kTarget);
}

}  // namespace net::scan
