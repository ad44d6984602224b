#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "chat/accounts.h"
#include "chat/files.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "chat/posts.h"
#include "chat/tail.h"
#include "chat/twins.h"

namespace chat {
namespace {

class StoreTest : public DatabaseTest {
protected:
    User add(const std::string& name) {
        User user{.id = fresh_id(),
                  .username = name,
                  .email = name + "@example.com",
                  .password_hash = "x"};
        EXPECT_TRUE(write([&](Write& job) { return add_user(job, user); }));
        return user;
    }
    Team add_team_of(const User& user, const std::string& name = "crew") {
        Team team{.id = fresh_id(), .name = name, .display_name = "Crew"};
        EXPECT_TRUE(write([&](Write& job) { return add_team(job, team, user.id); }));
        return team;
    }
    Channel square_of(const Team& team) { return *channel_by_name(*sql, team.id, "town-square"); }
    Post say(const Channel& channel, const User& user, const std::string& message,
             const std::string& pending = {}) {
        return write([&](Write& job) {
                   return add_post(job, {.channel_id = channel.id,
                                         .user_id = user.id,
                                         .message = message,
                                         .pending_post_id = pending});
               })
            .post;
    }
};

TEST_P(StoreTest, the_schema_can_be_created_by_many_instances_at_once) {
    std::vector<std::jthread> instances;
    for (int i = 0; i < 4; ++i) {
        instances.emplace_back([&] {
            const auto own = connect();
            EXPECT_TRUE(create_schema(*own));
        });
    }
    instances.clear();
    EXPECT_EQ(newest_event(*sql), 0);
}

TEST_P(StoreTest, a_user_name_can_be_had_once) {
    const User mia = add("mia");
    const User again{.id = fresh_id(), .username = "mia", .email = "other", .password_hash = ""};
    EXPECT_FALSE(write([&](Write& job) { return add_user(job, again); }));
    EXPECT_EQ(user_by_login(*sql, "mia")->id, mia.id);
    EXPECT_EQ(user_by_login(*sql, "mia@example.com")->id, mia.id);
    EXPECT_FALSE(user_by_login(*sql, "nobody"));
}

TEST_P(StoreTest, a_session_is_found_by_another_connection_until_it_ends) {
    const User mia = add("mia");
    const std::string token = fresh_id();
    write([&](Write& job) {
        add_session(job, token, {mia.id, "csrf", now_ms + 1000});
        return 0;
    });
    const auto other = connect();
    EXPECT_EQ(session_of(*other, token, now_ms)->user_id, mia.id);
    EXPECT_FALSE(session_of(*other, token, now_ms + 1000));
    write([&](Write& job) {
        end_session(job, token, mia.id);
        return 0;
    });
    EXPECT_FALSE(session_of(*other, token, now_ms));
}

TEST_P(StoreTest, joining_a_team_twice_is_one_membership_and_one_event) {
    const User mia = add("mia");
    const User ben = add("ben");
    const Team team = add_team_of(mia);
    const std::int64_t before = newest_event(*sql);
    for (int i = 0; i < 2; ++i) {
        write([&](Write& job) {
            join_team(job, team.id, ben.id);
            return 0;
        });
    }
    EXPECT_EQ(newest_event(*sql) - before, 2);  // added_to_team, user_added to the square
    EXPECT_EQ(members_of(*sql, square_of(team).id, 0, 10).size(), 2U);
    EXPECT_TRUE(in_team(*sql, team.id, ben.id));
}

TEST_P(StoreTest, two_users_have_one_direct_channel_whoever_asks) {
    const User mia = add("mia");
    const User ben = add("ben");
    const auto open = [&](const User& one, const User& other) {
        return write([&](Write& job) { return direct_channel(job, one.id, other.id); }).id;
    };
    EXPECT_EQ(open(mia, ben), open(ben, mia));
    EXPECT_EQ(channels_of(*sql, ben.id, "no team").size(), 1U);
    EXPECT_NE(open(mia, mia), open(mia, ben));
}

TEST_P(StoreTest, a_retry_finds_the_first_try_whatever_instance_it_reaches) {
    const User mia = add("mia");
    const Channel square = square_of(add_team_of(mia));
    const Post first = say(square, mia, "once", mia.id + ":1");
    sql = connect();
    const Post again = say(square, mia, "once", mia.id + ":1");
    EXPECT_EQ(first.id, again.id);
    EXPECT_EQ(posts_of(*sql, {.channel_id = square.id}).newest_first.size(), 1U);
    EXPECT_EQ(channel_by_id(*sql, square.id)->total_msg_count, 1);
    // The same words of another user are another post.
    EXPECT_NE(say(square, add("ben"), "once", mia.id + ":1").id, first.id);
}

TEST_P(StoreTest, retries_at_many_instances_at_once_make_one_post) {
    const User mia = add("mia");
    const Channel square = square_of(add_team_of(mia));
    std::vector<std::jthread> instances;
    for (int i = 0; i < 4; ++i) {
        instances.emplace_back([&] {
            const auto own = connect();
            for (int n = 0; n < 10; ++n) {
                own->begin_write();
                Write job{*own, now_ms};
                add_post(job, {.channel_id = square.id,
                               .user_id = mia.id,
                               .message = "m",
                               .pending_post_id = "p" + std::to_string(n)});
                EXPECT_TRUE(own->commit());
            }
        });
    }
    instances.clear();
    EXPECT_EQ(posts_of(*sql, {.channel_id = square.id}).newest_first.size(), 10U);
}

TEST_P(StoreTest, posts_of_the_same_millisecond_keep_their_order) {
    const User mia = add("mia");
    const Channel square = square_of(add_team_of(mia));
    for (int i = 0; i < 5; ++i) say(square, mia, std::to_string(i));
    now_ms -= 1000;  // Another instance's clock is behind.
    say(square, mia, "5");
    const Posts posts = posts_of(*sql, {.channel_id = square.id});
    std::string order;
    for (const Post& post : posts.newest_first) order += post.message;
    EXPECT_EQ(order, "543210");
}

TEST_P(StoreTest, since_gives_everything_that_changed_later_edits_and_deletions_too) {
    const User mia = add("mia");
    const Channel square = square_of(add_team_of(mia));
    const Post one = say(square, mia, "one");
    const Post two = say(square, mia, "two");
    const Post three = say(square, mia, "three");
    const Post edited = write([&](Write& job) { return edit_post(job, one, "ONE"); });
    write([&](Write& job) { return delete_post(job, two); });
    const auto changed = posts_of(*sql, {.channel_id = square.id, .since = three.update_at});
    ASSERT_EQ(changed.newest_first.size(), 2U);
    EXPECT_EQ(changed.newest_first[0].id, two.id);
    EXPECT_NE(changed.newest_first[0].delete_at, 0);
    EXPECT_EQ(changed.newest_first[1].message, "ONE");
    EXPECT_GT(edited.update_at, three.update_at);
}

TEST_P(StoreTest, pages_meet_without_overlap_and_name_their_neighbours) {
    const User mia = add("mia");
    const Channel square = square_of(add_team_of(mia));
    std::vector<Post> posts;
    for (int i = 0; i < 7; ++i) posts.push_back(say(square, mia, std::to_string(i)));
    const auto texts = [](const Posts& page) {
        std::string all;
        for (const Post& post : page.newest_first) all += post.message;
        return all;
    };
    const Posts second = posts_of(*sql, {.channel_id = square.id, .page = 1, .per_page = 3});
    EXPECT_EQ(texts(second), "321");
    EXPECT_EQ(second.next_post_id, posts[4].id);
    EXPECT_EQ(second.prev_post_id, posts[0].id);
    const PostPage before{.channel_id = square.id, .per_page = 2, .before = posts[3].id};
    EXPECT_EQ(texts(posts_of(*sql, before)), "21");
    const PostPage after{.channel_id = square.id, .per_page = 2, .after = posts[3].id};
    EXPECT_EQ(texts(posts_of(*sql, after)), "54");
}

TEST_P(StoreTest, mentions_are_names_behind_an_at_sign) {
    EXPECT_EQ(names_mentioned("hi @mia, @ben. and @mia; a@b @"),
              (std::vector<std::string>{"mia", "ben", "b"}));
}

TEST_P(StoreTest, an_upload_has_one_writer_and_keeps_its_offset) {
    const User mia = add("mia");
    const Upload upload{
        .id = fresh_id(), .user_id = mia.id, .channel_id = "c", .name = "a.png", .size = 10};
    const auto in = [&](auto body) { return write(body); };
    in([&](Write& job) {
        add_upload(job, upload);
        return 0;
    });
    EXPECT_TRUE(in([&](Write& job) { return lock_upload(job, upload.id, "one"); }));
    EXPECT_FALSE(in([&](Write& job) { return lock_upload(job, upload.id, "two"); }));
    EXPECT_TRUE(in([&](Write& job) { return advance_upload(job, upload.id, "one", 4); }));
    // The first writer's instance dies; its lock runs out.
    now_ms += kUploadLockMs + 1;
    EXPECT_EQ(in([&](Write& job) { return lock_upload(job, upload.id, "two"); })->offset, 4);
    EXPECT_FALSE(in([&](Write& job) { return advance_upload(job, upload.id, "one", 6); }));
    in([&](Write& job) {
        unlock_upload(job, upload.id, "one", 6);
        return 0;
    });
    EXPECT_EQ(upload_by_id(*sql, upload.id)->offset, 4);
    EXPECT_TRUE(in([&](Write& job) { return finish_upload(job, upload, "two"); }));
    EXPECT_FALSE(upload_by_id(*sql, upload.id));
    EXPECT_EQ(file_by_id(*sql, upload.id)->mime_type, "image/png");
}

TEST_P(StoreTest, a_status_follows_all_instances_and_outlives_none) {
    const User mia = add("mia");
    const auto note = [&](const std::string& instance, Presence::Kind kind) {
        write([&](Write& job) {
            note_presence(job, instance, {mia.id, kind});
            return 0;
        });
        return statuses_of(*sql, {mia.id})[0].status;
    };
    EXPECT_EQ(note("blue", Presence::Kind::active), "online");
    EXPECT_EQ(note("green", Presence::Kind::active), "online");
    // The client moved: the old instance sees it leave last.
    EXPECT_EQ(note("blue", Presence::Kind::none), "online");
    EXPECT_EQ(note("green", Presence::Kind::away), "away");
    write([&](Write& job) {
        note_alive(job, "green");
        return 0;
    });
    now_ms += 60'000;
    write([&](Write& job) {
        note_alive(job, "blue");
        return 0;
    });
    EXPECT_EQ(statuses_of(*sql, {mia.id})[0].status, "offline");
}

TEST_P(StoreTest, a_chosen_status_stays_when_sockets_come_and_go) {
    const User mia = add("mia");
    write([&](Write& job) {
        choose_status(job, mia.id, "dnd");
        return 0;
    });
    write([&](Write& job) {
        note_presence(job, "blue", {mia.id, Presence::Kind::active});
        return 0;
    });
    EXPECT_EQ(statuses_of(*sql, {mia.id})[0].status, "dnd");
}

TEST_P(StoreTest, a_snapshot_and_the_events_after_it_make_the_whole) {
    const User mia = add("mia");
    add_team_of(mia);
    const auto snapshot = snapshot_of(*sql);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->memberships.size(), 2U);
    EXPECT_TRUE(events_after(*sql, snapshot->cursor, 10).empty());
    add("ben");
    const auto events = events_after(*sql, snapshot->cursor, 10);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].id, snapshot->cursor + 1);
    EXPECT_EQ(events[0].name, "new_user");
}

