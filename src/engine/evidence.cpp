#include "engine/evidence.h"

#include <algorithm>

namespace engine {

namespace {

using release::Pool;

/// Looks of the guard in one tick.
constexpr int kLooksInTick = 10;
/// Ticks over which traffic is measured.
constexpr std::size_t kFlowMax = 6;
/// Stretches whose ends are further apart than this part of their length do not follow each other.
constexpr int kGapPart = 2;

}  // namespace

const judge::Counts& counts_of(const judge::PoolCounts& counts, Pool pool) {
    return pool == Pool::blue ? counts.blue : counts.green;
}

bool compares(const release::Plan& plan) {
    const bool beside = plan.from && plan.target != plan.active && !plan.is_rollback;
    return beside && plan.guard.compare;
}

std::vector<judge::Stretch> stretches_of(const std::vector<Past>& history, Pool present) {
    std::vector<judge::Stretch> out;
    std::optional<base::Instant> end;
    for (const Past& each : history) {
        const judge::Counts& now = counts_of(each.counts, present);
        const judge::Counts& other = counts_of(each.counts, release::other(present));
        if (now.requests > 0 && other.requests > 0) continue;
        const bool is_present = other.requests == 0;
        out.push_back({.seconds = std::chrono::duration<double>(each.length).count(),
                       .counts = is_present ? now : other,
                       .follows = end && each.until - each.length - *end < each.length / kGapPart,
                       .is_present = is_present});
        end = each.until;
    }
    return out;
}

Evidence::Evidence(const release::Plan& plan, const judge::Usual& usual,
                   const judge::PoolCounts& before, base::Instant at)
    : target_(plan.target),
      tick_(tick_of(plan.guard)),
      warm_up_(plan.guard.warm_up),
      edges_(usual.edges),
      // A plan does not put the old release beside the new one again.
      trial_(judge::release_metrics(usual, plan.guard.error_rate_max.value / 1000.0),
             {.compares_again = false}),
      last_(before),
      last_at_(at) {}

std::chrono::milliseconds Evidence::tick_of(const release::Guard& guard) {
    return kLooksInTick * guard.interval;
}

void Evidence::shifted(base::Permille share, base::Instant at) {
    share_ = share;
    share_least_ = std::min(share_least_, share);
    if (share > base::kNone && !first_share_at_) first_share_at_ = at;
}

bool Evidence::is_warming(base::Instant at) const {
    return !first_share_at_ || at < *first_share_at_ + warm_up_;
}

judge::Reading Evidence::reading_of(const judge::Counts& fresh, const judge::Counts& old,
                                    base::Instant at) const {
    const double seconds = std::chrono::duration<double>(at - last_at_).count();
    // Sockets that were open when the tick began, for as long as it lasted.
    const auto open = [&](Pool pool) {
        return static_cast<double>(counts_of(last_, pool).sockets_open) * seconds;
    };
    judge::Reading reading;
    reading.weight = share_least_.value / 1000.0;
    // Of a tick that began cold nobody knows which requests were.
    reading.stage = is_warming(last_at_)         ? judge::Stage::warming
                    : share_least_ == base::kAll ? judge::Stage::alone
                                                 : judge::Stage::beside;
    reading.ticks =
        judge::release_ticks(edges_, {.counts = fresh, .connection_seconds = open(target_)},
                             {.counts = old, .connection_seconds = open(release::other(target_))});
    return reading;
}

void Evidence::see(const judge::PoolCounts& reading, base::Instant at) {
    if (at < due()) return;
    const Pool before = release::other(target_);
    const judge::Counts fresh =
        judge::difference(counts_of(last_, target_), counts_of(reading, target_));
    const judge::Counts old =
        judge::difference(counts_of(last_, before), counts_of(reading, before));
    // Before its first request there is nothing to compare.
    if (first_share_at_) trial_.see(reading_of(fresh, old, at));
    flow_.push_back({static_cast<double>(fresh.requests + old.requests),
                     std::chrono::duration<double>(at - last_at_).count()});
    if (flow_.size() > kFlowMax) flow_.pop_front();
    last_ = reading;
    last_at_ = at;
    share_least_ = share_;
}

double Evidence::requests_per_second() const {
    Flow all{};
    for (const Flow& each : flow_) {
        all.requests += each.requests;
        all.seconds += each.seconds;
    }
    return all.seconds > 0 ? all.requests / all.seconds : 0;
}

}  // namespace engine
