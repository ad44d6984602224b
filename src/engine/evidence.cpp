#include "engine/evidence.h"

#include "judge/sockets.h"

#include <algorithm>

namespace engine {

namespace {

using release::Pool;

/// Looks of the guard in one tick.
constexpr int kLooksInTick = 10;
/// Ticks over which traffic is measured.
constexpr std::size_t kFlowMax = 6;
/// Fewer do not say what is usual.
constexpr std::uint64_t kHistoryMin = 1'000;

judge::Metric errors_after(const judge::Counts& history, double limit) {
    judge::Metric metric = judge::errors_metric();
    metric.limit = limit;
    if (history.requests < kHistoryMin) return metric;
    metric.usual = static_cast<double>(history.errors) / static_cast<double>(history.requests);
    metric.clear_points = judge::clear_points_for(*metric.usual);
    return metric;
}

/// Errors, upgrades and drops, then one metric for each of `edges`.
judge::Trial trial_over(const release::Guard& guard, const judge::Counts& history,
                        const std::vector<judge::LatencyEdge>& edges) {
    const double limit = guard.error_rate_max.value / 1000.0;
    std::vector<judge::Metric> metrics{errors_after(history, limit), judge::upgrades_metric(),
                                       judge::drops_metric()};
    for (const judge::LatencyEdge& edge : edges) {
        metrics.push_back(judge::latency_metric(edge, edges.size()));
    }
    // A plan does not put the old release beside the new one again.
    return judge::Trial(std::move(metrics), {.compares_again = false});
}

judge::Tick tick_from(const judge::Counts& fresh, const judge::Counts& old,
                      std::uint64_t (*exposures)(const judge::Counts&),
                      std::uint64_t judge::Counts::* events) {
    return {.canary = static_cast<double>(exposures(fresh)),
            .baseline = static_cast<double>(exposures(old)),
            .canary_events = static_cast<double>(fresh.*events),
            .baseline_events = static_cast<double>(old.*events)};
}

}  // namespace

const judge::Counts& counts_of(const judge::PoolCounts& counts, Pool pool) {
    return pool == Pool::blue ? counts.blue : counts.green;
}

Evidence::Evidence(const release::Plan& plan, const judge::PoolCounts& before, base::Instant at)
    : target_(plan.target),
      tick_(tick_of(plan.guard)),
      warm_up_(plan.guard.warm_up),
      edges_(judge::latency_edges(counts_of(before, release::other(target_)).latency,
                                  judge::kSlowerAcceptable, judge::kUnnoticedMicros)),
      trial_(trial_over(plan.guard, counts_of(before, release::other(target_)), edges_)),
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
    using judge::Counts;
    const auto requests = [](const Counts& counts) { return counts.requests; };
    const auto upgrades = [](const Counts& counts) {
        return counts.sockets_opened + counts.sockets_refused;
    };
    judge::Reading reading;
    reading.weight = share_least_.value / 1000.0;
    // Of a tick that began cold nobody knows which requests were.
    reading.stage = is_warming(last_at_)         ? judge::Stage::warming
                    : share_least_ == base::kAll ? judge::Stage::alone
                                                 : judge::Stage::beside;
    reading.ticks = {tick_from(fresh, old, requests, &Counts::errors),
                     tick_from(fresh, old, upgrades, &Counts::sockets_refused),
                     drops_in(fresh, old, at)};
    for (const judge::LatencyEdge& edge : edges_) {
        reading.ticks.push_back(judge::latency_tick(edge, fresh.latency, old.latency));
    }
    return reading;
}

/// Sockets that were open when the tick began, for as long as it lasted.
judge::Tick Evidence::drops_in(const judge::Counts& fresh, const judge::Counts& old,
                               base::Instant at) const {
    const double seconds = std::chrono::duration<double>(at - last_at_).count();
    const auto open = [&](Pool pool) {
        return static_cast<double>(counts_of(last_, pool).sockets_open) * seconds;
    };
    return {.canary = open(target_),
            .baseline = open(release::other(target_)),
            .canary_events = static_cast<double>(fresh.sockets_cut),
            .baseline_events = static_cast<double>(old.sockets_cut)};
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
