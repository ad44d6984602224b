#include "cli/commands.h"
#include "cli/ports.h"
#include "cli/view.h"

#include "base/json.h"

namespace cli {

Ending instances(Session& session) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    local::Fleet fleet(site->folder, local::Manners{}, session.clock);
    const auto list = fleet.list(session.clock.deadline_in(kCallDeadline));
    if (!list) return refuse(list.error());
    if (session.json()) {
        session.terminal.print(base::canonical({{"schema", "crossfade.instances/1"},
                                                {"instances", instances_json(*list)}}) +
                               '\n');
    } else if (list->empty()) {
        session.terminal.say("no instance runs");
    } else {
        session.terminal.print(instances_text(
            *list, session.clock.now(),
            Layout{.paint = session.terminal.out_paint(), .columns = session.terminal.columns()}));
    }
    return ExitCode::done;
}

}  // namespace cli
