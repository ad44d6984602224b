#include "engine/work.h"

#include "base/duration.h"
#include "engine/body.h"
#include "judge/guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFirstPause{200};
constexpr milliseconds kLongestPause{10'000};

milliseconds pause_after(std::uint32_t tries) {
    return std::min(kFirstPause * (1U << std::min(tries - 1, 10U)), kLongestPause);
}

/// Whether users would be without an instance where they are sent, while the old pool has some.
bool new_pool_is_dead(const Scene& scene) {
    const release::Plan& plan = scene.plan();
    const bool serves = scene.progress.shifted && !scene.back() && !scene.progress.ending &&
                        plan.target != plan.active && !plan.is_rollback;
    if (!serves || !scene.sight.instances || !*scene.sight.instances) return false;
    const std::vector<Instance>& instances = **scene.sight.instances;
    return healthy_in(instances, plan.target) == 0 && healthy_in(instances, plan.active) > 0;
}

/// Whether a step that cannot be done makes the run go back. Not when it goes back already, not
/// when users have been taken back, and not when the old pool is already leaving.
bool may_turn(const Scene& scene) {
    const bool leaves = std::holds_alternative<release::Retire>(scene.step.action);
    const bool taken_back = scene.plan().is_rollback && scene.progress.shifted;
    return !scene.back() && !scene.progress.ending && !leaves && !taken_back;
}

}  // namespace

StepToken token_of(const Scene& scene, std::string_view name) {
    std::string what = scene.step.id;
    if (!name.empty()) what += "/" + std::string(name);
    return token_for(scene.plan().id, what, scene.back() ? Direction::back : Direction::forward);
}

Move work(const Scene& scene) {
    if (new_pool_is_dead(scene)) {
        return turned(scene, Cause::failure,
                      {.code = "CF0330",
                       .what = "no instance of the new release is healthy any more",
                       .fix = "see `crossfade logs` of its instances"});
    }
    struct Kinds {
        const Scene& scene;
        Move operator()(const release::CheckWorld&) { return check_world(scene); }
        Move operator()(const release::PublishAssets&) { return publish_assets(scene); }
        Move operator()(const release::Prepare&) { return prepare(scene); }
        Move operator()(const release::ScaleUp& step) { return scale_up(scene, step); }
        Move operator()(const release::Test&) { return passed(scene); }
        Move operator()(const release::Shift& step) { return shift(scene, step); }
        Move operator()(const release::Ramp& step) { return ramp(scene, step); }
        Move operator()(const release::Watch& step) { return watch(scene, step); }
        Move operator()(const release::Drain& step) { return drain(scene, step); }
        Move operator()(const release::Retire& step) { return retire(scene, step); }
        Move operator()(const release::Replace& step) { return replace(scene, step); }
        Move operator()(const release::Recreate& step) { return recreate(scene, step); }
        Move operator()(const release::CallHook& step) { return call_hook(scene, step); }
        Move operator()(const release::AwaitConsent& step) { return await_consent(scene, step); }
    };
    return std::visit(Kinds{scene}, scene.step.action);
}

Move passed(const Scene& scene, std::string_view note) {
    return Note{RecordKind::passed, base::canonical({{"step", scene.step.id},
                                                     {"direction", scene.back() ? "undo" : "do"},
                                                     {"reason", note}})};
}

Move waits(const Scene& scene, std::string sentence) {
    return Wait{scene.now() + scene.poll, scene.back() ? RunState::going_back : RunState::running,
                std::move(sentence), std::nullopt};
}

Move turned(const Scene& scene, Cause cause, const base::Diagnostic& diagnostic) {
    return Note{RecordKind::turned, base::canonical({{"cause", name_of(cause)},
                                                     {"step", scene.step.id},
                                                     {"reason", diagnostic.what},
                                                     {"diagnostic", json_of(diagnostic)}})};
}

Move ended(const Progress& progress, const Sight& sight, Ending ending,
           const base::Diagnostic& diagnostic) {
    const bool seen = progress.tally.started && sight.counts && *sight.counts;
    const judge::PoolCounts run =
        seen ? progress.tally.with(**sight.counts).run : progress.tally.run;
    const judge::Counts& own_counts = counts_of(run, progress.plan.target);
    const bool own = progress.reason.empty() || ending == Ending::stuck;
    return Note{RecordKind::ended,
                base::canonical({{"ending", name_of(ending)},
                                 {"cause", name_of(progress.cause)},
                                 {"reason", own && !diagnostic.what.empty() ? diagnostic.what
                                                                            : progress.reason},
                                 {"diagnostic", json_of(diagnostic)},
                                 {"requests", own_counts.requests},
                                 {"harm", judge::harm_of(own_counts)}})};
}

Move failed(const Scene& scene, Cause cause, const base::Diagnostic& diagnostic) {
    if (scene.progress.ending) {  // the tail: the new release serves in any case
        return waits(scene, diagnostic.what);
    }
    if (may_turn(scene)) return turned(scene, cause, diagnostic);
    if (!overdue(scene, scene.plan().settings.progress_deadline)) {
        return waits(scene, diagnostic.what + "; trying again");
    }
    return ended(scene.progress, scene.sight, Ending::stuck, diagnostic);
}

bool overdue(const Scene& scene, milliseconds patience) {
    return scene.now() > scene.state.mark_at + patience;
}

const CallState* call_of(const Scene& scene, std::string_view name) {
    const auto at = scene.state.calls.find(token_of(scene, name).text);
    return at == scene.state.calls.end() ? nullptr : &at->second;
}

std::optional<Move> called(const Scene& scene, std::string_view name, Effect effect) {
    const CallState* before = call_of(scene, name);
    if (before != nullptr && before->done) return std::nullopt;
    if (before != nullptr) {
        const milliseconds patience = scene.plan().settings.progress_deadline;
        const bool hopeless = before->failure == base::Failure::rejected ||
                              before->failure == base::Failure::not_found;
        if (hopeless && may_turn(scene)) return failed(scene, Cause::failure, before->diagnostic);
        // In the tail nothing is left to go back to: it is tried until it is done. And a driver
        // that could not write for a while tries once more before it calls the time over.
        const bool tried = before->tries > 1 && !scene.progress.ending;
        if (tried && overdue(scene, patience)) {
            return failed(scene, Cause::deadline, before->diagnostic);
        }
        const base::Instant again = before->last + pause_after(before->tries);
        if (scene.now() < again) {
            return Wait{again, scene.back() ? RunState::going_back : RunState::waiting,
                        before->diagnostic.what.empty()
                            ? std::string("tries again")
                            : fmt::format("{}; tries again", before->diagnostic.what),
                        again};
        }
    }
    return Call{std::move(effect), token_of(scene, name), false};
}

Move blind(const Scene& scene, std::string_view what, const base::Error* error) {
    const std::string why = error == nullptr ? "it was not asked" : error->line();
    const base::Diagnostic diagnostic{
        .code = "CF0331", .what = fmt::format("{} cannot be seen", what), .why = why};
    if (overdue(scene, scene.plan().settings.progress_deadline)) {
        return failed(scene, Cause::deadline, diagnostic);
    }
    return waits(scene,
                 fmt::format("{} cannot be seen ({}); nothing moves until it can", what, why));
}

std::uint32_t healthy_in(const std::vector<Instance>& instances, release::Pool pool,
                         std::string_view release) {
    return static_cast<std::uint32_t>(
        std::count_if(instances.begin(), instances.end(), [&](const Instance& each) {
            return each.pool == pool && each.state == InstanceState::healthy &&
                   (release.empty() || each.release == release);
        }));
}

}  // namespace engine
