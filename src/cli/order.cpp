#include "cli/order.h"

#include "cli/provider.h"
#include "cli/view_source.h"
#include "cli/watch.h"

#include "base/log.h"
#include "engine/journal.h"
#include "engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cli {
namespace {

constexpr std::size_t kOrderLength = 200;
constexpr std::chrono::milliseconds kLook{250};

// What became of looking on.
enum class Seen { ended, undriven, told_to_stop };

std::string_view words_for(engine::Ending ending) {
    switch (ending) {
        case engine::Ending::succeeded:
            return "serves";
        case engine::Ending::rolled_back:
            return "was taken back";
        case engine::Ending::timed_out:
            return "was taken back because a deadline passed";
        case engine::Ending::stuck:
            return "could not be taken back";
        case engine::Ending::refused:
            return "was refused";
        case engine::Ending::interrupted:
        case engine::Ending::displaced:
            return "has not ended";
    }
    return "has ended";
}

Ending ended_as(Session& session, const engine::PastRun& run) {
    const ExitCode code = exit_code_of(*run.ending, run.cause);
    const std::string what = fmt::format("release {} ({}) {}", run.id, to_text(run.release.version),
                                         words_for(*run.ending));
    if (code == ExitCode::done) {
        session.terminal.say(what);
        return code;
    }
    return refuse(code,
                  {.code = "CF0744",
                   .what = what,
                   .why = run.reason,
                   .fix = fmt::format("`crossfade explain {}` tells what was compared", run.id)});
}

base::Result<void> read_anew(Opened& opened) {
    auto records = engine::read_journal(opened.store());
    if (!records) return base::fail(records);
    auto releases = engine::releases_of(*records);
    if (!releases) return base::fail(releases);
    opened.records = std::move(*records);
    opened.releases = std::move(*releases);
    return {};
}

// Looks on while another process drives.
tl::expected<Seen, Refusal> look_on(Session& session, Opened& opened, const std::string& run) {
    const auto spec = read_spec(opened.site);
    const auto ports = opened.provider->ports(spec ? spec->spec : release::Spec{}, Use::looks);
    if (!ports) return refuse(ports.error());
    ViewSource source(opened.site, opened.store(), (*ports)->traffic(), (*ports)->fleet(),
                      session.clock);
    const Interrupt interrupt(fmt::format("interrupted: {} goes on without this command\n", run));
    Watch watch(session);
    while (true) {
        const auto driver = present_driver(opened.store(), session.clock.now());
        if (!driver) return refuse(driver.error());
        const auto view = source.look();
        if (!view) return refuse(view.error());
        watch.show(*view);
        const bool over = view->status.run != run || view->status.ending.has_value();
        if (over || !*driver) {
            watch.finish();
            return over ? Seen::ended : Seen::undriven;
        }
        session.clock.wait_until(session.clock.tick() + kLook, interrupt.token());
        if (!interrupt.came()) continue;
        watch.finish();
        const auto asked = opened.store().ask(std::string(engine::kPause), "",
                                              session.actor + ": its onlooker was told to stop",
                                              session.clock.now());
        if (!asked) return refuse(asked.error());
        session.terminal.say(
            fmt::format("interrupted: {} was asked to pause at its present weight; `crossfade "
                        "recover` goes on, "
                        "`crossfade abort` goes back",
                        run));
        return Seen::told_to_stop;
    }
}

}  // namespace

tl::expected<void, Refusal> require_order(const std::string& order) {
    const bool printable = std::all_of(order.begin(), order.end(), [](char each) {
        return static_cast<unsigned char>(each) > 0x1F && each != 0x7F;
    });
    if (printable && order.size() <= kOrderLength) return {};
    return refuse(
        ExitCode::usage,
        {.code = "CF0745",
         .what = "the name of the order has unprintable characters or is too long",
         .fix = fmt::format("use up to {} characters, such as the build's tag", kOrderLength)});
}

const engine::PastRun* run_for(const engine::Releases& releases, const std::string& order) {
    const auto found = std::find_if(releases.runs.rbegin(), releases.runs.rend(),
                                    [&](const auto& run) { return run.order == order; });
    return found == releases.runs.rend() ? nullptr : &*found;
}

Ending see_through(Session& session, Opened& opened, const std::string& run) {
    base::log::only_errors();
    while (true) {
        // First whether anybody drives, then how far it is: the end is written before the lease
        // is given back.
        const auto driver = present_driver(opened.store(), session.clock.now());
        if (!driver) return refuse(driver.error());
        if (const auto read = read_anew(opened); !read) return refuse(read.error());
        const auto past = std::find_if(opened.releases.runs.begin(), opened.releases.runs.end(),
                                       [&](const auto& each) { return each.id == run; });
        if (past == opened.releases.runs.end()) return ExitCode::done;
        if (past->ending) return ended_as(session, *past);
        if (!*driver) return carry_on(session, opened);
        session.terminal.say(fmt::format("release {} is driven by {}", run, (*driver)->holder));
        const auto seen = look_on(session, opened, run);
        if (!seen) return tl::unexpected(seen.error());
        if (*seen == Seen::told_to_stop) return ExitCode::interrupted;
    }
}

}  // namespace cli
