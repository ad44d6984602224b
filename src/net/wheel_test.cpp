#include "net/wheel.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

namespace net {
namespace {

constexpr auto kGrain = std::chrono::nanoseconds{1 << 16};

base::Tick at(std::chrono::nanoseconds span) {
    return base::Tick{span};
}

TEST(Wheel, fires_after_its_time_and_never_before) {
    Wheel wheel{at(5s)};
    int fired = 0;
    Wheel::Node node{[&] { ++fired; }};
    wheel.arm(node, at(8s));
    wheel.advance(at(8s - 1ns));
    EXPECT_EQ(fired, 0);
    wheel.advance(at(8s) + kGrain);
    EXPECT_EQ(fired, 1);
    EXPECT_FALSE(node.armed());
    wheel.advance(at(20s));
    EXPECT_EQ(fired, 1);
}

TEST(Wheel, what_is_armed_for_the_past_fires_soon) {
    Wheel wheel{at(5s)};
    int fired = 0;
    Wheel::Node node{[&] { ++fired; }};
    wheel.arm(node, at(1s));
    wheel.advance(at(5s) + kGrain);
    EXPECT_EQ(fired, 1);
}

TEST(Wheel, rearming_replaces_and_disarming_silences) {
    Wheel wheel{at(0s)};
    int fired = 0;
    Wheel::Node node{[&] { ++fired; }};
    wheel.arm(node, at(1s));
    wheel.arm(node, at(3s));
    wheel.advance(at(2s));
    EXPECT_EQ(fired, 0);
    node.unlink();
    wheel.advance(at(9s));
    EXPECT_EQ(fired, 0);
    EXPECT_FALSE(wheel.next());
}

TEST(Wheel, a_callback_may_rearm_itself_and_disarm_others) {
    Wheel wheel{at(0s)};
    int first = 0;
    int second = 0;
    Wheel::Node other{[&] { ++second; }};
    Wheel::Node node{[&] {
        if (++first < 3) wheel.arm(node, at(1s * first));
        other.unlink();
    }};
    wheel.arm(node, at(10ms));
    wheel.arm(other, at(10ms));
    wheel.advance(at(10s));
    EXPECT_EQ(first, 3);
    EXPECT_EQ(second, 0);
}

TEST(Wheel, a_node_may_outlive_its_wheel) {
    auto wheel = std::make_unique<Wheel>(at(0s));
    Wheel::Node node{[] {}};
    wheel->arm(node, at(1h));
    wheel.reset();
    EXPECT_FALSE(node.armed());
}

TEST(Wheel, random_arms_fire_in_their_window_at_every_scale) {
    base::Random random{7};
    struct Entry {
        base::Tick due;
        bool armed;
        std::unique_ptr<Wheel::Node> node;
    };
    Wheel wheel{at(3s)};
    base::Tick before = at(3s);
    base::Tick now = before;
    std::vector<Entry> entries(200);
    for (Entry& entry : entries) {
        entry.node = std::make_unique<Wheel::Node>([&] {
            EXPECT_TRUE(entry.armed);
            EXPECT_GE(now, entry.due);
            entry.armed = false;
        });
        entry.armed = false;
    }
    for (int round = 0; round < 4000; ++round) {
        Entry& entry = entries[random.below(entries.size())];
        const auto span = std::chrono::nanoseconds{random.next() >> (20 + random.below(40))};
        entry.due = now + span;
        entry.armed = true;
        wheel.arm(*entry.node, entry.due);
        before = now;
        now += std::chrono::nanoseconds{random.next() >> (28 + random.below(30))};
        const auto next = wheel.next();
        ASSERT_TRUE(next);
        wheel.advance(now);
        for (Entry& each : entries) {
            if (!each.armed) continue;
            EXPECT_EQ(each.node->armed(), true);
            ASSERT_LT(now, each.due + 2 * kGrain);
            ASSERT_LE(*next, each.due + 2 * kGrain);
        }
    }
}

}  // namespace
}  // namespace net
