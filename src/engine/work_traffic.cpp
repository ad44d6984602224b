// Steps that move users and take capacity away: shift, drain, retire.

#include "engine/body.h"
#include "engine/share.h"
#include "engine/work.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

using base::Diagnostic;
using release::Pool;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Requests are counted in whole seconds: a shorter look cannot tell before from after.
constexpr milliseconds kShortestWindow{1'000};

constexpr std::uint32_t kRetainTries = 3;

double percent(base::Permille share) {
    return share.value / 10.0;
}

/// Brings the old pool back when it has no healthy instance, before users are sent there (P4).
/// None once it can take them: all that were wished, or any when the others take too long.
std::optional<Move> restored(const Scene& scene, Pool pool,
                             const std::vector<Instance>& instances) {
    const release::Plan& plan = scene.plan();
    const std::uint32_t healthy = healthy_in(instances, pool);
    const CallState* before = call_of(scene, "restore");
    if (before == nullptr && healthy > 0) return std::nullopt;
    if (!plan.from) return std::nullopt;
    if (auto move = called(scene, "restore", EnsurePool{pool, {*plan.from, plan.instances}})) {
        return healthy > 0 ? std::nullopt : move;
    }
    const bool waited = scene.now() > before->last + plan.boot_deadline;
    if (healthy >= plan.instances || (healthy > 0 && waited)) return std::nullopt;
    const Diagnostic lacking{
        .code = "CF0332",
        .what = fmt::format("{} of {} instances of the old release are healthy again", healthy,
                            plan.instances)};
    if (overdue(scene, plan.settings.progress_deadline)) {
        return failed(scene, Cause::deadline, lacking);
    }
    return waits(scene, lacking.what);
}

/// Whoever is to get more users must be able to take them (P4).
std::optional<Move> ready_for_traffic(const Scene& scene, Pool pool) {
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return move;
    const std::vector<Instance>& instances = **scene.sight.instances;
    if (scene.back()) return restored(scene, pool, instances);
    const std::uint32_t healthy = healthy_in(instances, pool);
    const std::uint32_t least = scene.plan().is_rollback ? 1 : scene.plan().instances;
    if (healthy >= std::max(least, 1U)) return std::nullopt;
    const Diagnostic lacking{
        .code = "CF0333",
        .what = fmt::format("{} of {} instances in {} are healthy, too few for more traffic",
                            healthy, scene.plan().instances, release::name_of(pool)),
        .why = {},
        .fix = "see `crossfade instances`"};
    if (overdue(scene, scene.plan().boot_deadline)) return failed(scene, Cause::failure, lacking);
    return waits(scene, lacking.what);
}

Note shares(const Scene& scene, std::string says) {
    return {
        RecordKind::observed,
        base::canonical({{"fact", "share"}, {"step", scene.step.id}, {"says", std::move(says)}})};
}

/// Set is not moved: looks at the data plane until the share is real (P3).
Move observed(const Scene& scene, const release::Shift& step, base::Instant set_at) {
    if (scene.now() < set_at + kShortestWindow) {
        return Wait{std::min<base::Instant>(set_at + kShortestWindow, scene.now() + scene.poll),
                    scene.back() ? RunState::going_back : RunState::waiting,
                    "waits for a second of requests under the new split", set_at + kShortestWindow};
    }
    if (auto move = unseen(scene, scene.sight.traffic, "the data plane")) return *move;
    const TrafficView& view = **scene.sight.traffic;
    const std::uint64_t here = view.of(step.to).requests_begun;
    const std::uint64_t all = here + view.of(release::other(step.to)).requests_begun;
    const milliseconds settle = std::max(scene.plan().settings.settle, kShortestWindow);
    const bool enough = all >= kRequestsThatTell || scene.now() >= set_at + settle;
    // Users of a cohort ask unequally often: between nobody and all, requests tell nothing of
    // a share. What does is that it is stored, read back, and acknowledged by each worker.
    const bool inner = step.share > base::kNone && step.share < base::kAll;
    const bool told_by_requests = !(inner && scene.plan().settings.cohort);
    if (enough && (!told_by_requests || share_is_real(here, all, step.share))) {
        return shares(scene, all == 0 ? std::string("no request came to tell the share from: it "
                                                    "is stored, read back and settled")
                                      : fmt::format("{} of {} requests went to {}", here, all,
                                                    release::name_of(step.to)));
    }
    const std::string says = fmt::format("{} of {} requests go to {}, {:g} % are wanted", here, all,
                                         release::name_of(step.to), percent(step.share));
    if (overdue(scene, scene.plan().settings.progress_deadline)) {
        return failed(
            scene, Cause::deadline,
            {.code = "CF0334", .what = "the data plane does not follow the split: " + says});
    }
    return waits(scene, says);
}

}  // namespace

