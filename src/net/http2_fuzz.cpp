// A client's frames as it might send them, cut as the network might cut them: the first byte says
// how. Whatever a stream carries comes out as one request at most, and nothing behind it.

#include "base/check.h"
#include "net/http1.h"
#include "net/http2/server_session.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

/// Reads one stream as the edge would, and answers once the request is whole.
class Reader final : public net::RequestHandler {
public:
    explicit Reader(std::shared_ptr<net::http2::Stream> stream) : layer_(std::move(stream)) {}

    void run() {
        std::array<char, 4096> bytes;
        while (!failed_) {
            const net::Moved moved = layer_.receive(bytes);
            if (moved.io != net::Io::moved) break;
            take({bytes.data(), moved.bytes});
        }
        if (ended_ && !std::exchange(answered_, true)) {
            const std::string answer =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: "
                "t\r\n\r\n";
            const iovec part{const_cast<char*>(answer.data()), answer.size()};
            layer_.send({&part, 1});
        }
        if (failed_) layer_.close();
    }

private:
    void take(std::string_view bytes) {
        if (tunnel_) return;
        CHECK(!ended_);  // nothing follows a request
        const net::Fed fed = parser_.feed(bytes, *this);
        failed_ = fed.progress == net::Progress::failed;
        CHECK(failed_ || fed.consumed == bytes.size() || tunnel_);
    }
    void on_head(const net::RequestHead& head) override {
        CHECK(++heads_ == 1);
        tunnel_ = head.wants_websocket();
    }
    void on_body(std::string_view) override {}
    void on_trailers(const net::Fields&) override {}
    void on_end() override { ended_ = !tunnel_; }

    net::http2::StreamLayer layer_;
    net::RequestParser parser_;
    int heads_ = 0;
    bool ended_ = false;
    bool tunnel_ = false;
    bool failed_ = false;
    bool answered_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string bytes =
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string(data + 1, data + size);
    const std::size_t step = 1 + data[0] * 4U;
    std::vector<std::unique_ptr<Reader>> readers;
    net::http2::ServerSession session(
        {.begun =
             [&](std::shared_ptr<net::http2::Stream> stream) {
                 readers.push_back(std::make_unique<Reader>(std::move(stream)));
             },
         .wants_to_send = [] {},
         .websocket_key = [] { return std::string("dGhlIHNhbXBsZSBub25jZQ=="); }},
        {});
    const base::Tick now{std::chrono::seconds{1}};
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const bool goes_on = session.feed(bytes.substr(at, step), now);
        for (const auto& reader : readers) reader->run();
        while (!session.send().empty()) {
        }
        if (!goes_on) break;
    }
    session.end();
    return 0;
}
