#include "edge/target/balance.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace edge {
namespace {

using namespace std::chrono_literals;

constexpr base::Tick kNow{1h};

Snapshot snapshot_of(std::vector<std::pair<std::uint32_t, std::vector<Use>>> groups) {
    Snapshot made;
    made.version = 1;
    made.config.rules.push_back({.priority = 1, .when = {}, .action = Forward{}});
    std::uint64_t uid = 1;
    for (auto& [weight, uses] : groups) {
        GroupTargets group;
        group.name = "g" + std::to_string(made.groups.size());
        group.tally = std::make_shared<GroupTally>(1);
        for (const Use use : uses) {
            Target target;
            target.uid = uid++;
            target.use = use;
            target.tally = std::make_shared<TargetTally>(1);
            group.targets.push_back(target);
        }
        made.groups.push_back(std::move(group));
        made.weights.push_back(weight);
    }
    complete(made);
    return made;
}

std::map<std::uint64_t, int> dealt(Balancer& balancer, const Snapshot& snapshot, int count) {
    std::map<std::uint64_t, int> made;
    for (int i = 0; i < count; ++i) {
        const auto choice = balancer.choose(snapshot, 0, {}, kNow);
        ++made[choice ? snapshot.groups[choice->group].targets[choice->target].uid : 0];
    }
    return made;
}

using Deal = std::map<std::uint64_t, int>;

TEST(ABalancer, deals_by_weight_and_in_turns) {
    const Snapshot snapshot =
        snapshot_of({{900, {Use::normal, Use::normal}}, {100, {Use::normal}}});
    Balancer balancer;
    balancer.install(snapshot);
    EXPECT_EQ(dealt(balancer, snapshot, 1000), (Deal{{1, 450}, {2, 450}, {3, 100}}));
}

TEST(ABalancer, passes_over_a_group_without_a_healthy_target_and_fails_open_only_without_any) {
    Balancer balancer;
    Snapshot snapshot = snapshot_of({{999, {Use::last_resort, Use::never}}, {1, {Use::normal}}});
    balancer.install(snapshot);
    EXPECT_EQ(dealt(balancer, snapshot, 100), (Deal{{3, 100}}));
    snapshot = snapshot_of({{999, {Use::last_resort, Use::never}}, {0, {Use::normal}}});
    balancer.install(snapshot);
    EXPECT_EQ(dealt(balancer, snapshot, 100), (Deal{{1, 100}})) << "weight 0 gets nothing";
    snapshot = snapshot_of({{1, {Use::never}}, {1, {}}});
    balancer.install(snapshot);
    EXPECT_EQ(dealt(balancer, snapshot, 10), (Deal{{0, 10}})) << "not even the untested";
}

TEST(ABalancer, avoids_who_refused_and_never_gives_one_twice_to_a_request) {
    const Snapshot snapshot = snapshot_of({{1, {Use::normal, Use::normal}}});
    Balancer balancer;
    balancer.install(snapshot);
    balancer.refused(1, kNow);
    EXPECT_EQ(dealt(balancer, snapshot, 10), (Deal{{2, 10}}));
    const std::uint64_t tried[] = {2};
    const auto last = balancer.choose(snapshot, 0, tried, kNow);
    ASSERT_TRUE(last) << "better one that refused a moment ago than nobody";
    EXPECT_EQ(snapshot.groups[0].targets[last->target].uid, 1U);
    const std::uint64_t all[] = {1, 2};
    EXPECT_FALSE(balancer.choose(snapshot, 0, all, kNow));
    const auto later = kNow + Balancer::kAvoidance;
    EXPECT_TRUE(balancer.choose(snapshot, 0, {}, later));
}

TEST(ABalancer, gives_to_the_least_busy_where_it_is_told_so) {
    Snapshot snapshot = snapshot_of({{1, {Use::normal, Use::normal, Use::normal}}});
    snapshot.groups[0].balance = Balance::least_outstanding;
    Balancer balancer;
    balancer.install(snapshot);
    snapshot.groups[0].targets[0].tally->by_worker[0].in_flight.add(2);
    snapshot.groups[0].targets[1].tally->by_worker[0].sockets.add(1);
    EXPECT_EQ(dealt(balancer, snapshot, 10), (Deal{{3, 10}}));
}

TEST(ABalancer, carries_its_turns_over_to_a_snapshot_with_the_same_weights) {
    Snapshot snapshot = snapshot_of({{999, {Use::normal}}, {1, {Use::normal}}});
    Balancer balancer;
    Deal sum;
    for (int i = 0; i < 1000; ++i) {
        balancer.install(snapshot);
        for (const auto& [uid, count] : dealt(balancer, snapshot, 1)) sum[uid] += count;
    }
    EXPECT_EQ(sum, (Deal{{1, 999}, {2, 1}}));
}

}  // namespace
}  // namespace edge
