#pragma once
// For tests: a target that speaks HTTP/2 in the clear by frames that the test chooses, right or
// wrong.

#include "edge/http2/frames_testing.h"
#include "edge/testing.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace edge::testing {

/// Accepts any number of connections, a thread each. Answers `/ping` with 200 by itself, opens
/// windows and acknowledges settings; the rest is the test's.
class FrameTarget {
public:
    /// One connection, on its own thread.
    struct Peer {
        int descriptor = -1;
        std::size_t number = 0;                     ///< Which connection it is, from 1.
        std::map<std::uint32_t, Answered> streams;  ///< What was asked.
        bool opens_windows = true;
        bool over = false;  ///< Set by the test: to be closed.

        void send(std::string_view bytes) const {
            while (!bytes.empty()) {
                const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                if (sent <= 0) return;
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            }
        }
        void head(std::uint32_t id, const Headers& headers, bool ends = false) const {
            const auto flags =
                static_cast<std::uint8_t>(Frame::kEndHeaders | (ends ? Frame::kEndStream : 0));
            send(frame(Frame::kHeaders, flags, id, hpack(headers)));
        }
        void data(std::uint32_t id, std::string_view bytes, bool ends = false) const {
            send(frame(Frame::kData, ends ? Frame::kEndStream : 0, id, bytes));
        }
        void answer(std::uint32_t id, std::string_view body) const {
            head(id, {{":status", "200"}});
            data(id, body, true);
        }
        void reset(std::uint32_t id, std::uint32_t error) const {
            send(frame(Frame::kReset, 0, id, number32(error)));
        }
        void goaway(std::uint32_t last, std::uint32_t error = 0) const {
            send(frame(Frame::kGoaway, 0, 0, number32(last) + number32(error)));
        }
    };
    /// Called after each frame but those that are answered here.
    using Handler = std::function<void(Peer& peer, const Frame& taken)>;

    explicit FrameTarget(Handler handler, std::string settings = {})
        : handler_(std::move(handler)), settings_(std::move(settings)) {
        listener_ = std::move(*net::listen_on(*net::Address::parse("127.0.0.1:0")));
        address = net::local_address(listener_.number())->text();
        acceptor_ = std::thread([this] { accept(); });
    }
    ~FrameTarget() {
        over_ = true;
        acceptor_.join();
        for (std::thread& thread : threads_) thread.join();
    }
    FrameTarget(const FrameTarget&) = delete;
    FrameTarget& operator=(const FrameTarget&) = delete;

    std::string address;
    std::atomic<std::size_t> requests{0};     ///< Heads, probes not counted.
    std::atomic<std::size_t> connections{0};  ///< That asked for something but a probe.
    std::atomic<std::size_t> open{0};         ///< Of all connections.

private:
    void accept() {
        while (!over_) {
            pollfd waits{listener_.number(), POLLIN, 0};
            if (::poll(&waits, 1, 20) != 1) continue;
            base::Fd client(::accept(listener_.number(), nullptr, nullptr));
            if (!client) continue;
            ++open;
            threads_.emplace_back([this, socket = std::move(client)] {
                serve(socket.number());
                --open;
            });
        }
    }

    void serve(int descriptor) {
        Peer peer{.descriptor = descriptor};
        FieldReader fields;
        std::string ahead;
        std::array<char, 65536> bytes;
        bool greeted = false;
        while (!over_ && !peer.over) {
            pollfd waits{descriptor, POLLIN, 0};
            if (::poll(&waits, 1, 20) != 1) continue;
            const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
            if (got <= 0) return;
            ahead.append(bytes.data(), static_cast<std::size_t>(got));
            constexpr std::size_t kPreface = 24;
            if (!greeted && ahead.size() < kPreface) continue;
            if (!greeted) {
                ahead.erase(0, kPreface);
                greeted = true;
                peer.send(frame(Frame::kSettings, 0, 0, settings_));
            }
            for (Frame taken; !peer.over && take_frame(ahead, taken);) take(peer, fields, taken);
        }
    }

    void take(Peer& peer, FieldReader& fields, const Frame& taken) {
        Answered& stream = peer.streams[taken.id];
        if (taken.type == Frame::kSettings && (taken.flags & Frame::kAck) == 0) {
            return peer.send(frame(Frame::kSettings, Frame::kAck, 0, ""));
        }
        if (taken.type == Frame::kHeaders) {
            const bool first = stream.fields.empty();
            fields.read(taken.payload, stream);
            if (stream.fields[":path"] == "/ping") {
                return peer.head(taken.id, {{":status", "200"}, {"grpc-status", "0"}}, true);
            }
            if (first) ++requests;
            if (first && peer.number == 0) peer.number = ++connections;
        }
        if (taken.type == Frame::kData) {
            stream.body += taken.payload;
            if (peer.opens_windows && !taken.payload.empty()) {
                const std::string size = number32(static_cast<std::uint32_t>(taken.payload.size()));
                peer.send(frame(Frame::kWindow, 0, 0, size));
                if (!taken.ends()) peer.send(frame(Frame::kWindow, 0, taken.id, size));
            }
        }
        if (taken.ends()) stream.ended = true;
        if (taken.type == Frame::kReset) {
            stream.reset = true;
            stream.error = number(taken.payload);
        }
        handler_(peer, taken);
    }

    Handler handler_;
    std::string settings_;
    base::Fd listener_;
    std::atomic<bool> over_{false};
    std::thread acceptor_;
    std::vector<std::thread> threads_;
};

}  // namespace edge::testing
