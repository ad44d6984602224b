#include "cli/view.h"

#include "cli/golden_test.h"
#include "cli/history.h"
#include "cli/session.h"

#include "base/json.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using engine::RunState;
using engine::StepStatus;
using std::chrono::minutes;
using std::chrono::seconds;

const base::Instant kNow = base::instant_of_micros(1'795'437'909'000'000);

engine::Instance instance(std::string id, release::Pool pool, std::string release,
                          engine::InstanceState state) {
    return {.id = std::move(id),
            .pool = pool,
            .release = std::move(release),
            .state = state,
            .reason = state == engine::InstanceState::healthy ? "" : "Elb.InitialHealthChecking",
            .address = "127.64.0.2:9000",
            .since = kNow - minutes(3),
            .requests_in_flight = 2,
            .sockets_open = 25,
            .restarts = 0};
}

StepStatus step(std::string id, release::Stage stage, StepStatus::Place place, int began) {
    StepStatus out{.id = std::move(id),
                   .stage = stage,
                   .reason = "because it is next",
                   .place = place,
                   .entered = {},
                   .passed = {}};
    if (place != StepStatus::Place::ahead) out.entered = kNow - seconds(began);
    if (place == StepStatus::Place::passed) out.passed = kNow - seconds(began - 5);
    return out;
}

// A canary in the middle of its way.
View canary() {
    engine::Status status;
    status.run = "r2";
    status.application = "chat";
    status.from = "1.0.0";
    status.to = "1.0.1";
    status.strategy = "canary";
    status.state = RunState::waiting;
    status.sentence = "watching 1.0.1 at 25 % until 12:45:27";
    status.actor = "user ada";
    status.driver = "ada@host pid 7 since 12345";
    status.since = kNow - seconds(72);
    status.stage = release::Stage::shift;
    status.step = 3;
    status.steps = {step("check", release::Stage::preflight, StepStatus::Place::passed, 72),
                    step("scale-up", release::Stage::scale_up, StepStatus::Place::passed, 60),
                    step("shift-1", release::Stage::shift, StepStatus::Place::current, 12),
                    step("shift-2", release::Stage::shift, StepStatus::Place::ahead, 0),
                    step("bake", release::Stage::bake, StepStatus::Place::ahead, 0)};
    status.next = "50 % of requests to green";
    status.when = kNow + seconds(18);
    status.split = engine::Split{base::Permille{250}};
    status.pools = {{.pool = release::Pool::blue,
                     .release = "r1",
                     .instances = 2,
                     .healthy = 2,
                     .draining = 0,
                     .sockets = 50,
                     .in_flight = 4,
                     .share_set = base::Permille{750},
                     .share_observed = base::Permille{748}},
                    {.pool = release::Pool::green,
                     .release = "r2",
                     .instances = 2,
                     .healthy = 1,
                     .draining = 0,
                     .sockets = 25,
                     .in_flight = 2,
                     .share_set = base::Permille{250},
                     .share_observed = base::Permille{252}}};
    using engine::InstanceState;
    status.instances = {instance("blue-1", release::Pool::blue, "r1", InstanceState::healthy),
                        instance("blue-2", release::Pool::blue, "r1", InstanceState::healthy),
                        instance("green-1", release::Pool::green, "r2", InstanceState::healthy),
                        instance("green-2", release::Pool::green, "r2", InstanceState::starting)};
    status.verdict = {judge::Word::pass, "errors",
                      "3 of 1204 requests failed (0.25 %), at most 1 % may"};
    status.harm = 3;
    status.harm_max = 100;
    status.way_back = {true, "one write to the router takes all requests back to blue", {}};
    status.head = {42, base::sha256("head")};
    return {.status = status,
            .now = kNow,
            .active_pool = "blue",
            .serving = "1.0.0",
            .versions = {{"r1", "1.0.0"}, {"r2", "1.0.1"}},
            .address = "127.0.0.1:8080",
            .open = "http://127.0.0.1:8080"};
}

View succeeded() {
    View view = canary();
    view.status.state = RunState::warm;
    view.status.ending = engine::Ending::succeeded;
    view.status.over = kNow - seconds(2);
    view.status.sentence = "1.0.1 serves all users";
    view.status.next = "the old instances in blue are retired";
    view.status.when = kNow + minutes(58);
    view.status.way_back.until = kNow + minutes(58);
    view.status.split = engine::Split{base::kAll};
    view.status.pools[0].share_set = base::kNone;
    view.status.pools[1].share_set = base::kAll;
    for (StepStatus& each : view.status.steps) each.place = StepStatus::Place::passed;
    view.active_pool = "green";
    view.serving = "1.0.1";
    return view;
}

TEST(CliView, a_release_in_progress_reads_like_this) {
    expect_golden("canary.txt", view_text(canary(), {}));
    expect_golden(
        "canary_live.txt",
        view_text(canary(), Layout{.paint = Paint(true), .columns = 80, .every_step = false}));
}

TEST(CliView, a_release_that_serves_reads_like_this) {
    expect_golden("succeeded.txt", view_text(succeeded(), {}));
}

TEST(CliView, what_could_not_be_seen_is_said) {
    View view = canary();
    view.status.split.reset();
    view.status.instances.clear();
    view.status.unseen = {"instances: the agent does not answer"};
    const std::string text = view_text(view, {});
    EXPECT_NE(text.find("the agent does not answer"), std::string::npos);
    EXPECT_EQ(text.find("75 %"), std::string::npos);
    EXPECT_TRUE(view_json(view)["pools"][0]["share_set_permille"].is_null());
}

TEST(CliView, no_line_of_a_live_view_is_wider_than_the_terminal) {
    for (const std::size_t columns : {40U, 60U, 80U, 120U}) {
        const std::string text = view_text(
            canary(), Layout{.paint = Paint(true), .columns = columns, .every_step = false});
        for (std::size_t at = text.find("POOL"); at + 8 < text.find("verdict");) {
            const std::size_t end = text.find('\n', at);
            EXPECT_LE(columns_of(text.substr(at, end - at)), columns) << text.substr(at, end - at);
            at = end + 1;
        }
    }
}

TEST(CliView, meaning_is_never_by_colour_alone) {
    const std::string plain = view_text(canary(), {});
    for (const char* word : {"WATCHING", "● healthy", "◌ starting", "▶", "✓", "25 %", "25.2 %"})
        EXPECT_NE(plain.find(word), std::string::npos) << word;
}

TEST(CliView, json_keeps_its_form) {
    expect_golden("canary.json", view_json(canary()).dump(1) + "\n");
}

TEST(CliChanges, each_change_is_told_once_and_countdowns_are_none) {
    const View before = canary();
    View after = before;
    after.status.when = kNow + seconds(17);
    after.status.verdict.reason = "3 of 1300 requests failed (0.23 %), at most 1 % may";
    after.status.pools[1].share_observed = base::Permille{251};
    EXPECT_TRUE(changes_between(&before.status, after).empty());

    after.status.instances[3].state = engine::InstanceState::healthy;
    after.status.instances[3].reason = "";
    after.status.split = engine::Split{base::Permille{500}};
    after.status.pools[0].share_set = base::Permille{500};
    after.status.pools[1].share_set = base::Permille{500};
    after.status.steps[2].place = StepStatus::Place::passed;
    after.status.steps[3].place = StepStatus::Place::current;
    std::string lines;
    for (const Change& change : changes_between(&before.status, after))
        lines += change_line(change, "r2", Paint(false)) + '\n';
    EXPECT_EQ(lines,
              "12:45:09 r2 green-2 is healthy\n"
              "12:45:09 r2 shift-2 (4/5): because it is next\n"
              "12:45:09 r2 green (1.0.1) gets 50 % of new requests, before 25 %\n");
}

TEST(CliChanges, going_back_and_the_end_are_told_with_their_reason) {
    const View before = canary();
    View after = before;
    after.status.state = RunState::going_back;
    after.status.reason = "30 of 200 requests failed (15 %), at most 1 % may";
    after.status.verdict.word = judge::Word::fail;
    after.status.verdict.reason = after.status.reason;
    auto changes = changes_between(&before.status, after);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].text, "verdict fail: " + after.status.reason);
    EXPECT_EQ(changes[1].text, "going back: " + after.status.reason);

    View ended = after;
    ended.status.ending = engine::Ending::rolled_back;
    ended.status.sentence = "1.0.0 serves all users as before";
    changes = changes_between(&after.status, ended);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].kind, "ended");
    EXPECT_EQ(changes[0].text, "ROLLED BACK: 1.0.0 serves all users as before");
}

