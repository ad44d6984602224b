#include "cli/view.h"

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

using engine::StepStatus;

class Collector {
public:
    explicit Collector(base::Instant now) : now_(now) {}

    void add(std::string kind, std::string text, Tone tone = Tone::plain) {
        changes.push_back({now_, std::move(kind), std::move(text), tone});
    }

    std::vector<Change> changes;

private:
    base::Instant now_;
};

void step_changes(const engine::Status* before, const engine::Status& after, Collector& out) {
    for (std::size_t i = 0; i < after.steps.size(); ++i) {
        const StepStatus& step = after.steps[i];
        const StepStatus::Place was = before != nullptr && i < before->steps.size()
                                          ? before->steps[i].place
                                          : StepStatus::Place::ahead;
        if (was == step.place) continue;
        const std::string where = fmt::format("{} ({}/{})", step.id, i + 1, after.steps.size());
        // A step that began and ended between two snapshots was still entered.
        const bool entered = step.place == StepStatus::Place::current ||
                             (step.place == StepStatus::Place::passed &&
                              was == StepStatus::Place::ahead && before != nullptr);
        if (!entered) continue;
        out.add("step", fmt::format("{}: {}", where, harmless(step.reason)), Tone::strong);
    }
}

const engine::PoolStatus* pool_in(const engine::Status& status, release::Pool pool) {
    const auto found = std::find_if(status.pools.begin(), status.pools.end(),
                                    [&](const engine::PoolStatus& p) { return p.pool == pool; });
    return found == status.pools.end() ? nullptr : &*found;
}

// One line a move: what the pool that gains was given.
void weight_changes(const engine::Status* before, const View& view, Collector& out) {
    const engine::Status& after = view.status;
    if (before == nullptr || !after.split || before->split == after.split) return;
    // The first sight of what was so before is no change.
    if (!before->split && !after.from.empty()) return;
    for (const engine::PoolStatus& pool : after.pools) {
        const engine::PoolStatus* was = pool_in(*before, pool.pool);
        const std::uint32_t old = was != nullptr && before->split ? was->share_set.value : 0;
        if (pool.share_set.value <= old) continue;
        out.add(
            "weight",
            fmt::format("{} ({}) gets {} of new requests, before {}", release::name_of(pool.pool),
                        pool.release == after.run ? after.to : after.from,
                        percent_text(pool.share_set.value), percent_text(old)),
            Tone::strong);
    }
}

void instance_changes(const engine::Status* before, const engine::Status& after, Collector& out) {
    // Nothing was seen is not the same as nothing is there.
    if (after.instances.empty() && !after.unseen.empty()) return;
    for (const engine::Instance& instance : after.instances) {
        const engine::Instance* was = nullptr;
        if (before != nullptr) {
            for (const engine::Instance& old : before->instances) {
                if (old.id == instance.id) was = &old;
            }
        }
        const bool first_sight = before == nullptr || before->instances.empty();
        if (first_sight && instance.release != after.run) continue;
        if (was != nullptr && was->state == instance.state && was->restarts == instance.restarts)
            continue;
        const bool bad = instance.state == engine::InstanceState::unhealthy ||
                         instance.state == engine::InstanceState::failed;
        out.add("instance",
                fmt::format("{} is {}{}", harmless(instance.id), name_of(instance.state),
                            instance.reason.empty() ? "" : ": " + harmless(instance.reason)),
                bad ? Tone::bad : Tone::plain);
    }
    if (before == nullptr) return;
    for (const engine::Instance& old : before->instances) {
        const bool gone =
            std::none_of(after.instances.begin(), after.instances.end(),
                         [&](const engine::Instance& instance) { return instance.id == old.id; });
        if (gone) out.add("instance", fmt::format("{} is gone", harmless(old.id)));
    }
}

void verdict_changes(const engine::Status* before, const engine::Status& after, Collector& out) {
    const judge::Word was = before == nullptr ? judge::Word::unknown : before->verdict.word;
    if (was == after.verdict.word || after.verdict.reason.empty()) return;
    out.add(
        "verdict",
        fmt::format("verdict {}: {}", name_of(after.verdict.word), harmless(after.verdict.reason)),
        after.verdict.word == judge::Word::fail ? Tone::bad : Tone::plain);
}

void state_changes(const engine::Status* before, const engine::Status& after, Collector& out) {
    if (after.ending) {
        if (before == nullptr || !before->ending) {
            const Headline headline = headline_of(after);
            out.add("ended", fmt::format("{}: {}", headline.word, harmless(after.sentence)),
                    headline.tone);
        }
        return;
    }
    if (before != nullptr && before->state == after.state) return;
    switch (after.state) {
        case engine::RunState::consent:
        case engine::RunState::paused:
        case engine::RunState::interrupted:
            out.add("state", harmless(after.sentence), Tone::warn);
            break;
        case engine::RunState::going_back:
            out.add("state",
                    harmless(after.reason.empty() ? after.sentence
                                                  : fmt::format("going back: {}", after.reason)),
                    Tone::bad);
            break;
        case engine::RunState::none:
        case engine::RunState::running:
        case engine::RunState::waiting:
        case engine::RunState::warm:
        case engine::RunState::ended:
            break;
    }
}

}  // namespace

std::vector<Change> changes_between(const engine::Status* before, const View& after) {
    Collector out(after.now);
    instance_changes(before, after.status, out);
    step_changes(before, after.status, out);
    weight_changes(before, after, out);
    verdict_changes(before, after.status, out);
    state_changes(before, after.status, out);
    return std::move(out.changes);
}

std::string change_line(const Change& change, std::string_view run, const Paint& paint) {
    return fmt::format("{} {} {}", paint(Tone::dim, clock_text(change.at)), run,
                       paint(change.tone, change.text));
}

std::string heartbeat_line(const View& view) {
    const engine::Status& status = view.status;
    std::string out =
        fmt::format("{} {} still {}", clock_text(view.now), status.run, harmless(status.sentence));
    if (status.when && *status.when > view.now)
        out += fmt::format(" (next {})", relative_text(*status.when, view.now));
    return out;
}

}  // namespace cli
