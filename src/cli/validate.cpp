#include "cli/commands.h"
#include "cli/site.h"

#include "base/json.h"
#include "release/spec.h"

#include <fmt/format.h>

namespace cli {

Ending validate(Session& session) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto spec = read_spec(*site);
    if (!spec) return tl::unexpected(spec.error());
    const std::string version = to_text(spec->spec.version);
    if (session.json()) {
        session.terminal.print(base::canonical({{"schema", "crossfade.validate/1"},
                                                {"valid", true},
                                                {"application", spec->spec.application},
                                                {"version", version}}) +
                               '\n');
    } else {
        session.terminal.print_line(fmt::format("{}: {} {} is valid", site->spec.string(),
                                                spec->spec.application, version));
    }
    return ExitCode::done;
}

Ending schema(Session& session) {
    session.terminal.print_line(release::spec_schema());
    return ExitCode::done;
}

}  // namespace cli
