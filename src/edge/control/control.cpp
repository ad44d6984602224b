#include "edge/control/control.h"

#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace edge {

namespace {

using base::Failure;
using base::Json;

constexpr std::size_t kTargetsMax = 10'000;
constexpr std::size_t kReleasesMax = 64;  // of which counts are kept

tl::unexpected<base::Error> no_group(const std::string& name) {
    return base::fail(Failure::not_found, {.code = "CF0512",
                                           .what = fmt::format("there is no group `{}`", name),
                                           .fix = "put a config that has it first"});
}

tl::unexpected<base::Error> no_target(const std::string& group, const std::string& id) {
    return base::fail(
        Failure::not_found,
        {.code = "CF0513", .what = fmt::format("the group `{}` has no target `{}`", group, id)});
}

GroupEntry* find_group_entry(std::vector<GroupEntry>& groups, const std::string& name) {
    const auto at = std::find_if(groups.begin(), groups.end(),
                                 [&](const GroupEntry& group) { return group.name == name; });
    return at == groups.end() ? nullptr : &*at;
}

std::string release_name_of(const TargetEntry& target) {
    const auto label = target.labels.find("release");
    return label == target.labels.end() ? std::string() : label->second;
}

Target view_of(const TargetEntry& entry, Use use) {
    return {.uid = entry.uid,
            .id = entry.id,
            .address = entry.address,
            .address_text = entry.address_text,
            .use = use,
            .draining = entry.drain.has_value(),
            .cut = entry.cut,
            .release_name = release_name_of(entry),
            .slow_since = entry.slow_since,
            .leave_before = entry.leave_before,
            .tally = entry.tally};
}

}  // namespace

TargetEntry* find_target(std::vector<GroupEntry>& groups, const std::string& group,
                         const std::string& id) {
    GroupEntry* entry = find_group_entry(groups, group);
    if (entry == nullptr) return nullptr;
    const auto at = std::find_if(entry->targets.begin(), entry->targets.end(),
                                 [&](const TargetEntry& target) { return target.id == id; });
    return at == entry->targets.end() ? nullptr : &*at;
}

Control::Control(std::filesystem::path state_file, base::Clock& clock, Plane plane)
    : state_file_(std::move(state_file)),
      clock_(clock),
      plane_(std::move(plane)),
      epoch_(clock.now()) {}

base::Result<void> Control::admit(const Permit& permit, Lease lease) const {
    if (permit.fence == 0 && lease == Lease::optional) return {};
    if (permit.fence != 0 && permit.fence >= state_.fence) return {};
    if (permit.fence == 0) {
        return base::fail(Failure::conflict,
                          {.code = "CF0522",
                           .what = "this write needs the fence of a lease",
                           .why = "fence 0 may register and deregister targets only"});
    }
    return base::fail(
        Failure::conflict,
        {.code = "CF0510",
         .what = fmt::format("the fence {} is too low", permit.fence),
         .why = fmt::format("a newer lease with fence {} has written already", state_.fence),
         .fix = "take the lease anew, look at the present state, decide again"});
}

std::uint64_t Control::running() const {
    std::uint64_t least = std::min(version_, before_runs_);
    for (const WorkerSlot& slot : plane_.shared->slots) {
        least = std::min(least, slot.running.read());
    }
    return least;
}

Use Control::use_of(const TargetEntry& target) const {
    if (target.drain) return Use::never;
    switch (target.health.state()) {
        case HealthState::initial:
            return Use::never;
        case HealthState::healthy:
            return Use::normal;
        case HealthState::unhealthy:
            return Use::last_resort;
    }
    return Use::never;
}

std::shared_ptr<FlowTally> Control::release_of(const std::string& group,
                                               const TargetEntry& target) {
    const std::string release = release_name_of(target);
    for (const ReleaseFlow& flow : releases_) {
        if (flow.group == group && flow.release == release) return flow.tally;
    }
    if (releases_.size() >= kReleasesMax) {
        // What nobody points at any more but this list.
        const auto idle = std::find_if(releases_.begin(), releases_.end(), [](const auto& flow) {
            return flow.tally.use_count() == 1;
        });
        if (idle != releases_.end()) releases_.erase(idle);
    }
    releases_.push_back({.group = group,
                         .release = release,
                         .tally = std::make_shared<FlowTally>(plane_.shared->slots.size())});
    return releases_.back().tally;
}

