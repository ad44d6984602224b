#include "load/report.h"

#include "base/markup.h"
#include "load/chart.h"
#include "load/figures.h"
#include "load/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace load {
namespace {

constexpr std::size_t kColours = 8;

double relative(const Outcome& outcome, base::Instant at) {
    return std::chrono::duration<double>(at - outcome.started).count();
}

struct Cell {
    std::string text;
    std::string style = {};
};

std::string table(const std::vector<Cell>& head, const std::vector<std::vector<Cell>>& rows) {
    std::string html = "<div class=\"card\"><table><thead><tr>";
    for (const Cell& cell : head)
        html += fmt::format("<th class=\"{}\">{}</th>", cell.style, base::escaped(cell.text));
    html += "</tr></thead><tbody>\n";
    for (const auto& row : rows) {
        html += "<tr>";
        for (const Cell& cell : row)
            html += fmt::format("<td class=\"{}\">{}</td>", cell.style, cell.text);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string_view mood_class(Mood mood) {
    switch (mood) {
        case Mood::good:
            return "good";
        case Mood::fair:
            return "fair";
        case Mood::bad:
            return "bad";
    }
    return "";
}

std::string spaced(std::string text) {
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string pill(std::string_view text, bool good) {
    return fmt::format("<span class=\"pill {}\">{}</span>", good ? "good" : "bad",
                       base::escaped(text));
}

/// A figure that should be nothing, and is good when it is.
std::string tile(std::string_view name, const std::string& value, bool good,
                 const std::string& note) {
    return fmt::format("<div class=\"tile {}\"><b>{}</b><span>{}</span><small>{}</small></div>\n",
                       good ? "good" : "bad", base::escaped(value), base::escaped(name),
                       base::escaped(note));
}

std::string tiles(const Outcome& outcome, const Story& story) {
    const HttpOutcome& http = outcome.http;
    const SocketOutcome& sockets = outcome.websocket;
    const MessageOutcome& messages = outcome.messages;
    const UploadOutcome& uploads = outcome.uploads;
    std::string html = "<div class=\"tiles\">\n";
    html += tile(
        "requests failed", grouped(http.failed), http.failed == 0,
        fmt::format("of {}; average {}", grouped(http.requests), span_text(http.latency.avg_ms)));
    html +=
        tile("sockets dropped", grouped(sockets.dropped_unplanned), sockets.dropped_unplanned == 0,
             fmt::format("{} moved as planned, longest gap {}", grouped(sockets.moved_planned),
                         span_text(sockets.largest_gap_ms)));
    html += tile("messages lost", grouped(messages.lost), messages.lost == 0,
                 fmt::format("{} posted, {} deliveries", grouped(messages.posted),
                             grouped(messages.delivered)));
    html += tile("messages twice", grouped(messages.duplicated), messages.duplicated == 0,
                 fmt::format("{} late, {} out of order", grouped(messages.late),
                             grouped(messages.out_of_order)));
    html += tile("files failed", grouped(uploads.failed), uploads.failed == 0,
                 fmt::format("{} sent, {}; {} compared", grouped(uploads.files),
                             size_text(uploads.bytes), grouped(uploads.compared)));
    html +=
        tile("downtime", span_text(outcome.downtime.ms), outcome.downtime.ms <= 0,
             fmt::format("resolution {}, longest gap {}", span_text(outcome.downtime.resolution_ms),
                         span_text(outcome.downtime.longest_gap_ms)));
    const auto budget = harm_budget(story);
    const std::uint64_t harm = harm_requests(outcome);
    const bool within = harm == 0 || (budget && harm <= *budget);
    html +=
        tile("requests harmed", grouped(harm), within,
             budget ? fmt::format("errors that releases gave; the budget is {}", grouped(*budget))
                    : "errors that releases gave themselves");
    if (const auto rollback = rollback_ms(story))
        html += tile("rollback", span_text(*rollback), *rollback < 12'000,
                     "command to the last answer of the release that was left");
    return html + "</div>\n";
}

std::string compared_table(const Outcome& outcome, const Story& story) {
    std::vector<std::vector<Cell>> rows;
    for (const Compared& row : compared(outcome, story)) {
        const std::string mark = !row.better ? "" : *row.better ? " better" : " worse";
        rows.push_back({{base::escaped(row.name)},
                        {base::escaped(row.theirs), "n"},
                        {base::escaped(row.ours), "n ours" + mark},
                        {base::escaped(row.note), "note"}});
    }
    return "<h2>Beside the figures we set out from</h2>\n" +
           table(
               {{"what users feel"}, {"set out from", "n"}, {"here", "n"}, {"how it is measured"}},
               rows);
}

std::string releases_table(const Story& story) {
    if (story.releases.empty()) return {};
    std::vector<std::vector<Cell>> rows;
    for (const ReleaseRow& row : story.releases) {
        const std::string harm =
            row.harm_budget
                ? fmt::format("{} of {}", grouped(row.harm_requests), grouped(*row.harm_budget))
                : grouped(row.harm_requests);
        rows.push_back(
            {{base::escaped(row.id)},
             {base::escaped(row.version)},
             {base::escaped(row.is_rollback ? "rollback, " + row.strategy : row.strategy)},
             {pill(spaced(row.ending), went_well(row))},
             {span_text(row.seconds * 1000), "n"},
             {harm, "n"},
             {row.rollback_ms ? span_text(*row.rollback_ms) : "", "n"},
             {base::escaped(row.reason), "note"}});
    }
    return "<h2>Releases while users were there</h2>\n" + table({{"release"},
                                                                 {"version"},
                                                                 {"strategy"},
                                                                 {"ending"},
                                                                 {"took", "n"},
                                                                 {"requests harmed", "n"},
                                                                 {"rolled back in", "n"},
                                                                 {""}},
                                                                rows);
}

Series series_of(const Outcome& outcome, std::string name, std::string style,
                 const std::function<double(const Second&)>& value) {
    Series series{.name = std::move(name), .style = std::move(style)};
    for (const Second& second : outcome.seconds) series.values.push_back(value(second));
    return series;
}

/// One series a version, in the order in which they were first seen.
std::vector<Series> by_version(const Outcome& outcome,
                               const std::function<double(const VersionSecond&)>& value) {
    std::vector<std::string> names;
    for (const Second& second : outcome.seconds)
        for (const auto& [name, version] : second.versions)
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    std::vector<Series> all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        all.push_back(
            series_of(outcome, names[i].empty() ? "unnamed" : brief(names[i], outcome.versions),
                      fmt::format("c{}", i % kColours), [&](const Second& second) {
                          const auto found = second.versions.find(names[i]);
                          return found == second.versions.end() ? 0 : value(found->second);
                      }));
    }
    return all;
}

std::vector<Plot> plots(const Outcome& outcome) {
    const auto one = [&](std::string name, std::string style, auto value) {
        return series_of(outcome, std::move(name), std::move(style), value);
    };
    const auto unless_zero = [](double value) { return value > 0 ? value : std::nan(""); };
    return {
        {.title = "Answers",
         .unit = "a second, by version",
         .form = Plot::Form::stack,
         .series = by_version(outcome, [](const VersionSecond& v) { return double(v.answers); })},
        {.title = "Errors",
         .unit = "a second",
         .about = "failed: nobody but the proxy answered",
         .form = Plot::Form::bars,
         .series = {one("failed", "bad", [](const Second& s) { return double(s.failed); }),
                    one("harmed by a release", "warn",
                        [](const Second& s) { return double(s.harmed); })}},
        {.title = "API latency",
         .unit = "ms",
         .about = "from the intended start",
         .series = {one("p99", "c3", [=](const Second& s) { return unless_zero(s.p99_ms); }),
                    one("p50", "c0", [=](const Second& s) { return unless_zero(s.p50_ms); })}},
        {.title = "Delivery latency",
         .unit = "ms",
         .about = "intended post to arrival on a socket",
         .series = {one("p99", "c5",
                        [=](const Second& s) { return unless_zero(s.delivery_p99_ms); }),
                    one("p50", "c1",
                        [=](const Second& s) { return unless_zero(s.delivery_p50_ms); })}},
        {.title = "Sockets open",
         .unit = "by version",
         .form = Plot::Form::stack,
         .series = by_version(outcome, [](const VersionSecond& v) { return double(v.sockets); })},
        {.title = "Messages",
         .unit = "a second",
         .series = {one("deliveries", "c1", [](const Second& s) { return double(s.delivered); }),
                    one("posts", "c0", [](const Second& s) { return double(s.posted); })}},
        {.title = "Uploads",
         .unit = "MB/s",
         .form = Plot::Form::stack,
         .series = {one("sent", "c4",
                        [](const Second& s) { return double(s.upload_bytes) / 1e6; })}},
        {.title = "Processor",
         .unit = "% of one core",
         .series = {one("database", "c2",
                        [](const Second& s) {
                            return s.database_cpu < 0 ? std::nan("") : s.database_cpu;
                        }),
                    one("load generator", "soft",
                        [](const Second& s) { return s.generator_cpu; })}},
    };
}

std::string all_plots(const Outcome& outcome, const Story& story) {
    std::vector<Stretch> bands;
    std::vector<Stretch> releases;
    for (const Band& band : story.bands)
        bands.push_back({.from = relative(outcome, band.from),
                         .until = relative(outcome, band.until),
                         .label = band.label,
                         .kind = band.kind});
    for (const ReleaseRow& row : story.releases)
        if (row.started && row.ended)
            releases.push_back(
                {.from = relative(outcome, *row.started),
                 .until = relative(outcome, *row.ended),
                 .label = row.version + " " + (row.is_rollback ? "rollback" : row.strategy),
                 .kind = went_well(row) ? "good" : "bad"});
    // The last second was cut short by the end: drawn, it would look like a collapse.
    const std::size_t all = outcome.seconds.size();
    const std::size_t seconds = all > 2 ? all - 1 : all;
    std::string html = "<h2>Over time</h2>\n" + timeline_of({releases, bands}, seconds);
    for (const Plot& plot : plots(outcome)) html += svg_of(plot, seconds, bands);
    return html;
}

std::string details(std::string_view summary, const std::string& inside) {
    return fmt::format("<details><summary>{}</summary>\n{}</details>\n", base::escaped(summary),
                       inside);
}

std::vector<Cell> latency_cells(const Latency& latency) {
    std::vector<Cell> cells;
    for (const double ms : {latency.avg_ms, latency.p50_ms, latency.p95_ms, latency.p99_ms,
                            latency.p999_ms, latency.max_ms})
        cells.push_back({latency.count > 0 ? span_text(ms) : "", "n"});
    return cells;
}

const std::vector<Cell> kLatencyHead{{"average", "n"}, {"p50", "n"},   {"p95", "n"},
                                     {"p99", "n"},     {"p99.9", "n"}, {"most", "n"}};

std::vector<Cell> joined(std::vector<Cell> front, const std::vector<Cell>& back) {
    front.insert(front.end(), back.begin(), back.end());
    return front;
}

std::string endpoints_table(const Outcome& outcome) {
    std::vector<std::vector<Cell>> rows;
    for (const EndpointOutcome& one : outcome.endpoints)
        if (one.requests > 0)
            rows.push_back(joined({{base::escaped(one.name)},
                                   {grouped(one.requests), "n"},
                                   {grouped(one.failed), "n"},
                                   {grouped(one.harmed), "n"}},
                                  latency_cells(one.latency)));
    return table(
        joined({{"request"}, {"sent", "n"}, {"failed", "n"}, {"harmed", "n"}}, kLatencyHead), rows);
}

std::string versions_table(const Outcome& outcome) {
    std::vector<std::vector<Cell>> rows;
    for (const VersionOutcome& one : outcome.versions)
        rows.push_back(joined({{base::escaped(one.version)},
                               {grouped(one.answers), "n"},
                               {grouped(one.harmed), "n"},
                               {grouped(one.rejected), "n"}},
                              latency_cells(one.latency)));
    return table(
        joined({{"version"}, {"answers", "n"}, {"harmed", "n"}, {"refused", "n"}}, kLatencyHead),
        rows);
}

std::string probes_table(const Outcome& outcome) {
    std::vector<std::vector<Cell>> rows;
    for (const ProbeOutcome& one : outcome.downtime.probes)
        rows.push_back({{base::escaped(one.name)},
                        {grouped(one.attempts), "n"},
                        {grouped(one.failed), "n"},
                        {grouped(one.harmed), "n"},
                        {span_text(one.downtime_ms), "n"},
                        {span_text(one.longest_gap_ms), "n"},
                        {span_text(one.latency.p99_ms), "n"}});
    return table({{"probe on fresh connections"},
                  {"attempts", "n"},
                  {"failed", "n"},
                  {"harmed", "n"},
                  {"downtime", "n"},
                  {"longest gap", "n"},
                  {"p99", "n"}},
                 rows);
}

std::string pairs_table(std::string_view name,
                        const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<std::vector<Cell>> rows;
    for (const auto& [key, value] : pairs)
        rows.push_back({{base::escaped(key)}, {base::escaped(value), "n"}});
    return table({{std::string(name)}, {"", "n"}}, rows);
}

std::string accounts(const Outcome& outcome) {
    const MessageOutcome& m = outcome.messages;
    const SocketOutcome& s = outcome.websocket;
    std::vector<std::pair<std::string, std::string>> sockets{
        {"opened", grouped(s.opened)},
        {"moved as planned", grouped(s.moved_planned)},
        {"dropped", grouped(s.dropped_unplanned)},
        {"refused attempts", grouped(s.refused)},
        {"resumed without loss", grouped(s.resumed_lossless)},
        {"begun anew and resynced", grouped(s.resumed_fresh)},
        {"breaks in the sequence", grouped(s.sequence_breaks)},
        {"never back", grouped(s.never_back)},
        {"gap, p50", span_text(s.gaps.p50_ms)},
        {"gap, longest", span_text(s.largest_gap_ms)}};
    for (const auto& [code, count] : s.closes)
        sockets.emplace_back("closed with " + code, grouped(count));
    return pairs_table("messages and their receivers",
                       {{"posted", grouped(m.posted)},
                        {"sent again", grouped(m.retried)},
                        {"given up on, unanswered", grouped(m.unanswered)},
                        {"expected deliveries", grouped(m.expected)},
                        {"by socket", grouped(m.live)},
                        {"by resync after a gap", grouped(m.recovered)},
                        {fmt::format("later than {}", span_text(m.late_after_ms)), grouped(m.late)},
                        {"vanished from the store", grouped(m.vanished)},
                        {"stored, never shown", grouped(m.never_pushed)},
                        {"stored twice", grouped(m.stored_twice)},
                        {"out of order", grouped(m.out_of_order)},
                        {"shown to strangers", grouped(m.strangers)}}) +
           "<p></p>" + pairs_table("sockets", sockets);
}

std::string self_table(const Outcome& outcome) {
    const SelfCheck& self = outcome.self;
    std::string html =
        pairs_table("the generator itself",
                    {{"starts late by, p99", span_text(self.schedule_lag.p99_ms)},
                     {"starts late by, most", span_text(self.schedule_lag.max_ms)},
                     {"loop late by, p99", span_text(self.loop_lag.p99_ms)},
                     {"processor", fmt::format("{:.0f} % of a core", self.cpu_percent)},
                     {"could not start in time", grouped(self.could_not_start)},
                     {"local socket errors", grouped(self.local_errors)},
                     {"time without probes", span_text(outcome.downtime.unobserved_ms)}});
    for (const std::string& reason : self.reasons)
        html += fmt::format("<p>{}</p>", pill("void: " + reason, false));
    return html;
}

std::string required_table(const Story& story) {
    if (story.checked.empty()) return {};
    std::vector<std::vector<Cell>> rows;
    for (const Checked& one : story.checked)
        rows.push_back({{pill(one.met ? "met" : "not met", one.met)},
                        {"<code>" + base::escaped(one.requirement.text) + "</code>"},
                        {base::escaped(one.why), "note"}});
    return "<h2>Required</h2>\n" + table({{""}, {"requirement"}, {"found"}}, rows);
}

}  // namespace

std::string render_html(const Outcome& outcome, const Story& story) {
    const Verdict judged = verdict(outcome, story);
    const std::string title = story.title.empty() ? "crossfade load" : story.title;
    std::string html = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<title>{}</title><style>{}</style></head><body><main>\n",
        base::escaped(title), kReportStyle);
    html += fmt::format(
        "<h1>{}</h1><p class=\"verdict {}\">{}</p>"
        "<p class=\"sub\">{} users on live sockets, profile {}, {:.0f} s, {} releases, began "
        "{}</p>\n",
        base::escaped(title), mood_class(judged.mood), base::escaped(judged.sentence),
        grouped(outcome.users), base::escaped(outcome.profile), seconds_long(outcome),
        story.releases.size(), base::to_text(outcome.started).substr(0, 19) + " UTC");
    html += tiles(outcome, story);
    html += compared_table(outcome, story);
    html += releases_table(story);
    html += all_plots(outcome, story);
    html += required_table(story);
    html += "<h2>In full</h2>\n";
    html += details("Requests", endpoints_table(outcome));
    html += details("Versions", versions_table(outcome));
    html += details("Availability", probes_table(outcome));
    html += details("Messages and sockets", accounts(outcome));
    html += details("Was the generator fit for it?", self_table(outcome));
    html += fmt::format(
        "<footer>{}{}run {} against {}{}</footer></main><div id=\"tip\"></div><script>{}</script>"
        "</body></html>\n",
        story.command.empty() ? "" : "<p><code>" + base::escaped(story.command) + "</code></p>",
        story.machine.empty() ? "" : "<p>" + base::escaped(story.machine) + "</p>",
        base::escaped(outcome.run), base::escaped(outcome.target),
        outcome.stopped_early ? ", stopped early" : "", kReportScript);
    return html;
}

}  // namespace load
