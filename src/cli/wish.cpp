#include "cli/wish.h"

#include "cli/text.h"

#include "base/json.h"
#include "engine/journal.h"
#include "engine/progress.h"
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

std::string asker(const Session& session, const WishOptions& options) {
    return options.reason.empty() ? session.actor
                                  : fmt::format("{}: {}", session.actor, options.reason);
}

// Which step is meant, and of which plan. A second person's consent always says both.
std::string argument_of(const Opened& opened, std::string_view verb, const WishOptions& options) {
    if (verb != engine::kPromote) return {};
    const auto progress = engine::progress_of(opened.records);
    if (!progress) return options.step;
    std::string step = options.step;
    const release::Step* present = progress->present();
    const bool asks_second =
        present != nullptr && progress->second_person_at(present->id) != nullptr;
    if (step.empty() && present != nullptr && (asks_second || !options.digest.empty()))
        step = present->id;
    if (!options.digest.empty()) return fmt::format("{} {}", step, options.digest);
    if (progress->second_person_at(step) == nullptr) return step;
    return fmt::format("{} {}", step, progress->digest.hex());
}

// The journal's answer to one wish, if it has come.
struct Answer {
    enum class Kind { none, taken_up, not_counted, too_late };
    Kind kind = Kind::none;
    std::string why;
};

Answer answer_in(const std::vector<engine::Record>& records, std::string_view verb,
                 std::uint64_t id) {
    using Kind = Answer::Kind;
    for (const engine::Record& record : records) {
        const auto kind = engine::record_kind_from(record.kind);
        if (!kind) continue;
        if (*kind == engine::RecordKind::ended) return {Kind::too_late, {}};
        if (*kind != engine::RecordKind::request) continue;
        const auto body = base::json_from(record.body);
        if (body && base::member_or<std::uint64_t>(*body, "id", 0).value_or(0) == id) {
            const bool is_void = base::member_or<bool>(*body, "void", false).value_or(false);
            return {is_void ? Kind::not_counted : Kind::taken_up,
                    base::member_or<std::string>(*body, "why", "").value_or("")};
        }
        if (body && base::member_or<std::string>(*body, "verb", "").value_or("") == verb &&
            !body->contains("id"))
            return {Kind::taken_up, {}};
    }
    return {};
}

base::Diagnostic not_counted(const engine::Request& wish, const std::string& why) {
    return {.code = "CF0755",
            .what = fmt::format("{} by {} does not count", wish.verb, harmless(wish.actor)),
            .why = harmless(why),
            .fix = "`crossfade status` says who has to consent, and to what"};
}

Ending wait_for(Session& session, Opened& opened, const engine::Request& wish,
                milliseconds timeout) {
    const base::Deadline deadline = session.clock.deadline_in(timeout);
    std::uint64_t from = opened.records.size() + 1;
    while (true) {
        const auto records = opened.store().read(from, 1000);
        if (!records) return refuse(records.error());
        const Answer answer = answer_in(*records, wish.verb, wish.id);
        switch (answer.kind) {
            case Answer::Kind::not_counted:
                return refuse(ExitCode::refused, not_counted(wish, answer.why));
            case Answer::Kind::taken_up:
                session.terminal.say(fmt::format("{}: taken up", wish.verb));
                return ExitCode::done;
            case Answer::Kind::too_late:
                return refuse(
                    ExitCode::error,
                    {.code = "CF0726",
                     .what = fmt::format("the release ended before it could {}", wish.verb),
                     .fix = "`crossfade status` shows how"});
            case Answer::Kind::none:
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
        opened->store().ask(std::string(verb), "", asker(session, options), session.clock.now());
    if (!asked) return refuse(asked.error());
    const Ending ending = carry_on(session, *opened);
    return ending && *ending == ExitCode::rolled_back ? Ending(ExitCode::done) : ending;
}

}  // namespace

Ending leave_wish(Session& session, Opened& opened, std::string_view verb,
                  const WishOptions& options) {
    const auto asked = opened.store().ask(std::string(verb), argument_of(opened, verb, options),
                                          asker(session, options), session.clock.now());
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
