// A target's frames as it might send them, cut as the network might cut them: the first byte says
// how. Whatever answers our calls comes out as one answer of HTTP/1.1 at most, and nothing behind
// it; every call ends when its connection does.

#include "base/check.h"
#include "net/http1.h"
#include "net/http2/client_session.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using net::http2::Call;

/// Asks once, and reads the answer as the edge would.
class Asker final : public net::ResponseHandler {
public:
    Asker(std::shared_ptr<Call> call, net::Method method)
        : call_(call), layer_(std::move(call)), method_(method) {
        parser_.expect(method);
    }

    void run() {
        if (call_->state() == Call::State::open && !std::exchange(asked_, true)) ask();
        std::array<char, 4096> bytes;
        while (!failed_ && !ended_) {
            const net::Moved moved = layer_.receive(bytes);
            if (moved.io != net::Io::moved) break;
            const net::Fed fed = parser_.feed({bytes.data(), moved.bytes}, *this);
            failed_ = fed.progress == net::Progress::failed;
            CHECK(failed_ || fed.consumed == moved.bytes);
        }
        if (failed_) layer_.close();
    }
    /// Its connection is gone.
    void check_end() const {
        CHECK(call_->state() == Call::State::lost || call_->state() == Call::State::over ||
              call_->state() == Call::State::displaced);
        CHECK(!ended_ || call_->loss() != Call::Loss::unprocessed);
    }

private:
    void ask() {
        const std::string text = method_ == net::Method::post
                                     ? "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                       "chunked\r\n\r\n3\r\nabc\r\n0\r\nt: t\r\n\r\n"
                                     : "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        const iovec part{const_cast<char*>(text.data()), text.size()};
        layer_.send({&part, 1});
    }
    void on_head(const net::ResponseHead& head) override {
        if (!head.interim) CHECK(++heads_ == 1);
        CHECK(head.status != 101);
    }
    void on_body(std::string_view) override {}
    void on_trailers(const net::Fields&) override {}
    void on_end() override { ended_ = true; }

    std::shared_ptr<Call> call_;
    net::http2::CallLayer layer_;
    net::Method method_;
    net::ResponseParser parser_;
    int heads_ = 0;
    bool asked_ = false;
    bool ended_ = false;
    bool failed_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // A target begins with its settings; what they say is up to the input.
    const std::string bytes =
        std::string("\0\0\0\4\0\0\0\0\0", 9) + std::string(data + 1, data + size);
    const std::size_t step = 1 + data[0] * 4U;
    net::http2::ClientSession session([] {}, {});
    std::vector<std::unique_ptr<Asker>> askers;
    for (const net::Method method : {net::Method::get, net::Method::post}) {
        askers.push_back(std::make_unique<Asker>(session.begin(), method));
    }
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const bool goes_on = session.feed(bytes.substr(at, step));
        for (const auto& asker : askers) asker->run();
        while (!session.send().empty()) {
        }
        if (!goes_on) break;
    }
    session.end();
    for (const auto& asker : askers) asker->run();
    for (const auto& asker : askers) asker->check_end();
    return 0;
}
