#include "engine/status.h"

#include "engine/decide.h"
#include "engine/progress.h"
#include "engine/work.h"
#include "judge/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace engine {

using release::Pool;

namespace {

constexpr std::chrono::milliseconds kPoll{200};  // of the driver, as far as a look at it goes
constexpr std::chrono::milliseconds kLookPatience{2'000};
constexpr std::chrono::seconds kShareWindow{2};

PoolStatus pool_status(Pool pool, const Sight& sight, const std::optional<Split>& split) {
    PoolStatus status;
    status.pool = pool;
    if (split) status.share_set = share_of(pool, *split);
    std::map<std::string, std::uint32_t> releases;
    if (sight.instances && *sight.instances) {
        for (const Instance& each : **sight.instances) {
            if (each.pool != pool) continue;
            ++status.instances;
            ++releases[each.release];
            if (each.state == InstanceState::healthy) ++status.healthy;
            if (each.state == InstanceState::draining) ++status.draining;
        }
    }
    const auto most = std::max_element(releases.begin(), releases.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    if (most != releases.end()) status.release = most->first;
    if (!sight.traffic || !*sight.traffic) return status;
    const PoolView& view = (*sight.traffic)->of(pool);
    status.sockets = view.sockets_open;
    status.in_flight = view.requests_in_flight;
    const std::uint64_t all =
        view.requests_begun + (*sight.traffic)->of(release::other(pool)).requests_begun;
    if (all > 0) {
        status.share_observed =
            base::Permille{static_cast<std::uint16_t>(view.requests_begun * 1000 / all)};
    }
    return status;
}

std::vector<StepStatus> steps_of(const Progress& progress) {
    std::vector<StepStatus> out;
    const auto add = [&](const release::Step& step, bool is_present_list, std::size_t index) {
        StepStatus status;
        const auto mark = progress.marks.find(step.id);
        if (mark != progress.marks.end()) status = mark->second;
        status.id = step.id;
        status.stage = step.stage;
        status.reason = step.reason;
        if (status.place != StepStatus::Place::undone) {
            if (status.passed) {
                status.place = StepStatus::Place::passed;
            } else if (is_present_list && index == progress.next && !progress.closed) {
                status.place = StepStatus::Place::current;
            }
        }
        out.push_back(std::move(status));
    };
    for (std::size_t i = 0; i < progress.plan.steps.size(); ++i) {
        add(progress.plan.steps[i], !progress.turned, i);
    }
    for (std::size_t i = 0; i < progress.way_back.size(); ++i) {
        add(progress.way_back[i], progress.turned, i);
    }
    return out;
}

WayBack way_back(const Progress& progress, const Sight& sight) {
    WayBack out;
    const release::Plan& plan = progress.plan;
    if (progress.ending && *progress.ending != Ending::succeeded) {
        out.sentence = "the old release serves; there is nothing to take back";
        return out;
    }
    if (!plan.from) {
        out.sentence = plan.way_back;
        return out;
    }
    if (!sight.instances || !*sight.instances) {
        out.sentence = "unknown: the fleet cannot be asked";
        return out;
    }
    const std::uint32_t healthy = healthy_in(**sight.instances, plan.active);
    const std::string version = release::to_text(plan.from->version);
    if (plan.target == plan.active) {
        out.feasible = true;
        out.sentence = plan.way_back;
        return out;
    }
    out.feasible = true;
    if (healthy > 0) {
        out.until = progress.retire_at;
        out.sentence = fmt::format("one write brings {} back: {} instances stand by, healthy",
                                   version, healthy);
    } else {
        out.sentence = fmt::format("{} has no healthy instance: they are started first", version);
    }
    return out;
}

/// Whether a watch has been without data for so long that a person is asked.
bool asks_person(const Progress& progress, base::Instant at) {
    const auto unknown_max = progress.plan.guard.unknown_max;
    if (const auto* watch = std::get_if<release::Watch>(&progress.present()->action)) {
        const auto& since = progress.step->unknown_since;
        return since && at >= *since + unknown_max && at >= progress.step->entered + watch->length;
    }
    const auto since = progress.evidence ? progress.evidence->blind_since() : std::nullopt;
    return since && at >= *since + unknown_max;
}

/// A watch goes on while its driver writes down what it saw; and who only looks, and has no counts,
/// does not know better than what was written. False where the step is no watch.
bool describe_watch(Status& status, const Progress& progress, const Sight& sight) {
    const release::Step* step = progress.present();
    if (step == nullptr || !progress.step || progress.turned) return false;
    const auto* watch = std::get_if<release::Watch>(&step->action);
    if (watch == nullptr && !std::holds_alternative<release::Ramp>(step->action)) return false;
    const std::string says =
        progress.verdict.reason.empty() ? step->reason : progress.verdict.reason;
    if (progress.paused_at) {
        status.state = RunState::paused;
        status.sentence =
            fmt::format("paused by {}, and still watched: {}", progress.wanted_by, says);
        return true;
    }
    if (asks_person(progress, sight.at)) {
        status.state = RunState::consent;
        status.sentence = waits_for_person({progress, *step, *progress.step, sight, {}}, says);
        return true;
    }
    status.state = RunState::waiting;
    status.sentence = fmt::format("watches {}: {}", status.to, says);
    if (watch != nullptr) status.when = progress.step->entered + watch->length;
    return true;
}

/// Of a watch that holds because somebody else moved the traffic.
std::optional<Wait> held_by_others(const Progress& progress, const Sight& sight) {
    const release::Step* step = progress.present();
    const bool watches =
        progress.step && step != nullptr && std::holds_alternative<release::Watch>(step->action);
    if (!watches) return std::nullopt;
    const auto move = strayed({progress, *step, *progress.step, sight, kPoll});
    if (const auto* wait = move ? std::get_if<Wait>(&*move) : nullptr) return *wait;
    return std::nullopt;
}

void describe(Status& status, const Progress& progress, const Sight& sight,
              const std::optional<Lease>& lease) {
    const bool driven = lease && sight.at < lease->until;
    status.driver = driven ? lease->holder : "";
    const Move move = decide(progress, sight, kPoll);
    const auto* wait = std::get_if<Wait>(&move);
    if (progress.closed || (progress.ending && *progress.ending != Ending::succeeded)) {
        status.state = RunState::ended;
        status.sentence = ending_sentence(progress);
    } else if (progress.ending) {
        status.state = RunState::warm;
        status.sentence = ending_sentence(progress);
        status.when = progress.retire_at;
        status.next = "the old release's instances end";
    } else if (progress.interrupted || !driven) {
        status.state = RunState::interrupted;
        status.sentence =
            "nobody drives this release: `crossfade resume` carries on, `crossfade "
            "abort` and then `resume` goes back";
    } else if (const auto held = held_by_others(progress, sight)) {
        status.state = held->state;
        status.sentence = held->sentence;
    } else if (!sight.counts && describe_watch(status, progress, sight)) {
        // Told from the records.
    } else if (wait != nullptr) {
        status.state = progress.turned ? RunState::going_back : wait->state;
        status.sentence = wait->sentence;
        status.when = wait->when;
    } else if (!describe_watch(status, progress, sight)) {
        status.state = progress.turned ? RunState::going_back : RunState::running;
        const release::Step* step = progress.present();
        status.sentence = step != nullptr ? step->reason : "the run ends";
    }
}

}  // namespace

std::string ending_sentence(const Progress& progress) {
    const std::string to = release::to_text(progress.plan.to.version);
    const std::string from =
        progress.plan.from ? release::to_text(progress.plan.from->version) : "nothing";
    const std::string harm =
        progress.harm > 0 ? fmt::format("; {} requests and WebSockets failed on it", progress.harm)
                          : "";
    switch (progress.ending.value_or(Ending::interrupted)) {
        case Ending::succeeded:
            return fmt::format("{} serves all users{}", to, harm);
        case Ending::rolled_back:
        case Ending::timed_out:
            return fmt::format("stable on {}: {} was taken back: {}{}", from, to, progress.reason,
                               harm);
        case Ending::stuck:
            return fmt::format("a person must look: {}{}", progress.reason, harm);
        case Ending::refused:
            return fmt::format("nothing was changed: {}", progress.reason);
        case Ending::interrupted:
            return "interrupted: traffic stays as it is; `crossfade resume` carries on";
        case Ending::displaced:
            return "another driver carries this release on";
    }
    return "";
}

Status status_from(const Progress& progress, const Sight& sight,
                   const std::optional<Lease>& lease) {
    Status status;
    const release::Plan& plan = progress.plan;
    status.run = plan.id;
    status.application = plan.application;
    status.from = plan.from ? release::to_text(plan.from->version) : "";
    status.to = release::to_text(plan.to.version);
    status.strategy = plan.is_rollback ? "rollback" : std::string(release::name_of(plan.strategy));
    status.actor = progress.actor;
    status.since = progress.begun_at;
    if (progress.ending) status.over = progress.ended_at;
    status.ending = progress.ending;
    status.cause = progress.cause;
    status.reason = progress.reason;
    status.steps = steps_of(progress);
    status.step = std::min(progress.next + 1, progress.steps().size());
    if (const release::Step* step = progress.present()) {
        status.stage = step->stage;
        if (progress.next + 1 < progress.steps().size()) {
            status.next = progress.steps()[progress.next + 1].reason;
        }
    } else if (!plan.steps.empty()) {
        status.stage = plan.steps.back().stage;
    }
    if (sight.split && *sight.split) status.split = **sight.split;
    status.pools = {pool_status(Pool::blue, sight, status.split),
                    pool_status(Pool::green, sight, status.split)};
    if (sight.instances && *sight.instances) status.instances = **sight.instances;
    const auto note_unseen = [&status](std::string_view what, const auto& seen) {
        if (seen && !*seen)
            status.unseen.push_back(fmt::format("{}: {}", what, seen->error().line()));
    };
    note_unseen("split", sight.split);
    note_unseen("traffic", sight.traffic);
    note_unseen("fleet", sight.instances);
    status.verdict = progress.verdict;
    const judge::PoolCounts& run = progress.tally.run;
    status.harm = progress.ending ? progress.harm : judge::harm_of(counts_of(run, plan.target));
    const bool counts_users = plan.guard.exposure_max && release::rises_by_evidence(plan);
    if (!counts_users) status.harm_max = plan.guard.harm_max;
    status.consents = progress.answers;
    if (const release::Step* step = progress.present(); step != nullptr && !progress.ending) {
        const auto* gate = std::get_if<release::AwaitConsent>(&step->action);
        if (gate != nullptr && gate->gate.second_person) status.not_by = beginner_of(progress);
    }
    status.way_back = way_back(progress, sight);
    status.head = progress.head;
    describe(status, progress, sight, lease);
    return status;
}

Sight look(Traffic& traffic, Fleet& fleet, base::Clock& clock) {
    Sight sight;
    sight.split = traffic.read(clock.deadline_in(kLookPatience));
    sight.traffic = traffic.observe(kShareWindow, clock.deadline_in(kLookPatience));
    sight.instances = fleet.list(clock.deadline_in(kLookPatience));
    sight.at = clock.now();
    return sight;
}

base::Result<Status> status_of(const std::vector<Record>& records, const Sight& sight,
                               const std::optional<Lease>& lease) {
    const auto progress = progress_of(records);
    if (!progress && progress.error().failure == base::Failure::not_found) {
        Status status;
        status.sentence = "no release yet: `crossfade deploy`";
        return status;
    }
    if (!progress) return base::fail(progress);
    return status_from(*progress, sight, lease);
}

}  // namespace engine
