#include "edge/report/tally.h"

namespace edge {

namespace {

constexpr std::uint64_t kCountBits = 24;
constexpr std::uint64_t kCountMask = (1U << kCountBits) - 1;

}  // namespace

void LiveHistogram::add_to(base::Histogram& sum) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) sum.counts[i] += counts_[i].read();
}

std::uint64_t BegunRing::step_of(base::Tick now) {
    return static_cast<std::uint64_t>(now.time_since_epoch() / kStep);
}

void BegunRing::add(base::Tick now) {
    const std::uint64_t step = step_of(now);
    std::atomic<std::uint64_t>& slot = slots_[step % kSteps];
    const std::uint64_t before = slot.load(std::memory_order_relaxed);
    const std::uint64_t count = before >> kCountBits == step ? before & kCountMask : 0;
    slot.store(step << kCountBits | (count < kCountMask ? count + 1 : count),
               std::memory_order_relaxed);
}

std::uint64_t BegunRing::sum(std::uint64_t first, std::uint64_t last) const {
    std::uint64_t all = 0;
    for (const auto& slot : slots_) {
        const std::uint64_t packed = slot.load(std::memory_order_relaxed);
        const std::uint64_t step = packed >> kCountBits;
        if (step >= first && step <= last) all += packed & kCountMask;
    }
    return all;
}

Load TargetTally::load() const {
    // In the order in which a WebSocket comes from the edge before: there, on its way, here. Read
    // backwards, one could be missed.
    Load made{.in_flight = elsewhere.in_flight.read(),
              .sockets = elsewhere.sockets.read(),
              .pooled = elsewhere.pooled.read()};
    made.sockets += arriving.load(std::memory_order_acquire);
    for (const TargetSlot& slot : by_worker) {
        made.in_flight += slot.in_flight.read();
        made.sockets += slot.sockets.read();
        made.pooled += slot.pooled.read();
    }
    return made;
}

GroupCounts GroupTally::counts() const {
    GroupCounts made{.requests = sum(&GroupSlot::requests),
                     .errors = sum(&GroupSlot::errors),
                     .sockets_opened = sum(&GroupSlot::sockets_opened),
                     .sockets_refused = sum(&GroupSlot::sockets_refused),
                     .sockets_cut = sum(&GroupSlot::sockets_cut),
                     .latency = {}};
    elsewhere.latency.add_to(made.latency);
    for (const GroupSlot& slot : by_worker) slot.latency.add_to(made.latency);
    return made;
}

std::uint64_t GroupTally::begun(std::uint64_t first_step, std::uint64_t last_step) const {
    std::uint64_t all = 0;
    for (const GroupSlot& slot : by_worker) all += slot.begun.sum(first_step, last_step);
    return all;
}

}  // namespace edge
