// Steps that wait for evidence, for hooks and for people.

#include "base/duration.h"
#include "engine/body.h"
#include "engine/work.h"
#include "judge/guard.h"
#include "release/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace engine {

using base::Diagnostic;
using release::Pool;
using std::chrono::milliseconds;

namespace {

/// In a ramp the trial has the limit of errors, and finds it exceeded when that is no chance. Its
/// budget is what exceeds the old release's failures: without knowing those, nothing is counted.
judge::Limits limits_of(const Progress& progress) {
    const release::Plan& plan = progress.plan;
    const release::Guard& guard = plan.guard;
    const bool by_evidence = release::rises_by_evidence(plan);
    judge::Limits limits{
        .error_permille_max = by_evidence ? base::kAll.value : guard.error_rate_max.value,
        .p99_max = guard.p99_max,
        .requests_min = guard.requests_min,
        .harm_max = guard.harm_max};
    if (progress.usual) {
        limits.usual = judge::usual_errors(*progress.usual, guard.error_rate_max.value / 1000.0);
        limits.usual_cuts = progress.usual->cut_rate;
        if (!progress.usual->dispersion.empty()) {
            limits.dispersion = progress.usual->dispersion.front();
        }
    }
    if (by_evidence && (!limits.usual || guard.exposure_max)) {
        limits.harm_max = std::numeric_limits<std::uint64_t>::max();
    }
    return limits;
}

/// The comparison with the old release has found it worse.
bool is_worse(const Scene& scene) {
    const std::optional<Evidence>& evidence = scene.progress.evidence;
    return evidence && evidence->is_worse();
}

}  // namespace

judge::Verdict verdict_now(const Scene& scene) {
    if (!scene.sight.counts || !*scene.sight.counts) {
        return {.word = judge::Word::unknown,
                .metric = "evidence",
                .reason = fmt::format("the counts cannot be read: {}",
                                      scene.sight.counts ? scene.sight.counts->error().line()
                                                         : std::string("they were not asked"))};
    }
    const Tally tally = scene.progress.tally.with(**scene.sight.counts);
    const Pool pool = scene.plan().target;
    judge::Verdict by_limits = judge::judge(
        limits_of(scene.progress), {.watched = counts_of(tally.watch, pool),
                                    .since_first = counts_of(tally.run, pool),
                                    .baseline = counts_of(tally.watch, release::other(pool))});
    const std::optional<Evidence>& evidence = scene.progress.evidence;
    if (by_limits.word == judge::Word::fail || !evidence) return by_limits;
    if (evidence->is_worse() || evidence->is_held()) return evidence->verdict();
    // What could be read at the last tick may be blind by now: that holds, and fails nothing.
    const auto blind = blind_now(scene.plan().guard.metrics, scene.sight.sources);
    return blind ? *blind : by_limits;
}

bool may_skip(const Scene& scene) {
    return scene.progress.promoted || scene.progress.consents.contains(scene.step.id);
}

std::string waits_for_person(const Scene& scene, std::string_view why) {
    return fmt::format("{}: `crossfade promote` or `crossfade abort` (step {})", why,
                       scene.step.id);
}

void note_counts(const Scene& scene, base::Json& body) {
    body["counts"] = json_of(**scene.sight.counts);
    if (const auto age = scene.sight.counts_age; age.count() > 0)
        body["counts_age_ms"] = age.count();
}

Note says(const Scene& scene, const judge::Verdict& verdict) {
    base::Json body{{"step", scene.step.id},
                    {"word", judge::name_of(verdict.word)},
                    {"metric", verdict.metric},
                    {"reason", verdict.reason}};
    if (scene.sight.counts && *scene.sight.counts) note_counts(scene, body);
    if (scene.sight.instances && *scene.sight.instances) {
        body["vitals"] = json_of(vitals_of(**scene.sight.instances, scene.plan()));
    }
    if (scene.sight.sources) body["sources"] = json_of(*scene.sight.sources);
    return {RecordKind::verdict, base::canonical(body)};
}

