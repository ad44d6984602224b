// Requests through the edge, over real sockets.

#include "edge/testing.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <string>
#include <thread>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::App;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::RawApp;
using testing::Wire;

/// Answers with what it was asked, as text.
void echo(const net::ExchangePtr& exchange) {
    exchange->collect(1 << 20, [exchange](const std::string& body) {
        const net::Request& request = exchange->request();
        std::string text = request.method_text + " " + request.target + "\n";
        for (const auto& [name, value] : request.fields) text += name + ": " + value + "\n";
        text += "\n" + body;
        net::Response answer = net::Response::text(200, text);
        answer.fields.add("X-From", "app");
        exchange->answer(answer);
    });
}

class Proxy : public ::testing::Test {
protected:
    void begin(App::Handler handler = echo) {
        app = std::make_unique<App>("one", std::move(handler));
        house.start();
        house.configure(change);
        house.weights(1, 0);
        house.add("blue", *app);
        address = house.address();
    }

    House house{1};
    std::unique_ptr<App> app;
    std::string address;
    std::function<void(base::Json&)> change;
};

TEST_F(Proxy, a_client_that_asks_on_and_reads_late_gets_every_short_answer_whole_and_in_order) {
    begin();
    constexpr int kRequests = 4000;  // their answers are more than both sockets hold
    const std::string more = "X-Own: " + std::string(2500, 'o') + "\r\n";
    Wire wire(address, 4096);
    std::atomic<int> asked = 0;
    std::jthread asker([&] {
        for (int i = 0; i < kRequests; ++i) {
            if (!wire.send(get("/" + std::to_string(i), more))) return;
            asked = i + 1;
        }
    });
    // Until the edge has taken no more for a while, since it cannot get rid of answers.
    for (int before = -1; before != asked;) {
        before = asked;
        pollfd room{.fd = wire.descriptor(), .events = POLLOUT, .revents = 0};
        while (::poll(&room, 1, 50) > 0 && before == asked && asked < kRequests) {
        }
    }
    for (int i = 0; i < kRequests; ++i) {
        const Got got = wire.answer();
        ASSERT_EQ(got.status, 200) << i;
        ASSERT_TRUE(got.body.starts_with("GET /" + std::to_string(i) + "\n")) << got.body;
        ASSERT_NE(got.body.find(more.substr(0, more.size() - 2)), std::string::npos);
    }
}

TEST_F(Proxy, passes_requests_and_answers_on_and_keeps_both_connections) {
    begin();
    Wire wire(address);
    for (int i = 0; i < 50; ++i) {
        const Got got = wire.ask(get("/a/b?c=" + std::to_string(i), "X-Own: kept\r\n"));
        ASSERT_EQ(got.status, 200);
        EXPECT_NE(got.body.find("GET /a/b?c=" + std::to_string(i) + "\n"), std::string::npos);
        EXPECT_NE(got.body.find("X-Own: kept\n"), std::string::npos);
        EXPECT_EQ(got.fields.at("x-from"), "app");
    }
    EXPECT_TRUE(eventually([&] { return house.target("blue", "one")["requests"] == 50; }));
    const base::Json target = house.target("blue", "one");
    EXPECT_EQ(target["pooled"], 1) << "one upstream connection served them all";
    EXPECT_EQ(target["in_flight"], 0);
}

TEST_F(Proxy, tells_the_target_who_asked_and_drops_what_is_for_one_hop) {
    begin();
    Wire wire(address);
    const Got got =
        wire.ask(get("/",
                     "X-Forwarded-For: 10.0.0.1\r\nConnection: keep-alive, X-Private\r\n"
                     "X-Private: secret\r\nKeep-Alive: timeout=9\r\nTE: gzip\r\n"
                     "X-Amzn-Trace-Id: Root=1-2-3;Self=old;Other=x\r\nVia: 1.0 fred\r\n"));
    const auto has = [&](std::string_view text) {
        return got.body.find(text) != std::string::npos;
    };
    EXPECT_TRUE(has("Host: app.test\n")) << got.body;
    EXPECT_TRUE(has("x-forwarded-for: 10.0.0.1, 127.0.0.1\n") ||
                has("X-Forwarded-For: 10.0.0.1, 127.0.0.1\n"))
        << got.body;
    EXPECT_TRUE(has("X-Forwarded-Proto: http\n"));
    EXPECT_TRUE(has("X-Forwarded-Port: " + address.substr(address.find(':') + 1) + "\n"));
    EXPECT_TRUE(has("Via: 1.0 fred, 1.1 crossfade\n") || has("via: 1.0 fred, 1.1 crossfade\n"));
    EXPECT_TRUE(has(";Root=1-2-3;Other=x\n") && has("X-Amzn-Trace-Id: Self=1-"));
    EXPECT_FALSE(has("secret"));
    EXPECT_FALSE(has("Keep-Alive"));
    EXPECT_FALSE(has("TE: gzip"));
}

