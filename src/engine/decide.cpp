#include "engine/decide.h"

#include "base/json.h"
#include "engine/work.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

using base::Json;

namespace {

constexpr std::chrono::seconds kWindowMax{10};

Note enters(const Progress& progress) {
    const release::Step& step = *progress.present();
    return {RecordKind::entered, base::canonical({{"step", step.id},
                                                  {"stage", release::name_of(step.stage)},
                                                  {"direction", progress.turned ? "undo" : "do"}})};
}

/// How a run that went back ended.
Ending ending_back(const Progress& progress) {
    const bool by_itself = progress.cause != Cause::person && progress.cause != Cause::gate;
    const bool serves_alone = !progress.plan.from && progress.shifted;
    if (serves_alone || (progress.plan.is_rollback && by_itself)) return Ending::stuck;
    if (!progress.touched && by_itself) return Ending::refused;
    return progress.cause == Cause::deadline ? Ending::timed_out : Ending::rolled_back;
}

/// What is left after a success: the old pool stands by, then its retirement.
Move tail(const Progress& progress, const Sight& sight, std::chrono::milliseconds poll) {
    const release::Step* step = progress.present();
    if (progress.ending != Ending::succeeded || step == nullptr) {
        return Note{RecordKind::closed, base::canonical({{"reason", "nothing is left to do"}})};
    }
    const base::Instant due = progress.retire_at.value_or(progress.ended_at);
    if (!progress.step && !progress.hurry && sight.at < due) {
        return Wait{due, RunState::warm,
                    fmt::format("{} serves; the old release stands by for an instant rollback",
                                release::to_text(progress.plan.to.version)),
                    due};
    }
    if (!progress.step) return enters(progress);
    return work({progress, *step, *progress.step, sight, poll});
}

}  // namespace

Needs needs_of(const Progress& progress, base::Instant now) {
    Needs needs;
    const release::Step* step = progress.present();
    const bool ends = step == nullptr || progress.only_tail_left();
    needs.counts = ends && !progress.ending && progress.tally.started;  // what it cost in the end
    if (step == nullptr || !progress.step) return needs;
    const release::Action& action = step->action;
    const bool shifts = std::holds_alternative<release::Shift>(action);
    const bool ramps = std::holds_alternative<release::Ramp>(action);
    const bool leaves = std::holds_alternative<release::Drain>(action) ||
                        std::holds_alternative<release::Retire>(action);
    const bool checks = std::holds_alternative<release::CheckWorld>(action);
    const bool recreates = std::holds_alternative<release::Recreate>(action);
    needs.held = recreates;
    const bool watches = std::holds_alternative<release::Watch>(action) ||
                         std::holds_alternative<release::AwaitConsent>(action);
    needs.split = recreates || shifts || ramps || leaves || checks || watches ||
                  std::holds_alternative<release::ScaleUp>(action);
    needs.traffic = recreates || shifts || leaves || checks;
    needs.instances = !std::holds_alternative<release::PublishAssets>(action) &&
                      !std::holds_alternative<release::Prepare>(action);
    needs.counts = ramps || std::holds_alternative<release::Watch>(action) ||
                   (!progress.turned &&
                    (shifts || recreates || std::holds_alternative<release::Replace>(action)));
    // Once, with the counts before the first request. A rollback asks for neither (P5).
    needs.past = needs.counts && !progress.tally.started && !progress.turned &&
                 progress.plan.from && !progress.plan.is_rollback;
    needs.assets = std::holds_alternative<release::PublishAssets>(action);
    if (shifts) {
        // A third of the time since the split was stored: what came before it was known
        // everywhere falls out of the window, however late the data plane is.
        base::Instant since = progress.step->entered;
        for (const auto& [token, call] : progress.step->calls) {
            if (call.done) since = std::max(since, call.last);
        }
        const auto third = std::chrono::duration_cast<std::chrono::seconds>((now - since) / 3);
        needs.window = std::clamp(third, std::chrono::seconds{1}, kWindowMax);
    }
    return needs;
}

Move decide(const Progress& progress, const Sight& sight, std::chrono::milliseconds poll) {
    if (progress.closed) return Over{};
    if (progress.ending) return tail(progress, sight, poll);
    if (!progress.turned && progress.abort_wanted) {
        const release::Step* at = progress.present();
        const bool at_gate =
            at != nullptr && std::holds_alternative<release::AwaitConsent>(at->action);
        return Note{
            RecordKind::turned,
            base::canonical({{"cause", name_of(at_gate ? Cause::gate : Cause::person)},
                             {"reason", fmt::format("{} asked for it", progress.wanted_by)}})};
    }
    const release::Step* step = progress.present();
    if (progress.paused_at && !progress.turned) {
        const bool watching = progress.step && step != nullptr &&
                              (std::holds_alternative<release::Watch>(step->action) ||
                               std::holds_alternative<release::Ramp>(step->action));
        // Users wait meanwhile: what has begun is not left half done.
        const bool holding = progress.step && !progress.step->calls.empty() && step != nullptr &&
                             std::holds_alternative<release::Recreate>(step->action);
        if (watching || holding) return work({progress, *step, *progress.step, sight, poll});
        return Wait{sight.at + poll, RunState::paused,
                    fmt::format("paused by {}: `crossfade resume` or `crossfade abort`",
                                progress.wanted_by),
                    std::nullopt};
    }
    if (progress.step && step != nullptr) {
        return work({progress, *step, *progress.step, sight, poll});
    }
    if (progress.turned && step == nullptr) {
        return ended(progress, sight, ending_back(progress), progress.diagnostic);
    }
    if (step == nullptr || progress.only_tail_left()) {
        return ended(progress, sight, Ending::succeeded, {});
    }
    return enters(progress);
}

}  // namespace engine
