#include "cli/story.h"

#include "base/json.h"
#include "engine/journal.h"
#include "engine/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>

namespace cli {
namespace {

std::string kind_of(release::Stage stage) {
    std::string kind(release::name_of(stage));
    std::transform(kind.begin(), kind.end(), kind.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return kind;
}

std::vector<engine::Record> records_of(const std::vector<engine::Record>& records,
                                       const std::string& run) {
    std::vector<engine::Record> own;
    std::copy_if(records.begin(), records.end(), std::back_inserter(own),
                 [&](const engine::Record& record) { return record.release == run; });
    return own;
}

std::optional<base::Instant> first_of(const std::vector<engine::Record>& records,
                                      engine::RecordKind kind) {
    for (const engine::Record& record : records) {
        if (record.kind == name_of(kind)) return record.at;
    }
    return std::nullopt;
}

// Up to which record the steps of a run are told: those after the turn are the way back.
void add_bands(const engine::PastRun& run, const std::vector<engine::Record>& own,
               std::vector<load::Band>& bands) {
    engine::Sight nothing;
    nothing.at = run.ended.value_or(run.begun);
    const auto status = engine::status_of(own, nothing, std::nullopt);
    if (!status) return;
    const auto turned = first_of(own, engine::RecordKind::turned);
    const base::Instant end = run.ended.value_or(own.back().at);
    const base::Instant forward_end = turned.value_or(end);
    for (const engine::StepStatus& step : status->steps) {
        if (!step.entered || *step.entered >= forward_end) continue;
        const base::Instant until = std::min(step.passed.value_or(forward_end), forward_end);
        const std::string kind = run.is_rollback ? "rollback" : kind_of(step.stage);
        if (!bands.empty() && bands.back().kind == kind && bands.back().until == *step.entered) {
            bands.back().until = until;
            continue;
        }
        bands.push_back(
            {*step.entered, until, fmt::format("{} {}", to_text(run.release.version), kind), kind});
    }
    if (turned) {
        bands.push_back(
            {*turned, end, fmt::format("{} rollback", to_text(run.release.version)), "rollback"});
    }
}

// When a person said so: the command's own start where the journal has it, else the record's.
base::Instant commanded_at(const engine::PastRun& run, const std::vector<engine::Record>& own) {
    for (const engine::Record& record : own) {
        const auto body = base::json_from(record.body);
        if (!body) continue;
        const auto at = base::member_or<std::int64_t>(*body, "commanded_micros", 0);
        if (at && *at > 0) return base::instant_of_micros(*at);
    }
    return run.begun;
}

load::ReleaseRow row_of(const engine::PastRun& run, const std::vector<engine::Record>& own,
                        const load::Outcome& outcome, base::Instant until) {
    load::ReleaseRow row{.id = run.id,
                         .version = to_text(run.release.version),
                         .strategy = std::string(release::name_of(run.strategy)),
                         .ending = run.ending ? std::string(name_of(*run.ending)) : "in progress",
                         .harm_requests = run.harm,
                         .harm_budget = {},
                         .rollback_ms = {},
                         .is_rollback = run.is_rollback,
                         .started = run.begun,
                         .ended = run.ended,
                         .reason = run.reason};
    if (run.ended) {
        row.seconds =
            std::chrono::duration_cast<std::chrono::duration<double>>(*run.ended - run.begun)
                .count();
    }
    engine::Sight nothing;
    nothing.at = run.begun;
    if (const auto status = engine::status_of(own, nothing, std::nullopt))
        row.harm_budget = status->harm_max;
    if (run.is_rollback && run.before) {
        row.rollback_ms =
            load::rollback_ms(outcome, to_text(run.before->version), commanded_at(run, own), until);
    }
    return row;
}

}  // namespace

void tell_releases(const std::vector<engine::Record>& records, const load::Outcome& outcome,
                   load::Story& story) {
    const auto releases = engine::releases_of(records);
    if (!releases) return;
    for (std::size_t i = 0; i < releases->runs.size(); ++i) {
        const engine::PastRun& run = releases->runs[i];
        const bool before = run.ended && *run.ended < outcome.started;
        if (before || run.begun > outcome.ended) continue;
        const std::vector<engine::Record> own = records_of(records, run.id);
        if (own.empty()) continue;
        // The version that was left may come back later, with a release of its own.
        const base::Instant until =
            i + 1 < releases->runs.size() ? releases->runs[i + 1].begun : outcome.ended;
        add_bands(run, own, story.bands);
        story.releases.push_back(row_of(run, own, outcome, until));
    }
}

}  // namespace cli
