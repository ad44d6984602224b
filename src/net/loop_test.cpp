#include "net/loop.h"

#include "net/loop_fixture.h"
#include "net/socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace net {
namespace {

struct Pair {
    Pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        near = base::Fd{ends[0]};
        far = base::Fd{ends[1]};
    }
    base::Fd near;
    base::Fd far;
};

struct Listener final : Watcher {
    explicit Listener(std::function<void(Ready)> what) : callback(std::move(what)) {}
    void on_ready(Ready ready) override { callback(ready); }
    std::function<void(Ready)> callback;
};

using LoopTest = LoopFixture;

TEST_F(LoopTest, readiness_is_told_once_per_edge) {
    const Pair pair;
    int readable = 0;
    Listener listener{[&](Ready ready) { readable += ready.readable ? 1 : 0; }};
    const WatchKey key = loop.watch(pair.near.number(), listener);
    loop.turn(0ms);
    EXPECT_EQ(readable, 0);
    ASSERT_EQ(send(pair.far.number(), "x").bytes, 1U);
    EXPECT_TRUE(turn_until([&] { return readable == 1; }));
    loop.turn(0ms);
    EXPECT_EQ(readable, 1);
    loop.nudge(key);
    loop.turn(1h);
    EXPECT_EQ(readable, 2);
    EXPECT_EQ(loop.watched(), 1U);
    loop.forget(key);
    loop.forget(key);
    EXPECT_EQ(loop.watched(), 0U);
}

TEST_F(LoopTest, an_event_of_who_was_forgotten_in_the_same_batch_is_dropped) {
    const Pair one;
    const Pair two;
    int calls = 0;
    WatchKey first_key;
    WatchKey second_key;
    Listener replacement{[&](Ready) { ADD_FAILURE() << "an old event reached a new watcher"; }};
    const Pair idle;
    WatchKey third_key;
    // Whoever comes first removes the other and puts a third into its slot.
    const auto meet = [&](WatchKey& other) {
        ++calls;
        loop.forget(other);
        third_key = loop.watch(idle.near.number(), replacement, Trigger::listener);
        EXPECT_EQ(third_key.slot, other.slot);
        EXPECT_NE(third_key.generation, other.generation);
    };
    Listener first{[&](Ready) { meet(second_key); }};
    Listener second{[&](Ready) { meet(first_key); }};
    ASSERT_EQ(send(one.far.number(), "x").bytes, 1U);
    ASSERT_EQ(send(two.far.number(), "x").bytes, 1U);
    first_key = loop.watch(one.near.number(), first, Trigger::listener);
    second_key = loop.watch(two.near.number(), second, Trigger::listener);
    loop.turn(1s);
    EXPECT_EQ(calls, 1);
}

TEST_F(LoopTest, who_disposes_of_itself_lives_until_the_batch_is_over) {
    struct Brief final : Watcher {
        Brief(Loop& loop, bool& gone) : loop_(loop), gone_(gone) {}
        ~Brief() override { gone_ = true; }
        void on_ready(Ready) override {
            loop_.forget(key);
            loop_.dispose(std::unique_ptr<Watcher>(this));
            EXPECT_FALSE(gone_);
        }
        Loop& loop_;
        bool& gone_;
        WatchKey key;
    };
    const Pair pair;
    bool gone = false;
    auto* brief = new Brief(loop, gone);
    brief->key = loop.watch(pair.near.number(), *brief);
    EXPECT_TRUE(turn_until([&] { return gone; }));
}

TEST_F(LoopTest, timers_fire_in_order_and_not_once_disarmed) {
    std::vector<int> fired;
    Timer late{loop, [&] { fired.push_back(2); }};
    Timer soon{loop, [&] { fired.push_back(1); }};
    Timer never{loop, [&] { fired.push_back(3); }};
    late.arm_in(4ms);
    soon.arm_in(1ms);
    never.arm_in(2ms);
    never.disarm();
    const auto begun = clock.tick();
    EXPECT_TRUE(turn_until([&] { return fired.size() == 2; }));
    EXPECT_GE(clock.tick() - begun, 3ms);
    EXPECT_EQ(fired, (std::vector<int>{1, 2}));
}

TEST_F(LoopTest, work_posted_from_another_thread_runs_on_the_loops_own) {
    std::thread::id ran_on;
    std::thread other{[&] {
        loop.post([&] {
            ran_on = std::this_thread::get_id();
            loop.stop();
        });
    }};
    loop.run();
    other.join();
    EXPECT_EQ(ran_on, std::this_thread::get_id());
    loop.run();  // stopping is sticky
}

TEST_F(LoopTest, quiescence_follows_each_batch_with_nothing_on_the_stack) {
    std::vector<int> order;
    loop.at_quiescence([&] { order.push_back(3); });
    loop.post([&] {
        order.push_back(1);
        loop.defer([&] { order.push_back(2); });
    });
    loop.turn(1s);
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
    loop.defer([&] { order.push_back(4); });
    loop.turn(1h);
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4, 3}));
}

TEST_F(LoopTest, a_hang_up_is_told_as_readable_so_that_reading_finds_it) {
    Pair pair;
    Ready last;
    Listener listener{[&](Ready ready) { last = ready; }};
    const WatchKey key = loop.watch(pair.near.number(), listener);
    pair.far.reset();
    EXPECT_TRUE(turn_until([&] { return last.hung_up; }));
    EXPECT_TRUE(last.readable);
    loop.forget(key);
}

}  // namespace
}  // namespace net
