#include "net/http1.h"

#include "base/random.h"
#include "net/http1_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace net {
namespace {

Fault request_fault(std::string_view bytes) {
    RequestRecorder recorder;
    recorder.feed(bytes);
    recorder.finish();
    return recorder.parser().fault();
}

Fault response_fault(std::string_view bytes) {
    ResponseRecorder recorder;
    recorder.feed(bytes);
    recorder.finish();
    return recorder.parser().fault();
}

std::string with_field(std::string_view line) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(line) + "\r\n\r\n";
}

TEST(Request, a_head_with_a_body_is_told_in_order) {
    EXPECT_EQ(
        whole<RequestRecorder>("POST /a?b=c HTTP/1.1\r\nHost: example.org\r\n"
                               "content-length:  5 \r\nX-Empty:\r\n\r\nhello"),
        "POST /a?b=c 1.1\n Host:example.org\n content-length:5\n X-Empty:\nbody hello\nend\n");
}

TEST(Request, chunks_are_joined_and_trailers_kept_apart) {
    EXPECT_EQ(
        whole<RequestRecorder>("PUT /u HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                               "5\r\nhello\r\n0A;x=\"y\"\r\n, world!!!\r\n000\r\nT: 1\r\n\r\n"),
        "PUT /u 1.1\n Host:a\n Transfer-Encoding:Chunked\nbody hello, world!!!"
        "\ntrailer T:1\nend\n");
}

