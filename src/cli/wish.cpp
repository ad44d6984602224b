#include "cli/wish.h"

#include "cli/who.h"

#include "base/json.h"
#include "engine/journal.h"
#include "engine/run.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace cli {
namespace {

base::Diagnostic nothing_to(std::string_view verb, const engine::Releases& releases) {
    const bool served = releases.current.has_value();
    return {.code = "CF0728",
            .what = fmt::format("no release is in progress, so there is nothing to {}", verb),
            .fix = verb == engine::kAbort && served
                       ? "`crossfade rollback` goes back to the release before"
                       : "`crossfade status` shows what serves"};
}

base::Diagnostic undriven(const engine::PastRun& run, std::string_view verb) {
    return {.code = "CF0729",
            .what = fmt::format("nobody drives release {} ({}), so nobody can {} it", run.id,
                                to_text(run.release.version), verb),
            .why = "the process that did has ended; traffic stays at the last verified weight",
            .fix = "`crossfade resume` goes on with it, `crossfade abort` takes it back"};
}

std::string asker(const WishOptions& options) {
    return options.reason.empty() ? actor_of_process()
                                  : fmt::format("{}: {}", actor_of_process(), options.reason);
}

// The journal's answer to one wish, if it has come.
enum class Answer { none, taken_up, too_late };

Answer answer_in(const std::vector<engine::Record>& records, std::string_view verb,
                 std::uint64_t id) {
    for (const engine::Record& record : records) {
        const auto kind = engine::record_kind_from(record.kind);
        if (!kind) continue;
        if (*kind == engine::RecordKind::ended) return Answer::too_late;
        if (*kind != engine::RecordKind::request) continue;
        const auto body = base::json_from(record.body);
        if (body && base::member_or<std::uint64_t>(*body, "id", 0).value_or(0) == id)
            return Answer::taken_up;
        if (body && base::member_or<std::string>(*body, "verb", "").value_or("") == verb &&
            !body->contains("id"))
            return Answer::taken_up;
    }
    return Answer::none;
}

Ending wait_for(Session& session, Opened& opened, const engine::Request& wish,
                milliseconds timeout) {
    const base::Deadline deadline = session.clock.deadline_in(timeout);
    std::uint64_t from = opened.records.size() + 1;
    while (true) {
        const auto records = opened.store().read(from, 1000);
        if (!records) return refuse(records.error());
        switch (answer_in(*records, wish.verb, wish.id)) {
            case Answer::taken_up:
                session.terminal.say(fmt::format("{}: taken up", wish.verb));
                return ExitCode::done;
            case Answer::too_late:
                return refuse(
                    ExitCode::error,
                    {.code = "CF0726",
                     .what = fmt::format("the release ended before it could {}", wish.verb),
                     .fix = "`crossfade status` shows how"});
            case Answer::none:
                break;
        }
        from += records->size();
        if (session.clock.tick() >= deadline.at) break;
        session.clock.wait_until(session.clock.tick() + opened.provider->pace().poll, session.stop);
    }
    return refuse(ExitCode::timed_out,
                  {.code = "CF0727",
                   .what = fmt::format("the run did not take up `{}` in time", wish.verb),
                   .why = "it may be in the middle of a long call; the wish stays and is taken up "
                          "when that ends",
                   .fix = "`crossfade status --watch` shows when"});
}

Ending wish(Session& session, std::string_view verb, const WishOptions& options) {
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    const engine::PastRun* run = opened->under_way();
    if (run == nullptr) return refuse(ExitCode::error, nothing_to(verb, opened->releases));
    const auto driver = present_driver(opened->store(), session.clock.now());
    if (!driver) return refuse(driver.error());
    if (*driver) return leave_wish(session, *opened, verb, options);
    if (verb != engine::kAbort) return refuse(ExitCode::error, undriven(*run, verb));
    // Going back does not wait for someone to drive: this process does.
    const auto asked =
        opened->store().ask(std::string(verb), options.step, asker(options), session.clock.now());
    if (!asked) return refuse(asked.error());
    const Ending ending = carry_on(session, *opened);
    return ending && *ending == ExitCode::rolled_back ? Ending(ExitCode::done) : ending;
}

}  // namespace

Ending leave_wish(Session& session, Opened& opened, std::string_view verb,
                  const WishOptions& options) {
    const auto asked =
        opened.store().ask(std::string(verb), options.step, asker(options), session.clock.now());
    if (!asked) return refuse(asked.error());
    return wait_for(session, opened, *asked, options.timeout);
}

Ending pause(Session& session, const WishOptions& options) {
    return wish(session, engine::kPause, options);
}

Ending promote(Session& session, const WishOptions& options) {
    return wish(session, engine::kPromote, options);
}

Ending abort(Session& session, const WishOptions& options) {
    return wish(session, engine::kAbort, options);
}

}  // namespace cli
