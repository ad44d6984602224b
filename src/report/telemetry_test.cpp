#include "report/telemetry.h"

#include "base/json.h"

#include <gtest/gtest.h>

namespace report {
namespace {

constexpr std::string_view kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Finished finished(engine::Ending ending, engine::Cause cause = engine::Cause::none) {
    Finished out;
    out.application = "chat";
    out.run.id = "r2";
    out.run.release.version = release::version_from("1.0.1+build.7").value_or(release::Version{});
    out.run.before = release::Release{};
    out.run.begun = base::instant_of_micros(1'700'000'000'000'000);
    out.run.ended = base::instant_of_micros(1'700'000'010'000'000);
    out.run.ending = ending;
    out.run.cause = cause;
    out.run.reason = ending == engine::Ending::succeeded ? "" : "5 of 9 requests failed";
    out.span.id = "r2";
    out.span.begun = out.run.begun;
    out.span.steps = {{.id = "shift-1",
                       .stage = "SHIFT",
                       .back = false,
                       .begun = base::instant_of_micros(1'700'000'001'000'000),
                       .ended = {}}};
    return out;
}

base::Json spans_in(const std::string& body) {
    const auto json = base::json_from(body);
    EXPECT_TRUE(json);
    return (*json)["resourceSpans"][0]["scopeSpans"][0]["spans"];
}

// The examples and refusals of W3C Trace Context, §3.2.
TEST(TraceParents, are_read_as_w3c_has_them) {
    const auto parent = trace_parent_from(kParent);
    ASSERT_TRUE(parent);
    EXPECT_EQ(parent->trace, "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(parent->span, "00f067aa0ba902b7");
    EXPECT_TRUE(trace_parent_from("cc" + std::string(kParent.substr(2)) + "-what-comes-later"));
    for (const std::string_view wrong :
         {"", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz"})
        EXPECT_FALSE(trace_parent_from(wrong)) << wrong;
}

TEST(Traces, join_the_trace_that_they_were_begun_in) {
    const auto spans =
        spans_in(otlp_of(finished(engine::Ending::succeeded), trace_parent_from(kParent)));
    ASSERT_EQ(spans.size(), 2U);
    EXPECT_EQ(spans[0]["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(spans[0]["parentSpanId"], "00f067aa0ba902b7");
    EXPECT_EQ(spans[1]["parentSpanId"], spans[0]["spanId"]);
    EXPECT_EQ(spans[0]["startTimeUnixNano"], "1700000000000000000");
    // What had not ended by then ends with the run.
    EXPECT_EQ(spans[1]["endTimeUnixNano"], spans[0]["endTimeUnixNano"]);
    EXPECT_EQ(spans[0]["status"]["code"], 1);
}

TEST(Traces, told_twice_are_the_same_and_of_two_runs_are_not) {
    Finished run = finished(engine::Ending::rolled_back, engine::Cause::verdict);
    const std::string once = otlp_of(run, {});
    EXPECT_EQ(once, otlp_of(run, {}));
    EXPECT_EQ(spans_in(once)[0]["status"]["message"], "5 of 9 requests failed");
    const auto before = spans_in(once)[0]["traceId"];
    run.run.id = "r3";
    EXPECT_NE(spans_in(otlp_of(run, {}))[0]["traceId"], before);
}

TEST(Events, say_what_became_of_the_service) {
    const auto types = [](const Finished& run) {
        std::string out;
        for (const Event& each : ended_events(run)) out += each.type.substr(13) + ' ';
        return out;
    };
    Finished run = finished(engine::Ending::succeeded);
    EXPECT_EQ(types(run), "pipelinerun.finished.0.3.0 service.upgraded.0.3.0 ");
    EXPECT_NE(ended_events(run)[1].json.find("pkg:generic/chat@1.0.1%2Bbuild.7?"),
              std::string::npos);
    run.run.is_rollback = true;
    EXPECT_EQ(types(run), "pipelinerun.finished.0.3.0 service.rolledback.0.3.0 ");
    run.run.is_rollback = false;
    run.run.before.reset();
    EXPECT_EQ(types(run), "pipelinerun.finished.0.3.0 service.deployed.0.3.0 ");
    EXPECT_EQ(types(finished(engine::Ending::rolled_back, engine::Cause::verdict)),
              "pipelinerun.finished.0.3.0 incident.detected.0.3.0 ");
    EXPECT_EQ(types(finished(engine::Ending::rolled_back, engine::Cause::person)),
              "pipelinerun.finished.0.3.0 ");
}

}  // namespace
}  // namespace report
