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
            target.id = "i" + std::to_string(target.uid);
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

TEST(ABalancer, grants_wishes_without_counting_them_against_the_weights) {
    const Snapshot snapshot =
        snapshot_of({{1, {Use::normal, Use::normal}}, {1, {Use::normal, Use::normal}}});
    Balancer balancer;
    balancer.install(snapshot);
    const auto uid = [&](const Wish& wish) {
        const auto choice = balancer.choose(snapshot, 0, {}, kNow, wish);
        return choice ? snapshot.groups[choice->group].targets[choice->target].uid : 0;
    };
    const Wish green{.group = snapshot.groups[1].bond, .target = 0};
    const Wish fourth{.group = green.group, .target = snapshot.groups[1].targets[1].bond};
    for (int i = 0; i < 100; ++i) {
        EXPECT_GE(uid(green), 3U);
        EXPECT_EQ(uid(fourth), 4U);
    }
    const Deal strangers = dealt(balancer, snapshot, 100);
    EXPECT_EQ(strangers.at(1) + strangers.at(2), 50) << "as if no wish had been granted";
}

TEST(ABalancer, gives_another_to_who_wishes_for_what_is_to_be_empty) {
    Balancer balancer;
    Snapshot snapshot = snapshot_of({{1, {Use::normal}}, {0, {Use::normal}}});
    balancer.install(snapshot);
    const auto uid = [&](const Wish& wish) {
        const auto choice = balancer.choose(snapshot, 0, {}, kNow, wish);
        return choice ? snapshot.groups[choice->group].targets[choice->target].uid : 0;
    };
    Wish wish{.group = snapshot.groups[1].bond, .target = snapshot.groups[1].targets[0].bond};
    EXPECT_EQ(uid(wish), 1U) << "weight 0";
    for (const Use use : {Use::never, Use::last_resort}) {
        snapshot = snapshot_of({{1, {Use::normal}}, {1, {use}}});
        balancer.install(snapshot);
        EXPECT_EQ(uid(wish), 1U) << "draining, not yet healthy, or unhealthy";
    }
    snapshot = snapshot_of({{1, {Use::normal}}, {1, {Use::last_resort, Use::normal}}});
    balancer.install(snapshot);
    EXPECT_EQ(uid(wish), 3U) << "its group is healthy still";
    wish.group = 77;
    EXPECT_NE(uid(wish), 0U) << "a group that is gone";
}

TEST(ABalancer, draws_at_random_where_it_is_told_so) {
    Snapshot snapshot = snapshot_of({{1, {Use::normal, Use::normal, Use::never, Use::normal}}});
    snapshot.groups[0].balance = Balance::weighted_random;
    Balancer balancer(7);
    balancer.install(snapshot);
    const Deal deal = dealt(balancer, snapshot, 3000);
    EXPECT_EQ(deal.size(), 3U);
    for (const auto& [uid, count] : deal) EXPECT_NEAR(count, 1000, 120) << uid;
    int repeats = 0;
    std::size_t last = 9;
    for (int i = 0; i < 100; ++i) {
        const auto choice = balancer.choose(snapshot, 0, {}, kNow);
        repeats += choice->target == last ? 1 : 0;
        last = choice->target;
    }
    EXPECT_GT(repeats, 10) << "not in turns";
}

TEST(ABalancer, lets_a_target_start_slowly_with_a_share_that_grows_evenly) {
    Snapshot snapshot = snapshot_of({{1, {Use::normal, Use::normal}}});
    snapshot.groups[0].slow_start = 100s;
    snapshot.groups[0].targets[1].slow_since = kNow;
    complete(snapshot);
    Balancer balancer(7);
    balancer.install(snapshot);
    const auto share_at = [&](std::chrono::seconds after) {
        int second = 0;
        for (int i = 0; i < 4000; ++i) {
            second += static_cast<int>(balancer.choose(snapshot, 0, {}, kNow + after)->target);
        }
        return second;
    };
    EXPECT_LT(share_at(0s), 40);
    EXPECT_NEAR(share_at(50s), 4000 / 3, 150) << "half of what the other has";
    EXPECT_NEAR(share_at(99s), 2000, 150);
    EXPECT_EQ(share_at(100s), 2000) << "in turns again";
}

TEST(ASnapshot, opens_a_group_whose_healthy_targets_are_too_few) {
    const auto uses = [](MinimumHealthy minimum, std::vector<Use> given) {
        Snapshot snapshot = snapshot_of({{1, std::move(given)}});
        snapshot.config.groups.push_back({.name = "g0"});
        snapshot.config.groups[0].minimum_healthy = minimum;
        complete(snapshot);
        std::vector<Use> made;
        for (const Target& target : snapshot.groups[0].targets) made.push_back(target.use);
        EXPECT_EQ(snapshot.groups[0].targets[0].healthy, made.size() > 1);
        return made;
    };
    using enum Use;
    const std::vector<Use> mixed{normal, last_resort, last_resort, never};
    const std::vector<Use> opened{normal, normal, normal, never};
    EXPECT_EQ(uses({}, mixed), mixed);
    EXPECT_EQ(uses({.count = 2, .percentage = 0}, mixed), opened);
    EXPECT_EQ(uses({.count = 1, .percentage = 33}, mixed), mixed) << "one of three is enough";
    EXPECT_EQ(uses({.count = 1, .percentage = 34}, mixed), opened);
    EXPECT_EQ(uses({.count = 2, .percentage = 0}, {last_resort}), std::vector{last_resort})
        << "with none healthy, another group may still have some (P4)";
}

TEST(ASnapshot, finds_a_rule_again_when_the_config_has_moved_it) {
    Snapshot snapshot;
    snapshot.config.rules = {{.priority = 5, .when = {}, .action = Forward{}},
                             {.priority = 9, .when = {}, .action = Forward{}}};
    EXPECT_EQ(rule_of(snapshot, 1, 9), 1U);
    EXPECT_EQ(rule_of(snapshot, 0, 9), 1U);
    EXPECT_EQ(rule_of(snapshot, 7, 5), 0U);
    EXPECT_EQ(rule_of(snapshot, 0, 6), std::nullopt);
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
