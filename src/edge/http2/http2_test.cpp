// HTTP/2 as clients see it, friendly ones and others: frames on a TLS connection to a real edge.

#include "edge/http2/http2_testing.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <fstream>
#include <thread>
#include <utility>

namespace edge {
namespace {

using namespace edge::testing;
using F = FrameClient;

constexpr std::uint32_t kProtocolError = 1;
constexpr std::uint32_t kRefusedStream = 7;
constexpr std::uint32_t kEnhanceYourCalm = 11;

class EdgeHttp2 : public ::testing::Test {
protected:
    void SetUp() override {
        house.access_log = (house.folder.path / "access.log").string();
        const auto files = net::tls::testing::make_pair(house.folder.path, "one", {"app.test"});
        house.start();
        house.configure([&](base::Json& config) {
            config["listeners"][0]["tls"] = {
                {"certificates", {{{"certificate", files.certificate}, {"key", files.key}}}}};
        });
        house.add("blue", app);
        house.weights(1, 0);
        address = house.address();
    }

    void TearDown() override {
        app.post([this] { kept.clear(); });
    }

    void answer(const net::ExchangePtr& exchange) {
        const net::Request& request = exchange->request();
        if (request.path == "/large") {
            return exchange->answer(net::Response::text(200, std::string(2'000'000, 'x')));
        }
        if (request.path == "/slow") return kept.push_back(exchange);
        if (request.path == "/echo") {
            return exchange->collect(1'000'000, [exchange](std::string body) {
                exchange->answer(net::Response::text(200, std::move(body)));
            });
        }
        std::string seen;
        for (const std::string_view name : {"cookie", "x-forwarded-proto", "host", "via"}) {
            seen.append(request.fields.find(name).value_or("none")).append("|");
        }
        exchange->answer(net::Response::text(200, seen));
    }

    /// The error with which the edge resets a request of these fields.
    std::uint32_t refused(const Headers& headers, bool ends = true) {
        F client(address);
        client.begin(1, headers, ends);
        const Answered& got = client.await(1);
        EXPECT_EQ(got.fields.count(":status"), 0U);
        return got.reset ? got.error : ~0U;
    }

    std::vector<net::ExchangePtr> kept;  ///< Never answered; the app's thread alone touches it.
    App app{"one", [this](const net::ExchangePtr& exchange) { answer(exchange); }};
    House house;
    std::string address;
};

TEST_F(EdgeHttp2, a_request_is_answered_and_logged_as_h2) {
    F client(address);
    EXPECT_EQ(client.alpn(), "h2");
    client.begin(1, request("GET", "/seen", {{"cookie", "a=1"}, {"cookie", "b=2"}}));
    const Answered& got = client.await(1);
    EXPECT_EQ(got.fields.at(":status"), "200");
    EXPECT_EQ(got.body, "a=1; b=2|https|app.test|1.1 crossfade|");
    EXPECT_EQ(got.fields.count("connection"), 0U);
    EXPECT_EQ(client.settings[3], 128U);
    EXPECT_EQ(client.settings[8], 1U);
    house.stop();
    std::ifstream file(house.access_log);
    const std::string lines{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(lines.find("h2 "), 0U) << lines;
    EXPECT_NE(lines.find("/seen HTTP/2.0\""), std::string::npos) << lines;
    EXPECT_NE(lines.find("\"GET https://app.test:"), std::string::npos) << lines;
}

TEST_F(EdgeHttp2, a_hundred_requests_at_once_are_all_answered) {
    F client(address);
    for (std::uint32_t i = 0; i < 100; ++i) client.begin(2 * i + 1, request("GET", "/name"));
    for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(client.await(2 * i + 1).body, "one") << i;
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["requests"] == 100; }));
}

TEST_F(EdgeHttp2, a_head_has_no_body_and_what_nobody_serves_is_a_status) {
    F client(address);
    client.begin(1, request("HEAD", "/name"));
    EXPECT_EQ(client.await(1).fields.at(":status"), "200");
    EXPECT_EQ(client.await(1).body, "");
    client.begin(3, request("TRACE", "/name"));
    EXPECT_EQ(client.await(3).fields.at(":status"), "405");
}

