#include "cli/commands.h"
#include "cli/provider.h"
#include "cli/site.h"
#include "cli/text.h"
#include "cli/view_source.h"

#include "base/file.h"
#include "engine/history.h"
#include "report/account.h"
#include "report/forms.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace cli {
namespace {

tl::expected<report::Account, Refusal> account_for(const Session& session,
                                                   const std::string& release) {
    const auto records = journal_of(session);
    if (!records) return refuse(records.error());
    const auto releases = engine::releases_of(*records);
    if (!releases) return refuse(releases.error());
    const engine::PastRun* run = nullptr;
    if (!release.empty()) {
        run = find_run(*releases, release);
    } else if (!releases->runs.empty()) {
        run = &releases->runs.back();
    }
    if (run == nullptr) {
        return refuse(ExitCode::usage,
                      {.code = "CF0722",
                       .what = fmt::format("there is no release {}", harmless(release)),
                       .fix = "`crossfade history` lists them"});
    }
    auto account = report::account_of(*records, run->id);
    if (!account) return refuse(account.error());
    return std::move(*account);
}

std::string form_of(const report::Account& account, std::string_view format) {
    if (format == "html") return report::page_of(account, report::Style::within);
    if (format == "junit") return report::junit_of(account);
    if (format == "json") return report::json_of(account);
    return report::markdown_of(account);
}

Ending write_all(Session& session, const report::Account& account,
                 const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return refuse(base::system_error("cannot make the folder", folder, error.value()));
    const std::array<std::pair<std::string_view, std::string>, 6> files{{
        {"index.html", report::page_of(account, report::Style::beside)},
        {"report.css", std::string(report::style_sheet())},
        {"report.html", report::page_of(account, report::Style::within)},
        {"junit.xml", report::junit_of(account)},
        {"report.json", report::json_of(account)},
        {"report.md", report::markdown_of(account)},
    }};
    for (const auto& [name, text] : files) {
        const auto written = base::write_file(folder / name, text, 0644);
        if (!written) return refuse(written.error());
    }
    session.terminal.say(fmt::format("wrote the report of {} to {}", account.run.id,
                                     (folder / "index.html").string()));
    return ExitCode::done;
}

}  // namespace

Ending report(Session& session, const ReportOptions& options) {
    const auto account = account_for(session, options.release);
    if (!account) return tl::unexpected(account.error());
    if (!options.out.empty()) return write_all(session, *account, options.out);
    session.terminal.print(form_of(*account, session.json() ? "json" : options.format));
    return ExitCode::done;
}

}  // namespace cli
