#include "load/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace load {
namespace {

struct Seeds {
    static constexpr double kLatencyMs = 124;
    static constexpr double kDropPercent = 0.4;
    static constexpr double kRollbackMs = 12'000;
    static constexpr double kDatabasePercent = 55;
    static constexpr double kTtfbMs = 60;
    static constexpr double kUptimePercent = 99.996;
};

std::string not_measured() {
    return "not measured";
}

Compared latency_row(const Outcome& outcome) {
    const bool any = outcome.http.latency.count > 0;
    return {.name = "Average API latency",
            .theirs = "124 ms",
            .ours = any ? span_text(outcome.http.latency.avg_ms) : not_measured(),
            .note = fmt::format("p99 {}, from the intended start",
                                span_text(outcome.http.latency.p99_ms)),
            .better = any ? std::optional(outcome.http.latency.avg_ms < Seeds::kLatencyMs)
                          : std::nullopt};
}

Compared drops_row(const Outcome& outcome) {
    const SocketOutcome& sockets = outcome.websocket;
    return {.name = "WebSocket drops",
            .theirs = "0.4 %",
            .ours = fmt::format("{:.3g} %", drop_percent(outcome)),
            .note = fmt::format("{} dropped, {} moved as planned (longest gap {}), of {} opened",
                                grouped(sockets.dropped_unplanned), grouped(sockets.moved_planned),
                                span_text(sockets.largest_planned_gap_ms), grouped(sockets.opened)),
            .better = drop_percent(outcome) < Seeds::kDropPercent};
}

Compared downtime_row(const Outcome& outcome) {
    const DowntimeOutcome& downtime = outcome.downtime;
    const bool probed = uptime_percent(outcome).has_value();
    return {
        .name = "Deployment downtime",
        .theirs = "0 s",
        .ours = probed ? span_text(downtime.ms) : not_measured(),
        .note = fmt::format("resolution {}, longest gap between successes {}",
                            span_text(downtime.resolution_ms), span_text(downtime.longest_gap_ms)),
        .better = probed ? std::optional(downtime.ms <= 0) : std::nullopt};
}

Compared rollback_row(const Story& story) {
    const auto longest = rollback_ms(story);
    return {.name = "Rollback",
            .theirs = "12 s",
            .ours = longest ? span_text(*longest) : "none made",
            .note = "command to the last answer of the release that was left",
            .better = longest ? std::optional(*longest < Seeds::kRollbackMs) : std::nullopt};
}

Compared database_row(const Outcome& outcome) {
    const Database& database = outcome.database;
    return {.name = "Database CPU",
            .theirs = "48–55 %",
            .ours = database.sampled ? fmt::format("{:.0f} %", database.cpu_avg_percent)
                                     : not_measured(),
            .note = database.sampled ? fmt::format("of one core; most in a second {:.0f} %",
                                                   database.cpu_max_percent)
                                     : "name it with --database-pids or --database-process",
            .better = database.sampled
                          ? std::optional(database.cpu_avg_percent <= Seeds::kDatabasePercent)
                          : std::nullopt};
}

Compared canary_row(const Outcome& outcome, const Story& story) {
    const auto canary = [](const ReleaseRow& row) {
        return row.strategy == "canary" && !row.is_rollback;
    };
    const auto bad = [&](const ReleaseRow& row) { return canary(row) && !went_well(row); };
    const auto begun = std::count_if(story.releases.begin(), story.releases.end(), canary);
    const auto taken_back = std::count_if(story.releases.begin(), story.releases.end(), bad);
    const std::uint64_t harm = harm_requests(outcome);
    const double share =
        outcome.http.requests == 0
            ? 0
            : 100.0 * static_cast<double>(harm) / static_cast<double>(outcome.http.requests);
    const auto budget = harm_budget(story);
    return {
        .name = "Canary failure rate",
        .theirs = "3 %",
        .ours = begun == 0 ? "no canary" : fmt::format("{} of {}", taken_back, begun),
        .note = fmt::format("canaries taken back; they harmed {} requests ({:.3g} %){}",
                            grouped(harm), share, budget ? ", budget " + grouped(*budget) : "")};
}

Compared ttfb_row(const Outcome& outcome) {
    const Latency& ttfb = outcome.assets.ttfb;
    return {.name = "Asset time to first byte",
            .theirs = "45–60 ms",
            .ours = ttfb.count > 0
                        ? fmt::format("{} – {}", span_text(ttfb.p50_ms), span_text(ttfb.p95_ms))
                        : not_measured(),
            .note = fmt::format("p50 to p95 of {} on warm connections, no network between",
                                grouped(ttfb.count)),
            .better = ttfb.count > 0 ? std::optional(ttfb.p95_ms < Seeds::kTtfbMs) : std::nullopt};
}

Compared uptime_row(const Outcome& outcome) {
    const auto uptime = uptime_percent(outcome);
    return {.name = "Uptime",
            .theirs = "99.996 %",
            .ours = uptime ? fmt::format("{:.5g} %", *uptime) : not_measured(),
            .note = fmt::format("of {:.0f} s, releases and all", seconds_long(outcome)),
            .better = uptime ? std::optional(*uptime > Seeds::kUptimePercent) : std::nullopt};
}

}  // namespace

