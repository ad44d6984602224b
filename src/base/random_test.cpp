#include "base/random.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Chance, is_the_same_for_the_same_seed_and_stays_in_its_bound) {
    Random one(7);
    Random two(7);
    Random other(8);
    bool differs = false;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t value = one.next();
        EXPECT_EQ(value, two.next());
        differs |= value != other.next();
    }
    EXPECT_TRUE(differs);
    for (int i = 0; i < 1000; ++i) EXPECT_LT(one.below(3), 3U);
}

}  // namespace
}  // namespace base
