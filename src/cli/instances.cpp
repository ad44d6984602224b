#include "cli/commands.h"
#include "cli/provider.h"
#include "cli/view.h"

#include "base/json.h"

namespace cli {

Ending instances(Session& session) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto provider = open_existing(session, *site);
    if (!provider) return refuse(provider.error());
    const auto spec = read_spec(*site);
    const auto ports = (*provider)->ports(spec ? spec->spec : release::Spec{}, Use::looks);
    if (!ports) return refuse(ports.error());
    const auto list = (*ports)->fleet().list(session.clock.deadline_in((*provider)->pace().call));
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
