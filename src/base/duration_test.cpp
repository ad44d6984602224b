#include "base/duration.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using std::chrono::milliseconds;

TEST(Durations, are_read_with_their_units) {
    EXPECT_EQ(duration_from("250ms"), milliseconds{250});
    EXPECT_EQ(duration_from("90s"), milliseconds{90'000});
    EXPECT_EQ(duration_from("1h30m"), milliseconds{5'400'000});
    EXPECT_EQ(duration_from("0s"), milliseconds{0});
}

TEST(Durations, without_one_clear_meaning_are_rejected) {
    for (const char* text : {"", "5", "s", "-1s", "1.5s", "1 s", "1s1h", "1s1s", "9999999d", "5x",
                             "99999999999999999999s"}) {
        EXPECT_FALSE(duration_from(text)) << text;
    }
}

TEST(Durations, print_as_what_reads_back_the_same) {
    for (const std::int64_t count : {0LL, 1LL, 999LL, 61'000LL, 86'400'000LL * 7 + 1}) {
        EXPECT_EQ(duration_from(to_text(milliseconds{count})), milliseconds{count});
    }
}

}  // namespace
}  // namespace base