TEST(CliChanges, as_json_a_change_is_one_line) {
    const Change change{kNow, "weight", "green gets 5 %\n", Tone::plain};
    const std::string line = change_json(change, "r2");
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(base::json_from(line)->at("schema"), "crossfade.event/1");
}

TEST(CliHistory, reads_like_this) {
    release::Release one{.id = "r1",
                         .version = {1, 0, 0, "", ""},
                         .artifact = {},
                         .config = {},
                         .assets = {},
                         .artifact_source = {},
                         .assets_source = {},
                         .process = {}};
    release::Release two = one;
    two.id = "r2";
    two.version.patch = 1;
    std::vector<engine::PastRun> runs;
    runs.push_back({.id = "r2",
                    .release = two,
                    .before = one,
                    .strategy = release::StrategyKind::canary,
                    .is_rollback = false,
                    .plan = {},
                    .actor = "user ada",
                    .begun = kNow - minutes(2),
                    .ended = kNow - seconds(70),
                    .ending = engine::Ending::rolled_back,
                    .cause = engine::Cause::verdict,
                    .reason = "30 of 200 requests failed (15 %)",
                    .harm = 30});
    runs.push_back({.id = "r1",
                    .release = one,
                    .before = {},
                    .strategy = release::StrategyKind::blue_green,
                    .is_rollback = false,
                    .plan = {},
                    .actor = "jenkins chat/main #17",
                    .begun = kNow - minutes(60),
                    .ended = kNow - minutes(59),
                    .ending = engine::Ending::succeeded,
                    .cause = engine::Cause::none,
                    .reason = "",
                    .harm = 0});
    expect_golden("history.txt", history_text(runs, kNow, Paint(false), 0));
}

TEST(CliRefusal, is_text_for_people_and_one_document_for_programs) {
    const Refusal refusal{ExitCode::usage,
                          {{.code = "CF0113",
                            .what = "there is no field `verson`",
                            .why = {},
                            .fix = "did you mean `version`?",
                            .place = base::Place{"crossfade.yaml", 2, 1, "verson: 1.0.0", 6}}}};
    EXPECT_EQ(refusal_text(refusal, Paint(false)),
              "error[CF0113]: there is no field `verson`\n"
              " --> crossfade.yaml:2:1\n"
              "  |\n"
              "2 | verson: 1.0.0\n"
              "  | ^^^^^^\n"
              "  fix: did you mean `version`?\n");
    const auto json = base::json_from(refusal_json(refusal));
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["schema"], "crossfade.error/1");
    EXPECT_EQ((*json)["errors"][0]["place"]["line"], 2);
}

}  // namespace
}  // namespace cli