TEST_F(Proxy, answers_pipelined_requests_in_their_order) {
    begin();
    Wire wire(address);
    std::string all;
    for (int i = 0; i < 20; ++i) all += get("/p" + std::to_string(i));
    ASSERT_TRUE(wire.send(all));
    for (int i = 0; i < 20; ++i) {
        const Got got = wire.answer();
        ASSERT_EQ(got.status, 200);
        EXPECT_NE(got.body.find("GET /p" + std::to_string(i) + "\n"), std::string::npos);
    }
}

TEST_F(Proxy, passes_bodies_on_with_length_and_in_chunks_with_trailers) {
    begin();
    Wire wire(address);
    EXPECT_NE(wire.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
                  .body.find("\n\nhello"),
              std::string::npos);
    ASSERT_TRUE(
        wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"));
    ASSERT_TRUE(wire.send("c\r\n0\r\nX-Sum: 9\r\n\r\n"));
    const Got got = wire.answer();
    EXPECT_EQ(got.status, 200);
    EXPECT_NE(got.body.find("\n\nabc"), std::string::npos) << got.body;
    EXPECT_EQ(wire.ask(get("/name")).body, "one");
}

TEST_F(Proxy, passes_a_body_on_that_comes_with_its_head_and_is_recorded_on_the_way) {
    begin();
    Wire wire(address);
    EXPECT_EQ(wire.ask(get("/name")).status, 200) << "the next one meets a connection at once";
    const std::string body(50'000, 'x');
    const Got got =
        wire.ask("PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + body);
    EXPECT_EQ(got.status, 200);
    EXPECT_TRUE(got.body.starts_with("PUT /p\n")) << got.body.substr(0, 200);
    EXPECT_TRUE(got.body.ends_with("\n\n" + body));
}

TEST_F(Proxy, passes_chunked_answers_on_with_their_trailers) {
    RawApp raw([](int client) {
        char bytes[4096];
        if (::recv(client, bytes, sizeof bytes, 0) <= 0) return;
        const std::string answer =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 42\r\n\r\n";
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    });
    house.begin(raw);
    Wire wire(house.address());
    const Got got = wire.ask(get("/"));
    EXPECT_EQ(got.body, "hello world");
    EXPECT_EQ(got.trailers.at("x-sum"), "42");
    EXPECT_TRUE(got.complete);
    EXPECT_FALSE(got.closed);
}

TEST_F(Proxy, gives_an_answer_that_ends_with_its_connection_a_form_that_shows_its_end) {
    RawApp raw([](int client) {
        char bytes[4096];
        if (::recv(client, bytes, sizeof bytes, 0) <= 0) return;
        const std::string answer = "HTTP/1.1 200 OK\r\n\r\nuntil the end";
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    });
    house.begin(raw);
    Wire wire(house.address());
    const Got got = wire.ask(get("/"));
    EXPECT_EQ(got.body, "until the end");
    EXPECT_EQ(got.fields.at("transfer-encoding"), "chunked");
    EXPECT_FALSE(got.closed);
    Wire old(house.address());
    const Got plain = old.ask("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
    EXPECT_EQ(plain.body, "until the end");
    EXPECT_FALSE(plain.fields.contains("transfer-encoding"));
    EXPECT_TRUE(plain.closed);
}

TEST_F(Proxy, passes_100_continue_through_and_the_body_after_it) {
    begin([](const net::ExchangePtr& exchange) { echo(exchange); });
    RawApp raw([](int client) {
        std::string head;
        char bytes[4096];
        while (head.find("\r\n\r\n") == std::string::npos) {
            const ssize_t found = ::recv(client, bytes, sizeof bytes, 0);
            if (found <= 0) return;
            head.append(bytes, static_cast<std::size_t>(found));
        }
        const bool expects = head.find("100-continue") != std::string::npos;
        const std::string go = "HTTP/1.1 100 Continue\r\n\r\n";
        std::string body;
        if (expects) {
            ::send(client, go.data(), go.size(), MSG_NOSIGNAL);
            const ssize_t found = ::recv(client, bytes, sizeof bytes, 0);
            if (found > 0) body.assign(bytes, static_cast<std::size_t>(found));
        }
        const std::string answer =
            "HTTP/1.1 201 Created\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            body;
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    });
    house.add("green", "raw", raw.address);
    house.await_state("green", "raw", "healthy");
    house.weights(0, 1);
    Wire wire(address);
    ASSERT_TRUE(wire.send(
        "PUT /f HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(wire.read(25), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(wire.send("data"));
    const Got got = wire.answer();
    EXPECT_EQ(got.status, 201);
    EXPECT_EQ(got.body, "data");
}

TEST_F(Proxy, keeps_head_204_and_304_without_bodies_apart_from_what_follows) {
    begin([](const net::ExchangePtr& exchange) {
        if (exchange->request().path == "/204") return exchange->answer(204);
        if (exchange->request().path == "/304") return exchange->answer(304);
        exchange->answer(net::Response::text(200, "body"));
    });
    Wire wire(address);
    const Got head = wire.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", net::Method::head);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.fields.at("content-length"), "4");
    EXPECT_EQ(wire.ask(get("/204")).status, 204);
    EXPECT_EQ(wire.ask(get("/304")).status, 304);
    EXPECT_EQ(wire.ask(get("/x")).body, "body");
}

TEST_F(Proxy, refuses_malformed_requests_and_says_why) {
    begin();
    struct Row {
        std::string request;
        int status;
    };
    const std::string long_field(20'000, 'x');
    const std::string long_path(17'000, 'x');
    for (const Row& row :
         {Row{"GET / HTTP/1.1\r\n\r\n", 400},
          Row{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
          Row{"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
          Row{"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400}, Row{"GET / HTTP/1.1\nHost: a\n\n", 400},
          Row{"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
          Row{"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400},
          Row{"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
          Row{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              400},
          Row{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400},
          Row{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
              "Content-Length: 2\r\n\r\nx",
              400},
          Row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
          Row{"GET / HTTP/1.1\r\nHost: a\r\nX: " + long_field + "\r\n\r\n", 431},
          Row{"GET /" + long_path + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
          Row{"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
          Row{"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405},
          Row{get(
                  "/", "X-Forwarded-For: 1" +
                           [] {
                               std::string list;
                               for (int i = 0; i < 30; ++i) list += ", 1";
                               return list;
                           }() +
                           "\r\n"),
              463}}) {
        Wire wire(address);
        const Got got = wire.ask(row.request);
        EXPECT_EQ(got.status, row.status) << row.request.substr(0, 200);
        EXPECT_TRUE(wire.ended()) << row.request.substr(0, 200);
    }
    EXPECT_EQ(app->requests, 0U);
    Wire json(address);
    const Got got = json.ask(get("/", "Accept: application/json\r\nHost: b\r\n"));
    EXPECT_EQ(got.status, 400);
}

TEST_F(Proxy, refuses_in_json_where_the_client_takes_json) {
    house.start();
    house.configure();
    house.weights(1, 0);
    Wire wire(house.address());
    const Got got = wire.ask(get("/", "Accept: application/json\r\n"));
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.fields.at("content-type"), "application/json");
    const base::Json body = *base::json_from(got.body);
    EXPECT_EQ(body["status_code"], 503);
    EXPECT_EQ(body["id"], "edge.target.none");
    EXPECT_FALSE(body["request_id"].get<std::string>().empty());
    EXPECT_EQ(wire.ask(get("/")).fields.at("content-type"), "text/plain; charset=utf-8");
}

TEST_F(Proxy, gives_an_error_to_a_client_that_is_still_sending) {
    change = [](base::Json& config) { config["limits"] = {{"body_bytes", 1000}}; };
    begin();
    Wire wire(address);
    ASSERT_TRUE(wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"));
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 30 && wire.send(piece); ++i) {
    }
    EXPECT_EQ(wire.answer().status, 413);
}

TEST_F(Proxy, answers_502_at_once_when_the_target_dies_within_a_request) {
    RawApp raw([](int client) {
        char bytes[4096];
        ::recv(client, bytes, sizeof bytes, 0);
        if (std::string_view(bytes, 9) == "GET /ping") {
            const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    });
    house.begin(raw);
    Wire wire(house.address());
    const Got got = wire.ask(get("/"));
    EXPECT_EQ(got.status, 502);
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["errors"] == 1; }));
    EXPECT_EQ(house.counts("blue")["requests"], 1);
}

TEST_F(Proxy, never_makes_a_cut_answer_look_whole) {
    RawApp raw([](int client) {
        char bytes[4096];
        ::recv(client, bytes, sizeof bytes, 0);
        std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        if (std::string_view(bytes, 9) != "GET /ping") {
            answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        }
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    });
    house.begin(raw);
    Wire wire(house.address());
    const Got got = wire.ask(get("/"));
    EXPECT_EQ(got.body, "hello");
    EXPECT_FALSE(got.complete);
    EXPECT_TRUE(got.closed);
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["errors"] == 1; }));
}

TEST_F(Proxy, tries_another_target_when_one_refuses_the_connection) {
    App dead("dead");
    App alive("alive", echo);
    house.start();
    house.configure([](base::Json& config) {
        for (auto& [name, group] : config["groups"].items()) {
            group["health"]["interval_ms"] = 60'000;
        }
    });
    house.weights(1, 0);
    house.add("blue", dead);
    house.add("blue", alive);
    dead.die();
    Wire wire(house.address());
    for (int i = 0; i < 20; ++i) {
        const Got got = wire.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
        ASSERT_EQ(got.status, 200) << i;
        EXPECT_NE(got.body.find("\n\nbody"), std::string::npos);
    }
    EXPECT_EQ(house.counts("blue")["errors"], 0);
    house.await_state("blue", "dead", "unhealthy");
}

TEST_F(Proxy, repeats_what_a_stale_connection_swallowed_only_where_that_is_safe) {
    // Serves one request a connection, then reads the next and closes without an answer.
    std::atomic<int> swallowed{0};
    RawApp raw([&](int client) {
        char bytes[4096];
        for (int i = 0;; ++i) {
            const ssize_t found = ::recv(client, bytes, sizeof bytes, 0);
            if (found <= 0) return;
            const bool probe = std::string_view(bytes, 9) == "GET /ping";
            if (i == 1) {
                ++swallowed;
                return;
            }
            const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
            if (probe) return;
        }
    });
    house.start();
    house.configure(
        [](base::Json& config) { config["groups"]["blue"]["health"]["interval_ms"] = 60'000; });
    house.weights(1, 0);
    house.add("blue", "raw", raw.address);
    house.await_state("blue", "raw", "healthy");
    Wire wire(house.address());
    EXPECT_EQ(wire.ask(get("/1")).body, "ok");
    EXPECT_EQ(wire.ask(get("/2")).body, "ok") << "a GET is repeated";
    EXPECT_EQ(swallowed, 1);
    EXPECT_EQ(wire.ask("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 502)
        << "a POST is not";
    EXPECT_EQ(swallowed, 2);
}

TEST_F(Proxy, answers_by_rules_without_a_target) {
    change = [](base::Json& config) {
        config["rules"].push_back({{"priority", 1},
                                   {"path", "/old/*"},
                                   {"redirect", {{"status", 301}, {"location", "/new/#{path}"}}}});
        config["rules"].push_back({{"priority", 2},
                                   {"header", {{"name", "X-Stop"}, {"value", "*"}}},
                                   {"fixed", {{"status", 418}, {"body", "tea"}}}});
        config["rules"].push_back({{"priority", 3},
                                   {"header", {{"name", "X-Pool"}, {"value", "green"}}},
                                   {"forward", {{"weights", {{"green", 1}}}}}});
    };
    begin();
    App green("green");
    house.add("green", green);
    Wire wire(address);
    const Got moved = wire.ask(get("/old/x"));
    EXPECT_EQ(moved.status, 301);
    EXPECT_EQ(moved.fields.at("location"), "/new/old/x");
    const Got fixed = wire.ask(get("/", "X-Stop: 1\r\n"));
    EXPECT_EQ(fixed.status, 418);
    EXPECT_EQ(fixed.body, "tea");
    EXPECT_EQ(wire.ask(get("/name", "X-Pool: green\r\n")).body, "green");
    EXPECT_EQ(wire.ask(get("/name")).body, "one");
}

TEST_F(Proxy, deals_requests_out_exactly_by_weight) {
    begin();
    App green("green");
    house.add("green", green);
    house.weights(950, 50);
    Wire wire(address);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(wire.ask(get("/name")).status, 200);
    EXPECT_EQ(app->requests, 950U);
    EXPECT_EQ(green.requests, 50U);
    // Of the last two minutes: all of it, unless the machine is very slow.
    const base::Json observed = (*house.edge->control().observe(120))["groups"];
    EXPECT_GT(observed["green"]["requests_begun"], 0);
    EXPECT_GT(observed["blue"]["requests_begun"], observed["green"]["requests_begun"]);
    EXPECT_EQ(observed["green"]["instances_healthy"], 1);
    std::uint64_t timed = 0;
    const base::Json green_counts = house.counts("green");
    for (const auto& bucket : green_counts["latency"]) {
        timed += bucket[1].get<std::uint64_t>();
    }
    EXPECT_EQ(timed, 50U);
}

TEST_F(Proxy, sends_nothing_to_a_group_without_a_healthy_target_while_another_has_one) {
    begin();
    App green("green");
    house.add("green", green);
    house.weights(0, 1000);
    green.healthy = false;
    house.await_state("green", "green", "unhealthy");
    Wire wire(address);
    EXPECT_EQ(wire.ask(get("/name")).body, "green") << "fail-open: no other has weight";
    house.weights(1, 999);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(wire.ask(get("/name")).body, "one");
}

TEST_F(Proxy, ends_a_request_whose_target_is_silent_with_504) {
    change = [](base::Json& config) { config["limits"] = {{"response_timeout_ms", 100}}; };
    std::vector<net::ExchangePtr> kept;
    begin([&](const net::ExchangePtr& exchange) { kept.push_back(exchange); });
    Wire wire(address);
    EXPECT_EQ(wire.ask(get("/never")).status, 504);
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["errors"] == 1; }));
    EXPECT_TRUE(eventually([&] { return house.target("blue", "one")["in_flight"] == 0; }));
    app->die();
}

TEST_F(Proxy, ends_clients_that_are_too_slow_with_408_or_silence) {
    change = [](base::Json& config) {
        config["limits"] = {
            {"header_timeout_ms", 100}, {"keep_alive_ms", 100}, {"idle_timeout_ms", 100}};
    };
    begin();
    Wire slow_head(address);
    ASSERT_TRUE(slow_head.send("GET / HTTP/1.1\r\nHost:"));
    EXPECT_EQ(slow_head.answer().status, 408);
    Wire slow_body(address);
    ASSERT_TRUE(slow_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab"));
    EXPECT_EQ(slow_body.answer().status, 408);
    Wire idle(address);
    EXPECT_EQ(idle.ask(get("/name")).status, 200);
    EXPECT_TRUE(idle.ended());
    EXPECT_EQ(house.counts("blue")["errors"], 0) << "a slow client is not the target's fault";
}

TEST_F(Proxy, holds_little_memory_for_a_client_that_does_not_read) {
    const std::string big(64 * 1024 * 1024, 'x');
    begin(
        [&](const net::ExchangePtr& exchange) { exchange->answer(net::Response::text(200, big)); });
    Wire wire(address, 4096);
    ASSERT_TRUE(wire.send(get("/big")));
    EXPECT_EQ(wire.read(1000).size(), 1000U);
    EXPECT_EQ(house.target("blue", "one")["in_flight"], 1);
    wire.close();
    EXPECT_TRUE(eventually([&] { return house.target("blue", "one")["in_flight"] == 0; }));
}

TEST_F(Proxy, writes_a_line_for_each_request) {
    house.access_log = (house.folder.path / "access.log").string();
    begin();
    {
        Wire wire(address);
        EXPECT_EQ(wire.ask(get("/a\"b?q", "User-Agent: \"x\\y\"\r\n")).status, 200);
        EXPECT_EQ(wire.ask("BAD\r\n\r\n").status, 400);
    }
    house.stop();
    const std::string log = *base::read_file(house.access_log, base::Bytes{1 << 20});
    EXPECT_NE(log.find(R"(/a\"b?q HTTP/1.1" "\"x\\y\"")"), std::string::npos) << log;
    EXPECT_NE(log.find(" 200 200 "), std::string::npos) << log;
    EXPECT_NE(log.find("\"edge.request.malformed\""), std::string::npos) << log;
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2);
}

}  // namespace
}  // namespace edge
