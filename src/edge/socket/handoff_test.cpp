// WebSockets whose target is replaced: nothing of what either side says is lost, doubled or mixed.

#include "edge/socket/echo_test.h"
#include "edge/testing.h"
#include "net/websocket.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::Caller;
using testing::Deflate;
using testing::Echo;
using testing::eventually;
using testing::House;

std::uint64_t swapped(const House& house, std::string_view outcome = "swapped") {
    const std::string text = house.edge->control().metrics();
    const std::string name =
        "crossfade_edge_handoffs_total{outcome=\"" + std::string(outcome) + "\"} ";
    const std::size_t at = text.find(name);
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + name.size()));
}

class Handoffs : public ::testing::Test {
protected:
    void SetUp() override {
        house.start();
        house.configure([this](base::Json& config) {
            config["rules"][0]["forward"]["sockets"] = "swap";
            config["limits"]["socket_hold_ms"] = hold_ms;
        });
        house.weights(1, 1);
        add(one);
        add(two);
    }

    void add(const Echo& echo) {
        house.add("blue", echo.name, echo.address);
        house.await_state("blue", echo.name, "healthy");
    }

    /// Asks the sockets of one of the two to go to the other.
    void move(const Echo& from) {
        house.permit.token = "move" + std::to_string(++moves);
        const auto moved = house.edge->control().move_sockets(
            house.permit, {.group = "blue", .id = from.name, .sockets_a_second = 0});
        ASSERT_TRUE(moved);
    }

    /// The one that has all sockets.
    Echo& holder() {
        EXPECT_TRUE(eventually([&] { return (sockets(one) > 0) != (sockets(two) > 0); }));
        return sockets(one) > 0 ? one : two;
    }
    std::uint64_t sockets(const Echo& echo) {
        return house.target("blue", echo.name)["sockets"].get<std::uint64_t>();
    }

    int hold_ms = 20'000;
    int moves = 0;
    Echo one{"one"};
    Echo two{"two"};
    House house{2};
};

TEST_F(Handoffs, keep_every_byte_of_every_socket_in_order) {
    std::vector<std::unique_ptr<Caller>> callers;
    for (unsigned i = 0; i < 12; ++i) {
        callers.push_back(std::make_unique<Caller>(house.address(), i, Deflate::no));
    }
    for (auto& caller : callers) caller->begin();
    for (int round = 0; round < 8; ++round) {
        const Echo& from = round % 2 == 0 ? one : two;
        move(from);
        ASSERT_TRUE(eventually([&] { return sockets(from) == 0; })) << "round " << round;
    }
    for (auto& caller : callers) {
        caller->end();
        EXPECT_EQ(caller->finding(), "") << "caller " << caller->seed;
        EXPECT_GT(caller->echoed(), 0U);
    }
    EXPECT_GE(swapped(house), 8U * callers.size() - callers.size());
    EXPECT_EQ(house.counts("blue")["sockets_cut"], 0);
}

TEST_F(Handoffs, stay_with_their_release_while_it_takes_users) {
    Echo three{"three"};
    Echo four{"four"};
    for (const Echo* echo : {&three, &four}) {
        house.add("green", echo->name, echo->address);
        house.await_state("green", echo->name, "healthy");
    }
    std::vector<std::unique_ptr<Caller>> callers;
    for (unsigned i = 0; i < 12; ++i) {
        callers.push_back(std::make_unique<Caller>(house.address(), i, Deflate::no));
        ASSERT_TRUE(callers.back()->ask("hello"));
    }
    const auto of_green = [&](const Echo& echo) {
        return house.target("green", echo.name)["sockets"].get<std::uint64_t>();
    };
    const std::uint64_t green = of_green(three) + of_green(four);
    ASSERT_GT(of_green(three), 2U);
    house.drain("green", three.name);
    ASSERT_TRUE(eventually([&] { return of_green(three) == 0; }));
    EXPECT_EQ(of_green(four), green);
    house.weights(1, 0);
    house.drain("green", four.name);
    ASSERT_TRUE(eventually([&] { return of_green(four) == 0; }));
    EXPECT_EQ(sockets(one) + sockets(two), callers.size());
    for (auto& caller : callers) EXPECT_TRUE(caller->ask("and on"));
}

