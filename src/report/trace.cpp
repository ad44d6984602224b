#include "base/digest.h"
#include "base/json.h"
#include "report/telemetry.h"

#include <fmt/format.h>

#include <algorithm>

namespace report {
namespace {

using base::Json;

constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;

enum class SpanKind { internal = 1, server = 2 };  // opentelemetry.proto.trace.v1.Span.SpanKind
enum class StatusCode { ok = 1, error = 2 };       // … .Status.StatusCode

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// Times of a journal are exact to the microsecond; 64 bits are text in the JSON mapping.
std::string nanoseconds(base::Instant at) {
    return fmt::format("{}000", base::micros_of(at));
}

Json attribute(std::string_view key, std::string value) {
    return {{"key", key}, {"value", {{"stringValue", std::move(value)}}}};
}

std::string span_id(const std::string& trace, const std::string& name) {
    return base::sha256(trace + '/' + name).hex().substr(0, kSpanDigits);
}

// The values of `cicd.pipeline.result` in OpenTelemetry's semantic conventions.
std::string_view result_of(const engine::PastRun& run) {
    if (!run.ending) return "error";
    switch (*run.ending) {
        case engine::Ending::succeeded:
            return "success";
        case engine::Ending::rolled_back:
            return run.cause == engine::Cause::person ? "cancellation" : "failure";
        case engine::Ending::timed_out:
            return "timeout";
        case engine::Ending::refused:
            return "skip";
        case engine::Ending::stuck:
        case engine::Ending::interrupted:
        case engine::Ending::displaced:
            return "error";
    }
    return "error";
}

Json status_of(const engine::PastRun& run) {
    if (run.ending == engine::Ending::succeeded)
        return {{"code", static_cast<int>(StatusCode::ok)}};
    return {{"code", static_cast<int>(StatusCode::error)}, {"message", run.reason}};
}

Json root_span(const Finished& finished, const std::string& trace,
               const std::optional<TraceParent>& parent, base::Instant until) {
    const engine::PastRun& run = finished.run;
    Json span{
        {"traceId", trace},
        {"spanId", span_id(trace, run.id)},
        {"name", fmt::format("RUN {}", finished.application)},
        {"kind", static_cast<int>(SpanKind::server)},
        {"startTimeUnixNano", nanoseconds(run.begun)},
        {"endTimeUnixNano", nanoseconds(until)},
        {"status", status_of(run)},
        {"attributes",
         Json::array({attribute("cicd.pipeline.action.name", "RUN"),
                      attribute("cicd.pipeline.name", finished.application),
                      attribute("cicd.pipeline.run.id", run.id),
                      attribute("cicd.pipeline.result", std::string(result_of(run))),
                      attribute("crossfade.version", to_text(run.release.version)),
                      attribute("crossfade.strategy", std::string(release::name_of(run.strategy))),
                      attribute("crossfade.order", run.order),
                      attribute("crossfade.plan", run.plan.hex())})}};
    if (parent) span["parentSpanId"] = parent->span;
    return span;
}

Json step_span(const StepSpan& step, const std::string& trace, const std::string& root,
               base::Instant until) {
    const std::string direction = step.back ? "back" : "forward";
    return {
        {"traceId", trace},
        {"spanId", span_id(trace, root + '/' + direction + '/' + step.id)},
        {"parentSpanId", span_id(trace, root)},
        {"name", step.id},
        {"kind", static_cast<int>(SpanKind::internal)},
        {"startTimeUnixNano", nanoseconds(step.begun)},
        {"endTimeUnixNano", nanoseconds(step.ended.value_or(until))},
        {"attributes",
         Json::array({attribute("cicd.pipeline.task.name", step.id),
                      attribute("cicd.pipeline.task.run.id", fmt::format("{}/{}", root, step.id)),
                      attribute("crossfade.stage", step.stage),
                      attribute("crossfade.direction", direction)})}};
}

}  // namespace

std::optional<TraceParent> trace_parent_from(std::string_view text) {
    // 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01; later versions may add more.
    constexpr std::size_t kLength = 55;
    const bool is_long = text.size() > kLength;
    if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
    const std::string_view version = text.substr(0, 2);
    if (!is_hex(version) || version == "ff" || (is_long && (version == "00" || text[55] != '-')))
        return {};
    TraceParent parent{std::string(text.substr(3, kTraceDigits)),
                       std::string(text.substr(36, kSpanDigits))};
    if (!is_id(parent.trace) || !is_id(parent.span) || !is_hex(text.substr(53, 2))) return {};
    return parent;
}

std::string otlp_of(const Finished& finished, const std::optional<TraceParent>& parent) {
    const engine::PastRun& run = finished.run;
    const std::string trace = parent ? parent->trace
                                     : base::sha256(fmt::format("{}/{}/{}", finished.application,
                                                                run.id, base::micros_of(run.begun)))
                                           .hex()
                                           .substr(0, kTraceDigits);
    const base::Instant until = run.ended.value_or(run.begun);
    Json spans = Json::array({root_span(finished, trace, parent, until)});
    for (const StepSpan& step : finished.span.steps) {
        // What comes after the end (the old instances leave) is not what anybody waited for.
        if (step.begun < until) spans.push_back(step_span(step, trace, run.id, until));
    }
    const Json resource = {
        {"attributes", Json::array({attribute("service.name", "crossfade"),
                                    attribute("service.instance.id", finished.application)})}};
    return base::canonical(
        {{"resourceSpans",
          Json::array({{{"resource", resource},
                        {"scopeSpans", Json::array({{{"scope", {{"name", "crossfade"}}},
                                                     {"spans", spans}}})}}})}});
}

}  // namespace report
