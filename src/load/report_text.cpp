#include "load/report.h"

#include "base/markup.h"
#include "load/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace load {
namespace {

/// Columns on a terminal, where most characters outside ASCII that we write take one.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string padded(std::string_view text, std::size_t columns) {
    std::string all(text);
    for (std::size_t i = columns_of(text); i < columns; ++i) all += ' ';
    return all;
}

std::string clock_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string_view name_of(Progress::Stage stage) {
    switch (stage) {
        case Progress::Stage::seeding:
            return "seeding";
        case Progress::Stage::connecting:
            return "connecting";
        case Progress::Stage::playing:
            return "playing";
        case Progress::Stage::settling:
            return "settling";
    }
    return "";
}

}  // namespace

std::string render_text(const Outcome& outcome, const Story& story) {
    std::string text = fmt::format("{}\n\n", verdict(outcome, story).sentence);
    const MessageOutcome& messages = outcome.messages;
    const SocketOutcome& sockets = outcome.websocket;
    const auto line = [&text](std::string_view name, const std::string& what) {
        text += "  " + padded(name, 11) + what + "\n";
    };
    line("requests",
         fmt::format("{}: {} failed, {} harmed by a release, {} refused; avg {}, p99 {}",
                     grouped(outcome.http.requests), grouped(outcome.http.failed),
                     grouped(outcome.http.harmed), grouped(outcome.http.rejected),
                     span_text(outcome.http.latency.avg_ms),
                     span_text(outcome.http.latency.p99_ms)));
    line("sockets",
         fmt::format("{} opened: {} moved as planned, {} dropped; longest gap {}",
                     grouped(sockets.opened), grouped(sockets.moved_planned),
                     grouped(sockets.dropped_unplanned), span_text(sockets.largest_gap_ms)));
    line("messages", fmt::format("{} posted, {} of {} deliveries: {} lost, {} twice, {} late",
                                 grouped(messages.posted), grouped(messages.delivered),
                                 grouped(messages.expected), grouped(messages.lost),
                                 grouped(messages.duplicated), grouped(messages.late)));
    line("files", fmt::format("{} sent ({}), {} compared: {} failed",
                              grouped(outcome.uploads.files), size_text(outcome.uploads.bytes),
                              grouped(outcome.uploads.compared), grouped(outcome.uploads.failed)));
    line("downtime", fmt::format("{} (seen in steps of {})", span_text(outcome.downtime.ms),
                                 span_text(outcome.downtime.resolution_ms)));
    for (const std::string& reason : outcome.self.reasons) line("void", reason);

    text += "\n  " + padded("", 27) + padded("set out from", 15) + padded("here", 18) + "\n";
    for (const Compared& row : compared(outcome, story))
        text += "  " + padded(row.name, 27) + padded(row.theirs, 15) + padded(row.ours, 18) +
                row.note + "\n";
    if (!story.checked.empty()) text += "\n";
    for (const Checked& checked : story.checked)
        text += fmt::format("  {}  {}\n", checked.met ? "met    " : "NOT MET", checked.why);
    return text;
}

std::string render_junit(const Outcome& outcome, const std::vector<Checked>& checked) {
    const auto unmet =
        std::count_if(checked.begin(), checked.end(), [](const Checked& one) { return !one.met; });
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"crossfade load {}\" tests=\"{}\" failures=\"{}\" time=\"{:.3f}\">\n",
        base::escaped(outcome.profile), checked.size(), unmet, seconds_long(outcome));
    for (const Checked& one : checked) {
        text += fmt::format("  <testcase classname=\"load\" name=\"{}\"",
                            base::escaped(one.requirement.text));
        if (one.met) {
            text += "/>\n";
        } else {
            text += fmt::format(">\n    <failure message=\"{}\"/>\n  </testcase>\n",
                                base::escaped(one.why));
        }
    }
    return text + "</testsuite>\n";
}

std::string render_progress(const Progress& progress, std::size_t columns) {
    std::string line =
        fmt::format("{} {}", name_of(progress.stage), clock_text(progress.elapsed_s));
    if (progress.length_s > 0) line += "/" + clock_text(progress.length_s);
    // Most important first: a narrow terminal cuts the rest.
    if (progress.stage == Progress::Stage::connecting || progress.requests > 0)
        line += fmt::format("  sockets {}/{}", progress.sockets, progress.sockets_wanted);
    if (progress.requests > 0) {
        line += fmt::format("  {:.0f} req/s  p99 {}  failed {}", progress.requests_a_second,
                            span_text(progress.p99_ms), grouped(progress.failed));
        if (progress.harmed > 0) line += fmt::format("  harmed {}", grouped(progress.harmed));
        line += fmt::format("  posts {}  deliveries {}", grouped(progress.posted),
                            grouped(progress.delivered));
        if (progress.outstanding > 0) line += fmt::format("  waiting {}", progress.outstanding);
        line += fmt::format("  down {}  files {}", span_text(progress.downtime_ms),
                            size_text(progress.upload_bytes));
    }
    return line.size() > columns ? line.substr(0, columns) : line;
}

}  // namespace load
