#include "load/availability.h"

#include <gtest/gtest.h>

#include <functional>

namespace load {
namespace {

using namespace std::chrono_literals;

/// Attempts every 50 ms for 10 s; `of` says how the one at that millisecond ends.
Availability probed(const std::function<Attempt(int path, int millisecond)>& of) {
    Availability availability(50ms);
    availability.add_path("read");
    availability.add_path("write");
    for (int path = 0; path < 2; ++path)
        for (int ms = 0; ms < 10'000; ms += 50) {
            const base::Tick begun = base::Tick{1h} + std::chrono::milliseconds{ms};
            availability.ended(static_cast<std::size_t>(path), of(path, ms), begun, begun + 2ms);
        }
    return availability;
}

TEST(LoadAvailability, is_no_downtime_where_every_attempt_succeeds_and_names_its_resolution) {
    const DowntimeOutcome outcome = probed([](int, int) { return Attempt::succeeded; }).outcome();
    EXPECT_EQ(outcome.ms, 0);
    EXPECT_EQ(outcome.resolution_ms, 50);
    EXPECT_EQ(outcome.longest_gap_ms, 50);
    EXPECT_EQ(outcome.unobserved_ms, 0);
    EXPECT_EQ(outcome.probes[1].attempts, 200);
}

TEST(LoadAvailability, an_outage_lasts_from_its_first_failure_to_the_next_success) {
    const DowntimeOutcome outcome = probed([](int path, int ms) {
                                        const bool down = path == 0 && ms >= 2'000 && ms < 2'400;
                                        return down ? Attempt::failed : Attempt::succeeded;
                                    }).outcome();
    EXPECT_EQ(outcome.ms, 400);
    EXPECT_EQ(outcome.longest_gap_ms, 450);
    EXPECT_EQ(outcome.probes[0].failed, 8);
    EXPECT_EQ(outcome.probes[1].downtime_ms, 0);
}

TEST(LoadAvailability, progress_has_an_estimate_that_costs_nothing) {
    const Availability availability = probed([](int path, int ms) {
        return path == 0 && ms < 400 ? Attempt::failed : Attempt::succeeded;
    });
    EXPECT_EQ(availability.estimate_ms(), availability.outcome().ms);
}

TEST(LoadAvailability, outages_of_several_paths_are_united_not_added) {
    const DowntimeOutcome outcome = probed([](int path, int ms) {
                                        const int from = path == 0 ? 2'000 : 2'200;
                                        const bool down = ms >= from && ms < from + 400;
                                        return down ? Attempt::failed : Attempt::succeeded;
                                    }).outcome();
    EXPECT_EQ(outcome.ms, 600);
}

TEST(LoadAvailability, an_outage_at_the_end_counts_to_the_last_attempt) {
    const DowntimeOutcome outcome = probed([](int, int ms) {
                                        return ms >= 9'000 ? Attempt::failed : Attempt::succeeded;
                                    }).outcome();
    EXPECT_EQ(outcome.ms, 1'000);
}

TEST(LoadAvailability, a_share_of_errors_from_instances_is_harm_and_no_downtime) {
    const DowntimeOutcome outcome = probed([](int, int ms) {
                                        return ms % 250 == 0 ? Attempt::harmed : Attempt::succeeded;
                                    }).outcome();
    EXPECT_EQ(outcome.ms, 0);
    EXPECT_EQ(outcome.probes[0].harmed, 40);
}

TEST(LoadAvailability, errors_from_instances_that_hit_everyone_are_downtime) {
    const DowntimeOutcome outcome = probed([](int, int ms) {
                                        const bool bad = ms >= 3'000 && ms < 4'000;
                                        return bad ? Attempt::harmed : Attempt::succeeded;
                                    }).outcome();
    EXPECT_EQ(outcome.ms, 1'000);
}

TEST(LoadAvailability, time_without_attempts_is_unknown_not_fine) {
    Availability availability(50ms);
    availability.add_path("read");
    for (const auto at : {0ms, 50ms, 100ms, 900ms, 950ms})
        availability.ended(0, Attempt::succeeded, base::Tick{1h} + at, base::Tick{1h} + at);
    EXPECT_EQ(availability.outcome().unobserved_ms, 750);
    EXPECT_EQ(availability.outcome().longest_gap_ms, 800);
    EXPECT_EQ(availability.outcome().ms, 0);
}

}  // namespace
}  // namespace load
