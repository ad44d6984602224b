// Frames as a peer might send them: the decoder and the walker must say the same however the bytes
// are cut, and never more than they may. The first byte says how they are cut, and by whom sent.

#include "base/check.h"
#include "net/websocket.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kMessageBytesMax = 4096;

struct Heard final : net::MessageHandler {
    void on_text(std::string_view message) override {
        CHECK(net::is_utf8(message) && message.size() <= kMessageBytesMax);
        add("text", message);
    }
    void on_binary(std::string_view bytes) override {
        CHECK(bytes.size() <= kMessageBytesMax);
        add("binary", bytes);
    }
    void on_ping(std::string_view payload) override { add("ping", payload); }
    void on_pong(std::string_view payload) override { add("pong", payload); }
    void on_close(std::uint16_t code, std::string_view reason) override {
        CHECK(code == net::close_code::kNoStatus || net::may_be_sent(code));
        add("close", reason);
    }
    void add(std::string_view kind, std::string_view payload) {
        text.append(kind).append(" ").append(payload).append("\n");
    }
    std::string text;
};

std::string decoded(std::string_view bytes, net::Side side, std::size_t step) {
    net::MessageDecoder decoder{side, kMessageBytesMax};
    Heard heard;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const std::string piece{bytes.substr(at, step)};
        if (!decoder.feed(piece, heard)) break;
    }
    return heard.text + std::string(net::name_of(decoder.fault()));
}

// The boundaries at which a relay might change its upstream, as offsets.
std::string walked(std::string_view bytes, std::size_t step) {
    net::FrameWalker walker;
    std::string stops;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const std::string piece{bytes.substr(at, step)};
        std::size_t done = 0;
        while (done < piece.size()) {
            const auto found = walker.walk(std::string_view(piece).substr(done));
            CHECK(found.walked <= piece.size() - done);
            done += found.walked;
            if (found.stop == net::FrameWalker::Stop::boundary)
                stops += std::to_string(at + done) + " ";
            if (found.stop == net::FrameWalker::Stop::wrong) return stops + "wrong";
            if (found.stop == net::FrameWalker::Stop::close) return stops + "close";
        }
    }
    return stops;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string bytes{data + 1, data + size};
    const std::size_t step = 1 + data[0] % 32U;
    const net::Side side = data[0] >= 128 ? net::Side::client : net::Side::server;
    const std::size_t whole = std::max<std::size_t>(bytes.size(), 1);
    CHECK(decoded(bytes, side, step) == decoded(bytes, side, whole));
    CHECK(walked(bytes, step) == walked(bytes, whole));
    return 0;
}
