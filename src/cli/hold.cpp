#include "cli/hold.h"

#include "cli/ports.h"
#include "cli/site.h"

#include "base/duration.h"
#include "base/json.h"
#include "local/holds.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cli {
namespace {

using std::chrono::milliseconds;

std::string text_of(const local::Hold& held) {
    std::string out;
    const auto add = [&out](std::string_view what, milliseconds left) {
        if (left > milliseconds{0})
            out += fmt::format("{} wait, for {} still at most; ", what, base::to_text(left));
    };
    add("new requests", held.everything);
    add("new requests to blue", held.blue);
    add("new requests to green", held.green);
    if (out.empty()) return "nothing is held";
    return out + fmt::format("{} wait now", held.waiting);
}

base::Json json_of(const local::Hold& held) {
    return {{"schema", "crossfade.hold/1"},
            {"everything_ms", held.everything.count()},
            {"blue_ms", held.blue.count()},
            {"green_ms", held.green.count()},
            {"waiting", held.waiting}};
}

Ending shows(Session& session, local::Holds& holds) {
    const auto held = holds.read(session.clock.deadline_in(kCallDeadline));
    if (!held) return refuse(held.error());
    if (session.json()) {
        session.terminal.print(base::canonical(json_of(*held)) + '\n');
    } else {
        session.terminal.say(text_of(*held));
    }
    return ExitCode::done;
}

}  // namespace

Ending hold(Session& session, const HoldOptions& options) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    local::Holds holds(site->folder.edge_socket(), session.clock);
    if (options.status) return shows(session, holds);
    std::optional<release::Pool> pool;
    if (options.pool == "blue") pool = release::Pool::blue;
    if (options.pool == "green") pool = release::Pool::green;
    const auto put = holds.put(pool, options.span, {}, session.clock.deadline_in(kCallDeadline));
    if (!put) return refuse(put.error());
    return shows(session, holds);
}

Ending unhold(Session& session) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    local::Holds holds(site->folder.edge_socket(), session.clock);
    const auto gone = holds.let_go({}, session.clock.deadline_in(kCallDeadline));
    if (!gone) return refuse(gone.error());
    return shows(session, holds);
}

}  // namespace cli
