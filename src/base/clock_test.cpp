#include "base/clock.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Instants, print_and_read_back_as_the_same_instant) {
    for (const std::int64_t micros : {0LL, 1LL, 1'795'000'000'123'456LL, 951'782'400'000'000LL}) {
        const Instant instant = instant_of_micros(micros);
        EXPECT_EQ(instant_from(to_text(instant)), instant) << to_text(instant);
    }
}

TEST(Instants, that_are_not_written_in_full_are_rejected) {
    for (const char* text : {"", "2026-11-23", "2026-02-30T00:00:00.000000Z",
                             "2026-11-23T00:00:00.000000Zx", "2026-11-23T25:00:00.000000Z"}) {
        EXPECT_FALSE(instant_from(text)) << text;
    }
}

TEST(SystemClocks, stop_waiting_when_asked_to) {
    SystemClock clock;
    std::stop_source stop;
    stop.request_stop();
    clock.wait_until(clock.tick() + std::chrono::hours{1}, stop.get_token());
    SUCCEED() << "returned at once";
}

}  // namespace
}  // namespace base
