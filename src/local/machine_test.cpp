#include "local/machine.h"

#include "base/file.h"
#include "local/call.h"
#include "local/metrics.h"
#include "local/process.h"
#include "local/temporary_test.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

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

/// Where the test's own copy of the program differs in its build id, and in nothing else.
void put_another_build(const std::filesystem::path& path) {
    std::string bytes = content_of(CROSSFADE_MACHINE_PROGRAM);
    const std::string note("\x03\0\0\0GNU\0", 8);
    const std::size_t at = bytes.find(note);
    ASSERT_NE(at, std::string::npos) << "the linker makes build ids";
    bytes[at + note.size()] = static_cast<char>(bytes[at + note.size()] ^ 1);
    put(path, bytes);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

struct Renewal : MachineWithProgram {
    void become(const std::filesystem::path& what) {
        std::filesystem::remove(program);
        std::filesystem::create_symlink(what, program);
    }
    /// As the present program's `up` does it: what it says of a failure, or nothing.
    std::string renewed() {
        const std::filesystem::path said = place.path / "said";
        const auto log = base::Fd(open(said.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600));
        auto held = hold(
            {.command = {CROSSFADE_MACHINE_PROGRAM, "renew", "--state", folder.root().string()},
             .environment = whole_environment(),
             .working_folder = place.path,
             .input = -1,
             .output = log.number()});
        EXPECT_TRUE(held && held->let_go());
        const Identity child = held->identity();
        EXPECT_TRUE(eventually(clock, [&] { return has_ended(child); }));
        const Exit exit = reap(child);
        return exit == Exit{.code = 0} ? std::string() : exit.text() + ": " + content_of(said);
    }
    static bool has_ended(const Identity& process) {
        siginfo_t seen{};
        return waitid(P_PID, static_cast<id_t>(process.pid), &seen, WEXITED | WNOHANG | WNOWAIT) ==
                   0 &&
               seen.si_pid != 0;
    }
    std::string build_of_edge() {
        const auto health =
            call(folder.edge_socket(), {}, {"GET", "/v1/health", {}}, clock, soon(clock));
        return health ? health->value("build", "") : std::string();
    }
};

TEST_F(Renewal, replaces_agent_and_edge_of_another_build_once_and_keeps_what_they_knew) {
    put_another_build(place.path / "another");
    become(place.path / "another");
    ASSERT_TRUE(machine.ensure_up(soon(clock))) << content_of(folder.log_of("agent"));
    ASSERT_TRUE(machine.configure(spec, place.path, {.fence = 3, .step = {"a"}}, soon(clock)));
    const auto before = machine.overview(soon(clock));
    const std::string build = build_of_edge();
    ASSERT_TRUE(before && before->edge);

    become(CROSSFADE_MACHINE_PROGRAM);
    EXPECT_EQ(renewed(), "");
    const auto after = machine.overview(soon(clock));
    ASSERT_TRUE(after && after->edge);
    EXPECT_NE(after->agent.pid, before->agent.pid);
    EXPECT_NE(after->edge->pid, before->edge->pid);
    EXPECT_EQ(after->edge->restarts, 0U) << "it was taken over and did not end";
    EXPECT_NE(build_of_edge(), build);
    const auto late = machine.configure(spec, place.path, {.fence = 2, .step = {"b"}}, soon(clock));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::conflict);

    EXPECT_EQ(renewed(), "");
    EXPECT_EQ(machine.overview(soon(clock))->agent.pid, after->agent.pid);
    EXPECT_EQ(machine.overview(soon(clock))->edge->pid, after->edge->pid);
}

TEST_F(Renewal, that_the_new_edge_does_not_survive_leaves_the_old_one_serving) {
    put_another_build(place.path / "another");
    become(place.path / "another");
    ASSERT_TRUE(machine.ensure_up(soon(clock))) << content_of(folder.log_of("agent"));
    ASSERT_TRUE(machine.configure(spec, place.path, {.fence = 3, .step = {"a"}}, soon(clock)));
    const auto before = machine.overview(soon(clock));
    const std::string build = build_of_edge();
    ASSERT_TRUE(before && before->edge);

    put(place.path / "broken", std::string("#!/bin/sh\n[ \"$1\" != edge ] || exit 4\nexec ") +
                                   CROSSFADE_MACHINE_PROGRAM + " \"$@\"\n");
    std::filesystem::permissions(place.path / "broken", std::filesystem::perms::owner_all);
    become(place.path / "broken");
    const std::string said = renewed();
    EXPECT_NE(said.find("CF0469"), std::string::npos) << said;
    const auto after = machine.overview(soon(clock));
    ASSERT_TRUE(after && after->edge);
    EXPECT_NE(after->agent.pid, before->agent.pid);
    EXPECT_EQ(after->edge->pid, before->edge->pid);
    EXPECT_EQ(build_of_edge(), build);
    become(CROSSFADE_MACHINE_PROGRAM);
}

}  // namespace
}  // namespace local