TEST_F(EdgeHttp2, bodies_with_and_without_a_length_arrive_whole) {
    F client(address);
    const std::string part(10'000, 'p');
    client.begin(1, request("POST", "/echo"), false);
    client.begin(3, request("POST", "/echo", {{"content-length", "20000"}}), false);
    for (const std::uint32_t id : {1U, 3U}) {
        client.send(frame(F::kData, 0, id, part));
        client.send(frame(F::kData, F::kEndStream, id, part));
    }
    EXPECT_EQ(client.await(1).body, part + part);
    EXPECT_EQ(client.await(3).body, part + part);
}

TEST_F(EdgeHttp2, an_upload_larger_than_the_window_goes_on_as_the_target_takes_it) {
    F client(address);
    client.begin(1, request("POST", "/echo"), false);
    // 65,535 bytes are allowed at first; the rest as window updates come.
    const std::string part(16'000, 'u');
    for (int i = 0; i < 4; ++i) client.send(frame(F::kData, 0, 1, part));
    client.begin(3, request("GET", "/name"));
    EXPECT_EQ(client.await(3).body, "one");
    for (int i = 0; i < 4; ++i) {
        client.send(frame(F::kData, i == 3 ? F::kEndStream : 0, 1, part));
        client.begin(static_cast<std::uint32_t>(5 + 2 * i), request("GET", "/name"));
        EXPECT_EQ(client.await(static_cast<std::uint32_t>(5 + 2 * i)).body, "one");
    }
    EXPECT_EQ(client.await(1).body.size(), 128'000U);
}

TEST_F(EdgeHttp2, a_stream_that_nobody_reads_does_not_stop_the_others) {
    F client(address);
    client.opens_windows = false;
    client.begin(1, request("GET", "/large"));
    while (client.streams[1].body.size() < 65'535) ASSERT_TRUE(client.step());
    client.send(frame(F::kWindow, 0, 0, number32(1'000'000)));  // of the connection alone
    EXPECT_EQ(client.get(3, "/name").body, "one");
    client.opens_windows = true;
    client.send(frame(F::kWindow, 0, 1, number32(65'535)));
    EXPECT_EQ(client.await(1).body.size(), 2'000'000U);
}

TEST_F(EdgeHttp2, a_cut_answer_is_a_reset) {
    RawApp half([](int descriptor) {
        std::array<char, 4096> bytes;
        const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
        const bool probe =
            std::string_view(bytes.data(), got > 0 ? std::size_t(got) : 0).starts_with("GET /ping");
        net::send(descriptor, probe ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                    : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    house.weights(0, 1);
    house.add("green", "half", half.address);
    house.await_state("green", "half", "healthy");
    F client(address);
    const Answered& cut = client.get(1, "/x");
    EXPECT_TRUE(cut.reset);
    EXPECT_FALSE(cut.ended);
    EXPECT_NE(cut.error, 0U);
}

TEST_F(EdgeHttp2, what_a_request_must_not_say_resets_its_stream_alone) {
    const auto with = [](const std::string& name, const std::string& value) {
        return request("GET", "/name", {{name, value}});
    };
    for (const auto& [name, value] : Headers{{"X-Upper", "a"},
                                             {"connection", "close"},
                                             {"transfer-encoding", "chunked"},
                                             {"upgrade", "h2c"},
                                             {"keep-alive", "a"},
                                             {"proxy-connection", "a"},
                                             {"te", "gzip"},
                                             {"x-split", "a\r\nb: c"},
                                             {"x-zero", std::string("a\0b", 3)},
                                             {"na me", "a"},
                                             {"name:", "a"},
                                             {":unknown", "a"},
                                             {":path", "/twice"},
                                             {"host", "other.test"}}) {
        EXPECT_NE(refused(with(name, value)), ~0U) << name;
    }
    const auto like = [](const std::string& method, const std::string& path,
                         const std::string& authority) {
        return Headers{
            {":method", method}, {":scheme", "https"}, {":path", path}, {":authority", authority}};
    };
    EXPECT_NE(refused(like("GET", "", "app.test")), ~0U);
    EXPECT_NE(refused(like("GET", "name", "app.test")), ~0U);
    EXPECT_NE(refused(like("GET", "/a HTTP/1.1\r\nX: y", "app.test")), ~0U);
    EXPECT_NE(refused(like("GET", "/a b", "app.test")), ~0U);
    EXPECT_NE(refused(like("G ET", "/", "app.test")), ~0U);
    EXPECT_NE(refused(like("GET", "/", "user@app.test")), ~0U);
    EXPECT_NE(refused({{":method", "GET"}, {":scheme", "https"}}), ~0U);
    EXPECT_EQ(app.requests, 0U);
    F client(address);
    client.begin(1, with("te", "gzip"));
    EXPECT_TRUE(client.await(1).reset);
    EXPECT_EQ(client.get(3, "/name").body, "one") << "the connection goes on";
}

TEST_F(EdgeHttp2, a_body_that_is_not_as_long_as_it_says_resets_its_stream) {
    for (const std::string_view sent : {"12345678901", "12345"}) {
        F client(address);
        client.begin(1, request("POST", "/echo", {{"content-length", "10"}}), false);
        client.send(frame(F::kData, F::kEndStream, 1, sent));
        EXPECT_EQ(client.await(1).error, kProtocolError) << sent;
    }
}

TEST_F(EdgeHttp2, streams_beyond_the_bound_are_refused_and_may_be_repeated) {
    // Before it has seen the bound, a client may well go beyond it; after that it breaks a rule.
    F early(address);
    for (std::uint32_t i = 0; i < 129; ++i) early.begin(1 + 2 * i, request("GET", "/slow"));
    EXPECT_EQ(early.await(1 + 2 * 128).error, kRefusedStream);
    F late(address);
    late.get(1, "/name");
    for (std::uint32_t i = 0; i < 129; ++i) late.begin(3 + 2 * i, request("GET", "/slow"));
    EXPECT_EQ(late.await_goaway(), kProtocolError);
}

TEST_F(EdgeHttp2, rapid_reset_ends_the_connection) {
    F client(address);
    std::string all;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        all += frame(F::kHeaders, F::kEndHeaders | F::kEndStream, 2 * i + 1,
                     hpack(request("GET", "/name")));
        all += frame(F::kReset, 0, 2 * i + 1, number32(8));
    }
    client.send(all);
    EXPECT_NE(client.await_goaway(), ~0U);
    EXPECT_LT(app.requests, 1000U);
}

TEST_F(EdgeHttp2, floods_of_idle_frames_end_the_connection) {
    const std::string one_window =
        frame(F::kHeaders, F::kEndHeaders, 1, hpack(request("POST", "/echo")));
    for (const auto& [before, flood] :
         Headers{{"", frame(F::kPing, 0, 0, "12345678")},
                 {"", frame(F::kSettings, 0, 0, "")},
                 {"", frame(F::kPriority, 0, 3, std::string(5, '\0'))},
                 {one_window, frame(F::kData, 0, 1, "")},
                 {one_window, frame(F::kWindow, 0, 1, number32(1))}}) {
        F client(address);
        client.send(before);
        std::string all;
        for (int i = 0; i < 1500; ++i) all += flood;
        client.send(all);
        EXPECT_EQ(client.await_goaway(), kEnhanceYourCalm) << int(flood[3]);
        while (client.step()) {  // and it ends
        }
    }
}

TEST_F(EdgeHttp2, endless_continuations_end_the_connection) {
    F client(address);
    client.send(frame(F::kHeaders, F::kEndStream, 1, hpack(request("GET", "/name"))));
    std::string all;
    for (int i = 0; i < 100; ++i) all += frame(F::kContinuation, 0, 1, hpack({{"a", "b"}}));
    client.send(all);
    EXPECT_NE(client.await_goaway(), ~0U);
    EXPECT_EQ(app.requests, 0U);
}

TEST_F(EdgeHttp2, heads_beyond_their_bound_reset_the_stream) {
    Headers many = request("GET", "/name");
    for (int i = 0; i < 200; ++i) many.emplace_back("x-field", "a");
    EXPECT_NE(refused(many), ~0U);
    F client(address);
    client.begin(1, request("GET", "/name", {{"x-large", std::string(12'000, 'a')}}));
    EXPECT_EQ(client.await(1).body, "one");
}

TEST_F(EdgeHttp2, a_retiring_edge_says_goaway_and_answers_what_it_has) {
    F client(address);
    EXPECT_EQ(client.get(1, "/name").body, "one");
    client.begin(3, request("POST", "/echo"), false);
    client.send(frame(F::kData, 0, 3, "first "));
    EXPECT_EQ(client.get(5, "/name").body, "one");  // by then the upload is under way
    std::jthread stopping([&] { house.stop(); });
    EXPECT_EQ(client.await_goaway(), 0U);
    client.send(frame(F::kData, F::kEndStream, 3, "second"));
    EXPECT_EQ(client.await(3).body, "first second");
    stopping.join();
}

TEST_F(EdgeHttp2, a_request_that_crosses_a_goaway_is_answered) {
    F client(address);
    EXPECT_EQ(client.get(1, "/name").body, "one");
    client.answers_pings = false;  // it has not seen yet what the edge says
    std::jthread stopping([&] { house.stop(); });
    EXPECT_EQ(client.await_goaway(), 0U);
    EXPECT_EQ(client.goaway_last, 0x7fffffffU);
    client.begin(3, request("GET", "/name"));
    client.send(frame(F::kPing, F::kAck, 0, std::string(8, '\0')));
    EXPECT_EQ(client.await(3).body, "one");
    while (client.step()) {
    }
    EXPECT_EQ(client.goaway_last, 3U) << "then nothing more is taken";
}

TEST_F(EdgeHttp2, a_client_that_never_sees_the_goaway_is_not_waited_for) {
    F client(address);
    EXPECT_EQ(client.get(1, "/name").body, "one");
    client.answers_pings = false;
    std::jthread stopping([&] { house.stop(); });
    while (client.step()) {
    }
    EXPECT_TRUE(client.gone_away);
}

class ClearHttp2 : public ::testing::Test {
protected:
    void begin(bool allowed) {
        house.start();
        house.configure([&](base::Json& config) { config["listeners"][0]["http2"] = allowed; });
        house.add("blue", app);
        house.weights(1, 0);
    }

    App app{"blue"};
    House house{1};
};

TEST_F(ClearHttp2, is_taken_by_prior_knowledge_where_the_listener_says_so) {
    begin(true);
    FrameClient client(house.address(), FrameClient::Clear{});
    EXPECT_EQ(client.get(1, "/name").body, "blue");
    EXPECT_EQ(client.get(3, "/name").body, "blue");
    EXPECT_EQ(Wire(house.address()).ask(get("/name")).body, "blue") << "as is HTTP/1.1";
    Wire pieces(house.address());
    const std::string preface(FrameClient::kPreface);
    for (std::size_t at = 0; at < preface.size(); at += 5) pieces.send(preface.substr(at, 5));
    pieces.send(frame(F::kSettings, 0, 0, ""));
    EXPECT_EQ(pieces.read(9)[3], static_cast<char>(F::kSettings));
    Wire alike(house.address());
    EXPECT_EQ(alike.ask("PRI * HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
    Wire silent(house.address());
    silent.half_close();
    EXPECT_TRUE(silent.ended());
}

TEST_F(ClearHttp2, is_no_request_elsewhere) {
    begin(false);
    Wire wire(house.address());
    EXPECT_EQ(wire.ask(FrameClient::kPreface).status, 400);
}

TEST_F(EdgeHttp2, a_websocket_is_a_stream_by_extended_connect) {
    RawApp echo([](int descriptor) {
        std::array<char, 65536> bytes;
        std::string head;
        while (head.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
            if (got <= 0) return;
            head.append(bytes.data(), static_cast<std::size_t>(got));
        }
        if (!head.starts_with("GET /ws HTTP/1.1")) {
            net::send(descriptor, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        net::send(descriptor,
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                  "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                  "Sec-WebSocket-Protocol: chat\r\n\r\n");
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
            // Masked with zeros, a frame comes back as it went but for the mask.
            if (got > 6) {
                bytes[1] = static_cast<char>(bytes[1] & 0x7f);
                net::send(descriptor, std::string_view(bytes.data(), 2));
                net::send(descriptor, std::string_view(bytes.data() + 6, std::size_t(got) - 6));
            }
        }
    });
    house.weights(0, 1);
    house.add("green", "echo", echo.address);
    house.await_state("green", "echo", "healthy");
    F client(address);
    client.begin(1,
                 {{":method", "CONNECT"},
                  {":protocol", "websocket"},
                  {":scheme", "https"},
                  {":path", "/ws"},
                  {":authority", "app.test"},
                  {"sec-websocket-version", "13"},
                  {"sec-websocket-protocol", "chat"}},
                 false);
    while (client.streams[1].fields.empty()) ASSERT_TRUE(client.step());
    EXPECT_EQ(client.streams[1].fields[":status"], "200");
    EXPECT_EQ(client.streams[1].fields["sec-websocket-protocol"], "chat");
    EXPECT_EQ(client.streams[1].fields.count("sec-websocket-accept"), 0U);
    client.send(frame(F::kData, 0, 1, std::string("\x81\x85\0\0\0\0hello", 11)));
    while (client.streams[1].body.size() < 7) ASSERT_TRUE(client.step());
    EXPECT_EQ(client.streams[1].body, "\x81\x05hello");
    client.send(frame(F::kData, F::kEndStream, 1, ""));
    const Answered& got = client.await(1);
    EXPECT_TRUE(got.ended || got.reset);
}

}  // namespace
}  // namespace edge
