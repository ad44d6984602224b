#include "cli/plan.h"

#include "cli/commands.h"
#include "cli/drive.h"

#include "base/file.h"
#include "base/json.h"
#include "release/plan.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace cli {
namespace {

std::optional<release::StrategyKind> strategy_of(const std::string& name) {
    if (name.empty()) return std::nullopt;
    const auto kind = release::strategy_from(name);
    return kind ? std::optional(*kind) : std::nullopt;
}

void show_plan(Session& session, const release::Plan& plan) {
    if (!session.json()) {
        session.terminal.print(release::plan_to_text(plan));
        return;
    }
    const auto json = base::json_from(release::plan_to_json(plan));
    session.terminal.print(base::canonical({{"schema", "crossfade.plan/1"},
                                            {"digest", release::digest_of(plan).hex()},
                                            {"plan", json ? *json : base::Json()},
                                            {"text", release::plan_to_text(plan)}}) +
                           '\n');
}

}  // namespace

tl::expected<release::Plan, Refusal> plan_now(Session& session, Opened& opened,
                                              const release::Spec& spec,
                                              const std::string& strategy) {
    const auto ports = opened.provider->ports(spec, Use::looks);
    if (!ports) return refuse(ports.error());
    const auto release = candidate(opened, spec, fmt::format("r{}", opened.releases.next_number));
    if (!release) return refuse(ExitCode::usage, release.error().diagnostic);
    const auto present = present_of(opened, **ports, session.clock);
    if (!present) return refuse(present.error());
    auto plan = release::plan_release(spec, *release, *present, strategy_of(strategy));
    if (!plan) return refuse(ExitCode::usage, plan.error().diagnostic);
    return std::move(*plan);
}

base::Result<release::Plan> read_plan(const std::string& file) {
    constexpr base::Bytes kPlanBytesMax{4 * 1024 * 1024};
    const auto text = base::read_file(file, kPlanBytesMax);
    if (!text) return base::fail(text);
    auto plan = release::plan_from_json(*text);
    if (plan) return plan;
    return base::fail(base::Failure::rejected, {.code = "CF0740",
                                                .what = fmt::format("{} holds no plan", file),
                                                .why = plan.error().line(),
                                                .fix = "make one by `crossfade plan --out FILE`"});
}

Ending plan(Session& session, const PlanOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto spec = read_spec(*site);
    if (!spec) return tl::unexpected(spec.error());
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    const auto plan = plan_now(session, *opened, spec->spec, options.strategy);
    if (!plan) return tl::unexpected(plan.error());
    show_plan(session, *plan);
    if (options.out.empty()) return ExitCode::done;
    const auto kept = base::write_file(options.out, release::plan_to_json(*plan), 0644);
    if (!kept) return refuse(kept.error());
    session.terminal.say(
        fmt::format("kept in {0}; `crossfade deploy --plan {0}` carries it out", options.out));
    return ExitCode::done;
}

}  // namespace cli
