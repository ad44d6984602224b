#include "load/run.h"

#include "load/chat_twin.h"

#include <gtest/gtest.h>

namespace load {
namespace {

using namespace std::chrono_literals;

Profile small() {
    Profile profile = *profile_named("smoke");
    profile.users = 6;
    profile.duration = 1'000ms;
    profile.posts_a_second = 60;
    profile.upload_volume = base::Bytes{1'500'000};
    profile.sizes.median = base::Bytes{60'000};
    profile.download_permille = 1000;
    profile.think_time = 50ms;
    profile.assets_a_second = 20;
    profile.channels = {{.type = 'O', .permille = 500, .members = 6, .count = 1},
                        {.type = 'D', .permille = 500, .members = 2, .count = 4}};
    return profile;
}

Outcome played(ChatTwin& twin, const Profile& profile = small()) {
    const Options options{.target = twin.url(),
                          .profile = profile,
                          .seed = 3,
                          .lag_limit = 10'000ms,
                          .settle_limit = 600ms};
    const auto outcome = run(options, real_clock(), {});
    EXPECT_TRUE(outcome) << outcome.error().line();
    return outcome ? *outcome : Outcome{};
}

TEST(LoadRun, sees_nothing_wrong_where_nothing_is) {
    ChatTwin twin({});
    const Outcome outcome = played(twin);
    const TwinCounts& counts = twin.stop();
    EXPECT_EQ(outcome.messages.posted, counts.posts);
    EXPECT_EQ(outcome.messages.posted, 60);
    EXPECT_EQ(outcome.messages.delivered, outcome.messages.expected);
    EXPECT_EQ(outcome.messages.live, counts.pushes);
    EXPECT_GT(outcome.messages.expected, 100);
    EXPECT_EQ(outcome.messages.lost + outcome.messages.duplicated + outcome.messages.strangers, 0);
    EXPECT_EQ(outcome.http.failed + outcome.http.harmed + outcome.http.rejected, 0);
    EXPECT_GT(outcome.http.requests, 150);
    EXPECT_EQ(outcome.websocket.opened, 6);
    EXPECT_EQ(outcome.websocket.dropped_unplanned + outcome.websocket.moved_planned, 0);
    EXPECT_EQ(outcome.websocket.sequence_breaks, 0);
    EXPECT_EQ(outcome.uploads.files, counts.files);
    EXPECT_EQ(outcome.uploads.bytes, 1'500'000);
    EXPECT_EQ(outcome.uploads.compared, counts.files);
    EXPECT_EQ(outcome.uploads.failed, 0);
    EXPECT_EQ(outcome.downtime.ms, 0);
    EXPECT_EQ(outcome.downtime.probes.size(), 4);
    EXPECT_GE(outcome.downtime.probes[2].attempts, 19);
    EXPECT_GT(outcome.assets.requests, 0);
    EXPECT_EQ(outcome.assets.caches.at("hit"), outcome.assets.requests);
    ASSERT_EQ(outcome.versions.size(), 1);
    EXPECT_EQ(outcome.versions[0].version, "1.0.0.twin");
    EXPECT_FALSE(outcome.self.is_void);
}

TEST(LoadRun, sees_each_push_that_is_dropped_or_sent_twice) {
    ChatTwin twin({.drop_push = 17, .push_twice = 29});
    const Outcome outcome = played(twin);
    const TwinCounts& counts = twin.stop();
    EXPECT_GT(counts.dropped, 3);
    EXPECT_EQ(outcome.messages.never_pushed, counts.dropped);
    EXPECT_EQ(outcome.messages.lost, counts.dropped);
    EXPECT_EQ(outcome.messages.duplicated, counts.twice);
    EXPECT_EQ(outcome.messages.stored_twice, 0);
}

TEST(LoadRun, sees_a_post_that_was_answered_and_not_stored) {
    ChatTwin twin({.forget_post = 20});
    const Outcome outcome = played(twin);
    EXPECT_EQ(twin.stop().forgotten, 3);
    EXPECT_GE(outcome.messages.vanished, 6);
    EXPECT_EQ(outcome.messages.lost, outcome.messages.vanished);
}

TEST(LoadRun, a_lost_answer_is_a_failed_request_and_one_message) {
    ChatTwin twin({.lose_answer = 25});
    const Outcome outcome = played(twin);
    const TwinCounts& counts = twin.stop();
    EXPECT_EQ(counts.answers_lost, 2);
    EXPECT_EQ(outcome.http.failed, 2);
    EXPECT_EQ(outcome.http.reset, 2);
    EXPECT_EQ(outcome.messages.retried, 2);
    EXPECT_EQ(outcome.messages.posted, 60);
    EXPECT_EQ(outcome.messages.lost + outcome.messages.duplicated, 0);
}

TEST(LoadRun, sees_a_retry_that_was_stored_as_a_second_post) {
    ChatTwin twin({.lose_answer = 25, .idempotent = false});
    const Outcome outcome = played(twin);
    EXPECT_GE(twin.stop().stored_again, 2);
    EXPECT_EQ(outcome.messages.stored_twice, twin.stop().stored_again);
    EXPECT_GT(outcome.messages.duplicated, outcome.messages.stored_twice);
}

TEST(LoadRun, tells_the_edges_errors_from_those_of_an_instance) {
    ChatTwin twin({.edge_502 = 7, .harm_500 = 5});
    const Outcome outcome = played(twin);
    const TwinCounts& counts = twin.stop();
    EXPECT_GT(counts.edge_502, 2);
    EXPECT_EQ(outcome.http.failed, counts.edge_502);
    EXPECT_EQ(outcome.http.edge_answers, counts.edge_502);
    EXPECT_EQ(outcome.http.harmed, counts.harm_500);
    EXPECT_EQ(outcome.versions[0].harmed, counts.harm_500);
    EXPECT_GT(outcome.downtime.ms, 0);
}

TEST(LoadRun, a_socket_asked_to_leave_comes_back_at_once_and_misses_nothing) {
    ChatTwin twin({.close_after = 30, .close_code = 1012});
    const Outcome outcome = played(twin);
    const TwinCounts& counts = twin.stop();
    EXPECT_GE(counts.sockets_closed, 6);
    EXPECT_EQ(outcome.websocket.moved_planned, 6);
    EXPECT_EQ(outcome.websocket.dropped_unplanned, 0);
    EXPECT_EQ(outcome.websocket.opened, 12);
    EXPECT_EQ(outcome.websocket.resumed_fresh, 6);
    EXPECT_GT(outcome.websocket.largest_gap_ms, 0);
    EXPECT_EQ(outcome.messages.lost + outcome.messages.duplicated, 0);
    EXPECT_EQ(outcome.messages.delivered, outcome.messages.expected);
}

TEST(LoadRun, cut_sockets_are_drops_and_what_was_missed_is_recovered) {
    ChatTwin twin({.close_after = 30, .close_code = 1006});
    const Outcome outcome = played(twin);
    EXPECT_EQ(outcome.websocket.dropped_unplanned, 6);
    EXPECT_EQ(outcome.websocket.moved_planned, 0);
    EXPECT_EQ(outcome.websocket.closes.at("1006"), 6);
    EXPECT_GT(outcome.messages.recovered, 0);
    EXPECT_EQ(outcome.messages.lost + outcome.messages.duplicated, 0);
    EXPECT_EQ(outcome.websocket.never_back, 0);
}

TEST(LoadRun, a_connection_that_the_server_knows_again_is_resumed_without_a_resync) {
    ChatTwin twin({.close_after = 30, .close_code = 1006, .resume = true});
    const Outcome outcome = played(twin);
    EXPECT_EQ(outcome.websocket.resumed_lossless, 6);
    EXPECT_EQ(outcome.websocket.resumed_fresh, 0);
    EXPECT_EQ(outcome.messages.recovered, 0);
    EXPECT_EQ(outcome.messages.lost + outcome.messages.duplicated, 0);
    EXPECT_EQ(outcome.websocket.sequence_breaks, 0);
}

TEST(LoadRun, sees_a_file_that_comes_back_different) {
    ChatTwin twin({.corrupt_downloads = true});
    const Outcome outcome = played(twin);
    EXPECT_GT(outcome.uploads.different, 2);
    EXPECT_EQ(outcome.uploads.failed, outcome.uploads.different);
    EXPECT_EQ(outcome.http.mangled, outcome.uploads.different);
}

TEST(LoadRun, refuses_a_target_that_is_not_this_machine) {
    const auto code = [&](std::string target) {
        return run({.target = std::move(target), .profile = small()}, real_clock(), {})
            .error()
            .diagnostic.code;
    };
    EXPECT_EQ(code("http://192.0.2.7:80"), "CF0603");
    EXPECT_EQ(code("https://127.0.0.1:1"), "CF0607");
    EXPECT_EQ(code("http://"), "CF0607");
    EXPECT_EQ(code("http://127.0.0.1:1/chat"), "CF0607");
    EXPECT_EQ(code("http://unix:/tmp/x"), "CF0607");
}

TEST(LoadRun, says_so_where_nobody_listens) {
    const auto outcome =
        run({.target = "http://127.0.0.1:1", .profile = small()}, real_clock(), {});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().diagnostic.code, "CF0604");
    EXPECT_EQ(outcome.error().failure, base::Failure::unavailable);
}

}  // namespace
}  // namespace load
