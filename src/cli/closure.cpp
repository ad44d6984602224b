#include "cli/closure.h"

#include "cli/commands.h"
#include "cli/text.h"
#include "cli/who.h"

#include "release/policy.h"

#include <fmt/format.h>

#include <utility>

namespace cli {
namespace {

// Kept among the wishes, which name who, when and why, in any provider's store.
constexpr std::string_view kLock = "lock";
constexpr std::string_view kUnlock = "unlock";

Ending leave(Session& session, std::string_view verb, const std::string& why) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    const auto present = lock_of(opened->store());
    if (!present) return refuse(present.error());
    if (verb == kLock && *present) {
        return refuse(ExitCode::lease_held,
                      {.code = "CF0752",
                       .what = fmt::format("{} has locked releases already", (*present)->actor),
                       .why = (*present)->argument,
                       .fix = "`crossfade unlock` ends it"});
    }
    if (verb == kUnlock && !*present) {
        session.terminal.say("nothing is locked");
        return ExitCode::done;
    }
    const auto asked =
        opened->store().ask(std::string(verb), why, actor_of_process(), session.clock.now());
    if (!asked) return refuse(asked.error());
    session.terminal.say(verb == kLock ? "no release begins until `crossfade unlock`"
                                       : "releases may begin again");
    return ExitCode::done;
}

}  // namespace

base::Result<std::optional<engine::Request>> lock_of(engine::Store& store) {
    const auto requests = store.requests(0);
    if (!requests) return base::fail(requests);
    std::optional<engine::Request> held;
    for (const engine::Request& each : *requests) {
        if (each.verb == kLock) held = each;
        if (each.verb == kUnlock) held.reset();
    }
    return held;
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
                       .why = (*lock)->argument,
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
    return leave(session, kLock, why);
}

Ending unlock(Session& session) {
    return leave(session, kUnlock, {});
}

}  // namespace cli
