#include "judge/gauge.h"

#include "base/random.h"
#include "judge/sockets.h"

#include <gtest/gtest.h>

namespace judge {
namespace {

constexpr double kMebi = 1024.0 * 1024.0;

Word after(const Metric& metric, const Tick& tick, int times) {
    Trial trial({errors_metric(), metric});
    for (int i = 0; i < times; ++i) {
        trial.see({.weight = 0.1, .ticks = {{1000, 9000, 5, 45}, tick}});
    }
    return trial.verdict().word;
}

TEST(Sockets, drops_are_judged_by_connection_time) {
    EXPECT_EQ(after(drops_metric(), {450, 4050, 0.05, 0.45}, 30), Word::pass);
    EXPECT_EQ(after(drops_metric(), {450, 4050, 9, 0}, 3), Word::fail);
}

TEST(Sockets, upgrades_that_fail_are_a_fault) {
    EXPECT_EQ(after(upgrades_metric(), {30, 270, 10, 1}, 3), Word::fail);
    EXPECT_EQ(after(upgrades_metric(), {30, 270, 0, 1}, 6), Word::pass);
}

TEST(Sockets, one_restart_is_an_accident_and_a_crash_loop_a_fault) {
    const Tick calm{20, 20, 0, 0};
    const Tick crash{20, 20, 1, 0};
    EXPECT_EQ(after(restarts_metric(), calm, 30), Word::pass);
    EXPECT_EQ(after(restarts_metric(), crash, 1), Word::unknown);
    EXPECT_EQ(after(restarts_metric(), crash, 5), Word::fail);
}

TEST(Level, holds_after_fifteen_blocks_that_were_all_higher_and_never_aborts) {
    LevelWatch cpu("cpu");
    for (int i = 0; i < 14; ++i) cpu.see_block(1.5, 1);
    EXPECT_EQ(cpu.verdict().word, Word::pass);
    cpu.see_block(1.5, 1);
    EXPECT_EQ(cpu.verdict().word, Word::unknown);
    EXPECT_EQ(cpu.verdict().reason, "above 120 % of the old release's in 15 of 15 blocks");
}

TEST(Level, that_is_a_little_higher_passes) {
    LevelWatch cpu("cpu");
    for (int i = 0; i < 100; ++i) cpu.see_block(1.15, 1);
    cpu.see_block(0, 1);
    EXPECT_EQ(cpu.verdict().word, Word::pass);
}

TEST(Ceiling, aborts_after_three_ticks_near_the_limit_and_not_for_a_peak) {
    CeilingWatch memory("memory", 1000);
    memory.see(950);
    memory.see(950);
    memory.see(500);
    EXPECT_EQ(memory.verdict().word, Word::pass);
    for (int i = 0; i < 3; ++i) memory.see(950);
    memory.see(100);
    EXPECT_EQ(memory.verdict().word, Word::fail);
}

TEST(Growth, of_a_leak_holds_and_says_when_it_would_end) {
    base::Random random(1);
    GrowthWatch memory(1024 * kMebi, 60);
    for (int i = 0; i < 40; ++i) {
        memory.see_block((200 + 10.0 * i + 4 * random.unit()) * kMebi,
                         (200 + 4 * random.unit()) * kMebi);
    }
    EXPECT_EQ(memory.verdict().word, Word::unknown);
    EXPECT_NE(memory.verdict().reason.find("MiB an hour"), std::string::npos);
}

TEST(Growth, of_both_releases_while_caches_fill_is_none) {
    base::Random random(2);
    GrowthWatch memory(1024 * kMebi, 60);
    for (int i = 0; i < 100; ++i) {
        memory.see_block((200 + 2.0 * i + 4 * random.unit()) * kMebi,
                         (200 + 2.0 * i + 4 * random.unit()) * kMebi);
    }
    EXPECT_EQ(memory.verdict().word, Word::pass);
}

TEST(Growth, slope_is_not_moved_by_an_outlier) {
    EXPECT_EQ(median_slope({}), 0);
    EXPECT_EQ(median_slope({1, 2, 3, 400, 5, 6, 7}), 1);
}

TEST(Combined, a_fail_decides_then_what_holds) {
    const Verdict pass{Word::pass, "errors", ""};
    const Verdict hold{Word::unknown, "cpu", ""};
    const Verdict fail{Word::fail, "memory", ""};
    EXPECT_EQ(combined({pass, hold, fail}), fail);
    EXPECT_EQ(combined({pass, hold}), hold);
    EXPECT_EQ(combined({pass, pass}), pass);
    EXPECT_EQ(combined({}).word, Word::unknown);
}

}  // namespace
}  // namespace judge
