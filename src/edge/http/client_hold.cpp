// Client, while its request waits: for the end of a pause, or for a target that works.

#include "edge/http/client.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <chrono>

namespace edge {

namespace {

// How often a request that waits for a target asks by itself: one that came back between two
// health checks changes no snapshot.
constexpr std::chrono::milliseconds kLookEvery{100};
// What may be read of a body before it is known whose it is.
constexpr std::uint64_t kBodyAhead = Worker::kScratchBytes;

}  // namespace

void Client::go_on_or_wait(Attempt attempt) {
    const Limits& limits = worker_.limits();
    const base::Tick now = worker_.now();
    const base::Tick since = exchange_.held_since == base::Tick{} ? now : exchange_.held_since;
    switch (attempt) {
        case Attempt::begun:
            stop_holding();
            if (upstream_->connected()) upstream_connected();
            return;
        case Attempt::held:
            return hold(std::min(since + limits.hold_longest, exchange_.held_until));
        case Attempt::mismatch:
            return refuse(Refusal::protocol_mismatch);
        case Attempt::no_target:
            if (limits.hold_when_empty.count() == 0) return refuse(Refusal::no_target);
            return hold(std::min(since + limits.hold_when_empty, now + kLookEvery));
    }
}

void Client::hold(base::Tick until) {
    if (exchange_.held_since == base::Tick{}) exchange_.held_since = worker_.now();
    if (until <= worker_.now()) {
        worker_.counts().held_in_vain.add();
        return refuse(Refusal::held_too_long);
    }
    if (exchange_.held_bytes == 0) {
        const std::uint64_t bytes =
            1 + exchange_.tape.size() + (exchange_.request_ended ? 0 : kBodyAhead);
        if (!worker_.hold(bytes)) return refuse(Refusal::hold_full);
        exchange_.held_bytes = bytes;
    }
    phase_ = Phase::holding;
    timer_.arm_at(until);
}

void Client::stop_holding() {
    if (exchange_.held_bytes == 0) return;
    worker_.let_go(exchange_.held_bytes);
    exchange_.held_bytes = 0;
}

void Client::look_again() {
    if (phase_ != Phase::holding) return;
    phase_ = Phase::forwarding;
    exchange_.tries = 0;
    go_on_or_wait(attempt());
    settle();
}

}  // namespace edge
