#include "base/digest.h"
#include "base/json.h"
#include "report/telemetry.h"

#include <fmt/format.h>

namespace report {
namespace {

using base::Json;

constexpr std::string_view kSpecVersion = "0.5.1";

struct Draft {
    std::string_view noun;  ///< `pipelinerun.started`.
    std::string subject;
    base::Instant at;
    Json content;
};

Event event_of(const std::string& application, const std::string& run, Draft draft) {
    Event event{
        .type = fmt::format("dev.cdevents.{}.0.3.0", draft.noun), .json = {}, .headers = {}};
    const std::string id = base::sha256(fmt::format("{}/{}/{}/{}", application, run, draft.noun,
                                                    base::micros_of(draft.at)))
                               .hex()
                               .substr(0, 32);
    const std::string source = fmt::format("/crossfade/{}", application);
    const std::string at = base::to_text(draft.at);
    event.json =
        base::canonical({{"context",
                          {{"specversion", kSpecVersion},
                           {"id", id},
                           {"source", source},
                           {"type", event.type},
                           {"timestamp", at}}},
                         {"subject", {{"id", draft.subject}, {"content", draft.content}}}});
    event.headers = {"ce-specversion: 1.0",    "ce-id: " + id,   "ce-source: " + source,
                     "ce-type: " + event.type, "ce-time: " + at, "ce-subject: " + draft.subject};
    return event;
}

std::string uri_of(const std::string& application, const std::string& run) {
    return fmt::format("urn:crossfade:{}:{}", application, run);
}

// A package URL; what a version may hold beyond letters, digits, `.` and `-` is `+` alone.
std::string purl_of(const std::string& application, const release::Release& release) {
    std::string version = to_text(release.version);
    if (const auto plus = version.find('+'); plus != std::string::npos)
        version.replace(plus, 1, "%2B");
    return fmt::format("pkg:generic/{}@{}?checksum=sha256:{}", application, version,
                       release.artifact.hex());
}

std::string_view outcome_of(const engine::PastRun& run) {
    if (run.ending == engine::Ending::succeeded) return "success";
    if (run.ending == engine::Ending::stuck) return "error";
    const bool by_person = run.cause == engine::Cause::person || run.cause == engine::Cause::gate;
    return by_person ? "cancel" : "failure";
}

std::string_view deed_of(const engine::PastRun& run) {
    if (run.is_rollback) return "service.rolledback";
    return run.before ? "service.upgraded" : "service.deployed";
}

}  // namespace

Event begun_event(const Beginning& beginning) {
    return event_of(beginning.application, beginning.run,
                    {.noun = "pipelinerun.started",
                     .subject = beginning.run,
                     .at = beginning.at,
                     .content = {{"pipelineName", beginning.application},
                                 {"uri", uri_of(beginning.application, beginning.run)}}});
}

std::vector<Event> ended_events(const Finished& finished) {
    const engine::PastRun& run = finished.run;
    const std::string& application = finished.application;
    const base::Instant at = run.ended.value_or(run.begun);
    Json content{{"pipelineName", application},
                 {"uri", uri_of(application, run.id)},
                 {"outcome", outcome_of(run)}};
    if (!run.reason.empty()) content["errors"] = run.reason;
    std::vector<Event> events{event_of(
        application, run.id,
        {.noun = "pipelinerun.finished", .subject = run.id, .at = at, .content = content})};
    const Json environment{{"id", application}};
    if (run.ending == engine::Ending::succeeded) {
        events.push_back(
            event_of(application, run.id,
                     {.noun = deed_of(run),
                      .subject = application,
                      .at = at,
                      .content = {{"environment", environment},
                                  {"artifactId", purl_of(application, run.release)}}}));
    } else if (run.cause == engine::Cause::verdict || run.cause == engine::Cause::failure) {
        events.push_back(
            event_of(application, run.id,
                     {.noun = "incident.detected",
                      .subject = run.id,
                      .at = at,
                      .content = {{"description", run.reason},
                                  {"environment", environment},
                                  {"service", {{"id", application}}},
                                  {"artifactId", purl_of(application, run.release)}}}));
    }
    return events;
}

}  // namespace report