std::vector<Compared> compared(const Outcome& outcome, const Story& story) {
    return {latency_row(outcome), drops_row(outcome),    downtime_row(outcome),
            rollback_row(story),  database_row(outcome), canary_row(outcome, story),
            ttfb_row(outcome),    uptime_row(outcome)};
}

std::uint64_t harm_requests(const Outcome& outcome) {
    return outcome.http.harmed;
}

std::optional<std::uint64_t> harm_budget(const Story& story) {
    std::optional<std::uint64_t> sum;
    for (const ReleaseRow& release : story.releases)
        if (release.harm_budget && release.harm_requests > 0)
            sum = sum.value_or(0) + *release.harm_budget;
    if (sum) return sum;
    for (const ReleaseRow& release : story.releases)
        if (release.harm_budget) sum = std::max(sum.value_or(0), *release.harm_budget);
    return sum;
}

std::optional<double> rollback_ms(const Story& story) {
    std::optional<double> longest;
    for (const ReleaseRow& release : story.releases)
        if (release.rollback_ms) longest = std::max(longest.value_or(0), *release.rollback_ms);
    return longest;
}

double seconds_long(const Outcome& outcome) {
    return std::chrono::duration<double>(outcome.ended - outcome.started).count();
}

std::optional<double> uptime_percent(const Outcome& outcome) {
    const bool probed = std::any_of(outcome.downtime.probes.begin(), outcome.downtime.probes.end(),
                                    [](const ProbeOutcome& probe) { return probe.attempts > 0; });
    const double long_ms = seconds_long(outcome) * 1000;
    if (!probed || long_ms <= 0) return std::nullopt;
    return 100.0 * (1.0 - std::min(1.0, outcome.downtime.ms / long_ms));
}

double drop_percent(const Outcome& outcome) {
    if (outcome.users == 0) return 0;
    return 100.0 * static_cast<double>(outcome.websocket.dropped_unplanned) / outcome.users;
}

bool went_well(const ReleaseRow& release) {
    return release.ending == "succeeded" || release.ending == "done";
}

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string span_text(double ms) {
    if (ms <= 0) return "0 ms";
    if (ms < 0.95) return fmt::format("{:.2g} ms", ms);
    if (ms < 99.95) return fmt::format("{:.1f} ms", ms);
    if (ms < 999.5) return fmt::format("{:.0f} ms", ms);
    if (ms < 99'950) return fmt::format("{:.1f} s", ms / 1000);
    return fmt::format("{:.0f} s", ms / 1000);
}

std::string size_text(std::uint64_t bytes) {
    const auto number = static_cast<double>(bytes);
    if (bytes < 1000) return fmt::format("{} B", bytes);
    if (bytes < 1'000'000) return fmt::format("{:.0f} kB", number / 1e3);
    if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", number / 1e6);
    return fmt::format("{:.2f} GB", number / 1e9);
}

Verdict verdict(const Outcome& outcome, const Story& story) {
    if (outcome.self.is_void)
        return {Mood::bad, "This run is void: the generator itself was the bottleneck."};
    std::vector<std::string> noticed;
    const auto note = [&](std::uint64_t count, std::string_view one, std::string_view many) {
        if (count > 0)
            noticed.push_back(grouped(count) + " " + std::string(count == 1 ? one : many));
    };
    note(outcome.http.failed, "request failed", "requests failed");
    note(outcome.http.rejected, "request was refused", "requests were refused");
    note(outcome.websocket.dropped_unplanned, "socket was dropped", "sockets were dropped");
    note(outcome.messages.lost, "message did not arrive", "messages did not arrive");
    note(outcome.messages.duplicated, "message came twice", "messages came twice");
    note(outcome.uploads.failed, "file transfer failed", "file transfers failed");
    if (outcome.downtime.ms > 0) noticed.push_back(span_text(outcome.downtime.ms) + " of downtime");
    const auto budget = harm_budget(story);
    const std::uint64_t harm = harm_requests(outcome);
    if (noticed.empty() && harm > 0 && budget && harm <= *budget)
        return {Mood::fair,
                fmt::format("Nobody noticed, but for {} {} that a bad release answered "
                            "with an error; its budget was {}.",
                            grouped(harm), harm == 1 ? "request" : "requests", grouped(*budget))};
    note(harm, "request got an error from a release", "requests got an error from a release");
    if (noticed.empty()) return {Mood::good, "Nobody noticed."};
    return {Mood::bad, fmt::format("Users noticed: {}.", fmt::join(noticed, ", "))};
}

}  // namespace load
