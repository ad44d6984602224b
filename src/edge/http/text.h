#pragma once
// Text that is put together in one go, again and again, in the same memory.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace edge {

/// Copies a piece of a head: most are shorter than a call of memcpy is worth.
inline void copy_piece(char* to, const char* from, std::size_t bytes) {
    const auto both_ends = [&]<typename Word>(Word) {
        Word first;
        Word last;
        std::memcpy(&first, from, sizeof first);
        std::memcpy(&last, from + bytes - sizeof last, sizeof last);
        std::memcpy(to, &first, sizeof first);
        std::memcpy(to + bytes - sizeof last, &last, sizeof last);
    };
    if (__builtin_constant_p(bytes) || bytes > 16) {
        std::memcpy(to, from, bytes);
    } else if (bytes >= 8) {
        both_ends(std::uint64_t{});
    } else if (bytes >= 4) {
        both_ends(std::uint32_t{});
    } else if (bytes > 0) {
        both_ends(std::uint8_t{});
        to[bytes / 2] = from[bytes / 2];
    }
}

/// Part of a text, as places that hold while the text's memory moves.
struct Place {
    std::uint32_t at = 0;
    std::uint32_t bytes = 0;
};

/// Grows, never shrinks but by `release`, and is never filled with zeros. Heads are made of many
/// short pieces: where their sizes are known to the compiler, a piece costs a few moves.
class Text {
public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const char* bytes() const { return memory_.get(); }
    std::string_view view() const { return {memory_.get(), size_}; }
    std::string_view at(Place place) const { return {memory_.get() + place.at, place.bytes}; }
    /// Where what is put next will stand.
    std::uint32_t here() const { return static_cast<std::uint32_t>(size_); }
    Place since(std::uint32_t from) const { return {from, here() - from}; }

    /// To change what was put, byte for byte.
    char* bytes() { return memory_.get(); }

    void clear() { size_ = 0; }
    std::size_t capacity() const { return capacity_; }
    /// Gives its memory back.
    void release() {
        memory_.reset();
        size_ = capacity_ = 0;
    }

    void put(std::string_view piece) {
        room(piece.size());
        if (!piece.empty()) copy_piece(memory_.get() + size_, piece.data(), piece.size());
        size_ += piece.size();
    }
    void put(char letter) {
        room(1);
        memory_[size_++] = letter;
    }
    /// Puts it and says where it stands.
    Place placed(std::string_view piece) {
        const std::uint32_t from = here();
        put(piece);
        return since(from);
    }
    /// In decimal.
    void put_number(std::uint64_t number) {
        room(kDigitsMax);
        char* const from = memory_.get() + size_;
        size_ +=
            static_cast<std::size_t>(std::to_chars(from, from + kDigitsMax, number).ptr - from);
    }
    /// `Name: value` and the line's end.
    void put_line(std::string_view name, std::string_view value) {
        room(name.size() + value.size() + 4);
        put(name);
        put(": ");
        put(value);
        put("\r\n");
    }

private:
    friend class Pen;

    static constexpr std::size_t kDigitsMax = 20;
    static constexpr std::size_t kFirst = 512;

    void room(std::size_t bytes) {
        if (capacity_ - size_ < bytes) [[unlikely]]
            grow(bytes);
    }
    void grow(std::size_t bytes);

    std::unique_ptr<char[]> memory_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Puts pieces one behind the other where room for all of them was made at once. Nothing else may
/// change the text meanwhile.
class Pen {
public:
    /// At most `most` bytes will be put.
    Pen(Text& text, std::size_t most) : text_(text) {
        text.room(most);
        at_ = text.memory_.get() + text.size_;
    }
    ~Pen() { text_.size_ = static_cast<std::size_t>(at_ - text_.memory_.get()); }
    Pen(const Pen&) = delete;
    Pen& operator=(const Pen&) = delete;

    std::uint32_t here() const { return static_cast<std::uint32_t>(at_ - text_.memory_.get()); }
    Place since(std::uint32_t from) const { return {from, here() - from}; }

    void put(std::string_view piece) {
        copy_piece(at_, piece.data(), piece.size());
        at_ += piece.size();
    }
    void put(char letter) { *at_++ = letter; }
    /// Sixteen hexadecimal digits.
    void put_hex(std::uint64_t number) {
        write_hex(at_, number);
        at_ += 16;
    }
    /// Eight.
    void put_hex(std::uint32_t number) {
        std::array<char, 16> digits;
        write_hex(digits.data(), number);
        std::memcpy(at_, digits.data() + 8, 8);
        at_ += 8;
    }

private:
    static void write_hex(char* to, std::uint64_t number) {
#ifdef __SSE2__
        const std::uint64_t ordered = __builtin_bswap64(number);
        const __m128i bytes = _mm_cvtsi64_si128(static_cast<long long>(ordered));
        const __m128i nibble = _mm_set1_epi8(0x0f);
        const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
        const __m128i digits = _mm_unpacklo_epi8(high, _mm_and_si128(bytes, nibble));
        const __m128i letters = _mm_cmpgt_epi8(digits, _mm_set1_epi8(9));
        const __m128i text = _mm_add_epi8(_mm_add_epi8(digits, _mm_set1_epi8('0')),
                                          _mm_and_si128(letters, _mm_set1_epi8('a' - '0' - 10)));
        _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(to)), text);
#else
        for (int nth = 15; nth >= 0; --nth, number >>= 4U)
            to[nth] = "0123456789abcdef"[number & 0xfU];
#endif
    }

    Text& text_;
    char* at_;
};

}  // namespace edge
