#include "aws/traffic.h"

#include "aws/twin_test.h"
#include "engine/traffic_contract.h"

#include <gtest/gtest.h>

#include <map>

namespace aws {
namespace {

using namespace std::chrono_literals;

struct World {
    HandClock clock;
    BalancerTwin twin{clock};
    Client balancing = client_of(twin, clock, "elasticloadbalancing");
    Client monitoring = client_of(twin, clock, "monitoring");
    std::map<std::string, int> moved;
    Traffic traffic{{.rule = BalancerTwin::kRule,
                     .load_balancer = BalancerTwin::kBalancer,
                     .groups = {.blue = BalancerTwin::kBlue, .green = BalancerTwin::kGreen}},
                    balancing,
                    monitoring,
                    clock,
                    {.count = {},
                     .move = [this](const std::vector<std::string>& ids, std::uint32_t,
                                    const engine::Ticket&, base::Deadline) -> base::Result<void> {
                         for (const std::string& each : ids) ++moved[each];
                         return {};
                     }}};

    base::Deadline soon() { return clock.deadline_in(5s); }
    base::Result<void> set(std::uint16_t green, const std::string& step, std::uint64_t fence = 7) {
        return traffic.set({base::Permille{green}}, {.fence = fence, .step = {"r42/" + step}},
                           soon());
    }
};

class Bench final : public engine::TrafficBench {
public:
    engine::Traffic& traffic() override { return world_.traffic; }
    base::Clock& clock() override { return world_.clock; }
    std::vector<std::string> instances(release::Pool) override { return {"i-1"}; }
    void request(unsigned count) override { world_.twin.request(count); }
    bool lose_next_answer() override { return world_.twin.lose_next = true; }
    bool wait_for(const std::function<bool()>& holds) override {
        for (int i = 0; i < 60; ++i) {
            if (holds()) return true;
            world_.clock.spent += 15s;
        }
        return false;
    }

private:
    World world_;
};

std::unique_ptr<engine::TrafficBench> make_bench() {
    return std::make_unique<Bench>();
}

class RuleTraffic : public testing::Test {
protected:
    World world;
};

TEST_F(RuleTraffic, a_shift_is_one_write_that_leaves_everything_else) {
    ASSERT_TRUE(world.set(50, "shift-1/do"));
    EXPECT_EQ(world.twin.blue, 950);
    EXPECT_EQ(world.twin.green, 50);
    EXPECT_EQ(world.twin.later, "on");
    EXPECT_EQ(world.twin.actions,
              (std::vector<std::string>{"DescribeTags", "DescribeRules", "AddTags", "ModifyRule"}));
}

TEST_F(RuleTraffic, the_rule_may_stand_on_a_later_page) {
    world.twin.splits_pages = true;
    ASSERT_TRUE(world.set(50, "shift-1/do"));
    EXPECT_EQ(world.traffic.read(world.soon()), engine::Split{base::Permille{50}});
}

TEST_F(RuleTraffic, other_weights_than_were_written_stop_the_release_and_not_the_way_back) {
    ASSERT_TRUE(world.set(50, "shift-1/do"));
    world.twin.blue = 1;
    world.twin.green = 1;
    const auto refused = world.set(100, "shift-2/do");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0814");
    EXPECT_NE(refused.error().line().find("500 of 1000"), std::string::npos);
    EXPECT_EQ(world.twin.green, 1);
    EXPECT_TRUE(world.set(0, "shift-1/undo"));
    EXPECT_EQ(world.twin.green, 0);
}

TEST_F(RuleTraffic, other_conditions_or_settings_stop_even_the_way_back) {
    ASSERT_TRUE(world.set(50, "shift-1/do"));
    world.twin.path = "/other/*";
    EXPECT_FALSE(world.set(100, "shift-2/do"));
    EXPECT_FALSE(world.set(0, "shift-1/undo"));
    world.twin.path = "/*";
    EXPECT_TRUE(world.set(100, "shift-2/do"));
    world.twin.later = "off";  // no model names it, and still it counts
    EXPECT_FALSE(world.set(150, "shift-3/do"));
}

// A crash between the note and the write, and one after the write.
TEST_F(RuleTraffic, a_crash_anywhere_is_carried_on_by_the_same_or_the_next_step) {
    ASSERT_TRUE(world.set(50, "shift-1/do"));
    world.twin.lose_next = true;  // the note is there, the write was never sent
    EXPECT_EQ(world.set(100, "shift-2/do").error().failure, base::Failure::unknown);
    EXPECT_EQ(world.twin.green, 50);
    EXPECT_TRUE(world.set(100, "shift-2/do"));
    EXPECT_EQ(world.twin.green, 100);
    world.twin.lose_next = true;
    EXPECT_FALSE(world.set(200, "shift-3/do"));
    EXPECT_TRUE(world.set(300, "shift-4/do", 8));  // another run takes over
    EXPECT_EQ(world.twin.green, 300);
}

// Whatever one request meets with, the same step, repeated, ends where it was to end, and so does
// the way back of another controller.
TEST_F(RuleTraffic, a_mishap_at_any_request_is_made_good_by_repeating) {
    for (const Mishap kind : {Mishap::unreached, Mishap::unanswered, Mishap::lost_answer})
        for (const bool others : {false, true})
            for (int at = 0; at < 6; ++at) {
                World one;
                ASSERT_TRUE(one.set(50, "shift-1/do"));
                one.twin.misfortune = {.at = at, .kind = kind};
                const auto first = one.set(200, "shift-2/do");
                one.twin.misfortune = {};
                if (first) {
                    EXPECT_EQ(one.twin.green, 200);
                }
                const auto then =
                    others ? one.set(0, "shift-1/undo", 8) : one.set(200, "shift-2/do");
                ASSERT_TRUE(then) << at << ' ' << then.error().line();
                EXPECT_EQ(one.twin.green, others ? 0 : 200) << at;
                EXPECT_EQ(one.twin.later, "on");
            }
}

TEST_F(RuleTraffic, a_rule_that_cannot_divide_is_refused) {
    world.twin.blue = 0;
    world.twin.green = 0;
    const auto refused = world.set(50, "shift-1/do");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0813");
    EXPECT_TRUE(world.twin.tags.empty());
}

TEST_F(RuleTraffic, nothing_is_said_of_a_share_before_a_whole_minute_under_it) {
    world.twin.request(100);
    ASSERT_TRUE(world.set(1000, "shift-1/do"));
    for (int second = 0; second < 60; second += 10) {
        const auto early = world.traffic.observe(1s, world.soon());
        ASSERT_FALSE(early) << second;
        EXPECT_EQ(early.error().failure, base::Failure::unavailable);
        world.clock.spent += 10s;
    }
    world.clock.spent += 2min;
    const auto view = world.traffic.observe(10min, world.soon());
    ASSERT_TRUE(view) << view.error().line();
    EXPECT_EQ(view->blue.requests_begun, 0U);  // the hundred came before
}

TEST_F(RuleTraffic, what_nobody_counts_is_not_zero) {
    ASSERT_TRUE(world.set(500, "shift-1/do"));
    world.clock.spent += 5min;
    const auto view = world.traffic.observe(1min, world.soon());
    ASSERT_TRUE(view) << view.error().line();
    EXPECT_EQ(view->blue.sockets_open, 1U);
    world.twin.status = "InternalError";
    const auto broken = world.traffic.observe(1min, world.soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().failure, base::Failure::unavailable);
}

}  // namespace
}  // namespace aws

namespace engine {
INSTANTIATE_TEST_SUITE_P(aws, TrafficContract, testing::Values(&aws::make_bench));
}  // namespace engine
