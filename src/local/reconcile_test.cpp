#include "local/reconcile.h"

#include <gtest/gtest.h>

namespace local {
namespace {

using release::Pool;
using std::chrono::milliseconds;

release::Release release(const std::string& id) {
    release::Release made;
    made.id = id;
    return made;
}

/// A wish, records and an edge that are changed by carrying decisions out, as the agent does.
struct Ground {
    void wish_for(Change::Verb verb, const std::string& id, std::uint32_t instances,
                  std::uint32_t updated = 0) {
        const Change change{.verb = verb,
                            .pool = Pool::blue,
                            .capacity = {release(id), instances},
                            .updated = updated,
                            .manners = {}};
        auto next = changed(wish, change, {.fence = 7, .step = {std::to_string(++tokens)}});
        ASSERT_TRUE(next);
        wish = *next;
    }

    Record* find(const std::string& id) {
        for (Record& record : records) {
            if (record.id == id) return &record;
        }
        return nullptr;
    }

    void carry_out(const Action& action) {
        if (const auto* create = std::get_if<Create>(&action)) {
            Record record{.id = "blue-" + std::to_string(wish.next_instance++),
                          .pool = create->pool,
                          .release = create->release,
                          .address = "127.64.0.1:" + std::to_string(wish.next_instance)};
            record.due = now;
            records.push_back(record);
        } else if (const auto* start = std::get_if<Start>(&action)) {
            find(start->id)->phase = Phase::running;
            find(start->id)->process = Identity{.pid = 1};
            find(start->id)->since = now;
        } else if (const auto* enlist = std::get_if<Register>(&action)) {
            edge->insert_or_assign(enlist->id, Target{.pool = Pool::blue,
                                                      .address = find(enlist->id)->address,
                                                      .state = "initial"});
        } else if (const auto* leave = std::get_if<Leave>(&action)) {
            find(leave->id)->phase = Phase::leaving;
            find(leave->id)->due = now + wish.blue.manners.drain_deadline;
        } else if (const auto* drain = std::get_if<Drain>(&action)) {
            edge->at(drain->id).state = "draining";
        } else if (const auto* stop = std::get_if<Stop>(&action)) {
            stopped.push_back(stop->id);
            find(stop->id)->phase = Phase::stopping;
            find(stop->id)->due = now + milliseconds(10'000);
        } else if (const auto* kill = std::get_if<Kill>(&action)) {
            killed.push_back(kill->id);
            find(kill->id)->process.reset();
        } else if (const auto* remove = std::get_if<Remove>(&action)) {
            std::erase_if(records, [&](const Record& each) { return each.id == remove->id; });
            if (edge) edge->erase(remove->id);
        } else if (const auto* forget = std::get_if<Forget>(&action)) {
            edge->erase(forget->id);
        }
    }

    Decision settle(Course course = Course::keep) {
        Decision decision;
        for (int pass = 0; pass < 20; ++pass) {
            decision = decide(wish, course, records, edge, now);
            if (decision.actions.empty()) return decision;
            for (const Action& action : decision.actions) carry_out(action);
        }
        ADD_FAILURE() << "never settles";
        return decision;
    }

    void all_healthy() {
        for (auto& [id, target] : *edge) {
            if (target.state == "initial") target.state = "healthy";
        }
    }
    std::size_t running(const std::string& id) {
        std::size_t count = 0;
        for (const Record& record : records) {
            count += record.phase == Phase::running && record.release == id ? 1U : 0U;
        }
        return count;
    }

    Wish wish;
    std::vector<Record> records;
    EdgeView edge = std::map<std::string, Target>{};
    base::Instant now{std::chrono::seconds(1000)};
    std::vector<std::string> stopped;
    std::vector<std::string> killed;
    int tokens = 0;
};

struct Reconcile : testing::Test {
    Ground ground;
};

TEST_F(Reconcile, what_is_missing_is_started_and_registered_and_then_nothing_is_left_to_do) {
    ground.wish_for(Change::Verb::ensure, "r1", 3);
    const Decision decision = ground.settle();
    EXPECT_EQ(ground.running("r1"), 3U);
    EXPECT_EQ(ground.edge->size(), 3U);
    EXPECT_FALSE(decision.wake);
    EXPECT_FALSE(decision.watch_edge);
}

TEST_F(Reconcile, an_instance_with_anything_left_in_it_is_not_stopped_before_the_deadline) {
    ground.wish_for(Change::Verb::ensure, "r1", 1);
    ground.settle();
    ground.all_healthy();
    ground.wish_for(Change::Verb::retire, "", 0);
    Decision decision = ground.settle();
    EXPECT_EQ(ground.edge->at("blue-1").state, "draining");
    EXPECT_TRUE(ground.stopped.empty());
    EXPECT_TRUE(decision.watch_edge);
    ASSERT_TRUE(decision.wake);
    ground.now = *decision.wake - milliseconds(1);
    ground.settle();
    EXPECT_TRUE(ground.stopped.empty());
    ground.now = *decision.wake;
    ground.settle();
    EXPECT_EQ(ground.stopped.size(), 1U);
}

TEST_F(Reconcile, past_its_deadline_it_is_still_deregistered_before_it_is_stopped) {
    ground.wish_for(Change::Verb::ensure, "r1", 1);
    ground.settle();
    ground.all_healthy();
    ground.records[0].phase = Phase::leaving;
    ground.records[0].due = ground.now - std::chrono::hours(1);
    ground.wish_for(Change::Verb::retire, "", 0);
    const Decision first =
        decide(ground.wish, Course::keep, ground.records, ground.edge, ground.now);
    ASSERT_EQ(first.actions.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<Drain>(first.actions[0]));
    ground.settle();
    EXPECT_EQ(ground.stopped.size(), 1U);
}

TEST_F(Reconcile, an_empty_instance_is_stopped_at_once_then_killed_after_its_grace) {
    ground.wish_for(Change::Verb::ensure, "r1", 1);
    ground.settle();
    ground.wish_for(Change::Verb::retire, "", 0);
    ground.settle();
    ground.edge->at("blue-1").state = "drained";
    const Decision decision = ground.settle();
    EXPECT_EQ(ground.stopped.size(), 1U);
    EXPECT_TRUE(ground.killed.empty());
    ground.now = *decision.wake;
    ground.settle();
    EXPECT_EQ(ground.killed.size(), 1U);
    EXPECT_TRUE(ground.records.empty());
}

TEST_F(Reconcile, while_the_edge_does_not_answer_nobody_is_stopped_whatever_the_time) {
    ground.wish_for(Change::Verb::ensure, "r1", 2);
    ground.settle();
    ground.wish_for(Change::Verb::retire, "", 0);
    ground.edge.reset();
    ground.settle();
    ground.now += std::chrono::hours(10);
    ground.settle();
    EXPECT_TRUE(ground.stopped.empty());
    ground.edge = std::map<std::string, Target>{};
    ground.settle();
    EXPECT_EQ(ground.stopped.size(), 2U);
}

TEST_F(Reconcile, a_batch_is_surged_first_and_an_old_one_leaves_when_the_new_one_is_healthy) {
    ground.wish_for(Change::Verb::ensure, "r1", 2);
    ground.settle();
    ground.all_healthy();
    ground.wish_for(Change::Verb::replace, "r2", 2, 1);
    EXPECT_TRUE(ground.settle().watch_edge);
    EXPECT_EQ(ground.running("r1"), 2U);
    EXPECT_EQ(ground.running("r2"), 1U);
    ground.all_healthy();
    ground.settle();
    EXPECT_EQ(ground.running("r1"), 1U);
    EXPECT_EQ(ground.running("r2"), 1U);
}

TEST_F(Reconcile, a_whole_pool_replaced_at_once_never_has_fewer_healthy_than_wished) {
    ground.wish_for(Change::Verb::ensure, "r1", 3);
    ground.settle();
    ground.all_healthy();
    ground.wish_for(Change::Verb::replace, "r2", 3, 3);
    ground.settle();
    EXPECT_EQ(ground.running("r1"), 3U);
    ground.edge->at("blue-5").state = "healthy";
    ground.settle();
    EXPECT_EQ(ground.running("r1"), 2U);
    ground.all_healthy();
    ground.settle();
    EXPECT_EQ(ground.running("r1"), 0U);
    EXPECT_EQ(ground.running("r2"), 3U);
}

TEST_F(Reconcile, a_replacement_taken_back_sends_away_the_sick_at_once) {
    ground.wish_for(Change::Verb::ensure, "r1", 2);
    ground.settle();
    ground.all_healthy();
    ground.wish_for(Change::Verb::replace, "r2", 2, 1);
    ground.settle();
    ground.wish_for(Change::Verb::replace, "r1", 2, 2);
    ground.settle();
    EXPECT_EQ(ground.running("r1"), 2U);
    EXPECT_EQ(ground.running("r2"), 0U);
}

TEST_F(Reconcile, a_crash_at_the_start_is_repeated_ever_more_slowly) {
    ground.wish_for(Change::Verb::ensure, "r1", 1);
    ground.settle();
    std::vector<std::int64_t> pauses;
    for (int i = 0; i < 14; ++i) {
        ground.records[0] = ended(ground.records[0], "exit code 1", ground.now);
        const Decision decision =
            decide(ground.wish, Course::keep, ground.records, ground.edge, ground.now);
        pauses.push_back(decision.wake ? (*decision.wake - ground.now).count() / 1000 : 0);
        ground.now = decision.wake.value_or(ground.now);
        ground.edge->clear();
        ground.settle();
    }
    EXPECT_EQ(ground.records[0].restarts, 14U);
    EXPECT_EQ(pauses.front(), 0);
    EXPECT_TRUE(std::is_sorted(pauses.begin(), pauses.end()));
    EXPECT_EQ(pauses.back(), 30'000);
    ground.now += std::chrono::minutes(1);
    EXPECT_EQ(ended(ground.records[0], "exit code 1", ground.now).due, ground.now);
}

TEST_F(Reconcile, one_that_is_started_again_is_registered_only_after_its_old_self_is_drained) {
    ground.wish_for(Change::Verb::ensure, "r1", 1);
    ground.settle();
    ground.edge->at("blue-1").state = "draining";
    const Decision busy =
        decide(ground.wish, Course::keep, ground.records, ground.edge, ground.now);
    EXPECT_TRUE(busy.actions.empty());
    EXPECT_TRUE(busy.watch_edge);
    ground.edge->at("blue-1").state = "drained";
    ground.settle();
    EXPECT_EQ(ground.edge->at("blue-1").state, "initial");
}

TEST_F(Reconcile, a_target_that_is_nobodys_is_forgotten) {
    ground.edge->insert_or_assign("blue-99", Target{.pool = Pool::blue, .state = "healthy"});
    ground.settle();
    EXPECT_TRUE(ground.edge->empty());
}

TEST_F(Reconcile, going_down_drains_all_and_keeps_the_wish) {
    ground.wish_for(Change::Verb::ensure, "r1", 2);
    ground.settle();
    ground.all_healthy();
    ground.settle(Course::down);
    EXPECT_TRUE(ground.stopped.empty());
    for (auto& [id, target] : *ground.edge) target.state = "drained";
    ground.settle(Course::down);
    EXPECT_EQ(ground.stopped.size(), 2U);
    EXPECT_EQ(ground.wish.blue.instances(), 2U);
}

TEST_F(Reconcile, going_down_without_an_edge_ends_at_the_deadline) {
    ground.wish_for(Change::Verb::ensure, "r1", 1);
    ground.settle();
    ground.edge.reset();
    const Decision decision = ground.settle(Course::down);
    EXPECT_TRUE(ground.stopped.empty());
    ground.now = *decision.wake;
    ground.settle(Course::down);
    EXPECT_EQ(ground.stopped.size(), 1U);
}

TEST(WishOfAPool, survives_being_written_and_read) {
    Ground ground;
    ground.wish_for(Change::Verb::ensure, "r1", 2);
    ground.wish_for(Change::Verb::replace, "r2", 2, 1);
    ground.wish.tail_at = ground.now;
    const auto read = wish_from(to_json(ground.wish));
    ASSERT_TRUE(read) << read.error().line();
    EXPECT_EQ(*read, ground.wish);
    EXPECT_EQ(read->blue.parts.size(), 2U);
}

TEST(WishOfAPool, a_repeated_ticket_changes_nothing_even_after_another_wish) {
    Wish wish;
    const Change two{
        .verb = Change::Verb::ensure, .pool = Pool::blue, .capacity = {release("r1"), 2}};
    const Change none{.verb = Change::Verb::retire, .pool = Pool::blue, .capacity = {}};
    wish = *changed(wish, two, {.fence = 7, .step = {"a"}});
    wish = *changed(wish, none, {.fence = 7, .step = {"b"}});
    wish = *changed(wish, two, {.fence = 7, .step = {"a"}});
    EXPECT_EQ(wish.blue.instances(), 0U);
}

TEST(WishOfAPool, a_lower_fence_is_a_conflict) {
    const Change two{
        .verb = Change::Verb::ensure, .pool = Pool::blue, .capacity = {release("r1"), 2}};
    const Wish wish = *changed({}, two, {.fence = 7, .step = {"a"}});
    const auto late = changed(wish, two, {.fence = 6, .step = {"b"}});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::conflict);
}

TEST(RecordOfAnInstance, survives_being_written_and_read) {
    Record record{.id = "green-7",
                  .pool = Pool::green,
                  .release = "r3",
                  .artifact = "ab",
                  .address = "127.64.0.1:20007",
                  .phase = Phase::stopping,
                  .process = Identity{.pid = 5, .start_ticks = 6, .boot = "b"}};
    record.reason = "exit code 1: \"oh\"";
    EXPECT_EQ(record_from(to_json(record)), record);
    record.process.reset();
    EXPECT_EQ(record_from(to_json(record)), record);
    EXPECT_FALSE(record_from("{\"id\":\"x\"}"));
}

}  // namespace
}  // namespace local
