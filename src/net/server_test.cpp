#include "net/server.h"

#include "net/call.h"
#include "net/http1_recorder.h"
#include "net/loop_fixture.h"
#include "net/socket.h"
#include "net/web_socket.h"
#include "net/websocket.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace net {
namespace {

// A client that writes and reads bytes as they are.
struct Visitor {
    explicit Visitor(const Address& address) : fd(std::move(*connect_to(address))) {}

    void say(std::string_view bytes) {
        while (!bytes.empty()) {
            const Moved moved = net::send(fd.number(), bytes);
            if (moved.io != Io::moved) return;
            bytes.remove_prefix(moved.bytes);
        }
    }
    /// What has come since; notices the end.
    void hear() {
        std::array<char, 65536> buffer;
        while (!ended) {
            const Moved moved = receive(fd.number(), buffer);
            if (moved.io == Io::would_block) return;
            if (moved.io != Io::moved) {
                ended = true;
                reset = moved.io == Io::failed;
                return;
            }
            heard.append(buffer.data(), moved.bytes);
        }
    }

    base::Fd fd;
    std::string heard;
    bool ended = false;
    bool reset = false;
};

std::string without_date(std::string text) {
    const std::size_t at = text.find("Date: ");
    if (at != std::string::npos) text.erase(at, text.find('\n', at) + 1 - at);
    return text;
}

class ServerTest : public LoopFixture {
protected:
    void serve(Server::Handler handler, ServerOptions options = {}) {
        server = std::make_unique<Server>(loop, std::move(options), std::move(handler));
        address = *server->listen(*Address::parse("127.0.0.1:0"));
    }
    bool hears(Visitor& visitor, std::string_view what) {
        return turn_until([&] {
                   visitor.hear();
                   return visitor.heard.find(what) != std::string::npos || visitor.ended;
               }) &&
               visitor.heard.find(what) != std::string::npos;
    }
    bool sees_end(Visitor& visitor) {
        return turn_until([&] {
            visitor.hear();
            return visitor.ended;
        });
    }

