#include "local/agent.h"

#include "base/json.h"
#include "base/random.h"
#include "engine/fleet_contract.h"
#include "local/ground_test.h"
#include "local/process.h"
#include "local/record.h"

#include <gtest/gtest.h>

namespace local {
namespace {

using engine::InstanceState;

struct Agent : testing::Test {
    bool gone(pid_t pid) {
        return eventually(ground.clock, [pid] { return !identity_of(pid); });
    }
    Ground ground;
};

TEST_F(Agent, wished_instances_run_listen_on_their_own_address_and_write_a_log) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 2));
    ASSERT_TRUE(ground.healthy(2)) << ground.text();
    for (const engine::Instance& each : ground.listed()) {
        EXPECT_TRUE(each.address.starts_with("127."));
        EXPECT_EQ(content_of(ground.folder.log_of(each.id)), "ready\n");
    }
}

TEST_F(Agent, what_ran_before_it_was_killed_is_taken_over_and_not_started_again) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 3));
    ASSERT_TRUE(ground.healthy(3)) << ground.text();
    const auto before = ground.processes();
    ground.kill_agent();
    for (const auto& [id, pid] : before) EXPECT_TRUE(identity_of(pid)) << id;
    ground.start_agent();
    ASSERT_TRUE(ground.healthy(3)) << ground.text();
    EXPECT_EQ(ground.processes(), before);
}

TEST_F(Agent, what_ended_while_it_was_dead_is_started_again) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 2));
    ASSERT_TRUE(ground.healthy(2)) << ground.text();
    ground.kill_agent();
    const pid_t victim = ground.processes().begin()->second;
    kill(victim, SIGKILL);
    ASSERT_TRUE(gone(victim));
    ground.start_agent();
    EXPECT_TRUE(ground.healthy(2)) << ground.text();
}

TEST_F(Agent, killed_at_any_moment_of_a_change_it_ends_with_what_is_wished_and_no_orphan) {
    base::Random random(base::seed_from_system());
    std::set<pid_t> ever;
    for (int round = 0; round < 12; ++round) {
        const auto release = ground.release("r" + std::to_string(round + 1));
        ASSERT_TRUE(
            ground.prepared_and_ensured(release, 1 + static_cast<std::uint32_t>(round % 3)));
        ground.clock.wait_until(
            ground.clock.tick() + std::chrono::microseconds(random.below(60'000)), {});
        for (const auto& [id, pid] : ground.processes()) ever.insert(pid);
        ground.kill_agent();
        for (const auto& [id, pid] : ground.processes()) ever.insert(pid);
        ground.start_agent();
    }
    ASSERT_TRUE(ground.healthy(3)) << ground.text();
    std::set<pid_t> known;
    for (const auto& [id, pid] : ground.processes()) known.insert(pid);
    for (const pid_t pid : ever) {
        if (pid == 0 || known.contains(pid)) continue;
        EXPECT_TRUE(gone(pid)) << pid;
    }
    // Nothing that runs out of this folder is unknown.
    std::set<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const pid_t pid = std::atoi(entry.path().filename().c_str());
        if (pid <= 0) continue;
        const std::string line = content_of(entry.path() / "cmdline");
        if (line.find(ground.folder.artifacts().native()) != std::string::npos) found.insert(pid);
    }
    EXPECT_EQ(found, known);
}

TEST_F(Agent, an_instance_is_not_asked_to_end_while_the_edge_still_uses_it) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 1));
    ASSERT_TRUE(ground.healthy(1)) << ground.text();
    const auto [id, pid] = *ground.processes().begin();
    ground.tell_edge({{"hold", true}});
    ASSERT_TRUE(ground.fleet.retire(release::Pool::blue, ground.ticket(), ground.soon()));
    ASSERT_TRUE(eventually(ground.clock, [&] {
        const auto list = ground.listed();
        return list.size() == 1 && list[0].state == InstanceState::draining &&
               list[0].sockets_open == 1;
    })) << ground.text();
    ground.kill_agent();
    ground.start_agent();
    EXPECT_EQ(content_of(ground.folder.log_of(id)), "ready\n");
    ground.tell_edge({{"hold", false}});
    EXPECT_TRUE(gone(pid));
    EXPECT_EQ(content_of(ground.folder.log_of(id)), "ready\nending\n");
    EXPECT_TRUE(ground.healthy(0)) << ground.text();
}

TEST_F(Agent, when_the_drains_deadline_is_over_it_is_stopped_all_the_same) {
    ground.manners.drain_deadline = std::chrono::milliseconds(50);
    ground.manners.stop_grace = std::chrono::milliseconds(50);
    Fleet hasty(ground.folder, ground.manners, ground.clock);
    const auto release = ground.release("r1", std::string(Ground::kServer) + "\n");
    ASSERT_TRUE(hasty.prepare(release, ground.ticket(), ground.soon()));
    ASSERT_TRUE(hasty.ensure(release::Pool::blue, {release, 1}, ground.ticket(), ground.soon()));
    ASSERT_TRUE(ground.healthy(1)) << ground.text();
    const pid_t pid = ground.processes().begin()->second;
    ground.tell_edge({{"hold", true}});
    ASSERT_TRUE(hasty.retire(release::Pool::blue, ground.ticket(), ground.soon()));
    EXPECT_TRUE(gone(pid));
}

