#include "release/plan.h"

#include "base/file.h"
#include "base/result.h"
#include "base/units.h"
#include "release/pool.h"
#include "release/release.h"
#include "release/sample.h"
#include "release/spec.h"
#include "release/stage.h"
#include "release/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace release {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Compares with `golden/NAME.txt`, or writes it when CROSSFADE_UPDATE_GOLDEN=1.
void expect_golden(const std::string& name, const std::string& text) {
    const std::filesystem::path path =
        std::filesystem::path(CROSSFADE_SOURCE_DIR) / "src/release/golden" / (name + ".txt");
    if (std::getenv("CROSSFADE_UPDATE_GOLDEN") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        ASSERT_TRUE(base::write_file(path, text, 0644));
        return;
    }
    const auto stored = base::read_file(path, base::Bytes{1 << 20});
    ASSERT_TRUE(stored) << path;
    EXPECT_EQ(text, *stored) << "CROSSFADE_UPDATE_GOLDEN=1 writes it anew";
}

std::vector<std::string> ids(const Plan& plan) {
    std::vector<std::string> out;
    for (const Step& step : plan.steps) out.push_back(step.id);
    return out;
}

const Release kRunning = sample_release("r1", "1.0.0");

Plan planned(const Spec& spec, const Release& to, std::optional<StrategyKind> forced = {}) {
    auto plan = plan_release(spec, to, sample_present(kRunning), forced);
    EXPECT_TRUE(plan) << plan.error().line();
    return plan ? *plan : Plan{};
}

std::string refusal(const base::Result<Plan>& plan) {
    return plan ? "" : plan.error().diagnostic.code;
}

TEST(Plans, of_the_first_release_shift_once_and_have_no_way_back) {
    const auto plan =
        plan_release(sample_spec(), sample_release("r1", "1.0.0", "c", "web"), Present{}, {});
    ASSERT_TRUE(plan);
    EXPECT_THAT(ids(*plan), ElementsAre("check", "publish", "prepare", "scale-up", "shift-1"));
    EXPECT_EQ(plan->active, plan->target);
    expect_golden("first", plan_to_text(*plan));
}

TEST(Plans, of_a_major_version_flip_at_once) {
    const Plan plan = planned(sample_spec(), sample_release("r2", "2.0.0", "d", "web"));
    EXPECT_EQ(plan.strategy, StrategyKind::blue_green);
    EXPECT_THAT(ids(plan), ElementsAre("check", "publish", "prepare", "scale-up", "shift-1", "bake",
                                       "drain", "retire"));
    EXPECT_EQ(plan.target, Pool::green);
    expect_golden("major", plan_to_text(plan));
}

TEST(Plans, of_a_patch_rise_in_steps_and_watch_each) {
    Spec spec = sample_spec();
    spec.guard.compare = false;
    const Plan plan = planned(spec, sample_release("r2", "1.0.1"));
    EXPECT_THAT(ids(plan),
                ElementsAre("check", "prepare", "scale-up", "shift-1", "watch-1", "shift-2",
                            "watch-2", "shift-3", "watch-3", "shift-4", "bake", "drain", "retire"));
    expect_golden("patch", plan_to_text(plan));
}

TEST(Plans, of_a_patch_have_one_ramp_where_no_steps_are_named) {
    const Plan plan = planned(sample_spec(), sample_release("r2", "1.0.1"));
    EXPECT_THAT(ids(plan), ElementsAre("check", "prepare", "scale-up", "ramp", "shift-1", "bake",
                                       "drain", "retire"));
    EXPECT_EQ(*plan_from_json(plan_to_json(plan)), plan);
    expect_golden("ramp", plan_to_text(plan));
}

TEST(Plans, of_a_config_change_replace_batch_by_batch) {
    Spec spec = sample_spec();
    spec.service.instances = 5;
    spec.strategy.rolling_batch = 2;
    const Plan plan = planned(spec, sample_release("r2", "1.0.0", "other"));
    EXPECT_THAT(ids(plan), ElementsAre("check", "prepare", "replace-1", "watch-1", "replace-2",
                                       "watch-2", "replace-3", "watch-3"));
    EXPECT_EQ(std::get<Replace>(plan.steps[6].action), (Replace{Pool::blue, 5, 5}));
    expect_golden("config", plan_to_text(plan));
}

TEST(Plans, of_assets_alone_restart_nothing) {
    const Plan plan = planned(sample_spec(), sample_release("r2", "1.0.0", "c", "web"));
    EXPECT_THAT(ids(plan), ElementsAre("check", "publish"));
    expect_golden("assets", plan_to_text(plan));
}

