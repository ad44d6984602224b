// What becomes of a Mattermost socket's numbers, greetings and doubles while its server changes.

#include "edge/socket/mattermost.h"

#include "edge/socket/echo_test.h"
#include "edge/socket/virtual_ids.h"
#include "edge/testing.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::Caller;
using testing::Deflate;
using testing::Echo;
using testing::eventually;
using testing::House;
using testing::Wire;
using Voice = Mattermost::Voice;

std::string event(const std::string& name, const std::string& about, unsigned number) {
    return "{\"event\":\"" + name + "\",\"data\":{\"about\":\"" + about +
           "\"},\"broadcast\":{},\"seq\":" + std::to_string(number) + "}";
}

const std::string kFirst(26, 'a');
const std::string kSecond(26, 'b');

std::string hello(const std::string& id) {
    return R"({"event":"hello","data":{"connection_id":")" + id +
           R"(","server_version":"1"},"broadcast":{},"seq":0})";
}

class MattermostSocket : public ::testing::Test {
protected:
    /// What the client gets; empty if nothing.
    std::string heard(std::string text, Voice voice) {
        return adapter.hears(text, voice, now) ? text : std::string();
    }

    VirtualIds ids;
    Mattermost adapter{0, ids};
    base::Tick now{};
};

TEST_F(MattermostSocket, passes_everything_as_it_is_while_nothing_moves) {
    for (unsigned i = 0; i < 3; ++i) {
        EXPECT_EQ(heard(event("posted", "x", i), Voice::staying), event("posted", "x", i));
    }
    const std::string reply = R"({"status":"OK","seq_reply":4})";
    EXPECT_EQ(heard(reply, Voice::staying), reply);
    EXPECT_EQ(heard("no json", Voice::staying), "no json");
}

TEST_F(MattermostSocket, counts_on_behind_another_server_and_takes_its_greeting_out) {
    heard(event("hello", "A", 0), Voice::staying);
    heard(event("posted", "one", 1), Voice::staying);
    adapter.begin_recording();
    adapter.swapped();
    EXPECT_EQ(heard(event("hello", "B", 0), Voice::staying), "");
    EXPECT_EQ(heard(event("posted", "two", 1), Voice::staying), event("posted", "two", 2));
    EXPECT_EQ(heard(event("posted", "three", 2), Voice::leaving), event("posted", "three", 3));
    EXPECT_EQ(heard(event("posted", "four", 2), Voice::staying), event("posted", "four", 4));
}

TEST_F(MattermostSocket, goes_on_in_another_process_where_it_stopped) {
    heard(event("hello", "A", 0), Voice::staying);
    adapter.says(R"({"action":"presence","seq":1,"data":{"channel_id":"c"}})");
    adapter.begin_recording();
    EXPECT_FALSE(adapter.at_rest(now));
    adapter.swapped();
    heard(event("hello", "B", 0), Voice::staying);
    adapter.silent(now);
    EXPECT_FALSE(adapter.at_rest(now)) << "what was told may be told again";
    ASSERT_TRUE(adapter.at_rest(now + 4s));
    Mattermost other(adapter.memory(), ids);
    std::string text = event("posted", "two", 1);
    EXPECT_TRUE(other.hears(text, Voice::staying, now));
    EXPECT_EQ(text, event("posted", "two", 1));
    text = event("posted", "three", 7);
    EXPECT_TRUE(other.hears(text, Voice::staying, now));
    EXPECT_EQ(text, event("posted", "three", 2)) << "it still counts for itself";
    EXPECT_EQ(other.presence(), adapter.presence());
}

