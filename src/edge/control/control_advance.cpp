// What goes on by itself: health, drains and moves, as time passes and counts change.

#include "edge/control/control.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace edge {

namespace {

/// Raises the number of sockets that may have been asked to leave to `allowed`.
void grant(TargetEntry& target, std::uint64_t allowed) {
    if (allowed <= target.leaves_granted) return;
    const std::uint64_t more = allowed - target.leaves_granted;
    target.leaves_granted = allowed;
    target.tally->leaves.fetch_add(static_cast<std::int64_t>(more), std::memory_order_relaxed);
}

// A certificate that was renewed counts within a second or two.
constexpr std::chrono::seconds kCredentialsLook{1};

}  // namespace

std::vector<Control::Probing> Control::to_probe() const {
    const std::lock_guard lock(mutex_);
    std::vector<Probing> made;
    for (const GroupEntry& group : state_.groups) {
        const Group* config = find_group(*state_.config, group.name);
        for (const TargetEntry& target : group.targets) {
            if (target.drain || config == nullptr) continue;
            made.push_back({.uid = target.uid,
                            .address = target.address,
                            .host = target.address_text,
                            .check = config->health,
                            .protocol = config->protocol});
        }
    }
    return made;
}

void Control::turned_healthy(const GroupEntry& group, TargetEntry& target) const {
    const Group* config = find_group(*state_.config, group.name);
    target.slow_since = {};
    const bool first = std::exchange(target.into_empty, false);
    if (first || config == nullptr || config->slow_start.count() == 0) return;
    // Somebody must be there to take the rest of the load.
    const base::Tick now = clock_.tick();
    const bool another =
        std::any_of(group.targets.begin(), group.targets.end(), [&](const TargetEntry& other) {
            return other.uid != target.uid && !other.drain &&
                   other.health.state() == HealthState::healthy &&
                   (other.slow_since == base::Tick{} ||
                    other.slow_since + config->slow_start <= now);
        });
    if (another) target.slow_since = now;
}

void Control::probed(std::uint64_t uid, Probe outcome) {
    const std::lock_guard lock(mutex_);
    for (GroupEntry& group : state_.groups) {
        for (TargetEntry& target : group.targets) {
            if (target.uid != uid || target.drain) continue;
            const HealthState before = target.health.state();
            target.health.probed(outcome);
            if (target.health.state() == before) return;
            if (target.health.state() == HealthState::healthy) turned_healthy(group, target);
            target.since = clock_.now();
            publish();
            return;
        }
    }
}

bool Control::advance_target(TargetEntry& target, base::Tick now, Advance& result) const {
    bool changed = false;
    if (target.tally->refused.exchange(false, std::memory_order_relaxed) && !target.drain) {
        const HealthState before = target.health.state();
        target.health.refused();
        changed = target.health.state() != before;
        if (changed) target.since = clock_.now();
        result.probe_now.push_back(target.uid);
    }
    if (target.drain && !target.drain->drained()) {
        result.again_soon = true;
        grant(target, target.drain->sockets_allowed(now));
        if (!target.cut && target.drain->overdue(now)) target.cut = changed = true;
        // First who runs it, then what is left: the other order could miss a late beginner.
        const bool every_worker_runs_it = running() >= target.drain_version;
        target.drain->observe(every_worker_runs_it, target.tally->load());
        if (target.drain->drained()) target.since = clock_.now();
    } else if (target.move && !target.drain) {
        grant(target, target.move->allowed(now));
        if (target.leaves_granted >= target.move_count) target.move.reset();
        result.again_soon = true;
    }
    return changed;
}

bool Control::renew_credentials(base::Tick now) {
    if (!state_.config || now - credentials_seen_ < kCredentialsLook) return false;
    credentials_seen_ = now;
    CredentialsWatch::Change change = credentials_watch_.look(*state_.config);
    reload_failures_ += change.failed;
    for (auto& [listener, loaded] : change.loaded) {
        state_.credentials[listener] = std::move(loaded);
    }
    return !change.loaded.empty();
}

Control::Advance Control::advance() {
    Advance result;
    const std::lock_guard lock(mutex_);
    const base::Tick now = clock_.tick();
    bool changed = renew_credentials(now);
    for (GroupEntry& group : state_.groups) {
        for (TargetEntry& target : group.targets) {
            if (advance_target(target, now, result)) changed = true;
        }
    }
    if (changed) publish();
    if (result.again_soon) plane_.ask_leaves();
    return result;
}

}  // namespace edge
