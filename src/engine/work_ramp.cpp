// The step that raises a new release's share as far as the evidence so far can afford.

#include "engine/body.h"
#include "engine/work.h"
#include "judge/steer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engine {

using base::Permille;

namespace {

using std::chrono::milliseconds;

double seconds_of(milliseconds length) {
    return std::chrono::duration<double>(length).count();
}

/// Down to the router's finest share, so that a weight is never more than is affordable.
Permille share_from(double weight) {
    const double permille = std::floor(weight * base::kAll.value + 1e-9);
    return Permille{static_cast<std::uint16_t>(std::clamp(permille, 1.0, 999.0))};
}

judge::Traffic traffic_of(const Scene& scene, const Evidence& evidence) {
    const release::Plan& plan = scene.plan();
    // What happens is counted late; it counts at the end of its tick; then the split is written, as
    // slowly as it was so far, and settles.
    const milliseconds reaction = scene.sight.counts_age + Evidence::tick_of(plan.guard) +
                                  plan.guard.interval + scene.progress.slowest_split +
                                  plan.settings.settle;
    return {.requests_per_second = evidence.requests_per_second(),
            .reaction_seconds = seconds_of(reaction),
            .is_warming = evidence.is_warming(scene.now()),
            .bake_seconds = seconds_of(plan.settings.bake)};
}

double first_weight(const Scene& scene, const Evidence& evidence) {
    const judge::Traffic traffic = traffic_of(scene, evidence);
    return judge::first_weight(budget_of(scene.plan().guard),
                               {.requests_per_second = traffic.requests_per_second,
                                .reaction_seconds = traffic.reaction_seconds});
}

Note course(const Scene& scene, Permille share, std::string_view why) {
    return {
        RecordKind::observed,
        base::canonical(
            {{"fact", "course"}, {"step", scene.step.id}, {"share", share.value}, {"says", why}})};
}

judge::Verdict spent(const Scene& scene, const judge::Verdict& verdict) {
    return {.word = judge::Word::fail,
            .metric = "harm",
            .reason = fmt::format("the budget of {} harmed requests is spent: {}",
                                  scene.plan().guard.harm_max, verdict.reason)};
}

judge::Course next_of(const Scene& scene, const Evidence& evidence) {
    return judge::steer(evidence.trial(), budget_of(scene.plan().guard),
                        traffic_of(scene, evidence), evidence.share().value / 1000.0);
}

/// What follows from a tick; nothing where the share stays as it is.
std::optional<Move> steered(const Scene& scene, const Evidence& evidence) {
    const judge::Verdict verdict = evidence.verdict();
    const judge::Course next = next_of(scene, evidence);
    if (next.heading == judge::Heading::back) return says(scene, spent(scene, verdict));
    const bool paused = scene.progress.paused_at.has_value();
    const bool stays = paused || evidence.is_held();
    if (next.heading == judge::Heading::finish && !stays) return passed(scene, verdict.reason);
    Permille share = share_from(next.weight);
    if (stays) share = std::min(share, *scene.state.course);
    if (share == *scene.state.course) return std::nullopt;
    return course(scene, share, verdict.reason);
}

Move rests(const Scene& scene, const Evidence& evidence) {
    const std::string reason = evidence.verdict().reason;
    const base::Instant look = scene.now() + scene.plan().guard.interval;
    const base::Instant again =
        scene.now() < evidence.due() ? std::min(look, evidence.due()) : look;
    const auto waits_in = [again](RunState state, std::string sentence) {
        return Wait{again, state, std::move(sentence), std::nullopt};
    };
    // Failing to measure is not failing: the share stays, and the tick ends when it can (P8).
    if (!scene.sight.counts || !*scene.sight.counts) {
        return waits_in(RunState::waiting, "holds: " + verdict_now(scene).reason);
    }
    const bool patient = scene.now() < scene.state.entered + scene.plan().guard.unknown_max;
    if (!patient && evidence.requests_per_second() <= 0) {
        return waits_in(RunState::consent,
                        waits_for_person(scene, "no requests come that it could be judged by"));
    }
    const auto blind = evidence.blind_since();
    if (blind && scene.now() >= *blind + scene.plan().guard.unknown_max) {
        return waits_in(RunState::consent, waits_for_person(scene, reason));
    }
    if (!scene.state.course) return waits_in(RunState::waiting, "counts requests for one tick");
    const std::string at = fmt::format("{:g} % of requests", scene.state.course->value / 10.0);
    if (scene.progress.paused_at) {
        return waits_in(RunState::paused, fmt::format("paused by {} at {}, and still compared: {}",
                                                      scene.progress.wanted_by, at, reason));
    }
    if (next_of(scene, evidence).budget_is_spent) {
        return waits_in(RunState::consent,
                        waits_for_person(scene, "its budget of harm is spent; " + reason));
    }
    return waits_in(
        RunState::waiting,
        fmt::format("{} has {}: {}", release::to_text(scene.plan().to.version), at, reason));
}

/// A share is raised only where the new release can take it, and lowered where the old one can.
std::optional<Move> routed(const Scene& scene, release::Pool to, Permille from) {
    const std::string name = fmt::format("share-{}", scene.state.courses);
    const Permille share = *scene.state.course;
    if (share >= from) return stored(scene, name, to, share);
    const Permille rest{static_cast<std::uint16_t>(base::kAll.value - share.value)};
    return stored(scene, name, release::other(to), rest);
}

}  // namespace

Move ramp(const Scene& scene, const release::Ramp& step) {
    const bool sees = scene.sight.counts && *scene.sight.counts;
    if (!scene.progress.tally.started) {
        if (auto move = unseen(scene, scene.sight.counts, "the counts")) return *move;
        return baseline(scene);
    }
    const Evidence& evidence = *scene.progress.evidence;
    if (scene.progress.phase == Phase::calling) {  // first it must be known what came of it
        if (auto move = routed(scene, step.to, evidence.share())) return *move;
    }
    if (auto move = judged_meanwhile(scene)) return *move;
    if (may_skip(scene)) return passed(scene, "promoted: " + evidence.verdict().reason);
    // A tick without the release tells how much traffic there is.
    if (sees && scene.now() >= evidence.due()) return says(scene, verdict_now(scene));
    if (!evidence.knows_traffic()) return rests(scene, evidence);
    if (!scene.state.course) {
        return course(scene, share_from(first_weight(scene, evidence)), "the first requests");
    }
    if (evidence.counted() > scene.state.course_at) {
        if (auto move = steered(scene, evidence)) return *move;
    }
    if (auto move = routed(scene, step.to, evidence.share())) return *move;
    return rests(scene, evidence);
}

}  // namespace engine
