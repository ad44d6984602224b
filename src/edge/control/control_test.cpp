// Control without a data plane: what is stored, published, and answered when.

#include "edge/control/control.h"

#include "edge/testing.h"

#include <gtest/gtest.h>

#include <thread>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::eventually;

/// Workers that take a snapshot when the test says so.
struct Plane {
    explicit Plane(std::size_t workers) : shared(std::make_shared<WorkerShared>(workers)) {}

    Control::Plane ports() {
        return {.shared = shared,
                .publish =
                    [this](std::shared_ptr<const Snapshot> snapshot) {
                        const std::lock_guard lock(mutex);
                        latest = std::move(snapshot);
                        if (obedient) run();
                    },
                .ask_leaves = [this] { ++asked; },
                .ping = [](std::uint64_t) {}};
    }
    void run() {
        for (WorkerSlot& slot : shared->slots) slot.running.set(latest->version);
    }

    std::shared_ptr<WorkerShared> shared;
    std::mutex mutex;
    std::shared_ptr<const Snapshot> latest;
    std::atomic<bool> obedient{true};
    std::atomic<int> asked{0};
};

class Controlled : public ::testing::Test {
protected:
    void SetUp() override {
        const base::Json group = {{"health", {{"path", "/ping"}}}};
        const base::Json config = {
            {"groups", {{"blue", group}, {"green", group}}},
            {"rules", {{{"priority", 1}, {"forward", base::Json::object()}}}}};
        ASSERT_TRUE(control.put_config({.fence = 1, .token = {}}, config));
        ASSERT_TRUE(control.put_target(
            {.fence = 0, .token = {}},
            {.group = "blue", .id = "i1", .address = "127.0.0.1:9", .labels = {}}));
    }
    TargetSlot& slot(std::size_t worker) {
        return plane.latest->groups[0].targets[0].tally->by_worker[worker];
    }
    std::string state() { return (*control.target("blue", "i1"))["state"]; }
    Use use() { return plane.latest->groups[0].targets[0].use; }

    testing::Folder folder;
    base::Clock& clock = testing::the_clock();
    Plane plane{2};
    Control control{folder.path / "edge.json", clock, plane.ports()};
};

TEST_F(Controlled, is_answered_only_when_the_last_worker_runs_the_change) {
    plane.obedient = false;
    std::atomic<bool> answered{false};
    std::jthread writer([&] {
        EXPECT_TRUE(
            control.put_weights({.fence = 1, .token = {}}, base::Json::object({{"blue", 1}})));
        answered = true;
    });
    const std::uint64_t before = plane.shared->slots[0].running.read();
    ASSERT_TRUE(eventually([&] {
        const std::lock_guard lock(plane.mutex);
        return plane.latest->version > before;
    }));
    plane.shared->slots[0].running.set(before + 1);
    control.news();
    EXPECT_FALSE(answered);
    plane.shared->slots[1].running.set(before + 1);
    control.news();
    writer.join();
    EXPECT_TRUE(answered);
}

TEST_F(Controlled, gives_a_new_target_requests_after_its_first_pass) {
    EXPECT_EQ(use(), Use::never);
    const std::uint64_t uid = control.to_probe().at(0).uid;
    control.probed(uid, Probe::failed);
    EXPECT_EQ(use(), Use::never);
    control.probed(uid, Probe::passed);
    EXPECT_EQ(use(), Use::normal);
    plane.latest->groups[0].targets[0].tally->refused = true;
    EXPECT_EQ(control.advance().probe_now, std::vector<std::uint64_t>{uid});
    EXPECT_EQ(use(), Use::last_resort);
}

TEST_F(Controlled, calls_a_target_drained_when_it_is_proven_on_all_workers) {
    slot(1).in_flight.add();
    ASSERT_TRUE(control.drain_target({.fence = 0, .token = "d"}, {.group = "blue", .id = "i1"}));
    EXPECT_EQ(use(), Use::never);
    EXPECT_TRUE(control.advance().again_soon);
    EXPECT_EQ(state(), "draining");
    slot(1).in_flight.subtract();
    slot(0).pooled.add();
    control.advance();
    EXPECT_EQ(state(), "draining") << "a pooled connection is not nothing";
    slot(0).pooled.subtract();
    // A worker that does not run the draining snapshot may still begin something.
    plane.shared->slots[0].running.set(1);
    control.advance();
    EXPECT_EQ(state(), "draining");
    plane.shared->slots[0].running.set(plane.latest->version);
    control.advance();
    EXPECT_EQ(state(), "drained");
    EXPECT_FALSE(control.advance().again_soon);
}

TEST_F(Controlled, cuts_what_is_left_at_the_deadline_and_not_later_for_a_repeated_order) {
    slot(0).sockets.add();
    const DrainOrder order{.group = "blue", .id = "i1", .deadline = 30ms, .sockets_a_second = 0};
    ASSERT_TRUE(control.drain_target({.fence = 0, .token = "d"}, order));
    const auto cut = [&] { return plane.latest->groups[0].targets[0].cut; };
    EXPECT_TRUE(eventually([&] {
        EXPECT_TRUE(control.drain_target({.fence = 0, .token = "d"}, order));
        control.advance();
        return cut();
    }));
    EXPECT_EQ(state(), "draining");
}

TEST_F(Controlled, needs_a_fence_that_is_not_too_low) {
    EXPECT_EQ(control.put_weights({.fence = 0, .token = {}}, base::Json::object({{"blue", 1}}))
                  .error()
                  .diagnostic.code,
              "CF0522");
    ASSERT_TRUE(control.put_weights({.fence = 9, .token = {}}, base::Json::object({{"blue", 1}})));
    EXPECT_EQ(control.drain_target({.fence = 8, .token = {}}, {.group = "blue", .id = "i1"})
                  .error()
                  .failure,
              base::Failure::conflict);
    EXPECT_TRUE(control.drain_target({.fence = 0, .token = {}}, {.group = "blue", .id = "i1"}));
}

TEST_F(Controlled, keeps_targets_and_weights_when_the_config_changes) {
    ASSERT_TRUE(control.put_weights({.fence = 1, .token = {}}, base::Json::object({{"blue", 7}})));
    base::Json config = (*control.config())["config"];
    config["groups"].erase("green");
    config["rules"].push_back({{"priority", 2}, {"fixed", base::Json::object()}});
    ASSERT_TRUE(control.put_config({.fence = 1, .token = {}}, config));
    EXPECT_EQ((*control.weights())["weights"], (base::Json::object({{"blue", 7}})));
    EXPECT_EQ(state(), "initial");
    EXPECT_EQ(plane.latest->groups.size(), 1U);
    EXPECT_EQ(plane.latest->rule_weights[0], std::vector<std::uint32_t>{7});
}

TEST_F(Controlled, says_when_a_worker_does_not_answer) {
    const auto health = control.health();
    ASSERT_FALSE(health);
    EXPECT_EQ(health.error().diagnostic.code, "CF0527");
}

}  // namespace
}  // namespace edge
