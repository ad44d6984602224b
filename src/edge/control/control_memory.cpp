// Control, from one process to the next: what the state file has, and what only memory knows.

#include "base/json.h"
#include "edge/control/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace edge {

namespace {

using base::Failure;
using base::Json;

// Ticks are nanoseconds of the machine's monotonic clock: the same for the process that takes over.
std::int64_t nanos(base::Tick tick) {
    return tick.time_since_epoch().count();
}
base::Tick tick_of(std::int64_t nanos) {
    return base::Tick{std::chrono::nanoseconds{nanos}};
}

tl::unexpected<base::Error> odd(std::string why) {
    return base::fail(Failure::rejected, {.code = "CF0550",
                                          .what = "the other edge says what this one does not "
                                                  "understand",
                                          .why = std::move(why),
                                          .fix = "stop the one, start the other: they are too far "
                                                 "apart"});
}

constexpr std::array kHealthStates{HealthState::initial, HealthState::healthy,
                                   HealthState::unhealthy};
constexpr std::array kReasons{Reason::none,
                              Reason::registration_in_progress,
                              Reason::initial_health_checking,
                              Reason::response_code_mismatch,
                              Reason::timed_out,
                              Reason::failed_health_checks,
                              Reason::deregistration_in_progress,
                              Reason::not_registered,
                              Reason::not_in_use};

template <typename Enum, std::size_t Count>
Enum named(const std::array<Enum, Count>& all, std::string_view name) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](Enum each) { return name_of(each) == name; });
    return at == all.end() ? all.front() : *at;
}

template <typename Slot>
struct Member {
    const char* name;
    Count<std::uint64_t> Slot::* count;
};
constexpr std::array kTargetCounts{
    Member<TargetSlot>{"requests", &TargetSlot::requests},
    Member<TargetSlot>{"errors", &TargetSlot::errors},
    Member<TargetSlot>{"connect_failures", &TargetSlot::connect_failures},
    Member<TargetSlot>{"sockets_opened", &TargetSlot::sockets_opened},
    Member<TargetSlot>{"sockets_cut", &TargetSlot::sockets_cut}};
constexpr std::array kGroupCounts{Member<GroupSlot>{"requests", &GroupSlot::requests},
                                  Member<GroupSlot>{"errors", &GroupSlot::errors},
                                  Member<GroupSlot>{"sockets_opened", &GroupSlot::sockets_opened},
                                  Member<GroupSlot>{"sockets_refused", &GroupSlot::sockets_refused},
                                  Member<GroupSlot>{"sockets_cut", &GroupSlot::sockets_cut},
                                  Member<GroupSlot>{"answers_2xx", &GroupSlot::answers_2xx},
                                  Member<GroupSlot>{"answers_3xx", &GroupSlot::answers_3xx},
                                  Member<GroupSlot>{"answers_4xx", &GroupSlot::answers_4xx},
                                  Member<GroupSlot>{"answers_5xx", &GroupSlot::answers_5xx},
                                  Member<GroupSlot>{"edge_5xx", &GroupSlot::edge_5xx},
                                  Member<GroupSlot>{"retries", &GroupSlot::retries},
                                  Member<GroupSlot>{"to_unhealthy", &GroupSlot::to_unhealthy},
                                  Member<GroupSlot>{"not_sticky", &GroupSlot::not_sticky}};

void add_memory(Json& made, const TargetEntry& target) {
    made["health"] = name_of(target.health.state());
    made["reason"] = name_of(target.health.reason());
    made["since"] = base::micros_of(target.since);
    made["into_empty"] = target.into_empty;
    made["slow_since"] = nanos(target.slow_since);
    made["cut"] = target.cut;
    made["leave_before"] = target.leave_before;
    made["leaves_granted"] = target.leaves_granted;
    made["leaves"] = target.tally->leaves.load(std::memory_order_relaxed);
    if (target.drain) {
        made["drain"]["begun"] = nanos(target.drain->begun());
        made["drain"]["drained"] = target.drain->drained();
        made["drain"]["token"] = target.drain_token;
    }
    made["move_token"] = target.move_token;
    if (target.move) {
        made["move"] = {{"begun", nanos(target.move->begun())},
                        {"a_second", target.move->a_second()},
                        {"count", target.move_count}};
    }
}