TEST(Request, pipelined_messages_are_told_one_by_one) {
    RequestRecorder recorder;
    recorder.feed(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\n"
        "Content-Length: 2\r\n\r\nxy\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    recorder.finish();
    EXPECT_EQ(recorder.messages, 3);
    EXPECT_EQ(recorder.parser().fault(), Fault::none);
}

struct Seen final : RequestHandler {
    void on_head(const RequestHead& head) override {
        path = head.path;
        query = head.query;
        authority = head.authority;
        method = head.method;
        framing = head.framing;
        length = head.content_length;
        keep_alive = head.keep_alive;
        expects_continue = head.expects_continue;
        websocket = head.wants_websocket();
        bytes = head.bytes;
        if (parser != nullptr) parser->pause();
    }
    void on_body(std::string_view more) override { body += more; }
    void on_end() override { ended = true; }

    std::string path, query, authority, bytes, body;
    Method method{};
    Framing framing{};
    std::uint64_t length = 0;
    bool keep_alive = false, expects_continue = false, websocket = false, ended = false;
    RequestParser* parser = nullptr;
};

Seen seen(std::string_view bytes) {
    Seen result;
    RequestParser parser;
    EXPECT_NE(parser.feed(bytes, result).progress, Progress::failed) << name_of(parser.fault());
    return result;
}

TEST(Request, targets_are_split_by_their_form) {
    const Seen origin = seen("GET /a/b?c=d?e HTTP/1.1\r\nHost: h:1\r\n\r\n");
    EXPECT_EQ(origin.path, "/a/b");
    EXPECT_EQ(origin.query, "c=d?e");
    EXPECT_EQ(origin.authority, "h:1");
    const Seen absolute = seen("GET HTTP://real.org:8080/x?y HTTP/1.1\r\nHost: other\r\n\r\n");
    EXPECT_EQ(absolute.path, "/x");
    EXPECT_EQ(absolute.query, "y");
    EXPECT_EQ(absolute.authority, "real.org:8080");
    const Seen bare = seen("GET http://real.org?y HTTP/1.1\r\nHost: other\r\n\r\n");
    EXPECT_EQ(bare.path, "/");
    EXPECT_EQ(bare.query, "y");
    const Seen tunnel = seen("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");
    EXPECT_EQ(tunnel.authority, "h:443");
    EXPECT_EQ(seen("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").path, "");
    EXPECT_EQ(seen("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\nrest").bytes,
              "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(Request, what_its_fields_ask_for_is_understood) {
    EXPECT_TRUE(seen("GET / HTTP/1.1\r\nHost: h\r\n\r\n").keep_alive);
    EXPECT_FALSE(seen("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, CLOSE\r\n\r\n").keep_alive);
    EXPECT_FALSE(seen("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_TRUE(seen("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
    EXPECT_TRUE(seen("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n\r\n").expects_continue);
    EXPECT_TRUE(seen("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n"
                     "Upgrade: websocket\r\n\r\n")
                    .websocket);
    EXPECT_FALSE(seen("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n").websocket);
    EXPECT_EQ(seen("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 007\r\n\r\n").length, 7U);
}

TEST(Request, a_paused_parser_goes_on_where_it_stopped) {
    RequestParser parser;
    Seen handler;
    handler.parser = &parser;
    const std::string_view bytes = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET";
    const Fed head = parser.feed(bytes, handler);
    EXPECT_EQ(head.progress, Progress::paused);
    EXPECT_TRUE(parser.in_body());
    EXPECT_EQ(handler.body, "");
    const Fed rest = parser.feed(bytes.substr(head.consumed), handler);
    EXPECT_EQ(rest.progress, Progress::ended);
    EXPECT_EQ(rest.consumed, 3U);
    EXPECT_TRUE(parser.idle());
    Seen second;
    second.parser = &parser;
    EXPECT_EQ(parser.feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n", second).progress, Progress::paused);
    EXPECT_FALSE(second.ended);
    EXPECT_EQ(parser.feed("", second).progress, Progress::ended);
    EXPECT_TRUE(second.ended);
}

struct Refusal {
    std::string bytes;
    Fault fault;
};

std::vector<Refusal> refusals() {
    const std::string long_value(17000, 'x');
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 128; ++i) many += "a: b\r\n";
    std::string large = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 5; ++i) large += "a: " + std::string(15000, 'y') + "\r\n";
    using enum Fault;
    return {
        {"GET /" + long_value + " HTTP/1.1\r\n", start_line_too_long},
        {"GET / HTTP/1.1\r\nHost: a\r\nA: " + long_value + "\r\n\r\n", field_line_too_long},
        {large + "\r\n", head_too_long},
        {many + "\r\n", too_many_fields},
        {"GET / HTTP/1.1\rHost: a\r\n\r\n", bare_cr},
        {"GET / HTTP/1.1\nHost: a\n\n", bare_lf},
        {with_field("A: b\rc"), bare_cr},
        {with_field("A: b\nc: d"), bare_lf},
        {"GET / HTTP/1.1\r\nHost: a\r\n\n", bare_lf},
        {"G@T / HTTP/1.1\r\n\r\n", bad_method},
        {" GET / HTTP/1.1\r\n\r\n", bad_method},
        {"\x16\x03\x01\x02", bad_method},
        {"\r\n\r\nGET / HTTP/1.1\r\n\r\n", bad_method},
        {"GET  / HTTP/1.1\r\n\r\n", bad_target},
        {"GET x HTTP/1.1\r\n\r\n", bad_target},
        {"GET * HTTP/1.1\r\n\r\n", bad_target},
        {"GET /a#b HTTP/1.1\r\n\r\n", bad_target},
        {"GET /\x01 HTTP/1.1\r\n\r\n", bad_target},
        {"GET http:///a HTTP/1.1\r\n\r\n", bad_target},
        {"GET http://u@h/ HTTP/1.1\r\n\r\n", bad_target},
        {"CONNECT /a HTTP/1.1\r\n\r\n", bad_target},
        {"GET /\r\n", bad_version},
        {"GET / http/1.1\r\n\r\n", bad_version},
        {"GET / HTTP/1.1 \r\n\r\n", bad_version},
        {"GET / HTTP/1.1 HTTP/1.1\r\n\r\n", bad_version},
        {"GET / HTTP/11\r\n\r\n", bad_version},
        {"GET / HTTP/2.0\r\n\r\n", unsupported_version},
        {"GET / HTTP/1.2\r\n\r\n", unsupported_version},
        {with_field("A: b\r\n c"), obs_fold},
        {with_field("A: b\r\n\tc"), obs_fold},
        {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", space_before_fields},
        {with_field("A : b"), space_before_colon},
        {with_field(": b"), bad_field_name},
        {with_field("A"), bad_field_name},
        {with_field("A\x01: b"), bad_field_name},
        {with_field("A(b): b"), bad_field_name},
        {with_field(std::string("A: b\0c", 6)), bad_field_value},
        {with_field("A: \x7f"), bad_field_value},
        {"GET / HTTP/1.1\r\n\r\n", missing_host},
        {with_field("Host: a"), several_hosts},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", bad_host},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", bad_host},
        {"GET / HTTP/1.1\r\nHost: u@b\r\n\r\n", bad_host},
        {with_field("Content-Length:"), bad_content_length},
        {with_field("Content-Length: -1"), bad_content_length},
        {with_field("Content-Length: +1"), bad_content_length},
        {with_field("Content-Length: 0x1"), bad_content_length},
        {with_field("Content-Length: 1 1"), bad_content_length},
        {with_field("Content-Length: 1, 1"), bad_content_length},
        {with_field("Content-Length: 9223372036854775808"), bad_content_length},
        {with_field("Content-Length: 1\r\nContent-Length: 1"), several_content_lengths},
        {with_field("Content-Length: 1\r\nTransfer-Encoding: chunked"), length_and_encoding},
        {with_field("Transfer-Encoding: identity"), bad_transfer_encoding},
        {with_field("Transfer-Encoding:"), bad_transfer_encoding},
        {with_field("Transfer-Encoding: xchunked"), bad_transfer_encoding},
        {with_field("Transfer-Encoding: chunked, identity"), bad_transfer_encoding},
        {with_field("Transfer-Encoding: chunked, chunked"), bad_transfer_encoding},
        {with_field("Transfer-Encoding: chunked\r\nTransfer-Encoding: x"), bad_transfer_encoding},
        {with_field("Transfer-Encoding: gzip, chunked"), unsupported_transfer_encoding},
        {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", encoding_in_http_1_0},
        {with_field("Transfer-Encoding: chunked") + "\r\n", bad_chunk_size},
        {with_field("Transfer-Encoding: chunked") + "g\r\n", bad_chunk_size},
        {with_field("Transfer-Encoding: chunked") + "1 \r\n", bad_chunk_size},
        {with_field("Transfer-Encoding: chunked") + "-1\r\n", bad_chunk_size},
        {with_field("Transfer-Encoding: chunked") + "1\nx", bad_chunk_size},
        {with_field("Transfer-Encoding: chunked") + "1\rx", bare_cr},
        {with_field("Transfer-Encoding: chunked") + "10000000000000000\r\n", chunk_size_overflow},
        {with_field("Transfer-Encoding: chunked") + "1;a\nx", bare_lf},
        {with_field("Transfer-Encoding: chunked") + "1;\x01\r\nx", bad_chunk_extension},
        {with_field("Transfer-Encoding: chunked") + "1;" + long_value, chunk_extensions_too_long},
        {with_field("Transfer-Encoding: chunked") + "1\r\nxx", bad_chunk_end},
        {with_field("Transfer-Encoding: chunked") + "1\r\nx\n", bad_chunk_end},
        {with_field("Transfer-Encoding: chunked") + "0\r\nHost: b\r\n\r\n", framing_in_trailers},
        {with_field("Transfer-Encoding: chunked") + "0\r\nA : b\r\n\r\n", space_before_colon},
        {with_field("Transfer-Encoding: chunked") + "5\r\nabc", incomplete},
        {with_field("Content-Length: 5") + "abc", incomplete},
        {"GET / HT", incomplete},
    };
}

TEST(Request, each_violation_is_refused_by_its_name) {
    for (const Refusal& refusal : refusals()) {
        const Fault found = request_fault(refusal.bytes);
        EXPECT_EQ(name_of(found), name_of(refusal.fault)) << refusal.bytes.substr(0, 200);
        EXPECT_GE(status_of(found), 400);
    }
    EXPECT_EQ(status_of(Fault::start_line_too_long), 414);
    EXPECT_EQ(status_of(Fault::too_many_fields), 431);
    EXPECT_EQ(status_of(Fault::unsupported_version), 505);
    EXPECT_EQ(status_of(Fault::unsupported_transfer_encoding), 501);
}

TEST(Request, bounds_are_exact) {
    const auto line = [](std::size_t bytes) {
        return "GET /" + std::string(bytes - 14, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    EXPECT_EQ(request_fault(line(16 * 1024)), Fault::none);
    EXPECT_EQ(request_fault(line(16 * 1024 + 1)), Fault::start_line_too_long);
    const auto field = [](std::size_t bytes) {
        return with_field("A: " + std::string(bytes - 3, 'x'));
    };
    EXPECT_EQ(request_fault(field(16 * 1024)), Fault::none);
    EXPECT_EQ(request_fault(field(16 * 1024 + 1)), Fault::field_line_too_long);
}

TEST(Response, framing_follows_status_and_request) {
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"),
              "200 OK\n Content-Length:2\nbody ab\nend\n");
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 200\r\n\r\nuntil the end"),
              "200 \nbody until the end\nend\n");
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 204 No Content\r\n\r\n"),
              "204 No Content\n\nend\n");
    EXPECT_EQ(whole("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", ResponseRecorder{Method::head}),
              "200 OK\n Content-Length:9\n\nend\n");
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
              "304 Not Modified\n Content-Length:9\n\nend\n");
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
                                      "A: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
              "100 Continue\n103 Early Hints\n A:b\n200 OK\n Content-Length:0\n\nend\n");
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x01x"),
              "101 Switching Protocols\n\nend\ntunnel\n");
    EXPECT_EQ(whole("HTTP/1.1 200 OK\r\n\r\nbytes", ResponseRecorder{Method::connect}),
              "200 OK\n\nend\ntunnel\n");
    EXPECT_EQ(whole<ResponseRecorder>("HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n"),
              "200 OK\n A:b\n Content-Length:0\n\nend\n");
}

