// Targets that speak HTTP/2: what they are sent, and what becomes of a call when they refuse it,
// say goodbye, or break off.

#include "edge/http2/http2_testing.h"
#include "edge/http2/target_testing.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace edge {
namespace {

using namespace edge::testing;
using F = Frame;

constexpr std::uint32_t kCancel = 8;
constexpr std::uint32_t kInternalError = 2;
constexpr std::uint32_t kRefusedStream = 7;
constexpr std::uint32_t kNoneProcessed = 0x7fffffff;

Headers grpc_call(std::string_view path) {
    return request(
        "POST", path,
        {{"content-type", "application/grpc"}, {"te", "trailers"}, {"grpc-timeout", "9S"}});
}

/// What every test's target does where the test says nothing else.
void echo(FrameTarget::Peer& peer, const Frame& taken) {
    if (taken.ends()) peer.answer(taken.id, peer.streams[taken.id].body);
}

class Http2Targets : public ::testing::Test {
protected:
    void begin(const std::string& protocol, base::Json more = {}) {
        const auto files = net::tls::testing::make_pair(house.folder.path, "one", {"app.test"});
        house.start();
        house.configure([&](base::Json& config) {
            config["listeners"] = {
                {{"name", "https"},
                 {"address", "127.0.0.1:0"},
                 {"tls",
                  {{"certificates", {{{"certificate", files.certificate}, {"key", files.key}}}}}}},
                {{"name", "plain"}, {"address", "127.0.0.1:0"}}};
            for (const char* group : {"blue", "green"}) {
                config["groups"][group]["protocol"] = protocol;
                if (protocol == "grpc") config["groups"][group]["health"]["path"] = "/ping";
                if (protocol == "grpc") config["groups"][group]["health"]["grpc_status_min"] = 0;
            }
            if (!more.is_null()) config.merge_patch(more);
        });
        house.weights(1, 0);
        const base::Json listeners = (*house.edge->control().health())["listeners"];
        address = listeners[0]["address"].get<std::string>();
        plain = listeners[1]["address"].get<std::string>();
    }
    void add(const std::string& group, const std::string& id, const FrameTarget& target) {
        house.add(group, id, target.address);
        house.await_state(group, id, "healthy");
    }

    House house{1};
    std::string address;
    std::string plain;
};

TEST_F(Http2Targets, get_a_request_as_http_2_says_it) {
    begin("http2");
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends()) return;
        std::string seen;
        for (const auto& [name, value] : peer.streams[taken.id].fields) {
            if (name == "x-amzn-trace-id" || name == "traceparent") continue;
            seen.append(name).append("=").append(value).append("\n");
        }
        peer.answer(taken.id, seen);
    });
    add("blue", "one", target);
    FrameClient client(address);
    client.begin(1, request("GET", "/a?b=c", {{"te", "trailers"}, {"x-own", "1"}}));
    const Answered& got = client.await(1);
    EXPECT_EQ(got.fields.at(":status"), "200");
    const std::string port = address.substr(address.find(':') + 1);
    EXPECT_EQ(got.body,
              ":authority=app.test\n:method=GET\n:path=/a?b=c\n:scheme=http\nte=trailers\n"
              "via=1.1 crossfade\nx-forwarded-for=127.0.0.1\nx-forwarded-port=" +
                  port + "\nx-forwarded-proto=https\nx-own=1\n");
}

TEST_F(Http2Targets, answer_a_hundred_requests_on_one_connection) {
    begin("http2");
    FrameTarget target(echo);
    add("blue", "one", target);
    FrameClient client(address);
    for (std::uint32_t i = 0; i < 100; ++i) {
        client.begin(2 * i + 1, request("POST", "/echo"), false);
    }
    for (std::uint32_t i = 0; i < 100; ++i) {
        client.send(frame(F::kData, F::kEndStream, 2 * i + 1, std::to_string(i)));
    }
    for (std::uint32_t i = 0; i < 100; ++i) {
        EXPECT_EQ(client.await(2 * i + 1).body, std::to_string(i));
    }
    EXPECT_EQ(target.connections, 1U);
    EXPECT_EQ(target.requests, 100U);
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["requests"] == 100; }));
}

