// Pauses: who is held, and until when.

#include "base/json.h"
#include "edge/control/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace edge {

namespace {

using base::Failure;
using base::Json;

Json left_of(const std::map<std::string, base::Tick>& held, base::Tick now) {
    Json made = Json::object();
    for (const auto& [name, until] : held) {
        if (until <= now) continue;
        made[name] = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    }
    return made;
}

void let_go(std::map<std::string, base::Tick>& held, const std::vector<std::string>& names) {
    for (const std::string& name : names) held.erase(name);
}

}  // namespace

base::Result<std::uint64_t> Control::put_hold(const Permit& permit, const HoldOrder& order) {
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::optional); !admitted)
        return base::fail(admitted);
    State state = state_;
    state.fence = std::max(state.fence, permit.fence);
    if (!permit.token.empty() && state.hold_token == permit.token) {
        const std::uint64_t version = version_;
        lock.unlock();
        return acknowledged(version);
    }
    state.hold_token = permit.token;
    const base::Tick until = clock_.tick() + order.span;
    const Config config = state.config.value_or(Config{});
    const auto unknown = [](const char* kind, const std::string& name) {
        return base::fail(Failure::not_found,
                          {.code = "CF0541",
                           .what = fmt::format("there is no {} `{}` to hold", kind, name),
                           .fix = "name groups and listeners of the edge's config"});
    };
    for (const std::string& name : order.groups) {
        if (find_group(config, name) == nullptr) return unknown("group", name);
        state.held_groups[name] = until;
    }
    for (const std::string& name : order.listeners) {
        if (name == kEveryListener) {
            for (const Listener& each : config.listeners) state.held_listeners[each.name] = until;
            continue;
        }
        const bool known = std::any_of(config.listeners.begin(), config.listeners.end(),
                                       [&](const Listener& each) { return each.name == name; });
        if (!known) return unknown("listener", name);
        state.held_listeners[name] = until;
    }
    return commit(std::move(lock), std::move(state));
}

base::Result<std::uint64_t> Control::release_hold(const Permit& permit, const HoldOrder& order) {
    std::unique_lock lock(mutex_);
    if (const auto admitted = admit(permit, Lease::optional); !admitted)
        return base::fail(admitted);
    State state = state_;
    state.fence = std::max(state.fence, permit.fence);
    state.hold_token.clear();
    if (order.groups.empty() && order.listeners.empty()) {
        state.held_groups.clear();
        state.held_listeners.clear();
    }
    let_go(state.held_groups, order.groups);
    let_go(state.held_listeners, order.listeners);
    return commit(std::move(lock), std::move(state));
}

Json Control::holds() const {
    const std::lock_guard lock(mutex_);
    const base::Tick now = clock_.tick();
    std::uint64_t waiting = 0;
    for (const WorkerSlot& slot : plane_.shared->slots) waiting += slot.held.read();
    return {{"groups", left_of(state_.held_groups, now)},
            {"listeners", left_of(state_.held_listeners, now)},
            {"waiting", waiting}};
}

}  // namespace edge
