#include "load/report.h"

#include "base/json.h"
#include "load/figures.h"

#include <cmath>

namespace load {
namespace {

using base::Json;

/// Microseconds are as fine as anything here was measured.
double rounded(double number) {
    return std::round(number * 1000) / 1000;
}

Json json_of(const Latency& latency) {
    return {{"count", latency.count},
            {"avg_ms", rounded(latency.avg_ms)},
            {"p50_ms", rounded(latency.p50_ms)},
            {"p90_ms", rounded(latency.p90_ms)},
            {"p95_ms", rounded(latency.p95_ms)},
            {"p99_ms", rounded(latency.p99_ms)},
            {"p999_ms", rounded(latency.p999_ms)},
            {"max_ms", rounded(latency.max_ms)}};
}

Json json_of(const HttpOutcome& http) {
    Json json = json_of(http.latency);
    json.erase("count");
    json.update({{"requests", http.requests},
                 {"succeeded", http.succeeded},
                 {"failed", http.failed},
                 {"refused", http.refused},
                 {"reset", http.reset},
                 {"timed_out", http.timed_out},
                 {"edge_answers", http.edge_answers},
                 {"mangled", http.mangled},
                 {"harmed", http.harmed},
                 {"rejected", http.rejected},
                 {"measured", http.latency.count},
                 {"service", json_of(http.service)}});
    return json;
}

Json json_of(const SocketOutcome& sockets) {
    return {{"opened", sockets.opened},
            {"moved_planned", sockets.moved_planned},
            {"dropped_unplanned", sockets.dropped_unplanned},
            {"closed_by_client", sockets.closed_by_client},
            {"refused", sockets.refused},
            {"never_back", sockets.never_back},
            {"sequence_breaks", sockets.sequence_breaks},
            {"resumed_lossless", sockets.resumed_lossless},
            {"resumed_fresh", sockets.resumed_fresh},
            {"largest_gap_ms", rounded(sockets.largest_gap_ms)},
            {"largest_planned_gap_ms", rounded(sockets.largest_planned_gap_ms)},
            {"gaps", json_of(sockets.gaps)},
            {"closes", sockets.closes}};
}

Json json_of(const MessageOutcome& messages) {
    return {{"posted", messages.posted},
            {"retried", messages.retried},
            {"unanswered", messages.unanswered},
            {"not_started", messages.not_started},
            {"expected", messages.expected},
            {"delivered", messages.delivered},
            {"live", messages.live},
            {"recovered", messages.recovered},
            {"late", messages.late},
            {"lost", messages.lost},
            {"vanished", messages.vanished},
            {"never_pushed", messages.never_pushed},
            {"duplicated", messages.duplicated},
            {"stored_twice", messages.stored_twice},
            {"out_of_order", messages.out_of_order},
            {"strangers", messages.strangers},
            {"late_after_ms", rounded(messages.late_after_ms)},
            {"delivery", json_of(messages.delivery)},
            {"delivery_all", json_of(messages.delivery_all)}};
}

Json json_of(const UploadOutcome& uploads) {
    return {{"files", uploads.files},
            {"bytes", uploads.bytes},
            {"failed", uploads.failed},
            {"unfinished", uploads.unfinished},
            {"largest_bytes", uploads.largest_bytes},
            {"compared", uploads.compared},
            {"different", uploads.different},
            {"avg_ms", rounded(uploads.avg_ms)},
            {"megabytes_a_second", rounded(uploads.megabytes_a_second)}};
}

Json json_of(const DowntimeOutcome& downtime) {
    Json probes = Json::array();
    for (const ProbeOutcome& probe : downtime.probes)
        probes.push_back({{"name", probe.name},
                          {"attempts", probe.attempts},
                          {"failed", probe.failed},
                          {"harmed", probe.harmed},
                          {"downtime_ms", rounded(probe.downtime_ms)},
                          {"longest_gap_ms", rounded(probe.longest_gap_ms)},
                          {"latency", json_of(probe.latency)}});
    return {{"ms", rounded(downtime.ms)},
            {"resolution_ms", rounded(downtime.resolution_ms)},
            {"longest_gap_ms", rounded(downtime.longest_gap_ms)},
            {"unobserved_ms", rounded(downtime.unobserved_ms)},
            {"probes", probes}};
}

Json json_of(const AssetOutcome& assets) {
    return {{"requests", assets.requests},
            {"failed", assets.failed},
            {"ttfb", json_of(assets.ttfb)},
            {"caches", assets.caches}};
}

Json json_of(const SelfCheck& self) {
    return {{"void", self.is_void},
            {"reasons", self.reasons},
            {"schedule_lag", json_of(self.schedule_lag)},
            {"loop_lag", json_of(self.loop_lag)},
            {"cpu_percent", rounded(self.cpu_percent)},
            {"could_not_start", self.could_not_start},
            {"local_errors", self.local_errors}};
}

Json json_of(const Second& second) {
    Json versions = Json::object();
    for (const auto& [name, version] : second.versions)
        versions[name] = {{"answers", version.answers},
                          {"harmed", version.harmed},
                          {"sockets", version.sockets},
                          {"last_micros", version.last_micros}};
    Json json{{"requests", second.requests},
              {"failed", second.failed},
              {"harmed", second.harmed},
              {"p50_ms", rounded(second.p50_ms)},
              {"p99_ms", rounded(second.p99_ms)},
              {"delivery_p50_ms", rounded(second.delivery_p50_ms)},
              {"delivery_p99_ms", rounded(second.delivery_p99_ms)},
              {"posted", second.posted},
              {"delivered", second.delivered},
              {"sockets_open", second.sockets_open},
              {"sockets_closed", second.sockets_closed},
              {"upload_bytes", second.upload_bytes},
              {"lag_ms", rounded(second.lag_ms)},
              {"generator_cpu_percent", rounded(second.generator_cpu)},
              {"versions", versions}};
    json["database_cpu_percent"] =
        second.database_cpu < 0 ? Json() : Json(rounded(second.database_cpu));
    return json;
}

Json json_of(const ReleaseRow& release) {
    Json json{{"id", release.id},
              {"version", release.version},
              {"strategy", release.strategy},
              {"ending", release.ending},
              {"seconds", rounded(release.seconds)},
              {"harm_requests", release.harm_requests},
              {"is_rollback", release.is_rollback},
              {"reason", release.reason}};
    json["harm_budget"] = release.harm_budget ? Json(*release.harm_budget) : Json();
    json["rollback_ms"] = release.rollback_ms ? Json(rounded(*release.rollback_ms)) : Json();
    json["started"] = release.started ? Json(base::to_text(*release.started)) : Json();
    json["ended"] = release.ended ? Json(base::to_text(*release.ended)) : Json();
    return json;
}

Json harm_of(const Outcome& outcome, const Story& story) {
    Json harm = Json::object();
    for (const VersionOutcome& version : outcome.versions) harm[version.version] = version.harmed;
    harm["requests"] = harm_requests(outcome);
    const auto budget = harm_budget(story);
    harm["budget"] = budget ? Json(*budget) : Json();
    return harm;
}

void add_lists(Json& json, const Outcome& outcome, const Story& story) {
    for (const char* name :
         {"endpoints", "versions", "series", "releases", "bands", "required", "compared"})
        json[name] = Json::array();
    for (const EndpointOutcome& endpoint : outcome.endpoints)
        json["endpoints"].push_back({{"name", endpoint.name},
                                     {"requests", endpoint.requests},
                                     {"failed", endpoint.failed},
                                     {"harmed", endpoint.harmed},
                                     {"latency", json_of(endpoint.latency)}});
    for (const VersionOutcome& version : outcome.versions)
        json["versions"].push_back({{"version", version.version},
                                    {"answers", version.answers},
                                    {"harmed", version.harmed},
                                    {"rejected", version.rejected},
                                    {"first_seen_micros", version.first_seen_micros},
                                    {"last_seen_micros", version.last_seen_micros},
                                    {"latency", json_of(version.latency)}});
    for (const Second& second : outcome.seconds) json["series"].push_back(json_of(second));
    for (const ReleaseRow& release : story.releases) json["releases"].push_back(json_of(release));
    for (const Band& band : story.bands)
        json["bands"].push_back({{"from", base::to_text(band.from)},
                                 {"until", base::to_text(band.until)},
                                 {"label", band.label},
                                 {"kind", band.kind}});
    for (const Checked& checked : story.checked)
        json["required"].push_back({{"requirement", checked.requirement.text},
                                    {"met", checked.met},
                                    {"why", checked.why}});
    for (const Compared& row : compared(outcome, story))
        json["compared"].push_back(
            {{"name", row.name}, {"theirs", row.theirs}, {"ours", row.ours}, {"note", row.note}});
}

}  // namespace

std::string render_json(const Outcome& outcome, const Story& story) {
    Json json{{"schema", "crossfade.load/" + std::to_string(Outcome::kSchema)},
              {"title", story.title},
              {"command", story.command},
              {"machine", story.machine},
              {"run", outcome.run},
              {"target", outcome.target},
              {"profile", outcome.profile},
              {"users", outcome.users},
              {"started", base::to_text(outcome.started)},
              {"ended", base::to_text(outcome.ended)},
              {"seconds_long", rounded(seconds_long(outcome))},
              {"stopped_early", outcome.stopped_early},
              {"verdict", verdict(outcome, story).sentence},
              {"http", json_of(outcome.http)},
              {"websocket", json_of(outcome.websocket)},
              {"messages", json_of(outcome.messages)},
              {"uploads", json_of(outcome.uploads)},
              {"downtime_ms", rounded(outcome.downtime.ms)},
              {"downtime", json_of(outcome.downtime)},
              {"assets", json_of(outcome.assets)},
              {"harm", harm_of(outcome, story)},
              {"self", json_of(outcome.self)},
              {"database",
               {{"sampled", outcome.database.sampled},
                {"cpu_avg_percent", rounded(outcome.database.cpu_avg_percent)},
                {"cpu_max_percent", rounded(outcome.database.cpu_max_percent)}}}};
    const auto rollback = rollback_ms(story);
    const auto uptime = uptime_percent(outcome);
    json["rollback_ms"] = rollback ? Json(rounded(*rollback)) : Json();
    json["uptime_percent"] = uptime ? Json(std::round(*uptime * 1e6) / 1e6) : Json();
    add_lists(json, outcome, story);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace load
