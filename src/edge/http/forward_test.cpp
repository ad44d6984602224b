#include "edge/http/forward.h"

#include "net/http1.h"

#include <gtest/gtest.h>

#include <optional>
#include <regex>
#include <string>

namespace edge {
namespace {

struct Sent {
    std::string head;
    std::string user_agent;
    std::string trace;
};

Attributes untraced() {
    Attributes made;
    made.trace_context = false;
    return made;
}

/// The head that the target gets for a request as it came.
class Reader final : public net::RequestHandler {
public:
    void on_head(const net::RequestHead& head) override {
        Text out;
        const Hop hop{.client = "10.0.0.9",
                      .listener_port = "80",
                      .attributes = attributes_,
                      .epoch_seconds = 0x12345678,
                      .random = random_};
        const Words words = put_request_head(out, head, hop);
        sent = Sent{std::string(out.view()), std::string(out.at(words.user_agent)),
                    std::string(out.at(words.trace))};
    }
    void on_body(std::string_view) override {}
    void on_end() override {}

    std::optional<Sent> sent;

private:
    const Attributes attributes_ = untraced();
    base::Random random_{1};
};

Sent forwarded(const std::string& fields) {
    Reader reader;
    net::RequestParser parser;
    parser.feed("GET /a?b HTTP/1.1\r\n" + fields + "\r\n", reader);
    EXPECT_TRUE(reader.sent) << fields;
    return reader.sent.value_or(Sent{});
}

/// Without what the edge adds.
std::string passed_on(const std::string& fields) {
    const std::string head = forwarded("Host: h\r\n" + fields).head;
    const std::string before = "GET /a?b HTTP/1.1\r\nHost: h\r\n";
    EXPECT_TRUE(head.starts_with(before)) << head;
    return head.substr(before.size(), head.find("X-Forwarded-For: 10.0.0.9") - before.size());
}

TEST(ForwardedHeads, keep_fields_as_they_came_in_their_order) {
    EXPECT_EQ(passed_on("A: 1\r\nb: 2\r\nA: 3\r\n"), "A: 1\r\nb: 2\r\nA: 3\r\n");
    EXPECT_EQ(passed_on(""), "");
    EXPECT_EQ(passed_on("A:\r\nB: \r\n"), "A: \r\nB: \r\n");
}

TEST(ForwardedHeads, are_written_anew_where_white_space_is_not_as_usual) {
    EXPECT_EQ(passed_on("A: 1\r\nB:2\r\nC:  3 \t\r\nD: 4\r\n"), "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n");
    EXPECT_EQ(passed_on("A: 1 \r\nB: 2\r\n"), "A: 1\r\nB: 2\r\n");
}

TEST(ForwardedHeads, lose_what_is_for_one_hop_wherever_it_stands) {
    EXPECT_EQ(passed_on("Connection: X\r\nA: 1\r\nX: 2\r\nTE: gzip\r\nB: 3\r\nKeep-Alive: 1\r\n"),
              "A: 1\r\nB: 3\r\n");
}

TEST(ForwardedHeads, say_where_the_user_agent_stands) {
    EXPECT_EQ(forwarded("Host: h\r\nUser-Agent: me\r\nB: 3\r\n").user_agent, "me");
    EXPECT_EQ(forwarded("A: 1\r\nHost: h\r\nB: 3\r\nUser-Agent: me\r\n").user_agent, "me");
    EXPECT_EQ(forwarded("Host: h\r\nB:2\r\nUser-Agent:  me \r\nC: 1\r\n").user_agent, "me");
    EXPECT_EQ(forwarded("Host: h\r\n").user_agent, "");
}

std::string traced(std::optional<std::string> received) {
    return forwarded("Host: h\r\n" +
                     (received ? "X-Amzn-Trace-Id: " + *received + "\r\n" : std::string()))
        .trace;
}

TEST(TraceIds, are_made_or_continued) {
    const std::string id = "1-12345678-[0-9a-f]{24}";
    EXPECT_TRUE(std::regex_match(traced(std::nullopt), std::regex("Root=" + id)));
    EXPECT_TRUE(std::regex_match(traced("Root=1-a-b"), std::regex("Self=" + id + ";Root=1-a-b")));
    EXPECT_TRUE(std::regex_match(traced("Self=1-x-y;Root=1-a-b;K=v"),
                                 std::regex("Self=" + id + ";Root=1-a-b;K=v")));
    EXPECT_TRUE(std::regex_match(traced("K=v"), std::regex("Root=" + id + ";K=v")));
    EXPECT_TRUE(std::regex_match(traced(std::string(8000, 'x')), std::regex("Root=" + id)));
}

TEST(Texts, grow_and_write_numbers) {
    Text text;
    for (int i = 0; i < 200; ++i) text.put("0123456789");
    text.put_number(18446744073709551615U);
    EXPECT_EQ(text.view().substr(1990), "012345678918446744073709551615");
    text.clear();
    EXPECT_TRUE(text.view().empty());
}

TEST(Texts, take_pieces_of_any_length) {
    const std::string from = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    for (std::size_t bytes = 0; bytes <= 40; ++bytes) {
        const std::string piece = from.substr(0, bytes);
        Text text;
        text.put(piece);
        {
            Pen pen(text, bytes + 1);
            pen.put(piece);
            pen.put('.');
            EXPECT_EQ(pen.here(), 2 * bytes + 1);
        }
        text.put('!');
        EXPECT_EQ(text.view(), piece + piece + ".!");
    }
}

TEST(Texts, are_written_in_hexadecimal) {
    Text text;
    {
        Pen pen(text, 40);
        pen.put_hex(std::uint64_t{0x0123456789abcdef});
        pen.put_hex(std::uint32_t{0xdeadbeef});
        pen.put_hex(std::uint64_t{0xfedcba9876543210});
    }
    EXPECT_EQ(text.view(), "0123456789abcdefdeadbeeffedcba9876543210");
}

}  // namespace
}  // namespace edge
