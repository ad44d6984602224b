#include "load/sockets.h"

#include "base/check.h"

#include <algorithm>

namespace load {

void Sockets::opened(std::uint32_t user, Resumed resumed) {
    CHECK(user < users_.size());
    User& one = users_[user];
    ++outcome_.opened;
    if (resumed == Resumed::lossless) ++outcome_.resumed_lossless;
    if (resumed == Resumed::fresh) ++outcome_.resumed_fresh;
    if (!one.open) ++open_;
    one.open = true;
}

void Sockets::widen(SocketOutcome& outcome, Histogram& gaps, const User& user, base::Tick at) {
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(at - *user.closed).count();
    const double gap_ms = static_cast<double>(micros) / 1000.0;
    gaps.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros)));
    outcome.largest_gap_ms = std::max(outcome.largest_gap_ms, gap_ms);
    if (user.planned)
        outcome.largest_planned_gap_ms = std::max(outcome.largest_planned_gap_ms, gap_ms);
}

void Sockets::close_gap(User& user, base::Tick at) {
    if (!user.closed) return;
    widen(outcome_, gaps_, user, at);
    user.closed.reset();
}

void Sockets::caught_up(std::uint32_t user, base::Tick at) {
    CHECK(user < users_.size());
    if (users_[user].open) close_gap(users_[user], at);
}

void Sockets::closed(std::uint32_t user, std::uint16_t code, base::Tick at) {
    CHECK(user < users_.size());
    User& one = users_[user];
    if (!one.open) return;
    one.open = false;
    --open_;
    ++outcome_.closes[std::to_string(code)];
    if (is_planned(code))
        ++outcome_.moved_planned;
    else
        ++outcome_.dropped_unplanned;
    // A user who is cut again before having caught up is in the same gap still.
    if (!one.closed) {
        one.closed = at;
        one.planned = is_planned(code);
    } else {
        one.planned = one.planned && is_planned(code);
    }
}

void Sockets::closed_by_client(std::uint32_t user) {
    CHECK(user < users_.size());
    User& one = users_[user];
    if (!one.open) return;
    one.open = false;
    --open_;
    ++outcome_.closed_by_client;
}

SocketOutcome Sockets::outcome(base::Tick end) const {
    SocketOutcome outcome = outcome_;
    Histogram gaps = gaps_;
    for (const User& user : users_) {
        if (!user.closed) continue;
        ++outcome.never_back;
        widen(outcome, gaps, user, end);
    }
    outcome.gaps = latency_of(gaps);
    return outcome;
}

}  // namespace load
