// Long bodies, which go from socket to socket without passing through memory.

#include "edge/testing.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace edge {
namespace {

using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::RawApp;
using testing::Wire;

constexpr std::size_t kLong = 2 * 1024 * 1024;

/// No two of its 64 KB are alike.
std::string long_text() {
    std::string text;
    for (int i = 0; text.size() < kLong; ++i) text += std::to_string(i) + ",";
    text.resize(kLong);
    return text;
}

bool put(int client, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// The request's target; empty at the end.
std::string asked(int client) {
    char bytes[4096];
    const ssize_t found = ::recv(client, bytes, sizeof bytes, 0);
    if (found <= 0) return {};
    const std::string_view head(bytes, static_cast<std::size_t>(found));
    return std::string(head.substr(4, head.find(' ', 4) - 4));
}

/// `/long` has all of the text, `/cut` a quarter of it and then the end, all else nothing.
void answer_long(int client) {
    static const std::string text = long_text();
    for (std::string target = asked(client); !target.empty(); target = asked(client)) {
        const bool is_long = target == "/long" || target == "/cut";
        const std::string length = std::to_string(is_long ? text.size() : 0);
        put(client, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
        if (target == "/cut") return void(put(client, text.substr(0, text.size() / 4)));
        if (is_long && !put(client, text)) return;
    }
}

struct Splice : ::testing::Test {
    Splice() { house.begin(raw); }
    RawApp raw{answer_long};
    House house{1};  // ends first, and with it the connections that the target waits on
};

TEST_F(Splice, a_long_answer_arrives_byte_by_byte_and_the_connections_go_on) {
    Wire wire(house.address());
    for (int i = 0; i < 3; ++i) {
        const Got got = wire.ask(get("/long"));
        ASSERT_TRUE(got.complete);
        EXPECT_TRUE(got.body == long_text());
        EXPECT_EQ(wire.ask(get("/short")).status, 200);
    }
    EXPECT_EQ(house.target("blue", "raw")["pooled"], 1);
}

TEST_F(Splice, a_client_that_reads_slowly_gets_all_of_it) {
    Wire wire(house.address(), 4096);
    ASSERT_TRUE(wire.send(get("/long") + get("/short")));
    EXPECT_TRUE(wire.answer().body == long_text());
    EXPECT_EQ(wire.answer().status, 200);
}

TEST_F(Splice, a_target_that_ends_in_the_midst_is_seen_by_the_client_as_an_end_in_the_midst) {
    Wire wire(house.address());
    const Got got = wire.ask(get("/cut"));
    EXPECT_EQ(got.status, 200);
    EXPECT_FALSE(got.complete);
    EXPECT_TRUE(got.closed);
    EXPECT_TRUE(long_text().starts_with(got.body));
    EXPECT_EQ(got.body.size(), kLong / 4) << "all that came is passed on";
    EXPECT_TRUE(eventually([&] { return house.target("blue", "raw")["in_flight"] == 0; }));
}

TEST_F(Splice, a_client_that_leaves_in_the_midst_leaves_nothing_behind) {
    {
        Wire wire(house.address(), 4096);
        ASSERT_TRUE(wire.send(get("/long")));
        EXPECT_GE(wire.read(200'000).size(), 200'000U);
    }
    EXPECT_TRUE(eventually([&] { return house.target("blue", "raw")["in_flight"] == 0; }));
    EXPECT_TRUE(Wire(house.address()).ask(get("/long")).body == long_text());
}

std::string post(std::string_view target) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kLong) + "\r\n\r\n";
}

/// Reads a POST's body in small pieces and says whether it is the text; to `/early` it says 413
/// before the body, and ends.
void judge_upload(int client) {
    static const std::string text = long_text();
    for (std::string request; true; request.clear()) {
        char bytes[1000];
        std::size_t wanted = 1;
        while (request.size() < wanted) {
            const ssize_t found = ::recv(client, bytes, sizeof bytes, 0);
            if (found <= 0) return;
            request.append(bytes, static_cast<std::size_t>(found));
            const std::size_t end = request.find("\r\n\r\n");
            const bool has_body = request.starts_with("POST") && end != std::string::npos;
            wanted = has_body ? end + 4 + kLong : request.size() + (end == std::string::npos);
            if (request.starts_with("POST /early")) {
                put(client,
                    "HTTP/1.1 413 Too Long\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                return;
            }
        }
        const bool same = request.ends_with(text);
        put(client, same ? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsame"
                         : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
    }
}

struct SpliceUpload : ::testing::Test {
    SpliceUpload() { house.begin(raw); }
    RawApp raw{judge_upload};
    House house{1};
};

TEST_F(SpliceUpload, arrives_byte_by_byte_and_the_connections_go_on) {
    Wire wire(house.address());
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(wire.send(post("/") + long_text()));
        EXPECT_EQ(wire.answer().body, "same");
        EXPECT_EQ(wire.ask(get("/")).body, "other");
    }
    EXPECT_EQ(house.target("blue", "raw")["pooled"], 1);
}

TEST_F(SpliceUpload, in_pieces_with_the_next_request_behind_it_arrives) {
    Wire wire(house.address());
    const std::string all = post("/") + long_text() + get("/");
    for (std::size_t at = 0; at < all.size(); at += 100'000) {
        ASSERT_TRUE(wire.send(std::string_view(all).substr(at, 100'000)));
    }
    EXPECT_EQ(wire.answer().body, "same");
    EXPECT_EQ(wire.answer().body, "other");
}

TEST_F(SpliceUpload, that_the_target_refuses_in_its_midst_is_answered_as_the_target_said) {
    Wire wire(house.address());
    const std::string text = long_text();
    ASSERT_TRUE(wire.send(post("/early") + text.substr(0, kLong / 2)));
    EXPECT_EQ(wire.answer().status, 413);
    EXPECT_TRUE(eventually([&] { return house.target("blue", "raw")["in_flight"] == 0; }));
}

TEST_F(SpliceUpload, that_its_client_breaks_off_leaves_nothing_behind) {
    {
        Wire wire(house.address());
        ASSERT_TRUE(wire.send(post("/") + long_text().substr(0, kLong / 2)));
        EXPECT_TRUE(eventually([&] { return house.target("blue", "raw")["in_flight"] == 1; }));
    }
    EXPECT_TRUE(eventually([&] { return house.target("blue", "raw")["in_flight"] == 0; }));
    Wire wire(house.address());
    ASSERT_TRUE(wire.send(post("/") + long_text()));
    EXPECT_EQ(wire.answer().body, "same");
}

}  // namespace
}  // namespace edge
