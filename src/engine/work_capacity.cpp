// Steps that bring instances and files: check, publish, prepare, scale up, replace.

#include "base/duration.h"
#include "base/json.h"
#include "engine/work.h"
#include "release/version.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

using base::Diagnostic;
using std::chrono::milliseconds;

namespace {

/// What the first instance that is not healthy says of itself.
std::string complaint(const std::vector<Instance>& instances, release::Pool pool,
                      std::string_view release) {
    for (const Instance& each : instances) {
        if (each.pool != pool || each.release != release) continue;
        if (each.state == InstanceState::healthy) continue;
        return fmt::format("{} is {}: {}{}", each.id, name_of(each.state), each.reason,
                           each.restarts > 0 ? fmt::format(" ({} restarts)", each.restarts) : "");
    }
    return "no instance was started";
}

std::string title(const release::Release& release) {
    return fmt::format("{} ({})", release::to_text(release.version), release.id);
}

}  // namespace

Note marks(std::uint64_t mark, std::string says) {
    return {RecordKind::observed,
            base::canonical({{"fact", "progress"}, {"mark", mark}, {"says", std::move(says)}})};
}

Move check_world(const Scene& scene) {
    const release::Plan& plan = scene.plan();
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    if (!plan.from) return passed(scene);
    if (auto move = unseen(scene, scene.sight.split, "the split")) return *move;
    if (auto move = unseen(scene, scene.sight.traffic, "the data plane")) return *move;
    const Split split = **scene.sight.split;
    if (split != all_to(plan.active)) {
        return failed(scene, Cause::failure,
                      {.code = "CF0320",
                       .what = fmt::format("{} has {:g} % of the traffic, not all",
                                           release::name_of(plan.active),
                                           share_of(plan.active, split).value / 10.0),
                       .why = "someone moved it since the plan was made",
                       .fix = "send all traffic to the serving pool, or `crossfade rollback`"});
    }
    const std::uint32_t healthy = healthy_in(**scene.sight.instances, plan.active);
    if (healthy > 0 || plan.is_rollback) return passed(scene);
    const Diagnostic sick{.code = "CF0321",
                          .what = fmt::format("no instance in {} is healthy, where all users are",
                                              release::name_of(plan.active)),
                          .why = {},
                          .fix = "see `crossfade instances`; a release would only hide it"};
    if (overdue(scene, plan.boot_deadline)) return failed(scene, Cause::failure, sick);
    return waits(scene, sick.what);
}

Move publish_assets(const Scene& scene) {
    if (auto move = called(scene, "", PublishFiles{scene.wanted()})) return *move;
    if (scene.sight.assets && *scene.sight.assets) return passed(scene);
    return blind(scene, "the published assets",
                 scene.sight.assets ? &scene.sight.assets->error() : nullptr);
}

Move prepare(const Scene& scene) {
    if (auto move = called(scene, "", PrepareArtifact{scene.wanted()})) return *move;
    return passed(scene);
}

std::optional<Move> grown(const Scene& scene, std::string_view name, const release::ScaleUp& step,
                          std::uint64_t mark) {
    const std::vector<Instance>& instances = **scene.sight.instances;
    const release::Release& wanted = scene.wanted();
    const std::uint32_t healthy = healthy_in(instances, step.pool, wanted.id);
    auto move = called(scene, name, EnsurePool{step.pool, {wanted, step.instances}});
    if (auto* call = move ? std::get_if<Call>(&*move) : nullptr) call->stood = healthy > 0;
    if (move) return move;
    if (healthy >= step.instances) return std::nullopt;
    const std::string says =
        fmt::format("{} of {} instances of {} are healthy", healthy, step.instances, title(wanted));
    if (mark + healthy > scene.state.mark) return marks(mark + healthy, says);
    if (overdue(scene, scene.plan().boot_deadline)) {
        return failed(
            scene, Cause::failure,
            {.code = "CF0323",
             .what = fmt::format("{} within {}", says, base::to_text(scene.plan().boot_deadline)),
             .why = complaint(instances, step.pool, wanted.id),
             .fix = "see `crossfade logs`; `service.boot_deadline` says how long it may take"});
    }
    return waits(scene, says);
}

