#include "edge/target/weighted.h"

#include <gtest/gtest.h>

#include <array>

namespace edge {
namespace {

TEST(Weights, are_exact_over_each_run_of_their_sum) {
    Weighted weighted({950, 50});
    const std::array<std::uint8_t, 2> both{1, 1};
    for (int run = 0; run < 5; ++run) {
        std::array<int, 2> had{};
        for (int i = 0; i < 1000; ++i) ++had[*weighted.choose(both)];
        EXPECT_EQ(had[0], 950);
        EXPECT_EQ(had[1], 50);
    }
}

TEST(Weights, that_are_small_come_evenly) {
    Weighted weighted({950, 50});
    const std::array<std::uint8_t, 2> both{1, 1};
    int last = -20;
    for (int i = 0; i < 2000; ++i) {
        if (*weighted.choose(both) != 1) continue;
        if (last >= 0) {
            EXPECT_EQ(i - last, 20);
        }
        last = i;
    }
}

TEST(Weights, of_zero_get_nothing_even_when_nobody_else_can) {
    Weighted weighted({1, 0});
    for (int i = 0; i < 100; ++i) EXPECT_EQ(weighted.choose(std::array<std::uint8_t, 2>{1, 1}), 0U);
    EXPECT_EQ(weighted.choose(std::array<std::uint8_t, 2>{0, 1}), std::nullopt);
}

TEST(Weights, go_to_whoever_is_eligible_and_back_without_a_burst) {
    Weighted weighted({500, 500});
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(weighted.choose(std::array<std::uint8_t, 2>{0, 1}), 1U);
    }
    std::array<int, 2> had{};
    for (int i = 0; i < 10; ++i) ++had[*weighted.choose(std::array<std::uint8_t, 2>{1, 1})];
    EXPECT_EQ(had[0], 5);
}

}  // namespace
}  // namespace edge
