#include "cli/history.h"

#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/provider.h"
#include "cli/view_source.h"

#include "base/json.h"
#include "engine/journal.h"
#include "engine/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace cli {
namespace {

// What the journal keeps, readable, one document a journal.
base::Json json_of(const engine::Record& record) {
    const auto body = base::json_from(record.body);
    const engine::Person person = engine::person_of(record.actor);
    return {{"index", record.index},
            {"at", base::to_text(record.at)},
            {"release", record.release},
            {"actor", record.actor},
            {"claimed", person.claimed},
            {"proven", person.proven},
            {"kind", record.kind},
            {"body", body ? *body : base::Json(record.body)},
            {"sentence", engine::sentence_of(record)},
            {"previous", record.previous.hex()},
            {"hash", record.hash.hex()}};
}

Tone tone_of(const engine::PastRun& run) {
    if (!run.ending) return Tone::strong;
    switch (*run.ending) {
        case engine::Ending::succeeded:
            return Tone::good;
        case engine::Ending::stuck:
            return Tone::bad;
        case engine::Ending::rolled_back:
        case engine::Ending::timed_out:
        case engine::Ending::refused:
        case engine::Ending::interrupted:
        case engine::Ending::displaced:
            return Tone::warn;
    }
    return Tone::plain;
}

base::Json json_of(const engine::PastRun& run) {
    const auto at = [](const std::optional<base::Instant>& instant) {
        return instant ? base::Json(base::to_text(*instant)) : base::Json(nullptr);
    };
    base::Json out{{"id", run.id},
                   {"version", to_text(run.release.version)},
                   {"from", run.before ? base::Json(to_text(run.before->version)) : base::Json()},
                   {"strategy", release::name_of(run.strategy)},
                   {"rollback", run.is_rollback},
                   {"ending", run.ending ? base::Json(name_of(*run.ending)) : base::Json(nullptr)},
                   {"cause", name_of(run.cause)},
                   {"reason", run.reason},
                   {"harm", run.harm},
                   {"actor", run.actor},
                   {"order", run.order},
                   {"begun", base::to_text(run.begun)},
                   {"ended", at(run.ended)},
                   {"plan", run.plan.hex()}};
    if (run.ended) {
        out["seconds"] =
            std::chrono::duration_cast<std::chrono::duration<double>>(*run.ended - run.begun)
                .count();
    }
    return out;
}

Ending show_runs(Session& session, std::vector<engine::PastRun> runs) {
    // The latest first: that is what one looks for.
    std::reverse(runs.begin(), runs.end());
    if (session.json()) {
        base::Json list = base::Json::array();
        for (const engine::PastRun& run : runs) list.push_back(json_of(run));
        session.terminal.print(
            base::canonical({{"schema", "crossfade.history/1"}, {"releases", list}}) + '\n');
        return ExitCode::done;
    }
    if (runs.empty()) {
        session.terminal.say("nothing was released yet");
        return ExitCode::done;
    }
    session.terminal.print(history_text(runs, session.clock.now(), session.terminal.out_paint(),
                                        session.terminal.columns()));
    return ExitCode::done;
}

template <typename T>
void keep_last(std::vector<T>& list, std::size_t count) {
    if (list.size() > count)
        list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(count));
}

}  // namespace

Ending show_records(Session& session, const std::vector<engine::Record>& records) {
    if (session.json()) {
        base::Json list = base::Json::array();
        for (const engine::Record& record : records) list.push_back(json_of(record));
        session.terminal.print(
            base::canonical({{"schema", "crossfade.journal/1"}, {"records", list}}) + '\n');
        return ExitCode::done;
    }
    session.terminal.print(
        journal_text(records, session.terminal.out_paint(), session.terminal.columns()));
    return ExitCode::done;
}

std::string history_text(const std::vector<engine::PastRun>& runs, base::Instant now,
                         const Paint& paint, std::size_t columns) {
    Table table({"RELEASE", "VERSION", "STRATEGY", "ENDING", "WHEN", "TOOK", "HARM", "BY", "WHY"});
    table.right(5).right(6);
    for (const engine::PastRun& run : runs) {
        const std::string versions =
            run.before
                ? fmt::format("{} → {}", to_text(run.before->version), to_text(run.release.version))
                : to_text(run.release.version);
        const std::string ending = run.ending ? std::string(name_of(*run.ending)) : "in progress";
        table.row({run.id, versions,
                   fmt::format("{}{}", release::name_of(run.strategy),
                               run.is_rollback ? ", rollback" : ""),
                   paint(tone_of(run), ending), relative_text(run.begun, now),
                   run.ended ? span_text(*run.ended - run.begun) : "",
                   run.harm == 0 ? "" : std::to_string(run.harm), harmless(run.actor),
                   harmless(run.reason)});
    }
    return table.text(paint, columns);
}

std::string journal_text(const std::vector<engine::Record>& records, const Paint& paint,
                         std::size_t columns) {
    Table table({"", "AT (UTC)", "RELEASE", "WHAT", "", "HASH"});
    table.right(0);
    std::size_t widest = 40;
    if (columns > 70) widest = columns - 62;
    for (const engine::Record& record : records) {
        const std::string sentence = harmless(engine::sentence_of(record));
        table.row({std::to_string(record.index), date_text(record.at), record.release,
                   paint(Tone::strong, record.kind),
                   columns == 0 ? sentence : cut(sentence, widest),
                   paint(Tone::dim, record.hash.brief())});
    }
    return table.text(paint, columns);
}

Ending history(Session& session, const HistoryOptions& options) {
    if (options.figures) return show_figures(session, options.window);
    auto records = journal_of(session);
    if (!records) return refuse(records.error());
    auto releases = engine::releases_of(*records);
    if (!releases) return refuse(releases.error());
    const engine::PastRun* only = nullptr;
    if (!options.release.empty()) {
        only = find_run(*releases, options.release);
        if (only == nullptr) {
            return refuse(ExitCode::usage,
                          {.code = "CF0722",
                           .what = fmt::format("there is no release {}", options.release),
                           .fix = "`crossfade history` lists them"});
        }
    }
    if (options.journal) {
        if (only != nullptr)
            std::erase_if(*records, [&](const auto& record) { return record.release != only->id; });
        if (options.limit > 0) keep_last(*records, options.limit);
        return show_records(session, *records);
    }
    if (only != nullptr) return show_runs(session, {*only});
    keep_last(releases->runs, options.limit == 0 ? 20 : options.limit);
    return show_runs(session, std::move(releases->runs));
}

}  // namespace cli
