#include "report/metrics.h"
#include "report/spans.h"

#include "base/log.h"
#include "engine/sim/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const sim::Scenario& each : sim::every_scenario()) out.push_back(each.name);
    return out;
}

class MetricsOf : public testing::TestWithParam<std::string> {
protected:
    MetricsOf() : play_(sim::scenario_named(GetParam()), 1) {
        base::log::only_errors();
        play_.perform();
    }

    const std::vector<engine::Record>& records() { return play_.place().disk.records; }
    base::Instant now() { return records().back().at; }

    std::string text() {
        engine::Sight nothing;
        nothing.at = now();
        const auto status = engine::status_of(records(), nothing, std::nullopt);
        EXPECT_TRUE(status);
        const std::optional<judge::PoolCounts> none;
        return metrics_of({.status = status.value_or(engine::Status{}),
                           .records = records(),
                           .counts = none,
                           .serving = "1.0.0",
                           .now = now()})
            .value_or("");
    }

    sim::Play play_;
};

// A line is a comment or a sample, each family stands once, and all of it in one place.
TEST_P(MetricsOf, every_kind_of_release_are_families_of_samples) {
    const std::regex head(R"(# (HELP|TYPE) (crossfade_[a-z_]+) .+)");
    const std::regex sample(R"re((crossfade_[a-z_]+)\{([a-z_]+="[^"]*",?)+\} [0-9.e+-]+)re");
    std::istringstream lines(text());
    std::string line;
    std::string family;
    std::set<std::string> heads;
    while (std::getline(lines, line)) {
        std::smatch match;
        if (std::regex_match(line, match, head)) {
            EXPECT_TRUE(heads.insert(match[1].str() + match[2].str()).second) << line;
            family = match[2].str();
        } else {
            ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
            EXPECT_TRUE(match[1].str().starts_with(family)) << line;
        }
    }
    EXPECT_GT(heads.size(), 40U);
}

// P8: no traffic measured is not the same as none.
TEST_P(MetricsOf, every_kind_of_release_leave_out_what_could_not_be_read) {
    EXPECT_THAT(text(), Not(HasSubstr("crossfade_requests_total")));
}

TEST_P(MetricsOf, every_kind_of_release_count_it_once_it_has_ended) {
    const auto releases = engine::releases_of(records());
    ASSERT_TRUE(releases);
    const engine::PastRun& run = releases->runs.back();
    ASSERT_TRUE(run.ending);
    EXPECT_THAT(text(), HasSubstr(std::string("ending=\"") + std::string(name_of(*run.ending))));
}

TEST_P(MetricsOf, time_spent_is_whole_and_steps_lie_within_their_run) {
    const auto runs = spans_of(records(), now());
    ASSERT_TRUE(runs);
    ASSERT_FALSE(runs->empty());
    for (const RunSpan& run : *runs) {
        EXPECT_EQ(run.active(now()) + run.waited, run.length(now()));
        EXPECT_GE(run.waited.count(), 0);
        for (const StepSpan& step : run.steps) {
            EXPECT_GE(step.begun, run.begun);
            if (step.ended) {
                EXPECT_GE(*step.ended, step.begun);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(scenarios, MetricsOf, testing::ValuesIn(names()),
                         [](const auto& each) { return std::string(each.param); });

// One run by hand: 10 s of work, 60 s at a gate, 30 s paused, 20 s with nobody.
TEST(Spans, a_gate_a_pause_and_a_lost_driver_are_waiting) {
    std::vector<engine::Record> records;
    const auto add = [&](int at_s, engine::RecordKind kind, const std::string& body) {
        const auto last =
            records.empty() ? std::nullopt : std::optional<engine::Record>(records.back());
        records.push_back(engine::record_after(
            last, {.kind = kind,
                   .release = "r1",
                   .actor = "user ada",
                   .at = base::instant_of_micros(std::int64_t{1'000'000} * at_s),
                   .body = body}));
    };
    using engine::RecordKind;
    add(0, RecordKind::begun,
        R"({"plan":{"strategy":"canary","steps":[{"id":"ask","action":{"kind":"gate"}}]}})");
    add(5, RecordKind::entered, R"({"step":"ask","stage":"SHIFT"})");
    add(65, RecordKind::passed, R"({"step":"ask"})");
    add(65, RecordKind::request, R"({"verb":"pause"})");
    add(95, RecordKind::request, R"({"verb":"resume"})");
    add(95, RecordKind::interrupted, "{}");
    add(115, RecordKind::resumed, "{}");
    add(120, RecordKind::ended, R"({"ending":"succeeded"})");
    const auto runs = spans_of(records, records.back().at);
    ASSERT_TRUE(runs);
    ASSERT_EQ(runs->size(), 1U);
    EXPECT_EQ(runs->front().waited, std::chrono::seconds(110));
    EXPECT_EQ(runs->front().active(records.back().at), std::chrono::seconds(10));
    EXPECT_EQ(runs->front().ending, engine::Ending::succeeded);
}

}  // namespace
}  // namespace report
