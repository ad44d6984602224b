#include "engine/history.h"

#include "engine/progress.h"

#include <algorithm>
#include <cstdlib>

namespace engine {

using release::Pool;

namespace {

PastRun past(const Progress& progress) {
    return {.id = progress.plan.id,
            .release = progress.plan.to,
            .before = progress.plan.from,
            .strategy = progress.plan.strategy,
            .is_rollback = progress.plan.is_rollback,
            .plan = progress.digest,
            .actor = progress.actor,
            .order = progress.order,
            .begun = progress.begun_at,
            .ended = progress.ending ? std::optional(progress.ended_at) : std::nullopt,
            .ending = progress.ending,
            .cause = progress.cause,
            .reason = progress.reason,
            .harm = progress.harm};
}

/// Takes one run's end into account.
void settle(Releases& releases, const Progress& progress) {
    releases.runs.push_back(past(progress));
    const release::Plan& plan = progress.plan;
    for (const std::string& id : {plan.id, plan.to.id}) {
        if (id.size() < 2 || id.front() != 'r') continue;
        const auto number = static_cast<std::uint32_t>(std::strtoul(id.c_str() + 1, nullptr, 10));
        releases.next_number = std::max(releases.next_number, number + 1);
    }
    const bool swaps = plan.target != plan.active;
    if (progress.ending != Ending::succeeded) {
        if (!progress.ending) releases.active = plan.active;
        if (progress.scaled && swaps) releases.idle.reset();
        if (progress.ending) releases.warm_until.reset();
        return;
    }
    releases.current = plan.to;
    if (!plan.is_rollback) releases.rules = plan.rules;
    releases.active = plan.target;
    releases.warm_until.reset();
    if (!swaps) return;
    releases.idle.reset();
    if (plan.from && (!progress.closed || progress.kept)) {
        releases.idle = plan.from;
        if (!progress.closed) releases.warm_until = progress.retire_at;
    }
}

}  // namespace

base::Result<Releases> releases_of(const std::vector<Record>& records) {
    Releases releases;
    const auto begins = [](const Record& each) { return each.kind == name_of(RecordKind::begun); };
    for (auto run = std::find_if(records.begin(), records.end(), begins); run != records.end();) {
        const auto next = std::find_if(run + 1, records.end(), begins);
        // A run that is closed is history: most of its records say nothing that is shown later.
        const bool closed = std::any_of(
            run, next, [](const Record& each) { return each.kind == name_of(RecordKind::closed); });
        Progress progress;
        for (; run != next; ++run) {
            const auto taken = closed ? progress.recall(*run) : progress.apply(*run);
            if (!taken) return base::fail(taken);
        }
        settle(releases, progress);
    }
    return releases;
}

release::Present present_of(const Releases& releases, const std::vector<Instance>& instances) {
    release::Present present;
    present.active_release = releases.current;
    present.active = releases.active;
    present.idle_release = releases.idle;
    present.rules = releases.rules;
    if (!releases.idle) return present;
    for (const Instance& each : instances) {
        if (each.pool == release::other(releases.active) && each.release == releases.idle->id &&
            each.state == InstanceState::healthy) {
            ++present.idle_healthy;
        }
    }
    return present;
}

std::optional<release::Release> previous_release(const Releases& releases) {
    // The way back is a stack: a release pushes what it replaced, a rollback pops.
    std::vector<release::Release> served;
    for (const PastRun& run : releases.runs) {
        if (run.ending != Ending::succeeded) continue;
        if (run.is_rollback) {
            while (!served.empty() && !release::same(served.back(), run.release)) served.pop_back();
            if (served.empty()) served.push_back(run.release);
        } else {
            served.push_back(run.release);
        }
    }
    if (served.size() < 2) return std::nullopt;
    return served[served.size() - 2];
}

}  // namespace engine
