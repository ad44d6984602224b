#include "cli/closure.h"
#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/order.h"
#include "cli/plan.h"

#include <fmt/format.h>

namespace cli {
namespace {

base::Diagnostic moved(const std::string& file, const release::Plan& reviewed,
                       const release::Plan& now) {
    return {
        .code = "CF0741",
        .what = fmt::format("{} is no longer what a deploy would do", file),
        .why = fmt::format("the plan that was reviewed is {} {}, today's is {} {}: the spec, the "
                           "artifact or what serves has changed since",
                           reviewed.id, release::digest_of(reviewed).brief(), now.id,
                           release::digest_of(now).brief()),
        .fix = "make and review a new one by `crossfade plan --out FILE`"};
}

base::Diagnostic not_consented(const std::string& file, const release::Plan& plan,
                               const std::string& digest) {
    return {.code = "CF0743",
            .what = fmt::format("{} is not the plan that was consented to", file),
            .why = fmt::format("its digest is {}, the consent is to {}",
                               release::digest_of(plan).hex(), harmless(digest)),
            .fix = "show this plan to those who consent, and give its digest"};
}

// The kept plan, if the world is still the one that it was made for (P12). A plan made with
// --strategy is compared with one made likewise. Where the files lie may differ, not what they
// are: a pipeline's workspaces move.
tl::expected<release::Plan, Refusal> reviewed_plan(Session& session, Opened& opened,
                                                   const release::Spec& spec,
                                                   const DeployOptions& options) {
    const std::string& file = options.plan;
    const auto kept = read_plan(file);
    if (!kept) return refuse(ExitCode::usage, kept.error().diagnostic);
    const base::Digest reviewed = release::digest_of(*kept);
    if (!options.digest.empty() && options.digest != reviewed.hex())
        return refuse(ExitCode::usage, not_consented(file, *kept, options.digest));
    auto now = plan_now(session, opened, spec, "");
    if (now && release::digest_of(*now) == reviewed) return now;
    auto forced = plan_now(session, opened, spec, std::string(release::name_of(kept->strategy)));
    if (forced && release::digest_of(*forced) == reviewed) return forced;
    if (now) return refuse(ExitCode::usage, moved(file, *kept, *now));
    return now;
}

bool consents(Session& session, const release::Plan& plan) {
    session.terminal.say(release::plan_to_text(plan));
    return session.terminal.consent(
        fmt::format("Release {} {}?", plan.application, to_text(plan.to.version)));
}

}  // namespace

Ending deploy(Session& session, const DeployOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto spec = read_spec(*site);
    if (!spec) return tl::unexpected(spec.error());
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    if (const auto good = require_order(options.order); !good) return tl::unexpected(good.error());
    if (!options.order.empty()) {
        const engine::PastRun* begun = run_for(opened->releases, options.order);
        if (begun != nullptr) return see_through(session, *opened, std::string(begun->id));
    }
    if (const auto idle = require_idle(session, *opened); !idle)
        return tl::unexpected(idle.error());
    if (const auto open = require_open(*opened, spec->spec, session.clock.now(), options.despite);
        !open)
        return tl::unexpected(open.error());
    if (const auto up = opened->provider->ensure_up(); !up) return refuse(up.error());
    const auto plan = options.plan.empty()
                          ? plan_now(session, *opened, spec->spec, options.strategy)
                          : reviewed_plan(session, *opened, spec->spec, options);
    if (!plan) return tl::unexpected(plan.error());
    // A reviewed plan was consented to; off a terminal there is nobody to ask.
    const bool ask = options.plan.empty() && !options.consented && session.terminal.asks();
    if (ask && !consents(session, *plan)) {
        session.terminal.say("nothing was changed");
        return ExitCode::refused;
    }
    return carry_out(session, *opened, {*spec, *plan, options.order, options.despite});
}

}  // namespace cli
