#include "edge/target/cohort.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace edge {
namespace {

using Weights = std::array<std::uint32_t, 2>;

TEST(Cohorts, take_nobody_back_while_a_share_rises_and_nobody_along_while_it_falls) {
    for (int user = 0; user < 2000; ++user) {
        const std::uint32_t bucket = bucket_of("r7", "user" + std::to_string(user));
        bool was_green = false;
        for (std::uint32_t share = 0; share <= 1000; ++share) {
            const auto group = share_of_bucket(bucket, Weights{1000 - share, share});
            ASSERT_TRUE(group);
            if (was_green) {
                ASSERT_EQ(*group, 1U) << user << " at " << share;
            }
            was_green = *group == 1;
        }
        EXPECT_TRUE(was_green) << "at the whole share there is everybody";
    }
}

TEST(Cohorts, are_as_large_as_their_share_whatever_the_users_are_called) {
    constexpr int kUsers = 100'000;
    for (const std::uint32_t share : {1U, 10U, 50U, 500U}) {
        int green = 0;
        for (int user = 0; user < kUsers; ++user) {
            const auto bucket = bucket_of("r7", std::to_string(user));
            if (*share_of_bucket(bucket, Weights{1000 - share, share}) == 1) ++green;
        }
        const double wanted = kUsers * share / 1000.0;
        EXPECT_NEAR(green, wanted, 5 * std::sqrt(wanted)) << share;
    }
}

TEST(Cohorts, of_one_release_say_nothing_of_those_of_the_next) {
    int both = 0;
    for (int user = 0; user < 100'000; ++user) {
        const std::string name = std::to_string(user);
        const bool first = *share_of_bucket(bucket_of("r7", name), Weights{900, 100}) == 1;
        const bool then = *share_of_bucket(bucket_of("r8", name), Weights{900, 100}) == 1;
        both += first && then ? 1 : 0;
    }
    EXPECT_NEAR(both, 1000, 160);
}

TEST(Cohorts, know_the_ends) {
    for (const std::uint32_t bucket : {0U, 1U, 0x7fff'ffffU, 0xffff'ffffU}) {
        EXPECT_EQ(share_of_bucket(bucket, Weights{1000, 0}), 0U);
        EXPECT_EQ(share_of_bucket(bucket, Weights{0, 1000}), 1U);
        EXPECT_EQ(share_of_bucket(bucket, Weights{0, 0}), std::nullopt);
    }
    EXPECT_EQ(share_of_bucket(0xffff'ffffU, std::vector<std::uint32_t>{4'000'000, 0, 1}), 2U);
}

}  // namespace
}  // namespace edge
