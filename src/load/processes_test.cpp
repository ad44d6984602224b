#include "load/processes.h"

#include "load/chat_twin.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace load {
namespace {

TEST(LoadProcesses, reads_a_stat_line_whose_name_has_parentheses_and_spaces) {
    const auto process = process_time_from(
        "4711 (postgres: (x) y) S 12 4711 4711 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 99");
    ASSERT_TRUE(process);
    EXPECT_EQ(process->pid, 4711);
    EXPECT_EQ(process->parent, 12);
    EXPECT_EQ(process->name, "postgres: (x) y");
    EXPECT_EQ(process->ticks, 200);
}

TEST(LoadProcesses, refuses_lines_that_end_early) {
    for (const std::string_view line :
         {"", "12", "12 (a", "12 (a) S 1", "x (a) S 1 2 3 4 5 6 7 8 9"})
        EXPECT_FALSE(process_time_from(line)) << line;
}

TEST(LoadProcesses, a_meter_sees_this_very_process_work) {
    ProcessMeter meter({::getpid()}, "");
    EXPECT_EQ(meter.sample(real_clock().tick()), std::nullopt);
    const base::Tick until = real_clock().tick() + std::chrono::milliseconds{60};
    while (real_clock().tick() < until) {
    }
    const auto percent = meter.sample(real_clock().tick());
    ASSERT_TRUE(percent);
    EXPECT_GT(*percent, 0);
}

}  // namespace
}  // namespace load
