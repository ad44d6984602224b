#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/site.h"

#include "base/json.h"
#include "local/logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace cli {
namespace {

// How long a follower may take to notice that it was told to stop.
constexpr std::chrono::milliseconds kPatience{250};

class Printer {
public:
    Printer(Session& session, bool names) : session_(session), names_(names) {}

    void print(const std::vector<local::LogLine>& lines) {
        for (const local::LogLine& line : lines) widest_ = std::max(widest_, line.source.size());
        for (const local::LogLine& line : lines) session_.terminal.print_line(text_of(line));
    }

private:
    std::string text_of(const local::LogLine& line) const {
        if (session_.json()) {
            return base::canonical(
                {{"schema", "crossfade.log/1"}, {"source", line.source}, {"text", line.text}});
        }
        if (!names_) return harmless(line.text);
        return fmt::format(
            "{}  {}", session_.terminal.out_paint()(Tone::dim, pad_right(line.source, widest_)),
            harmless(line.text));
    }

    Session& session_;
    bool names_;
    std::size_t widest_ = 0;
};

}  // namespace

Ending logs(Session& session, const LogsOptions& options) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    local::Logs logs(site->folder, options.sources);
    Printer printer(session, options.sources.size() != 1);
    const auto last = logs.last(options.lines);
    if (!last) return refuse(last.error());
    printer.print(*last);
    if (!options.follow) return ExitCode::done;
    const Interrupt interrupt("");
    while (!interrupt.came() && session.terminal.heard()) {
        const auto lines = logs.next(session.clock, session.clock.deadline_in(kPatience));
        if (!lines) return refuse(lines.error());
        printer.print(*lines);
    }
    return ExitCode::done;
}

}  // namespace cli