TEST(Plans, of_nothing_are_refused_under_any_version) {
    const Spec spec = sample_spec();
    EXPECT_EQ(refusal(plan_release(spec, kRunning, sample_present(kRunning), {})), "CF0210");
    Release renamed = kRunning;
    renamed.version.patch = 9;
    EXPECT_EQ(refusal(plan_release(spec, renamed, sample_present(kRunning), {})), "CF0210");
}

TEST(Plans, put_gates_before_hooks_where_stages_begin) {
    Spec spec = sample_spec();
    spec.hooks = {
        {.name = "smoke", .stage = Stage::test, .command = {"./smoke"}, .url = {}},
        {.name = "announce", .stage = Stage::shift, .command = {"./announce"}, .url = {}},
    };
    spec.gates = {{.name = "go", .stage = Stage::shift, .owner = "release team"}};
    const Plan plan = planned(spec, sample_release("r2", "2.0.0"));
    EXPECT_THAT(ids(plan),
                ElementsAre("check", "prepare", "scale-up", "test", "hook-smoke", "gate-go",
                            "hook-announce", "shift-1", "bake", "drain", "retire"));
    expect_golden("hooks_and_gates", plan_to_text(plan));
}

TEST(Plans, lose_no_gate_and_say_which_hooks_have_no_place) {
    Spec spec = sample_spec();
    spec.hooks = {{.name = "smoke", .stage = Stage::test, .command = {"./smoke"}, .url = {}}};
    spec.gates = {{.name = "go", .stage = Stage::shift, .owner = "ada"}};
    const Plan rolling = planned(spec, sample_release("r2", "1.0.0", "other"));
    EXPECT_EQ(rolling.steps[2].id, "gate-go");
    EXPECT_EQ(rolling.steps[3].id, "replace-1");
    EXPECT_THAT(rolling.notes, ElementsAre("Gate `go` waits in REPLACE: this plan has no SHIFT.",
                                           "Hook `smoke` is not called: this plan has no TEST."));
    const Plan publish = planned(spec, sample_release("r2", "1.0.0", "c", "web"));
    EXPECT_THAT(ids(publish), ElementsAre("check", "gate-go", "publish"));
    Release without = kRunning;
    without.assets = {};
    const auto removed =
        plan_release(spec, without, sample_present(sample_release("r0", "1.0.0", "c", "web")), {});
    ASSERT_TRUE(removed);
    EXPECT_THAT(ids(*removed), testing::Contains("gate-go"));
}

TEST(Plans, ask_a_second_person_only_where_the_gate_is_meant) {
    Spec spec = sample_spec();
    spec.gates = {{.name = "four-eyes",
                   .stage = Stage::shift,
                   .owner = {},
                   .second_person = true,
                   .changes = {ChangeKind::major, ChangeKind::minor},
                   .strategies = {StrategyKind::blue_green}}};
    const Plan major = planned(spec, sample_release("r2", "2.0.0"));
    EXPECT_THAT(ids(major), testing::Contains("gate-four-eyes"));
    EXPECT_THAT(plan_to_text(major), testing::HasSubstr("other than who began the release"));
    const auto read = plan_from_json(plan_to_json(major));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, major);
    const Plan patch = planned(spec, sample_release("r2", "1.0.1"));
    EXPECT_THAT(ids(patch), testing::Not(testing::Contains("gate-four-eyes")));
    EXPECT_THAT(patch.notes,
                testing::Contains("Gate `four-eyes` asks nobody: it is not for the change patch."));
    const auto forced = plan_release(spec, sample_release("r2", "2.0.0"), sample_present(kRunning),
                                     StrategyKind::rolling);
    ASSERT_TRUE(forced);
    EXPECT_THAT(
        forced->notes,
        testing::Contains("Gate `four-eyes` asks nobody: it is not for the strategy rolling."));
}