void recall(TargetEntry& target, const Json& json) {
    if (!json.contains("health")) return;  // of a file
    target.health.recall(named(kHealthStates, json.value("health", "")),
                         named(kReasons, json.value("reason", "")));
    target.since = base::instant_of_micros(json.value("since", std::int64_t{0}));
    target.into_empty = json.value("into_empty", false);
    target.slow_since = tick_of(json.value("slow_since", std::int64_t{0}));
    target.cut = json.value("cut", false);
    target.leave_before = json.value("leave_before", std::uint64_t{0});
    target.leaves_granted = json.value("leaves_granted", std::uint64_t{0});
    target.tally->leaves = json.value("leaves", std::int64_t{0});
    target.move_token = json.value("move_token", "");
    if (json.contains("move")) {
        target.move.emplace(tick_of(json["move"].value("begun", std::int64_t{0})),
                            json["move"].value("a_second", 0U));
        target.move_count = json["move"].value("count", std::uint64_t{0});
    }
}

Json held(const std::map<std::string, base::Tick>& all) {
    Json made = Json::object();
    for (const auto& [name, until] : all) made[name] = nanos(until);
    return made;
}

void recall_held(std::map<std::string, base::Tick>& into, const Json& json) {
    for (const auto& [name, until] : json.items()) into[name] = tick_of(until.get<std::int64_t>());
}

