// What RFC 9110 and RFC 9112 demand of an intermediary, row by row, through the running edge.

#include "edge/testing.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace edge {
namespace {

using namespace std::string_view_literals;
using testing::get;
using testing::Got;
using testing::House;
using testing::RawApp;
using testing::Wire;

struct Canned {
    std::string_view section;
    std::string_view answer;  ///< As the target sends it, before it closes.
    int status;
    std::string_view has;  ///< In what the client got, head and body.
    std::string_view hasnt = "\x01";
    bool whole = true;  ///< The client can tell that it has all of it.
};

// The path /N asks for row N.
const std::vector<Canned> kAnswers = {
    {"9112 5.1: white space before the colon is removed",
     "HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 0\r\n\r\n", 200, "X-A: 1\r\n"},
    {"9112 5.2: a folded line is refused or unfolded",
     "HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n", 502, "502"},
    {"9112 6.3: lengths that differ",
     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 502, "502"},
    {"9112 6.3: a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\na", 502,
     "502"},
    {"9112 6.3: a length beside an encoding",
     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 502,
     "502"},
    {"9112 8: a body that ends early is not made whole",
     "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 200, "abc", "\x01", false},
    {"9112 8: chunks that end early are not made whole",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 200, "abc", "\x01",
     false},
    {"9112 6.3: a body up to the close is framed for the client",
     "HTTP/1.1 200 OK\r\nX: y\r\n\r\nabc", 200, "Transfer-Encoding: chunked\r\n"},
    {"9110 7.6.1: fields that Connection lists are for one hop",
     "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=1\r\n"
     "X-On: 2\r\nContent-Length: 0\r\n\r\n",
     200, "X-On: 2\r\n", "Hop"},
    {"9110 5.3: lines of one name keep their order",
     "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX: y\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n", 200,
     "Set-Cookie: a\r\nX: y\r\nSet-Cookie: b\r\n"},
    {"9110 6.6.1: Date where the origin said none", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
     200, "Date: "},
    {"9110 6.6.1: Date as the origin said it",
     "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n", 200,
     "Date: Mon, 01 Jan 2001 00:00:00 GMT\r\n"},
    {"9110 15.2: interim answers go on",
     "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
     200, "Content-Length: 0\r\n"},
    {"9110 15.2.2: nobody asked to switch",
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", 502, "502"},
    {"9110 15.3.5: 204 has no body", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", 204, "X: y\r\n",
     "Content-Length"},
    {"9112 6.3: 304 has no body, whatever its length says",
     "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "304 Not Modified\r\n"},
    {"9112 2.3: our own version", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200,
     "HTTP/1.1 200 OK\r\n"},
    {"9110 11.6.1: WWW-Authenticate as it is",
     "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"a, b\"\r\nContent-Length: 0\r\n\r\n", 401,
     "WWW-Authenticate: Basic realm=\"a, b\"\r\n"},
    {"9112 2.2: no HTTP", "SSH-2.0-x\r\n\r\n", 502, "502"},
    {"9112 8: nothing at all", "", 502, "502"},
    {"9112 7.1.1: chunk extensions go no further",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n", 200, "abc",
     "a=b"},
    {"9110 5.5: a zero byte in a value",
     "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"sv, 502, "502"},
};

/// Reads one request to its end, as its framing has it.
std::string request_from(int descriptor) {
    std::string text;
    char bytes[16384];
    const auto more = [&] {
        const ssize_t got = ::recv(descriptor, bytes, sizeof bytes, 0);
        if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
        return got > 0;
    };
    while (text.find("\r\n\r\n") == std::string::npos) {
        if (!more()) return text;
    }
    const std::size_t body = text.find("\r\n\r\n") + 4;
    const bool chunked = text.find("Transfer-Encoding: chunked") < body;
    const std::size_t said = text.find("Content-Length: ");
    const std::size_t length = said < body ? std::stoul(text.substr(said + 16)) : 0;
    while (chunked
               ? text.find("\r\n0\r\n", body) == std::string::npos || !text.ends_with("\r\n\r\n")
               : text.size() - body < length) {
        if (!more()) return text;
    }
    return text;
}

/// `/N` gets row N; everything else what it sent, as its body.
void serve(int descriptor) {
    const std::string request = request_from(descriptor);
    const std::size_t slash = request.find('/');
    std::string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                         std::to_string(request.size()) + "\r\n\r\n" + request;
    if (slash != std::string::npos && request[slash + 1] >= '0' && request[slash + 1] <= '9') {
        answer = kAnswers[std::stoul(request.substr(slash + 1))].answer;
    }
    ::send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL);
}

class Intermediary : public ::testing::Test {
protected:
    void SetUp() override {
        house.start();
        house.configure();
        house.weights(1, 0);
        house.add("blue", "raw", raw.address);
        house.await_state("blue", "raw", "healthy");
    }

    House house{1};
    RawApp raw{serve};
};

struct Asked {
    std::string_view section;
    std::string request;
    int status;
    std::string has = "";  ///< In what the target saw.
    std::string hasnt = "\x01";
};

const std::string kHost = "Host: a.test\r\n";

const std::vector<Asked> kRequests = {
    {"9112 2.3: our own version", "GET / HTTP/1.0\r\n" + kHost + "\r\n", 200, "GET / HTTP/1.1\r\n"},
    {"9112 2.2: a CR alone", "GET / HTTP/1.1\r\n" + kHost + "X: a\rb\r\n\r\n", 400},
    {"9112 2.2: white space before the first field", "GET / HTTP/1.1\r\n X: y\r\n" + kHost + "\r\n",
     400},
    {"9112 5.1: white space before the colon", "GET / HTTP/1.1\r\n" + kHost + "X : y\r\n\r\n", 400},
    {"9112 5.2: a folded line", "GET / HTTP/1.1\r\n" + kHost + "X: y\r\n z\r\n\r\n", 400},
    {"9110 5.5: a zero byte in a value",
     "GET / HTTP/1.1\r\n" + kHost + "X: a" + std::string(1, '\0') + "b\r\n\r\n", 400},
    {"9112 3.2.2: an absolute target overrides Host",
     "GET http://b.test/x?y HTTP/1.1\r\n" + kHost + "\r\n", 200,
     "GET /x?y HTTP/1.1\r\nHost: b.test\r\n", "a.test"},
    {"9112 3.2: no Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"9112 3.2: two Hosts", "GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n", 400},
    {"9112 3.2: a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"9110 7.7: path and query as they are",
     "GET /a/../b//%7e%2F?x=%2f&&y=? HTTP/1.1\r\n" + kHost + "\r\n", 200,
     "GET /a/../b//%7e%2F?x=%2f&&y=? HTTP/1.1\r\n"},
    {"9110 11.6.2: Authorization as it is",
     "GET / HTTP/1.1\r\n" + kHost + "Authorization: Basic YTpi\r\n\r\n", 200,
     "Authorization: Basic YTpi\r\n"},
    {"9112 6.1: a length beside an encoding",
     "POST / HTTP/1.1\r\n" + kHost +
         "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"9112 6.3: an encoding that does not end in chunked",
     "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400},
    {"9112 6.1: an encoding that is not understood",
     "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"9112 6.1: an encoding in HTTP/1.0",
     "POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"9112 6.3: a length that is no number",
     "POST / HTTP/1.1\r\n" + kHost + "Content-Length: +3\r\n\r\nabc", 400},
    {"9112 6.3: lengths that differ",
     "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
    {"9110 8.6: a length beyond all numbers",
     "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 99999999999999999999\r\n\r\n", 400},
    {"9112 7.1: a chunk beyond all numbers",
     "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
     400},
    {"9112 7.1.1: chunk extensions go no further",
     "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n",
     200, "3\r\nabc\r\n", "a=b"},
    {"9112 7.1.2: trailers stay trailers",
     "POST / HTTP/1.1\r\n" + kHost +
         "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
     200, "0\r\nX-Sum: 1\r\n\r\n"},
    {"9110 6.5.1: no framing in trailers",
     "POST / HTTP/1.1\r\n" + kHost +
         "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n",
     400},
    {"9110 7.6.1: fields that Connection lists, and those of one hop",
     "GET / HTTP/1.1\r\n" + kHost +
         "Connection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=1\r\n"
         "Proxy-Connection: keep-alive\r\nX-On: 2\r\n\r\n",
     200, "X-On: 2\r\n", "Hop"},
    {"9110 10.1.4: TE needs a Connection of its own",
     "GET / HTTP/1.1\r\n" + kHost + "TE: trailers\r\nConnection: TE\r\n\r\n", 200,
     "Connection: TE\r\nTE: trailers\r\n"},
    {"9110 10.1.4: codings that only the client takes are not passed on",
     "GET / HTTP/1.1\r\n" + kHost + "TE: gzip\r\nConnection: TE\r\n\r\n", 200, "", "TE:"},
    {"9110 7.8: Upgrade is for one hop",
     "GET / HTTP/1.1\r\n" + kHost + "Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n", 200, "", "h2c"},
    {"9110 7.6.3: Via names us last", "GET / HTTP/1.1\r\n" + kHost + "Via: 1.0 x\r\n\r\n", 200,
     ": 1.0 x, 1.1 crossfade\r\n"},
    {"9110 7.6.2: OPTIONS at its last hop is ours to answer",
     "OPTIONS / HTTP/1.1\r\n" + kHost + "Max-Forwards: 0\r\n\r\n", 204},
    {"9110 7.6.2: OPTIONS with hops to go has one less",
     "OPTIONS /x HTTP/1.1\r\n" + kHost + "Max-Forwards: 7\r\n\r\n", 200, "Max-Forwards: 6\r\n",
     "Forwards: 7"},
    {"9110 7.6.2: of other methods Max-Forwards is nobody's business",
     "GET / HTTP/1.1\r\n" + kHost + "Max-Forwards: 0\r\n\r\n", 200, "Max-Forwards: 0\r\n"},
    {"9110 9.3.8: TRACE", "TRACE / HTTP/1.1\r\n" + kHost + "\r\n", 405},
    {"9110 9.3.6: CONNECT", "CONNECT a.test:443 HTTP/1.1\r\n" + kHost + "\r\n", 405},
    {"9110 9.1: methods that are not known go on", "PURGE / HTTP/1.1\r\n" + kHost + "\r\n", 200,
     "PURGE / HTTP/1.1\r\n"},
    {"9110 5.1: fields that are not known go on",
     "GET / HTTP/1.1\r\n" + kHost + "X-Unheard-Of!: ,;=\"\r\n\r\n", 200,
     "X-Unheard-Of!: ,;=\"\r\n"},
    {"9110 5.3: lines of one name keep their order",
     "GET / HTTP/1.1\r\n" + kHost + "A: 1\r\nB: x\r\nA: 2\r\n\r\n", 200,
     "A: 1\r\nB: x\r\nA: 2\r\n"},
    {"9110 10.1.1: Expect goes on",
     "POST / HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx", 200,
     "Expect: 100-continue\r\n"},
    {"9112 3: a line that is none", "GET /\r\n\r\n", 400},
    {"9112 2.3: another major version", "GET / HTTP/2.0\r\n" + kHost + "\r\n", 505},
};

TEST_F(Intermediary, forwards_or_refuses_each_request_as_the_rfcs_demand) {
    for (const Asked& row : kRequests) {
        Wire wire(house.address());
        const Got got = wire.ask(row.request);
        EXPECT_EQ(got.status, row.status) << row.section;
        EXPECT_NE(got.status, 421) << "9110 15.5.20: a proxy never says so";
        if (!row.has.empty()) {
            EXPECT_NE(got.body.find(row.has), std::string::npos) << row.section << '\n' << got.body;
        }
        EXPECT_EQ(got.body.find(row.hasnt), std::string::npos) << row.section << '\n' << got.body;
        if (got.status == 400 || got.status == 501) {
            EXPECT_EQ(got.fields.at("connection"), "close") << row.section;
        }
    }
}

TEST_F(Intermediary, forwards_or_refuses_each_answer_as_the_rfcs_demand) {
    for (std::size_t i = 0; i < kAnswers.size(); ++i) {
        const Canned& row = kAnswers[i];
        Wire wire(house.address());
        const Got got = wire.ask(get("/" + std::to_string(i)));
        EXPECT_EQ(got.status, row.status) << row.section;
        const std::string all = got.head + got.body;
        EXPECT_NE(all.find(row.has), std::string::npos) << row.section << '\n' << all;
        EXPECT_EQ(all.find(row.hasnt), std::string::npos) << row.section << '\n' << all;
        EXPECT_EQ(got.complete, row.whole) << row.section;
        if (row.section.find("interim") != std::string_view::npos) {
            EXPECT_EQ(got.interim, std::vector{103});
        }
    }
}

TEST_F(Intermediary, keeps_no_connection_with_a_client_of_version_1_0) {
    Wire wire(house.address());
    const Got got = wire.ask("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(got.status, 200);
    EXPECT_TRUE(wire.ended()) << "9112 9.3, C.2.2";
    Wire interim(house.address());
    EXPECT_TRUE(interim.ask("GET /12 HTTP/1.0\r\nHost: a\r\n\r\n").interim.empty()) << "9110 15.2";
}

TEST_F(Intermediary, answers_head_with_the_length_and_no_body) {
    Wire wire(house.address());
    const Got got = wire.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", net::Method::head);
    EXPECT_EQ(got.status, 200) << "9110 9.3.2";
    EXPECT_TRUE(got.body.empty());
    EXPECT_NE(got.fields.at("content-length"), "0");
    EXPECT_EQ(wire.ask(get("/")).status, 200) << "and the connection goes on";
}

}  // namespace
}  // namespace edge
