#pragma once
// What every Fleet does. Include it in one test file of a provider and instantiate
// FleetContract with a function that makes a FleetBench.

#include "engine/fleet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace engine {

/// A fleet without instances, whose pools take no requests.
class FleetBench {
public:
    virtual ~FleetBench() = default;
    virtual Fleet& fleet() = 0;
    virtual base::Clock& clock() = 0;
    /// A release that boots, and differs from those of other ids.
    virtual release::Release release(const std::string& id) = 0;
    /// One whose instances run but never become healthy.
    virtual release::Release sick_release(const std::string& id) = 0;
    /// One whose artifact is nowhere.
    virtual release::Release lost_release(const std::string& id) = 0;
    /// The instance's process dies.
    virtual void kill(const Instance& instance) = 0;
    /// Lets time pass until `holds` or a while is over; returns whether it held.
    virtual bool wait_for(const std::function<bool()>& holds) = 0;
};

class FleetContract : public testing::TestWithParam<std::unique_ptr<FleetBench> (*)()> {
protected:
    std::unique_ptr<FleetBench> bench = GetParam()();
    Fleet& fleet = bench->fleet();

    base::Deadline soon() { return bench->clock().deadline_in(std::chrono::seconds{5}); }
    static Ticket ticket(const std::string& step, std::uint64_t fence = 7) {
        return {.fence = fence, .step = {"r1/" + step + "/do"}};
    }
    std::vector<Instance> listed() {
        const auto list = fleet.list(soon());
        return list ? *list : std::vector<Instance>{};
    }
    std::size_t healthy(const std::string& release, release::Pool pool) {
        const auto list = listed();
        return static_cast<std::size_t>(
            std::count_if(list.begin(), list.end(), [&](const Instance& i) {
                return i.release == release && i.pool == pool && i.state == InstanceState::healthy;
            }));
    }
    void ensured(release::Pool pool, const release::Release& release, std::uint32_t instances,
                 const std::string& step) {
        ASSERT_TRUE(fleet.prepare(release, ticket(step + "-prepare"), soon()));
        ASSERT_TRUE(fleet.ensure(pool, {release, instances}, ticket(step), soon()));
        ASSERT_TRUE(bench->wait_for([&] {
            return healthy(release.id, pool) == instances && listed_in(pool) == instances;
        })) << text();
    }
    std::size_t listed_in(release::Pool pool) {
        const auto list = listed();
        return static_cast<std::size_t>(std::count_if(
            list.begin(), list.end(), [pool](const Instance& i) { return i.pool == pool; }));
    }
    std::string text() {
        std::string out;
        for (const Instance& i : listed()) {
            out += i.id + " " + std::string(release::name_of(i.pool)) + " " + i.release + " " +
                   std::string(name_of(i.state)) + " " + i.reason + "\n";
        }
        return out;
    }
};

TEST_P(FleetContract, a_wished_pool_becomes_healthy_and_others_stay_empty) {
    ensured(release::Pool::green, bench->release("r1"), 2, "scale_up");
    EXPECT_EQ(listed_in(release::Pool::blue), 0U);
    std::set<std::string> ids;
    std::set<std::string> addresses;
    for (const Instance& instance : listed()) {
        ids.insert(instance.id);
        addresses.insert(instance.address);
    }
    EXPECT_EQ(ids.size(), 2U);
    EXPECT_EQ(addresses.size(), 2U);
}

TEST_P(FleetContract, repeating_a_wish_starts_nothing_more) {
    const release::Release r1 = bench->release("r1");
    ensured(release::Pool::blue, r1, 2, "scale_up");
    const auto before = listed();
    ASSERT_TRUE(fleet.ensure(release::Pool::blue, {r1, 2}, ticket("scale_up"), soon()));
    ASSERT_TRUE(fleet.ensure(release::Pool::blue, {r1, 2}, ticket("scale_up-again"), soon()));
    ASSERT_TRUE(bench->wait_for([&] { return healthy("r1", release::Pool::blue) == 2; }));
    const auto after = listed();
    ASSERT_EQ(after.size(), before.size()) << text();
    for (const Instance& instance : before) {
        EXPECT_TRUE(std::any_of(after.begin(), after.end(),
                                [&](const Instance& each) { return each.id == instance.id; }));
    }
}

TEST_P(FleetContract, an_artifact_that_is_nowhere_is_not_found) {
    const auto prepared = fleet.prepare(bench->lost_release("r1"), ticket("prepare"), soon());
    ASSERT_FALSE(prepared);
    EXPECT_EQ(prepared.error().failure, base::Failure::not_found);
}

