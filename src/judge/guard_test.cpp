#include "judge/guard.h"

#include "judge/chance.h"

#include <gtest/gtest.h>

namespace judge {
namespace {

using std::chrono::milliseconds;

Evidence of(std::uint64_t requests, std::uint64_t errors) {
    Evidence evidence;
    evidence.watched.requests = requests;
    evidence.watched.errors = errors;
    evidence.since_first = evidence.watched;
    return evidence;
}

TEST(Guard, says_unknown_without_data) {
    const Verdict verdict = judge({}, of(0, 0));
    EXPECT_EQ(verdict.word, Word::unknown);
    EXPECT_EQ(verdict.reason, "0 requests so far, 20 are needed to say anything");
}

TEST(Guard, passes_at_the_limit_waits_just_above_it_and_fails_where_that_is_no_chance) {
    EXPECT_EQ(judge({}, of(1000, 10)).word, Word::pass);
    const Verdict perhaps = judge({}, of(1000, 11));
    EXPECT_EQ(perhaps.word, Word::unknown);
    EXPECT_EQ(perhaps.reason,
              "11 of 1000 requests failed (1.1 %), at most 1.0 % may; it may be chance");
    const Verdict verdict = judge({}, of(1000, 35));
    EXPECT_EQ(verdict.word, Word::fail);
    EXPECT_EQ(verdict.metric, "errors");
    EXPECT_EQ(verdict.reason, "35 of 1000 requests failed (3.5 %), at most 1.0 % may");
}

TEST(Guard, a_release_at_its_limit_is_hardly_ever_taken_back_however_often_one_looks) {
    base::Random random(1);
    int failed = 0;
    constexpr int kReleases = 2'000;
    for (int release = 0; release < kReleases; ++release) {
        std::uint64_t requests = 0;
        std::uint64_t errors = 0;
        for (int look = 0; look < 180; ++look) {
            requests += 30;
            errors += static_cast<std::uint64_t>(draw_binomial(random, 30, 0.01));
            if (judge({.harm_max = UINT64_MAX}, of(requests, errors)).word != Word::fail) continue;
            ++failed;
            break;
        }
    }
    EXPECT_LE(failed, 4) << "of " << kReleases << ", at an alpha of 5e-4";
}

TEST(Guard, no_error_may_be_where_none_is_allowed) {
    EXPECT_EQ(judge({.error_permille_max = 0}, of(1000, 1)).word, Word::fail);
}

TEST(Guard, what_fails_anyway_is_no_harm) {
    const Limits usual{.error_permille_max = 50, .usual = 0.002};
    EXPECT_EQ(judge(usual, of(100'000, 200)).word, Word::pass);
    EXPECT_EQ(judge({.error_permille_max = 50}, of(100'000, 200)).metric, "harm");
    EXPECT_EQ(judge(usual, of(100'000, 450)).metric, "harm");
}

TEST(Guard, sockets_that_are_cut_anyway_are_neither_harm_nor_beyond_a_limit) {
    Evidence evidence = of(100'000, 0);
    evidence.watched.sockets_opened = 2'000;
    evidence.watched.sockets_cut = 400;
    evidence.since_first = evidence.watched;
    EXPECT_EQ(judge({.usual = 0.002}, evidence).metric, "harm");
    EXPECT_EQ(judge({.harm_max = UINT64_MAX}, evidence).metric, "sockets");
    EXPECT_EQ(judge({.usual = 0.002, .usual_cuts = 0.2}, evidence).word, Word::pass);
    evidence.since_first.sockets_cut = 700;
    EXPECT_EQ(judge({.usual = 0.002, .usual_cuts = 0.2}, evidence).metric, "harm");
}

TEST(Guard, what_only_a_bad_release_does_counts_whole_against_its_budget) {
    const Limits usual{.usual = 0.002, .dispersion = 3};
    EXPECT_GE(harm_beyond(usual, of(101, 101).watched), 98);
    EXPECT_EQ(harm_beyond({}, of(101, 101).watched), 101);
}

TEST(Guard, clusters_need_more_errors_to_be_no_chance) {
    EXPECT_EQ(judge({}, of(1000, 35)).word, Word::fail);
    EXPECT_EQ(judge({.dispersion = 10}, of(1000, 35)).word, Word::unknown);
}

TEST(Guard, one_early_error_is_no_verdict) {
    EXPECT_EQ(judge({}, of(1, 1)).word, Word::unknown);
}

TEST(Guard, a_release_that_fails_everything_is_caught_before_the_minimum) {
    EXPECT_EQ(judge({}, of(4, 4)).word, Word::fail);
}

TEST(Guard, harm_counts_over_the_whole_run) {
    Evidence evidence = of(100'000, 0);
    evidence.since_first.errors = 101;
    const Verdict verdict = judge({}, evidence);
    EXPECT_EQ(verdict.word, Word::fail);
    EXPECT_EQ(verdict.metric, "harm");
}

TEST(Guard, cut_and_refused_sockets_fail_a_release_whose_requests_are_fine) {
    Evidence evidence = of(1000, 0);
    evidence.watched.sockets_opened = 30;
    evidence.watched.sockets_refused = 5;
    EXPECT_EQ(judge({}, evidence).metric, "sockets");
    evidence.watched.sockets_refused = 0;
    evidence.watched.sockets_cut = 40;
    EXPECT_EQ(judge({}, evidence).metric, "sockets");
}

TEST(Guard, slow_answers_fail_where_a_limit_is_given) {
    Evidence evidence = of(1000, 0);
    for (int i = 0; i < 980; ++i) evidence.watched.latency.add(10'000);
    for (int i = 0; i < 20; ++i) evidence.watched.latency.add(900'000);
    EXPECT_EQ(judge({}, evidence).word, Word::pass);
    EXPECT_EQ(judge({.p99_max = milliseconds{500}}, evidence).metric, "p99");
}

TEST(Guard, no_minimum_means_that_silence_passes) {
    EXPECT_EQ(judge({.requests_min = 0}, of(0, 0)).word, Word::pass);
}

TEST(Guard, huge_counts_do_not_overflow) {
    EXPECT_EQ(
        judge({.harm_max = UINT64_MAX}, of(1'000'000'000'000'000'000, 900'000'000'000'000'000))
            .word,
        Word::fail);
}

TEST(Counts, a_counter_that_went_back_counts_from_zero) {
    Counts before;
    before.requests = 100;
    Counts after;
    after.requests = 7;
    after.errors = 2;
    EXPECT_EQ(difference(before, after).requests, 7U);
    EXPECT_EQ(difference(before, after).errors, 2U);
    before.requests = 5;
    EXPECT_EQ(difference(before, after).requests, 2U);
}

}  // namespace
}  // namespace judge
