#include "report/figures.h"

#include <gtest/gtest.h>

namespace report {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

const base::Instant kNow{hours{24 * 365}};

Account run(std::string id, hours ago, engine::Ending ending, std::string before = "") {
    Account account;
    account.run.id = id;
    account.run.release.id = std::move(id);
    account.run.begun = kNow - ago;
    account.run.ended = account.run.begun + minutes{10};
    account.run.ending = ending;
    account.run.harm = 3;
    if (!before.empty()) {
        account.run.before = release::Release{};
        account.run.before->id = std::move(before);
    }
    account.shares.push_back({account.run.begun + minutes{2}, base::Permille{100}, {}});
    Point point{.at = account.run.begun + minutes{2}, .fresh = {}, .old = {}};
    point.fresh.sockets_open = 6;
    account.points = {point, point};
    account.points[1].at += minutes{1};
    return account;
}

Account back(std::string id, hours ago, std::string to, std::string before) {
    Account account = run(std::move(id), ago, engine::Ending::succeeded, std::move(before));
    account.run.is_rollback = true;
    account.run.release.id = std::move(to);
    return account;
}

TEST(Figures, of_nothing_are_unknown_and_not_good) {
    const Figures figures = figures_of({}, kNow - hours{24 * 7}, kNow);
    EXPECT_EQ(figures.releases, 0U);
    EXPECT_FALSE(figures.change_failure_rate());
    EXPECT_FALSE(figures.rework_rate());
    EXPECT_FALSE(median_of(figures.recoveries));
}

TEST(Figures, count_what_was_taken_back_and_what_came_right_after_it) {
    const Figures figures = figures_of({run("r1", hours{100}, engine::Ending::succeeded),
                                        run("r2", hours{80}, engine::Ending::rolled_back),
                                        run("r3", hours{60}, engine::Ending::succeeded),
                                        run("r4", hours{40}, engine::Ending::succeeded)},
                                       kNow - hours{24 * 7}, kNow);
    EXPECT_EQ(figures.releases, 4U);
    EXPECT_EQ(figures.succeeded, 3U);
    EXPECT_EQ(figures.failed, 1U);
    EXPECT_EQ(figures.reworked, 1U);
    EXPECT_DOUBLE_EQ(*figures.change_failure_rate(), 0.25);
    EXPECT_DOUBLE_EQ(figures.a_week(), 3);
    EXPECT_EQ(figures.harm, 12U);
    EXPECT_DOUBLE_EQ(figures.exposed_user_minutes, 6);
    ASSERT_EQ(figures.recoveries.size(), 1U);
    EXPECT_EQ(figures.recoveries[0], minutes{8});
}

TEST(Figures, count_a_release_that_was_left_by_a_rollback_as_failed) {
    const Figures figures = figures_of(
        {run("r1", hours{100}, engine::Ending::succeeded),
         run("r2", hours{80}, engine::Ending::succeeded, "r1"), back("r3", hours{79}, "r1", "r2")},
        kNow - hours{24 * 7}, kNow);
    EXPECT_EQ(figures.releases, 2U);
    EXPECT_EQ(figures.failed, 1U);
    ASSERT_EQ(figures.recoveries.size(), 1U);
    EXPECT_EQ(figures.recoveries[0], minutes{60 + 10 - 2});
}

TEST(Figures, leave_out_what_was_before_the_window) {
    const Figures figures = figures_of({run("r1", hours{24 * 9}, engine::Ending::rolled_back)},
                                       kNow - hours{24 * 7}, kNow);
    EXPECT_EQ(figures.releases, 0U);
}

TEST(Figures, of_several_lengths_take_the_middle_one) {
    EXPECT_EQ(median_of({milliseconds{9}, milliseconds{1}, milliseconds{5}}), milliseconds{5});
}

}  // namespace
}  // namespace report
