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

}  // namespace

void complete(Snapshot& snapshot) {
    snapshot.weights.resize(snapshot.groups.size(), 0);
    for (GroupTargets& group : snapshot.groups) {
        const auto any = [&](Use use) {
            return std::any_of(group.targets.begin(), group.targets.end(),
                               [use](const Target& target) { return target.use == use; });
        };
        group.has_normal = any(Use::normal);
        group.has_last_resort = any(Use::last_resort);
    }
    snapshot.rule_weights.clear();
    for (const Rule& rule : snapshot.config.rules) {
        snapshot.rule_weights.push_back(weights_of(snapshot, rule));
    }
}

}  // namespace edge
