#include "engine/evidence.h"

#include "release/sample.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using std::chrono::seconds;

const base::Instant kBegun{seconds{1'000}};

/// Blue serves, green is new.
class EvidenceTest : public testing::Test {
protected:
    EvidenceTest() {
        release::Spec spec = release::sample_spec();
        spec.guard.warm_up = seconds{25};
        plan = *release::plan_release(
            spec, release::sample_release("r2", "1.0.1"),
            release::sample_present(release::sample_release("r1", "1.0.0")), std::nullopt);
        now.blue.requests = 50'000;
        evidence.emplace(plan, judge::usual_of({}, now.blue),
                         Evidence::Look{.counts = now, .sources = sources}, kBegun);
    }
    /// After so many more requests, each pool's own, of which green failed so many.
    void see(int at_s, std::uint64_t old, std::uint64_t fresh, std::uint64_t failed = 0) {
        now.blue.requests += old;
        now.green.requests += fresh;
        now.green.errors += failed;
        see_late(at_s, at_s);
    }
    /// The same counts at `at_s`, which tell what came until `counted_s`.
    void see_late(int at_s, int counted_s) {
        evidence->see(
            {.counts = now, .vitals = vitals, .sources = sources, .age = seconds{at_s - counted_s}},
            kBegun + seconds{at_s});
    }
    const judge::Tick& errors() const { return evidence->trial().total(0); }

    release::Plan plan;
    judge::PoolCounts now;
    std::optional<BothVitals> vitals;
    SourceReadings sources;
    std::optional<Evidence> evidence;
};

TEST_F(EvidenceTest, a_reading_within_a_tick_waits_for_its_end) {
    evidence->shifted(base::Permille{100}, kBegun);
    see(9, 90, 10);
    EXPECT_EQ(errors().canary, 0);
    EXPECT_FALSE(evidence->knows_traffic());
    see(10, 90, 10);
    EXPECT_EQ(errors().canary, 20);
    EXPECT_EQ(errors().baseline, 180);
    EXPECT_EQ(evidence->requests_per_second(), 20);
    EXPECT_EQ(evidence->due(), kBegun + seconds{20});
}

TEST_F(EvidenceTest, counts_that_come_late_are_of_the_share_at_their_time) {
    see(60, 1'000, 0);
    evidence->shifted(base::Permille{500}, kBegun + seconds{61});
    see_late(120, 60);  // tells of no more time than the reading before
    see_late(130, 60);
    EXPECT_EQ(errors().baseline, 0);
    EXPECT_EQ(evidence->due(), kBegun + seconds{140});
    now.blue.requests += 1'000;
    now.green.requests += 1'000;
    see_late(180, 120);
    now.blue.requests += 1'000;
    now.green.requests += 1'000;
    see_late(240, 180);
    EXPECT_EQ(errors().canary, 2'000);
    EXPECT_EQ(errors().baseline, 2'000);
    EXPECT_EQ(evidence->counted(), kBegun + seconds{180});
}

TEST_F(EvidenceTest, nothing_is_compared_before_the_first_share) {
    see(10, 100, 0);
    EXPECT_EQ(errors().baseline, 0);
    EXPECT_TRUE(evidence->knows_traffic());
}

TEST_F(EvidenceTest, a_tick_that_began_cold_counts_only_gross_faults) {
    evidence->shifted(base::Permille{100}, kBegun);
    const auto evidence_of = [&] { return evidence->trial().standing(0).log_evidence; };
    see(10, 9'000, 1'000, 50);
    see(20, 9'000, 1'000, 50);
    see(30, 9'000, 1'000, 50);  // warm from 25 s on
    EXPECT_LE(evidence_of(), 0);
    see(40, 9'000, 1'000, 50);
    EXPECT_GT(evidence_of(), 0);
}

TEST_F(EvidenceTest, silence_is_expected_of_the_least_share_in_the_tick) {
    see(10, 100'000, 0);
    see(15, 50'000, 0);
    evidence->shifted(base::Permille{500}, kBegun + seconds{19});
    for (int at = 20; at <= 30; at += 10) {
        EXPECT_NE(evidence->trial().word(), judge::Word::fail) << at;
        see(at, 100'000, 0);
    }
    EXPECT_EQ(evidence->trial().word(), judge::Word::fail);
    EXPECT_EQ(evidence->trial().verdict().metric, "traffic");
}

TEST_F(EvidenceTest, drops_are_told_per_second_of_an_open_socket) {
    evidence->shifted(base::Permille{100}, kBegun);
    now.blue.sockets_open = 90;
    now.green.sockets_open = 10;
    see(10, 90, 10);
    now.green.sockets_cut = 2;
    see(20, 90, 10);
    const judge::Tick& drops = evidence->trial().total(2);
    EXPECT_EQ(evidence->trial().metrics()[2].name, "drops");
    EXPECT_EQ(drops.canary, 100);
    EXPECT_EQ(drops.baseline, 900);
    EXPECT_EQ(drops.canary_events, 2);
}

TEST(Stretches, are_what_one_release_met_alone) {
    const auto past = [](int until_s, std::uint64_t blue, std::uint64_t green) {
        Past tick{.until = base::Instant{seconds{until_s}}, .length = seconds{10}, .counts = {}};
        tick.counts.blue.requests = blue;
        tick.counts.green.requests = green;
        return tick;
    };
    const std::vector<judge::Stretch> stretches =
        stretches_of({past(10, 0, 7), past(20, 0, 8), past(30, 90, 10), past(40, 100, 0),
                      past(50, 0, 0), past(80, 101, 0)},
                     release::Pool::blue);
    ASSERT_EQ(stretches.size(), 5U);
    EXPECT_EQ(stretches[0].counts.requests, 7U);
    EXPECT_FALSE(stretches[0].is_present);
    EXPECT_EQ(stretches[2].counts.requests, 100U);
    EXPECT_TRUE(stretches[2].is_present);
    const std::vector<bool> follows{stretches[0].follows, stretches[1].follows,
                                    stretches[2].follows, stretches[3].follows,
                                    stretches[4].follows};
    EXPECT_EQ(follows, (std::vector<bool>{false, true, false, true, false}));
    EXPECT_EQ(stretches[0].seconds, 10);
}

TEST_F(EvidenceTest, instances_that_start_again_and_again_are_worse) {
    evidence->shifted(base::Permille{100}, kBegun);
    vitals = {.fresh = {.instances = 2}, .old = {.instances = 2, .restarts = 1}};
    for (int at = 10; at <= 60; at += 10) see(at, 900, 100);
    EXPECT_FALSE(evidence->is_worse());
    for (int at = 70; at <= 100; at += 10) {
        ++vitals->fresh.restarts;
        see(at, 900, 100);
    }
    EXPECT_TRUE(evidence->is_worse());
    EXPECT_EQ(evidence->verdict().metric, "restarts");
}

TEST_F(EvidenceTest, memory_near_its_limit_is_worse_whatever_the_counts_say) {
    plan.guard.memory_max = base::Bytes{100 << 20};
    evidence.emplace(plan, judge::usual_of({}, now.blue),
                     Evidence::Look{.counts = now, .sources = sources}, kBegun);
    evidence->shifted(base::Permille{100}, kBegun);
    vitals = {.fresh = {.instances = 2, .memory = {95 << 20}},
              .old = {.instances = 2, .memory = {99 << 20}}};
    for (int at = 10; at <= 40; at += 10) see(at, 900, 100);
    EXPECT_FALSE(evidence->is_worse()) << "its instances are cold, and it has had two ticks";
    see(50, 900, 100);
    EXPECT_TRUE(evidence->is_worse());
    EXPECT_EQ(evidence->verdict().metric, "memory");
}

}  // namespace
}  // namespace engine
