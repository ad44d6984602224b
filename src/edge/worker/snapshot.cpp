#include "edge/worker/snapshot.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace edge {

namespace {

std::vector<std::uint32_t> weights_of(const Snapshot& snapshot, const Rule& rule) {
    const auto* forward = std::get_if<Forward>(&rule.action);
    if (forward == nullptr) return {};
    if (forward->shares.empty()) return snapshot.weights;
    std::vector<std::uint32_t> weights(snapshot.groups.size(), 0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        for (const Share& share : forward->shares) {
            if (share.group == snapshot.groups[i].name) weights[i] = share.weight;
        }
    }
    return weights;
}

/// Fewer healthy targets than the group is said to need: all of them get requests. With none
/// healthy they stay the last resort, as another group may have some (P4).
void open_if_too_few(GroupTargets& group, const MinimumHealthy& minimum) {
    std::size_t healthy = 0;
    std::size_t known = 0;
    for (const Target& target : group.targets) {
        if (target.use == Use::normal) ++healthy;
        if (target.use != Use::never) ++known;
    }
    const std::size_t share = (known * minimum.percentage + 99) / 100;
    if (healthy == 0 || healthy >= std::max<std::size_t>(minimum.count, share)) return;
    for (Target& target : group.targets) {
        if (target.use == Use::last_resort) target.use = Use::normal;
    }
}

void complete(GroupTargets& group) {
    group.bond = fingerprint_of(group.name);
    for (Target& target : group.targets) {
        target.healthy = target.use == Use::normal;
        target.bond = fingerprint_of(group.name, target.id);
        if (target.slow_since != base::Tick{}) {
            group.slow_until = std::max(group.slow_until, target.slow_since + group.slow_start);
        }
    }
}

bool is_sticky(const Snapshot& snapshot, std::size_t rule) {
    const auto* forward = std::get_if<Forward>(&snapshot.config.rules[rule].action);
    if (forward == nullptr) return false;
    if (forward->stickiness.count() > 0) return true;
    if (forward->cohort.key != Cohort::Key::none) return true;
    for (std::size_t i = 0; i < snapshot.groups.size(); ++i) {
        if (snapshot.rule_weights[rule][i] > 0 &&
            snapshot.groups[i].stickiness.kind != Stickiness::Kind::off) {
            return true;
        }
    }
    return false;
}

}  // namespace

base::Tick Snapshot::held_until(std::size_t rule) const {
    base::Tick latest{};
    for (std::size_t i = 0; i < rule_weights[rule].size(); ++i) {
        if (rule_weights[rule][i] > 0) latest = std::max(latest, groups[i].held_until);
    }
    return latest;
}

void complete(Snapshot& snapshot) {
    snapshot.weights.resize(snapshot.groups.size(), 0);
    for (GroupTargets& group : snapshot.groups) {
        complete(group);
        if (const Group* config = find_group(snapshot.config, group.name)) {
            open_if_too_few(group, config->minimum_healthy);
        }
        const auto any = [&](Use use) {
            return std::any_of(group.targets.begin(), group.targets.end(),
                               [use](const Target& target) { return target.use == use; });
        };
        group.has_normal = any(Use::normal);
        group.has_last_resort = any(Use::last_resort);
    }
    snapshot.rule_weights.clear();
    snapshot.rule_sticky.clear();
    for (std::size_t i = 0; i < snapshot.config.rules.size(); ++i) {
        snapshot.rule_weights.push_back(weights_of(snapshot, snapshot.config.rules[i]));
        snapshot.rule_sticky.push_back(is_sticky(snapshot, i) ? 1 : 0);
    }
}

std::optional<std::size_t> rule_of(const Snapshot& snapshot, std::size_t index,
                                   std::uint32_t priority) {
    const auto& rules = snapshot.config.rules;
    if (index < rules.size() && rules[index].priority == priority) return index;
    const auto at = std::find_if(rules.begin(), rules.end(), [priority](const Rule& rule) {
        return rule.priority == priority;
    });
    if (at == rules.end()) return std::nullopt;
    return static_cast<std::size_t>(at - rules.begin());
}

}  // namespace edge