Move baseline(const Scene& scene) {
    const judge::PoolCounts& counts = **scene.sight.counts;
    const Pool old = scene.plan().active;
    std::string says = "counts before the new release's first request";
    std::vector<judge::Stretch> history;
    if (scene.sight.past && *scene.sight.past) {
        history = stretches_of(**scene.sight.past, old);
    } else if (scene.sight.past) {
        // It is judged all the same, with less knowledge, and the record says so (P8).
        says += "; traffic before them cannot be read: " + scene.sight.past->error().line();
    }
    base::Json body{{"fact", "baseline"},
                    {"says", says},
                    {"usual", json_of(judge::usual_of(history, counts_of(counts, old)))}};
    note_counts(scene, body);
    if (scene.sight.sources) body["sources"] = json_of(*scene.sight.sources);
    return Note{RecordKind::observed, base::canonical(body)};
}

std::optional<Move> stored(const Scene& scene, std::string_view name, Pool to,
                           base::Permille share) {
    const Split wanted{
        to == Pool::green ? share : base::Permille{static_cast<std::uint16_t>(1000 - share.value)}};
    const bool first = scene.sight.split && !*scene.sight.split &&
                       scene.sight.split->error().failure == base::Failure::not_found;
    if (!first) {
        if (auto move = unseen(scene, scene.sight.split, "the split")) return move;
    }
    const bool there = !first && **scene.sight.split == wanted;
    const CallState* call = call_of(scene, name);
    if (call == nullptr || !call->done) {
        if (call != nullptr && there) {
            return Note{RecordKind::result,
                        base::canonical({{"token", token_of(scene, name).text},
                                         {"outcome", "done"},
                                         {"says", "it was not answered, and is found done"}})};
        }
        if (auto move = ready_for_traffic(scene, to)) return move;
        return called(scene, name, SetSplit{wanted});
    }
    if (there) return std::nullopt;
    const Diagnostic moved{.code = "CF0335",
                           .what = "the split that was stored is not the one that is read back",
                           .why = "someone else sets the weights, or the provider is late",
                           .fix = "look for another writer of the router's rule"};
    if (overdue(scene, scene.plan().settings.progress_deadline)) {
        return failed(scene, Cause::failure, moved);
    }
    return waits(scene, moved.what);
}

namespace {

/// What the new release was given by the steps before this one.
base::Permille stored_before(const Scene& scene) {
    const std::vector<release::Step>& steps = scene.progress.steps();
    for (std::size_t i = std::min(scene.progress.next, steps.size()); i-- > 0;) {
        if (const auto* shift = std::get_if<release::Shift>(&steps[i].action)) return shift->share;
        if (std::holds_alternative<release::Ramp>(steps[i].action) ||
            std::holds_alternative<release::Recreate>(steps[i].action)) {
            return base::kAll;
        }
    }
    return base::kNone;
}

}  // namespace

std::optional<Move> strayed(const Scene& scene) {
    const Pool to = scene.plan().target;
    const bool divides = scene.plan().from && to != scene.plan().active;
    if (!divides || scene.back() || !scene.sight.split) return std::nullopt;
    std::string says;
    if (const base::Result<Split>& split = *scene.sight.split; split) {
        const base::Permille wanted = stored_before(scene);
        const base::Permille found = share_of(to, *split);
        if (found == wanted) return std::nullopt;
        says = fmt::format(
            "somebody else moved the traffic: {} has {:g} %, and this release gave it {:g} %",
            release::name_of(to), percent(found), percent(wanted));
    } else if (split.error().failure == base::Failure::conflict) {
        says = split.error().line();  // the provider saw it for itself
    } else {
        return std::nullopt;
    }
    return Wait{scene.now() + scene.poll, RunState::consent,
                waits_for_person(scene, says + "; it goes on once that is as it was"),
                std::nullopt};
}

Move shift(const Scene& scene, const release::Shift& step) {
    const CallState* call = call_of(scene, "");
    const bool called_before = call != nullptr && call->done;
    const bool counts_first = !scene.back() && !scene.plan().is_rollback;
    if (call == nullptr && counts_first && !scene.progress.tally.started) {
        if (auto move = unseen(scene, scene.sight.counts, "the counts")) return *move;
        return baseline(scene);
    }
    if (called_before) {
        if (auto move = judged_meanwhile(scene)) return *move;
    }
    if (auto move = stored(scene, "", step.to, step.share)) return *move;
    if (!scene.state.real_at) return observed(scene, step, call->last);
    const milliseconds settle =
        scene.back() || scene.plan().is_rollback ? milliseconds{0} : scene.plan().settings.settle;
    // From the moment that it was set: the look for the share is part of it. Before capacity
    // leaves, `may_leave` counts anew from the moment that it was seen.
    const base::Instant settled = call->last + settle;
    if (scene.now() < settled) {
        return Wait{
            settled, RunState::waiting,
            fmt::format("{} has {:g} %; settles", release::name_of(step.to), percent(step.share)),
            settled};
    }
    return passed(scene);
}