TEST_F(Agent, who_does_not_end_on_sigterm_is_killed_after_the_grace) {
    ground.manners.stop_grace = std::chrono::milliseconds(50);
    Fleet hasty(ground.folder, ground.manners, ground.clock);
    const auto stubborn =
        ground.release("r1", "import signal\n" + std::string(Ground::kServer) + "");
    auto deaf = stubborn;
    deaf.process.command = {"sh", "-c",
                            "trap '' TERM; ${artifact}/../nothing 2>/dev/null; "
                            "python3 -S -E -c 'import signal,sys;"
                            "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
                            "signal.pause()' & wait; wait"};
    ASSERT_TRUE(hasty.prepare(deaf, ground.ticket(), ground.soon()));
    ASSERT_TRUE(hasty.ensure(release::Pool::blue, {deaf, 1}, ground.ticket(), ground.soon()));
    ASSERT_TRUE(eventually(ground.clock, [&] {
        const auto all = ground.processes();
        return all.size() == 1 && all.begin()->second != 0;
    }));
    const pid_t pid = ground.processes().begin()->second;
    ASSERT_TRUE(hasty.retire(release::Pool::blue, ground.ticket(), ground.soon()));
    EXPECT_TRUE(gone(pid));
    EXPECT_TRUE(ground.healthy(0)) << ground.text();
}

TEST_F(Agent, an_instance_that_crashes_says_how_and_what_it_said_last) {
    const auto release = ground.release("r1", "import sys\nprint('no database')\nsys.exit(3)\n");
    ASSERT_TRUE(ground.prepared_and_ensured(release, 1));
    EXPECT_TRUE(eventually(ground.clock, [&] {
        const auto list = ground.listed();
        return list.size() == 1 && list[0].state == InstanceState::failed &&
               list[0].reason == "exit code 3: no database" && list[0].restarts > 1;
    })) << ground.text();
}

TEST_F(Agent, a_command_that_is_not_there_is_a_reason_not_an_end) {
    auto release = ground.release("r1");
    release.process.command = {"${artifact}/no-such-program"};
    ASSERT_TRUE(ground.prepared_and_ensured(release, 1));
    EXPECT_TRUE(eventually(ground.clock, [&] {
        const auto list = ground.listed();
        return list.size() == 1 && list[0].state == InstanceState::failed &&
               list[0].reason.find("no-such-program") != std::string::npos;
    })) << ground.text();
}

TEST_F(Agent, secrets_reach_the_instance_and_nothing_else) {
    put(ground.place.path / "app/password", "hunter2-secret\n");
    auto release = ground.release(
        "r1", "import os,sys\nprint('connecting with ' + os.environ['DB'])\nsys.exit(1)\n");
    release.process.secrets["DB"] = {release::SecretSource::Kind::file, "password"};
    ASSERT_TRUE(ground.prepared_and_ensured(release, 1));
    ASSERT_TRUE(eventually(ground.clock, [&] {
        const auto list = ground.listed();
        return list.size() == 1 && list[0].reason == "exit code 1: connecting with ***";
    })) << ground.text();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(ground.folder.root())) {
        if (!entry.is_regular_file() || entry.path().filename() == "blue-1.log") continue;
        EXPECT_EQ(content_of(entry.path()).find("hunter2"), std::string::npos) << entry.path();
    }
}

TEST_F(Agent, while_the_edge_is_gone_nothing_is_stopped_and_afterwards_all_is_registered_again) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 2));
    ASSERT_TRUE(ground.healthy(2)) << ground.text();
    const auto before = ground.processes();
    ground.kill_edge();
    ASSERT_TRUE(ground.fleet.ensure(release::Pool::blue, {ground.release("r1"), 1}, ground.ticket(),
                                    ground.soon()));
    ground.start_edge();
    ASSERT_TRUE(ground.healthy(1)) << ground.text();
    EXPECT_TRUE(before.contains(ground.listed()[0].id));
}

TEST_F(Agent, a_second_agent_does_not_get_the_folder) {
    const auto second = run_agent(ground.settings, ground.clock);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().diagnostic.code, "CF0440");
}

