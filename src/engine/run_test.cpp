// What a run does when people, lacking data, full disks and dead pools come into it.

#include "engine/run.h"

#include "base/json.h"
#include "base/log.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/progress.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace engine {
namespace {

using release::Pool;
using sim::Fault;
using sim::Play;
using sim::scenario_named;
using std::chrono::milliseconds;
using std::chrono::seconds;

class RunTest : public testing::Test {
protected:
    void SetUp() override { base::log::only_errors(); }

    static std::size_t count(Play& play, std::string_view kind) {
        const auto& records = play.place().disk.records;
        return static_cast<std::size_t>(
            std::count_if(records.begin(), records.end(), [&](const Record& each) {
                return each.kind == kind && each.release == play.plan().id;
            }));
    }
    static base::Result<engine::Run> begin(Play& play) {
        return engine::Run::begin(play.place().ports(), play.plan(), sim::driver_named("driver"));
    }
    static base::Result<engine::Run> resume(Play& play) {
        return engine::Run::resume(play.place().ports(), sim::driver_named("driver"));
    }
    /// Advances for `length`, waiting where the run waits.
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
    static void ask(Play& play, const std::string& verb, const std::string& argument = "") {
        (void)play.place().ports().store.ask(verb, argument, "user bob", play.place().world.now());
    }
    static base::Permille green(Play& play) { return play.place().world.split()->green; }
    static void expect_promises_kept(Play& play) {
        EXPECT_TRUE(play.place().violations.empty()) << play.place().violations.front();
        EXPECT_TRUE(verify(play.place().disk.records).intact);
    }
};

TEST_F(RunTest, a_second_deploy_is_refused_with_who_and_what_for) {
    Play play(scenario_named("canary"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    const auto other =
        engine::Run::begin(play.place().ports(), play.plan(), sim::driver_named("someone else"));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().failure, base::Failure::conflict);
}

TEST_F(RunTest, a_deploy_over_one_that_nobody_drives_says_how_to_go_on) {
    Play play(scenario_named("canary"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{500});
    play.place().world.advance_to(play.place().world.now() + seconds{30});
    release::Plan next = play.plan();
    next.id = "r9";
    const auto other =
        engine::Run::begin(play.place().ports(), next, sim::driver_named("someone else"));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().diagnostic.code, "CF0302");
    EXPECT_NE(other.error().diagnostic.fix.find("resume"), std::string::npos);
}

TEST_F(RunTest, a_plan_for_another_state_is_refused_and_changes_nothing) {
    Play play(scenario_named("canary"), 1);
    release::Plan stale = play.plan();
    stale.from->id = "r0";
    const std::size_t before = play.place().disk.records.size();
    const auto run = engine::Run::begin(play.place().ports(), stale, sim::driver_named("driver"));
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().diagnostic.code, "CF0304");
    EXPECT_EQ(play.place().disk.records.size(), before);
    EXPECT_FALSE(*play.place().ports().store.lease());
}

TEST_F(RunTest, a_stop_leaves_traffic_where_it_is_and_resume_carries_on) {
    Play play(scenario_named("canary"), 1);
    std::stop_source stop;
    {
        auto run = begin(play);
        ASSERT_TRUE(run);
        const Outcome outcome = run->carry_through(stop.get_token(), [&](const Status& status) {
            if (status.split && status.split->green == base::Permille{100}) stop.request_stop();
        });
        EXPECT_EQ(outcome.ending, Ending::interrupted);
    }
    EXPECT_EQ(green(play), base::Permille{100});
    EXPECT_EQ(count(play, "interrupted"), 1U);
    EXPECT_FALSE(*play.place().ports().store.lease());
    auto run = resume(play);
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    EXPECT_EQ(green(play), base::kAll);
    expect_promises_kept(play);
}

TEST_F(RunTest, no_data_holds_the_weight_until_a_person_promotes) {
    Play play(scenario_named("canary"), 1);
    play.place().world.set_requests_a_second(0);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, seconds{120});
    EXPECT_EQ(green(play), base::Permille{100});
    const auto status = run->status();
    EXPECT_EQ(status->state, RunState::consent);
    EXPECT_EQ(status->verdict.word, judge::Word::unknown);
    EXPECT_NE(status->sentence.find("crossfade promote"), std::string::npos);
    ask(play, "promote");
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
}

