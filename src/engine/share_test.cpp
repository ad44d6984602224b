#include "engine/share.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TEST(Share, nothing_and_all_allow_no_stray_request) {
    EXPECT_TRUE(share_is_real(0, 100'000, base::kNone));
    EXPECT_FALSE(share_is_real(1, 100'000, base::kNone));
    EXPECT_TRUE(share_is_real(100'000, 100'000, base::kAll));
    EXPECT_FALSE(share_is_real(99'999, 100'000, base::kAll));
}

TEST(Share, no_request_speaks_against_nothing) {
    EXPECT_TRUE(share_is_real(0, 0, base::kAll));
    EXPECT_TRUE(share_is_real(0, 0, base::Permille{50}));
}

TEST(Share, chance_is_forgiven_and_an_old_split_is_not) {
    const base::Permille five{50};
    EXPECT_TRUE(share_is_real(50, 1000, five));
    EXPECT_TRUE(share_is_real(30, 1000, five));
    EXPECT_TRUE(share_is_real(75, 1000, five));
    EXPECT_FALSE(share_is_real(0, 1000, five));
    EXPECT_FALSE(share_is_real(250, 1000, five));
    EXPECT_FALSE(share_is_real(1000, 1000, five));
}

TEST(Share, few_requests_say_little) {
    EXPECT_TRUE(share_is_real(0, 20, base::Permille{50}));
    EXPECT_FALSE(share_is_real(20, 20, base::Permille{50}));
}

}  // namespace
}  // namespace engine
