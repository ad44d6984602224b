#pragma once
// Which target a request goes to. One worker's; told of a new snapshot when it comes.

#include "base/clock.h"
#include "base/random.h"
#include "edge/target/sticky.h"
#include "edge/target/weighted.h"
#include "edge/worker/snapshot.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace edge {

struct Choice {
    std::size_t group = 0;
    std::size_t target = 0;  ///< Index into the group's targets.
};

/// First a group by weight, then a target by the group's way of balancing.
///
/// A group without a healthy target is passed over while another with weight has one (P4); if none
/// has, an unhealthy target gets the request rather than nobody. A weight of 0 gets nothing.
/// A wish is granted where the group has weight and the target may be given requests; it does not
/// count against the weights, which are for those who wish for nothing.
class Balancer {
public:
    /// How long a target that refused a connection is chosen only if there is no other.
    static constexpr std::chrono::milliseconds kAvoidance{1000};

    explicit Balancer(std::uint64_t seed = 1) : random_(seed) {}

    /// Turns in progress carry on where the weights have not changed.
    void install(const Snapshot& snapshot);

    /// A target for a request that met rule `rule`; never one whose uid is in `tried`.
    std::optional<Choice> choose(const Snapshot& snapshot, std::size_t rule,
                                 std::span<const std::uint64_t> tried, base::Tick now,
                                 const Wish& wish = {});
    void refused(std::uint64_t uid, base::Tick now) { avoid_until_[uid] = now + kAvoidance; }

private:
    enum class Want : std::uint8_t { healthy, anyone };
    struct Eligible {
        Want want;
        std::span<const std::uint64_t> tried;
        base::Tick now;
    };
    bool fits(const Target& target, const Eligible& eligible) const;
    bool any_fits(const GroupTargets& group, const Eligible& eligible) const;
    std::optional<std::size_t> group_for(const Snapshot& snapshot, std::size_t rule,
                                         const Eligible& eligible, const Wish& wish);
    std::optional<std::size_t> pick(const Snapshot& snapshot, std::size_t group_index,
                                    const Eligible& eligible);
    std::optional<std::size_t> drawn(const GroupTargets& group, const Eligible& eligible);

    std::vector<Weighted> by_rule_;
    std::unordered_map<std::string, std::size_t> turn_;  ///< By group: where round robin stands.
    std::vector<std::size_t*> turns_;
    std::unordered_map<std::uint64_t, base::Tick> avoid_until_;
    std::vector<std::uint8_t> eligible_;
    std::vector<std::uint32_t> shares_;
    base::Random random_;
};

}  // namespace edge
