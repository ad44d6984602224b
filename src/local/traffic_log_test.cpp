#include "local/traffic_log.h"

#include "local/temporary_test.h"

#include <gtest/gtest.h>

#include <fstream>

namespace local {
namespace {

using std::chrono::seconds;

constexpr seconds kTick{10};
constexpr seconds kGapMax{30};

base::Instant at(std::int64_t second) {
    return base::instant_of_micros((1'700'000'000 + second) * 1'000'000);
}

struct TrafficFile : testing::Test {
    std::unique_ptr<TrafficLog> opened() {
        auto log = TrafficLog::open(folder.path / "traffic.db");
        EXPECT_TRUE(log) << log.error().line();
        return log ? std::move(*log) : nullptr;
    }
    void add(TrafficLog& log, std::int64_t second, std::uint64_t blue, std::uint64_t green = 0) {
        judge::PoolCounts reading;
        reading.blue.requests = blue;
        reading.blue.latency.counts[7] = blue;
        reading.green.requests = green;
        const auto added = log.add(reading, at(second), kGapMax);
        EXPECT_TRUE(added) << added.error().line();
    }
    static std::vector<engine::Past> all(TrafficLog& log) { return log.past({}).value(); }

    TemporaryFolder folder;
};

TEST_F(TrafficFile, what_came_between_two_readings_is_a_tick) {
    auto log = opened();
    add(*log, 0, 1'000);
    EXPECT_TRUE(all(*log).empty());
    add(*log, 10, 1'040, 3);
    const auto ticks = all(*log);
    ASSERT_EQ(ticks.size(), 1U);
    EXPECT_EQ(ticks[0].until, at(10));
    EXPECT_EQ(ticks[0].length, kTick);
    EXPECT_EQ(ticks[0].counts.blue.requests, 40U);
    EXPECT_EQ(ticks[0].counts.blue.latency.counts[7], 40U);
    EXPECT_EQ(ticks[0].counts.green.requests, 3U);
}

TEST_F(TrafficFile, whoever_opens_it_later_reads_it_and_asks_only_for_what_is_new) {
    {
        auto log = opened();
        for (int tick = 0; tick <= 3; ++tick)
            add(*log, 10 * tick, static_cast<std::uint64_t>(100 * tick));
    }
    auto log = opened();
    EXPECT_EQ(all(*log).size(), 3U);
    ASSERT_EQ(log->past(at(20)).value().size(), 1U);
    EXPECT_EQ(log->past(at(20)).value()[0].until, at(30));
}

TEST_F(TrafficFile, counting_that_began_anew_and_a_gap_are_no_ticks) {
    auto log = opened();
    add(*log, 0, 1'000);
    add(*log, 10, 5);
    EXPECT_TRUE(all(*log).empty());
    add(*log, 20, 25);
    ASSERT_EQ(all(*log).size(), 1U);
    EXPECT_EQ(all(*log)[0].counts.blue.requests, 20U);
    add(*log, 51, 1'000);
    EXPECT_EQ(all(*log).size(), 1U);
}

TEST_F(TrafficFile, ticks_are_forgotten_after_a_day) {
    auto log = opened();
    add(*log, 0, 1);
    add(*log, 10, 2);
    const std::int64_t day = 24 * 3600;
    add(*log, day + 5, 3);
    add(*log, day + 15, 4);
    ASSERT_EQ(all(*log).size(), 1U);
    EXPECT_EQ(all(*log)[0].until, at(day + 15));
}

TEST_F(TrafficFile, another_file_is_refused_and_left_alone) {
    std::ofstream(folder.path / "traffic.db") << "no database at all, but long enough to be one\n";
    const auto log = TrafficLog::open(folder.path / "traffic.db");
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().failure, base::Failure::rejected);
}

}  // namespace
}  // namespace local
