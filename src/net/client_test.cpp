#include "net/client.h"

#include "base/random.h"
#include "net/http1_text.h"
#include "net/loop_fixture.h"
#include "net/server.h"
#include "net/socket.h"
#include "net/web_socket.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace net {
namespace {

// Answers each connection with bytes as they are, then does as told.
class Script final : public Watcher {
public:
    enum class Then { keep, close, reset };

    Script(Loop& loop, std::string answer, Then then)
        : loop_(loop), answer_(std::move(answer)), then_(then) {
        listener_ = std::move(*listen_on(*Address::parse("127.0.0.1:0")));
        address = *local_address(listener_.number());
        key_ = loop_.watch(listener_.number(), *this, Trigger::listener);
    }
    ~Script() override { loop_.forget(key_); }

    void on_ready(Ready) override {
        if (!peer_) {
            peer_ = std::move(accept_from(listener_.number()).descriptor);
            loop_.forget(key_);
            key_ = loop_.watch(peer_.number(), *this, Trigger::listener);
            return;
        }
        std::array<char, 65536> buffer;
        if (receive(peer_.number(), buffer).io != Io::moved) return loop_.forget(key_);
        if (!answer_.empty()) net::send(peer_.number(), answer_);
        if (then_ == Then::keep) return;
        loop_.forget(key_);
        if (then_ == Then::reset) reset_on_close(peer_.number());
        peer_.reset();
    }

