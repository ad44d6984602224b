#include "engine/evidence.h"

#include "judge/sockets.h"

#include <algorithm>
#include <limits>
#include <utility>

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
    const bool beside = plan.from && plan.target != plan.active && !plan.is_rollback &&
                        plan.strategy != release::StrategyKind::recreate;
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

std::vector<judge::Metric> metrics_of(const release::Plan& plan, const judge::Usual& usual,
                                      std::vector<judge::Metric> sourced) {
    auto metrics = judge::release_metrics(usual, plan.guard.error_rate_max.value / 1000.0);
    metrics.push_back(judge::restarts_metric());
    for (judge::Metric& each : sourced) metrics.push_back(std::move(each));
    return metrics;
}

double dispersion_of_errors(const judge::Usual& usual) {
    return usual.dispersion.empty() ? 1 : usual.dispersion.front();
}

}  // namespace

Evidence::Evidence(const release::Plan& plan, const judge::Usual& usual, const Look& before,
                   base::Instant at)
    : target_(plan.target),
      tick_(tick_of(plan.guard)),
      warm_up_(plan.guard.warm_up),
      edges_(usual.edges),
      sourced_(plan.guard.metrics),
      // A plan does not put the old release beside the new one again.
      trial_(metrics_of(plan, usual, sourced_.counted(before.sources, dispersion_of_errors(usual))),
             {.compares_again = false}),
      vitals_watch_(plan.guard),
      last_(before.counts),
      last_at_(at),
      counted_(at - before.age),
      shares_{{counted_, base::kNone}} {
    sourced_.begin(before.sources);
}

std::chrono::milliseconds Evidence::tick_of(const release::Guard& guard) {
    return kLooksInTick * guard.interval;
}

void Evidence::shifted(base::Permille share, base::Instant at) {
    shares_.emplace_back(at, share);
    if (share > base::kNone && !first_share_at_) first_share_at_ = at;
}

bool Evidence::is_warming(base::Instant at) const {
    return !first_share_at_ || at < *first_share_at_ + warm_up_;
}

base::Permille Evidence::share_until(base::Instant counted) const {
    base::Permille least = shares_.front().second;
    for (const auto& [from, share] : shares_) {
        if (from <= counted) least = std::min(least, share);
    }
    return least;
}

judge::Reading Evidence::reading_of(const judge::Counts& fresh, const judge::Counts& old,
                                    base::Instant counted) const {
    const double seconds = std::chrono::duration<double>(counted - counted_).count();
    const base::Permille share = share_until(counted);
    // Sockets that were open when the tick began, for as long as it lasted.
    const auto open = [&](Pool pool) {
        return static_cast<double>(counts_of(last_, pool).sockets_open) * seconds;
    };
    judge::Reading reading;
    reading.weight = share.value / 1000.0;
    // Of a tick that began cold nobody knows which requests were.
    reading.stage = is_warming(counted_)  ? judge::Stage::warming
                    : share == base::kAll ? judge::Stage::alone
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

void Evidence::see(const Look& look, base::Instant at) {
    if (at < due()) return;
    last_at_ = at;
    const base::Instant counted = at - look.age;
    if (counted <= counted_) return;
    const judge::PoolCounts& reading = look.counts;
    const Pool before = release::other(target_);
    const judge::Counts fresh =
        judge::difference(counts_of(last_, target_), counts_of(reading, target_));
    const judge::Counts old =
        judge::difference(counts_of(last_, before), counts_of(reading, before));
    const double seconds = std::chrono::duration<double>(counted - counted_).count();
    // Before its first request there is nothing to compare.
    if (first_share_at_ && *first_share_at_ <= counted) {
        judge::Reading tick = reading_of(fresh, old, counted);
        tick.ticks.push_back(look.vitals ? restarts_until(*look.vitals, seconds) : judge::Tick{});
        // A source tells what came a moment ago.
        const bool is_cold = std::exchange(was_cold_, tick.stage == judge::Stage::warming) ||
                             tick.stage == judge::Stage::warming;
        for (const judge::Tick& each :
             sourced_.see(look.sources, {.weight = tick.weight, .is_cold = is_cold, .at = at})) {
            tick.ticks.push_back(each);
        }
        trial_.see(tick);
    } else {
        sourced_.begin(look.sources);
    }
    if (look.vitals) see(*look.vitals, reading, at);
    flow_.push_back({static_cast<double>(fresh.requests + old.requests), seconds});
    if (flow_.size() > kFlowMax) flow_.pop_front();
    last_ = reading;
    counted_ = counted;
    while (shares_.size() > 1 && shares_[1].first <= counted) shares_.pop_front();
}

judge::Verdict Evidence::gauges() const {
    return judge::combined({vitals_watch_.verdict(), sourced_.verdict()});
}

judge::Verdict Evidence::verdict() const {
    const judge::Verdict own = trial_.verdict();
    if (own.word == judge::Word::fail) return own;
    const judge::Verdict others = gauges();
    return others.word == judge::Word::pass ? own : others;
}

bool Evidence::is_worse() const {
    return trial_.word() == judge::Word::fail || gauges().word == judge::Word::fail;
}

bool Evidence::is_held() const {
    return gauges().word == judge::Word::unknown;
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
