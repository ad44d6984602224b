// What people did outside of a release stands in the chain, and holds as it stands there.

#include "engine/deed.h"

#include "base/log.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/run.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using std::chrono::milliseconds;

class DeedTest : public testing::Test {
protected:
    void SetUp() override { base::log::only_errors(); }

    Store& store() { return play.place().ports().store; }
    base::Instant now() { return play.place().world.now(); }
    const std::vector<Record>& records() { return play.place().disk.records; }
    Request asked(std::string_view verb, const std::string& why) {
        auto wish = store().ask(std::string(verb), why, "user bob", now());
        EXPECT_TRUE(wish);
        return *wish;
    }
    Request noted(std::string_view verb, const std::string& why = "") {
        const Request wish = asked(verb, why);
        EXPECT_TRUE(note(store(), wish, {.holder = "bob@here pid 1 since 2"}, now()));
        return wish;
    }
    std::optional<Request> lock() {
        const auto wishes = store().requests(0);
        EXPECT_TRUE(wishes);
        return lock_in(records(), *wishes);
    }

    sim::Play play{sim::scenario_named("canary"), 1};
};

TEST_F(DeedTest, a_lock_stands_in_the_chain_with_who_when_and_why) {
    const std::size_t before = records().size();
    const Request wish = noted(kLock, "the database moves");
    ASSERT_EQ(records().size(), before + 1);
    const Record& record = records().back();
    EXPECT_EQ(record.kind, "noted");
    EXPECT_EQ(record.actor, "user bob");
    EXPECT_EQ(sentence_of(record), "noted: lock · the database moves");
    EXPECT_TRUE(verify(records()).intact);
    ASSERT_TRUE(lock());
    EXPECT_EQ(lock()->argument, "the database moves");
    // Again: it is there already.
    EXPECT_TRUE(note(store(), wish, {.holder = "bob@here pid 1 since 2"}, now()));
    EXPECT_EQ(records().size(), before + 1);
    noted(kUnlock);
    EXPECT_FALSE(lock());
}

TEST_F(DeedTest, a_change_of_it_is_found_and_taking_the_wish_away_unlocks_nothing) {
    noted(kLock, "the database moves");
    for (const auto edit :
         {+[](Record& each) { each.actor = "user eve"; },
          +[](Record& each) { each.at += std::chrono::hours{1}; },
          +[](Record& each) { each.body.replace(each.body.find("moves"), 5, "rests"); },
          +[](Record& each) { each.kind = "closed"; }}) {
        std::vector<Record> changed = records();
        edit(changed.back());
        EXPECT_EQ(verify(changed).first_bad, changed.size());
    }
    std::vector<Record> cut = records();
    const Head head{cut.back().index, cut.back().hash};
    cut.pop_back();
    EXPECT_FALSE(verify(cut, {head}).intact);

    EXPECT_TRUE(lock_in(records(), {}));
    Request forged = play.place().disk.requests.back();
    forged.verb = kUnlock;
    EXPECT_TRUE(lock_in(records(), {forged})) << "the journal's word holds";
    EXPECT_TRUE(lock_in({}, {asked(kLock, "not written down yet")}));
}

TEST_F(DeedTest, releases_begin_end_and_resume_with_deeds_between_them) {
    noted(kLock);
    noted(kUnlock);
    const std::size_t runs = releases_of(records())->runs.size();
    auto run = Run::begin(play.place().ports(), play.plan(), sim::driver_named("driver"));
    ASSERT_TRUE(run) << run.error().line();
    ASSERT_TRUE(run->advance());
    // A driver writes it down itself; nobody else may meanwhile.
    const Request wish = asked(kLock, "while it runs");
    const auto refused = note(store(), wish, {.holder = "bob@here pid 1 since 2"}, now());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    ASSERT_TRUE(lock());
    EXPECT_EQ(lock()->argument, "while it runs");

    // The old pool stands by: what is noted now changes nothing of that.
    noted(kUnlock);
    const auto releases = releases_of(records());
    ASSERT_TRUE(releases);
    EXPECT_EQ(releases->runs.size(), runs + 1);
    EXPECT_EQ(releases->current->id, play.plan().to.id);
    auto tail = Run::resume(play.place().ports(), sim::driver_named("driver"));
    ASSERT_TRUE(tail) << tail.error().line();
    EXPECT_EQ(tail->carry_through({}, nullptr).ending, Ending::succeeded);
    noted(kLock);
    EXPECT_EQ(Run::resume(play.place().ports(), sim::driver_named("driver")).error().failure,
              base::Failure::not_found);
    EXPECT_TRUE(verify(records()).intact);
    EXPECT_EQ(releases_of(records())->runs.size(), runs + 1);
}

TEST_F(DeedTest, a_lock_before_the_first_release_is_no_release) {
    sim::Play empty(sim::scenario_named("first"), 1);
    const auto wish = empty.place().ports().store.ask(std::string(kLock), "not yet", "user bob",
                                                      empty.place().world.now());
    ASSERT_TRUE(wish);
    ASSERT_TRUE(
        note(empty.place().ports().store, *wish, {.holder = "x"}, empty.place().world.now()));
    const auto releases = releases_of(empty.place().disk.records);
    ASSERT_TRUE(releases);
    EXPECT_TRUE(releases->runs.empty());
    EXPECT_FALSE(releases->under_way());
    auto run = Run::begin(empty.place().ports(), empty.plan(), sim::driver_named("driver"));
    ASSERT_TRUE(run) << run.error().line();
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
}

}  // namespace
}  // namespace engine
