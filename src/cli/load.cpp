#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/site.h"
#include "cli/story.h"

#include "base/duration.h"
#include "base/file.h"
#include "engine/journal.h"
#include "load/live.h"
#include "load/report.h"
#include "load/require.h"
#include "load/run.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <thread>

namespace cli {
namespace {

// Settling what is outstanding takes up to 15 s, the report a few more.
constexpr std::chrono::milliseconds kSettleAfterSignal{60'000};

base::Result<load::Profile> profile_of(const LoadOptions& options) {
    auto profile = load::profile_named(options.profile);
    if (!profile) return profile;
    load::Adjustment adjustment{.scale = options.scale,
                                .users = options.users,
                                .duration = {},
                                .posts_a_second = options.posts_a_second};
    if (!options.duration.empty()) {
        const auto length = base::duration_from(options.duration);
        if (!length) return base::fail(length);
        adjustment.duration = *length;
    }
    return load::adjusted(std::move(*profile), adjustment);
}

base::Result<std::vector<load::Requirement>> requirements_of(const LoadOptions& options) {
    std::vector<load::Requirement> out;
    for (const std::string& text : options.requirements) {
        auto requirement = load::requirement_from(text);
        if (!requirement) return base::fail(requirement);
        out.push_back(std::move(*requirement));
    }
    return out;
}

// Where the application's users are, and its journal if it has one: without a spec the load is of
// something that Crossfade does not run.
struct Target {
    std::string url;
    std::optional<Site> site;
};

base::Result<Target> target_of(const Session& session, const LoadOptions& options) {
    const auto site = find_site(session);
    Target target{.url = options.target, .site = {}};
    if (site) target.site = *site;
    if (!target.url.empty()) return target;
    if (!site) return base::fail(site);
    const auto spec = read_spec(*site);
    if (!spec) return base::fail(base::Failure::rejected, spec.error().diagnostics.front());
    target.url = "http://" + spec->spec.listen;
    return target;
}

std::vector<engine::Record> records_of(const Target& target) {
    if (!target.site) return {};
    const auto store = open_store(*target.site);
    if (!store) return {};
    return engine::read_journal(**store).value_or(std::vector<engine::Record>{});
}

std::string machine_text() {
    std::string model = "unknown processor";
    if (const auto text = base::read_file("/proc/cpuinfo", base::Bytes{4 * 1024 * 1024})) {
        const std::size_t at = text->find("model name");
        const std::size_t colon = at == std::string::npos ? at : text->find(": ", at);
        if (colon != std::string::npos)
            model = text->substr(colon + 2, text->find('\n', colon) - colon - 2);
    }
    return fmt::format("{}, {} cores", model, std::thread::hardware_concurrency());
}

std::string command_text(const LoadOptions& options) {
    std::string out = "crossfade load --profile " + options.profile;
    if (options.scale != 1.0) out += fmt::format(" --scale {:g}", options.scale);
    if (options.users) out += fmt::format(" --users {}", *options.users);
    if (!options.duration.empty()) out += " --duration " + options.duration;
    if (options.posts_a_second)
        out += fmt::format(" --posts-a-second {:g}", *options.posts_a_second);
    return out + fmt::format(" --seed {}", options.seed);
}

base::Result<void> write_report(const std::filesystem::path& folder, const load::Outcome& outcome,
                                const load::Story& story, const std::string& json) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return base::fail(base::system_error("cannot make", folder, error.value()));
    const std::pair<const char*, std::string> files[] = {
        {"report.json", json},
        {"report.html", load::render_html(outcome, story)},
        {"junit.xml", load::render_junit(outcome, story.checked)}};
    for (const auto& [name, content] : files) {
        if (auto written = base::write_file(folder / name, content, 0644); !written) return written;
    }
    return {};
}

ExitCode verdict_of(const load::Outcome& outcome, const load::Story& story) {
    if (outcome.self.is_void) return ExitCode::run_void;
    for (const load::Checked& checked : story.checked) {
        if (!checked.met) return ExitCode::unmet;
    }
    return ExitCode::done;
}

Ending tell(Session& session, const LoadOptions& options, const Target& target,
            const std::vector<load::Requirement>& requirements, const load::Outcome& outcome) {
    load::Story story{.title = options.title.empty() ? "crossfade load" : options.title,
                      .command = command_text(options),
                      .machine = machine_text(),
                      .bands = {},
                      .releases = {},
                      .checked = {}};
    tell_releases(records_of(target), outcome, story);
    auto checked = load::check(requirements, load::render_json(outcome, story));
    if (!checked) return refuse(checked.error());
    story.checked = std::move(*checked);
    const std::string json = load::render_json(outcome, story);
    session.terminal.print(session.json() ? json + '\n' : load::render_text(outcome, story));
    if (!options.report.empty()) {
        const auto written = write_report(options.report, outcome, story, json);
        if (!written) return refuse(written.error());
        session.terminal.say(fmt::format("report: {}/report.html", options.report));
    }
    for (const load::Checked& requirement : story.checked) {
        if (!requirement.met) session.terminal.say("not met: " + requirement.why);
    }
    return verdict_of(outcome, story);
}

}  // namespace

Ending load(Session& session, const LoadOptions& options) {
    const auto profile = profile_of(options);
    if (!profile) return refuse(ExitCode::usage, profile.error().diagnostic);
    const auto requirements = requirements_of(options);
    if (!requirements) return refuse(ExitCode::usage, requirements.error().diagnostic);
    const auto target = target_of(session, options);
    if (!target) return refuse(ExitCode::usage, target.error().diagnostic);
    const Interrupt interrupt("", kSettleAfterSignal);
    base::Result<load::Outcome> outcome;
    {
        load::Live live(stderr, session.clock);
        load::Options wanted;
        wanted.target = target->url;
        wanted.profile = *profile;
        wanted.seed = options.seed;
        wanted.allow_remote = options.allow_remote;
        wanted.until_stopped = options.until_stopped;
        wanted.database_process = options.database_process;
        wanted.database_pids = options.database_pids;
        wanted.on_progress = [&live](const load::Progress& progress) { live.show(progress); };
        outcome = load::run(wanted, session.clock, interrupt.token());
    }
    if (!outcome) return refuse(outcome.error());
    return tell(session, options, *target, *requirements, *outcome);
}

}  // namespace cli