namespace {

std::map<std::string, std::string> context_of(const Scene& scene) {
    const release::Plan& plan = scene.plan();
    std::string addresses;
    if (scene.sight.instances && *scene.sight.instances) {
        for (const Instance& each : **scene.sight.instances) {
            if (each.pool != plan.target || each.state != InstanceState::healthy) continue;
            addresses += (addresses.empty() ? "" : " ") + each.address;
        }
    }
    return {{"CROSSFADE_APPLICATION", plan.application},
            {"CROSSFADE_RUN", plan.id},
            {"CROSSFADE_RELEASE", plan.to.id},
            {"CROSSFADE_VERSION", release::to_text(plan.to.version)},
            {"CROSSFADE_PREVIOUS_VERSION", plan.from ? release::to_text(plan.from->version) : ""},
            {"CROSSFADE_STRATEGY", std::string(release::name_of(plan.strategy))},
            {"CROSSFADE_STAGE", std::string(release::name_of(scene.step.stage))},
            {"CROSSFADE_STEP", scene.step.id},
            {"CROSSFADE_POOL", std::string(release::name_of(plan.target))},
            {"CROSSFADE_INSTANCES", addresses}};
}

/// Whether a verdict is about a limit that the release was not to exceed, whatever the old one
/// does.
bool is_of_gauge(const Scene& scene, std::string_view metric) {
    const auto& own = scene.plan().guard.metrics;
    return metric == "memory" || std::any_of(own.begin(), own.end(), [&](const auto& each) {
               return each.name == metric && each.is_gauge();
           });
}

Move condemned(const Scene& scene, const judge::Verdict& verdict) {
    const bool is_compared = is_worse(scene) && !is_of_gauge(scene, verdict.metric);
    return turned(
        scene, Cause::verdict,
        {.code = "CF0340",
         .what = verdict.reason,
         .why = is_compared
                    ? fmt::format("it is worse than the old release: {}", verdict.metric)
                    : fmt::format("the limit `{}` of the guard is exceeded", verdict.metric)});
}

/// What to do under a verdict that has been recorded.
Move under_verdict(const Scene& scene, const release::Watch& step, const judge::Verdict& verdict) {
    const base::Instant over = scene.state.entered + step.length;
    const base::Instant look_again = scene.now() + scene.plan().guard.interval;
    if (verdict.word == judge::Word::fail) {
        return condemned(scene, verdict);
    }
    if (scene.progress.paused_at) {
        return Wait{look_again, RunState::paused,
                    fmt::format("paused by {}, and still watched: {}", scene.progress.wanted_by,
                                verdict.reason),
                    std::nullopt};
    }
    if (may_skip(scene)) return passed(scene, "promoted: " + verdict.reason);
    if (auto move = strayed(scene)) return *move;
    if (scene.now() < over) {
        return Wait{std::min(look_again, over), RunState::waiting,
                    fmt::format("watches {}: {}", release::to_text(scene.plan().to.version),
                                verdict.reason),
                    over};
    }
    if (verdict.word == judge::Word::pass) return passed(scene, verdict.reason);
    const base::Instant patient =
        scene.state.unknown_since.value_or(scene.now()) + scene.plan().guard.unknown_max;
    if (scene.now() < patient) {
        return Wait{look_again, RunState::waiting, "holds, for want of evidence: " + verdict.reason,
                    patient};
    }
    return Wait{look_again, RunState::consent, waits_for_person(scene, verdict.reason),
                std::nullopt};
}

}  // namespace

std::optional<Move> judged_meanwhile(const Scene& scene) {
    const bool is_new = !scene.back() && !scene.plan().is_rollback && scene.plan().from;
    if (!is_new || !scene.progress.tally.started) return std::nullopt;
    const judge::Verdict& before = scene.progress.verdict;
    if (scene.state.judged && before.word == judge::Word::fail) return condemned(scene, before);
    const judge::Verdict verdict = verdict_now(scene);
    if (verdict.word != judge::Word::fail) return std::nullopt;
    return says(scene, verdict);
}

