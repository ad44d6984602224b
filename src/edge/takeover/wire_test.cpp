#include "edge/takeover/wire.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace edge::takeover {
namespace {

std::vector<Message> one_of_each() {
    return {Hello{.version = 1, .build = "abc"},
            Refused{.why = "no"},
            Welcome{.workers = 2, .build = "abd"},
            Part{.bytes = std::string("a\0b", 3)},
            Listening{.name = "http", .asked = ":0", .actual = "127.0.0.1:80"},
            Whole{},
            Ready{},
            Go{},
            Serving{},
            GivenTunnel{.worker = 1,
                        .group = "blue",
                        .target = "a",
                        .opened_version = 77,
                        .client_walks = 1,
                        .client_left = 7,
                        .client_header = "ab",
                        .target_within = 1,
                        .handed = 1,
                        .listener = "http",
                        .protocol = "chat",
                        .extensions = "permessage-deflate",
                        .head = "GET / HTTP/1.1\r\n\r\n",
                        .adapts = 1,
                        .renumbers = 1,
                        .next = 5,
                        .asked = 6,
                        .challenge = "{}",
                        .presence = "[]",
                        .active = "1",
                        .known_id = "known",
                        .real_id = "real",
                        .line = "ws\n a\n b",
                        .received = 8,
                        .sent = 1ULL << 33U,
                        .swapped = 1,
                        .recovered = 2,
                        .refused = 3,
                        .failed = 4},
            GivenClient{.worker = 7, .listener = "http", .served = 12, .opened_ns = -5},
            Report{.followed = 1ULL << 40U, .generations = 2},
            Follow{.version = 9},
            Farewell{}};
}

TEST(TakeoverWire, says_everything_in_bytes_and_back) {
    ASSERT_EQ(one_of_each().size(), std::variant_size_v<Message>);
    for (const Message& message : one_of_each()) {
        const auto back = decode(encode(message));
        ASSERT_TRUE(back) << message.index();
        EXPECT_EQ(*back, message) << message.index();
    }
}

TEST(TakeoverWire, understands_no_packet_that_is_cut_or_longer) {
    for (const Message& message : one_of_each()) {
        const std::string packet = encode(message);
        for (std::size_t size = 0; size < packet.size(); ++size) {
            EXPECT_FALSE(decode(packet.substr(0, size))) << message.index() << " at " << size;
        }
        EXPECT_FALSE(decode(packet + '\0')) << message.index();
    }
    EXPECT_FALSE(decode(std::string(1, static_cast<char>(std::variant_size_v<Message>))));
    EXPECT_FALSE(decode(encode(Part{std::string(kPacketMax, 'x')})));
}

RC_GTEST_PROP(TakeoverWire, takes_any_text_in_any_field, (const std::string& text)) {
    const Message message = GivenTunnel{.group = text, .head = text + text, .active = text};
    RC_ASSERT(decode(encode(message)).value() == message);
}

// A later version finds the words of this one where they are.
TEST(TakeoverWire, greets_in_a_form_that_stays) {
    EXPECT_EQ(encode(Hello{.version = 3, .build = "ab"}), std::string("\0\3\0\0\0\2\0\0\0ab", 11));
    EXPECT_EQ(encode(Refused{.why = "no"}), std::string("\1\2\0\0\0no", 7));
}

}  // namespace
}  // namespace edge::takeover