TEST_F(RunTest, failing_to_measure_is_not_failing) {
    Play play(scenario_named("canary"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{2'000});
    play.place().deaf_metrics = true;
    drive(*run, play, seconds{60});
    EXPECT_EQ(green(play), base::Permille{100});
    EXPECT_EQ(count(play, "turned"), 0U);
    play.place().deaf_metrics = false;
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
}

TEST_F(RunTest, a_bad_release_is_taken_back_and_its_harm_is_stated) {
    Play play(scenario_named("blue_green_bad"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.ending, Ending::rolled_back);
    EXPECT_EQ(outcome.cause, Cause::verdict);
    EXPECT_EQ(outcome.harm, play.place().world.counts().green.errors);
    EXPECT_GT(outcome.harm, 0U);
    EXPECT_LT(outcome.harm, 120U);  // one second of all traffic: judged while the share moves
    expect_promises_kept(play);
}

TEST_F(RunTest, a_pause_holds_and_stops_the_deadlines) {
    Play play(scenario_named("canary"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{100});
    ask(play, "pause");
    drive(*run, play, seconds{600});
    EXPECT_EQ(run->status()->state, RunState::paused);
    EXPECT_EQ(green(play), base::kNone);
    ask(play, "resume");
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
}

TEST_F(RunTest, a_paused_watch_still_takes_a_bad_release_back) {
    Play play(scenario_named("canary"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{2'300});
    ask(play, "pause");
    drive(*run, play, seconds{2});
    sim::Traits bad;
    bad.errors_permille = 1000;
    play.place().world.set_traits(play.plan().to.id, bad);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::rolled_back);
    EXPECT_EQ(green(play), base::kNone);
}

TEST_F(RunTest, a_consent_is_bound_to_plan_and_step) {
    Play play(scenario_named("hooks_and_gates"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{2'500});
    EXPECT_EQ(run->status()->state, RunState::consent);
    ask(play, "promote", "gate-go " + base::sha256("another plan").hex());
    drive(*run, play, milliseconds{1'000});
    EXPECT_EQ(run->status()->state, RunState::consent);
    ask(play, "promote", "bake");  // not where it stands
    drive(*run, play, milliseconds{1'000});
    EXPECT_EQ(run->status()->state, RunState::consent);
    ask(play, "promote", "gate-go " + release::digest_of(play.plan()).hex());
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    EXPECT_EQ(play.place().hook_calls["smoke"], 2U);
    EXPECT_EQ(play.place().hook_context["announce"].at("CROSSFADE_STAGE"), "SHIFT");
    EXPECT_EQ(play.place().hook_context["announce"].at("CROSSFADE_VERSION"), "2.0.0");
}

TEST_F(RunTest, a_full_disk_stops_the_driver_and_leaves_users_alone) {
    Play play(scenario_named("canary"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{2'500});
    const base::Permille before = green(play);
    play.place().disk.full = true;
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.ending, Ending::interrupted);
    ASSERT_TRUE(outcome.diagnostic);
    EXPECT_EQ(green(play), before);
    play.place().disk.full = false;
    auto again = resume(play);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->carry_through({}, nullptr).ending, Ending::succeeded);
    expect_promises_kept(play);
}

TEST_F(RunTest, a_warm_rollback_writes_to_the_router_first_and_at_once) {
    Play play(scenario_named("rollback_warm"), 1);
    const base::Instant commanded = play.place().world.now();
    std::optional<base::Instant> moved;
    play.place().script = [&](std::uint64_t, std::string_view call) {
        if (call == "traffic.set") moved = play.place().world.now();
        return Fault::none;
    };
    const std::size_t before = play.place().effects.size();
    auto run = begin(play);
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    ASSERT_TRUE(moved);
    EXPECT_LT(*moved - commanded, milliseconds{100});
    EXPECT_EQ(play.place().effects[before].substr(0, 11), "traffic.set");
    expect_promises_kept(play);
}

TEST_F(RunTest, an_abort_brings_a_dead_old_pool_back_before_its_users) {
    Play play(scenario_named("blue_green"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{2'200});
    EXPECT_EQ(green(play), base::kAll);
    play.place().world.wish(Pool::blue, {{}, 0, 0});  // someone took the old pool away
    play.place().world.advance_to(play.place().world.now() + seconds{2});
    ASSERT_EQ(play.place().world.healthy(Pool::blue), 0U);
    ask(play, "abort");
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::rolled_back);
    EXPECT_EQ(play.place().world.healthy(Pool::blue), 2U);
    EXPECT_EQ(play.place().world.requests_lost(), 0U);
    expect_promises_kept(play);
}

TEST_F(RunTest, a_missing_artifact_refuses_the_release_with_its_diagnostic) {
    Play play(scenario_named("canary"), 1);
    play.place().artifacts_missing.insert(play.plan().to.id);
    auto run = begin(play);
    ASSERT_TRUE(run);
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.cause, Cause::failure);
    ASSERT_TRUE(outcome.diagnostic);
    EXPECT_EQ(green(play), base::kNone);
    expect_promises_kept(play);
}

TEST_F(RunTest, traffic_that_someone_moved_is_found_before_anything_changes) {
    Play play(scenario_named("canary"), 1);
    play.place().world.store_split({base::Permille{70}});
    auto run = begin(play);
    ASSERT_TRUE(run);
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.ending, Ending::refused);
    EXPECT_EQ(outcome.diagnostic->code, "CF0320");
}

TEST_F(RunTest, traffic_that_someone_moves_meanwhile_holds_the_release_until_it_is_as_it_was) {
    Play play(scenario_named("canary"), 1);
    sim::World& world = play.place().world;
    auto run = begin(play);
    ASSERT_TRUE(run);
    for (int i = 0; i < 100 && run->status()->stage != release::Stage::bake; ++i) {
        drive(*run, play, milliseconds{250});
    }
    ASSERT_EQ(green(play), base::kAll);
    world.store_split({base::Permille{700}});
    drive(*run, play, seconds{120});
    const auto status = run->status();
    EXPECT_EQ(status->state, RunState::consent);
    EXPECT_NE(status->sentence.find("green has 70 %, and this release gave it 100 %; it goes on"),
              std::string::npos)
        << status->sentence;
    EXPECT_EQ(green(play), base::Permille{700}) << "it does not fight for it";
    world.store_split({base::kAll});
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    expect_promises_kept(play);
}

TEST_F(RunTest, an_edge_that_counts_anew_does_not_hide_a_bad_release) {
    Play play(scenario_named("canary_bad"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    drive(*run, play, milliseconds{700});
    play.place().world.forget_counts();
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::rolled_back);
}

// At each step of every plan, forward and back, a person may want out.
class Abort : public testing::TestWithParam<std::string> {};

TEST_P(Abort, at_any_step_leaves_the_old_release_serving) {
    base::log::only_errors();
    const Play start(scenario_named(GetParam()), 1);
    for (const release::Step& step : start.plan().steps) {
        Play play = start.fork();
        bool asked = false;
        play.place().script = [&](std::uint64_t, std::string_view) {
            const auto& records = play.place().disk.records;
            const bool here = records.back().kind == "entered" &&
                              records.back().body.find('"' + step.id + '"') != std::string::npos;
            if (here && !asked) {
                play.place().disk.requests.push_back({play.place().disk.requests.size() + 1,
                                                      play.place().world.now(), "user bob", "abort",
                                                      ""});
                asked = true;
            }
            return Fault::none;
        };
        const sim::Finale finale = play.perform();
        EXPECT_TRUE(play.place().violations.empty()) << play.place().violations.front();
        EXPECT_EQ(play.place().world.requests_lost(), 0U);
        const auto progress = progress_of(play.place().disk.records);
        ASSERT_TRUE(progress);
        EXPECT_TRUE(progress->closed);
        if (finale.ending ==
            "succeeded") {  // too late: it was over before the next look for wishes
            EXPECT_TRUE(step.stage >= release::Stage::drain || GetParam() == "publish") << step.id;
            continue;
        }
        const Pool old = start.plan().active;
        EXPECT_EQ(play.place().world.split(), all_to(old)) << "aborted at " << step.id;
        EXPECT_EQ(play.place().world.healthy(old), 2U) << "aborted at " << step.id;
    }
}

INSTANTIATE_TEST_SUITE_P(every, Abort,
                         testing::Values("canary", "ramp", "blue_green", "rolling", "publish",
                                         "rollback_warm", "rollback_cold", "rollback_rolling",
                                         "hooks_and_gates"),
                         [](const auto& of) { return of.param; });

/// With a fault that no limit of the guard forbids: 4 of 100 requests fail, and 10 may.
sim::Scenario slightly_bad(std::string_view name) {
    sim::Scenario made = scenario_named(name);
    made.traits.errors_permille = 40;
    made.spec.guard.error_rate_max = base::Permille{100};
    made.spec.guard.requests_min = 200;
    made.spec.guard.interval = milliseconds{200};
    made.spec.guard.warm_up = milliseconds{3'000};
    return made;
}

TEST_F(RunTest, a_ramp_goes_as_far_as_evidence_affords_and_all_the_way_in_the_end) {
    sim::Scenario scenario = scenario_named("ramp");
    scenario.spec.strategy.bake = seconds{60};
    scenario.spec.guard.harm_max = 100;
    Play play(scenario, 1);
    play.place().world.set_requests_a_second(1'000);
    auto run = begin(play);
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    std::vector<std::uint64_t> shares;
    for (const Record& each : play.place().disk.records) {
        const auto body = base::json_from(each.body);
        if (body->value("fact", "") == "course") shares.push_back(body->at("share"));
    }
    ASSERT_GE(shares.size(), 3U);
    EXPECT_LE(shares.front(), 50U);
    EXPECT_EQ(shares.back(), 500U);
    for (std::size_t i = 1; i < shares.size(); ++i) {
        EXPECT_LE(shares[i], 2 * shares[i - 1] + 1) << i;
    }
    expect_promises_kept(play);
}

TEST_F(RunTest, a_ramp_whose_counts_come_late_rises_in_smaller_steps_and_keeps_its_budget) {
    const auto first_share = [](milliseconds late) {
        sim::Scenario scenario = slightly_bad("ramp");
        scenario.traits.errors_permille = 1000;
        scenario.spec.guard.harm_max = 100;
        Play play(scenario, 1);
        play.place().world.set_requests_a_second(500);
        play.place().world.tell_counts_late(late);
        play.place().world.advance_to(play.place().world.now() + 2 * late);
        auto run = begin(play);
        EXPECT_TRUE(run);
        const Outcome outcome = run->carry_through({}, nullptr);
        EXPECT_EQ(outcome.ending, Ending::rolled_back);
        EXPECT_LT(play.place().world.errors(), 2 * scenario.spec.guard.harm_max) << late.count();
        for (const Record& each : play.place().disk.records) {
            const auto body = base::json_from(each.body);
            if (body->value("fact", "") == "course") return body->at("share").get<int>();
        }
        return 0;
    };
    EXPECT_GE(first_share(milliseconds{0}), 4 * first_share(seconds{30}));
    EXPECT_GE(first_share(seconds{30}), 1);
}

TEST_F(RunTest, a_ramp_takes_back_what_is_worse_than_the_old_release_within_its_budget) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
        sim::Scenario scenario = slightly_bad("ramp");
        scenario.spec.strategy.bake = seconds{60};
        scenario.spec.guard.harm_max = 100;
        Play play(scenario, seed);
        play.place().world.set_requests_a_second(500);
        auto run = begin(play);
        ASSERT_TRUE(run);
        const Outcome outcome = run->carry_through({}, nullptr);
        EXPECT_EQ(outcome.ending, Ending::rolled_back);
        EXPECT_EQ(outcome.cause, Cause::verdict);
        EXPECT_LT(outcome.harm, 2 * scenario.spec.guard.harm_max);
        EXPECT_NE(outcome.sentence.find("failed requests"), std::string::npos) << outcome.sentence;
        expect_promises_kept(play);
    }
}

TEST_F(RunTest, a_watch_compares_with_the_old_release_unless_it_is_told_not_to) {
    for (const bool compare : {true, false}) {
        sim::Scenario scenario = slightly_bad("canary");
        scenario.spec.strategy.steps = {{base::Permille{100}, seconds{90}, false}};
        scenario.spec.guard.compare = compare;
        scenario.spec.guard.harm_max = 100'000;
        Play play(scenario, 1);
        play.place().world.set_requests_a_second(500);
        auto run = begin(play);
        ASSERT_TRUE(run);
        const Outcome outcome = run->carry_through({}, nullptr);
        EXPECT_EQ(outcome.ending, compare ? Ending::rolled_back : Ending::succeeded);
    }
}

/// Half an hour of blue alone in which each sixth tick of 1,000 requests has so many errors.
std::vector<Past> past_with(std::uint64_t errors) {
    std::vector<Past> past;
    for (int tick = 1; tick <= 180; ++tick) {
        Past each{.until = base::Instant{seconds{10 * tick}}, .length = seconds{10}, .counts = {}};
        each.counts.blue.requests = 1'000;
        each.counts.blue.errors = tick % 6 == 0 ? errors : 0;
        past.push_back(each);
    }
    return past;
}

TEST_F(RunTest, errors_that_come_in_clusters_before_a_release_weigh_less_during_it) {
    for (const bool known : {false, true}) {
        sim::Scenario scenario = slightly_bad("canary");
        scenario.spec.strategy.steps = {{base::Permille{100}, seconds{60}, false}};
        scenario.spec.guard.harm_max = 100'000;
        Play play(scenario, 1);
        play.place().world.set_requests_a_second(300);
        if (known) play.place().past = past_with(60);
        auto run = begin(play);
        ASSERT_TRUE(run);
        const Outcome outcome = run->carry_through({}, nullptr);
        EXPECT_EQ(outcome.ending, known ? Ending::succeeded : Ending::rolled_back);
    }
}

TEST_F(RunTest, a_burst_after_a_ramp_that_costs_more_than_its_budget_takes_it_back) {
    sim::Scenario scenario = scenario_named("ramp");
    scenario.spec.strategy.bake = seconds{60};
    scenario.spec.guard.harm_max = 100;
    Play play(scenario, 1);
    play.place().world.set_requests_a_second(1'000);
    play.place().past = past_with(1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    while (!play.place().world.split() || green(play) != base::kAll) {
        drive(*run, play, seconds{1});
    }
    drive(*run, play, seconds{20});
    // Shorter than a tick, of which the comparison believes only so much.
    sim::Traits bad;
    bad.errors_permille = 1000;
    play.place().world.set_traits(play.plan().to.id, bad);
    drive(*run, play, seconds{1});
    play.place().world.set_traits(play.plan().to.id, {});
    const Outcome outcome = run->carry_through({}, nullptr);
    EXPECT_EQ(outcome.ending, Ending::rolled_back);
    EXPECT_NE(outcome.sentence.find("more than usual"), std::string::npos) << outcome.sentence;
}

TEST_F(RunTest, the_traffic_before_is_read_once_and_not_at_all_on_a_way_back) {
    for (const auto& [name, wanted] :
         {std::pair{"canary", 1}, {"rolling", 1}, {"rollback_warm", 0}, {"rollback_cold", 0}}) {
        Play play(scenario_named(name), 1);
        int asked = 0;
        play.place().script = [&](std::uint64_t, std::string_view call) {
            asked += call == "metrics.past" ? 1 : 0;
            return sim::Fault::none;
        };
        auto run = begin(play);
        ASSERT_TRUE(run);
        EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded) << name;
        EXPECT_EQ(asked, wanted) << name;
    }
}

TEST_F(RunTest, traffic_before_that_cannot_be_read_is_said_and_holds_nothing_up) {
    Play play(scenario_named("canary"), 1);
    play.place().script = [](std::uint64_t, std::string_view call) {
        return call == "metrics.past" ? sim::Fault::unavailable : sim::Fault::none;
    };
    auto run = begin(play);
    ASSERT_TRUE(run);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
    const auto& records = play.place().disk.records;
    EXPECT_TRUE(std::any_of(records.begin(), records.end(), [](const Record& each) {
        return each.body.find("traffic before them cannot be read") != std::string::npos;
    }));
}

TEST_F(RunTest, a_ramp_that_cannot_measure_holds_its_share) {
    Play play(scenario_named("ramp"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    while (!play.place().world.split() || green(play) == base::kNone) {
        drive(*run, play, milliseconds{250});
    }
    play.place().deaf_metrics = true;
    const base::Permille before = green(play);
    drive(*run, play, seconds{3'600});
    EXPECT_EQ(green(play), before);
    EXPECT_EQ(count(play, "turned"), 0U);
    EXPECT_NE(run->status()->sentence.find("holds"), std::string::npos) << run->status()->sentence;
    play.place().deaf_metrics = false;
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::succeeded);
}

TEST_F(RunTest, a_paused_ramp_does_not_rise_and_still_goes_back) {
    Play play(scenario_named("ramp"), 1);
    auto run = begin(play);
    ASSERT_TRUE(run);
    while (!play.place().world.split() || green(play) == base::kNone) {
        drive(*run, play, milliseconds{250});
    }
    ask(play, "pause");
    drive(*run, play, seconds{1});
    const base::Permille before = green(play);
    drive(*run, play, seconds{60});
    EXPECT_LE(green(play), before);
    EXPECT_GT(green(play), base::kNone);
    EXPECT_EQ(run->status()->state, RunState::paused);
    sim::Traits bad;
    bad.errors_permille = 1000;
    play.place().world.set_traits(play.plan().to.id, bad);
    EXPECT_EQ(run->carry_through({}, nullptr).ending, Ending::rolled_back);
}

}  // namespace
}  // namespace engine