namespace {

/// Capacity leaves only when its pool has no share, observed, and the settle time is over (P3).
std::optional<Move> may_leave(const Scene& scene, Pool pool) {
    if (auto move = unseen(scene, scene.sight.split, "the split")) return move;
    if (share_of(pool, **scene.sight.split) > base::kNone) {
        const Diagnostic taking{
            .code = "CF0336",
            .what = fmt::format("{} still has {:g} % of the traffic", release::name_of(pool),
                                percent(share_of(pool, **scene.sight.split))),
            .why = "someone else sets the weights",
            .fix = "send all traffic to the other pool, or `crossfade abort`"};
        if (overdue(scene, scene.plan().settings.progress_deadline)) {
            return failed(scene, Cause::failure, taking);
        }
        return waits(scene, taking.what);
    }
    if (auto move = unseen(scene, scene.sight.traffic, "the data plane")) return move;
    if (const auto begun = (*scene.sight.traffic)->of(pool).requests_begun; begun > 0) {
        const std::string says =
            fmt::format("{} requests of the last second went to {} all the same", begun,
                        release::name_of(pool));
        if (overdue(scene, scene.plan().settings.progress_deadline)) {
            return failed(scene, Cause::deadline, {.code = "CF0337", .what = says});
        }
        return waits(scene, says);
    }
    if (!scene.progress.real_at) return std::nullopt;
    const base::Instant settled =
        *scene.progress.real_at + scene.plan().settings.settle_before_leaving;
    if (scene.now() >= settled) return std::nullopt;
    return Wait{settled, scene.back() ? RunState::going_back : RunState::waiting,
                "settles before capacity leaves", settled};
}

std::string remaining(const PoolView& view, std::uint32_t sockets_a_second) {
    std::string made = fmt::format("{} requests in flight, {} sockets left",
                                   view.requests_in_flight, view.sockets_open);
    if (sockets_a_second > 0 && view.sockets_open > 0) {
        made += fmt::format(", about {} s",
                            (view.sockets_open + sockets_a_second - 1) / sockets_a_second);
    }
    return made;
}

}  // namespace

Move drain(const Scene& scene, const release::Drain& step) {
    if (auto move = may_leave(scene, step.pool)) return *move;
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    std::vector<std::string> ids;
    for (const Instance& each : **scene.sight.instances) {
        if (each.pool == step.pool && each.state != InstanceState::stopping) ids.push_back(each.id);
    }
    if (ids.empty()) return passed(scene, "no instance is left");
    std::sort(ids.begin(), ids.end());
    const std::uint32_t pace = scene.plan().settings.drain_sockets_a_second;
    const base::Instant over = scene.state.entered + scene.plan().settings.drain_deadline;
    const PoolView& view = (*scene.sight.traffic)->of(step.pool);
    if (scene.now() >= over)
        return passed(scene, remaining(view, pace) + " at the drain's deadline");
    if (auto move = called(scene, "", MoveSockets{step.pool, ids, pace})) return *move;
    if (view.requests_in_flight == 0 && view.sockets_open == 0) return passed(scene);
    return Wait{scene.now() + scene.poll, scene.back() ? RunState::going_back : RunState::waiting,
                fmt::format("{} drains: {}", release::name_of(step.pool), remaining(view, pace)),
                over};
}

Move retire(const Scene& scene, const release::Retire& step) {
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    const CallState* before = call_of(scene, "");
    if (before == nullptr || !before->done) {
        const bool served = scene.sight.split && *scene.sight.split;
        if (served || scene.plan().from) {
            if (auto move = may_leave(scene, step.pool)) return *move;
            const PoolView& view = (*scene.sight.traffic)->of(step.pool);
            const base::Instant over = scene.state.entered + scene.plan().settings.drain_deadline;
            if (view.requests_in_flight > 0 && scene.now() < over) {
                return waits(scene, fmt::format("{} drains: {}", release::name_of(step.pool),
                                                remaining(view, 0)));
            }
        }
        if (auto move = called(scene, "", RetirePool{step.pool})) return *move;
    }
    const auto left = static_cast<std::uint64_t>(
        std::count_if((*scene.sight.instances)->begin(), (*scene.sight.instances)->end(),
                      [&](const Instance& each) { return each.pool == step.pool; }));
    if (left > 0) {
        const milliseconds patience =
            scene.plan().settings.drain_deadline + scene.plan().settings.progress_deadline;
        const std::string says =
            fmt::format("{} instances in {} still end", left, release::name_of(step.pool));
        if (overdue(scene, patience)) {
            return failed(scene, Cause::deadline, {.code = "CF0338", .what = says});
        }
        return waits(scene, says);
    }
    if (scene.back()) return passed(scene);
    const CallState* kept = call_of(scene, "retain");
    const bool given_up = kept != nullptr && kept->failure && kept->tries >= kRetainTries;
    if (given_up) return passed(scene);  // files that are kept too long harm nobody
    std::vector<release::Release> keep = scene.progress.reachable;
    keep.push_back(scene.plan().to);
    if (scene.plan().from) keep.push_back(*scene.plan().from);
    if (auto move = called(scene, "retain", RetainFiles{std::move(keep)})) return *move;
    return passed(scene);
}

}  // namespace engine
