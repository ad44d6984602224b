#include "cli/figures.h"

#include "cli/console_file.h"
#include "cli/provider.h"
#include "cli/site.h"
#include "cli/text.h"

#include "base/duration.h"
#include "base/json.h"
#include "console/ledger.h"
#include "engine/history.h"
#include "report/account.h"
#include "report/figures.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace cli {
namespace {

using std::chrono::milliseconds;

struct Served {
    console::Ledger::Sum sum;

    // None before the first request.
    std::optional<double> share() const {
        if (sum.requests == 0) return std::nullopt;
        return 1 - static_cast<double>(sum.errors) / static_cast<double>(sum.requests);
    }
};

base::Result<Served> served_in(const Site& site, milliseconds window, base::Instant now) {
    const console::Objective objective{.window = std::chrono::ceil<std::chrono::days>(window)};
    console::Ledger ledger(console_folder(site.folder) / "minutes", objective);
    if (const auto read = ledger.read(now); !read) return base::fail(read);
    return Served{ledger.sum(now)};
}

base::Result<report::Figures> figures_over(const Session& session, milliseconds window) {
    const auto records = journal_of(session);
    if (!records) return base::fail(records);
    const auto releases = engine::releases_of(*records);
    if (!releases) return base::fail(releases);
    std::vector<report::Account> accounts;
    for (const engine::PastRun& run : releases->runs) {
        auto account = report::account_of(*records, run.id);
        if (!account) return base::fail(account);
        accounts.push_back(std::move(*account));
    }
    const base::Instant now = session.clock.now();
    return report::figures_of(accounts, now - window, now);
}

std::string share_text(const std::optional<double>& share, int digits) {
    return share ? fmt::format("{:.{}f} %", *share * 100, digits) : "unknown";
}

std::string length_text(std::vector<milliseconds> lengths) {
    const auto median = report::median_of(std::move(lengths));
    return median ? span_text(*median) : "unknown";
}

std::string figures_text(const report::Figures& figures, const Served& served,
                         milliseconds window) {
    Table table({"FIGURE", "VALUE", "FROM"});
    table.right(1);
    table.row({"releases that serve", fmt::format("{:.1f} a week", figures.a_week()),
               fmt::format("{} of {} in {}", figures.succeeded, figures.releases,
                           base::to_text(window))});
    table.row({"change failure rate", share_text(figures.change_failure_rate(), 1),
               fmt::format("{} taken back", figures.failed)});
    table.row({"recovery of a failed one", length_text(figures.recoveries),
               "median, from its first user to the old one's return"});
    table.row({"rework rate", share_text(figures.rework_rate(), 1),
               fmt::format("{} right after one that failed; an estimate", figures.reworked)});
    table.row({"length of a release", length_text(figures.lengths), "median"});
    table.row({"lead time of a change", "unknown", "a journal knows no commits"});
    table.row({"failed requests of releases", std::to_string(figures.harm), "all of them"});
    table.row({"user-minutes on failed ones", fmt::format("{:.1f}", figures.exposed_user_minutes),
               "open sockets over time"});
    table.row({"requests served", share_text(served.share(), 4),
               served.sum.since ? fmt::format("{} of {} failed, in {} measured", served.sum.errors,
                                              served.sum.requests, span_text(served.sum.measured))
                                : "no console has measured"});
    return table.text(Paint{false}, 0);
}

base::Json json_of(const std::optional<double>& share) {
    return share ? base::Json(*share) : base::Json(nullptr);
}

base::Json json_of(std::vector<milliseconds> lengths) {
    const auto median = report::median_of(std::move(lengths));
    return median ? base::Json(median->count()) : base::Json(nullptr);
}

base::Json figures_json(const report::Figures& figures, const Served& served) {
    return {{"schema", "crossfade.figures/1"},
            {"from", base::to_text(figures.from)},
            {"until", base::to_text(figures.until)},
            {"releases", figures.releases},
            {"succeeded", figures.succeeded},
            {"failed", figures.failed},
            {"a_week", figures.a_week()},
            {"change_failure_rate", json_of(figures.change_failure_rate())},
            {"rework_rate", json_of(figures.rework_rate())},
            {"recovery_median_ms", json_of(figures.recoveries)},
            {"length_median_ms", json_of(figures.lengths)},
            {"lead_time_ms", nullptr},
            {"harm", figures.harm},
            {"exposed_user_minutes", figures.exposed_user_minutes},
            {"served",
             {{"requests", served.sum.requests},
              {"errors", served.sum.errors},
              {"measured_seconds", served.sum.measured.count()},
              {"share", json_of(served.share())}}}};
}

}  // namespace

Ending show_figures(Session& session, milliseconds window) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto figures = figures_over(session, window);
    if (!figures) return refuse(figures.error());
    const auto served = served_in(*site, window, session.clock.now());
    if (!served) return refuse(served.error());
    session.terminal.print(session.json() ? base::canonical(figures_json(*figures, *served)) + '\n'
                                          : figures_text(*figures, *served, window));
    return ExitCode::done;
}

}  // namespace cli
