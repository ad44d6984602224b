#pragma once
// Text that is put together in one go, again and again, in the same memory.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace edge {

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
        if (!piece.empty()) std::memcpy(memory_.get() + size_, piece.data(), piece.size());
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
    /// Eight hexadecimal digits.
    void put_hex(std::uint32_t number) {
        room(8);
        char* const at = memory_.get() + size_;
        const auto put_byte = [&](unsigned nth, unsigned byte) {
            std::memcpy(at + 2 * nth, &kHexPairs[2 * (byte & 0xffU)], 2);
        };
        put_byte(0, number >> 24U);
        put_byte(1, number >> 16U);
        put_byte(2, number >> 8U);
        put_byte(3, number);
        size_ += 8;
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
    /// The two digits of each byte.
    static constexpr auto kHexPairs = [] {
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::array<char, 512> pairs{};
        for (std::size_t i = 0; i < 256; ++i) {
            pairs[2 * i] = kDigits[i / 16];
            pairs[2 * i + 1] = kDigits[i % 16];
        }
        return pairs;
    }();
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

}  // namespace edge
