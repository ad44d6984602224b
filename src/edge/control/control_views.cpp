// What Control tells: the state, and sums over all workers' counts.

#include "base/build.h"
#include "base/json.h"
#include "edge/control/control.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace edge {

namespace {

using base::Failure;
using base::Json;

constexpr std::chrono::seconds kPingPatience{1};

struct Standing {
    std::string_view state;
    std::string_view reason;
};

Standing standing_of(const TargetEntry& target, bool used) {
    if (target.drain && target.drain->drained()) {
        return {"drained", name_of(Reason::not_registered)};
    }
    if (target.drain) return {"draining", name_of(Reason::deregistration_in_progress)};
    if (!used) return {"unused", name_of(Reason::not_in_use)};
    return {name_of(target.health.state()), name_of(target.health.reason())};
}

Json target_json(const TargetEntry& target, bool used) {
    const Load load = target.tally->load();
    const Standing standing = standing_of(target, used);
    return {{"id", target.id},
            {"address", target.address_text},
            {"state", standing.state},
            {"reason", standing.reason},
            {"since", base::micros_of(target.since)},
            {"labels", target.labels},
            {"in_flight", load.in_flight},
            {"sockets", load.sockets},
            {"pooled", load.pooled},
            {"requests", target.tally->sum(&TargetSlot::requests)},
            {"errors", target.tally->sum(&TargetSlot::errors)},
            {"connect_failures", target.tally->sum(&TargetSlot::connect_failures)},
            {"sockets_opened", target.tally->sum(&TargetSlot::sockets_opened)},
            {"sockets_cut", target.tally->sum(&TargetSlot::sockets_cut)}};
}

Load load_of(const GroupEntry& group) {
    Load all;
    for (const TargetEntry& target : group.targets) {
        const Load own = target.tally->load();
        all.in_flight += own.in_flight;
        all.sockets += own.sockets;
    }
    return all;
}

Json counts_json(const GroupCounts& counts, std::uint64_t sockets_open) {
    Json latency = Json::array();
    for (std::size_t i = 0; i < counts.latency.counts.size(); ++i) {
        if (counts.latency.counts[i] > 0) latency.push_back({i, counts.latency.counts[i]});
    }
    return {{"requests", counts.requests},
            {"errors", counts.errors},
            {"sockets_open", sockets_open},
            {"sockets_opened", counts.sockets_opened},
            {"sockets_refused", counts.sockets_refused},
            {"sockets_cut", counts.sockets_cut},
            {"latency", std::move(latency)}};
}

}  // namespace

bool Control::is_used(const GroupEntry& group) const {
    return std::any_of(
        state_.config->rules.begin(), state_.config->rules.end(), [&](const Rule& rule) {
            const auto* forward = std::get_if<Forward>(&rule.action);
            return forward != nullptr &&
                   (forward->shares.empty() ||
                    std::any_of(forward->shares.begin(), forward->shares.end(),
                                [&](const Share& share) { return share.group == group.name; }));
        });
}

base::Result<Json> Control::config() const {
    const std::lock_guard lock(mutex_);
    if (!state_.config) {
        return base::fail(Failure::not_found,
                          {.code = "CF0524", .what = "the edge has no config yet"});
    }
    return Json{
        {"version", version_}, {"fence", state_.fence}, {"config", to_json(*state_.config)}};
}

base::Result<Json> Control::weights() const {
    const std::lock_guard lock(mutex_);
    if (!state_.has_weights) {
        return base::fail(Failure::not_found,
                          {.code = "CF0525", .what = "the edge has no weights yet"});
    }
    Json weights = Json::object();
    for (const GroupEntry& group : state_.groups) weights[group.name] = group.weight;
    return Json{{"version", version_}, {"fence", state_.fence}, {"weights", std::move(weights)}};
}

Json Control::groups() const {
    const std::lock_guard lock(mutex_);
    Json groups = Json::object();
    for (const GroupEntry& group : state_.groups) {
        Json targets = Json::array();
        const bool used = is_used(group);
        for (const TargetEntry& target : group.targets) {
            targets.push_back(target_json(target, used));
        }
        groups[group.name] = {{"weight", group.weight}, {"targets", std::move(targets)}};
    }
    return {{"version", running()}, {"groups", std::move(groups)}};
}

