#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/view_source.h"

#include <fmt/format.h>

#include <optional>

namespace cli {
namespace {

base::Diagnostic in_progress(const engine::PastRun& run) {
    return {.code = "CF0723",
            .what = fmt::format("release {} ({}) is still in progress", run.id,
                                to_text(run.release.version)),
            .fix = "`crossfade abort` stops it and goes back"};
}

// What is gone back to: named by id or version, else what served before.
tl::expected<release::Release, Refusal> target_of(const engine::Releases& releases,
                                                  const std::string& name) {
    if (name.empty()) {
        const auto previous = engine::previous_release(releases);
        if (previous) return *previous;
        return refuse(ExitCode::usage, {.code = "CF0724",
                                        .what = "there is no earlier release to go back to",
                                        .fix = "`crossfade history` lists those there are"});
    }
    const engine::PastRun* run = find_run(releases, name);
    if (run == nullptr) {
        return refuse(ExitCode::usage, {.code = "CF0722",
                                        .what = fmt::format("there is no release {}", name),
                                        .fix = "`crossfade history` lists them"});
    }
    if (run->ending != engine::Ending::succeeded) {
        return refuse(ExitCode::usage,
                      {.code = "CF0725",
                       .what = fmt::format("release {} ({}) did not end well", run->id,
                                           to_text(run->release.version)),
                       .why = run->reason,
                       .fix = "go back to one that did: `crossfade history` lists them"});
    }
    return run->release;
}

// The spec that what serves was released with: the file may be half edited by now, and going back
// does not wait for that.
tl::expected<SpecText, Refusal> spec_of_present(const Opened& opened) {
    if (!opened.releases.runs.empty()) {
        if (auto kept = opened.provider->kept_spec(opened.releases.runs.back().plan))
            return std::move(*kept);
    }
    return read_spec(opened.site);
}

}  // namespace

Ending rollback(Session& session, const RollbackOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    if (const engine::PastRun* run = opened->under_way(); run != nullptr)
        return refuse(ExitCode::lease_held, in_progress(*run));
    if (const auto idle = require_idle(session, *opened); !idle)
        return tl::unexpected(idle.error());
    const auto target = target_of(opened->releases, options.release);
    if (!target) return tl::unexpected(target.error());
    const auto spec = spec_of_present(*opened);
    if (!spec) return tl::unexpected(spec.error());
    if (const auto up = opened->provider->ensure_up(); !up) return refuse(up.error());
    const auto ports = opened->provider->ports(spec->spec, Use::looks);
    if (!ports) return refuse(ports.error());
    const auto present = present_of(*opened, **ports, session.clock);
    if (!present) return refuse(present.error());
    const auto plan = release::plan_rollback(spec->spec, *target, *present,
                                             fmt::format("r{}", opened->releases.next_number));
    if (!plan) return refuse(ExitCode::usage, plan.error().diagnostic);
    return carry_out(session, *opened, {*spec, *plan});
}

}  // namespace cli
