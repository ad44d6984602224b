#include "load/ledger.h"

#include <gtest/gtest.h>

namespace load {
namespace {

using namespace std::chrono_literals;

const base::Instant kInstant = base::instant_of_micros(1'700'000'000'000'000);

base::Tick at(std::chrono::nanoseconds since) {
    return base::Tick{1h} + since;
}

struct LoadLedger : testing::Test {
    Ledger ledger{at(0s), kInstant};
    std::uint16_t api = ledger.add_endpoint("GET /users/me", Kind::api);
    std::uint16_t upload = ledger.add_endpoint("POST /files", Kind::transfer);

    void record(std::chrono::milliseconds begun, Ended ended, std::string_view version = "1.0.0") {
        ledger.record({.endpoint = api,
                       .ended = ended,
                       .intended = at(begun - 3ms),
                       .begun = at(begun),
                       .at = at(begun + 2ms),
                       .version = version});
    }
    Outcome outcome() {
        Outcome outcome;
        ledger.account(outcome);
        return outcome;
    }
};

TEST_F(LoadLedger, a_5xx_is_harm_when_an_instance_gave_it_and_a_failure_when_the_edge_did) {
    EXPECT_EQ(ended_by_status(502, false), Ended::edge_answer);
    EXPECT_EQ(ended_by_status(500, true), Ended::harmed);
    EXPECT_EQ(ended_by_status(404, true), Ended::rejected);
    EXPECT_EQ(ended_by_status(404, false), Ended::edge_answer);
    EXPECT_EQ(ended_by_status(201, true), Ended::well);
    EXPECT_TRUE(is_failure(Ended::edge_answer));
    EXPECT_FALSE(is_failure(Ended::harmed));
}

TEST_F(LoadLedger, every_ending_has_its_own_count_and_failures_are_added_up) {
    for (const Ended ended : {Ended::well, Ended::rejected, Ended::harmed, Ended::edge_answer,
                              Ended::refused, Ended::reset, Ended::timed_out, Ended::mangled})
        record(10ms, ended);
    record(10ms, Ended::ours);
    const HttpOutcome http = outcome().http;
    EXPECT_EQ(http.requests, 8);
    EXPECT_EQ(http.failed, 5);
    EXPECT_EQ(http.succeeded, 1);
    EXPECT_EQ(http.harmed + http.rejected + http.edge_answers + http.refused, 4);
    EXPECT_EQ(ledger.local_errors(), 1);
}

TEST_F(LoadLedger, latency_counts_from_the_intended_start_and_service_from_the_real_one) {
    record(10ms, Ended::well);
    const HttpOutcome http = outcome().http;
    EXPECT_NEAR(http.latency.max_ms, 5, 0.01);
    EXPECT_NEAR(http.service.max_ms, 2, 0.01);
}

TEST_F(LoadLedger, a_transfer_is_counted_but_its_time_is_not_the_apis) {
    ledger.record({.endpoint = upload,
                   .ended = Ended::well,
                   .intended = at(0s),
                   .begun = at(0s),
                   .at = at(20s),
                   .version = "1.0.0"});
    const Outcome all = outcome();
    EXPECT_EQ(all.http.requests, 1);
    EXPECT_EQ(all.http.latency.count, 0);
    EXPECT_NEAR(all.endpoints[1].latency.max_ms, 20'000, 20);
}

TEST_F(LoadLedger, each_second_has_its_own_percentiles) {
    record(100ms, Ended::well);
    ledger.record({.endpoint = api,
                   .ended = Ended::well,
                   .intended = at(1100ms),
                   .begun = at(1100ms),
                   .at = at(1200ms),
                   .version = "1.0.1"});
    record(2500ms, Ended::harmed, "1.0.1");
    const Outcome all = outcome();
    ASSERT_EQ(all.seconds.size(), 3);
    EXPECT_NEAR(all.seconds[0].p99_ms, 5, 0.01);
    EXPECT_NEAR(all.seconds[1].p99_ms, 100, 0.1);
    EXPECT_EQ(all.seconds[2].harmed, 1);
    EXPECT_EQ(all.seconds[2].versions.at("1.0.1").harmed, 1);
    EXPECT_EQ(all.versions.size(), 2);
}

TEST_F(LoadLedger, a_rollback_took_until_the_last_answer_of_the_version_it_left) {
    record(1000ms, Ended::well, "2.0.0");
    record(4100ms, Ended::well, "2.0.0");
    record(4398ms, Ended::well, "2.0.0");
    record(9000ms, Ended::well, "2.0.0");  // deployed again, later
    const Outcome all = outcome();
    const base::Instant commanded = kInstant + 4000ms;
    EXPECT_EQ(rollback_ms(all, "2.0.0", commanded, kInstant + 8s), 400.0);
    EXPECT_EQ(rollback_ms(all, "2.0.0", kInstant + 5s, kInstant + 8s), 0.0);
    EXPECT_EQ(rollback_ms(all, "7.7.7", commanded, kInstant + 8s), std::nullopt);
}

TEST_F(LoadLedger, a_version_is_found_by_the_front_of_its_id) {
    EXPECT_TRUE(is_of("1.0.0.1.0.0.e3b0c4.false", "1.0.0"));
    EXPECT_TRUE(is_of("1.0.0", "1.0.0"));
    EXPECT_FALSE(is_of("1.0.01.x", "1.0.0"));
    const std::vector<VersionOutcome> all{{.version = "1.0.0.1.0.0.e3b0c4.false"},
                                          {.version = "1.0.0.1.0.0.77aa00.false"},
                                          {.version = "2.0.0.2.0.0.e3b0c4.false"}};
    EXPECT_EQ(brief(all[0].version, all), "1.0.0 e3b0");
    EXPECT_EQ(brief(all[2].version, all), "2.0.0");
    EXPECT_EQ(brief("v7", all), "v7");
    EXPECT_EQ(brief("1.0.0.twin", all), "1.0.0.twin");
}

TEST_F(LoadLedger, a_transfer_that_outlasts_a_rollback_does_not_lengthen_it) {
    record(1000ms, Ended::well, "2.0.0");
    ledger.record({.endpoint = upload,
                   .ended = Ended::well,
                   .intended = at(1s),
                   .begun = at(1s),
                   .at = at(20s),
                   .version = "2.0.0"});
    EXPECT_EQ(rollback_ms(outcome(), "2.0.0", kInstant + 2s, kInstant + 30s), 0.0);
}

}  // namespace
}  // namespace load
