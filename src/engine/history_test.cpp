#include "engine/history.h"

#include "engine/progress.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using sim::Play;
using sim::scenario_named;

TEST(History, an_empty_journal_says_that_nothing_serves) {
    const auto releases = releases_of({});
    ASSERT_TRUE(releases);
    EXPECT_FALSE(releases->current);
    EXPECT_EQ(releases->next_number, 1U);
    EXPECT_FALSE(previous_release(*releases));
    const auto status = status_of({}, {}, {});
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, RunState::none);
}

TEST(History, after_a_success_the_old_release_stands_by) {
    Play play(scenario_named("rollback_warm"), 1);  // its history: 1.0.0, then 2.0.0, warm
    const auto releases = releases_of(play.place().disk.records);
    ASSERT_TRUE(releases);
    EXPECT_EQ(releases->current->id, "r2");
    EXPECT_EQ(releases->active, release::Pool::green);
    ASSERT_TRUE(releases->idle);
    EXPECT_EQ(releases->idle->id, "r1");
    EXPECT_TRUE(releases->warm_until);
    EXPECT_EQ(releases->next_number, 3U);
    EXPECT_EQ(previous_release(*releases)->id, "r1");
    const release::Present present = present_of(*releases, play.place().world.instances());
    EXPECT_EQ(present.idle_healthy, 2U);
    const auto status = status_of(
        play.place().disk.records,
        look(play.place().ports().traffic, play.place().ports().fleet, play.place().clock), {});
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, RunState::warm);
    EXPECT_TRUE(status->way_back.feasible);
    EXPECT_TRUE(status->way_back.until);
    EXPECT_EQ(status->pools.at(1).release, "r2");
    EXPECT_EQ(status->pools.at(1).share_observed, base::kAll);
}

TEST(History, a_rollback_is_the_current_release_and_the_bad_one_is_not_gone_back_to) {
    Play play(scenario_named("rollback_warm"), 1);
    play.perform();
    const auto releases = releases_of(play.place().disk.records);
    ASSERT_TRUE(releases);
    EXPECT_EQ(releases->current->id, "r1");
    EXPECT_EQ(releases->active, release::Pool::blue);
    EXPECT_FALSE(releases->idle);
    EXPECT_FALSE(previous_release(*releases));
    EXPECT_EQ(releases->next_number, 4U);
    ASSERT_EQ(releases->runs.size(), 3U);
    EXPECT_TRUE(releases->runs.back().is_rollback);
}

TEST(History, one_that_was_taken_back_never_served) {
    Play play(scenario_named("canary_bad"), 1);
    play.perform();
    const auto releases = releases_of(play.place().disk.records);
    ASSERT_TRUE(releases);
    EXPECT_EQ(releases->current->id, "r1");
    EXPECT_EQ(releases->runs.back().ending, Ending::rolled_back);
    EXPECT_GT(releases->runs.back().harm, 0U);
    EXPECT_FALSE(previous_release(*releases));
    EXPECT_FALSE(releases->under_way());
}

TEST(Progress, refuses_a_record_that_cannot_stand_where_it_does) {
    Play play(scenario_named("canary"), 1);
    std::vector<Record> records = play.place().disk.records;
    records.push_back(record_after(
        records.back(), {RecordKind::result, "r1", "user ada", {}, R"({"outcome":"done"})"}));
    const auto progress = progress_of(records);
    ASSERT_FALSE(progress);
    EXPECT_EQ(progress.error().diagnostic.code, "CF0312");
}

TEST(Progress, refuses_a_plan_that_is_not_the_one_of_its_digest) {
    Play play(scenario_named("canary"), 1);
    std::vector<Record> records = play.place().disk.records;
    const std::size_t at = records.front().body.find("\"instances\":2");
    ASSERT_NE(at, std::string::npos);
    records.front().body.replace(at, 13, "\"instances\":3");
    EXPECT_FALSE(progress_of(records));
}

}  // namespace
}  // namespace engine
