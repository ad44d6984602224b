#include "report/account.h"
#include "report/checks.h"

#include "base/log.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace report {
namespace {

std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const sim::Scenario& each : sim::every_scenario()) out.push_back(each.name);
    return out;
}

class AccountOf : public testing::TestWithParam<std::string> {
protected:
    AccountOf() : play_(sim::scenario_named(GetParam()), 1) { base::log::only_errors(); }

    base::Result<Account> played() {
        play_.perform();
        return account_of(play_.place().disk.records, play_.plan().id);
    }

    sim::Play play_;
};

TEST_P(AccountOf, every_kind_of_release_says_how_it_ended_and_what_it_cost) {
    const auto account = played();
    ASSERT_TRUE(account) << account.error().line();
    EXPECT_EQ(account->run.id, play_.plan().id);
    EXPECT_EQ(account->run.plan, release::digest_of(play_.plan()));
    EXPECT_EQ(account->steps_forward, play_.plan().steps.size());
    EXPECT_FALSE(account->drivers.empty());
    if (!account->turned_at) {
        EXPECT_EQ(account->steps.size(), account->steps_forward);
    }
    if (account->succeeded()) {
        EXPECT_EQ(account->sentence.find("interrupted"), std::string::npos);
    } else {
        EXPECT_FALSE(account->run.reason.empty());
    }
    for (std::size_t i = 1; i < account->points.size(); ++i) {
        EXPECT_LE(account->points[i - 1].at, account->points[i].at);
        EXPECT_LE(account->points[i - 1].fresh.requests, account->points[i].fresh.requests);
    }
}

// In the simulated world no promise is broken, whatever the release is like, so none may be
// reported as broken.
TEST_P(AccountOf, every_kind_of_release_keeps_its_promises) {
    const auto account = played();
    ASSERT_TRUE(account);
    for (const Check& check : checks_of(*account)) {
        if (check.suite != "promises" || check.name.starts_with("P9")) continue;
        EXPECT_NE(check.outcome, Outcome::failed) << check.name << ": " << check.said;
    }
}

TEST_P(AccountOf, every_kind_of_release_fails_no_step_that_passed) {
    const auto account = played();
    ASSERT_TRUE(account);
    const std::vector<Check> checks = checks_of(*account);
    const auto failed =
        static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(), [](const Check& each) {
            return each.suite == "steps" && each.outcome == Outcome::failed;
        }));
    EXPECT_LE(failed, 1U);
    if (account->succeeded()) {
        EXPECT_EQ(failed, 0U);
    }
    EXPECT_EQ(checks.front().outcome == Outcome::passed, account->succeeded());
}

INSTANTIATE_TEST_SUITE_P(every, AccountOf, testing::ValuesIn(names()),
                         [](const auto& of) { return of.param; });

TEST(Account, of_a_release_that_is_not_in_the_journal_is_not_found) {
    const auto account = account_of({}, "r1");
    ASSERT_FALSE(account);
    EXPECT_EQ(account.error().failure, base::Failure::not_found);
}

TEST(Account, of_a_journal_that_was_changed_says_so) {
    sim::Play play(sim::scenario_named("canary"), 1);
    play.perform();
    std::vector<engine::Record> records = play.place().disk.records;
    records[2].actor = "user mallory";
    const auto account = account_of(records, play.plan().id);
    ASSERT_TRUE(account);
    const std::vector<Check> checks = checks_of(*account);
    const auto whole = std::find_if(checks.begin(), checks.end(),
                                    [](const Check& each) { return each.name.starts_with("P7"); });
    ASSERT_NE(whole, checks.end());
    EXPECT_EQ(whole->outcome, Outcome::failed);
    EXPECT_NE(whole->said.find("record 3"), std::string::npos) << whole->said;
}

TEST(Account, user_minutes_are_open_sockets_over_time) {
    Account account;
    const base::Instant begun{std::chrono::hours{1}};
    const auto point = [&](int minute, std::uint64_t sockets) {
        Point out{.at = begun + std::chrono::minutes{minute}, .fresh = {}, .old = {}};
        out.fresh.sockets_open = sockets;
        account.points.push_back(out);
    };
    point(0, 10);
    point(2, 40);
    point(3, 0);
    EXPECT_DOUBLE_EQ(user_minutes(account), 10 * 2 + 40 * 1);
}

}  // namespace
}  // namespace report
