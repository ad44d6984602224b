#include "cli/commands.h"

#include "base/json.h"

#include <fmt/format.h>

namespace cli {

#ifndef CROSSFADE_VERSION
#define CROSSFADE_VERSION "0.1.0"
#endif

Ending version(Session& session) {
    if (session.json()) {
        session.terminal.print(
            base::canonical({{"schema", "crossfade.version/1"}, {"version", CROSSFADE_VERSION}}) +
            '\n');
    } else {
        session.terminal.print_line(fmt::format("crossfade {}", CROSSFADE_VERSION));
    }
    return ExitCode::done;
}

}  // namespace cli