std::uint64_t Control::publish() {
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->version = ++version_;
    if (state_.config) snapshot->config = *state_.config;
    if (listening_) snapshot->listeners = state_.listeners;
    snapshot->credentials = state_.credentials;
    snapshot->held_listeners = state_.held_listeners;
    for (const GroupEntry& group : state_.groups) {
        GroupTargets view{.name = group.name,
                          .balance = Balance::round_robin,
                          .targets = {},
                          .has_normal = false,
                          .has_last_resort = false,
                          .tally = group.tally};
        if (const auto held = state_.held_groups.find(group.name);
            held != state_.held_groups.end()) {
            view.held_until = held->second;
        }
        if (const Group* config = find_group(snapshot->config, group.name)) {
            view.balance = config->balance;
            view.protocol = config->protocol;
            view.stickiness = config->stickiness;
            view.slow_start = config->slow_start;
        }
        for (const TargetEntry& target : group.targets) {
            view.targets.push_back(view_of(target, use_of(target)));
            view.targets.back().release = release_of(group.name, target);
        }
        snapshot->groups.push_back(std::move(view));
        snapshot->weights.push_back(group.weight);
    }
    snapshot->seal = seal_;
    for (const Rule& rule : snapshot->config.rules) {
        auto& route = routes_[rule.priority];
        if (!route) route = std::make_shared<FlowTally>(plane_.shared->slots.size());
        snapshot->routes.push_back(route);
    }
    complete(*snapshot);
    plane_.publish(std::move(snapshot));
    plane_.published();
    return version_;
}

base::Result<std::uint64_t> Control::commit(std::unique_lock<std::mutex> lock, State state) {
    if (const auto stored = store(state); !stored) return base::fail(stored);
    // Sockets and targets of before live until the last worker has let go of them.
    state_ = std::move(state);
    const std::uint64_t version = publish();
    lock.unlock();
    return acknowledged(version);
}

base::Result<std::uint64_t> Control::acknowledged(std::uint64_t version) {
    const auto every_worker_runs_it = [&] {
        return std::all_of(plane_.shared->slots.begin(), plane_.shared->slots.end(),
                           [&](const WorkerSlot& slot) { return slot.running.read() >= version; });
    };
    std::unique_lock lock(news_mutex_);
    if (news_.wait_for(lock, kAcknowledgement, every_worker_runs_it)) return version;
    return base::fail(
        Failure::unknown,
        {.code = "CF0514",
         .what = "not every worker of the edge has taken the change up",
         .why = fmt::format("version {} is stored, but a worker is busy or stuck", version),
         .fix = "read the state back before repeating the write"});
}

void Control::news() {
    const std::lock_guard lock(news_mutex_);
    news_.notify_all();
}

void Control::take_config(State& state, Config config) const {
    std::vector<GroupEntry> groups;
    for (const Group& group : config.groups) {
        GroupEntry* before = find_group_entry(state.groups, group.name);
        if (before != nullptr) {
            for (TargetEntry& target : before->targets) target.health.retune(group.health);
            groups.push_back(std::move(*before));
        } else {
            groups.push_back({.name = group.name,
                              .weight = 0,
                              .tally = std::make_shared<GroupTally>(plane_.shared->slots.size()),
                              .targets = {}});
        }
    }
    state.groups = std::move(groups);
    state.config = std::move(config);
}

base::Result<std::uint64_t> Control::put_config(const Permit& permit, const Json& json) {
    auto config = config_from(json);
    if (!config) return base::fail(config);
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::needed); !admitted) return base::fail(admitted);
    State state = state_;
    state.fence = permit.fence;
    if (listening_) {
        auto listeners = listeners_for(*config);
        if (!listeners) return base::fail(listeners);
        state.listeners = std::move(*listeners);
    }
    credentials_watch_.begin(*config);
    auto credentials = load_credentials(*config);
    if (!credentials) {
        if (state_.config) credentials_watch_.begin(*state_.config);
        return base::fail(credentials);
    }
    state.credentials = std::move(*credentials);
    take_config(state, std::move(*config));
    return commit(std::move(lock), std::move(state));
}

base::Result<std::uint64_t> Control::put_weights(const Permit& permit, const Json& weights) {
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::needed); !admitted) return base::fail(admitted);
    const auto wrong = [](std::string what) {
        return base::fail(Failure::rejected, {.code = "CF0511", .what = std::move(what)});
    };
    if (!weights.is_object()) return wrong("weights are an object of group names and numbers");
    State state = state_;
    state.fence = permit.fence;
    state.has_weights = true;
    for (GroupEntry& group : state.groups) group.weight = 0;
    std::uint64_t sum = 0;
    for (const auto& [name, weight] : weights.items()) {
        GroupEntry* group = find_group_entry(state.groups, name);
        if (group == nullptr) return no_group(name);
        if (!weight.is_number_integer() || weight < 0 || weight > 1'000'000) {
            return wrong(fmt::format("the weight of `{}` is no number from 0 to 1000000", name));
        }
        group->weight = weight.get<std::uint32_t>();
        sum += group->weight;
    }
    if (sum == 0) return wrong("the sum of all weights is 0: nobody would get a request");
    return commit(std::move(lock), std::move(state));
}

