#include "aws/crew.h"

#include "aws/twin_test.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace aws {
namespace {

using namespace std::chrono_literals;

class Crews : public testing::Test {
protected:
    LaneSource source() {
        return [this]() -> base::Result<std::unique_ptr<Lane>> {
            ++opened;
            return std::make_unique<Lane>();
        };
    }
    base::Deadline soon() { return clock.deadline_in(30s); }
    static tl::unexpected<base::Error> lost() {
        return base::fail(base::Failure::unavailable, {.code = "CF0836", .what = "lost"});
    }

    HandClock clock;
    int opened = 0;
};

TEST_F(Crews, every_job_is_done_once_and_heavy_ones_on_few_lanes) {
    Crew crew(source(), 16, clock);
    std::mutex mutex;
    std::multiset<std::size_t> done;
    std::set<Lane*> heavy;
    const auto all = crew.run(
        {.heavy = 40, .light = 60},
        [&](Lane& lane, std::size_t number) -> base::Result<void> {
            const std::lock_guard lock(mutex);
            done.insert(number);
            if (number < 40) heavy.insert(&lane);
            return {};
        },
        soon());
    ASSERT_TRUE(all);
    EXPECT_TRUE(*all);
    EXPECT_EQ(done.size(), 100U);
    EXPECT_EQ(std::set(done.begin(), done.end()).size(), 100U);
    EXPECT_LE(heavy.size(), Crew::kHeavyLanes);
    EXPECT_EQ(opened, 16);
}

TEST_F(Crews, after_a_failure_no_further_job_is_begun_and_the_failure_is_told) {
    Crew crew(source(), 1, clock);
    int begun = 0;
    const auto all = crew.run(
        {.heavy = 0, .light = 10},
        [&](Lane&, std::size_t) -> base::Result<void> {
            if (++begun == 3) return lost();
            return {};
        },
        soon());
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().diagnostic.what, "lost");
    EXPECT_EQ(begun, 3);
}

TEST_F(Crews, what_does_not_fit_into_the_time_is_not_begun) {
    Crew crew(source(), 1, clock);
    int begun = 0;
    const auto all = crew.run(
        {.heavy = 0, .light = 10},
        [&](Lane&, std::size_t) -> base::Result<void> {
            ++begun;
            clock.spent += 10s;
            return {};
        },
        soon());
    ASSERT_TRUE(all);
    EXPECT_FALSE(*all);
    EXPECT_EQ(begun, 3);  // at 0, 10 and 20 s of 30
}

TEST_F(Crews, a_line_on_which_nothing_arrives_is_tried_with_fewer_lanes) {
    Crew crew(source(), 8, clock);
    std::atomic<int> begun = 0;
    for (int turn = 0; turn < 4; ++turn) {
        begun = 0;
        EXPECT_FALSE(crew.run(
            {.heavy = 100, .light = 0},
            [&](Lane&, std::size_t) -> base::Result<void> {
                ++begun;
                return lost();
            },
            soon()));
    }
    EXPECT_EQ(begun, 1);
}

}  // namespace
}  // namespace aws
