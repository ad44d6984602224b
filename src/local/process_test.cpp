#include "local/process.h"

#include "local/command.h"
#include "local/temporary_test.h"
#include "local/wait.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace local {
namespace {

struct Processes : testing::Test {
    Launch shell(const std::string& script) const {
        return {.command = {"sh", "-c", script},
                .environment = minimal_environment(),
                .working_folder = folder.path};
    }
    bool ended(const base::Fd& watch) {
        pollfd watched{watch.number(), POLLIN, 0};
        return wait_for(&watched, 1, clock, soon(clock));
    }

    base::Clock& clock = real_clock();
    TemporaryFolder folder;
};

TEST_F(Processes, a_held_process_has_done_nothing_and_is_known_before_it_does) {
    auto held = hold(shell("echo ran > ran; exit 7"));
    ASSERT_TRUE(held) << held.error().line();
    EXPECT_EQ(identity_of(held->identity().pid), held->identity());
    EXPECT_FALSE(std::filesystem::exists(folder.path / "ran"));
    const base::Fd watch = held->take_watch();
    ASSERT_TRUE(held->let_go());
    ASSERT_TRUE(ended(watch));
    EXPECT_EQ(reap(held->identity()), Exit{.code = 7});
    EXPECT_EQ(content_of(folder.path / "ran"), "ran\n");
}

TEST_F(Processes, whoever_dies_before_letting_go_leaves_no_process_behind) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t parent = fork();
    if (parent == 0) {
        auto held = hold(shell("echo ran > ran; exec sleep 100"));
        const pid_t pid = held ? held->identity().pid : 0;
        const ssize_t put_bytes = write(ends[1], &pid, sizeof pid);
        static_cast<void>(put_bytes);
        kill(getpid(), SIGKILL);
    }
    pid_t orphan = 0;
    ASSERT_EQ(read(ends[0], &orphan, sizeof orphan), static_cast<ssize_t>(sizeof orphan));
    ASSERT_GT(orphan, 0);
    close(ends[0]);
    close(ends[1]);
    waitpid(parent, nullptr, 0);
    EXPECT_TRUE(eventually(clock, [&] { return !identity_of(orphan); }));
    EXPECT_FALSE(std::filesystem::exists(folder.path / "ran"));
}

TEST_F(Processes, another_process_under_the_same_number_is_not_taken_for_it) {
    Identity mine = *identity_of(getpid());
    EXPECT_TRUE(watch(mine));
    ++mine.start_ticks;
    const auto other = watch(mine);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().failure, base::Failure::not_found);
    mine = *identity_of(getpid());
    mine.boot = "an earlier boot";
    EXPECT_FALSE(watch(mine));
}

TEST_F(Processes, a_command_that_cannot_be_run_is_named) {
    Launch launch = shell("");
    launch.command = {"no-such-command-anywhere"};
    const auto missing = hold(launch);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().failure, base::Failure::not_found);
    put(folder.path / "no-program", "text");
    launch.command = {"./no-program"};
    auto held = hold(launch);
    ASSERT_TRUE(held);
    const auto refused = held->let_go();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0411");
    reap(held->identity());
}

TEST_F(Processes, only_the_given_environment_is_inherited) {
    setenv("CROSSFADE_TEST_LEAK", "leaked", 1);
    Launch launch = shell("env");
    launch.environment["GIVEN"] = "yes";
    const auto finished = run_command(launch, 65536, clock, soon(clock));
    unsetenv("CROSSFADE_TEST_LEAK");
    ASSERT_TRUE(finished);
    EXPECT_NE(finished->output.find("GIVEN=yes"), std::string::npos);
    EXPECT_EQ(finished->output.find("leaked"), std::string::npos);
}

TEST_F(Processes, no_descriptor_but_the_three_is_inherited) {
    const base::Fd leaky(open("/dev/null", O_RDONLY));
    const auto finished = run_command(shell("ls /proc/self/fd | wc -l"), 4096, clock, soon(clock));
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->output, "4\n");  // the fourth is ls reading the folder
}

TEST_F(Processes, a_command_keeps_the_end_of_what_it_prints) {
    const auto finished =
        run_command(shell("seq 1 20000; echo last >&2; exit 3"), 100, clock, soon(clock));
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->exit, Exit{.code = 3});
    EXPECT_EQ(finished->output.size(), 100U);
    EXPECT_TRUE(finished->output.ends_with("20000\nlast\n"));
}

TEST_F(Processes, a_command_past_its_deadline_ends_with_all_that_it_started) {
    const auto finished = run_command(
        shell("sleep 100 & echo $! > child; trap '' TERM; while :; do sleep 0.01; done"), 100,
        clock, clock.deadline_in(std::chrono::milliseconds(50)));
    ASSERT_TRUE(finished);
    EXPECT_TRUE(finished->timed_out);
    EXPECT_NE(finished->exit.signal, 0);  // SIGTERM where the deadline came before the trap
    const pid_t child = std::atoi(content_of(folder.path / "child").c_str());
    EXPECT_TRUE(child == 0 || eventually(clock, [&] { return !identity_of(child); }));
}

}  // namespace
}  // namespace local
