#include "base/duration.h"
#include "report/checks.h"
#include "report/forms.h"

#include <fmt/format.h>

#include <string>

namespace report {
namespace {

// Text within a table or a line: nothing of it may be markup, mention or link.
std::string plain(std::string_view text) {
    std::string out;
    for (const char each : text) {
        if (each == '\n' || each == '\r') {
            out += ' ';
        } else if (each == '@') {
            out += "@\u200b";  // a mention would call people
        } else {
            if (std::string_view("\\`*_{}[]()<>#|~!&").find(each) != std::string_view::npos)
                out += '\\';
            out += each;
        }
    }
    return out;
}

}  // namespace

std::string markdown_of(const Account& account) {
    const engine::PastRun& run = account.run;
    const std::string from = run.before ? to_text(run.before->version) + " → " : "";
    std::string out = fmt::format(
        "### {} {} {}{}: {}\n\n{}\n\n", account.succeeded() ? "✅" : "❌",
        plain(account.plan.application), plain(from), plain(to_text(run.release.version)),
        run.ending ? name_of(*run.ending) : "in progress", plain(account.sentence));
    out += "| | |\n|---|---|\n";
    const auto row = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) out += fmt::format("| {} | {} |\n", name, value);
    };
    row("Release", fmt::format("{}, {}", plain(run.id), release::name_of(run.strategy)));
    row("By", plain(run.actor));
    row("Took", base::to_text(account.length()));
    row("Failed requests", fmt::format("{} of at most {}", run.harm, account.plan.guard.harm_max));
    if (const Point* last = account.last(); last != nullptr) {
        row("Requests", fmt::format("{} by the new release, {} by the old one beside it",
                                    last->fresh.requests, last->old.requests));
    }
    for (const Check& check : checks_of(account)) {
        if (check.suite == "gates" && check.outcome == Outcome::passed)
            row(plain(check.name), plain(check.said));
    }
    row("Plan", fmt::format("`{}`", run.plan.hex()));
    row("Journal", fmt::format("`{}` at record {}", account.head.hash.hex(), account.head.index));
    std::string failed;
    for (const Check& check : checks_of(account)) {
        if (check.outcome == Outcome::failed)
            failed += fmt::format("- **{}**: {}\n", plain(check.name), plain(check.said));
    }
    if (!failed.empty()) out += "\n" + failed;
    return out;
}

}  // namespace report
