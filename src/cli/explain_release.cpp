#include "cli/explain_release.h"

#include "cli/history.h"
#include "cli/provider.h"
#include "cli/text.h"
#include "cli/view_source.h"

#include "base/json.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/progress.h"
#include "judge/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace cli {
namespace {

using engine::Record;

/// The journal as it was when the run's last record was written.
std::vector<Record> until_end_of(std::vector<Record> records, const std::string& run) {
    const auto last = std::find_if(records.rbegin(), records.rend(),
                                   [&](const Record& each) { return each.release == run; });
    records.erase(last.base(), records.end());
    return records;
}

std::string share_text(std::uint64_t permille) {
    return fmt::format("{:g} %", static_cast<double>(permille) / 10);
}

/// The shares that a ramp has taken, and why each.
Table shares_of(const std::vector<Record>& records, const std::string& run) {
    Table table({"AT (UTC)", "SHARE", "BECAUSE"});
    table.right(1);
    for (const Record& record : records) {
        if (record.release != run || record.kind != "observed") continue;
        const auto body = base::json_from(record.body);
        if (!body || body->value("fact", "") != "course") continue;
        table.row({date_text(record.at), share_text(body->value("share", std::uint64_t{0})),
                   harmless(body->value("says", ""))});
    }
    return table;
}

std::string counted(double events, double exposures) {
    return fmt::format("{} of {}", judge::count_text(events), judge::count_text(exposures));
}

std::string odds_of(const judge::Standing& standing, bool seen) {
    if (!seen) return "nothing to compare yet";
    return standing.log_evidence > 0 ? judge::odds_text(standing.log_evidence) : "none";
}

Table evidence_table(const judge::Trial& trial) {
    Table table({"METRIC", "NEW RELEASE", "OLD RELEASE", "WORSE BY", "ODDS OF A FAULT"});
    for (std::size_t i = 0; i < trial.metrics().size(); ++i) {
        const judge::Metric& metric = trial.metrics()[i];
        const judge::Standing standing = trial.standing(i);
        const bool seen = standing.total.canary > 0 && standing.total.baseline > 0;
        table.row(
            {metric.name, counted(standing.total.canary_events, standing.total.canary),
             counted(standing.total.baseline_events, standing.total.baseline),
             seen ? fmt::format("{} to {}", judge::difference_text(metric, standing.worse_at_least),
                                judge::difference_text(metric, standing.worse_at_most))
                  : "",
             odds_of(standing, seen)});
    }
    return table;
}

base::Json json_of(const judge::Trial& trial) {
    base::Json out = base::Json::array();
    for (std::size_t i = 0; i < trial.metrics().size(); ++i) {
        const judge::Standing standing = trial.standing(i);
        const auto pool = [](double exposures, double events) {
            return base::Json{{"exposures", exposures}, {"events", events}};
        };
        out.push_back({{"metric", trial.metrics()[i].name},
                       {"new", pool(standing.total.canary, standing.total.canary_events)},
                       {"old", pool(standing.total.baseline, standing.total.baseline_events)},
                       {"log_evidence", standing.log_evidence},
                       {"worse_at_least", standing.worse_at_least},
                       {"worse_at_most", standing.worse_at_most}});
    }
    return out;
}

}  // namespace

bool is_release_name(std::string_view text) {
    const bool is_id = text.size() > 1 && text[0] == 'r' &&
                       std::all_of(text.begin() + 1, text.end(),
                                   [](unsigned char c) { return std::isdigit(c) != 0; });
    return is_id || std::count(text.begin(), text.end(), '.') >= 2;
}

std::string explanation_text(const engine::Progress& progress, const std::vector<Record>& records,
                             const Paint& paint, std::size_t columns) {
    const std::string from =
        progress.plan.from ? release::to_text(progress.plan.from->version) : "nothing";
    std::string out =
        fmt::format("{}  {} → {}, {}\n", paint(Tone::strong, progress.plan.id), from,
                    release::to_text(progress.plan.to.version), progress.plan.strategy_reason);
    out += fmt::format("{}\n",
                       progress.ending ? engine::ending_sentence(progress) : "it is under way");
    if (!progress.verdict.reason.empty()) {
        out += fmt::format("verdict: {}, {}: {}\n", judge::name_of(progress.verdict.word),
                           progress.verdict.metric, progress.verdict.reason);
    }
    if (const Table shares = shares_of(records, progress.plan.id); !shares.empty()) {
        out += '\n' + shares.text(paint, columns);
    }
    if (progress.evidence) {
        out += '\n' + evidence_table(progress.evidence->trial()).text(paint, columns);
    } else {
        out +=
            "it was not compared with the old release: no request of both was counted side by "
            "side\n";
    }
    return out;
}

Ending explain_release(Session& session, const std::string& wanted) {
    auto records = journal_of(session);
    if (!records) return refuse(records.error());
    const auto releases = engine::releases_of(*records);
    if (!releases) return refuse(releases.error());
    const engine::PastRun* run = find_run(*releases, wanted);
    if (run == nullptr) {
        return refuse(ExitCode::usage,
                      {.code = "CF0722",
                       .what = fmt::format("there is no release {}", harmless(wanted)),
                       .fix = "`crossfade history` lists them"});
    }
    const std::vector<Record> until = until_end_of(std::move(*records), run->id);
    const auto progress = engine::progress_of(until);
    if (!progress) return refuse(progress.error());
    if (session.json()) {
        session.terminal.print(
            base::canonical({{"schema", "crossfade.explanation/1"},
                             {"release", run->id},
                             {"verdict", judge::name_of(progress->verdict.word)},
                             {"metric", progress->verdict.metric},
                             {"reason", progress->verdict.reason},
                             {"evidence", progress->evidence ? json_of(progress->evidence->trial())
                                                             : base::Json::array()}}) +
            '\n');
        return ExitCode::done;
    }
    session.terminal.print(explanation_text(*progress, until, session.terminal.out_paint(),
                                            session.terminal.columns()));
    return ExitCode::done;
}

}  // namespace cli
