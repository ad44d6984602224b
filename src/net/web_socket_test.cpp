#include "net/web_socket.h"

#include "net/loop_fixture.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace net {
namespace {

/// Two ends of one connection on one loop, and what each has heard.
struct WebSockets : LoopFixture {
    struct End {
        std::shared_ptr<WebSocket> socket;
        std::vector<std::string> heard;
        std::uint16_t closed = 0;
    };

    End server;
    End client;

    void SetUp() override { connect({}); }

    void connect(const WebSocketOptions& options) {
        std::array<int, 2> pair{};
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()),
                  0);
        take(server, Side::server, pair[0], options);
        take(client, Side::client, pair[1], options);
    }

    void take(End& end, Side side, int descriptor, const WebSocketOptions& options) {
        end = {};
        end.socket = WebSocket::adopt(loop, base::Fd(descriptor), side, options, "");
        end.socket->listen({.on_text = [&end](auto text) { end.heard.emplace_back(text); },
                            .on_pong = [&end](auto) { end.heard.emplace_back("pong"); },
                            .on_closed = [&end](std::uint16_t code, auto) { end.closed = code; }});
    }

    void TearDown() override {
        server.socket->abort();
        client.socket->abort();
        loop.turn(std::chrono::milliseconds{0});
    }
};

TEST_F(WebSockets, carry_messages_of_any_size_both_ways) {
    const std::string large(900'000, 'x');
    EXPECT_TRUE(server.socket->send_text(large));
    EXPECT_TRUE(client.socket->send_text("hello"));
    EXPECT_TRUE(client.socket->ping("?"));
    EXPECT_TRUE(turn_until([&] { return client.heard.size() == 2 && server.heard.size() == 1; }));
    EXPECT_NE(std::find(client.heard.begin(), client.heard.end(), large), client.heard.end());
}

TEST_F(WebSockets, tell_both_ends_the_code_of_the_one_who_closed) {
    server.socket->close(close_code::kServiceRestart, "moving");
    EXPECT_FALSE(server.socket->send_text("too late"));
    EXPECT_TRUE(turn_until([&] { return server.closed != 0 && client.closed != 0; }));
    EXPECT_EQ(client.closed, close_code::kServiceRestart);
    EXPECT_EQ(server.closed, close_code::kServiceRestart);
}

TEST_F(WebSockets, that_are_cut_end_as_abnormal) {
    client.socket->abort();
    EXPECT_TRUE(turn_until([&] { return server.closed != 0; }));
    EXPECT_EQ(server.closed, close_code::kAbnormal);
}

TEST_F(WebSockets, whose_reader_does_not_read_are_closed_rather_than_kept_in_memory) {
    TearDown();
    connect({.unsent_bytes_max = 100'000});
    client.socket->abort();
    std::array<int, 2> pair{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()), 0);
    take(server, Side::server, pair[0], {.unsent_bytes_max = 100'000});
    const base::Fd deaf(pair[1]);
    while (server.socket->send_text(std::string(50'000, 'x'))) {
    }
    EXPECT_TRUE(turn_until([&] { return server.closed != 0; }));
    EXPECT_EQ(server.closed, close_code::kPolicy);
}

}  // namespace
}  // namespace net
