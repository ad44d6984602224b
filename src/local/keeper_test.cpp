#include "local/keeper.h"

#include "local/process.h"
#include "local/temporary_test.h"
#include "net/loop_fixture.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace local {
namespace {

using namespace std::chrono_literals;

struct KeeperOfOne : net::LoopFixture {
    KeeperOfOne() { keep("exec sleep 1000"); }
    ~KeeperOfOne() override {
        keeper->end(0ms);
        EXPECT_TRUE(turn_until([&] { return !keeper->any(); }));
    }

    void keep(const std::string& script) {
        keeper = std::make_unique<Keeper>(loop,
                                          Kept{.name = "kept",
                                               .command = {"sh", "-c", script},
                                               .record = folder.path / "record.json",
                                               .log = folder.path / "log",
                                               .working_folder = folder.path},
                                          [this] { ++changes; });
    }
    Identity begun() {
        keeper->begin();
        return *keeper->process();
    }
    static bool runs(const Identity& identity) { return identity_of(identity.pid) == identity; }

    TemporaryFolder folder;
    std::unique_ptr<Keeper> keeper;
    int changes = 0;
};

TEST_F(KeeperOfOne, keeps_the_next_one_and_lets_the_one_before_end_by_itself) {
    const Identity first = begun();
    keeper->replace();
    const Identity second = *keeper->process();
    EXPECT_NE(second, first);
    EXPECT_TRUE(runs(first));
    const int before = changes;
    kill(first.pid, SIGTERM);
    ASSERT_TRUE(turn_until([&] { return changes > before; }));
    EXPECT_EQ(keeper->process(), second);
    EXPECT_EQ(keeper->restarts(), 0U) << "that was no end to make good";
}

TEST_F(KeeperOfOne, goes_on_with_the_one_before_when_the_next_one_ends_first) {
    keep("[ -e bad ] && { echo broken; exit 3; }; echo > good; exec sleep 1000");
    const Identity first = begun();
    ASSERT_TRUE(eventually(clock, [&] { return std::filesystem::exists(folder.path / "good"); }));
    const base::Instant since = keeper->since();
    std::ofstream(folder.path / "bad") << "";
    keeper->replace();
    ASSERT_TRUE(turn_until([&] { return keeper->process() == first; }));
    EXPECT_TRUE(runs(first));
    EXPECT_EQ(keeper->since(), since);
    EXPECT_EQ(keeper->restarts(), 0U);
    EXPECT_NE(keeper->last_end().find("broken"), std::string::npos) << keeper->last_end();
    Keeper next(loop, {.name = "kept", .command = {"sh"}, .record = folder.path / "record.json"},
                [] {});
    next.begin();
    EXPECT_EQ(next.process(), first) << "and so does the next agent";
}

TEST_F(KeeperOfOne, replaces_one_at_a_time) {
    begun();
    keeper->replace();
    const Identity second = *keeper->process();
    keeper->replace();
    EXPECT_EQ(keeper->process(), second);
}

TEST_F(KeeperOfOne, starts_another_when_both_have_ended) {
    const Identity first = begun();
    keeper->replace();
    const Identity second = *keeper->process();
    kill(first.pid, SIGKILL);
    kill(second.pid, SIGKILL);
    ASSERT_TRUE(turn_until([&] {
        return keeper->process() && keeper->process() != first && keeper->process() != second;
    }));
}

TEST_F(KeeperOfOne, ends_both) {
    const Identity first = begun();
    keeper->replace();
    const Identity second = *keeper->process();
    keeper->end(10s);
    ASSERT_TRUE(turn_until([&] { return !keeper->any(); }));
    EXPECT_FALSE(runs(first));
    EXPECT_FALSE(runs(second));
    EXPECT_FALSE(std::filesystem::exists(folder.path / "record.json"));
}

}  // namespace
}  // namespace local