TEST(Response, violations_are_refused_by_their_names) {
    EXPECT_EQ(response_fault("HTTP/1.1 20 OK\r\n"), Fault::bad_status);
    EXPECT_EQ(response_fault("HTTP/1.1 2000 OK\r\n"), Fault::bad_status);
    EXPECT_EQ(response_fault("HTTP/1.1 099 OK\r\n"), Fault::bad_status);
    EXPECT_EQ(response_fault("HTTP/1.1  200 OK\r\n"), Fault::bad_status);
    EXPECT_EQ(response_fault("HTTP/1.1 200 O\x01K\r\n"), Fault::bad_reason);
    EXPECT_EQ(response_fault("HTTP/3.1 200 OK\r\n"), Fault::unsupported_version);
    EXPECT_EQ(response_fault("ICY 200 OK\r\n"), Fault::bad_version);
    EXPECT_EQ(response_fault("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n"),
              Fault::length_and_encoding);
    EXPECT_EQ(response_fault("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), Fault::incomplete);
    EXPECT_EQ(response_fault("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"), Fault::obs_fold);
    EXPECT_EQ(response_fault("HTTP/1.1 200 OK\r\nA: " + std::string(20000, 'x')),
              Fault::field_line_too_long);
}

// One piece, one byte at a time, and random cuts.
template <typename Recorder>
void expect_same_for_any_cut(std::string_view bytes, base::Random& random) {
    const std::string expected = whole<Recorder>(bytes);
    for (int round = 0; round < 6; ++round) {
        Recorder recorder;
        std::string_view rest = bytes;
        while (!rest.empty()) {
            const std::size_t cut =
                round == 0 ? 1 : 1 + random.below(std::size_t{1} << random.below(14));
            // A copy with nothing behind it, so that reading too far is seen by the sanitizer.
            const std::vector<char> piece(rest.begin(), rest.begin() + std::min(cut, rest.size()));
            recorder.feed({piece.data(), piece.size()});
            rest.remove_prefix(piece.size());
        }
        recorder.finish();
        ASSERT_EQ(recorder.text, expected) << bytes.substr(0, 300);
    }
}

TEST(Request, the_same_bytes_give_the_same_events_however_they_are_cut) {
    base::Random random{11};
    for (const Refusal& refusal : refusals())
        expect_same_for_any_cut<RequestRecorder>(refusal.bytes, random);
    const std::string good =
        "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nCookie: a=b; c=d\r\n\r\nbody"
        "\r\nPUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-Some-Long-Name: "
        "y\r\n\r\n"
        "b;ext=1\r\nhello world\r\n0\r\nTrailer-One: 1\r\nTrailer-Two: 2\r\n\r\n"
        "GET /d HTTP/1.0\r\n\r\n";
    expect_same_for_any_cut<RequestRecorder>(good, random);
    for (int round = 0; round < 300; ++round) {
        std::string bent = good;
        for (std::uint64_t i = random.below(3) + 1; i > 0; --i) {
            const std::size_t at = random.below(bent.size());
            constexpr std::string_view kBytes = "\r\n :\t;,0aA\x00\x7f\xff#/\"";
            if (random.chance(1, 3))
                bent.erase(at, random.below(4));
            else
                bent[at] = kBytes[random.below(kBytes.size())];
        }
        expect_same_for_any_cut<RequestRecorder>(bent, random);
    }
}

TEST(Response, the_same_bytes_give_the_same_events_however_they_are_cut) {
    base::Random random{12};
    const std::string good =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\nA : b\r\n\r\nbody"
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        "HTTP/1.1 304\r\nETag: \"x\"\r\n\r\nHTTP/1.1 200 OK\r\n\r\nuntil close";
    for (int round = 0; round < 300; ++round) {
        std::string bent = good;
        if (round > 0) bent[random.below(bent.size())] = static_cast<char>(random.below(256));
        expect_same_for_any_cut<ResponseRecorder>(bent, random);
    }
}

}  // namespace
}  // namespace net