TEST(Plans, ask_a_second_person_to_drop_the_rule_that_asks_one) {
    const Gate rule{.name = "four-eyes",
                    .stage = Stage::shift,
                    .owner = {},
                    .second_person = true,
                    .changes = {ChangeKind::major}};
    Present present = sample_present(kRunning);
    present.rules = {rule};
    const auto asks = [&](const std::vector<Gate>& gates) {
        Spec spec = sample_spec();
        spec.gates = gates;
        const auto plan = plan_release(spec, sample_release("r2", "1.0.1"), present, {});
        EXPECT_TRUE(plan);
        std::size_t gates_there = 0;
        for (const Step& step : plan->steps) {
            const auto* gate = std::get_if<AwaitConsent>(&step.action);
            if (gate == nullptr) continue;
            EXPECT_EQ(step.id, "gate-four-eyes");
            EXPECT_TRUE(gate->gate.second_person);
            ++gates_there;
        }
        EXPECT_EQ(plan->rules.size(), static_cast<std::size_t>(std::count_if(
                                          gates.begin(), gates.end(),
                                          [](const Gate& each) { return each.second_person; })));
        return gates_there == 1;
    };
    Gate other = rule;
    EXPECT_FALSE(asks({rule})) << "a patch, under a rule for major versions";
    other.changes = {ChangeKind::major, ChangeKind::minor};
    EXPECT_FALSE(asks({other})) << "it asks for more";
    EXPECT_TRUE(asks({})) << "the rule is gone";
    other.changes = {ChangeKind::minor};
    EXPECT_TRUE(asks({other})) << "it is for less";
    other = rule;
    other.strategies = {StrategyKind::canary};
    EXPECT_TRUE(asks({other})) << "--strategy would do";
    other = rule;
    other.second_person = false;
    EXPECT_TRUE(asks({other})) << "anyone would do";
}

TEST(Plans, ask_a_person_at_the_canary_steps_that_say_so) {
    Spec spec = sample_spec();
    spec.strategy.steps = {
        {.weight = base::Permille{5}, .hold = milliseconds{0}, .wait_for_person = true}};
    const Plan plan = planned(spec, sample_release("r2", "1.0.1"));
    EXPECT_THAT(ids(plan), ElementsAre("check", "prepare", "scale-up", "shift-1", "consent-1",
                                       "shift-2", "bake", "drain", "retire"));
    EXPECT_THAT(plan_to_text(plan), HasSubstr("0.5 % of requests to green"));
}

TEST(Plans, move_the_sockets_before_the_bake_where_events_are_not_shared) {
    Spec spec = sample_spec();
    spec.service.instances = 1;
    spec.compatibility.fan_out = FanOut::none;
    spec.strategy.drain_sockets_a_second = 10;
    const Plan plan = planned(spec, sample_release("r2", "1.0.1"));
    EXPECT_EQ(plan.strategy, StrategyKind::blue_green);
    EXPECT_THAT(ids(plan),
                ElementsAre("check", "prepare", "scale-up", "shift-1", "drain", "bake", "retire"));
    EXPECT_EQ(plan.settings.drain_sockets_a_second, 0);
    expect_golden("fan_out_none", plan_to_text(plan));
}

TEST(Plans, let_requests_wait_where_releases_must_not_overlap) {
    Spec spec = sample_spec();
    spec.compatibility.overlap = Overlap::none;
    const Plan plan = planned(spec, sample_release("r2", "1.0.1"));
    EXPECT_THAT(ids(plan), ElementsAre("check", "prepare", "recreate", "bake"));
    EXPECT_EQ(plan.target, Pool::green);
    EXPECT_THAT(plan.way_back, HasSubstr("requests wait again"));
    expect_golden("recreate", plan_to_text(plan));
    spec.compatibility.schema = SchemaChange::contract;
    EXPECT_THAT(planned(spec, sample_release("r2", "1.0.1")).way_back, HasSubstr("None from"));
}

TEST(Plans, say_when_a_contract_migration_ends_the_way_back) {
    Spec spec = sample_spec();
    spec.compatibility.schema = SchemaChange::contract;
    const Plan at_boot = planned(spec, sample_release("r2", "1.1.0"));
    EXPECT_EQ(at_boot.strategy, StrategyKind::blue_green);
    EXPECT_THAT(at_boot.way_back, HasSubstr("None from SCALE_UP on"));
    expect_golden("contract_at_boot", plan_to_text(at_boot));
    spec.hooks = {{.name = "contract", .stage = Stage::retire, .command = {"./m"}, .url = {}}};
    EXPECT_THAT(planned(spec, sample_release("r2", "1.1.0")).way_back, HasSubstr("Until RETIRE"));
}

TEST(Plans, say_that_a_warm_release_loses_its_place) {
    Present present = sample_present(kRunning);
    present.idle_release = sample_release("r0", "0.9.0");
    present.idle_healthy = 2;
    const auto plan = plan_release(sample_spec(), sample_release("r2", "2.0.0"), present, {});
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan->notes, ElementsAre(HasSubstr("0.9.0 (r0) still stands in green")));
}

TEST(Rollbacks, of_what_must_not_overlap_let_requests_wait_again) {
    Spec spec = sample_spec();
    spec.compatibility.overlap = Overlap::none;
    const Present present = sample_present(sample_release("r2", "1.0.1"));
    const auto plan = plan_rollback(spec, kRunning, present, "r3");
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->strategy, StrategyKind::recreate);
    EXPECT_THAT(ids(*plan), ElementsAre("check", "prepare", "recreate"));
}

