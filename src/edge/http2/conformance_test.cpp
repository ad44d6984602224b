// What RFC 9113 and RFC 7541 demand of a server, case by case: the list that h2spec made known, its
// outcomes read anew from the RFCs. Frames on a TLS connection to a real edge.
//
// An error of a stream may always be treated as one of its connection (RFC 9113 §5.4.2), so a case
// that expects the former takes the latter with the same code. DATA on a stream that is closed is
// discarded instead of answered with STREAM_CLOSED (§6.1): nghttp2 does not show it to us.

#include "edge/http2/http2_testing.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace edge {
namespace {

using namespace edge::testing;
using F = FrameKinds;

enum Code : std::uint32_t {
    kProtocol = 1,
    kFlowControl = 3,
    kStreamClosed = 5,
    kFrameSize = 6,
    kRefused = 7,
    kCompression = 9,
};

enum class Outcome : std::uint8_t {
    answered,          ///< Stream 1 gets its answer.
    pong,              ///< The connection goes on: a PING is answered.
    settled,           ///< Our SETTINGS are acknowledged, both of them.
    stream_error,      ///< Of stream 1, or of the connection.
    connection_error,  ///< GOAWAY, then the end.
};

struct Case {
    const char* section;
    const char* says;
    std::string bytes;
    Outcome outcome = Outcome::answered;
    std::set<std::uint32_t> codes = {};
    std::string later = {};  ///< Sent once stream 1 is over.
};

constexpr auto kEnd = F::kEndStream;
constexpr auto kEndHead = F::kEndHeaders;
constexpr std::uint8_t kBoth = kEnd | kEndHead;
constexpr std::size_t kFrameMax = 16'384;

std::string fields(const Headers& more = {}) {
    return hpack(request("GET", "/name", more));
}
std::string post(const Headers& more = {}) {
    return hpack(request("POST", "/name", more));
}
std::string head(std::uint32_t id, std::string_view block, int flags = kBoth) {
    return frame(F::kHeaders, static_cast<std::uint8_t>(flags), id, block);
}
std::string whole(std::uint32_t id = 1) {
    return head(id, fields());
}
std::string open(std::uint32_t id = 1) {
    return head(id, post(), kEndHead);
}
std::string data(std::uint32_t id, std::string_view bytes, int flags = kEnd) {
    return frame(F::kData, static_cast<std::uint8_t>(flags), id, bytes);
}
std::string more(std::uint32_t id, std::string_view block, int flags = kEndHead) {
    return frame(F::kContinuation, static_cast<std::uint8_t>(flags), id, block);
}
std::string reset(std::uint32_t id, std::uint32_t code = 8) {
    return frame(F::kReset, 0, id, number32(code));
}
std::string window(std::uint32_t id, std::uint32_t more) {
    return frame(F::kWindow, 0, id, number32(more));
}
std::string setting(std::uint16_t name, std::uint32_t value) {
    return std::string{static_cast<char>(name >> 8), static_cast<char>(name)} + number32(value);
}
std::string settings(const std::string& payload) {
    return frame(F::kSettings, 0, 0, payload);
}
/// Depends on `on`, weight as on the wire.
std::string weight(std::uint32_t on, int value) {
    return number32(on) + static_cast<char>(value);
}
std::string priority(std::uint32_t id, const std::string& payload) {
    return frame(F::kPriority, 0, id, payload);
}
std::string padded(std::string_view bytes, int said, std::size_t padding) {
    return static_cast<char>(said) + std::string(bytes) + std::string(padding, '\0');
}
Headers without(std::string_view name) {
    Headers made = request("GET", "/name");
    std::erase_if(made, [&](const auto& field) { return field.first == name; });
    return made;
}
/// A request by the static table: GET, https, /name, app.test.
std::string indexed(std::string_view rest = {}) {
    return std::string("\x82\x87\x04\x05/name\x01\x08\x61pp.test", 19).append(rest);
}

const std::string kZero4(4, '\0');

std::vector<Case> generic_cases() {
    using enum Outcome;
    const std::string trailers = head(1, hpack({{"x-last", "1"}}));
    return {
        {"3.4", "a preface and SETTINGS begin a connection", "", settled},
        {"5.1", "PRIORITY on an idle stream", priority(1, weight(0, 15)) + whole()},
        {"5.1", "WINDOW_UPDATE on a stream that is half-closed", whole() + window(1, 1)},
        {"5.1", "PRIORITY on a stream that is half-closed", whole() + priority(1, weight(0, 1))},
        {"5.1", "RST_STREAM on a stream that is half-closed", whole() + reset(1), pong},
        {"5.1", "PRIORITY on a closed stream", whole(), pong, {}, priority(1, weight(0, 255))},
        {"6.1", "a DATA frame", open() + data(1, "test")},
        {"6.1", "several DATA frames", open() + data(1, "te", 0) + data(1, "st")},
        {"6.1", "a padded DATA frame", open() + data(1, padded("test", 6, 6), kEnd | F::kPadded)},
        {"6.2", "a HEADERS frame", whole()},
        {"6.2", "a padded HEADERS frame", head(1, padded(fields(), 6, 6), kBoth | F::kPadded)},
        {"6.2", "a HEADERS frame with priority",
         head(1, weight(0, 255) + fields(), kBoth | F::kPriorityFlag)},
        {"6.3", "PRIORITY with the least weight", priority(1, weight(0, 0)) + whole()},
        {"6.3", "PRIORITY with the largest weight", priority(1, weight(0, 255)) + whole()},
        {"6.3", "PRIORITY with a dependency", priority(3, weight(1, 9)) + whole()},
        {"6.3", "PRIORITY with an exclusive dependency",
         priority(3, weight(0x80000001U, 9)) + whole()},
        {"6.3", "PRIORITY of a higher idle stream does not close a lower one",
         priority(5, weight(3, 9)) + whole()},
        {"6.4", "RST_STREAM ends an open stream", open() + reset(1), pong},
        {"6.5", "SETTINGS", settings(setting(3, 100)), settled},
        {"6.7", "PING", "", pong},
        {"6.8", "GOAWAY: what is under way is answered",
         whole() + frame(F::kGoaway, 0, 0, kZero4 + kZero4)},
        {"6.9", "WINDOW_UPDATE of the connection", window(0, 1) + whole()},
        {"6.9", "WINDOW_UPDATE of a stream", open() + window(1, 1) + data(1, "")},
        {"6.10", "a CONTINUATION frame", head(1, fields(), kEnd) + more(1, hpack({{"a", "b"}}))},
        {"6.10", "several CONTINUATION frames",
         head(1, fields(), kEnd) + more(1, hpack({{"a", "b"}}), 0) + more(1, hpack({{"c", "d"}}))},
        {"8.1", "GET", whole()},
        {"8.1", "HEAD", head(1, hpack(request("HEAD", "/name")))},
        {"8.1", "POST", open() + data(1, "body")},
        {"8.1", "POST with trailers", open() + data(1, "body", 0) + trailers},
        {"7541 6.1", "an indexed field", head(1, indexed("\x90"))},
        {"7541 6.2.1", "a literal with indexing, its name indexed",
         head(1, indexed("\x53\x01"
                         "a"))},
        {"7541 6.2.1", "a literal with indexing, its name new",
         head(1, indexed(std::string("\x40\x01"
                                     "a\x01"
                                     "b",
                                     5)))},
        {"7541 6.2.2", "a literal without indexing, its name indexed",
         head(1, indexed(std::string("\x0f\x04\x01"
                                     "a",
                                     4)))},
        {"7541 6.2.2", "a literal without indexing, its name new",
         head(1, indexed(std::string("\x00\x01"
                                     "a\x01"
                                     "b",
                                     5)))},
        {"7541 6.2.3", "a literal never indexed, its name indexed",
         head(1, indexed(std::string("\x1f\x04\x01"
                                     "a",
                                     4)))},
        {"7541 6.2.3", "a literal never indexed, its name new",
         head(1, indexed(std::string("\x10\x01"
                                     "a\x01"
                                     "b",
                                     5)))},
        {"7541 6.3", "a dynamic table's size at the begin of a block", head(1, "\x20" + indexed())},
        {"7541 5.2", "a Huffman-coded value",
         head(1, indexed(std::string("\x0f\x04\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff",
                                     15)))},
    };
}

std::vector<Case> framing_cases() {
    using enum Outcome;
    const std::string large(kFrameMax, 'a');
    const std::string cut = head(1, fields(), kEnd);
    return {
        {"4.1", "a frame of an unknown type", frame(0x16, 0, 0, "12345678"), pong},
        {"4.1", "a flag that is not defined", frame(F::kPing, 0x16, 0, "12345678"), pong},
        {"4.1", "a reserved bit that is set", frame(F::kPing, 0, 0x80000000U, "12345678"), pong},
        {"4.2", "DATA as large as allowed", open() + data(1, large)},
        {"4.2",
         "DATA larger than allowed",
         open() + data(1, large + "b"),
         stream_error,
         {kFrameSize}},
        {"4.2",
         "HEADERS larger than allowed",
         head(1, fields() + hpack({{"a", large}})),
         connection_error,
         {kFrameSize}},
        {"4.3",
         "a field block that cannot be decoded",
         head(1, "\x40"),
         connection_error,
         {kCompression}},
        {"4.3",
         "PRIORITY within a field block",
         cut + priority(1, weight(0, 1)),
         connection_error,
         {kProtocol}},
        {"4.3",
         "another stream's HEADERS within a field block",
         cut + whole(3),
         connection_error,
         {kProtocol}},
        {"5.5", "an unknown frame", frame(0xff, 0, 0, "x"), pong},
        {"5.5",
         "an unknown frame within a field block",
         cut + frame(0xff, 0, 1, "x"),
         connection_error,
         {kProtocol}},
        {"5.4.1",
         "a wrong frame is told by GOAWAY and ends the connection",
         frame(F::kPing, 0, 3, "12345678"),
         connection_error,
         {kProtocol}},
        {"6.1", "DATA on stream 0", data(0, "x"), connection_error, {kProtocol}},
        {"6.1", "DATA on a stream that is not open: discarded", whole(), pong, {}, data(1, "x")},
        {"6.1",
         "DATA with more padding than payload",
         open() + data(1, padded("test", 6, 0), kEnd | F::kPadded),
         connection_error,
         {kProtocol}},
        {"6.2",
         "HEADERS without END_HEADERS, then PRIORITY",
         cut + priority(3, weight(0, 1)),
         connection_error,
         {kProtocol}},
        {"6.2",
         "HEADERS without END_HEADERS, then HEADERS of another stream",
         cut + whole(3),
         connection_error,
         {kProtocol}},
        {"6.2", "HEADERS on stream 0", whole(0), connection_error, {kProtocol}},
        {"6.2",
         "HEADERS with more padding than payload",
         head(1, "\xff" + fields(), kBoth | F::kPadded),
         connection_error,
         {kProtocol}},
        {"6.3", "PRIORITY on stream 0", priority(0, weight(0, 1)), connection_error, {kProtocol}},
        {"6.3", "PRIORITY of a wrong length", priority(1, "1234"), stream_error, {kFrameSize}},
        {"6.4", "RST_STREAM on stream 0", reset(0), connection_error, {kProtocol}},
        {"6.4", "RST_STREAM on an idle stream", reset(1), connection_error, {kProtocol}},
        {"6.4",
         "RST_STREAM of a wrong length",
         open() + frame(F::kReset, 0, 1, "123"),
         connection_error,
         {kFrameSize}},
        {"6.7", "PING's acknowledgement is not answered", frame(F::kPing, F::kAck, 0, "ignored!"),
         pong},
        {"6.7",
         "PING on a stream",
         frame(F::kPing, 0, 1, "12345678"),
         connection_error,
         {kProtocol}},
        {"6.7",
         "PING of a wrong length",
         frame(F::kPing, 0, 0, "123456"),
         connection_error,
         {kFrameSize}},
        {"6.8",
         "GOAWAY on a stream",
         frame(F::kGoaway, 0, 1, kZero4 + kZero4),
         connection_error,
         {kProtocol}},
        {"6.10",
         "CONTINUATION, then another frame",
         cut + more(1, "", 0) + data(1, "x"),
         connection_error,
         {kProtocol}},
        {"6.10", "CONTINUATION on stream 0", cut + more(0, ""), connection_error, {kProtocol}},
        {"6.10",
         "CONTINUATION behind a whole field block",
         whole() + more(1, ""),
         connection_error,
         {kProtocol}},
        {"6.10",
         "CONTINUATION behind the last CONTINUATION",
         cut + more(1, "") + more(1, ""),
         connection_error,
         {kProtocol}},
        {"6.10",
         "CONTINUATION behind DATA",
         open() + data(1, "x", 0) + more(1, ""),
         connection_error,
         {kProtocol}},
        {"7", "GOAWAY with an unknown code", frame(F::kGoaway, 0, 0, kZero4 + number32(0xff)),
         pong},
        {"7", "RST_STREAM with an unknown code", open() + reset(1, 0xff), pong},
        {"8.4",
         "PUSH_PROMISE from a client",
         open() + frame(F::kPush, kEndHead, 1, number32(2) + fields()),
         connection_error,
         {kProtocol}},
    };
}

std::vector<Case> state_cases() {
    using enum Outcome;
    const std::string cut = head(1, fields(), kEnd);
    const std::set<std::uint32_t> closed{kStreamClosed};
    const std::set<std::uint32_t> either{kStreamClosed, kProtocol};
    return {
        {"5.1", "idle: DATA", data(1, "x"), connection_error, {kProtocol}},
        {"5.1", "idle: RST_STREAM", reset(1), connection_error, {kProtocol}},
        {"5.1", "idle: WINDOW_UPDATE", window(1, 100), connection_error, {kProtocol}},
        {"5.1", "idle: CONTINUATION", more(1, fields()), connection_error, {kProtocol}},
        {"5.1", "half-closed: DATA", whole() + data(1, "x"), stream_error, closed},
        {"5.1", "half-closed: HEADERS", whole() + whole(), stream_error, either},
        {"5.1", "half-closed: CONTINUATION", whole() + more(1, fields()), connection_error, either},
        {"5.1", "closed by RST_STREAM: DATA is discarded", open() + reset(1) + data(1, "x"), pong},
        {"5.1", "closed by RST_STREAM: HEADERS", open() + reset(1) + whole(), connection_error,
         either},
        {"5.1", "closed by RST_STREAM: CONTINUATION", open() + reset(1) + more(1, fields()),
         connection_error, either},
        {"5.1", "closed in order: DATA is discarded", whole(), pong, {}, data(1, "x")},
        {"5.1", "closed in order: HEADERS", whole(), stream_error, either, whole()},
        {"5.1", "closed in order: CONTINUATION", whole(), connection_error, either,
         more(1, fields())},
        {"5.1.1", "an even stream id", whole(2), connection_error, {kProtocol}},
        {"5.1.1", "a stream id smaller than one before", whole(5) + whole(3), connection_error,
         either},
        {"5.3.1",
         "HEADERS that depend on themselves",
         head(1, weight(1, 9) + fields(), kBoth | F::kPriorityFlag),
         stream_error,
         {kProtocol}},
        {"5.3.1",
         "PRIORITY that depends on itself",
         priority(1, weight(1, 9)),
         stream_error,
         {kProtocol}},
    };
}

std::vector<Case> settings_and_window_cases() {
    using enum Outcome;
    constexpr std::uint16_t kPushing = 2, kWindowSize = 4, kFrameSizeMax = 5;
    constexpr std::uint32_t kMost = 0x7fffffffU;
    return {
        {"6.5",
         "SETTINGS: an acknowledgement with a payload",
         frame(F::kSettings, F::kAck, 0, std::string(1, '\0')),
         connection_error,
         {kFrameSize}},
        {"6.5",
         "SETTINGS on a stream",
         frame(F::kSettings, 0, 1, setting(3, 9)),
         connection_error,
         {kProtocol}},
        {"6.5", "SETTINGS of a wrong length", settings("123"), connection_error, {kFrameSize}},
        {"6.5.2",
         "ENABLE_PUSH neither 0 nor 1",
         settings(setting(kPushing, 2)),
         connection_error,
         {kProtocol}},
        {"6.5.2",
         "INITIAL_WINDOW_SIZE too large",
         settings(setting(kWindowSize, kMost + 1)),
         connection_error,
         {kFlowControl}},
        {"6.5.2",
         "MAX_FRAME_SIZE too small",
         settings(setting(kFrameSizeMax, 16'383)),
         connection_error,
         {kProtocol}},
        {"6.5.2",
         "MAX_FRAME_SIZE too large",
         settings(setting(kFrameSizeMax, 1 << 24)),
         connection_error,
         {kProtocol}},
        {"6.5.2", "an unknown setting", settings(setting(0xff, 1)), pong},
        {"6.5.3", "the last of several values counts",
         settings(setting(kWindowSize, 100) + setting(kWindowSize, 1)) + whole() + window(1, 1000)},
        {"6.5.3", "SETTINGS are acknowledged", settings(setting(3, 9)), settled},
        {"6.9",
         "WINDOW_UPDATE by 0 of the connection",
         window(0, 0),
         connection_error,
         {kProtocol}},
        {"6.9", "WINDOW_UPDATE by 0 of a stream", open() + window(1, 0), stream_error, {kProtocol}},
        {"6.9",
         "WINDOW_UPDATE of a wrong length",
         frame(F::kWindow, 0, 0, "123"),
         connection_error,
         {kFrameSize}},
        {"6.9.1", "a window of one byte, opened later",
         settings(setting(kWindowSize, 1)) + whole() + window(1, 1000)},
        {"6.9.1",
         "a connection's window beyond 2^31-1",
         window(0, kMost) + window(0, kMost),
         connection_error,
         {kFlowControl}},
        {"6.9.1",
         "a stream's window beyond 2^31-1",
         open() + window(1, kMost) + window(1, kMost),
         stream_error,
         {kFlowControl}},
        {"6.9.2", "the window grows with the setting",
         settings(setting(kWindowSize, 0)) + whole() + settings(setting(kWindowSize, 1000))},
        {"6.9.2", "a window may become negative",
         settings(setting(kWindowSize, 3)) + whole() + settings(setting(kWindowSize, 0)) +
             window(1, 1000)},
        {"6.9.2",
         "INITIAL_WINDOW_SIZE beyond 2^31-1 while streams are open",
         open() + settings(setting(kWindowSize, kMost + 1)),
         connection_error,
         {kFlowControl}},
    };
}

std::vector<Case> message_cases() {
    using enum Outcome;
    const std::set<std::uint32_t> wrong{kProtocol};
    const auto with = [](const std::string& name, const std::string& value) {
        return head(1, fields({{name, value}}));
    };
    const auto get_without = [](std::string_view name) { return head(1, hpack(without(name))); };
    const auto as_trailer = [](const std::string& name, const std::string& value) {
        return open() + data(1, "x", 0) + head(1, hpack({{name, value}}));
    };
    Headers late = without(":path");
    late.emplace_back("x-before", "1");
    late.emplace_back(":path", "/name");
    return {
        {"8.1", "a second HEADERS frame that does not end the stream",
         open() + head(1, hpack({{"x", "1"}}), kEndHead), stream_error, wrong},
        {"8.2.1", "a field's name in upper case", with("X-TEST", "ok"), stream_error, wrong},
        {"8.3", "an unknown pseudo-field", with(":test", "ok"), stream_error, wrong},
        {"8.3", "a response's pseudo-field", with(":status", "200"), stream_error, wrong},
        {"8.3", "a pseudo-field as trailer", as_trailer(":method", "GET"), stream_error, wrong},
        {"8.3", "a pseudo-field behind a field", head(1, hpack(late)), stream_error, wrong},
        {"8.2.2", "a field of the connection", with("connection", "keep-alive"), stream_error,
         wrong},
        {"8.2.2", "TE other than trailers", with("te", "trailers, deflate"), stream_error, wrong},
        {"8.3.1", "an empty :path", head(1, hpack(request("GET", ""))), stream_error, wrong},
        {"8.3.1", "no :method", get_without(":method"), stream_error, wrong},
        {"8.3.1", "no :scheme", get_without(":scheme"), stream_error, wrong},
        {"8.3.1", "no :path", get_without(":path"), stream_error, wrong},
        {"8.3.1", ":method twice", with(":method", "GET"), stream_error, wrong},
        {"8.3.1", ":scheme twice", with(":scheme", "https"), stream_error, wrong},
        {"8.3.1", ":path twice", with(":path", "/name"), stream_error, wrong},
        {"8.1.1", "a content-length that is not the body's",
         head(1, post({{"content-length", "1"}}), kEndHead) + data(1, "test"), stream_error, wrong},
        {"8.1.1", "a content-length that is not the bodies' sum",
         head(1, post({{"content-length", "1"}}), kEndHead) + data(1, "te", 0) + data(1, "st"),
         stream_error, wrong},
    };
}

std::vector<Case> hpack_cases() {
    using enum Outcome;
    const auto broken = [](const char* section, const char* says, const std::string& block) {
        return Case{section, says, head(1, block), connection_error, {kCompression}};
    };
    const std::string value = indexed(std::string("\x0f\x04", 2));  // the name of index 19
    return {
        broken("7541 2.3.3", "an index beyond both tables", indexed("\xfe")),
        broken("7541 2.3.3", "a literal whose name's index is beyond both tables",
               indexed("\x7e\x01"
                       "a")),
        broken("7541 4.2", "a table's size at the end of a block", indexed("\x20")),
        broken("7541 5.2", "Huffman padding longer than seven bits", value + "\x83\x1f\xff\xff"),
        broken("7541 5.2", "Huffman padding of zeros", value + "\x81\x18"),
        broken("7541 5.2", "Huffman code with EOS", value + "\x84\xff\xff\xff\xfc"),
        broken("7541 6.1", "index 0", indexed("\x80")),
        broken("7541 6.3", "a table's size beyond the setting",
               std::string("\x3f\xe2\x1f") + indexed()),
    };
}

class Http2Conformance : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        place = std::make_unique<Place>();
        place->open();
    }
    static void TearDownTestSuite() { place.reset(); }

    static void look(const Case& each) {
        FrameClient client(place->address);
        client.send(each.bytes);
        if (!each.later.empty()) {
            EXPECT_TRUE(client.await(1).ended);
            client.send(each.later);
        }
        check(each, client);
    }

    static void check(const Case& each, FrameClient& client) {
        switch (each.outcome) {
            case Outcome::answered:
                EXPECT_TRUE(client.await(1).ended);
                EXPECT_EQ(client.streams[1].fields[":status"], "200");
                return;
            case Outcome::pong:
                client.send(frame(F::kPing, 0, 0, "at last!"));
                while (client.pong != "at last!" && client.step()) {
                }
                EXPECT_EQ(client.pong, "at last!");
                return;
            case Outcome::settled:
                client.send(settings(""));
                while (client.settings_acked < 2 && client.step()) {
                }
                EXPECT_GE(client.settings_acked, 2);
                return;
            case Outcome::stream_error:
                while (!client.streams[1].reset && !client.gone_away && client.step()) {
                }
                EXPECT_TRUE(each.codes.contains(client.gone_away ? client.goaway_error
                                                                 : client.streams[1].error))
                    << client.gone_away << client.goaway_error << client.streams[1].error;
                return;
            case Outcome::connection_error:
                EXPECT_TRUE(each.codes.contains(client.await_goaway())) << client.goaway_error;
                while (client.step()) {  // and it ends
                }
                return;
        }
    }

    static void look(const std::vector<Case>& cases) {
        for (const Case& each : cases) {
            SCOPED_TRACE(std::string(each.section) + ": " + each.says);
            look(each);
        }
    }

    struct Place {
        void open() {
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

        App app{"one", [](const net::ExchangePtr& exchange) {
                    exchange->collect(100'000, [exchange](std::string) {
                        exchange->answer(net::Response::text(200, "one"));
                    });
                }};
        House house{1};
        std::string address;
    };
    static std::unique_ptr<Place> place;
};

std::unique_ptr<Http2Conformance::Place> Http2Conformance::place;

TEST_F(Http2Conformance, takes_all_that_a_client_may_send) {
    look(generic_cases());
}

TEST_F(Http2Conformance, holds_for_frames) {
    look(framing_cases());
}

TEST_F(Http2Conformance, holds_for_the_states_of_a_stream) {
    look(state_cases());
}

TEST_F(Http2Conformance, holds_for_settings_and_windows) {
    look(settings_and_window_cases());
}

TEST_F(Http2Conformance, holds_for_messages) {
    look(message_cases());
}

TEST_F(Http2Conformance, holds_for_compressed_fields) {
    look(hpack_cases());
}

TEST_F(Http2Conformance, holds_for_the_preface) {
    FrameClient client(place->address, "", "INVALID * HTTP/2.0\r\n\r\nSM\r\n");
    client.await_goaway();
    while (client.step()) {  // and it ends
    }
}

}  // namespace
}  // namespace edge
