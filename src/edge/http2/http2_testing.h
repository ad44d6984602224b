#pragma once
// For tests: a client that speaks HTTP/2 by frames that the test writes, right or wrong.

#include "edge/http2/frames_testing.h"
#include "edge/testing.h"
#include "net/tls/testing.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace edge::testing {

inline Headers request(std::string_view method, std::string_view path, Headers more = {}) {
    Headers made{{":method", std::string(method)},
                 {":scheme", "https"},
                 {":path", std::string(path)},
                 {":authority", "app.test"}};
    made.insert(made.end(), more.begin(), more.end());
    return made;
}

class FrameClient : public FrameKinds {
public:
    static constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    explicit FrameClient(const std::string& address, std::string_view first_settings = {},
                         std::string_view preface = kPreface)
        : wire_(address) {
        tls_.emplace(wire_.descriptor(),
                     net::tls::testing::Client::Wish{.alpn = "\x02h2\x08http/1.1"});
        send(preface);
        send(frame(kSettings, 0, 0, first_settings));
    }
    /// In the clear, by prior knowledge.
    struct Clear {};
    FrameClient(const std::string& address, Clear) : wire_(address) {
        send(kPreface);
        send(frame(kSettings, 0, 0, {}));
    }
    FrameClient(const FrameClient&) = delete;
    FrameClient& operator=(const FrameClient&) = delete;

    std::string alpn() const { return tls_->alpn(); }
    bool send(std::string_view bytes) { return tls_ ? tls_->send(bytes) : wire_.send(bytes); }
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
        Frame taken;
        while (!take_frame(ahead_, taken)) {
            const std::string more = tls_ ? tls_->read() : wire_.read(1);
            if (more.empty()) return false;
            ahead_ += more;
        }
        take(taken);
        return true;
    }

    std::map<std::uint32_t, Answered> streams;
    std::map<std::uint16_t, std::uint32_t> settings;
    std::string pong;  ///< What the last PING's acknowledgement carried.
    int settings_acked = 0;
    bool opens_windows = true;
    bool answers_pings = true;
    bool gone_away = false;
    std::uint32_t goaway_last = 0;  ///< The last stream that is answered.
    std::uint32_t goaway_error = 0;

private:
    void take(const Frame& taken) {
        const std::uint32_t id = taken.id;
        const std::string_view payload = taken.payload;
        if (taken.type == kHeaders) fields_.read(payload, streams[id]);
        if (taken.type == kData) {
            streams[id].body.append(payload);
            if (opens_windows && !payload.empty()) {
                const auto size = static_cast<std::uint32_t>(payload.size());
                send(frame(kWindow, 0, 0, number32(size)));
                if (!taken.ends()) send(frame(kWindow, 0, id, number32(size)));
            }
        }
        if (taken.ends()) streams[id].ended = true;
        if (taken.type == kReset) {
            streams[id].reset = true;
            streams[id].error = number(payload);
        }
        if (taken.type == kGoaway) {
            gone_away = true;
            goaway_last = number(payload.substr(0, 4));
            goaway_error = number(payload.substr(4, 4));
        }
        if (taken.type == kPing && (taken.flags & kAck) != 0) pong = payload;
        if (taken.type == kPing && (taken.flags & kAck) == 0 && answers_pings) {
            send(frame(kPing, kAck, 0, payload));
        }
        if (taken.type == kSettings && (taken.flags & kAck) != 0) ++settings_acked;
        if (taken.type == kSettings && (taken.flags & kAck) == 0) {
            for (std::size_t at = 0; at + 6 <= payload.size(); at += 6) {
                settings[static_cast<std::uint16_t>(number(payload.substr(at, 2)))] =
                    number(payload.substr(at + 2, 4));
            }
            send(frame(kSettings, kAck, 0, ""));
        }
    }

    Wire wire_;
    std::optional<net::tls::testing::Client> tls_;
    FieldReader fields_;
    std::string ahead_;
};

}  // namespace edge::testing