TEST_P(FleetContract, a_sick_release_is_listed_and_never_healthy) {
    const release::Release sick = bench->sick_release("r1");
    ASSERT_TRUE(fleet.prepare(sick, ticket("prepare"), soon()));
    ASSERT_TRUE(fleet.ensure(release::Pool::blue, {sick, 1}, ticket("scale_up"), soon()));
    ASSERT_TRUE(bench->wait_for([&] { return listed_in(release::Pool::blue) == 1; }));
    const auto list = listed();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_NE(list.front().state, InstanceState::healthy);
    EXPECT_FALSE(list.front().reason.empty());
}

TEST_P(FleetContract, an_instance_that_dies_is_started_again) {
    ensured(release::Pool::blue, bench->release("r1"), 1, "scale_up");
    bench->kill(listed().front());
    EXPECT_TRUE(bench->wait_for([&] {
        const auto list = listed();
        return list.size() == 1 && list.front().state == InstanceState::healthy &&
               list.front().restarts == 1;
    })) << text();
}

TEST_P(FleetContract, a_batch_is_replaced_without_ever_having_fewer) {
    ensured(release::Pool::blue, bench->release("r1"), 2, "scale_up");
    const release::Release r2 = bench->release("r2");
    ASSERT_TRUE(fleet.prepare(r2, ticket("prepare-2"), soon()));
    ASSERT_TRUE(fleet.replace(release::Pool::blue, {r2, 2}, 1, ticket("replace-1"), soon()));
    std::size_t fewest = 2;
    const auto half = [&] {
        const std::size_t r1_now = healthy("r1", release::Pool::blue);
        const std::size_t r2_now = healthy("r2", release::Pool::blue);
        fewest = std::min(fewest, r1_now + r2_now);
        return r1_now == 1 && r2_now == 1 && listed_in(release::Pool::blue) == 2;
    };
    ASSERT_TRUE(bench->wait_for(half)) << text();
    ASSERT_TRUE(fleet.replace(release::Pool::blue, {r2, 2}, 2, ticket("replace-2"), soon()));
    ASSERT_TRUE(bench->wait_for([&] {
        const std::size_t r1_now = healthy("r1", release::Pool::blue);
        const std::size_t r2_now = healthy("r2", release::Pool::blue);
        fewest = std::min(fewest, r1_now + r2_now);
        return r2_now == 2 && listed_in(release::Pool::blue) == 2;
    })) << text();
    EXPECT_EQ(fewest, 2U);
}

TEST_P(FleetContract, a_replacement_can_be_taken_back) {
    const release::Release r1 = bench->release("r1");
    ensured(release::Pool::blue, r1, 2, "scale_up");
    const release::Release r2 = bench->release("r2");
    ASSERT_TRUE(fleet.prepare(r2, ticket("prepare-2"), soon()));
    ASSERT_TRUE(fleet.replace(release::Pool::blue, {r2, 2}, 1, ticket("replace-1"), soon()));
    ASSERT_TRUE(fleet.replace(release::Pool::blue, {r1, 2}, 2, ticket("replace-back"), soon()));
    EXPECT_TRUE(bench->wait_for([&] {
        return healthy("r1", release::Pool::blue) == 2 && listed_in(release::Pool::blue) == 2;
    })) << text();
}

TEST_P(FleetContract, a_retired_pool_becomes_empty_and_the_other_stays) {
    ensured(release::Pool::blue, bench->release("r1"), 1, "blue");
    ensured(release::Pool::green, bench->release("r2"), 1, "green");
    ASSERT_TRUE(fleet.retire(release::Pool::blue, ticket("retire"), soon()));
    EXPECT_TRUE(bench->wait_for([&] { return listed_in(release::Pool::blue) == 0; })) << text();
    EXPECT_EQ(healthy("r2", release::Pool::green), 1U);
    EXPECT_TRUE(fleet.retire(release::Pool::blue, ticket("retire"), soon()));
}

TEST_P(FleetContract, a_lower_fence_is_a_conflict_and_changes_nothing) {
    ensured(release::Pool::blue, bench->release("r1"), 1, "scale_up");
    const auto refused = fleet.retire(release::Pool::blue, ticket("retire", 6), soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_EQ(healthy("r1", release::Pool::blue), 1U);
}

}  // namespace engine