Move watch(const Scene& scene, const release::Watch& step) {
    const judge::Verdict& before = scene.progress.verdict;
    if (scene.state.judged && before.word == judge::Word::fail) {
        return under_verdict(scene, step, before);  // more requests do not take a fail back
    }
    const judge::Verdict verdict = verdict_now(scene);
    const bool news = !scene.state.judged || verdict.word != before.word;
    // The counts are written down each tick, although the verdict stays the same.
    if (!news && scene.now() < scene.progress.verdict_at + Evidence::tick_of(scene.plan().guard)) {
        return under_verdict(scene, step, verdict);
    }
    return says(scene, verdict);
}

Move call_hook(const Scene& scene, const release::CallHook& step) {
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    const CallState* before = call_of(scene, "");
    if (before != nullptr && before->hook == HookState::failed) {
        return failed(
            scene, Cause::failure,
            {.code = "CF0341",
             .what = fmt::format("hook {} says no: {}", step.hook.name, before->diagnostic.what),
             .why = before->diagnostic.why,
             .fix = {}});
    }
    const base::Instant over = scene.state.entered + step.hook.deadline;
    const bool done = before != nullptr && before->done;
    if (!done && before != nullptr && scene.now() >= over) {
        return failed(scene, Cause::deadline,
                      {.code = "CF0342",
                       .what = fmt::format("hook {} did not succeed within {}", step.hook.name,
                                           base::to_text(step.hook.deadline)),
                       .why = before->diagnostic.what,
                       .fix = {}});
    }
    if (before != nullptr && before->hook == HookState::in_progress) {
        const base::Instant again = before->last + before->retry_after;
        if (scene.now() < again) {
            return Wait{again, RunState::waiting,
                        fmt::format("hook {} is in progress", step.hook.name), over};
        }
        return Call{CallOut{step.hook, context_of(scene)},
                    token_for(scene.plan().id, scene.step.id, scene.progress.direction()), false};
    }
    if (auto move = called(scene, "", CallOut{step.hook, context_of(scene)})) return *move;
    return passed(scene);
}

namespace {

/// Who let the present step pass.
std::string consenter_to(const Scene& scene) {
    const auto& answers = scene.progress.answers;
    const auto found = std::find_if(answers.rbegin(), answers.rend(), [&](const Consent& each) {
        return each.step == scene.step.id && each.why_void.empty();
    });
    return found == answers.rend() ? scene.progress.wanted_by : found->by;
}

}  // namespace

Move await_consent(const Scene& scene, const release::AwaitConsent& step) {
    const bool consented = scene.progress.consents.contains(scene.step.id);
    if (consented || (may_skip(scene) && !step.gate.second_person)) {
        return passed(scene, fmt::format("{} consented", consenter_to(scene)));
    }
    const base::Instant over = scene.state.entered + step.gate.deadline;
    const bool goes_on = step.gate.at_deadline == release::GateDefault::promote;
    if (auto move = strayed(scene); move && (goes_on || scene.now() < over)) return *move;
    std::string owner = step.gate.owner.empty() ? "a person" : step.gate.owner;
    if (step.gate.second_person) owner += " other than " + beginner_of(scene.progress);
    if (scene.now() < over) {
        return Wait{std::min(over, scene.now() + scene.poll), RunState::consent,
                    waits_for_person(scene, fmt::format("{} waits for {}", step.gate.name, owner)),
                    over};
    }
    if (goes_on) {
        return passed(scene, "nobody answered in time, and the gate's default is to go on");
    }
    return turned(scene, Cause::deadline,
                  {.code = "CF0343",
                   .what = fmt::format("{} did not consent to {} within {}", owner, step.gate.name,
                                       base::to_text(step.gate.deadline)),
                   .why = {},
                   .fix = "release again when they can answer"});
}

}  // namespace engine
