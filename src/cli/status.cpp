#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/interrupt.h"
#include "cli/provider.h"
#include "cli/view_source.h"
#include "cli/watch.h"

#include "base/json.h"
#include "base/log.h"

#include <algorithm>
#include <chrono>

namespace cli {
namespace {

// How often a watched application is asked; the drawing is Watch's own.
constexpr std::chrono::milliseconds kLook{250};

void show(Session& session, const View& view) {
    if (session.json()) {
        session.terminal.print(base::canonical(view_json(view)) + '\n');
        return;
    }
    session.terminal.print(view_text(view, Layout{.paint = session.terminal.out_paint(),
                                                  .columns = session.terminal.columns(),
                                                  .every_step = true}));
}

// A run that ends while it is watched ends the watching with its own code; so does the last one
// when none is in progress.
ExitCode code_of(const engine::Status& status) {
    if (!status.ending) return ExitCode::done;
    return exit_code_of(*status.ending, status.cause);
}

bool in_progress(const engine::Status& status) {
    return !status.run.empty() && !status.ending && status.state != engine::RunState::warm;
}

Ending watch_until_end(Session& session, ViewSource& source, std::chrono::milliseconds look) {
    const Interrupt interrupt("stopped watching; the release goes on\n");
    Watch watch(session);
    while (session.terminal.heard()) {
        const auto view = source.look();
        if (!view) return refuse(view.error());
        watch.show(*view);
        if (!in_progress(view->status)) {
            watch.finish();
            return code_of(view->status);
        }
        session.clock.wait_until(session.clock.tick() + look, interrupt.token());
        if (interrupt.came()) {
            watch.finish();
            session.terminal.say("stopped watching; the release goes on");
            return ExitCode::interrupted;
        }
    }
    return ExitCode::done;
}

}  // namespace

Ending status(Session& session, const StatusOptions& options) {
    base::log::only_errors();
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto provider = open_existing(session, *site);
    if (!provider) return refuse(provider.error());
    // What is seen of an application whose spec cannot be read needs none of it.
    const auto spec = read_spec(*site);
    const auto ports = (*provider)->ports(spec ? spec->spec : release::Spec{}, Use::looks);
    if (!ports) return refuse(ports.error());
    ViewSource source(*site, (*provider)->store(), (*ports)->traffic(), (*ports)->fleet(),
                      session.clock);
    if (options.watch && options.release.empty())
        return watch_until_end(session, source, std::max(kLook, (*provider)->pace().poll));
    const auto view = options.release.empty() ? source.look() : source.past(options.release);
    if (!view) return refuse(view.error());
    show(session, *view);
    return ExitCode::done;
}

}  // namespace cli