base::Result<Json> Control::target(const std::string& group, const std::string& id) const {
    const std::lock_guard lock(mutex_);
    for (const GroupEntry& entry : state_.groups) {
        if (entry.name != group) continue;
        for (const TargetEntry& target : entry.targets) {
            if (target.id == id) return target_json(target, is_used(entry));
        }
    }
    return base::fail(
        Failure::not_found,
        {.code = "CF0513", .what = fmt::format("the group `{}` has no target `{}`", group, id)});
}

Json Control::counts() const {
    const std::lock_guard lock(mutex_);
    Json groups = Json::object();
    for (const GroupEntry& group : state_.groups) {
        groups[group.name] = counts_json(group.tally->counts(), load_of(group).sockets);
    }
    return {{"epoch", base::micros_of(epoch_)}, {"groups", std::move(groups)}};
}

base::Result<Json> Control::observe(std::uint64_t seconds) const {
    constexpr std::uint64_t kSecondsMax = 120;
    if (seconds < 1 || seconds > kSecondsMax) {
        return base::fail(Failure::rejected, {.code = "CF0526",
                                              .what = "seconds is a number from 1 to 120",
                                              .why = fmt::format("it is {}", seconds)});
    }
    const std::lock_guard lock(mutex_);
    const base::Tick tick = clock_.tick();
    const base::Instant until = clock_.now();
    const std::uint64_t last = BegunRing::step_of(tick);
    const std::uint64_t steps =
        seconds * 1000 / static_cast<std::uint64_t>(BegunRing::kStep.count());
    const std::uint64_t first = last + 1 > steps ? last + 1 - steps : 0;
    const auto span = tick.time_since_epoch() - BegunRing::kStep * static_cast<std::int64_t>(first);
    Json groups = Json::object();
    for (const GroupEntry& group : state_.groups) {
        const Load load = load_of(group);
        std::uint64_t healthy = 0;
        std::uint64_t draining = 0;
        for (const TargetEntry& target : group.targets) {
            if (target.drain && !target.drain->drained()) ++draining;
            if (!target.drain && target.health.state() == HealthState::healthy) ++healthy;
        }
        groups[group.name] = {{"requests_begun", group.tally->begun(first, last)},
                              {"requests_in_flight", load.in_flight},
                              {"sockets_open", load.sockets},
                              {"instances_healthy", healthy},
                              {"instances_draining", draining}};
    }
    return Json{{"version", running()},
                {"from", base::micros_of(
                             until - std::chrono::duration_cast<std::chrono::microseconds>(span))},
                {"until", base::micros_of(until)},
                {"groups", std::move(groups)}};
}

base::Result<Json> Control::health() {
    const std::uint64_t nonce = ++pings_;
    plane_.ping(nonce);
    const auto all_heard = [&] {
        return std::all_of(plane_.shared->slots.begin(), plane_.shared->slots.end(),
                           [&](const WorkerSlot& slot) { return slot.heard.read() >= nonce; });
    };
    {
        std::unique_lock lock(news_mutex_);
        if (!news_.wait_for(lock, kPingPatience, all_heard)) {
            return base::fail(Failure::unavailable,
                              {.code = "CF0527",
                               .what = "a worker of the edge does not answer",
                               .fix = "if it stays so, restart the edge: the agent does"});
        }
    }
    const std::lock_guard lock(mutex_);
    Json listeners = Json::array();
    for (const auto& listener : state_.listeners) {
        listeners.push_back({{"name", listener->name}, {"address", listener->actual.text()}});
    }
    return Json{{"status", "ok"},
                {"version", running()},
                {"workers", plane_.shared->slots.size()},
                {"epoch", base::micros_of(epoch_)},
                {"pid", ::getpid()},
                {"build", base::build_id()},
                {"listeners", std::move(listeners)}};
}

}  // namespace edge
