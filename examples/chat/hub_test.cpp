#include "chat/hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "chat/identity.h"

namespace chat {
namespace {

using base::Json;
using testing::ElementsAre;

/// A client that remembers what reached it; `stalled` is one that reads nothing.
struct Inbox final : Outlet {
    void send(std::string_view front, std::string_view back) override {
        messages.push_back(std::string(front) + std::string(back));
    }
    std::size_t unsent_bytes() const override { return stalled ? 1 << 20 : 0; }
    void close(std::uint16_t code, std::string_view) override { closed = code; }

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const std::string& message : messages) {
            const Json json = Json::parse(message);
            all.push_back(json.at("event").get<std::string>() + " " +
                          std::to_string(json.at("seq").get<int>()));
        }
        return all;
    }

    std::vector<std::string> messages;
    bool stalled = false;
    std::uint16_t closed = 0;
};

class HubTest : public testing::Test {
protected:
    HubTest() { hub.learn_memberships({{"square", "mia"}, {"square", "ben"}, {"crew", "mia"}}); }

    std::string open(Inbox& inbox, const std::string& user, const std::string& connection = {},
                     std::uint64_t next = 0) {
        return hub.open({.user_id = user,
                         .session_digest = "session of " + user,
                         .connection_id = connection,
                         .sequence_number = next},
                        inbox);
    }
    void say(const std::string& name, Audience audience, const std::string& subject = {}) {
        Event event = event_of(name, "{}", std::move(audience));
        event.subject = subject;
        hub.take(event, Hub::Reach::everyone);
    }
    void post(int times = 1) {
        for (int i = 0; i < times; ++i) say("posted", {.channel_id = "square"});
    }

    Hub hub{{.server_version = "1.0.0", .hostname = "here"},
            {.queued_max = 4, .sent_kept = 3, .inactive_kept = std::chrono::seconds{300}}};
    Inbox mia;
    Inbox ben;
};

TEST_F(HubTest, hello_comes_first_with_number_zero_and_names_the_connection) {
    const std::string id = open(mia, "mia");
    ASSERT_EQ(mia.messages.size(), 1U);
    const Json hello = Json::parse(mia.messages[0]);
    EXPECT_EQ(hello["event"], "hello");
    EXPECT_EQ(hello["seq"], 0);
    EXPECT_EQ(hello["data"]["connection_id"], id);
    EXPECT_EQ(hello["data"]["server_version"], "1.0.0");
    EXPECT_TRUE(is_id(id));
}

TEST_F(HubTest, the_sequence_number_is_the_last_member) {
    open(mia, "mia");
    post();
    EXPECT_TRUE(mia.messages[1].ends_with(R"(},"seq":1})")) << mia.messages[1];
}

TEST_F(HubTest, events_reach_members_of_the_place_and_nobody_else) {
    Inbox eve;
    open(mia, "mia");
    open(ben, "ben");
    open(eve, "eve");
    post();
    say("team_thing", {.team_id = "crew"});
    say("mine", {.user_id = "ben"});
    say("typing", {.channel_id = "square", .omit_user = "mia"});
    say("for_all", {});
    EXPECT_THAT(mia.names(), ElementsAre("hello 0", "posted 1", "team_thing 2", "for_all 3"));
    EXPECT_THAT(ben.names(), ElementsAre("hello 0", "posted 1", "mine 2", "typing 3", "for_all 4"));
    EXPECT_THAT(eve.names(), ElementsAre("hello 0", "for_all 1"));
}

TEST_F(HubTest, who_is_added_hears_it_and_who_is_removed_hears_that_last) {
    Inbox eve;
    open(eve, "eve");
    say("user_added", {.channel_id = "square"}, "eve");
    post();
    say("user_removed", {.channel_id = "square"}, "eve");
    post();
    EXPECT_THAT(eve.names(), ElementsAre("hello 0", "user_added 1", "posted 2", "user_removed 3"));
}

TEST_F(HubTest, an_event_that_reaches_nobody_here_still_changes_memberships) {
    Inbox eve;
    open(eve, "eve");
    Event added = event_of("user_added", "{}", {.channel_id = "square"});
    added.subject = "eve";
    hub.take(added, Hub::Reach::nobody);
    post();
    EXPECT_THAT(eve.names(), ElementsAre("hello 0", "posted 1"));
}

TEST_F(HubTest, a_client_that_comes_back_gets_what_it_missed_under_the_same_numbers) {
    const std::string id = open(mia, "mia");
    post();  // 1
    hub.lose(id, mia, {});
    post(2);  // 2, 3
    Inbox again;
    EXPECT_EQ(open(again, "mia", id, 2), id);
    post();
    EXPECT_THAT(again.names(), ElementsAre("posted 2", "posted 3", "posted 4"));
}

