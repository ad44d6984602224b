#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/wish.h"

namespace cli {

Ending resume(Session& session, const ResumeOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    const auto driver = present_driver(*opened->store, session.clock.now());
    if (!driver) return refuse(driver.error());
    // A tail that meets another release has nothing to do: that one retires the warm pool itself.
    if (*driver && options.tail) return ExitCode::done;
    if (options.tail && opened->under_way() != nullptr) return ExitCode::done;
    if (*driver) return leave_wish(session, *opened, engine::kResume, {});
    return carry_on(session, *opened);
}

}  // namespace cli
