#include "cli/metrics.h"

#include "cli/provider.h"

#include "base/log.h"
#include "report/metrics.h"

namespace cli {

base::Result<std::string> metrics_text(ViewSource& source, engine::Metrics& metrics,
                                       base::Clock& clock, std::chrono::milliseconds call) {
    const auto view = source.look();
    if (!view) return base::fail(view);
    const auto read = metrics.read(clock.deadline_in(call));
    const std::optional<judge::PoolCounts> counts = read ? std::optional(*read) : std::nullopt;
    return report::metrics_of({.status = view->status,
                               .records = source.records(),
                               .counts = counts,
                               .serving = view->serving,
                               .now = clock.now()});
}

Ending metrics(Session& session) {
    base::log::only_errors();
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto provider = open_existing(session, *site);
    if (!provider) return refuse(provider.error());
    const auto spec = read_spec(*site);
    const auto ports = (*provider)->ports(spec ? spec->spec : release::Spec{}, Use::looks);
    if (!ports) return refuse(ports.error());
    ViewSource source(*site, (*provider)->store(), (*ports)->traffic(), (*ports)->fleet(),
                      session.clock);
    const auto text =
        metrics_text(source, (*ports)->world().metrics, session.clock, (*provider)->pace().call);
    if (!text) return refuse(text.error());
    session.terminal.print(*text);
    return ExitCode::done;
}

}  // namespace cli
