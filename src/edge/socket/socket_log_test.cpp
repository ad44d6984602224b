// What the access log says of a WebSocket: once, at its end, with all that went over it.

#include "base/file.h"
#include "edge/socket/echo_test.h"
#include "edge/testing.h"
#include "net/websocket.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace edge {
namespace {

using testing::Caller;
using testing::Deflate;
using testing::Echo;
using testing::eventually;
using testing::get;
using testing::House;
using testing::Wire;

class SocketLog : public ::testing::Test {
protected:
    void SetUp() override {
        house.access_log = (house.folder.path / "access.log").string();
        house.grace = std::chrono::milliseconds{200};
        house.start();
        house.configure(
            [](base::Json& config) { config["rules"][0]["forward"]["sockets"] = "swap"; });
        house.weights(1, 0);
        add(one, "one");
    }
    void add(const Echo& echo, const std::string& id) {
        house.add("blue", id, echo.address);
        house.await_state("blue", id, "healthy");
    }
    /// Every line, of an edge that has ended.
    std::string log() {
        house.stop();
        return base::read_file(house.access_log, base::Bytes{1 << 20}).value_or("");
    }
    static std::vector<std::string> fields_of(const std::string& line) {
        std::vector<std::string> made(1);
        bool quoted = false;
        for (const char c : line) {
            if (c == '"') quoted = !quoted;
            if (c == ' ' && !quoted) {
                made.emplace_back();
            } else if (c != '"' && c != '\n') {
                made.back() += c;
            }
        }
        return made;
    }
    static constexpr std::size_t kReceived = 10, kSent = 11, kUrl = 12;

    Echo one{"one"};
    House house{1};
};

TEST_F(SocketLog, has_one_line_with_bytes_and_close_code_at_the_end) {
    const std::string request = get("/socket",
                                    "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                    "Sec-WebSocket-Version: 13\r\n"
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    Wire wire(house.address());
    ASSERT_EQ(wire.ask(request).status, 101);
    std::string frames;
    net::append_masked_frame(frames, net::Opcode::text, std::string(1000, 'x'), 0x12345678);
    net::append_masked_frame(frames, net::Opcode::close, net::close_payload(4001, "bye"),
                             0x9abcdef0);
    // The close frame comes in pieces, its code, too.
    ASSERT_TRUE(wire.send(frames.substr(0, frames.size() - 4)));
    wire.read(1004);
    ASSERT_TRUE(wire.send(frames.substr(frames.size() - 4)));
    wire.read(1000);
    wire.close();
    ASSERT_TRUE(eventually([&] { return house.target("blue", "one")["sockets"] == 0; }));
    const std::vector<std::string> fields = fields_of(log());
    ASSERT_EQ(fields.size(), 38U);
    EXPECT_EQ(fields[0], "ws");
    EXPECT_EQ(fields[8], "101");
    EXPECT_EQ(fields[kReceived], std::to_string(request.size() + frames.size()));
    EXPECT_GT(std::stoul(fields[kSent]), 1004U);
    EXPECT_LT(std::stoul(fields[kSent]), 1500U);
    EXPECT_NE(fields[kUrl].find("/socket HTTP/1.1"), std::string::npos);
    EXPECT_EQ(fields[36], "4001");
    EXPECT_EQ(fields[37], "-");
}

TEST_F(SocketLog, counts_handoffs_and_tells_who_left_without_a_word) {
    Echo two("two");
    {
        Caller caller(house.address(), 1, Deflate::no);
        ASSERT_TRUE(caller.ask("hello"));
        add(two, "two");
        house.drain("blue", "one");
        house.await_state("blue", "one", "drained");
        ASSERT_TRUE(caller.ask("again"));
    }
    ASSERT_TRUE(eventually([&] { return house.target("blue", "two")["sockets"] == 0; }));
    const std::vector<std::string> fields = fields_of(log());
    ASSERT_EQ(fields.size(), 38U);
    EXPECT_EQ(fields[36], "1006");
    EXPECT_EQ(fields[37], "swapped:1");
}

TEST_F(SocketLog, has_1012_where_the_edge_ends_a_socket) {
    Caller caller(house.address(), 1, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    const std::vector<std::string> fields = fields_of(log());
    ASSERT_EQ(fields.size(), 38U);
    EXPECT_EQ(fields[36], "1012");
}

}  // namespace
}  // namespace edge