base::Result<std::uint64_t> Control::put_target(const Permit& permit, const NewTarget& wanted) {
    auto address = net::Address::parse(wanted.address);
    if (!address) return base::fail(address);
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::optional); !admitted) {
        return base::fail(admitted);
    }
    State state = state_;
    state.fence = std::max(state.fence, permit.fence);
    GroupEntry* group = find_group_entry(state.groups, wanted.group);
    if (group == nullptr) return no_group(wanted.group);
    TargetEntry* before = find_target(state.groups, wanted.group, wanted.id);
    if (before != nullptr && (before->drain || before->address_text != wanted.address)) {
        return base::fail(
            Failure::conflict,
            {.code = "CF0519",
             .what = fmt::format("the target `{}` exists already", wanted.id),
             .why = before->drain ? "it is being drained or is drained"
                                  : fmt::format("its address is {}", before->address_text),
             .fix = "drain and forget it first, or take another id"});
    }
    if (before != nullptr && before->labels == wanted.labels) {
        const std::uint64_t version = version_;
        lock.unlock();
        return acknowledged(version);
    }
    if (before != nullptr) {
        before->labels = wanted.labels;
        return commit(std::move(lock), std::move(state));
    }
    if (group->targets.size() >= kTargetsMax) {
        return base::fail(
            Failure::rejected,
            {.code = "CF0523", .what = fmt::format("a group has at most {} targets", kTargetsMax)});
    }
    const Group* config = find_group(*state.config, wanted.group);
    const bool nobody = std::none_of(
        group->targets.begin(), group->targets.end(),
        [](const TargetEntry& target) { return target.health.state() == HealthState::healthy; });
    group->targets.push_back({.uid = next_uid_++,
                              .id = wanted.id,
                              .address_text = wanted.address,
                              .address = *address,
                              .labels = wanted.labels,
                              .tally = std::make_shared<TargetTally>(plane_.shared->slots.size()),
                              .health = Health(config->health),
                              .since = clock_.now(),
                              .into_empty = nobody});
    return commit(std::move(lock), std::move(state));
}

base::Result<std::uint64_t> Control::drain_target(const Permit& permit, const DrainOrder& given) {
    DrainOrder order = given;
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::optional); !admitted) {
        return base::fail(admitted);
    }
    State state = state_;
    state.fence = std::max(state.fence, permit.fence);
    TargetEntry* target = find_target(state.groups, order.group, order.id);
    if (target == nullptr) return no_target(order.group, order.id);
    const bool repeated =
        target->drain && !permit.token.empty() && target->drain_token == permit.token;
    if (repeated || (target->drain && target->drain->drained())) {
        const std::uint64_t version = version_;
        lock.unlock();
        return acknowledged(version);
    }
    if (order.deadline == kGroupsDelay) {
        order.deadline = find_group(*state.config, order.group)->deregistration_delay;
    }
    const base::Tick now = clock_.tick();
    target->tally->leaves.store(0, std::memory_order_relaxed);
    target->order = order;
    target->drain_token = permit.token;
    if (target->drain) {
        target->drain->again(now, order.deadline, order.sockets_a_second);
        target->leaves_granted = 0;
    } else {
        target->drain.emplace(now, order.deadline, order.sockets_a_second);
        target->drain_version = version_ + 1;
        target->since = clock_.now();
        target->move.reset();
        target->leaves_granted = 0;
    }
    return commit(std::move(lock), std::move(state));
}

base::Result<std::uint64_t> Control::forget_target(const Permit& permit, const std::string& group,
                                                   const std::string& id) {
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::optional); !admitted) {
        return base::fail(admitted);
    }
    State state = state_;
    state.fence = std::max(state.fence, permit.fence);
    const TargetEntry* target = find_target(state.groups, group, id);
    if (target == nullptr) {
        const std::uint64_t version = version_;
        lock.unlock();
        return acknowledged(version);
    }
    if (!target->drain || !target->drain->drained()) {
        return base::fail(Failure::conflict,
                          {.code = "CF0521",
                           .what = fmt::format("the target `{}` is not drained", id),
                           .fix = "drain it, wait for the state `drained`, then forget it"});
    }
    auto& targets = find_group_entry(state.groups, group)->targets;
    std::erase_if(targets, [&](const TargetEntry& entry) { return entry.id == id; });
    return commit(std::move(lock), std::move(state));
}

base::Result<std::uint64_t> Control::move_sockets(const Permit& permit, const DrainOrder& order) {
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::needed); !admitted) return base::fail(admitted);
    State state = state_;
    state.fence = permit.fence;
    TargetEntry* target = find_target(state.groups, order.group, order.id);
    if (target == nullptr) return no_target(order.group, order.id);
    const bool repeated = !permit.token.empty() && target->move_token == permit.token;
    if (repeated || target->drain) {
        const std::uint64_t version = version_;
        lock.unlock();
        return acknowledged(version);
    }
    target->move.emplace(clock_.tick(), order.sockets_a_second);
    target->move_count = target->tally->load().sockets;
    target->move_token = permit.token;
    target->leave_before = version_ + 1;
    target->leaves_granted = 0;
    target->tally->leaves.store(0, std::memory_order_relaxed);
    return commit(std::move(lock), std::move(state));
}

}  // namespace edge
