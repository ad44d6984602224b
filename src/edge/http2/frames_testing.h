#pragma once
// For tests: HTTP/2 frames, written and read by hand.

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace edge::testing {

/// What has come on one stream.
struct Answered {
    std::map<std::string, std::string> fields;  ///< `:status` among them; trailers too.
    std::string body;
    bool ended = false;
    bool reset = false;
    std::uint32_t error = 0;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

inline std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t id,
                         std::string_view payload) {
    std::string made;
    const auto byte = [&](std::size_t value) { made += static_cast<char>(value & 255); };
    byte(payload.size() >> 16);
    byte(payload.size() >> 8);
    byte(payload.size());
    byte(type);
    byte(flags);
    for (int shift = 24; shift >= 0; shift -= 8) byte(id >> shift);
    return made.append(payload);
}

inline std::string number32(std::uint32_t value) {
    std::string made;
    for (int shift = 24; shift >= 0; shift -= 8) made += static_cast<char>(value >> shift & 255);
    return made;
}

/// HPACK without index and without Huffman: says anything, also what is forbidden.
inline std::string hpack(const Headers& headers) {
    const auto text = [](std::string& out, std::string_view value) {
        if (value.size() < 127) {
            out += static_cast<char>(value.size());
        } else {
            out += '\x7f';
            std::size_t left = value.size() - 127;
            for (; left >= 128; left /= 128) out += static_cast<char>(left % 128 + 128);
            out += static_cast<char>(left);
        }
        out.append(value);
    };
    std::string made;
    for (const auto& [name, value] : headers) {
        made += '\0';
        text(made, name);
        text(made, value);
    }
    return made;
}

inline std::uint32_t number(std::string_view bytes) {
    std::uint32_t made = 0;
    for (const char c : bytes) made = made << 8 | static_cast<unsigned char>(c);
    return made;
}

/// Types and flags.
struct FrameKinds {
    static constexpr std::uint8_t kData = 0, kHeaders = 1, kPriority = 2, kReset = 3, kSettings = 4,
                                  kPush = 5, kPing = 6, kGoaway = 7, kWindow = 8, kContinuation = 9;
    static constexpr std::uint8_t kEndStream = 1, kEndHeaders = 4, kPadded = 8, kPriorityFlag = 32,
                                  kAck = 1;
};

struct Frame : FrameKinds {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint32_t id = 0;
    std::string payload;

    bool ends() const { return (type == kHeaders || type == kData) && (flags & kEndStream) != 0; }
};

/// Takes the first frame off; false where it is not whole yet.
inline bool take_frame(std::string& bytes, Frame& into) {
    if (bytes.size() < 9) return false;
    const std::size_t size = 9 + number(std::string_view(bytes).substr(0, 3));
    if (bytes.size() < size) return false;
    into.type = static_cast<std::uint8_t>(bytes[3]);
    into.flags = static_cast<std::uint8_t>(bytes[4]);
    into.id = number(std::string_view(bytes).substr(5, 4));
    into.payload = bytes.substr(9, size - 9);
    bytes.erase(0, size);
    return true;
}

/// Reads HPACK, with the table that one direction of a connection has.
class FieldReader {
public:
    FieldReader() { nghttp2_hd_inflate_new(&inflater_); }
    ~FieldReader() { nghttp2_hd_inflate_del(inflater_); }
    FieldReader(const FieldReader&) = delete;
    FieldReader& operator=(const FieldReader&) = delete;

    void read(std::string_view block, Answered& into) {
        const auto* at = static_cast<const std::uint8_t*>(static_cast<const void*>(block.data()));
        std::size_t left = block.size();
        while (true) {
            nghttp2_nv field{};
            int flags = 0;
            const auto used = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, at, left, 1);
            if (used < 0) return;
            at += used;
            left -= static_cast<std::size_t>(used);
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
                into.fields[std::string(field.name, field.name + field.namelen)] =
                    std::string(field.value, field.value + field.valuelen);
            }
            if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
        }
        nghttp2_hd_inflate_end_headers(inflater_);
    }

private:
    nghttp2_hd_inflater* inflater_ = nullptr;
};

}  // namespace edge::testing