TEST_F(Handoffs, go_on_with_compression_where_it_was_agreed) {
    Caller caller(house.address(), 7, Deflate::yes);
    EXPECT_NE(caller.extensions().find("client_no_context_takeover"), std::string::npos);
    caller.begin();
    for (int round = 0; round < 6; ++round) {
        const Echo& from = holder();
        move(from);
        ASSERT_TRUE(eventually([&] { return sockets(from) == 0; }));
    }
    caller.end();
    EXPECT_EQ(caller.finding(), "");
}

TEST_F(Handoffs, tell_the_old_target_goodbye_and_nobody_else) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    house.drain("blue", from.name);
    house.await_state("blue", from.name, "drained");
    EXPECT_EQ(from.closes(), std::vector<int>{1001});
    ASSERT_TRUE(caller.ask("and on"));
    EXPECT_EQ(sockets(to), 1U);
    EXPECT_TRUE(to.closes().empty());
    EXPECT_TRUE(caller.open());
}

TEST_F(Handoffs, wait_for_the_end_of_a_message_and_of_its_answer) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    caller.send(net::Opcode::text, "first ", false);
    move(from);
    caller.send(net::Opcode::ping, "p");
    EXPECT_EQ(caller.next(), "pong p") << "control frames pass between fragments";
    EXPECT_EQ(sockets(from), 1U) << "the message has not ended";
    caller.send(net::Opcode::continuation, "last", true);
    EXPECT_EQ(caller.next(), "text first last");
    ASSERT_TRUE(eventually([&] { return sockets(from) == 0; }));
    EXPECT_EQ(from.messages(), 2U);
    ASSERT_TRUE(caller.ask("more"));
}

TEST_F(Handoffs, that_no_other_target_accepts_leave_the_socket_as_it_is) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    to.protocol = "another";
    move(from);
    ASSERT_TRUE(eventually([&] { return swapped(house, "refused") >= 2; }));
    ASSERT_TRUE(caller.ask("still here"));
    EXPECT_EQ(sockets(from), 1U);
    EXPECT_EQ(from.messages(), 2U);
    to.protocol = "";
    ASSERT_TRUE(eventually([&] { return sockets(to) == 1; }));
    ASSERT_TRUE(caller.ask("moved at last"));
}

TEST_F(Handoffs, end_with_1012_at_the_deadline_if_nobody_accepts) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    to.status = 503;
    house.drain("blue", from.name, 200ms);
    EXPECT_EQ(caller.next(), "close 1012");
    house.await_state("blue", from.name, "drained");
}

TEST_F(Handoffs, of_those_who_may_not_come_any_more_end_with_1012_at_once) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    to.status = 401;
    move(from);
    EXPECT_EQ(caller.next(), "close 1012");
}

TEST_F(Handoffs, hold_the_client_when_its_target_dies) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    to.status = 503;
    caller.send(net::Opcode::text, "begun ", false);
    ASSERT_TRUE(eventually([&] { return from.fragments() == 1; }));
    from.die();
    // Nobody stands behind the socket now.
    caller.send(net::Opcode::ping, "are you there");
    EXPECT_EQ(caller.next(), "pong are you there");
    caller.send(net::Opcode::continuation, "and ended", true);
    caller.send(net::Opcode::text, "one more");
    to.status = 101;
    EXPECT_EQ(caller.next(), "text begun and ended");
    EXPECT_EQ(caller.next(), "text one more");
    EXPECT_EQ(to.messages(), 2U);
    EXPECT_EQ(swapped(house, "recovered"), 1U);
    EXPECT_EQ(house.counts("blue")["sockets_cut"], 0);
}