TEST_P(StoreTest, forgotten_events_leave_a_mark_and_ids_go_on) {
    add("mia");
    add("ben");
    now_ms += 1000;
    write([&](Write& job) {
        forget_events(job, now_ms);
        return 0;
    });
    EXPECT_EQ(newest_forgotten_event(*sql), 2);
    add("eva");
    EXPECT_EQ(events_after(*sql, 2, 10).at(0).id, 3);
}

TEST_P(StoreTest, a_failed_statement_takes_its_transaction_back_and_says_why) {
    sql->begin_write();
    sql->run("INSERT INTO counters VALUES ('x', 1)");
    sql->run("INSERT INTO counters VALUES ('x', 1)");
    sql->run("INSERT INTO counters VALUES ('y', 1)");
    const auto done = sql->commit();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().failure, base::Failure::rejected);
    EXPECT_TRUE(sql->run("SELECT value FROM counters WHERE name = 'x'").empty());
}

TEST_P(StoreTest, a_savepoint_is_taken_back_alone) {
    sql->begin_write();
    sql->run("INSERT INTO counters VALUES ('x', 1)");
    sql->open_savepoint();
    sql->run("INSERT INTO counters VALUES ('x', 1)");
    sql->roll_back_savepoint();
    EXPECT_TRUE(sql->commit());
    EXPECT_EQ(sql->run("SELECT value FROM counters WHERE name = $1", {std::string("x")}).size(),
              1U);
}

INSTANTIATE_TEST_SUITE_P(Both, StoreTest, testing::Values(Kind::sqlite, Kind::postgres),
                         [](const auto& instance) { return name_of(instance.param); });

}  // namespace
}  // namespace chat