Move scale_up(const Scene& scene, const release::ScaleUp& step) {
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    const std::vector<Instance>& instances = **scene.sight.instances;
    const release::Release& wanted = scene.wanted();
    const CallState* before = call_of(scene, "");
    const bool strangers = std::any_of(
        instances.begin(), instances.end(),
        [&](const Instance& each) { return each.pool == step.pool && each.release != wanted.id; });
    if ((before == nullptr || !before->done) && scene.plan().from && strangers) {
        if (auto move = unseen(scene, scene.sight.split, "the split")) return *move;
        if (share_of(step.pool, **scene.sight.split) > base::kNone) {
            return failed(scene, Cause::failure,
                          {.code = "CF0322",
                           .what = fmt::format("{} takes traffic with another release",
                                               release::name_of(step.pool)),
                           .why = "someone moved traffic since the plan was made",
                           .fix = "send all traffic to the serving pool first"});
        }
    }
    if (auto move = grown(scene, "", step, 0)) return *move;
    return passed(scene, fmt::format("{} of {} instances of {} are healthy",
                                     healthy_in(instances, step.pool, wanted.id), step.instances,
                                     title(wanted)));
}

namespace {

struct Batch {
    std::uint32_t wanted_healthy = 0;
    std::uint32_t healthy = 0;
    std::uint32_t others = 0;  ///< Of other releases, the leaving ones included.
    std::uint32_t leaving = 0;
};

Batch batch_in(const std::vector<Instance>& instances, release::Pool pool,
               const std::string& wanted) {
    Batch batch;
    for (const Instance& each : instances) {
        if (each.pool != pool) continue;
        const bool healthy = each.state == InstanceState::healthy;
        if (healthy) ++batch.healthy;
        if (each.release != wanted) ++batch.others;
        if (healthy && each.release == wanted) ++batch.wanted_healthy;
        if (each.state == InstanceState::draining || each.state == InstanceState::stopping) {
            ++batch.leaving;
        }
    }
    return batch;
}

}  // namespace

Move replace(const Scene& scene, const release::Replace& step) {
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    const release::Release& wanted = scene.wanted();
    const Batch batch = batch_in(**scene.sight.instances, step.pool, wanted.id);
    const CallState* before = call_of(scene, "");
    if (!scene.back() && before == nullptr) {
        if (!scene.progress.tally.started && !scene.plan().is_rollback) {
            if (auto move = unseen(scene, scene.sight.counts, "the counts")) return *move;
            return baseline(scene);
        }
        if (batch.healthy < step.instances) {
            const std::string says = fmt::format(
                "{} of {} instances are healthy: the next batch "
                "waits for all",
                batch.healthy, step.instances);
            if (overdue(scene, scene.plan().boot_deadline)) {
                return failed(scene, Cause::failure, {.code = "CF0324", .what = says});
            }
            return waits(scene, says);
        }
    }
    if (auto move =
            called(scene, "", ReplaceBatch{step.pool, {wanted, step.instances}, step.updated})) {
        return *move;
    }
    if (auto move = judged_meanwhile(scene)) return *move;
    const std::string says = fmt::format("{} of {} instances run {}", batch.wanted_healthy,
                                         step.instances, title(wanted));
    const bool reached = batch.wanted_healthy >= step.updated &&
                         batch.others <= step.instances - step.updated && batch.leaving == 0 &&
                         batch.healthy >= step.instances;
    if (reached) return passed(scene, says);
    const std::uint32_t most = 2 * step.instances + 2;
    const std::uint64_t mark =
        2 * std::min(batch.wanted_healthy, step.updated) + (most - std::min(batch.others, most));
    if (mark > scene.state.mark) return marks(mark, says);
    const bool boots = batch.wanted_healthy < step.updated;
    const milliseconds patience = scene.plan().boot_deadline +
                                  (boots ? milliseconds{0} : scene.plan().settings.drain_deadline);
    if (overdue(scene, patience)) {
        return failed(scene, Cause::failure,
                      {.code = "CF0325",
                       .what = fmt::format("{}, and no more come", says),
                       .why = complaint(**scene.sight.instances, step.pool, wanted.id),
                       .fix = "see `crossfade logs` of the new instance"});
    }
    return waits(scene, says);
}

}  // namespace engine
