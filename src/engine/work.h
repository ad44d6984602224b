#pragma once
// One step's work: what is missing of it, or that it is done. For .cpp files of this room.

#include "engine/decide.h"

#include <optional>
#include <string>
#include <string_view>

namespace engine {

/// What a step's work is decided from.
struct Scene {
    const Progress& progress;
    const release::Step& step;
    const StepState& state;
    const Sight& sight;
    std::chrono::milliseconds poll;

    base::Instant now() const { return sight.at; }
    const release::Plan& plan() const { return progress.plan; }
    bool back() const { return progress.turned; }
    /// The release that this direction wants.
    const release::Release& wanted() const {
        return back() && plan().from ? *plan().from : plan().to;
    }
};

Move work(const Scene& scene);

// What the kinds of steps share.

Move passed(const Scene& scene, std::string_view note = {});
Move waits(const Scene& scene, std::string sentence);
/// The step cannot be done: forward the run turns, backward it keeps trying until the progress
/// deadline and is then stuck; a retirement never turns.
Move failed(const Scene& scene, Cause cause, const base::Diagnostic& diagnostic);
Move turned(const Scene& scene, Cause cause, const base::Diagnostic& diagnostic);
/// The counts before the new release has its first request; they have been seen.
Move baseline(const Scene& scene);
Move ended(const Progress& progress, const Sight& sight, Ending ending,
           const base::Diagnostic& diagnostic);
/// True once `patience` is over since the step last got further than ever.
bool overdue(const Scene& scene, std::chrono::milliseconds patience);

/// The move that gets `effect` done, or none when it is. `name` tells the effects of one step
/// apart. Nothing is repeated without a growing pause.
std::optional<Move> called(const Scene& scene, std::string_view name, Effect effect);
StepToken token_of(const Scene& scene, std::string_view name);
const CallState* call_of(const Scene& scene, std::string_view name);

/// While the new release gets its share: the moves of a verdict against it, or none.
std::optional<Move> judged_meanwhile(const Scene& scene);
/// What the guard's limits and the comparison with the old release say together.
judge::Verdict verdict_now(const Scene& scene);
/// The counts that were seen, in a record's body, and how old they were.
void note_counts(const Scene& scene, base::Json& body);
/// Writes a verdict down, with the counts that it was made from.
Note says(const Scene& scene, const judge::Verdict& verdict);
bool may_skip(const Scene& scene);
std::string waits_for_person(const Scene& scene, std::string_view why);

/// The moves until the router has `share` for `to`, stored and read back; none once it has. `name`
/// tells the splits of one step apart.
std::optional<Move> stored(const Scene& scene, std::string_view name, release::Pool to,
                           base::Permille share);

/// While a step waits that moves no traffic: holds for as long as the split is not the one that
/// this release has stored, so that nothing is promoted on what somebody else did. None where it
/// is, and where it cannot be read: the next step that depends on it will wait for that.
std::optional<Move> strayed(const Scene& scene);

/// A move to make because something that is needed cannot be seen; none when it can.
template <typename T>
std::optional<Move> unseen(const Scene& scene, const std::optional<base::Result<T>>& seen,
                           std::string_view what);
Move blind(const Scene& scene, std::string_view what, const base::Error* error);

std::uint32_t healthy_in(const std::vector<Instance>& instances, release::Pool pool,
                         std::string_view release = {});

template <typename T>
std::optional<Move> unseen(const Scene& scene, const std::optional<base::Result<T>>& seen,
                           std::string_view what) {
    if (seen && *seen) return std::nullopt;
    return blind(scene, what, seen ? &seen->error() : nullptr);
}

/// The moves until all instances that `step` wants are healthy; none once they are. `name` tells
/// the pools of one step apart; each that becomes healthy is progress, counted from `mark` on.
std::optional<Move> grown(const Scene& scene, std::string_view name, const release::ScaleUp& step,
                          std::uint64_t mark);
/// Progress that deadlines count from.
Note marks(std::uint64_t mark, std::string says);

// By kind.

Move check_world(const Scene& scene);
Move publish_assets(const Scene& scene);
Move prepare(const Scene& scene);
Move scale_up(const Scene& scene, const release::ScaleUp& step);
Move replace(const Scene& scene, const release::Replace& step);
Move recreate(const Scene& scene, const release::Recreate& step);
Move shift(const Scene& scene, const release::Shift& step);
Move ramp(const Scene& scene, const release::Ramp& step);
Move watch(const Scene& scene, const release::Watch& step);
Move drain(const Scene& scene, const release::Drain& step);
Move retire(const Scene& scene, const release::Retire& step);
Move call_hook(const Scene& scene, const release::CallHook& step);
Move await_consent(const Scene& scene, const release::AwaitConsent& step);

}  // namespace engine
