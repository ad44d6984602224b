#include "judge/latency.h"

#include "judge/words.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

using base::Histogram;

constexpr std::uint32_t kQuantiles[] = {500, 900, 990};
/// Fewer requests beyond a quantile do not say where it is.
constexpr double kBeyondMin = 10;

double beyond(const Histogram& histogram, std::size_t bucket) {
    double count = 0;
    for (std::size_t i = bucket + 1; i < Histogram::kBuckets; ++i) {
        count += static_cast<double>(histogram.counts[i]);
    }
    return count;
}

/// The last bucket whose upper edge is at most `micros`, or the first.
std::size_t bucket_at_or_below(double micros) {
    std::size_t bucket = 0;
    while (bucket + 1 < Histogram::kBuckets &&
           static_cast<double>(Histogram::upper_micros(bucket + 1)) <= micros) {
        ++bucket;
    }
    return bucket;
}

/// The first bucket whose upper edge is at least `micros`, or the last.
std::size_t bucket_at_or_above(std::uint64_t micros) {
    std::size_t bucket = 0;
    while (bucket + 1 < Histogram::kBuckets && Histogram::upper_micros(bucket) < micros) ++bucket;
    return bucket;
}

std::size_t nearest_bucket(const Histogram& history, double total, double tail) {
    std::size_t best = 0;
    double best_off = 2;
    double left = total;
    for (std::size_t i = 0; i + 1 < Histogram::kBuckets; ++i) {
        left -= static_cast<double>(history.counts[i]);
        const double off = std::abs(left / total - tail);
        if (off < best_off) {
            best_off = off;
            best = i;
        }
    }
    return best;
}

}  // namespace

std::vector<LatencyEdge> latency_edges(const Histogram& history, double slower_acceptable,
                                       std::uint64_t unnoticed_micros) {
    std::vector<LatencyEdge> edges;
    const auto total = static_cast<double>(history.total());
    for (const std::uint32_t permille : kQuantiles) {
        const double tail = 1 - permille / 1000.0;
        if (total * tail < kBeyondMin) continue;
        const std::size_t bucket = nearest_bucket(history, total, tail);
        const double lower =
            static_cast<double>(Histogram::upper_micros(bucket)) / (1 + slower_acceptable);
        const std::size_t before = bucket_at_or_below(lower);
        const std::uint64_t noticed = Histogram::upper_micros(before) + unnoticed_micros;
        edges.push_back({.permille = permille,
                         .bucket = std::max(bucket, bucket_at_or_above(noticed)),
                         .baseline_bucket = before,
                         .usual = beyond(history, before) / total});
    }
    return edges;
}

Tick latency_tick(const LatencyEdge& edge, const Histogram& canary, const Histogram& baseline) {
    return {.canary = static_cast<double>(canary.total()),
            .baseline = static_cast<double>(baseline.total()),
            .canary_events = beyond(canary, edge.bucket),
            .baseline_events = beyond(baseline, edge.baseline_bucket)};
}

Metric latency_metric(const LatencyEdge& edge, std::size_t edges) {
    const bool median = edge.permille <= 500;
    const auto millis = [](std::size_t bucket) {
        return count_text(static_cast<double>(Histogram::upper_micros(bucket)) / 1000);
    };
    Metric metric;
    metric.name = "latency_p" + std::to_string(edge.permille / 10);
    metric.events = "slower than " + millis(edge.bucket) + " ms (" + millis(edge.baseline_bucket) +
                    " ms in the old)";
    // An absolute guard knows no Bernoulli form; beside the old release the common one is better.
    metric.frequency = median ? Events::common : Events::rare;
    if (median) {
        metric.bets.assign(kMedianBets.begin(), kMedianBets.end());
    } else {
        metric.bets.assign(kTailBets.begin(), kTailBets.end());
    }
    metric.acceptable = {.factor = 1, .points = 0};
    metric.clear_points = clear_points_for(edge.usual);
    metric.weight = 1 / static_cast<double>(edges);
    metric.critical = false;
    metric.judged_cold = false;
    metric.usual = edge.usual;
    return metric;
}

}  // namespace judge