TEST_F(Agent, going_down_ends_all_and_the_next_start_brings_it_back) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 2));
    ASSERT_TRUE(ground.healthy(2)) << ground.text();
    const auto before = ground.processes();
    Machine machine(ground.folder, "/nowhere", ground.clock);
    std::vector<std::string> told;
    const auto down = machine.down(Leaving::drained, ground.soon(),
                                   [&told](const std::string& line) { told.push_back(line); });
    ASSERT_TRUE(down) << down.error().line();
    EXPECT_EQ(ground.agent().wait(), 0);
    EXPECT_FALSE(told.empty());
    for (const auto& [id, pid] : before) EXPECT_FALSE(identity_of(pid)) << id;
    EXPECT_TRUE(ground.processes().empty());
    EXPECT_TRUE(machine.down(Leaving::drained, ground.soon(), [](const std::string&) {}));
    ground.start_agent();
    EXPECT_TRUE(ground.healthy(2)) << ground.text();
}

TEST_F(Agent, going_down_now_does_not_wait_for_the_edge) {
    ASSERT_TRUE(ground.prepared_and_ensured(ground.release("r1"), 2));
    ASSERT_TRUE(ground.healthy(2)) << ground.text();
    ground.tell_edge({{"hold", true}});
    Machine machine(ground.folder, "/nowhere", ground.clock);
    const auto down = machine.down(Leaving::now, ground.soon(), [](const std::string&) {});
    ASSERT_TRUE(down) << down.error().line();
    EXPECT_EQ(ground.agent().wait(), 0);
    EXPECT_TRUE(ground.processes().empty());
}

TEST_F(Agent, a_tail_is_run_when_it_is_due_also_by_the_next_agent) {
    ground.kill_agent();
    ground.settings.tail_command = {"sh", "-c", "echo ran >> tail-ran"};
    ground.start_agent();
    Machine machine(ground.folder, "/nowhere", ground.clock);
    const base::Instant later = ground.clock.now() + std::chrono::hours(1);
    ASSERT_TRUE(machine.tail_at(later, ground.soon()));
    ground.kill_agent();
    ground.start_agent();
    EXPECT_EQ(machine.overview(ground.soon())->tail_at, later);
    EXPECT_FALSE(std::filesystem::exists(ground.place.path / "app/tail-ran"));
    ASSERT_TRUE(machine.tail_at(ground.clock.now(), ground.soon()));
    EXPECT_TRUE(eventually(ground.clock, [&] {
        return content_of(ground.place.path / "app/tail-ran") == "ran\n";
    })) << ground.text();
    EXPECT_TRUE(
        eventually(ground.clock, [&] { return !machine.overview(ground.soon())->tail_at; }));
}

TEST_F(Agent, a_kept_process_is_started_again_when_it_ends_and_taken_over_after_a_kill) {
    ground.kill_agent();
    ground.settings.edge_command = {"sleep", "1000"};
    ground.start_agent();
    Machine machine(ground.folder, "/nowhere", ground.clock);
    const auto edge = [&]() -> pid_t {
        const auto seen = machine.overview(ground.soon());
        return seen && seen->edge ? seen->edge->pid : 0;
    };
    ASSERT_TRUE(eventually(ground.clock, [&] { return edge() > 0; }));
    const pid_t first = edge();
    ground.kill_agent();
    ground.start_agent();
    EXPECT_EQ(edge(), first);
    kill(first, SIGKILL);
    EXPECT_TRUE(eventually(ground.clock, [&] { return edge() > 0 && edge() != first; }));
    ASSERT_TRUE(machine.down(Leaving::now, ground.soon(), [](const std::string&) {}));
    EXPECT_TRUE(gone(first));
}

TEST_F(Agent, a_large_log_is_moved_aside) {
    ground.kill_agent();
    ground.settings.log_bytes_max = 1000;
    put(ground.folder.log_of("edge"), std::string(5000, 'x'));
    ground.start_agent();
    EXPECT_TRUE(eventually(ground.clock, [&] {
        return std::filesystem::file_size(ground.folder.log_of("edge")) == 0;
    }));
    EXPECT_EQ(content_of(ground.folder.logs() / "edge.log.1").size(), 5000U);
}

// The engine's contract, on a real agent and a twin of the edge.

class Bench final : public engine::FleetBench {
public:
    engine::Fleet& fleet() override { return ground_.fleet; }
    base::Clock& clock() override { return ground_.clock; }
    release::Release release(const std::string& id) override { return ground_.release(id); }
    release::Release sick_release(const std::string& id) override {
        return ground_.release(id, "import signal\nsignal.pause()\n");
    }
    release::Release lost_release(const std::string& id) override {
        auto lost = ground_.release(id);
        lost.artifact_source += "-lost";
        return lost;
    }
    void kill(const engine::Instance& instance) override {
        ::kill(ground_.processes()[instance.id], SIGKILL);
    }
    bool wait_for(const std::function<bool()>& holds) override {
        return eventually(ground_.clock, holds);
    }

private:
    Ground ground_;
};

std::unique_ptr<engine::FleetBench> make_bench() {
    return std::make_unique<Bench>();
}

}  // namespace
}  // namespace local

namespace engine {
INSTANTIATE_TEST_SUITE_P(local, FleetContract, testing::Values(&local::make_bench));
}  // namespace engine
