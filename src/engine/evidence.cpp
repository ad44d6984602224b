#include "engine/evidence.h"

#include "judge/sockets.h"

#include <algorithm>
#include <limits>

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

judge::Budget budget_of(const release::Guard& guard) {
    judge::Budget budget{.harm_max = static_cast<double>(guard.harm_max)};
    if (guard.exposure_max) {
        budget.harm_max = std::numeric_limits<double>::infinity();
        budget.weight_learning =
            std::min(budget.weight_learning, guard.exposure_max->value / 1000.0);
    }
    return budget;
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

namespace {

std::vector<judge::Metric> metrics_of(const release::Plan& plan, const judge::Usual& usual) {
    auto metrics = judge::release_metrics(usual, plan.guard.error_rate_max.value / 1000.0);
    metrics.push_back(judge::restarts_metric());
    return metrics;
}

}  // namespace

Evidence::Evidence(const release::Plan& plan, const judge::Usual& usual,
                   const judge::PoolCounts& before, base::Instant at)
    : target_(plan.target),
      tick_(tick_of(plan.guard)),
      warm_up_(plan.guard.warm_up),
      edges_(usual.edges),
      // A plan does not put the old release beside the new one again.
      trial_(metrics_of(plan, usual), {.compares_again = false}),
      vitals_watch_(plan.guard),
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

judge::Tick Evidence::restarts_until(const BothVitals& now, double seconds) const {
    const auto exposed = [seconds](const Vitals& vitals) {
        return static_cast<double>(vitals.instances) * seconds;
    };
    return {.canary = exposed(now.fresh),
            .baseline = exposed(now.old),
            .canary_events = static_cast<double>(restarts_between(vitals_.fresh, now.fresh)),
            .baseline_events = static_cast<double>(restarts_between(vitals_.old, now.old))};
}

void Evidence::see(const BothVitals& vitals, const judge::PoolCounts& reading, base::Instant at) {
    vitals_ = vitals;
    if (is_warming(at)) return;
    vitals_watch_.see({vitals.fresh, counts_of(reading, target_).requests},
                      {vitals.old, counts_of(reading, release::other(target_)).requests}, at);
}

void Evidence::see(const judge::PoolCounts& reading, const std::optional<BothVitals>& vitals,
                   base::Instant at) {
    if (at < due()) return;
    const Pool before = release::other(target_);
    const judge::Counts fresh =
        judge::difference(counts_of(last_, target_), counts_of(reading, target_));
    const judge::Counts old =
        judge::difference(counts_of(last_, before), counts_of(reading, before));
    const double seconds = std::chrono::duration<double>(at - last_at_).count();
    // Before its first request there is nothing to compare.
    if (first_share_at_) {
        judge::Reading tick = reading_of(fresh, old, at);
        tick.ticks.push_back(vitals ? restarts_until(*vitals, seconds) : judge::Tick{});
        trial_.see(tick);
    }
    if (vitals) see(*vitals, reading, at);
    flow_.push_back({static_cast<double>(fresh.requests + old.requests), seconds});
    if (flow_.size() > kFlowMax) flow_.pop_front();
    last_ = reading;
    last_at_ = at;
    share_least_ = share_;
}

judge::Verdict Evidence::verdict() const {
    const judge::Verdict own = trial_.verdict();
    if (own.word == judge::Word::fail) return own;
    const judge::Verdict vitals = vitals_watch_.verdict();
    return vitals.word == judge::Word::pass ? own : vitals;
}

bool Evidence::is_worse() const {
    return trial_.word() == judge::Word::fail || vitals_watch_.verdict().word == judge::Word::fail;
}

bool Evidence::is_held() const {
    return vitals_watch_.verdict().word == judge::Word::unknown;
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