TEST_F(HubTest, what_was_sent_into_a_dying_socket_is_sent_again) {
    const std::string id = open(mia, "mia");
    post(2);
    hub.lose(id, mia, {});
    Inbox again;
    EXPECT_EQ(open(again, "mia", id, 1), id);
    EXPECT_THAT(again.names(), ElementsAre("posted 1", "posted 2"));
}

TEST_F(HubTest, whoever_needs_more_than_is_kept_begins_anew_with_hello) {
    const std::string id = open(mia, "mia");
    post(5);  // Three are kept: 3, 4, 5.
    hub.lose(id, mia, {});
    Inbox again;
    EXPECT_NE(open(again, "mia", id, 2), id);
    EXPECT_THAT(again.names(), ElementsAre("hello 0"));
    Inbox ahead;
    EXPECT_NE(open(ahead, "mia", id, 7), id);
}

TEST_F(HubTest, another_user_cannot_continue_a_connection) {
    const std::string id = open(mia, "mia");
    hub.lose(id, mia, {});
    EXPECT_NE(open(ben, "ben", id, 1), id);
}

TEST_F(HubTest, a_client_may_come_back_before_its_old_socket_is_seen_to_be_dead) {
    const std::string id = open(mia, "mia");
    Inbox again;
    EXPECT_EQ(open(again, "mia", id, 1), id);
    EXPECT_NE(mia.closed, 0);
    hub.lose(id, mia, {});  // The old socket's end means nothing any more.
    post();
    EXPECT_THAT(again.names(), ElementsAre("posted 1"));
    EXPECT_EQ(hub.sockets(), 1U);
}

TEST_F(HubTest, a_reader_that_does_not_read_is_closed_and_others_are_not) {
    open(mia, "mia");
    open(ben, "ben");
    mia.stalled = true;
    post(5);
    EXPECT_EQ(mia.closed, 1013);
    EXPECT_EQ(ben.closed, 0);
    EXPECT_EQ(ben.messages.size(), 6U);
    EXPECT_EQ(hub.connections(), 1U);
}

TEST_F(HubTest, typing_is_dropped_before_the_queue_is_full) {
    const std::string id = open(mia, "mia");
    mia.stalled = true;
    post(3);
    say("typing", {.channel_id = "square"});
    mia.stalled = false;
    hub.push(id);
    EXPECT_THAT(mia.names(), ElementsAre("hello 0", "posted 1", "posted 2", "posted 3"));
}

TEST_F(HubTest, a_connection_waits_five_minutes_for_its_client) {
    const std::string id = open(mia, "mia");
    hub.lose(id, mia, base::Tick{});
    hub.reap(base::Tick{} + std::chrono::seconds{300});
    EXPECT_EQ(hub.connections(), 1U);
    hub.reap(base::Tick{} + std::chrono::seconds{301});
    EXPECT_EQ(hub.connections(), 0U);
    Inbox again;
    EXPECT_NE(open(again, "mia", id, 1), id);
}

TEST_F(HubTest, logging_out_closes_the_sockets_of_that_session) {
    open(mia, "mia");
    open(ben, "ben");
    say("session_ended", {.user_id = "mia"}, "session of mia");
    EXPECT_NE(mia.closed, 0);
    EXPECT_EQ(ben.closed, 0);
}

TEST_F(HubTest, presence_is_the_best_of_a_users_sockets) {
    Inbox second;
    const std::string first_id = open(mia, "mia");
    const std::string second_id = open(second, "mia");
    EXPECT_EQ(hub.presence_changes(9).at(0).kind, Presence::Kind::active);
    hub.set_away(first_id, true);
    EXPECT_EQ(hub.presence_changes(9).at(0).kind, Presence::Kind::active);
    hub.lose(second_id, second, {});
    EXPECT_EQ(hub.presence_changes(9).at(0).kind, Presence::Kind::away);
    hub.lose(first_id, mia, {});
    EXPECT_EQ(hub.presence_changes(9).at(0).kind, Presence::Kind::none);
    EXPECT_TRUE(hub.presence_changes(9).empty());
}

TEST_F(HubTest, presences_that_are_too_many_at_once_are_told_the_next_time) {
    open(mia, "mia");
    open(ben, "ben");
    EXPECT_EQ(hub.presence_changes(1).size(), 1U);
    EXPECT_EQ(hub.presence_changes(9).size(), 1U);
    EXPECT_TRUE(hub.presence_changes(9).empty());
}

}  // namespace
}  // namespace chat
