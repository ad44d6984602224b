#include "cli/closure.h"

#include "cli/commands.h"
#include "cli/text.h"
#include "cli/who.h"

#include "engine/deed.h"
#include "engine/journal.h"
#include "release/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace cli {
namespace {

constexpr std::chrono::seconds kPatience{30};

base::Result<std::vector<engine::Request>> wishes_of(engine::Store& store) {
    auto wishes = store.requests(0);
    if (!wishes) return base::fail(wishes);
    std::erase_if(*wishes, [](const engine::Request& each) {
        return each.verb != engine::kLock && each.verb != engine::kUnlock;
    });
    return wishes;
}

// Into the journal's chain, by this process or by whoever drives a release.
base::Result<void> write_down(Session& session, engine::Store& store, const engine::Request& wish) {
    const base::Deadline deadline = session.clock.deadline_in(kPatience);
    constexpr std::chrono::milliseconds kLook{100};
    while (true) {
        // A holder that is gone gives its lease back here.
        const auto driver = present_driver(store, session.clock.now());
        if (!driver) return base::fail(driver);
        if (!*driver) {
            auto noted =
                engine::note(store, wish, {.holder = holder_of_process()}, session.clock.now());
            if (noted || noted.error().failure != base::Failure::conflict) return noted;
        }
        const auto records = engine::read_journal(store);
        if (!records) return base::fail(records);
        const auto deeds = engine::deeds_in(*records);
        if (std::any_of(deeds.begin(), deeds.end(),
                        [&](const engine::Request& each) { return each.id == wish.id; }))
            return {};
        if (session.clock.tick() >= deadline.at || session.stop.stop_requested()) {
            return base::fail(
                base::Failure::unavailable,
                {.code = "CF0756",
                 .what = fmt::format("`{}` is not in the journal yet", wish.verb),
                 .why = *driver
                            ? fmt::format("{} is busy: {}", (*driver)->holder, (*driver)->purpose)
                            : std::string("others write it all the time"),
                 .fix = "it holds already; give the command again when the release is over"});
        }
        session.clock.wait_until(session.clock.tick() + kLook, session.stop);
    }
}

// What a command before left as a wish only, because it died or a release was busy.
base::Result<void> write_down_all(Session& session, engine::Store& store) {
    const auto wishes = wishes_of(store);
    if (!wishes) return base::fail(wishes);
    const auto records = engine::read_journal(store);
    if (!records) return base::fail(records);
    const auto deeds = engine::deeds_in(*records);
    for (const engine::Request& wish : *wishes) {
        const bool known = std::any_of(deeds.begin(), deeds.end(),
                                       [&](const auto& each) { return each.id == wish.id; });
        if (known) continue;
        if (auto written = write_down(session, store, wish); !written) return written;
    }
    return {};
}

base::Diagnostic locked_already(const engine::Request& lock) {
    return {.code = "CF0752",
            .what = fmt::format("{} has locked releases already", harmless(lock.actor)),
            .why = harmless(lock.argument),
            .fix = "`crossfade unlock` ends it"};
}

Ending leave(Session& session, std::string_view verb, const std::string& why) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    engine::Store& store = opened->store();
    const auto present = lock_of(store);
    if (!present) return refuse(present.error());
    const bool done = (verb == engine::kLock) == present->has_value();
    if (!done) {
        const auto asked = store.ask(std::string(verb), why, session.actor, session.clock.now());
        if (!asked) return refuse(asked.error());
    }
    if (const auto written = write_down_all(session, store); !written)
        return refuse(written.error());
    if (done && *present) return refuse(ExitCode::lease_held, locked_already(**present));
    session.terminal.say(done                    ? "nothing is locked"
                         : verb == engine::kLock ? "no release begins until `crossfade unlock`"
                                                 : "releases may begin again");
    return ExitCode::done;
}

}  // namespace

base::Result<std::optional<engine::Request>> lock_of(engine::Store& store) {
    const auto wishes = wishes_of(store);
    if (!wishes) return base::fail(wishes);
    const auto records = engine::read_journal(store);
    if (!records) return base::fail(records);
    return engine::lock_in(*records, *wishes);
}

tl::expected<void, Refusal> require_open(Opened& opened, const release::Spec& spec,
                                         base::Instant now, const std::string& despite) {
    if (!despite.empty()) return {};
    const auto lock = lock_of(opened.store());
    if (!lock) return refuse(lock.error());
    if (*lock) {
        return refuse(ExitCode::lease_held,
                      {.code = "CF0752",
                       .what = fmt::format("{} has locked releases at {} UTC",
                                           harmless((*lock)->actor), date_text((*lock)->at)),
                       .why = harmless((*lock)->argument),
                       .fix = "wait, or `crossfade unlock`; `--despite WHY` releases once"});
    }
    const release::Freeze* freeze = release::freeze_at(spec.policy.freezes, now);
    if (freeze == nullptr) return {};
    return refuse(
        ExitCode::refused,
        {.code = "CF0753",
         .what = fmt::format("releases are frozen until {} UTC", date_text(freeze->until)),
         .why = freeze->why,
         .fix = "wait; `--despite WHY` releases once, and says so in the journal"});
}

Ending lock(Session& session, const std::string& why) {
    return leave(session, engine::kLock, why);
}

Ending unlock(Session& session) {
    return leave(session, engine::kUnlock, {});
}

}  // namespace cli
