#include "edge/target/balance.h"

#include "edge/target/cohort.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace edge {

void Balancer::install(const Snapshot& snapshot) {
    std::vector<Weighted> before = std::exchange(by_rule_, {});
    for (const auto& weights : snapshot.rule_weights) {
        const auto same = std::find_if(before.begin(), before.end(), [&](const Weighted& weighted) {
            return !weights.empty() && weighted.weights() == weights;
        });
        if (same == before.end()) {
            by_rule_.emplace_back(weights);
        } else {
            by_rule_.push_back(std::move(*same));
            before.erase(same);
        }
    }
    turns_.clear();
    for (const GroupTargets& group : snapshot.groups) turns_.push_back(&turn_[group.name]);
    eligible_.assign(snapshot.groups.size(), 0);
    avoid_until_.clear();
}

bool Balancer::fits(const Target& target, const Eligible& eligible) const {
    if (target.use == Use::never) return false;
    if (eligible.want == Want::healthy) {
        if (target.use != Use::normal) return false;
        if (!avoid_until_.empty()) {
            const auto avoided = avoid_until_.find(target.uid);
            if (avoided != avoid_until_.end() && avoided->second > eligible.now) return false;
        }
    }
    const auto& tried = eligible.tried;
    return tried.empty() || std::find(tried.begin(), tried.end(), target.uid) == tried.end();
}

bool Balancer::any_fits(const GroupTargets& group, const Eligible& eligible) const {
    return std::any_of(group.targets.begin(), group.targets.end(),
                       [&](const Target& target) { return fits(target, eligible); });
}

std::optional<std::size_t> Balancer::group_for(const Snapshot& snapshot, std::size_t rule,
                                               const Eligible& eligible, const Wish& wish) {
    const auto& weights = snapshot.rule_weights[rule];
    for (std::size_t i = 0; wish.group != 0 && i < weights.size(); ++i) {
        if (snapshot.groups[i].bond != wish.group) continue;
        if (weights[i] > 0 && any_fits(snapshot.groups[i], eligible)) return i;
    }
    if (wish.bucket) {
        const auto group = share_of_bucket(*wish.bucket, weights);
        if (group && any_fits(snapshot.groups[*group], eligible)) return group;
    }
    for (std::size_t i = 0; i < snapshot.groups.size(); ++i) {
        eligible_[i] = any_fits(snapshot.groups[i], eligible);
    }
    return by_rule_[rule].choose(eligible_);
}

std::optional<Choice> Balancer::choose(const Snapshot& snapshot, std::size_t rule,
                                       std::span<const std::uint64_t> tried, base::Tick now,
                                       const Wish& wish) {
    for (const Want want : {Want::healthy, Want::anyone}) {
        const Eligible eligible{want, tried, now};
        const auto group = group_for(snapshot, rule, eligible, wish);
        if (!group) continue;
        const auto& targets = snapshot.groups[*group].targets;
        for (std::size_t i = 0; wish.target != 0 && i < targets.size(); ++i) {
            if (targets[i].bond == wish.target && fits(targets[i], eligible)) {
                return Choice{*group, i};
            }
        }
        const auto target = pick(snapshot, *group, eligible);
        if (target) return Choice{*group, *target};
    }
    return std::nullopt;
}

std::optional<std::size_t> Balancer::drawn(const GroupTargets& group, const Eligible& eligible) {
    constexpr std::uint32_t kWhole = 1000;
    shares_.assign(group.targets.size(), 0);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < group.targets.size(); ++i) {
        const Target& target = group.targets[i];
        if (!fits(target, eligible)) continue;
        shares_[i] = kWhole;
        const auto since = eligible.now - target.slow_since;
        if (target.slow_since != base::Tick{} && since < group.slow_start) {
            // Never nothing: else a lone target would wait for its own first request.
            shares_[i] = 1 + static_cast<std::uint32_t>((kWhole - 1) * since / group.slow_start);
        }
        sum += shares_[i];
    }
    if (sum == 0) return std::nullopt;
    std::uint64_t at = random_.below(sum);
    std::size_t i = 0;
    while (at >= shares_[i]) at -= shares_[i++];
    return i;
}

std::optional<std::size_t> Balancer::pick(const Snapshot& snapshot, std::size_t group_index,
                                          const Eligible& eligible) {
    const GroupTargets& group = snapshot.groups[group_index];
    if (group.balance == Balance::weighted_random || group.slow_until > eligible.now) {
        return drawn(group, eligible);
    }
    std::size_t& turn = *turns_[group_index];
    const std::size_t count = group.targets.size();
    std::optional<std::size_t> best;
    std::uint64_t fewest = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t step = 0; step < count; ++step) {
        const std::size_t at = (turn + step) % count;
        const Target& target = group.targets[at];
        if (!fits(target, eligible)) continue;
        if (group.balance == Balance::round_robin) {
            best = at;
            break;
        }
        const Load load = target.tally->load();
        if (load.in_flight + load.sockets < fewest) {
            fewest = load.in_flight + load.sockets;
            best = at;
        }
    }
    if (best) turn = (*best + 1) % count;
    return best;
}

}  // namespace edge
