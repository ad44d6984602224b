#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/wish.h"

#include <fmt/format.h>

namespace cli {
namespace {

// The release has succeeded and only its tail is left: that is the agent's to begin when the time
// has come, not this command's to wait for. Whoever was to tell the agent may have been killed.
Ending leave_tail(Session& session, Opened& opened) {
    if (const auto up = opened.provider->ensure_up(); !up) return refuse(up.error());
    const auto told = opened.provider->retire_at(opened.releases.warm_until);
    if (!told) return refuse(told.error());
    session.terminal.say(
        opened.releases.warm_until
            ? fmt::format("nothing is left to do; the release before stands warm until {} UTC",
                          clock_text(*opened.releases.warm_until))
            : std::string("nothing is left to do"));
    return ExitCode::done;
}

}  // namespace

Ending resume(Session& session, const ResumeOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    const auto driver = present_driver(opened->store(), session.clock.now());
    if (!driver) return refuse(driver.error());
    // A tail that meets another release has nothing to do: that one retires the warm pool itself.
    if (*driver && options.tail) return ExitCode::done;
    if (options.tail && opened->under_way() != nullptr) return ExitCode::done;
    if (*driver) return leave_wish(session, *opened, engine::kResume, {});
    if (opened->under_way() == nullptr && !options.tail) return leave_tail(session, *opened);
    return carry_on(session, *opened);
}

}  // namespace cli
