#pragma once
// What every Traffic does. Include it in one test file of a provider and instantiate
// TrafficContract with a function that makes a TrafficBench.

#include "engine/traffic.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engine {

/// A data plane with one healthy instance in each pool, and no split yet.
class TrafficBench {
public:
    virtual ~TrafficBench() = default;
    virtual Traffic& traffic() = 0;
    virtual base::Clock& clock() = 0;
    virtual std::vector<std::string> instances(release::Pool pool) = 0;
    /// So many users' requests come and are answered.
    virtual void request(unsigned count) = 0;
    /// The next write happens, and its answer is lost. False where that cannot be arranged.
    virtual bool lose_next_answer() = 0;
    /// Lets time pass until `holds` or a while is over; returns whether it held.
    virtual bool wait_for(const std::function<bool()>& holds) = 0;
};

class TrafficContract : public testing::TestWithParam<std::unique_ptr<TrafficBench> (*)()> {
protected:
    static constexpr Split kHalf{base::Permille{500}};

    std::unique_ptr<TrafficBench> bench = GetParam()();
    Traffic& traffic = bench->traffic();

    base::Deadline soon() { return bench->clock().deadline_in(std::chrono::seconds{5}); }
    static Ticket ticket(const std::string& step, std::uint64_t fence = 7) {
        return {.fence = fence, .step = {"r42/" + step + "/do"}};
    }
};

TEST_P(TrafficContract, before_the_first_release_there_is_no_split) {
    const auto split = traffic.read(soon());
    ASSERT_FALSE(split);
    EXPECT_EQ(split.error().failure, base::Failure::not_found);
}

TEST_P(TrafficContract, what_is_stored_is_read_back) {
    for (const char* green : {"0", "1", "50", "500", "999", "1000"}) {
        const Split wanted{base::Permille{static_cast<std::uint16_t>(std::stoi(green))}};
        ASSERT_TRUE(traffic.set(wanted, ticket(std::string("shift-") + green), soon()));
        EXPECT_EQ(traffic.read(soon()), wanted);
    }
}

TEST_P(TrafficContract, repeating_a_ticket_changes_nothing_more) {
    ASSERT_TRUE(traffic.set(kHalf, ticket("shift-1"), soon()));
    ASSERT_TRUE(traffic.set(kHalf, ticket("shift-1"), soon()));
    EXPECT_EQ(traffic.read(soon()), kHalf);
}

TEST_P(TrafficContract, a_write_that_was_never_answered_may_be_repeated) {
    if (!bench->lose_next_answer()) GTEST_SKIP() << "answers cannot be lost here";
    const auto lost = traffic.set(kHalf, ticket("shift-1"), soon());
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().failure, base::Failure::unknown);
    ASSERT_TRUE(traffic.set(kHalf, ticket("shift-1"), soon()));
    EXPECT_EQ(traffic.read(soon()), kHalf);
}

TEST_P(TrafficContract, a_lower_fence_is_a_conflict_and_changes_nothing) {
    ASSERT_TRUE(traffic.set(kHalf, ticket("shift-1", 8), soon()));
    const auto refused = traffic.set(all_to(release::Pool::green), ticket("shift-2", 7), soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_EQ(traffic.read(soon()), kHalf);
    EXPECT_TRUE(traffic.set(all_to(release::Pool::blue), ticket("shift-3", 8), soon()));
}

TEST_P(TrafficContract, all_requests_come_to_be_observed_where_the_split_sends_them) {
    ASSERT_TRUE(traffic.set(all_to(release::Pool::green), ticket("shift-1"), soon()));
    bool only_green = false;
    EXPECT_TRUE(bench->wait_for([&] {
        bench->request(20);
        const auto view = traffic.observe(std::chrono::seconds{1}, soon());
        only_green = view && view->green.requests_begun >= 20 && view->blue.requests_begun == 0;
        return only_green;
    }));
    const auto view = traffic.observe(std::chrono::seconds{10}, soon());
    ASSERT_TRUE(view);
    EXPECT_LT(view->from, view->until);
    EXPECT_EQ(view->blue.instances_healthy, 1U);
    EXPECT_EQ(view->green.instances_healthy, 1U);
}

TEST_P(TrafficContract, a_split_is_observed_in_both_pools) {
    ASSERT_TRUE(traffic.set(kHalf, ticket("shift-1"), soon()));
    std::uint64_t blue = 0;
    std::uint64_t green = 0;
    EXPECT_TRUE(bench->wait_for([&] {
        bench->request(50);
        const auto view = traffic.observe(std::chrono::seconds{5}, soon());
        blue = view ? view->blue.requests_begun : 0;
        green = view ? view->green.requests_begun : 0;
        return blue + green >= 100 && blue * 4 > green && green * 4 > blue;
    })) << blue
        << " and " << green;
}

TEST_P(TrafficContract, asking_sockets_to_move_may_be_repeated) {
    ASSERT_TRUE(traffic.set(kHalf, ticket("shift-1"), soon()));
    const auto blue = bench->instances(release::Pool::blue);
    ASSERT_FALSE(blue.empty());
    EXPECT_TRUE(traffic.move_sockets(blue, 0, ticket("drain"), soon()));
    EXPECT_TRUE(traffic.move_sockets(blue, 0, ticket("drain"), soon()));
}

}  // namespace engine