TEST_F(Http2Targets, that_take_few_streams_get_more_connections) {
    begin("http2");
    FrameTarget target(echo, std::string("\0\x03", 2) + number32(2));  // at most two at once
    add("blue", "one", target);
    FrameClient client(address);
    for (std::uint32_t i = 0; i < 6; ++i) client.begin(2 * i + 1, request("POST", "/x"), false);
    ASSERT_TRUE(eventually([&] { return target.requests == 6; }));
    EXPECT_EQ(target.connections, 3U);
    for (std::uint32_t i = 0; i < 6; ++i) {
        client.send(frame(F::kData, F::kEndStream, 2 * i + 1, "x"));
        EXPECT_EQ(client.await(2 * i + 1).body, "x");
    }
}

TEST_F(Http2Targets, pass_trailers_and_streams_both_ways_while_they_last) {
    begin("grpc");
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.type == F::kHeaders && !taken.ends()) {
            peer.head(taken.id, {{":status", "200"}, {"content-type", "application/grpc"}});
        }
        if (taken.type == F::kData) peer.data(taken.id, taken.payload);
        if (taken.ends()) peer.head(taken.id, {{"grpc-status", "0"}, {"grpc-message", "ok"}}, true);
    });
    add("blue", "one", target);
    FrameClient client(address);
    client.begin(1, grpc_call("/chat.Chat/Talk"), false);
    while (client.streams[1].fields.empty()) ASSERT_TRUE(client.step());
    for (const std::string said : {"one", "two", "three"}) {
        const std::size_t before = client.streams[1].body.size();
        client.send(frame(F::kData, 0, 1, said));
        while (client.streams[1].body.size() < before + said.size()) ASSERT_TRUE(client.step());
        EXPECT_TRUE(client.streams[1].body.ends_with(said));
    }
    EXPECT_FALSE(client.streams[1].ended);
    client.send(frame(F::kData, F::kEndStream, 1, ""));
    const Answered& got = client.await(1);
    EXPECT_TRUE(got.ended);
    EXPECT_EQ(got.fields.at("grpc-status"), "0");
    EXPECT_EQ(got.fields.at("grpc-message"), "ok");
}

TEST_F(Http2Targets, that_answer_with_trailers_alone_are_passed_on_as_such) {
    begin("grpc");
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends()) return;
        peer.head(taken.id,
                  {{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-status", "5"}},
                  true);
    });
    add("blue", "one", target);
    FrameClient client(address);
    client.begin(1, grpc_call("/a/B"), false);
    client.send(frame(F::kData, F::kEndStream, 1, std::string(5, '\0')));
    while (client.streams[1].fields.empty()) ASSERT_TRUE(client.step());
    EXPECT_TRUE(client.streams[1].ended) << "with the head itself";
    EXPECT_EQ(client.streams[1].fields.at("grpc-status"), "5");
}

TEST_F(Http2Targets, that_refuse_a_stream_have_it_sent_to_another_body_and_all) {
    begin("http2");
    FrameTarget refusing([](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.ends()) peer.reset(taken.id, kRefusedStream);
    });
    FrameTarget willing(echo);
    add("blue", "refusing", refusing);
    add("blue", "willing", willing);
    FrameClient client(address);
    for (std::uint32_t id = 1; id < 9; id += 2) {
        client.begin(id, request("POST", "/once"), false);
        client.send(frame(F::kData, 0, id, "bo"));
        client.send(frame(F::kData, F::kEndStream, id, "dy"));
        EXPECT_EQ(client.await(id).body, "body") << id;
    }
    EXPECT_GT(refusing.requests, 0U);
    EXPECT_EQ(willing.requests, 4U);
}

TEST_F(Http2Targets, that_reset_what_they_began_are_not_asked_twice) {
    begin("http2");
    FrameTarget failing([](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.ends()) peer.reset(taken.id, kInternalError);
    });
    add("blue", "failing", failing);
    FrameClient client(address);
    client.begin(1, request("POST", "/once"), false);
    client.send(frame(F::kData, F::kEndStream, 1, "body"));
    EXPECT_EQ(client.await(1).fields.at(":status"), "502");
    EXPECT_EQ(failing.requests, 1U);
}