/// One target of the state file or of another edge's memory; throws what is no such thing.
base::Result<TargetEntry> target_from(const Json& json, const Group& group, std::size_t workers,
                                      base::Clock& clock) {
    const auto address_text = json.at("address").get<std::string>();
    const auto address = net::Address::parse(address_text);
    if (!address) return base::fail(address);
    TargetEntry made{.uid = 0,
                     .id = json.at("id").get<std::string>(),
                     .address_text = address_text,
                     .address = *address,
                     .labels = json.at("labels").get<std::map<std::string, std::string>>(),
                     .tally = std::make_shared<TargetTally>(workers),
                     .health = Health(group.health),
                     .since = clock.now(),
                     .into_empty = true};
    if (json.contains("drain")) {
        const Json& drain = json["drain"];
        made.order = {.group = group.name,
                      .id = made.id,
                      .deadline = std::chrono::milliseconds(
                          drain.value("deadline_ms", std::int64_t{300'000})),
                      .sockets_a_second = drain.value("sockets_a_second", 0U)};
        made.drain.emplace(tick_of(drain.value("begun", nanos(clock.tick()))), made.order.deadline,
                           made.order.sockets_a_second);
        made.drain_token = drain.value("token", "");
        if (drain.value("drained", false)) made.drain->observe(true, {});
    }
    recall(made, json);
    return made;
}

void keep_own(TargetEntry& next, TargetEntry& mine, std::uint64_t version) {
    next.uid = mine.uid;
    next.tally = mine.tally;
    next.health = mine.health;
    next.since = mine.since;
    next.into_empty = mine.into_empty;
    next.slow_since = mine.slow_since;
    const bool same_drain = next.drain && mine.drain && next.drain->begun() == mine.drain->begun();
    const bool same_move = next.move_token == mine.move_token;
    if (same_drain) {
        next.drain = mine.drain;
        next.drain_version = mine.drain_version;
        next.cut = next.cut || mine.cut;
    }
    if (same_move) {
        next.move = mine.move;
        next.leave_before = mine.leave_before;
    } else {
        // Versions are counted by each edge for itself.
        next.leave_before = version;
        next.move_count = mine.tally->load().sockets;
    }
    next.leaves_granted = mine.leaves_granted;
    if (same_move && (same_drain || !next.drain)) return;
    next.leaves_granted = 0;
    next.tally->leaves = 0;
}

}  // namespace

base::Result<Control::State> Control::state_from(const Json& json) {
    State state;
    try {
        state.fence = json.value("fence", std::uint64_t{0});
        state.has_weights = json.value("has_weights", false);
        if (json.contains("held_groups")) {
            recall_held(state.held_groups, json["held_groups"]);
            recall_held(state.held_listeners, json["held_listeners"]);
            state.hold_token = json.value("hold_token", "");
        }
        if (!json.contains("config")) return state;
        auto config = config_from(json["config"]);
        if (!config) return base::fail(config);
        take_config(state, std::move(*config));
        for (GroupEntry& group : state.groups) {
            const Json stored = json.at("groups").value(group.name, Json::object());
            const Group& settings = *find_group(*state.config, group.name);
            group.weight = stored.value("weight", 0U);
            for (const Json& each : stored.value("targets", Json::array())) {
                auto target = target_from(each, settings, plane_.shared->slots.size(), clock_);
                if (!target) return base::fail(target);
                target->uid = next_uid_++;
                target->drain_version = version_ + 1;
                group.targets.push_back(std::move(*target));
            }
        }
    } catch (const Json::exception& error) {
        return odd(error.what());
    }
    return state;
}

Json Control::memory() const {
    const std::lock_guard lock(mutex_);
    Json made = json_of(state_);
    for (const GroupEntry& group : state_.groups) {
        Json& targets = made["groups"][group.name]["targets"];
        for (std::size_t i = 0; i < group.targets.size(); ++i) {
            add_memory(targets[i], group.targets[i]);
        }
    }
    made["version"] = version_;
    made["epoch"] = base::micros_of(epoch_);
    made["held_groups"] = held(state_.held_groups);
    made["held_listeners"] = held(state_.held_listeners);
    made["hold_token"] = state_.hold_token;
    made["left"] = left_here();
    return made;
}

Json Control::left() const {
    const std::lock_guard lock(mutex_);
    return left_here();
}

Json Control::left_here() const {
    Json made = Json::object();
    for (const GroupEntry& group : state_.groups) {
        Json& here = made[group.name];
        for (const auto& [name, count] : kGroupCounts) here[name] = group.tally->sum(count);
        const base::Histogram latency = group.tally->counts().latency;
        here["latency"] = Json::array();
        for (std::size_t i = 0; i < latency.counts.size(); ++i) {
            if (latency.counts[i] > 0) here["latency"].push_back({i, latency.counts[i]});
        }
        here["targets"] = Json::object();
        for (const TargetEntry& target : group.targets) {
            const Load load = target.tally->load();
            Json& each = here["targets"][target.id];
            each = {
                {"in_flight", load.in_flight}, {"sockets", load.sockets}, {"pooled", load.pooled}};
            for (const auto& [name, count] : kTargetCounts) each[name] = target.tally->sum(count);
        }
    }
    return made;
}

base::Result<void> Control::take_left(const Json& left) {
    const auto number = [](const Json& from, const char* name) {
        return from.value(name, std::uint64_t{0});
    };
    try {
        for (GroupEntry& group : state_.groups) {
            const Json here = left.value(group.name, Json::object());
            GroupSlot& counts = group.tally->elsewhere;
            for (const auto& [name, count] : kGroupCounts) (counts.*count).set(number(here, name));
            for (const Json& pair : here.value("latency", Json::array())) {
                const auto bucket = pair.at(0).get<std::size_t>();
                if (bucket >= base::Histogram::kBuckets) return odd("a latency out of range");
                counts.latency.set(bucket, pair.at(1).get<std::uint64_t>());
            }
            const Json targets = here.value("targets", Json::object());
            for (TargetEntry& target : group.targets) {
                const Json each = targets.value(target.id, Json::object());
                TargetSlot& slot = target.tally->elsewhere;
                for (const auto& [name, count] : kTargetCounts) {
                    (slot.*count).set(number(each, name));
                }
                slot.in_flight.set(static_cast<std::uint32_t>(number(each, "in_flight")));
                slot.sockets.set(static_cast<std::uint32_t>(number(each, "sockets")));
                slot.pooled.set(static_cast<std::uint32_t>(number(each, "pooled")));
            }
        }
    } catch (const Json::exception& error) {
        return odd(error.what());
    }
    return {};
}

base::Result<void> Control::inherit(const Json& memory,
                                    std::vector<std::shared_ptr<const OpenListener>> listeners) {
    if (auto seal = read_seal(); !seal) return seal;
    const auto version = base::member<std::uint64_t>(memory, "version");
    const auto epoch = base::member<std::int64_t>(memory, "epoch");
    if (!version) return base::fail(version);
    if (!epoch) return base::fail(epoch);
    const std::lock_guard lock(mutex_);
    version_ = *version;
    epoch_ = base::instant_of_micros(*epoch);
    auto state = state_from(memory);
    if (!state) return base::fail(state);
    state->listeners = std::move(listeners);
    if (state->config) {
        credentials_watch_.begin(*state->config);
        auto credentials = load_credentials(*state->config);
        if (!credentials) return base::fail(credentials);
        state->credentials = std::move(*credentials);
    }
    state_ = std::move(*state);
    before_runs_ = version_;
    if (auto taken = take_left(memory.value("left", Json::object())); !taken) return taken;
    publish();
    return {};
}

base::Result<std::uint64_t> Control::follow(const Json& memory) {
    const std::lock_guard lock(mutex_);
    auto next = state_from(memory);
    if (!next) return base::fail(next);
    for (GroupEntry& group : next->groups) {
        const auto mine =
            std::find_if(state_.groups.begin(), state_.groups.end(),
                         [&](const GroupEntry& each) { return each.name == group.name; });
        if (mine == state_.groups.end()) continue;
        group.tally = mine->tally;
        const Group& settings = *find_group(*next->config, group.name);
        for (TargetEntry& target : group.targets) {
            TargetEntry* known = find_target(state_.groups, group.name, target.id);
            if (known == nullptr || known->address_text != target.address_text) continue;
            keep_own(target, *known, version_ + 1);
            target.health.retune(settings.health);
        }
    }
    next->credentials = state_.credentials;
    // A listener that is no more must not stay open here.
    for (const auto& listener : state_.listeners) {
        const bool stays =
            next->config && std::any_of(next->config->listeners.begin(),
                                        next->config->listeners.end(), [&](const Listener& each) {
                                            return each.name == listener->name &&
                                                   (each.address == listener->asked ||
                                                    each.address == listener->actual.text());
                                        });
        if (stays) next->listeners.push_back(listener);
    }
    state_ = std::move(*next);
    return publish();
}

base::Result<void> Control::listen(bool listens) {
    std::uint64_t version = 0;
    {
        const std::lock_guard lock(mutex_);
        listening_ = listens;
        version = publish();
    }
    if (const auto done = acknowledged(version); !done) return base::fail(done);
    return {};
}

std::vector<std::shared_ptr<const OpenListener>> Control::listeners() const {
    const std::lock_guard lock(mutex_);
    return state_.listeners;
}

bool Control::every_worker_runs(std::uint64_t version) const {
    const std::lock_guard lock(mutex_);
    return running() >= version;
}

std::shared_ptr<TargetTally> Control::tally_of(const std::string& group,
                                               const std::string& id) const {
    const std::lock_guard lock(mutex_);
    for (const GroupEntry& each : state_.groups) {
        if (each.name != group) continue;
        for (const TargetEntry& target : each.targets) {
            if (target.id == id) return target.tally;
        }
    }
    return nullptr;
}

base::Result<void> Control::before_told(const Json& left, std::uint64_t followed) {
    const std::lock_guard lock(mutex_);
    if (auto taken = take_left(left); !taken) return taken;
    before_runs_ = std::max(before_runs_, followed);
    return {};
}

void Control::before_ended() {
    const std::lock_guard lock(mutex_);
    for (GroupEntry& group : state_.groups) {
        for (TargetEntry& target : group.targets) {
            target.tally->elsewhere.in_flight.set(0);
            target.tally->elsewhere.sockets.set(0);
            target.tally->elsewhere.pooled.set(0);
        }
    }
    before_runs_ = std::numeric_limits<std::uint64_t>::max();
}

}  // namespace edge