TEST_F(MattermostSocket, hears_once_what_both_servers_tell_whoever_is_first) {
    adapter.begin_recording();
    heard(event("posted", "before", 5), Voice::leaving);
    adapter.swapped();
    EXPECT_EQ(heard(event("posted", "before", 1), Voice::staying), "") << "told before the swap";
    EXPECT_EQ(heard(event("posted", "a", 2), Voice::staying), event("posted", "a", 6));
    EXPECT_EQ(heard(event("posted", "a", 6), Voice::leaving), "");
    EXPECT_EQ(heard(event("posted", "b", 7), Voice::leaving), event("posted", "b", 7));
    EXPECT_EQ(heard(event("posted", "b", 3), Voice::staying), "");
    // The same twice from one server is twice.
    EXPECT_EQ(heard(event("typing", "c", 8), Voice::leaving), event("typing", "c", 8));
    EXPECT_EQ(heard(event("typing", "c", 9), Voice::leaving), event("typing", "c", 9));
    adapter.silent(now);
    EXPECT_EQ(heard(event("typing", "c", 4), Voice::staying), "");
    EXPECT_EQ(heard(event("typing", "c", 5), Voice::staying), "");
    now += 4s;
    EXPECT_EQ(heard(event("typing", "c", 6), Voice::staying), event("typing", "c", 10));
}

TEST_F(MattermostSocket, is_greeted_anew_after_a_death) {
    heard(event("posted", "one", 7), Voice::staying);
    adapter.restarted();
    EXPECT_EQ(heard(event("hello", "B", 0), Voice::staying), event("hello", "B", 0));
    EXPECT_EQ(heard(event("posted", "two", 1), Voice::staying), event("posted", "two", 1));
}

TEST_F(MattermostSocket, knows_what_the_server_behind_it_calls_it) {
    const std::string field = "PUT / HTTP/1.1\r\nConnection-Id: ";
    const auto sent = [&](const std::string& id) {
        std::string head = field + id + "\r\n\r\n";
        ids.translate(head.data(), head.size());
        return head.substr(field.size(), VirtualIds::kIdBytes);
    };
    heard(hello(kFirst), Voice::staying);
    EXPECT_EQ(sent(kFirst), kFirst);
    adapter.swapped();
    heard(hello(kSecond), Voice::staying);
    EXPECT_EQ(sent(kFirst), kSecond);
    {
        const Mattermost other(adapter.memory(), ids);
        EXPECT_EQ(sent(kFirst), kSecond) << "in the process that took it over, too";
    }
    EXPECT_EQ(sent(kFirst), kFirst) << "the socket has gone";
    adapter.swapped();
    heard(hello(kSecond), Voice::staying);
    EXPECT_EQ(sent(kFirst), kSecond);
    adapter.restarted();
    EXPECT_EQ(sent(kFirst), kFirst) << "its client is greeted with what is true";
}

TEST_F(MattermostSocket, answers_a_ping_and_nothing_else_in_a_servers_name) {
    EXPECT_EQ(Mattermost::pong_for(R"({"action":"ping","seq":7})"),
              R"({"status":"OK","data":{"text":"pong"},"seq_reply":7})");
    for (const char* text :
         {R"({"action":"user_typing","seq":7,"data":{"parent_id":"ping"}})", R"({"action":"ping"})",
          R"({"action":"ping","seq":0})", R"(["ping"])", "ping", ""}) {
        EXPECT_EQ(Mattermost::pong_for(text), std::nullopt) << text;
    }
}

TEST_F(MattermostSocket, tells_a_new_server_who_its_user_is_and_what_it_looks_at) {
    adapter.says(R"({"action":"authentication_challenge","seq":1,"data":{"token":"t"}})");
    adapter.says(R"({"action":"presence","seq":2,"data":{"channel_id":"a"}})");
    adapter.says(R"({"action":"presence","seq":3,"data":{"channel_id":"b"}})");
    adapter.says(R"({"action":"user_typing","seq":4,"data":{"channel_id":"b"}})");
    ASSERT_EQ(adapter.credentials().size(), 1U);
    const auto told = adapter.presence();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0], R"({"action":"presence","data":{"channel_id":"b"},"seq":2147483650})");
    EXPECT_EQ(heard(R"({"status":"OK","seq_reply":2147483650})", Voice::staying), "");
    EXPECT_NE(heard(R"({"status":"OK","seq_reply":5})", Voice::staying), "");
}