    std::unique_ptr<Server> server;
    Address address;
};

TEST_F(ServerTest, requests_are_answered_one_after_another_on_one_connection) {
    serve([](const ExchangePtr& x) {
        x->answer(Response::text(200, x->request().path + "?" + x->request().query));
    });
    Visitor visitor{address};
    visitor.say("GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(hears(visitor, "/a?b=1"));
    EXPECT_EQ(without_date(visitor.heard),
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
              "Content-Length: 6\r\n\r\n/a?b=1");
    visitor.say(
        "GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n"
        "HEAD /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    ASSERT_TRUE(sees_end(visitor));
    EXPECT_FALSE(visitor.reset);
    EXPECT_LT(visitor.heard.find("/b?"), visitor.heard.find("/c?"));
    EXPECT_TRUE(visitor.heard.ends_with("\r\n\r\n")) << "HEAD is answered without a body";
    EXPECT_EQ(server->requests_begun(), 4U);
    EXPECT_EQ(server->connections_open(), 0U);
}

TEST_F(ServerTest, an_answer_may_come_later_and_pipelined_requests_wait_for_it) {
    std::vector<ExchangePtr> open;
    serve([&](const ExchangePtr& x) { open.push_back(x); });
    Visitor visitor{address};
    visitor.say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(turn_until([&] { return open.size() == 1; }));
    EXPECT_EQ(server->requests_open(), 1U);
    loop.turn(0ms);
    EXPECT_EQ(open.size(), 1U);
    open[0]->answer(Response::text(200, "first"));
    open[0]->answer(Response::text(200, "again"));
    ASSERT_TRUE(turn_until([&] { return open.size() == 2; }));
    open[1]->answer(Response::text(200, "second"));
    EXPECT_TRUE(hears(visitor, "second"));
    EXPECT_EQ(visitor.heard.find("again"), std::string::npos);
    EXPECT_EQ(server->requests_open(), 0U);
    EXPECT_FALSE(open[0]->alive());
}

TEST_F(ServerTest, a_body_is_collected_whole_and_one_too_large_is_never_seen) {
    std::vector<std::string> bodies;
    serve([&](const ExchangePtr& x) {
        x->collect(10, [&bodies, x](std::string body) {
            bodies.push_back(body);
            x->answer(Response::text(200, "got " + body));
        });
    });
    Visitor visitor{address};
    visitor.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
    loop.turn(0ms);
    visitor.say(
        "loPOST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(hears(visitor, "got abc"));
    EXPECT_EQ(bodies, (std::vector<std::string>{"hello", "abc", ""}));
    for (const std::string framing :
         {"Content-Length: 11\r\n\r\nhello world",
          "Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n"}) {
        Visitor greedy{address};
        greedy.say("POST / HTTP/1.1\r\nHost: x\r\n" + framing);
        EXPECT_TRUE(hears(greedy, "HTTP/1.1 413 "));
        // The body was small enough to be read past: the connection goes on.
        greedy.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
        EXPECT_TRUE(hears(greedy, "got ok"));
    }
    EXPECT_EQ(bodies.size(), 5U);
}

TEST_F(ServerTest, an_unwanted_large_body_ends_the_connection_after_the_answer) {
    serve([](const ExchangePtr& x) { x->answer(403); });
    Visitor visitor{address};
    visitor.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n");
    ASSERT_TRUE(hears(visitor, "HTTP/1.1 403 "));
    const std::string block(65536, 'x');
    ASSERT_TRUE(turn_until([&] {
        visitor.say(block);
        visitor.hear();
        return visitor.ended;
    }));
}

TEST_F(ServerTest, an_answer_before_the_bodys_end_makes_no_request_of_the_rest) {
    std::vector<std::string> paths;
    serve([&](const ExchangePtr& exchange) {
        paths.push_back(exchange->request().path);
        exchange->answer(Response::text(200, "seen " + exchange->request().path));
    });
    Visitor visitor(address);
    const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";
    visitor.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(hidden.size()) +
                "\r\n\r\n" + hidden.substr(0, 5));
    ASSERT_TRUE(hears(visitor, "seen /a"));
    visitor.say(hidden.substr(5) + "GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(hears(visitor, "seen /b"));
    EXPECT_EQ(paths, (std::vector<std::string>{"/a", "/b"}));
}

TEST_F(ServerTest, an_upload_streams_through_with_back_pressure) {
    std::size_t seen = 0;
    bool whole = false;
    ExchangePtr open;
    serve([&](const ExchangePtr& x) {
        open = x;
        x->stream({.on_bytes =
                       [&](std::string_view bytes) {
                           seen += bytes.size();
                           if (seen == bytes.size()) open->pause();
                       },
                   .on_end =
                       [&](bool all) {
                           whole = all;
                           open->answer(200);
                       }});
    });
    constexpr std::size_t kBytes = 40'000'000;
    Visitor visitor{address};
    visitor.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kBytes) +
                "\r\n\r\n");
    const std::string block(65536, 'x');
    std::size_t sent = 0;
    const auto push = [&] {
        while (sent < kBytes) {
            const Moved moved =
                net::send(visitor.fd.number(), std::string_view(block).substr(0, kBytes - sent));
            if (moved.io != Io::moved) return;
            sent += moved.bytes;
        }
    };
    ASSERT_TRUE(turn_until([&] {
        push();
        return seen > 0;
    }));
    for (int i = 0; i < 20; ++i) {
        push();
        loop.turn(0ms);
    }
    EXPECT_LE(seen, 65536U);
    EXPECT_LT(sent, kBytes);
    open->resume();
    ASSERT_TRUE(turn_until([&] {
        push();
        return whole;
    }));
    EXPECT_EQ(seen, kBytes);
    EXPECT_TRUE(hears(visitor, "HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, a_body_paused_at_its_last_byte_still_has_an_end) {
    ExchangePtr open;
    bool whole = false;
    serve([&](const ExchangePtr& x) {
        open = x;
        x->stream({.on_bytes = [&](std::string_view) { open->pause(); },
                   .on_end =
                       [&](bool all) {
                           whole = all;
                           open->answer(200);
                       }});
    });
    Visitor visitor{address};
    visitor.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    ASSERT_TRUE(turn_until([&] { return open != nullptr; }));
    loop.turn(0ms);
    EXPECT_FALSE(whole);
    open->resume();
    EXPECT_TRUE(hears(visitor, "HTTP/1.1 200 OK"));
    EXPECT_TRUE(whole);
}

TEST_F(ServerTest, a_client_that_goes_away_within_its_body_is_told_to_the_handler) {
    bool ended = false;
    bool whole = true;
    bool gone = false;
    serve([&](const ExchangePtr& x) {
        x->stream({.on_end = [&](bool all) {
            ended = true;
            whole = all;
        }});
        x->on_gone([&] { gone = true; });
    });
    {
        Visitor visitor{address};
        visitor.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
        ASSERT_TRUE(turn_until([&] { return server->requests_open() == 1; }));
    }
    ASSERT_TRUE(turn_until([&] { return ended; }));
    EXPECT_FALSE(whole);
    EXPECT_TRUE(gone);
    EXPECT_EQ(server->requests_open(), 0U);
}

TEST_F(ServerTest, a_streamed_answer_waits_for_a_slow_reader) {
    std::size_t written = 0;
    std::function<void()> fill;
    constexpr std::size_t kBytes = 30'000'000;
    const std::string block(10'000, 'y');
    serve([&](const ExchangePtr& x) {
        x->begin(200, {{"Content-Type", "text/event-stream"}});
        fill = [&, x] {
            while (written < kBytes) {
                written += block.size();
                if (!x->write(block)) return;
            }
            x->end();
        };
        x->on_drained(fill);
        fill();
    });
    Visitor visitor{address};
    visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(turn_until([&] { return written > 0; }));
    for (int i = 0; i < 10; ++i) loop.turn(0ms);
    EXPECT_LT(written, kBytes);
    ASSERT_TRUE(turn_until([&] {
        visitor.hear();
        return visitor.heard.ends_with("0\r\n\r\n");
    }));
    ResponseRecorder recorder;
    recorder.feed(visitor.heard);
    EXPECT_EQ(recorder.messages, 1);
    EXPECT_GE(recorder.text.size(), kBytes);
    fill = nullptr;
}

TEST_F(ServerTest, a_streamed_answer_that_breaks_its_promise_is_cut) {
    serve([](const ExchangePtr& x) {
        x->begin(200, {{"Content-Length", "10"}});
        x->write("short");
        x->end();
    });
    Visitor visitor{address};
    visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(sees_end(visitor));
    EXPECT_TRUE(visitor.reset);
}

TEST_F(ServerTest, a_client_that_expects_continue_is_asked_only_if_its_body_is_wanted) {
    serve([](const ExchangePtr& x) {
        if (x->request().path == "/no") return x->answer(403);
        x->collect(100, [x](std::string body) { x->answer(Response::text(200, body + "!")); });
    });
    Visitor visitor{address};
    visitor.say("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    ASSERT_TRUE(hears(visitor, "HTTP/1.1 100 Continue\r\n\r\n"));
    visitor.say("hi");
    EXPECT_TRUE(hears(visitor, "hi!"));
    Visitor refused{address};
    refused.say("PUT /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    ASSERT_TRUE(sees_end(refused));
    EXPECT_NE(refused.heard.find("HTTP/1.1 403 "), std::string::npos);
    EXPECT_NE(refused.heard.find("Connection: close"), std::string::npos);
    EXPECT_EQ(refused.heard.find("100 Continue"), std::string::npos);
}

TEST_F(ServerTest, what_is_no_http_is_refused_and_the_connection_ends) {
    serve([](const ExchangePtr& x) { x->answer(200); });
    Visitor visitor{address};
    visitor.say(
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
    ASSERT_TRUE(sees_end(visitor));
    EXPECT_TRUE(visitor.heard.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_FALSE(visitor.reset);
    EXPECT_EQ(server->requests_begun(), 0U);
}

TEST_F(ServerTest, a_request_that_everybody_forgot_is_answered_with_500) {
    serve([](const ExchangePtr&) {});
    Visitor visitor{address};
    visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(hears(visitor, "HTTP/1.1 500 "));
}

TEST_F(ServerTest, heads_and_idle_connections_have_their_time) {
    serve([](const ExchangePtr& x) { x->answer(200); },
          {.header_patience = 30ms, .idle_patience = 60ms});
    Visitor slow{address};
    slow.say("GET / HTTP/1.1\r\nHost:");
    ASSERT_TRUE(sees_end(slow));
    EXPECT_TRUE(slow.heard.starts_with("HTTP/1.1 408 "));
    Visitor idle{address};
    idle.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(sees_end(idle));
    EXPECT_TRUE(idle.heard.starts_with("HTTP/1.1 200 "));
    EXPECT_FALSE(idle.reset);
}

TEST_F(ServerTest, a_graceful_stop_ends_open_requests_and_takes_no_more) {
    std::vector<ExchangePtr> open;
    serve([&](const ExchangePtr& x) { open.push_back(x); });
    Visitor busy{address};
    Visitor idle{address};
    busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(turn_until([&] { return open.size() == 1 && server->connections_open() == 2; }));
    Visitor last{address};  // in the backlog when the stop begins, its request under way
    last.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    bool stopped = false;
    server->stop_gracefully([&] { stopped = true; });
    EXPECT_TRUE(sees_end(idle));
    ASSERT_TRUE(turn_until([&] { return open.size() == 2; }));
    EXPECT_FALSE(stopped);
    open[0]->answer(Response::text(200, "done"));
    open[1]->answer(Response::text(200, "too"));
    EXPECT_TRUE(turn_until([&] { return stopped; }));
    EXPECT_TRUE(sees_end(busy));
    EXPECT_NE(busy.heard.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(busy.heard.ends_with("done"));
    EXPECT_TRUE(sees_end(last));
    EXPECT_TRUE(last.heard.ends_with("too"));
    EXPECT_EQ(server->connections_open(), 0U);
}

TEST_F(ServerTest, a_handler_may_stop_the_server_that_calls_it) {
    bool stopped = false;
    serve([&](const ExchangePtr& x) {
        if (x->request().path == "/stop") server->stop_gracefully([&] { stopped = true; });
        x->answer(Response::text(200, x->request().path));
    });
    Visitor other{address};
    other.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(hears(other, "/a"));
    Visitor visitor{address};
    visitor.say("GET /stop HTTP/1.1\r\nHost: x\r\n\r\n");
    other.say("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(hears(visitor, "/stop"));
    EXPECT_TRUE(hears(other, "/b"));
    EXPECT_TRUE(turn_until([&] { return stopped; }));
    EXPECT_TRUE(sees_end(visitor));
    EXPECT_TRUE(sees_end(other));
}

TEST_F(ServerTest, a_half_closed_client_still_gets_its_answer) {
    ExchangePtr open;
    serve([&](const ExchangePtr& x) { open = x; });
    Visitor visitor{address};
    visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    end_sending(visitor.fd.number());
    ASSERT_TRUE(turn_until([&] { return open != nullptr; }));
    loop.turn(0ms);
    open->answer(Response::text(200, "here"));
    ASSERT_TRUE(sees_end(visitor));
    EXPECT_TRUE(visitor.heard.ends_with("here"));
}

TEST_F(ServerTest, a_websocket_takes_the_connection_with_the_bytes_behind_its_handshake) {
    std::vector<std::string> heard;
    std::shared_ptr<WebSocket> socket;
    serve([&](const ExchangePtr& x) {
        socket = x->upgrade({.protocol = "chat"}, {{"X-Version-Id", "1.0.1"}});
        if (!socket) return;
        socket->listen({.on_text = [&](std::string_view text) {
            heard.emplace_back(text);
            socket->send_text("echo " + std::string(text));
        }});
    });
    Visitor visitor{address};
    std::string bytes =
        "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    append_masked_frame(bytes, Opcode::text, "early", 0x12345678);
    visitor.say(bytes);
    ASSERT_TRUE(hears(visitor, "echo early"));
    EXPECT_NE(visitor.heard.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
              std::string::npos);
    EXPECT_NE(visitor.heard.find("Sec-WebSocket-Protocol: chat\r\nX-Version-Id: 1.0.1\r\n"),
              std::string::npos);
    EXPECT_EQ(server->sockets_open(), 1U);
    EXPECT_EQ(server->requests_open(), 0U);
    visitor.fd.reset();
    EXPECT_TRUE(turn_until([&] { return server->sockets_open() == 0; }));
    Visitor wrong{address};
    wrong.say(
        "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_TRUE(hears(wrong, "HTTP/1.1 426 "));
    Visitor plain{address};
    plain.say("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(hears(plain, "HTTP/1.1 426 "));
}

TEST_F(ServerTest, destroying_it_cuts_what_is_open_and_open_exchanges_are_harmless) {
    ExchangePtr open;
    serve([&](const ExchangePtr& x) { open = x; });
    Visitor visitor{address};
    visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(turn_until([&] { return open != nullptr; }));
    server.reset();
    EXPECT_FALSE(open->alive());
    open->answer(200);
    EXPECT_TRUE(sees_end(visitor));
}

}  // namespace
}  // namespace net
