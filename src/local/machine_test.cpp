#include "local/machine.h"

#include "local/metrics.h"
#include "local/process.h"
#include "local/temporary_test.h"

#include <gtest/gtest.h>
#include <filesystem>

namespace local {
namespace {

struct MachineWithProgram : testing::Test {
    MachineWithProgram() {
        std::filesystem::create_symlink(CROSSFADE_MACHINE_PROGRAM, program);
        spec.application = "app";
        spec.listen = "127.0.0.1:0";
    }
    ~MachineWithProgram() override {
        EXPECT_TRUE(machine.down(Leaving::now, soon(clock), [](const std::string&) {}));
    }

    base::Clock& clock = real_clock();
    TemporaryFolder place;
    std::filesystem::path program = place.path / "program";
    Folder folder{place.path / ".crossfade"};
    release::Spec spec;
    Machine machine{folder, program, clock};
};

TEST_F(MachineWithProgram, comes_up_once_however_often_it_is_asked_and_goes_down_whole) {
    ASSERT_TRUE(machine.ensure_up(soon(clock))) << content_of(folder.log_of("agent"));
    const auto first = machine.overview(soon(clock));
    ASSERT_TRUE(first && first->edge);
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    EXPECT_EQ(machine.overview(soon(clock))->agent.pid, first->agent.pid);
    EXPECT_GT(first->agent.resident_bytes, 0U);
    ASSERT_TRUE(machine.configure(spec, place.path, {.fence = 1, .step = {"a"}}, soon(clock)));

    const pid_t agent = first->agent.pid;
    const pid_t edge = first->edge->pid;
    ASSERT_TRUE(machine.down(Leaving::drained, soon(clock), [](const std::string&) {}));
    EXPECT_FALSE(identity_of(agent));
    EXPECT_FALSE(identity_of(edge));
    EXPECT_EQ(machine.overview(soon(clock)).error().failure, base::Failure::not_found);
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
}

TEST_F(MachineWithProgram, the_edge_serves_on_while_the_agent_is_dead_and_is_taken_over) {
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    ASSERT_TRUE(machine.configure(spec, place.path, {.fence = 1, .step = {"a"}}, soon(clock)));
    const auto before = machine.overview(soon(clock));
    kill(before->agent.pid, SIGKILL);
    ASSERT_TRUE(eventually(clock, [&] { return !identity_of(before->agent.pid); }));
    EXPECT_TRUE(identity_of(before->edge->pid));
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    const auto after = machine.overview(soon(clock));
    EXPECT_NE(after->agent.pid, before->agent.pid);
    EXPECT_EQ(after->edge->pid, before->edge->pid);
}

TEST_F(MachineWithProgram, traffic_is_written_down_tick_by_tick_also_by_the_agent_that_follows) {
    Metrics metrics(folder, clock);
    const auto ticks = [&] { return metrics.past({}, soon(clock)).value().size(); };
    EXPECT_EQ(ticks(), 0U);
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    ASSERT_TRUE(machine.configure(spec, place.path, {.fence = 1, .step = {"a"}}, soon(clock)));
    ASSERT_TRUE(eventually(clock, [&] { return ticks() >= 2; }));
    kill(machine.overview(soon(clock))->agent.pid, SIGKILL);
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    const std::size_t before = ticks();
    EXPECT_TRUE(eventually(clock, [&] { return ticks() >= before + 2; }));
    const auto all = metrics.past({}, soon(clock));
    for (std::size_t i = 1; i < all->size(); ++i) {
        EXPECT_LE((*all)[i - 1].until, (*all)[i].until - (*all)[i].length) << i;
    }
}

TEST_F(MachineWithProgram, an_edge_that_is_killed_comes_back_with_its_config) {
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    ASSERT_TRUE(machine.configure(spec, place.path, {.fence = 3, .step = {"a"}}, soon(clock)));
    const pid_t edge = machine.overview(soon(clock))->edge->pid;
    kill(edge, SIGKILL);
    ASSERT_TRUE(eventually(clock, [&] {
        const auto seen = machine.overview(soon(clock));
        return seen && seen->edge && seen->edge->pid != edge && seen->edge->restarts == 1;
    }));
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    const auto late = machine.configure(spec, place.path, {.fence = 2, .step = {"b"}}, soon(clock));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::conflict);
}

TEST_F(MachineWithProgram, an_agent_that_cannot_start_is_told_with_what_it_said) {
    std::filesystem::remove(program);
    put(program, "#!/bin/sh\necho no luck today\nexit 4\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const auto up = machine.ensure_up(soon(clock));
    ASSERT_FALSE(up);
    EXPECT_EQ(up.error().failure, base::Failure::unavailable);
    EXPECT_NE(up.error().line().find("exit code 4"), std::string::npos);
    EXPECT_NE(up.error().line().find("no luck today"), std::string::npos);
}

TEST_F(MachineWithProgram, nothing_that_runs_goes_down_with_success) {
    EXPECT_TRUE(machine.down(Leaving::drained, soon(clock), [](const std::string&) {}));
    EXPECT_FALSE(std::filesystem::exists(folder.agent_socket()));
}

}  // namespace
}  // namespace local
