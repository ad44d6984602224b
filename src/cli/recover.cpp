#include "cli/commands.h"
#include "cli/order.h"

#include "engine/run.h"

#include <fmt/format.h>

namespace cli {
namespace {

// What is wanted of a run is left as a wish: whoever drives it, this process or another, takes it
// up.
Ending bring_to_its_end(Session& session, Opened& opened, const engine::PastRun& run, bool back) {
    const auto driver = present_driver(opened.store(), session.clock.now());
    if (!driver) return refuse(driver.error());
    const std::string id = run.id;
    const bool open = !run.ending.has_value();
    if (open && (*driver || back)) {
        const auto asked = opened.store().ask(std::string(back ? engine::kAbort : engine::kResume),
                                              "", session.actor, session.clock.now());
        if (!asked) return refuse(asked.error());
    }
    Ending ending = see_through(session, opened, id);
    // What was asked for is done.
    const bool taken_back =
        ending ? *ending == ExitCode::rolled_back : ending.error().code == ExitCode::rolled_back;
    if (open && back && taken_back) return ExitCode::done;
    return ending;
}

}  // namespace

Ending recover(Session& session, const RecoverOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    if (const auto good = require_order(options.order); !good) return tl::unexpected(good.error());
    const engine::Releases& releases = opened->releases;
    const engine::PastRun* run = nullptr;
    if (!options.order.empty())
        run = run_for(releases, options.order);
    else if (!releases.runs.empty())
        run = &releases.runs.back();
    if (run == nullptr) {
        session.terminal.say(options.order.empty()
                                 ? std::string("nothing was ever released here")
                                 : fmt::format("nothing was begun for {}", options.order));
        return ExitCode::done;
    }
    return bring_to_its_end(session, *opened, *run, options.back);
}

}  // namespace cli
