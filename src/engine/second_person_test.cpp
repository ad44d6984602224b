// A gate that asks a second person: whose consent counts, to what, and what is kept of it.

#include "base/log.h"
#include "engine/progress.h"
#include "engine/run.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A release that user ada begins, and that waits for a second person.
class SecondPersonTest : public testing::Test {
protected:
    SecondPersonTest() {
        base::log::only_errors();
        sim::Scenario scenario = sim::scenario_named("gate_nobody_answers");
        scenario.spec.gates.front().second_person = true;
        scenario.spec.gates.front().deadline = seconds{60};
        play.emplace(scenario, 1);
        auto begun =
            engine::Run::begin(play->place().ports(), play->plan(), sim::driver_named("driver"));
        EXPECT_TRUE(begun);
        run.emplace(std::move(*begun));
        look();
    }
    /// Lets the run go on for a while.
    void look() {
        sim::World& world = play->place().world;
        const base::Instant until = world.now() + milliseconds{2'500};
        while (world.now() < until) {
            const auto turn = run->advance();
            ASSERT_TRUE(turn) << turn.error().line();
            if (turn->kind == Turn::Kind::over) return;
            if (turn->kind == Turn::Kind::waiting)
                world.advance_to(std::min(world.now() + milliseconds{250}, until));
        }
    }
    std::string consent_to(const release::Plan& plan) const {
        return "gate-go " + release::digest_of(plan).hex();
    }
    void consents(const std::string& actor, const std::string& argument) {
        (void)play->place().ports().store.ask("promote", argument, actor,
                                              play->place().world.now());
        look();
    }
    bool waits() const { return run->status()->state == RunState::consent; }
    std::string why_void() const { return run->status()->consents.back().why_void; }

    std::optional<sim::Play> play;
    std::optional<engine::Run> run;
};

TEST_F(SecondPersonTest, who_began_the_release_cannot_consent_in_any_dress) {
    EXPECT_TRUE(waits());
    EXPECT_EQ(run->status()->not_by, "user ada");
    EXPECT_NE(run->status()->sentence.find("release team other than user ada"), std::string::npos)
        << run->status()->sentence;
    consents("user ada: I am sure", consent_to(play->plan()));
    EXPECT_EQ(why_void(), "user ada began this release and consents to it");
    consents("jenkins chat #7 approved by bob (claimed by user ada)", consent_to(play->plan()));
    EXPECT_NE(why_void(), "");
    consents("console bob (t1, made by user ada)", consent_to(play->plan()));
    EXPECT_NE(why_void(), "");
    consents("user ada", "");  // skips what it may: not this
    EXPECT_TRUE(waits());
}

TEST_F(SecondPersonTest, another_consents_to_this_plan_and_to_no_other) {
    consents("user bob", "gate-go");
    EXPECT_EQ(why_void(), "it does not name the plan that it is for");
    release::Plan other = play->plan();
    other.instances += 1;
    consents("user bob", consent_to(other));
    EXPECT_EQ(why_void(), "it is for another plan than the one that is carried out");
    EXPECT_TRUE(waits());
    consents("user bob: seen and tried", consent_to(play->plan()));
    EXPECT_EQ(why_void(), "");
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    EXPECT_EQ(run->status()->consents.back().by, "user bob: seen and tried");
    const auto& records = play->place().disk.records;
    EXPECT_TRUE(std::any_of(records.begin(), records.end(), [](const Record& each) {
        return each.kind == "passed" &&
               each.body.find("user bob: seen and tried consented") != std::string::npos;
    }));
}

TEST_F(SecondPersonTest, a_consent_outlives_the_driver_and_who_carries_on_is_not_who_began) {
    consents("console bob (t1, made by user root)", consent_to(play->plan()));
    const auto progress = progress_of(play->place().disk.records);
    ASSERT_TRUE(progress);
    EXPECT_TRUE(progress->consents.contains("gate-go"));
    EXPECT_EQ(progress->answers.back().by, "console bob (t1, made by user root)");
}

TEST_F(SecondPersonTest, where_nobody_else_consents_it_goes_back) {
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::timed_out);
    EXPECT_EQ(play->place().world.split()->green, base::kNone);
}

}  // namespace
}  // namespace engine
