#include "local/wait.h"

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace local {

bool wait_for(pollfd* watched, std::size_t count, base::Clock& clock, base::Deadline deadline) {
    for (;;) {
        const auto left = std::max<std::chrono::nanoseconds>(deadline.at - clock.tick(),
                                                             std::chrono::nanoseconds(0));
        constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(1);
        const auto nanos = std::min(left, kLongest).count();
        const timespec patience{.tv_sec = nanos / 1'000'000'000, .tv_nsec = nanos % 1'000'000'000};
        const int ready = ppoll(watched, count, &patience, nullptr);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
        if (ready == 0 && left <= kLongest) return false;
    }
}

}  // namespace local