TEST_F(Handoffs, let_the_client_wait_for_who_is_to_come_while_requests_are_held) {
    house.drain("blue", "two");
    house.await_state("blue", "two", "drained");
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    const auto held = house.edge->control().put_hold(
        house.permit, {.groups = {}, .listeners = {"*"}, .span = 1min});
    ASSERT_TRUE(held);
    house.drain("blue", "one");
    house.await_state("blue", "one", "drained");
    EXPECT_EQ(one.closes(), std::vector<int>{1001});
    EXPECT_TRUE(caller.open());
    caller.send(net::Opcode::ping, "are you there");
    EXPECT_EQ(caller.next(), "pong are you there");
    caller.send(net::Opcode::text, "for the next one");
    Echo three{"three"};
    add(three);
    EXPECT_EQ(caller.next(), "text for the next one");
    EXPECT_EQ(three.messages(), 1U);
    EXPECT_EQ(one.messages(), 1U);
    ASSERT_TRUE(house.edge->control().release_hold(house.permit, {}));
    ASSERT_TRUE(caller.ask("and on"));
    EXPECT_EQ(house.counts("blue")["sockets_cut"], 0);
}

class ShortHolds : public Handoffs {
protected:
    ShortHolds() { hold_ms = 100; }
};

TEST_F(ShortHolds, end_with_1012_when_nobody_comes) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    to.status = 503;
    from.die();
    EXPECT_EQ(caller.next(), "close 1012");
    EXPECT_EQ(swapped(house, "failed"), 1U);
    caller.send(net::Opcode::close, net::close_payload(1012, ""));
    EXPECT_EQ(caller.next(), "end");
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["sockets_cut"] == 1; }));
}

TEST_F(Handoffs, survive_a_candidate_that_dies_before_its_turn) {
    Caller caller(house.address(), 3, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    Echo& from = holder();
    Echo& to = &from == &one ? two : one;
    caller.send(net::Opcode::text, "first ", false);
    move(from);
    ASSERT_TRUE(eventually([&] { return sockets(to) == 1; })) << "prepared, not yet in use";
    to.drop_sockets();
    caller.send(net::Opcode::continuation, "last", true);
    EXPECT_EQ(caller.next(), "text first last");
    ASSERT_TRUE(caller.ask("somewhere"));
    EXPECT_TRUE(caller.open());
}

// $CROSSFADE_SWAPS makes it as long as is wanted, with messages of up to 16 MB.
TEST_F(Handoffs, survive_any_number_of_swaps_at_any_moment) {
    const char* asked = std::getenv("CROSSFADE_SWAPS");
    const std::uint64_t wanted = asked == nullptr ? 40 : std::stoull(asked);
    const std::size_t largest = asked == nullptr ? 300'000 : 16 * 1024 * 1024;
    std::vector<std::unique_ptr<Caller>> callers;
    for (unsigned i = 0; i < 6; ++i) {
        callers.push_back(std::make_unique<Caller>(
            house.address(), 100 + i, i % 2 == 0 ? Deflate::yes : Deflate::no, largest));
    }
    for (auto& caller : callers) caller->begin();
    while (swapped(house) < wanted) {
        const Echo& from = sockets(one) > 0 ? one : two;
        move(from);
        ASSERT_TRUE(eventually([&] { return sockets(from) == 0; }, 120s));
    }
    std::uint64_t echoes = 0;
    for (auto& caller : callers) {
        caller->end();
        EXPECT_EQ(caller->finding(), "") << "caller " << caller->seed;
        echoes += caller->echoed();
    }
    EXPECT_EQ(house.counts("blue")["sockets_cut"], 0);
    RecordProperty("echoes", std::to_string(echoes));
    if (asked != nullptr) {
        std::printf("%llu swaps, %llu messages echoed, %llu bytes largest\n",
                    static_cast<unsigned long long>(swapped(house)),
                    static_cast<unsigned long long>(echoes),
                    static_cast<unsigned long long>(largest));
    }
}

}  // namespace
}  // namespace edge
