// Bounds on everything that a client controls.

#include "edge/testing.h"
#include "edge/worker/addresses.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace edge {
namespace {

using namespace std::chrono_literals;
using base::Json;
using testing::App;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::Wire;

class Bounds : public ::testing::Test {
protected:
    void begin(const Json& limits) {
        house.start();
        house.configure([&](Json& config) { config["limits"] = limits; });
        house.weights(1, 0);
        house.add("blue", app);
    }

    App app{"one", [](const net::ExchangePtr& exchange) {
                exchange->collect(100, [exchange](const std::string&) {
                    exchange->answer(net::Response::text(200, "read"));
                });
            }};
    House house{1};
};

bool says_close(const Got& got) {
    const auto connection = got.fields.find("connection");
    return connection != got.fields.end() && connection->second == "close";
}

TEST_F(Bounds, hold_for_a_heads_bytes_lines_and_fields) {
    begin({{"header_bytes", 4096}, {"request_line_bytes", 256}});
    struct Row {
        std::string request;
        int status;
    };
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 130; ++i) many += "A:\r\n";
    for (const Row& row : {Row{get("/" + std::string(250, 'x')), 414},
                           Row{get("/", "X: " + std::string(5000, 'x') + "\r\n"), 431},
                           Row{many + "\r\n", 431}, Row{get("/name"), 200}}) {
        Wire wire(house.address());
        const Got got = wire.ask(row.request);
        EXPECT_EQ(got.status, row.status) << row.request.substr(0, 40);
        EXPECT_EQ(says_close(got), row.status != 200);
    }
}

TEST_F(Bounds, hold_for_a_body_of_either_framing) {
    begin({{"body_bytes", 10}});
    Wire length(house.address());
    EXPECT_EQ(length.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n").status, 413);
    Wire chunked(house.address());
    EXPECT_EQ(chunked
                  .ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "64\r\n" +
                       std::string(100, 'x') + "\r\n0\r\n\r\n")
                  .status,
              413);
}

TEST_F(Bounds, hold_for_the_time_that_a_head_may_take) {
    begin({{"header_timeout_ms", 50}});
    Wire wire(house.address());
    ASSERT_TRUE(wire.send("GET / HT"));
    EXPECT_EQ(wire.answer().status, 408);
    Wire silent(house.address());
    EXPECT_TRUE(silent.ended()) << "who says nothing gets no answer";
}

TEST_F(Bounds, hold_for_the_time_between_two_requests) {
    begin({{"keep_alive_ms", 50}});
    Wire wire(house.address());
    EXPECT_EQ(wire.ask(get("/name")).status, 200);
    EXPECT_TRUE(wire.ended());
}

TEST_F(Bounds, hold_for_a_body_that_stands_still) {
    begin({{"idle_timeout_ms", 50}});
    Wire wire(house.address());
    ASSERT_TRUE(wire.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"));
    EXPECT_EQ(wire.answer().status, 408);
}

TEST_F(Bounds, hold_for_the_life_of_a_connection) {
    begin({{"connection_lifetime_ms", 200}});
    Wire wire(house.address());
    bool told = false;
    // Busy all the time: no other bound ends it.
    for (int i = 0; i < 1'000'000 && !told; ++i) {
        const Got got = wire.ask(get("/name"));
        ASSERT_EQ(got.status, 200);
        told = says_close(got);
    }
    EXPECT_TRUE(told);
    EXPECT_TRUE(wire.ended());
}

TEST_F(Bounds, hold_for_the_requests_of_a_connection) {
    begin({{"requests_per_connection", 3}});
    Wire wire(house.address());
    EXPECT_FALSE(says_close(wire.ask(get("/name"))));
    EXPECT_FALSE(says_close(wire.ask(get("/name"))));
    const Got last = wire.ask(get("/name"));
    EXPECT_EQ(last.status, 200);
    EXPECT_TRUE(says_close(last));
    EXPECT_TRUE(wire.ended());
}

TEST_F(Bounds, hold_for_the_connections_of_an_address_and_of_all) {
    begin({{"connections_per_address", 2}});
    auto first = std::make_unique<Wire>(house.address());
    Wire second(house.address());
    EXPECT_EQ(first->ask(get("/name")).status, 200);
    EXPECT_EQ(second.ask(get("/name")).status, 200);
    EXPECT_TRUE(Wire(house.address()).ended());
    first.reset();
    EXPECT_TRUE(eventually([&] { return Wire(house.address()).ask(get("/name")).status == 200; }));
}

TEST(ClientAddresses, are_counted_by_address_and_by_network_of_version_six) {
    const auto of = [](std::string_view text) { return bytes_of(*net::Address::parse(text)); };
    Addresses addresses;
    EXPECT_TRUE(addresses.enter(of("10.0.0.1:1"), 1));
    EXPECT_FALSE(addresses.enter(of("10.0.0.1:2"), 1));
    EXPECT_TRUE(addresses.enter(of("10.0.0.2:1"), 1));
    EXPECT_TRUE(addresses.enter(of("[2001:db8::1]:1"), 1));
    EXPECT_FALSE(addresses.enter(of("[2001:db8::2]:1"), 1)) << "one customer has a /64";
    EXPECT_TRUE(addresses.enter(of("[2001:db8:0:1::1]:1"), 1));
    addresses.leave(of("[2001:db8::9]:1"));
    EXPECT_TRUE(addresses.enter(of("[2001:db8::2]:1"), 1));
    {
        const auto ticket = AddressTicket::take(addresses, of("10.0.0.3:1"), 1);
        EXPECT_TRUE(ticket);
        EXPECT_FALSE(AddressTicket::take(addresses, of("10.0.0.3:1"), 1));
    }
    EXPECT_TRUE(AddressTicket::take(addresses, of("10.0.0.3:1"), 1));
}

}  // namespace
}  // namespace edge
