// Fleet::list: what the groups, the load balancer and EC2 say of each instance, as one state.

#include "aws/client.h"
#include "aws/fleet.h"
#include "aws/group.h"
#include "aws/key.h"
#include "aws/models/ec2.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/fleet.h"
#include "release/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aws {
namespace {

using engine::InstanceState;

std::string reason_of(const std::string& state, const std::string& reason) {
    return reason.empty() ? state : reason;
}

/// What ended by itself counts as restarts of the newest of its release: one took the place of
/// another.
void count_ended(std::vector<engine::Instance>& all, std::size_t first, const std::string& release,
                 std::size_t ended) {
    engine::Instance* newest = nullptr;
    for (std::size_t i = first; i < all.size(); ++i) {
        const bool leaves =
            all[i].state == InstanceState::draining || all[i].state == InstanceState::stopping;
        if (leaves || all[i].release != release) continue;
        if (newest == nullptr || newest->since <= all[i].since) newest = &all[i];
    }
    if (newest != nullptr)
        newest->restarts = std::max(newest->restarts, static_cast<std::uint32_t>(ended));
}

}  // namespace

base::Result<void> Fleet::know_machines(const Sight& sight, const Terms& terms) {
    List unknown;
    for (const Group& group : sight.groups)
        for (const GroupMember& each : group.members)
            if (!machines_.contains(each.id)) unknown.emplace_back(each.id);
    if (unknown.empty()) return {};
    // By filter: an id that EC2 has forgotten, or not heard of yet, is no error then.
    using namespace ec2::DescribeInstancesRequest;
    const Value by_id = Entries{ec2::Filter::name("instance-id"), ec2::Filter::values(unknown)};
    const auto found = clients_.compute.all(ec2::kDescribeInstances, Entries{filters(List{by_id})},
                                            ec2::DescribeInstancesResult::reservations, terms);
    if (!found) return base::fail(found);
    for (const Value& reservation : *found)
        for (const Value& each : ec2::Reservation::instances.of(reservation)) {
            const auto* const since = ec2::Instance::launch_time.find(each);
            const std::string& address = ec2::Instance::private_ip_address.of(each);
            if (since == nullptr || address.empty()) continue;
            machines_[ec2::Instance::instance_id.of(each)] = {
                .address = fmt::format("{}:{}", address, place_.boot.port), .since = *since};
        }
    return {};
}

void Fleet::judge(engine::Instance& instance, const GroupMember& member,
                  const Target* target) const {
    const std::string state = target == nullptr ? "unused" : target->state;
    if (member.is_leaving()) {
        const bool drains = state == "draining" || state == "unhealthy.draining";
        instance.state = drains ? InstanceState::draining : InstanceState::stopping;
        instance.reason = drains ? "leaves, and is deregistered" : member.lifecycle;
        return;
    }
    if (member.is_serving) {
        instance.state = InstanceState::healthy;
        return;
    }
    const bool is_late = clock_->now() - instance.since > place_.boot_deadline;
    if (!member.lifecycle.starts_with("Pending") && member.lifecycle != "InService") {
        instance.state = InstanceState::unhealthy;
        instance.reason = fmt::format("its group says {}", member.lifecycle);
    } else if (member.is_broken) {
        instance.state = InstanceState::failed;
        instance.reason = fmt::format("its group takes it for broken; as a target it is {}",
                                      target == nullptr ? state : reason_of(state, target->reason));
    } else if (member.lifecycle != "InService") {
        instance.state = is_late ? InstanceState::failed : InstanceState::starting;
        instance.reason = fmt::format("its group says {}", member.lifecycle);
    } else if (state == "unhealthy") {
        instance.state = InstanceState::unhealthy;
        instance.reason = reason_of(state, target->reason);
    } else {
        instance.state = is_late ? InstanceState::failed : InstanceState::starting;
        instance.reason =
            target == nullptr ? "not registered yet" : reason_of(state, target->reason);
    }
}

base::Result<std::vector<engine::Instance>> Fleet::instances_of(const Sight& sight,
                                                                const Terms& terms) {
    if (const auto known = know_machines(sight, terms); !known) return base::fail(known);
    std::vector<engine::Instance> out;
    for (const release::Pool pool : {release::Pool::blue, release::Pool::green}) {
        const Group& group = sight.groups[pool == release::Pool::blue ? 0 : 1];
        const std::size_t first = out.size();
        for (const GroupMember& member : group.members) {
            const auto release = versions_.release_of(member.version, terms);
            if (!release) return base::fail(release);
            const auto machine = machines_.find(member.id);
            const bool known = machine != machines_.end();
            engine::Instance instance{.id = member.id,
                                      .pool = pool,
                                      .release = *release,
                                      .address = known ? machine->second.address : std::string{},
                                      .since = known ? machine->second.since : clock_->now()};
            const auto target = sight.targets.find(member.id);
            if (member.is_broken) broken_[*release].insert(member.id);
            judge(instance, member, target != sight.targets.end() ? &target->second : nullptr);
            out.push_back(std::move(instance));
        }
        for (const auto& [release, ids] : broken_) count_ended(out, first, release, ids.size());
        if (!group.wish || group.wish->ended == 0 || group.wish->version == 0) continue;
        const auto release = versions_.release_of(group.wish->version, terms);
        if (release) count_ended(out, first, *release, group.wish->ended);
    }
    return out;
}

base::Result<std::vector<engine::Instance>> Fleet::list(base::Deadline deadline) {
    const Terms terms{.deadline = deadline};
    auto sight = look(terms);
    if (!sight) return base::fail(sight);
    auto out = instances_of(*sight, terms);
    if (!out) return base::fail(out);
    if (hand_ == Hand::drives)
        if (const auto done = carry_on(*sight, terms); !done) return base::fail(done);
    return out;
}

}  // namespace aws
