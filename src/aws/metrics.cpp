#include "aws/metrics.h"

#include "aws/client.h"
#include "aws/minutes.h"
#include "aws/rule.h"
#include "base/clock.h"
#include "base/histogram.h"
#include "base/result.h"
#include "engine/metrics.h"
#include "judge/counts.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aws {
namespace {

using namespace std::chrono_literals;

// Upper ends of ranges of latency, in milliseconds; what is above goes into one more.
constexpr int kBounds[] = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
constexpr std::uint64_t kSlowestMicros = 60'000'000;
constexpr std::size_t kCounted = 3;  ///< Series before those of the bounds.
constexpr std::size_t kPerPool = kCounted + std::size(kBounds);
constexpr int kHistoryPeriods = 180;  ///< Of minutes: three hours.

void add_pool(std::vector<Series>& into, const std::string& group, const std::string& balancer) {
    const std::vector<std::pair<std::string, std::string>> where = {
        {"TargetGroup", dimension_of(group)}, {"LoadBalancer", dimension_of(balancer)}};
    for (const char* const name :
         {"RequestCount", "HTTPCode_Target_5XX_Count", "TargetConnectionErrorCount"})
        into.push_back({.name = name, .statistic = "Sum", .dimensions = where});
    for (const int bound : kBounds)
        into.push_back({.name = "TargetResponseTime",
                        .statistic = fmt::format("PR(:{})", bound / 1000.0),
                        .dimensions = where});
}

double at(const Minutes& minutes, base::Instant when) {
    const auto found = minutes.find(when);
    return found != minutes.end() ? found->second : 0;
}

judge::Counts counts_at(const std::vector<Minutes>& all, std::size_t first, base::Instant when) {
    const auto count = [&](std::size_t i) {
        return static_cast<std::uint64_t>(std::llround(at(all[first + i], when)));
    };
    judge::Counts out;
    out.requests = count(0);
    // A connection that failed has no target's answer, and was a user's request all the same.
    out.errors = std::min(out.requests, count(1) + count(2));
    // Absent is not slow: nobody measured.
    if (!all[first + kCounted].contains(when)) return out;
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < std::size(kBounds); ++i) {
        const double share = std::clamp(at(all[first + kCounted + i], when), 0.0, 100.0) / 100;
        const auto up_to = std::max(
            below,
            static_cast<std::uint64_t>(std::llround(share * static_cast<double>(out.requests))));
        const auto micros = static_cast<std::uint64_t>(kBounds[i]) * 1000;
        out.latency.counts[base::Histogram::bucket_of(micros)] += up_to - below;
        below = up_to;
    }
    out.latency.counts[base::Histogram::bucket_of(kSlowestMicros)] += out.requests - below;
    return out;
}

void add(judge::Counts& to, const judge::Counts& more) {
    to.requests += more.requests;
    to.errors += more.errors;
    to.latency += more.latency;
}

}  // namespace

Metrics::Metrics(std::string load_balancer, Groups groups, Client& monitoring, base::Clock& clock,
                 Period period)
    : monitoring_(&monitoring),
      period_(period),
      clock_(&clock),
      counted_until_(next_minute(clock.now(), period)) {
    add_pool(series_, groups.blue, load_balancer);
    add_pool(series_, groups.green, load_balancer);
}

base::Result<std::vector<engine::Past>> Metrics::between(base::Instant from, base::Instant until,
                                                         base::Deadline deadline) {
    std::vector<engine::Past> out;
    if (from >= until) return out;
    const auto all = minutes(*monitoring_, series_, from, until, {.deadline = deadline}, period_);
    if (!all) return base::fail(all);
    for (base::Instant when = from; when < until; when += period_)
        out.push_back({.until = when + period_,
                       .length = period_,
                       .counts = {.blue = counts_at(*all, 0, when),
                                  .green = counts_at(*all, kPerPool, when)}});
    return out;
}

base::Result<judge::PoolCounts> Metrics::read(base::Deadline deadline) {
    const base::Instant until = whole_until(clock_->now(), period_);
    const auto more = between(counted_until_, until, deadline);
    if (!more) return base::fail(more);
    for (const engine::Past& each : *more) {
        add(counts_.blue, each.counts.blue);
        add(counts_.green, each.counts.green);
        counted_until_ = each.until;
    }
    return counts_;
}

std::chrono::milliseconds Metrics::age(base::Instant now) const {
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - counted_until_);
    return std::max(age, std::chrono::milliseconds{0});
}

base::Result<std::vector<engine::Past>> Metrics::past(base::Instant since,
                                                      base::Deadline deadline) {
    const base::Instant until = whole_until(clock_->now(), period_);
    return between(next_minute(std::max(since, until - period_ * kHistoryPeriods), period_), until,
                   deadline);
}

}  // namespace aws
