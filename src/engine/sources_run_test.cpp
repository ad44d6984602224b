// Releases with metrics of other systems, played in the simulated world.

#include "engine/run.h"

#include "base/json.h"
#include "base/log.h"
#include "engine/journal.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace engine {
namespace {

using sim::Play;
using std::chrono::milliseconds;
using std::chrono::seconds;

release::SourcedMetric metric_named(std::string name) {
    release::SourcedMetric metric;
    metric.name = std::move(name);
    metric.http.emplace().url = "http://127.0.0.1:1/${pool}";
    return metric;
}

sim::Scenario with_orders(std::string_view name) {
    sim::Scenario scenario = sim::scenario_named(name);
    scenario.spec.guard.metrics = {metric_named("orders"), metric_named("queue")};
    scenario.spec.guard.metrics[1].limit = *release::bound_from("at most 100");
    scenario.spec.guard.interval = milliseconds{100};
    scenario.spec.guard.warm_up = milliseconds{500};
    scenario.spec.strategy.bake = seconds{10};
    for (release::CanaryStep& step : scenario.spec.strategy.steps) step.hold = seconds{10};
    return scenario;
}

class SourcesRun : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override { base::log::only_errors(); }

    static base::Result<engine::Run> begin(Play& play) {
        return engine::Run::begin(play.place().ports(), play.plan(), sim::driver_named("driver"));
    }
    static void drive(engine::Run& run, Play& play, milliseconds length) {
        sim::World& world = play.place().world;
        const base::Instant until = world.now() + length;
        while (world.now() < until) {
            const auto turn = run.advance();
            ASSERT_TRUE(turn) << turn.error().line();
            if (turn->kind == Turn::Kind::over) return;
            if (turn->kind == Turn::Kind::waiting) {
                world.advance_to(std::min(world.now() + milliseconds{250}, until));
            }
        }
    }
    static base::Permille green(Play& play) {
        return play.place().world.split().value_or(Split{}).green;
    }
    static bool went_back(Play& play) {
        const auto& records = play.place().disk.records;
        return std::any_of(records.begin(), records.end(), [&](const Record& each) {
            return each.release == play.plan().id && each.kind == "turned";
        });
    }
};

TEST_P(SourcesRun, a_release_that_loses_no_orders_passes) {
    Play play(with_orders(GetParam()), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    EXPECT_TRUE(play.place().violations.empty());
}

TEST_P(SourcesRun, orders_that_only_the_source_sees_lost_take_a_release_back) {
    Play play(with_orders(GetParam()), 1);
    play.place().orders_lost_permille[play.plan().to.id] = 500;
    auto run = begin(play);
    ASSERT_TRUE(run);
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.ending, Ending::rolled_back);
    EXPECT_EQ(outcome.cause, Cause::verdict);
    ASSERT_TRUE(outcome.diagnostic);
    EXPECT_NE(outcome.diagnostic->why.find("orders"), std::string::npos);
    EXPECT_EQ(run->status()->verdict.metric, "orders");
    EXPECT_TRUE(play.place().violations.empty());
}

TEST_P(SourcesRun, a_gauge_beyond_its_limit_takes_a_release_back) {
    Play play(with_orders(GetParam()), 1);
    play.place().levels[play.plan().to.id] = 500;
    auto run = begin(play);
    ASSERT_TRUE(run);
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.ending, Ending::rolled_back);
    ASSERT_TRUE(outcome.diagnostic);
    EXPECT_EQ(outcome.diagnostic->what, "queue is 500, and must be at most 100");
    EXPECT_NE(outcome.diagnostic->why.find("limit"), std::string::npos);
}

TEST_P(SourcesRun, a_source_that_errs_holds_the_release_until_it_is_back) {
    Play play(with_orders(GetParam()), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    while (green(play) == base::kNone) drive(*run, play, milliseconds{100});
    play.place().deaf_sources = true;
    drive(*run, play, seconds{60});
    const base::Permille held = green(play);
    drive(*run, play, seconds{3'600});
    EXPECT_EQ(green(play), held);
    EXPECT_FALSE(went_back(play));
    const auto status = run->status();
    EXPECT_FALSE(status->ending);
    EXPECT_EQ(status->state, RunState::consent) << status->sentence;
    EXPECT_NE(status->sentence.find("orders cannot be seen"), std::string::npos)
        << status->sentence;
    play.place().deaf_sources = false;
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    EXPECT_TRUE(play.place().violations.empty());
}

TEST_P(SourcesRun, a_person_may_go_on_without_the_source) {
    Play play(with_orders(GetParam()), 1);
    play.place().deaf_sources = true;
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, seconds{120});
    EXPECT_EQ(run->status()->state, RunState::consent);
    (void)play.place().ports().store.ask("promote", "", "user bob", play.place().world.now());
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
}

TEST_P(SourcesRun, a_bad_release_goes_back_although_its_source_errs) {
    sim::Scenario scenario = with_orders(GetParam());
    scenario.traits.errors_permille = 1'000;
    Play play(scenario, 1);
    play.place().deaf_sources = true;
    auto run = begin(play);
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::rolled_back);
}

TEST_P(SourcesRun, a_driver_that_dies_leaves_the_evidence_to_the_next) {
    Play play(with_orders(GetParam()), 1);
    play.place().orders_lost_permille[play.plan().to.id] = 500;
    {
        auto run = begin(play);
        ASSERT_TRUE(run);
        while (green(play) == base::kNone) drive(*run, play, milliseconds{100});
    }
    auto run = engine::Run::resume(play.place().ports(), sim::driver_named("driver"));
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::rolled_back);
}

INSTANTIATE_TEST_SUITE_P(Shapes, SourcesRun, testing::Values("canary", "ramp", "blue_green"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace engine