TEST_F(Http2Targets, that_say_goodbye_answer_what_they_took_and_the_rest_goes_elsewhere) {
    begin("http2");
    // The first connection answers its first stream alone, late; its goodbye names no other.
    std::atomic<bool> go_on{false};
    FrameTarget target([&](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends()) return;
        if (peer.number > 1) return peer.answer(taken.id, "second connection");
        if (peer.streams.size() < 4) return;  // the connection itself, and three calls
        peer.goaway(1);
        while (!go_on) std::this_thread::yield();
        peer.answer(1, "first connection");
    });
    add("blue", "one", target);
    FrameClient client(address);
    for (const std::uint32_t id : {1U, 3U, 5U}) {
        client.begin(id, request("POST", "/x"), false);
        client.send(frame(F::kData, F::kEndStream, id, "x"));
    }
    EXPECT_EQ(client.await(3).body, "second connection");
    EXPECT_EQ(client.await(5).body, "second connection");
    go_on = true;
    EXPECT_EQ(client.await(1).body, "first connection");
    EXPECT_EQ(target.connections, 2U);
    EXPECT_TRUE(eventually([&] { return house.target("blue", "one")["pooled"] <= 1; }));
}

TEST_F(Http2Targets, that_vanish_before_a_call_was_sent_do_not_lose_it) {
    begin("http2");
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends()) return;
        peer.answer(taken.id, "here");
        peer.over = true;  // without a goodbye
    });
    add("blue", "one", target);
    FrameClient client(address);
    for (std::uint32_t id = 1; id < 41; id += 2) {
        client.begin(id, request("GET", "/x"));
        EXPECT_EQ(client.await(id).body, "here") << id;
    }
}

TEST_F(Http2Targets, are_told_when_a_client_gives_up) {
    begin("http2");
    std::atomic<std::uint32_t> error{0};
    FrameTarget target([&](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.type == F::kReset) error = peer.streams[taken.id].error;
    });
    add("blue", "one", target);
    FrameClient client(address);
    client.begin(1, request("GET", "/slow"));
    ASSERT_TRUE(eventually([&] { return target.requests == 1; }));
    client.send(frame(F::kReset, 0, 1, number32(kCancel)));
    EXPECT_TRUE(eventually([&] { return error == kCancel; }));
    EXPECT_TRUE(eventually([&] { return house.target("blue", "one")["in_flight"] == 0; }));
}

TEST_F(Http2Targets, are_empty_only_when_no_stream_is_open_and_their_connections_are_closed) {
    begin("http2");
    FrameTarget old_target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.ends()) peer.answer(taken.id, "old");
    });
    FrameTarget new_target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.ends()) peer.answer(taken.id, "new");
    });
    add("blue", "old", old_target);
    FrameClient client(address);
    EXPECT_EQ(client.get(1, "/x").body, "old");
    client.begin(3, request("POST", "/long"), false);
    ASSERT_TRUE(eventually([&] { return old_target.requests == 2; }));
    add("blue", "new", new_target);
    house.drain("blue", "old");
    EXPECT_EQ(client.get(5, "/x").body, "new");
    EXPECT_EQ(house.target("blue", "old")["state"], "draining");
    EXPECT_EQ(house.target("blue", "old")["in_flight"], 1);
    client.send(frame(F::kData, F::kEndStream, 3, "end"));
    EXPECT_EQ(client.await(3).body, "old") << "requests end where they began";
    house.await_state("blue", "old", "drained");
    EXPECT_EQ(house.target("blue", "old")["pooled"], 0);
    EXPECT_TRUE(eventually([&] { return old_target.open == 0; }));
}

TEST_F(Http2Targets, that_do_not_read_stop_the_client_and_nobody_else) {
    begin("http2");
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        peer.opens_windows = false;
        const Answered& stream = peer.streams[taken.id];
        if (taken.ends()) peer.answer(taken.id, std::to_string(stream.body.size()));
    });
    add("blue", "one", target);
    FrameClient client(address);
    client.opens_windows = false;
    client.begin(1, request("POST", "/stuck"), false);
    // All that the edge allows: then no window update comes, however long the client waits.
    const std::string part(16'000, 'u');
    for (int i = 0; i < 4; ++i) client.send(frame(F::kData, 0, 1, part));
    EXPECT_EQ(client.get(3, "/x").body, "0");
    EXPECT_FALSE(client.streams[1].ended);
}

