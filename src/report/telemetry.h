#pragma once
// A release that has ended, for systems that follow many tools: an OpenTelemetry trace and
// CDEvents. Pure; ids follow from the run, so that who is told twice knows.

#include "engine/history.h"
#include "report/spans.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace report {

/// A place in a trace, by W3C Trace Context.
struct TraceParent {
    std::string trace;  ///< 32 lower-case hexadecimal digits, not all 0.
    std::string span;   ///< 16 of them.
};

/// `00-<trace>-<span>-<flags>`, of any later version too; none where it is no such thing.
std::optional<TraceParent> trace_parent_from(std::string_view text);

/// A run with its times, as all that follows takes it.
struct Finished {
    std::string application;
    engine::PastRun run;
    RunSpan span;
};

/// The body of OTLP/HTTP's /v1/traces in protobuf's JSON mapping, ids in hex as OTLP has them: a
/// SERVER span for the run by the CI/CD conventions, an INTERNAL one for each step. Without a
/// parent it is a trace of its own.
std::string otlp_of(const Finished& finished, const std::optional<TraceParent>& parent);

/// An event by CDEvents 0.5.1, with what its CloudEvents binding says in header fields.
struct Event {
    std::string type;
    std::string json;
    std::vector<std::string> headers;  ///< `ce-id: …` and its kin: binary mode.
};

/// What a run begins with.
struct Beginning {
    std::string application;
    std::string run;
    base::Instant at;
};
Event begun_event(const Beginning& beginning);

/// pipelinerun.finished; then what became of the service: deployed, upgraded or rolledback where
/// the release serves, incident.detected where it was taken back for what it did.
std::vector<Event> ended_events(const Finished& finished);

}  // namespace report