TEST(Rollbacks, to_a_warm_release_shift_first_of_all) {
    Present present = sample_present(sample_release("r2", "1.0.1"));
    present.idle_release = kRunning;
    present.idle_healthy = 2;
    Spec spec = sample_spec();
    spec.gates = {{.name = "go", .stage = Stage::shift, .owner = "ada"}};
    const auto plan = plan_rollback(spec, kRunning, present, "r3");
    ASSERT_TRUE(plan) << plan.error().line();
    EXPECT_THAT(ids(*plan), ElementsAre("shift-1", "drain", "retire"));
    EXPECT_EQ(std::get<Shift>(plan->steps[0].action), (Shift{Pool::green, base::kAll}));
    EXPECT_EQ(plan->id, "r3");
    EXPECT_TRUE(plan->is_rollback);
    expect_golden("rollback_warm", plan_to_text(*plan));
}

TEST(Rollbacks, to_a_release_that_is_gone_or_too_small_scale_up_first) {
    Present present = sample_present(sample_release("r2", "1.0.1"));
    const auto gone = plan_rollback(sample_spec(), kRunning, present, "r3");
    ASSERT_TRUE(gone);
    EXPECT_THAT(ids(*gone),
                ElementsAre("check", "prepare", "scale-up", "shift-1", "drain", "retire"));
    expect_golden("rollback_cold", plan_to_text(*gone));
    present.idle_release = kRunning;
    present.idle_healthy = 1;
    const auto small = plan_rollback(sample_spec(), kRunning, present, "r3");
    ASSERT_TRUE(small);
    EXPECT_EQ(ids(*small), ids(*gone));
}

TEST(Rollbacks, of_what_was_rolling_replace_backwards) {
    const Present present = sample_present(sample_release("r2", "1.0.0", "other"));
    const auto plan = plan_rollback(sample_spec(), kRunning, present, "r3");
    ASSERT_TRUE(plan);
    EXPECT_THAT(ids(*plan), ElementsAre("check", "prepare", "replace-1", "replace-2"));
    EXPECT_EQ(plan->target, Pool::blue);
    expect_golden("rollback_rolling", plan_to_text(*plan));
}

TEST(Rollbacks, of_assets_publish_those_of_before) {
    const Release before = sample_release("r1", "1.0.0", "c", "old");
    const Present present = sample_present(sample_release("r2", "1.0.0", "c", "new"));
    const auto plan = plan_rollback(sample_spec(), before, present, "r3");
    ASSERT_TRUE(plan);
    EXPECT_THAT(ids(*plan), ElementsAre("check", "publish"));
}

TEST(Rollbacks, are_refused_to_the_same_release_to_nothing_and_over_a_contracted_schema) {
    const Spec spec = sample_spec();
    EXPECT_EQ(refusal(plan_rollback(spec, kRunning, sample_present(kRunning), "r3")), "CF0220");
    EXPECT_EQ(refusal(plan_rollback(spec, kRunning, Present{}, "r3")), "CF0221");
    Spec contracted = spec;
    contracted.compatibility.schema = SchemaChange::contract;
    const Present newer = sample_present(sample_release("r2", "1.1.0"));
    EXPECT_EQ(refusal(plan_rollback(contracted, kRunning, newer, "r3")), "CF0222");
    Spec edged = spec;
    edged.compatibility.forbidden = {
        {*range_from(">=1.1.0"), *range_from("<1.1.0"), "the index was rebuilt"}};
    EXPECT_EQ(refusal(plan_rollback(edged, kRunning, newer, "r3")), "CF0211");
}

TEST(PlanDurations, add_up_what_the_configuration_says) {
    const Plan plan = planned(sample_spec(), sample_release("r2", "2.0.0"));
    // healthy twice at 1 s, settle 1 s, bake 10 s (as it bakes it settles), warm for 1 h
    EXPECT_EQ(plan.expected(), milliseconds{2'000 + 1'000 + 10'000 + 3'600'000});
    Spec unbaked = sample_spec();
    unbaked.strategy.bake = milliseconds{500};
    // settle 1 s, bake 0.5 s, and what is missing to the 2 s before capacity leaves
    EXPECT_EQ(planned(unbaked, sample_release("r2", "2.0.0")).expected(),
              milliseconds{2'000 + 1'000 + 500 + 1'500 + 3'600'000});
}

}  // namespace
}  // namespace release
