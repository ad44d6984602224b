#pragma once
// engine::Fleet on two permanent Auto Scaling groups, one a pool.

#include "aws/boot.h"
#include "aws/client.h"
#include "aws/group.h"
#include "aws/rule.h"
#include "aws/shelf.h"
#include "aws/versions.h"
#include "aws/wish.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/fleet.h"
#include "release/pool.h"
#include "release/release.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace aws {

/// Whether a fleet carries wishes on, or only looks.
enum class Hand : std::uint8_t { drives, watches };

/// A wish is stored in a tag of its group; `list` then makes one change a group on towards it, so
/// that what a crash left half done goes on with the next look, whoever looks. A release takes
/// over the scaling of both groups: bounds are pinned, and what scales by itself is suspended.
/// With the wish that ends a release it is given back as it was found, before `list` shows that
/// wish fulfilled: no release ends with a group that cannot scale.
///
/// An instance is healthy when it is in service with its group *and* a healthy target. Each
/// release has a launch template version of its own, pinned by number.
///
/// Auto Scaling has no compare-and-set: two writers within one round trip of each other are kept
/// apart by the store's lease alone. A wish of a higher fence is obeyed by nobody below it.
class Fleet final : public engine::Fleet {
public:
    struct Place {
        std::string blue;  ///< Names of the Auto Scaling groups.
        std::string green;
        Groups targets;
        std::string launch_template;   ///< `lt-…`
        std::string template_version;  ///< What releases are made from; a number.
        BootPlace boot;
        std::chrono::milliseconds boot_deadline{60'000};
    };
    struct Clients {
        Client& scaling;
        Client& balancing;
        Client& compute;
        Client& bucket;  ///< Its endpoint is `boot.bucket`.
    };
    Fleet(Place place, Clients clients, base::Clock& clock, Hand hand);

    /// Puts artifact and config where instances fetch them. An upload in parts goes on with the
    /// same call: until its last part the answer is `unavailable` (CF0827).
    base::Result<void> prepare(const release::Release& release, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> ensure(release::Pool pool, const engine::Capacity& capacity,
                              const engine::Ticket& ticket, base::Deadline deadline) override;
    base::Result<void> replace(release::Pool pool, const engine::Capacity& capacity,
                               std::uint32_t updated, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> retire(release::Pool pool, const engine::Ticket& ticket,
                              base::Deadline deadline) override;
    /// Makes at most one change a group, too, unless it was made to watch. `unavailable` where the
    /// groups are answered as before our last write.
    base::Result<std::vector<engine::Instance>> list(base::Deadline deadline) override;

    /// Gives back the scaling that releases took over and left so; the names of the groups where
    /// there was something to give. Only for whoever knows, under a lease, that no release goes on
    /// and none stands warm.
    base::Result<std::vector<std::string>> give_back(const engine::Ticket& ticket,
                                                     base::Deadline deadline);

private:
    struct Target {
        std::string state;
        std::string reason;
    };
    struct Machine {
        std::string address;
        base::Instant since;
    };
    /// Blue, then green.
    struct Sight {
        std::array<Group, 2> groups;
        std::map<std::string, Target> targets;  ///< By instance.
    };

    base::Result<Sight> look(const Terms& terms);
    base::Result<void> look_at_targets(Sight& sight, const Terms& terms);
    base::Result<std::int64_t> version_of(const release::Release& release, release::Pool pool,
                                          const Terms& terms);
    /// Whether `ticket` may write; true where it was written already.
    base::Result<bool> is_written(const Sight& sight, release::Pool pool,
                                  const engine::Ticket& ticket) const;
    base::Result<void> write(Sight& sight, release::Pool pool, Wish wish, const Terms& terms);
    base::Result<void> write_tags(const std::vector<const Group*>& groups, const Terms& terms);
    base::Result<void> carry_on(Sight& sight, const Terms& terms);
    base::Result<void> make(const Group& group, const Move& move, const Terms& terms);
    base::Result<void> know_machines(const Sight& sight, const Terms& terms);
    base::Result<std::vector<engine::Instance>> instances_of(const Sight& sight,
                                                             const Terms& terms);
    void judge(engine::Instance& instance, const GroupMember& member, const Target* target) const;

    Place place_;
    Clients clients_;
    base::Clock* clock_;
    Hand hand_;
    Shelf shelf_;
    Versions versions_;
    std::map<std::string, Machine> machines_;
    std::map<std::string, Wish> written_;  ///< By this object, by group.
    /// Instances that were seen broken, by release: Auto Scaling itself replaces them, too.
    std::map<std::string, std::set<std::string>> broken_;
};

/// A group as Auto Scaling tells of it, with what releases have noted there. Whether its members
/// serve is not in it.
Group group_from(const Value& described);

/// The variable of an instance that says which template version its release was made from: part of
/// the release's config, so that another one is a change, and the way back goes to the old one.
inline constexpr const char* kTemplateVariable = "CROSSFADE_TEMPLATE_VERSION";

}  // namespace aws
