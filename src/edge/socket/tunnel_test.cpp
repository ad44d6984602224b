// WebSockets through the edge, and how they are asked to leave.

#include "edge/testing.h"
#include "net/websocket.h"

#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <string>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::App;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::Wire;

constexpr std::uint32_t kMask = 0x12345678;

std::string masked(net::Opcode opcode, std::string_view payload, bool final = true) {
    std::string made;
    net::append_masked_frame(made, opcode, payload, kMask, final);
    return made;
}

std::string frame(net::Opcode opcode, std::string_view payload, bool final = true) {
    std::string made;
    net::append_frame(made, opcode, payload, final);
    return made;
}

const std::string kServiceRestart =
    frame(net::Opcode::close, net::close_payload(1012, "service restart"));

std::string handshake(std::string_view path = "/socket") {
    return get(path,
               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
}

/// An application with sockets: echoes, and notes how each was closed.
class Chat {
public:
    explicit Chat(const std::string& name)
        : app(name, [this](const net::ExchangePtr& exchange) { serve(exchange); }) {}
    ~Chat() { app.die(); }

    void cut_sockets() {
        app.post([this] {
            for (const auto& socket : sockets_) socket->abort();
        });
    }

    std::vector<int> closes() {
        const std::lock_guard lock(mutex_);
        return closes_;
    }

private:
    void serve(const net::ExchangePtr& exchange) {
        if (exchange->request().path == "/refuse") return exchange->answer(403);
        auto socket = exchange->upgrade({});
        if (!socket) return;
        socket->listen({.on_text = [socket](std::string_view text) { socket->send_text(text); },
                        .on_binary = {},
                        .on_ping = {},
                        .on_pong = {},
                        .on_drained = {},
                        .on_closed =
                            [this](std::uint16_t code, std::string_view) {
                                const std::lock_guard lock(mutex_);
                                closes_.push_back(code);
                            }});
        sockets_.push_back(socket);
    }

    std::mutex mutex_;
    std::vector<int> closes_;
    std::vector<std::shared_ptr<net::WebSocket>> sockets_;

public:
    App app;
};

class Sockets : public ::testing::Test {
protected:
    void SetUp() override {
        house.start();
        house.configure();
        house.weights(1, 0);
        house.add("blue", blue.app);
        house.add("green", green.app);
        address = house.address();
    }

    std::unique_ptr<Wire> open() {
        auto wire = std::make_unique<Wire>(address);
        const Got got = wire->ask(handshake());
        EXPECT_EQ(got.status, 101);
        EXPECT_EQ(got.fields.at("upgrade"), "websocket");
        EXPECT_EQ(got.fields.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return wire;
    }

    base::Json blue_target() { return house.target("blue", "blue"); }

    Chat blue{"blue"};
    Chat green{"green"};
    House house{2};
    std::string address;
};

TEST_F(Sockets, are_relayed_frame_by_frame_as_they_are) {
    const auto wire = open();
    ASSERT_TRUE(wire->send(masked(net::Opcode::text, "one")));
    EXPECT_EQ(wire->read(5), frame(net::Opcode::text, "one"));
    const std::string long_text(200'000, 'x');
    ASSERT_TRUE(wire->send(masked(net::Opcode::text, long_text)));
    EXPECT_EQ(wire->read(200'010), frame(net::Opcode::text, long_text));
    EXPECT_TRUE(eventually([&] { return blue_target()["sockets"] == 1; }));
    EXPECT_EQ(blue_target()["in_flight"], 0);
    ASSERT_TRUE(wire->send(masked(net::Opcode::close, net::close_payload(1000, ""))));
    EXPECT_EQ(wire->read(4), frame(net::Opcode::close, net::close_payload(1000, "")));
    EXPECT_TRUE(wire->ended());
    wire->close();
    EXPECT_TRUE(eventually([&] { return blue_target()["sockets"] == 0; }));
    EXPECT_EQ(blue.closes(), std::vector<int>{1000});
    const base::Json counts = house.counts("blue");
    EXPECT_EQ(counts["sockets_opened"], 1);
    EXPECT_EQ(counts["sockets_cut"], 0);
    EXPECT_TRUE(counts["latency"].empty()) << "an upgrade is no request to be timed";
}

TEST_F(Sockets, that_are_refused_leave_the_connection_usable) {
    Wire wire(address);
    EXPECT_EQ(wire.ask(handshake("/refuse")).status, 403);
    EXPECT_EQ(wire.ask(get("/name")).body, "blue");
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["sockets_refused"] == 1; }));
}

TEST_F(Sockets, whose_target_drains_are_closed_with_1012_after_what_was_sent_to_them) {
    const auto wire = open();
    ASSERT_TRUE(wire->send(masked(net::Opcode::text, "hello")));
    EXPECT_EQ(wire->read(7), frame(net::Opcode::text, "hello"));
    house.drain("blue", "blue");
    EXPECT_EQ(wire->read(kServiceRestart.size()), kServiceRestart);
    EXPECT_EQ(blue_target()["state"], "draining") << "the client has not left yet";
    // What the client still has to say arrives before its close does.
    ASSERT_TRUE(wire->send(masked(net::Opcode::text, "last words") +
                           masked(net::Opcode::close, net::close_payload(1012, ""))));
    EXPECT_TRUE(wire->ended());
    wire->close();
    house.await_state("blue", "blue", "drained");
    EXPECT_EQ(blue.closes(), std::vector<int>{1012});
    EXPECT_EQ(house.counts("blue")["sockets_cut"], 0);
}

TEST_F(Sockets, are_never_closed_within_a_message) {
    // Raw frames by hand: the target sends half a message, the drain comes, then the rest.
    std::atomic<bool> go_on{false};
    testing::RawApp raw([&](int client) {
        char bytes[4096];
        const ssize_t found = ::recv(client, bytes, sizeof bytes, 0);
        if (found <= 0) return;
        const auto say = [client](const std::string& text) {
            ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
        };
        if (std::string_view(bytes, 9) == "GET /ping") {
            return say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
        say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: x\r\n\r\n" +
            frame(net::Opcode::text, "first ", false));
        eventually([&] { return go_on.load(); });
        say(frame(net::Opcode::ping, "p"));
        say(frame(net::Opcode::continuation, "last") + frame(net::Opcode::text, "never seen"));
        while (::recv(client, bytes, sizeof bytes, 0) > 0) {
        }
    });
    house.add("green", "raw", raw.address);
    house.await_state("green", "raw", "healthy");
    house.drain("green", "green");
    house.weights(0, 1);
    Wire wire(address);
    EXPECT_EQ(wire.ask(handshake()).status, 101);
    EXPECT_EQ(wire.read(8), frame(net::Opcode::text, "first ", false));
    house.drain("green", "raw");
    go_on = true;
    const std::string rest =
        frame(net::Opcode::ping, "p") + frame(net::Opcode::continuation, "last") + kServiceRestart;
    EXPECT_EQ(wire.read(rest.size()), rest);
    ASSERT_TRUE(wire.send(masked(net::Opcode::close, net::close_payload(1012, ""))));
    EXPECT_TRUE(wire.ended());
    wire.close();
    house.await_state("green", "raw", "drained");
}

TEST_F(Sockets, leave_one_after_another_at_the_given_pace) {
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 8; ++i) wires.push_back(open());
    ASSERT_TRUE(eventually([&] { return blue_target()["sockets"] == 8; }));
    for (auto& wire : wires) {
        ASSERT_TRUE(wire->send(masked(net::Opcode::close, net::close_payload(1000, ""))));
        ASSERT_EQ(wire->read(4).size(), 4U);
        wire.reset();
    }
    ASSERT_TRUE(eventually([&] { return blue_target()["sockets"] == 0; }));
    wires.clear();
    for (int i = 0; i < 3; ++i) wires.push_back(open());
    house.drain("blue", "blue", 600s, 1);
    house.weights(0, 1);
    const auto told = [&] {
        int count = 0;
        for (const auto& wire : wires) {
            char byte = 0;
            if (::recv(wire->descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1) ++count;
        }
        return count;
    };
    EXPECT_TRUE(eventually([&] { return told() == 1; }));
    house.permit.token = "hurry";
    house.drain("blue", "blue", 600s, 0);
    EXPECT_TRUE(eventually([&] { return told() == 3; }));
    wires.clear();
    house.await_state("blue", "blue", "drained");
}

TEST_F(Sockets, that_stay_are_cut_at_the_deadline) {
    const auto wire = open();
    house.drain("blue", "blue", 100ms);
    house.await_state("blue", "blue", "drained");
    EXPECT_EQ(wire->read(kServiceRestart.size()), kServiceRestart);
    EXPECT_TRUE(wire->ended());
}

TEST_F(Sockets, move_away_while_their_target_keeps_taking_requests) {
    const auto wire = open();
    house.weights(0, 1);
    house.permit.token = "move";
    const auto moved = house.edge->control().move_sockets(
        house.permit, {.group = "blue", .id = "blue", .sockets_a_second = 0});
    ASSERT_TRUE(moved);
    EXPECT_EQ(wire->read(kServiceRestart.size()), kServiceRestart);
    wire->close();
    EXPECT_TRUE(eventually([&] { return blue_target()["sockets"] == 0; }));
    EXPECT_EQ(blue_target()["state"], "healthy");
    const auto again = open();
    EXPECT_TRUE(eventually([&] { return house.target("green", "green")["sockets"] == 1; }));
    house.weights(1, 0);
    const auto back = open();
    ASSERT_TRUE(house.edge->control().move_sockets(
        house.permit, {.group = "blue", .id = "blue", .sockets_a_second = 0}));
    ASSERT_TRUE(back->send(masked(net::Opcode::text, "still here")));
    EXPECT_EQ(back->read(12), frame(net::Opcode::text, "still here")) << "a token works once";
}

TEST_F(Sockets, cut_by_their_instance_are_counted_so) {
    const auto wire = open();
    blue.cut_sockets();
    EXPECT_TRUE(wire->ended());
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["sockets_cut"] == 1; }));
}

TEST_F(Sockets, are_told_when_the_edge_itself_stops) {
    const auto wire = open();
    std::jthread stopping([&] { house.stop(); });
    EXPECT_EQ(wire->read(kServiceRestart.size()), kServiceRestart);
    ASSERT_TRUE(wire->send(masked(net::Opcode::close, net::close_payload(1012, ""))));
    wire->close();
    stopping.join();
}

TEST_F(Sockets, keep_what_a_hasty_client_sent_with_its_handshake) {
    Wire wire(address);
    ASSERT_TRUE(wire.send(handshake() + masked(net::Opcode::text, "early")));
    EXPECT_EQ(wire.answer().status, 101);
    EXPECT_EQ(wire.read(7), frame(net::Opcode::text, "early"));
}

}  // namespace
}  // namespace edge