TEST_F(Http2Targets, whose_answer_nobody_reads_are_stopped_and_others_are_not) {
    begin("http2");
    std::atomic<std::size_t> sent{0};
    FrameTarget target([&](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends() && taken.type != F::kWindow) return;
        if (peer.streams[taken.id].fields[":path"] == "/x") return peer.answer(taken.id, "x");
        if (taken.type == F::kHeaders) {
            peer.head(taken.id, {{":status", "200"}});
            // What a stream's window of 32 KB allows.
            for (int i = 0; i < 2; ++i) peer.data(taken.id, std::string(16'000, 'a'));
            sent += 32'000;
        } else if (taken.id != 0) {
            const std::size_t more = number(taken.payload);
            for (std::size_t at = 0; at < more; at += 16'000) {
                peer.data(taken.id, std::string(std::min<std::size_t>(16'000, more - at), 'b'));
            }
            sent += more;
        }
    });
    add("blue", "one", target);
    FrameClient client(address);
    client.opens_windows = false;
    client.begin(1, request("GET", "/endless"));
    while (client.streams[1].body.size() < 65'535) ASSERT_TRUE(client.step());
    client.send(frame(F::kWindow, 0, 0, number32(1'000'000)));  // of the connection alone
    for (std::uint32_t id = 3; id < 23; id += 2) EXPECT_EQ(client.get(id, "/x").body, "x");
    const std::size_t held = sent;
    for (std::uint32_t id = 23; id < 43; id += 2) EXPECT_EQ(client.get(id, "/x").body, "x");
    EXPECT_EQ(sent, held);
    EXPECT_LT(held, 500'000U);
}

TEST_F(Http2Targets, hold_for_a_client_that_does_not_read_no_more_than_its_connections_bound) {
    begin("http2");
    std::atomic<std::size_t> sent{0};
    FrameTarget target([&](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends() && taken.type != F::kWindow) return;
        if (peer.streams[taken.id].fields[":path"] == "/x") return peer.answer(taken.id, "x");
        std::size_t more = taken.type == F::kWindow && taken.id != 0 ? number(taken.payload) : 0;
        if (taken.type == F::kHeaders) {
            peer.head(taken.id, {{":status", "200"}});
            more = 32 * 1024;
        }
        sent += more;
        for (std::size_t at = 0; at < more; at += 16'000) {
            peer.data(taken.id, std::string(std::min<std::size_t>(16'000, more - at), 'b'));
        }
    });
    add("blue", "one", target);
    // No stream may be given a byte.
    FrameClient client(address, std::string("\0\x04", 2) + number32(0));
    client.opens_windows = false;
    constexpr std::uint32_t kStreams = 100;
    for (std::uint32_t i = 0; i < kStreams; ++i)
        client.begin(2 * i + 1, request("GET", "/endless"));
    for (std::uint32_t i = kStreams; i < kStreams + 50; ++i) {
        client.begin(2 * i + 1, request("GET", "/x"));
        client.send(frame(F::kWindow, 0, 2 * i + 1, number32(10)));
        EXPECT_EQ(client.await(2 * i + 1).body, "x");
    }
    // What the target's windows let in, what the streams may hold together, and the little that
    // each may hold beyond: without a bound it would be three times as much.
    constexpr std::size_t kWindows = kStreams * 32 * 1024;
    EXPECT_LT(sent, kWindows + (1 << 20) + kStreams * 20 * 1024);
    // Nobody has forgotten how to go on.
    client.opens_windows = true;
    client.send(frame(F::kWindow, 0, 0, number32(10'000'000)));
    for (const std::uint32_t id : {1U, 2 * kStreams - 1}) {
        client.send(frame(F::kWindow, 0, id, number32(200'000)));
        while (client.streams[id].body.size() < 200'000) ASSERT_TRUE(client.step());
    }
}

TEST_F(Http2Targets, that_give_no_sign_of_life_lose_their_calls_to_others) {
    begin("http2", {{"limits", {{"connect_timeout_ms", 100}}}});
    std::atomic<bool> over{false};
    std::atomic<int> asked{0};
    const auto hangs_at_first = [&](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends()) return;
        if (peer.streams[taken.id].fields[":path"] == "/hang" && asked++ == 0) {
            eventually([&] { return over.load(); });  // as a process that is stopped
        }
        peer.answer(taken.id, "alive");
    };
    FrameTarget one(hangs_at_first);
    FrameTarget two(hangs_at_first);
    add("blue", "one", one);
    add("blue", "two", two);
    FrameClient client(address);
    EXPECT_EQ(client.get(1, "/hang").body, "alive") << "it was tried again elsewhere";
    for (std::uint32_t id = 3; id < 19; id += 2) EXPECT_EQ(client.get(id, "/next").body, "alive");
    over = true;
}

TEST_F(Http2Targets, that_think_for_long_but_live_keep_their_calls) {
    begin("http2", {{"limits", {{"connect_timeout_ms", 50}}}});
    std::atomic<int> pings{0};
    FrameTarget target([&](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.type != F::kPing) return;
        peer.send(frame(F::kPing, F::kAck, 0, taken.payload));
        if (++pings == 4) peer.answer(1, "thought");
    });
    add("blue", "one", target);
    FrameClient client(address);
    EXPECT_EQ(client.get(1, "/think").body, "thought");
}

TEST_F(Http2Targets, that_break_the_rules_are_a_502) {
    begin("http2");
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (!taken.ends()) return;
        const std::string path = peer.streams[taken.id].fields[":path"];
        if (path == "/switch") peer.head(taken.id, {{":status", "101"}}, true);
        if (path == "/upper") peer.head(taken.id, {{":status", "200"}, {"X-Upper", "a"}}, true);
        if (path == "/none") peer.head(taken.id, {{"server", "a"}}, true);
        if (path == "/hop") peer.head(taken.id, {{":status", "200"}, {"connection", "a"}}, true);
        if (path == "/split") peer.head(taken.id, {{":status", "200"}, {"a", "b\r\nc: d"}}, true);
        if (path == "/long") {
            peer.head(taken.id, {{":status", "200"}, {"content-length", "2"}});
            peer.data(taken.id, "abc", true);
        }
    });
    add("blue", "one", target);
    FrameClient client(address);
    std::uint32_t id = 1;
    for (const char* path : {"/switch", "/upper", "/none", "/hop", "/split"}) {
        EXPECT_EQ(client.get(id, path).fields[":status"], "502") << path;
        id += 2;
    }
    EXPECT_TRUE(client.get(id, "/long").reset);
}

TEST_F(Http2Targets, that_speak_http_1_are_502_and_never_healthy) {
    begin("http2");
    App app("old");
    house.add("blue", "old", app.address);
    FrameTarget target(echo);
    add("blue", "new", target);
    FrameClient client(address);
    for (std::uint32_t id = 1; id < 9; id += 2) EXPECT_EQ(client.get(id, "/x").body, "");
    EXPECT_EQ(house.target("blue", "old")["state"], "initial");
}

TEST_F(Http2Targets, get_only_clients_of_their_protocol) {
    begin("http2",
          {{"rules",
            {{{"priority", 1}, {"path", "/grpc/*"}, {"forward", {{"weights", {{"calls", 1}}}}}},
             {{"priority", 2}, {"path", "/one/*"}, {"forward", {{"weights", {{"ones", 1}}}}}},
             {{"priority", 100}, {"path", "*"}, {"forward", base::Json::object()}}}},
           {"groups",
            {{"calls",
              {{"protocol", "grpc"},
               {"health", {{"path", "/x"}, {"interval_ms", 50}, {"grpc_status_min", 0}}}}},
             {"ones", {{"health", {{"path", "/ping"}, {"interval_ms", 50}}}}}}}});
    FrameTarget target([](FrameTarget::Peer& peer, const Frame& taken) {
        if (taken.ends()) peer.head(taken.id, {{":status", "200"}, {"grpc-status", "12"}}, true);
    });
    App one("one");
    add("blue", "one", target);
    add("calls", "one", target);
    house.add("ones", one);
    // The table of ALB's guide, and WebSockets, which HTTP/2 targets are not asked for.
    for (const std::string path : {"/x", "/grpc/x"}) {
        EXPECT_EQ(Wire(plain).ask(get(path)).status, 464) << path;
    }
    EXPECT_EQ(Wire(plain).ask(get("/one/name")).status, 200);
    FrameClient client(address);
    EXPECT_EQ(client.get(1, "/x").fields[":status"], "200");
    EXPECT_EQ(client.get(3, "/grpc/x").fields[":status"], "464");
    EXPECT_EQ(client.get(5, "/one/name").fields[":status"], "200");
    std::uint32_t id = 7;
    for (const auto& [path, status] :
         Headers{{"/x", "200"}, {"/grpc/x", "200"}, {"/one/x", "464"}}) {
        client.begin(id, grpc_call(path));
        EXPECT_EQ(client.await(id).fields[":status"], status) << path;
        id += 2;
    }
    client.begin(id, request("POST", "/grpc/x"));
    EXPECT_EQ(client.await(id).fields[":status"], "200") << "any POST";
    client.begin(id + 2,
                 {{":method", "CONNECT"},
                  {":protocol", "websocket"},
                  {":scheme", "https"},
                  {":path", "/ws"},
                  {":authority", "app.test"},
                  {"sec-websocket-version", "13"}},
                 false);
    EXPECT_EQ(client.await(id + 2).fields[":status"], "464");
}

}  // namespace
}  // namespace edge
