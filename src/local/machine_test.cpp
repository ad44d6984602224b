#include "local/machine.h"

#include "edge/serve.h"
#include "local/agent.h"
#include "local/process.h"
#include "local/temporary_test.h"

#include <gtest/gtest.h>
#include <cstdlib>

namespace local {
namespace {

Folder told_folder() {
    const char* state = std::getenv("CROSSFADE_TEST_STATE");
    return Folder(state == nullptr ? "/nowhere" : state);
}

// What the program below runs: this very test, as agent and as edge.

TEST(MachineProgram, DISABLED_agent) {
    const Folder folder = told_folder();
    const auto ran = run_agent({.folder = folder,
                                .edge_command = {folder.root().parent_path() / "program", "edge",
                                                 "--state", folder.root()}},
                               real_clock());
    EXPECT_TRUE(ran) << ran.error().line();
}

TEST(MachineProgram, DISABLED_edge) {
    const Folder folder = told_folder();
    const auto served = edge::serve({.admin_socket = folder.edge_socket(),
                                     .state_file = folder.edge_config(),
                                     .access_log = {},
                                     .workers = 1},
                                    real_clock());
    EXPECT_TRUE(served) << served.error().line();
}

struct MachineWithProgram : testing::Test {
    MachineWithProgram() {
        write_program(std::filesystem::read_symlink("/proc/self/exe"));
        spec.application = "app";
        spec.listen = "127.0.0.1:0";
    }
    ~MachineWithProgram() override {
        EXPECT_TRUE(machine.down(Leaving::now, soon(clock), [](const std::string&) {}));
    }
    void write_program(const std::string& binary) {
        put(place.path / "program", "#!/bin/sh\nexport CROSSFADE_TEST_STATE=\"$3\"\nexec " +
                                        binary +
                                        " --gtest_also_run_disabled_tests "
                                        "--gtest_filter=MachineProgram.DISABLED_$1\n");
        std::filesystem::permissions(place.path / "program", std::filesystem::perms::owner_all);
    }

    base::Clock& clock = real_clock();
    TemporaryFolder place;
    Folder folder{place.path / ".crossfade"};
    release::Spec spec;
    Machine machine{folder, place.path / "program", clock};
};

TEST_F(MachineWithProgram, comes_up_once_however_often_it_is_asked_and_goes_down_whole) {
    ASSERT_TRUE(machine.ensure_up(soon(clock))) << content_of(folder.log_of("agent"));
    const auto first = machine.overview(soon(clock));
    ASSERT_TRUE(first && first->edge);
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    EXPECT_EQ(machine.overview(soon(clock))->agent.pid, first->agent.pid);
    EXPECT_GT(first->agent.resident_bytes, 0U);
    ASSERT_TRUE(machine.configure(spec, {.fence = 1, .step = {"a"}}, soon(clock)));

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
    ASSERT_TRUE(machine.configure(spec, {.fence = 1, .step = {"a"}}, soon(clock)));
    const auto before = machine.overview(soon(clock));
    kill(before->agent.pid, SIGKILL);
    ASSERT_TRUE(eventually(clock, [&] { return !identity_of(before->agent.pid); }));
    EXPECT_TRUE(identity_of(before->edge->pid));
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    const auto after = machine.overview(soon(clock));
    EXPECT_NE(after->agent.pid, before->agent.pid);
    EXPECT_EQ(after->edge->pid, before->edge->pid);
}

TEST_F(MachineWithProgram, an_edge_that_is_killed_comes_back_with_its_config) {
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    ASSERT_TRUE(machine.configure(spec, {.fence = 3, .step = {"a"}}, soon(clock)));
    const pid_t edge = machine.overview(soon(clock))->edge->pid;
    kill(edge, SIGKILL);
    ASSERT_TRUE(eventually(clock, [&] {
        const auto seen = machine.overview(soon(clock));
        return seen && seen->edge && seen->edge->pid != edge && seen->edge->restarts == 1;
    }));
    ASSERT_TRUE(machine.ensure_up(soon(clock)));
    const auto late = machine.configure(spec, {.fence = 2, .step = {"b"}}, soon(clock));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::conflict);
}

TEST_F(MachineWithProgram, an_agent_that_cannot_start_is_told_with_what_it_said) {
    put(place.path / "program", "#!/bin/sh\necho no luck today\nexit 4\n");
    std::filesystem::permissions(place.path / "program", std::filesystem::perms::owner_all);
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
