#pragma once
// For tests that drive real sockets: a loop on the machine's clock, and waiting with a deadline.

#include "base/clock.h"
#include "net/loop.h"

#include <gtest/gtest.h>

#include <chrono>

namespace net {

class LoopFixture : public testing::Test {
protected:
    /// Turns the loop until `done`, for half a minute at most.
    template <typename Done>
    bool turn_until(Done done) {
        const auto deadline = clock.tick() + std::chrono::seconds{30};
        while (!done() && clock.tick() < deadline) loop.turn(std::chrono::milliseconds{100});
        return done();
    }

    base::SystemClock clock;
    Loop loop{clock};
};

}  // namespace net
