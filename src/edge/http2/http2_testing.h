#pragma once
// For tests: a client that speaks HTTP/2 by frames that the test writes, right or wrong.

#include "edge/testing.h"
#include "net/tls/testing.h"

#include <nghttp2/nghttp2.h>

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

inline Headers request(std::string_view method, std::string_view path, Headers more = {}) {
    Headers made{{":method", std::string(method)},
                 {":scheme", "https"},
                 {":path", std::string(path)},
                 {":authority", "app.test"}};
    made.insert(made.end(), more.begin(), more.end());
    return made;
}

class FrameClient {
public:
    static constexpr std::uint8_t kData = 0, kHeaders = 1, kPriority = 2, kReset = 3, kSettings = 4,
                                  kPing = 6, kGoaway = 7, kWindow = 8, kContinuation = 9;
    static constexpr std::uint8_t kEndStream = 1, kEndHeaders = 4, kAck = 1;

    explicit FrameClient(const std::string& address, std::string_view first_settings = {})
        : wire_(address), tls_(wire_.descriptor(), {.alpn = "\x02h2\x08http/1.1"}) {
        nghttp2_hd_inflate_new(&inflater_);
        send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(frame(kSettings, 0, 0, first_settings));
    }
    ~FrameClient() { nghttp2_hd_inflate_del(inflater_); }
    FrameClient(const FrameClient&) = delete;
    FrameClient& operator=(const FrameClient&) = delete;

    std::string alpn() const { return tls_.alpn(); }
    bool send(std::string_view bytes) { return tls_.send(bytes); }
    void begin(std::uint32_t id, const Headers& headers, bool ends = true) {
        send(frame(kHeaders, static_cast<std::uint8_t>(kEndHeaders | (ends ? kEndStream : 0)), id,
                   hpack(headers)));
    }
    Answered& get(std::uint32_t id, std::string_view path) {
        begin(id, request("GET", path));
        return await(id);
    }
    /// Reads until the stream is over, or the connection.
    Answered& await(std::uint32_t id) {
        while (!streams[id].ended && !streams[id].reset && step()) {
        }
        return streams[id];
    }
    /// The error of the GOAWAY that ends the connection; ~0 where none came.
    std::uint32_t await_goaway() {
        while (!gone_away && step()) {
        }
        return gone_away ? goaway_error : ~0U;
    }
    /// Takes one frame; false at the end.
    bool step() {
        while (ahead_.size() < 9 || ahead_.size() < 9 + size_of_next()) {
            const std::string more = tls_.read();
            if (more.empty()) return false;
            ahead_ += more;
        }
        const std::size_t size = size_of_next();
        const std::string taken = ahead_.substr(0, 9 + size);
        ahead_.erase(0, 9 + size);
        take(taken);
        return true;
    }

    std::map<std::uint32_t, Answered> streams;
    std::map<std::uint16_t, std::uint32_t> settings;
    bool opens_windows = true;
    bool gone_away = false;
    std::uint32_t goaway_error = 0;

private:
    static std::uint32_t number(std::string_view bytes) {
        std::uint32_t made = 0;
        for (const char c : bytes) made = made << 8 | static_cast<unsigned char>(c);
        return made;
    }
    std::size_t size_of_next() const { return number(std::string_view(ahead_).substr(0, 3)); }

    void take(std::string_view taken) {
        const auto type = static_cast<std::uint8_t>(taken[3]);
        const auto flags = static_cast<std::uint8_t>(taken[4]);
        const std::uint32_t id = number(taken.substr(5, 4));
        const std::string_view payload = taken.substr(9);
        if (type == kHeaders) inflate(streams[id], payload);
        if (type == kData) {
            streams[id].body.append(payload);
            if (opens_windows && !payload.empty()) {
                const auto size = static_cast<std::uint32_t>(payload.size());
                send(frame(kWindow, 0, 0, number32(size)));
                if ((flags & kEndStream) == 0) send(frame(kWindow, 0, id, number32(size)));
            }
        }
        if ((type == kHeaders || type == kData) && (flags & kEndStream) != 0) {
            streams[id].ended = true;
        }
        if (type == kReset) {
            streams[id].reset = true;
            streams[id].error = number(payload);
        }
        if (type == kGoaway) {
            gone_away = true;
            goaway_error = number(payload.substr(4, 4));
        }
        if (type == kSettings && (flags & kAck) == 0) {
            for (std::size_t at = 0; at + 6 <= payload.size(); at += 6) {
                settings[static_cast<std::uint16_t>(number(payload.substr(at, 2)))] =
                    number(payload.substr(at + 2, 4));
            }
            send(frame(kSettings, kAck, 0, ""));
        }
    }

    void inflate(Answered& into, std::string_view block) {
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

    Wire wire_;
    net::tls::testing::Client tls_;
    nghttp2_hd_inflater* inflater_ = nullptr;
    std::string ahead_;
};

}  // namespace edge::testing