TEST_F(MattermostSocket, asks_another_server_for_no_connection_of_the_first) {
    std::string request = "GET /ws?connection_id=abc&sequence_number=42 HTTP/1.1\r\n\r\n";
    EXPECT_EQ(without_resumption(request), 42U);
    EXPECT_EQ(request, "GET /ws?connection_id=&sequence_number=42 HTTP/1.1\r\n\r\n");
}

TEST(MattermostHandoff, keeps_id_and_numbers_without_a_gap) {
    Echo one{"one"};
    Echo two{"two"};
    one.greeting = [] { return hello(kFirst); };
    two.greeting = [] { return hello(kSecond); };
    House house{1};
    house.start();
    house.configure(
        [](base::Json& config) { config["rules"][0]["forward"]["sockets"] = "mattermost"; });
    house.weights(1, 1);
    house.add("blue", "one", one.address);
    house.await_state("blue", "one", "healthy");
    Caller caller(house.address(), 1, Deflate::yes);
    EXPECT_EQ(caller.extensions(), "") << "who reads along must be able to";
    EXPECT_EQ(caller.next(), "text " + hello(kFirst));
    caller.send(net::Opcode::text, event("posted", "first", 1));
    EXPECT_EQ(caller.next(), "text " + event("posted", "first", 1));
    caller.send(net::Opcode::text, R"({"action":"presence","seq":1,"data":{"channel_id":"b"}})");
    EXPECT_EQ(caller.next(), R"(text {"action":"presence","seq":1,"data":{"channel_id":"b"}})");
    house.add("blue", "two", two.address);
    house.await_state("blue", "two", "healthy");
    house.drain("blue", "one");
    house.await_state("blue", "one", "drained");
    EXPECT_EQ(one.closes(), std::vector<int>{1001});
    caller.send(net::Opcode::text, event("posted", "second", 1));
    // An echo of what the edge itself told the new target about the user comes first.
    EXPECT_EQ(caller.next(),
              R"(text {"action":"presence","data":{"channel_id":"b"},"seq":2147483649})");
    EXPECT_EQ(caller.next(), "text " + event("posted", "second", 2));
    const std::string ask = "GET / HTTP/1.1\r\nHost: a\r\nConnection-Id: " + kFirst + "\r\n\r\n";
    EXPECT_EQ(Wire(house.address()).ask(ask).body, kSecond);
    // A death: the new server's own greeting, for the client to see.
    house.add("blue", "three", one.address);
    house.await_state("blue", "three", "healthy");
    two.die();
    EXPECT_EQ(caller.next(), "text " + hello(kFirst));
}

TEST(MattermostHandoff, lets_no_ping_of_the_clients_own_wait_for_a_server) {
    Echo one{"one"};
    Echo two{"two"};
    House house{1};
    house.start();
    house.configure(
        [](base::Json& config) { config["rules"][0]["forward"]["sockets"] = "mattermost"; });
    house.weights(1, 1);
    house.add("blue", "one", one.address);
    house.await_state("blue", "one", "healthy");
    Caller caller(house.address(), 1, Deflate::no);
    ASSERT_TRUE(caller.ask("hello"));
    one.die();
    caller.send(net::Opcode::text, "kept");
    caller.send(net::Opcode::text, R"({"action":"ping","seq":9})");
    EXPECT_EQ(caller.next(), R"(text {"status":"OK","data":{"text":"pong"},"seq_reply":9})");
    house.add("blue", "two", two.address);
    EXPECT_EQ(caller.next(), "text kept");
    ASSERT_TRUE(caller.ask("and on")) << "the ping was answered once";
    EXPECT_EQ(two.messages(), 2U);
}

}  // namespace
}  // namespace edge
