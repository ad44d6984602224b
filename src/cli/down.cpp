#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/interrupt.h"

#include "base/log.h"
#include "local/machine.h"

#include <fmt/format.h>

#include <chrono>

namespace cli {
namespace {

// Where no spec tells how long a drain may take.
constexpr std::chrono::milliseconds kDrainOtherwise{300'000};
// What stopping takes beyond drain and grace: the edge's own grace, and the agent's.
constexpr std::chrono::seconds kMargin{30};

milliseconds patience(const Site& site, local::Leaving leaving) {
    const auto spec = read_spec(site);
    const milliseconds drain = spec ? spec->spec.strategy.drain_deadline : kDrainOtherwise;
    const milliseconds grace = spec ? spec->spec.service.stop_grace : milliseconds{10'000};
    return (leaving == local::Leaving::now ? milliseconds{0} : drain) + grace + kMargin;
}

// Someone who is in the middle of a release would not like to lose the ground beneath it.
tl::expected<void, Refusal> require_undriven(const Site& site, base::Instant now) {
    const auto store = open_store(site);
    if (!store) return {};
    const auto driver = present_driver(**store, now);
    if (!driver) return refuse(driver.error());
    if (!*driver) return {};
    return refuse(ExitCode::lease_held,
                  {.code = "CF0734",
                   .what = fmt::format("a release is in progress: {}", (*driver)->purpose),
                   .why = fmt::format("{} drives it", (*driver)->holder),
                   .fix = "`crossfade abort` takes it back first; `crossfade down --now` does not "
                          "ask"});
}

}  // namespace

Ending down(Session& session, const DownOptions& options) {
    base::log::only_errors();
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const local::Leaving leaving = options.now ? local::Leaving::now : local::Leaving::drained;
    if (!options.now) {
        const auto free = require_undriven(*site, session.clock.now());
        if (!free) return tl::unexpected(free.error());
    }
    local::Machine machine(site->folder, session.program, session.clock);
    const auto gone = machine.down(leaving, session.clock.deadline_in(patience(*site, leaving)),
                                   [&](const std::string& line) { session.terminal.say(line); });
    if (!gone) return refuse(gone.error());
    session.terminal.say("everything is down; `crossfade up` brings it back");
    return ExitCode::done;
}

}  // namespace cli
