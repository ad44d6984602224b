#include "edge/target/drain.h"

#include "edge/target/keep.h"

#include <limits>

namespace edge {

std::uint64_t Pace::allowed(base::Tick now) const {
    if (a_second_ == kKeepSockets) return 0;
    if (a_second_ == 0) return std::numeric_limits<std::uint32_t>::max();
    if (now < begun_) return 0;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now - begun_).count();
    return 1 + static_cast<std::uint64_t>(micros) * a_second_ / 1'000'000;
}

void Drain::again(base::Tick now, std::chrono::milliseconds deadline,
                  std::uint32_t sockets_a_second) {
    pace_ = Pace(now, sockets_a_second);
    cut_at_ = now + deadline;
}

void Drain::observe(bool every_worker_runs_it, const Load& load) {
    if (every_worker_runs_it && load.none()) drained_ = true;
}

}  // namespace edge