    Address address;

private:
    Loop& loop_;
    std::string answer_;
    Then then_;
    base::Fd listener_;
    base::Fd peer_;
    WatchKey key_;
};

std::string head_of(std::string_view method, std::string_view more = {}) {
    return std::string(method) + " / HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

class ClientTest : public LoopFixture {
protected:
    Ending exchange(ClientConnection& connection, Method method, const std::string& head,
                    std::string_view body = {}, std::chrono::nanoseconds patience = 60s) {
        std::optional<Ending> ending;
        connection.send(method, head, body,
                        {.on_body = [&](std::string_view bytes) { heard += bytes; },
                         .on_end = [&](const Ending& end) { ending = end; }},
                        patience);
        EXPECT_FALSE(ending) << "told before control returned to the loop";
        EXPECT_TRUE(turn_until([&] { return ending.has_value(); }));
        return ending.value_or(Ending{});
    }
    Outcome outcome_of(const std::string& answer, Script::Then then) {
        Script script{loop, answer, then};
        ClientConnection connection{loop, script.address};
        return exchange(connection, Method::get, head_of("GET"), {}, 200ms).outcome;
    }

    std::string heard;
};

TEST_F(ClientTest, one_connection_carries_many_exchanges_with_their_moments) {
    Server server{loop, {}, [](const ExchangePtr& x) {
                      x->collect(1000, [x](std::string body) {
                          x->answer(Response::text(200, "<" + body + ">"));
                      });
                  }};
    ClientConnection connection{loop, *server.listen(*Address::parse("127.0.0.1:0"))};
    const Ending first =
        exchange(connection, Method::post, head_of("POST", "Content-Length: 2\r\n"), "hi");
    EXPECT_EQ(first.outcome, Outcome::answered);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.body_bytes, 4U);
    EXPECT_TRUE(first.reusable);
    EXPECT_FALSE(first.reused);
    EXPECT_LE(first.timing.begun, first.timing.connected);
    EXPECT_LE(first.timing.connected, first.timing.sent);
    EXPECT_LE(first.timing.sent, first.timing.first_byte);
    EXPECT_LE(first.timing.first_byte, first.timing.ended);
    const Ending second = exchange(connection, Method::get, head_of("GET"));
    EXPECT_TRUE(second.reused);
    EXPECT_EQ(second.timing.connected, base::Tick{});
    const Ending last = exchange(connection, Method::get, head_of("GET", "Connection: close\r\n"));
    EXPECT_FALSE(last.reusable);
    EXPECT_FALSE(connection.connected());
    EXPECT_EQ(exchange(connection, Method::head, head_of("HEAD")).outcome, Outcome::answered);
    EXPECT_EQ(heard, "<hi><><>");
    EXPECT_EQ(server.requests_begun(), 4U);
}

TEST_F(ClientTest, every_way_to_fail_has_its_own_name) {
    using enum Script::Then;
    EXPECT_EQ(outcome_of("", close), Outcome::closed_unanswered);
    EXPECT_EQ(outcome_of("", reset), Outcome::reset);
    EXPECT_EQ(outcome_of("", keep), Outcome::timeout);
    EXPECT_EQ(outcome_of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", close), Outcome::cut);
    EXPECT_EQ(outcome_of("HTTP/1.1 200 OK\r\nContent-Le", close), Outcome::cut);
    EXPECT_EQ(outcome_of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", keep),
              Outcome::timeout);
    EXPECT_EQ(outcome_of("HTTP/1.1 200 OK\r\n\r\nabc", close), Outcome::answered);
    EXPECT_EQ(outcome_of("HTTP/1.1 200 OK\nContent-Length: 0\n\n", keep), Outcome::malformed);
    EXPECT_EQ(outcome_of("SSH-2.0-x\r\n", keep), Outcome::malformed);
    Address nobody;
    {
        const auto listener = listen_on(*Address::parse("127.0.0.1:0"));
        nobody = *local_address(listener->number());
    }
    ClientConnection connection{loop, nobody};
    const Ending refused = exchange(connection, Method::get, head_of("GET"));
    EXPECT_EQ(refused.outcome, Outcome::refused);
    EXPECT_EQ(refused.error, ECONNREFUSED);
    ClientConnection missing{loop, *Address::unix_path("/nonexistent/x.sock")};
    EXPECT_EQ(exchange(missing, Method::get, head_of("GET")).outcome, Outcome::refused);
}

TEST_F(ClientTest, an_upload_is_streamed_with_back_pressure) {
    std::size_t seen = 0;
    Server server{loop, {}, [&](const ExchangePtr& x) {
                      x->stream({.on_bytes = [&](std::string_view bytes) { seen += bytes.size(); },
                                 .on_end = [x](bool) { x->answer(201); }});
                  }};
    ClientConnection connection{loop, *server.listen(*Address::parse("127.0.0.1:0"))};
    constexpr std::size_t kBytes = 20'000'000;
    const std::string block(100'000, 'z');
    std::size_t written = 0;
    int waits = 0;
    const auto push = [&] {
        while (written < kBytes) {
            written += block.size();
            if (!connection.write(block)) {
                ++waits;
                return;
            }
        }
        connection.end_upload();
    };
    std::optional<Ending> ending;
    connection.send_streamed(
        Method::put, head_of("PUT", "Transfer-Encoding: chunked\r\n"), true,
        {.on_writable = push, .on_end = [&](const Ending& end) { ending = end; }}, 60s);
    push();
    ASSERT_TRUE(turn_until([&] { return ending.has_value(); }));
    EXPECT_EQ(ending->outcome, Outcome::answered);
    EXPECT_EQ(ending->status, 201);
    EXPECT_EQ(seen, kBytes);
    EXPECT_GT(waits, 0);
    EXPECT_TRUE(ending->reusable);
}

TEST_F(ClientTest, abandoning_ends_the_exchange_and_the_connection) {
    Script script{loop, "", Script::Then::keep};
    ClientConnection connection{loop, script.address};
    std::optional<Ending> ending;
    connection.send(Method::get, head_of("GET"), {},
                    {.on_end = [&](const Ending& e) { ending = e; }}, 60s);
    loop.turn(10ms);
    connection.abandon();
    ASSERT_TRUE(ending);
    EXPECT_EQ(ending->outcome, Outcome::abandoned);
    EXPECT_FALSE(connection.busy());
    EXPECT_FALSE(connection.connected());
}

TEST_F(ClientTest, the_next_exchange_may_begin_where_the_last_one_ends) {
    Server server{loop, {}, [](const ExchangePtr& x) { x->answer(204); }};
    ClientConnection connection{loop, *server.listen(*Address::parse("127.0.0.1:0"))};
    int ended = 0;
    ExchangeEvents events;
    events.on_end = [&](const Ending& end) {
        EXPECT_EQ(end.status, 204);
        if (++ended < 5) connection.send(Method::get, head_of("GET"), {}, events, 60s);
    };
    connection.send(Method::get, head_of("GET"), {}, events, 60s);
    EXPECT_TRUE(turn_until([&] { return ended == 5; }));
}

class WebSocketClientTest : public ClientTest {
protected:
    Handshake shake(const Address& to) {
        std::optional<Handshake> result;
        open_websocket(loop, {.to = to, .target = "/ws", .patience = 60s}, random,
                       [&](Handshake handshake) { result = std::move(handshake); });
        EXPECT_TRUE(turn_until([&] { return result.has_value(); }));
        return result ? std::move(*result) : Handshake{};
    }
    base::Random random{5};
};

TEST_F(WebSocketClientTest, a_handshake_gives_a_socket_that_carries_messages) {
    std::shared_ptr<WebSocket> served;
    Server server{loop, {}, [&](const ExchangePtr& x) {
                      served = x->upgrade({});
                      served->listen({.on_text = [&](std::string_view text) {
                          served->send_text("you said " + std::string(text));
                      }});
                  }};
    const Handshake handshake = shake(*server.listen(*Address::parse("127.0.0.1:0")));
    ASSERT_TRUE(handshake.accepted);
    EXPECT_EQ(handshake.status, 101);
    std::string last;
    std::uint16_t closed = 0;
    handshake.socket->listen({.on_text = [&](std::string_view text) { last = text; },
                              .on_closed = [&](std::uint16_t code, auto) { closed = code; }});
    handshake.socket->send_text("hello");
    EXPECT_TRUE(turn_until([&] { return last == "you said hello"; }));
    served->close(close_code::kServiceRestart, "moving");
    EXPECT_TRUE(turn_until([&] { return closed == close_code::kServiceRestart; }));
    EXPECT_TRUE(turn_until([&] { return handshake.socket->gone() && served->gone(); }));
}

TEST_F(WebSocketClientTest, a_refusal_is_told_with_its_status_and_body) {
    Server server{loop, {}, [](const ExchangePtr& x) { x->answer(Response::text(401, "who?")); }};
    const Handshake handshake = shake(*server.listen(*Address::parse("127.0.0.1:0")));
    EXPECT_FALSE(handshake.accepted);
    EXPECT_EQ(handshake.outcome, Outcome::answered);
    EXPECT_EQ(handshake.status, 401);
    EXPECT_EQ(handshake.body, "who?");
    EXPECT_EQ(handshake.socket, nullptr);
}

TEST_F(WebSocketClientTest, an_answer_with_another_key_is_no_handshake) {
    Script script{
        loop,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        Script::Then::keep};
    const Handshake handshake = shake(script.address);
    EXPECT_FALSE(handshake.accepted);
    EXPECT_EQ(handshake.status, 101);
    EXPECT_EQ(handshake.socket, nullptr);
}

}  // namespace
}  // namespace net
