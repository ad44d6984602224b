#include "judge/usual.h"

#include "base/random.h"
#include "judge/dispersion.h"
#include "judge/sockets.h"

#include <algorithm>

namespace judge {

namespace {

/// Fewer requests do not say what is usual.
constexpr std::uint64_t kRequestsMin = 1'000;
constexpr std::uint64_t kSocketsMin = 100;
/// How far back latency is taken from: it follows the hour of the day.
constexpr double kRecentSeconds = 1'800;
/// An A/A test that is this sure is wrong.
constexpr double kFlagged = 0.01;
constexpr double kRaise = 1.5;
constexpr int kRaisesMax = 16;
constexpr std::uint64_t kCoin = 1;

Tick tick_from(const Counts& canary, const Counts& baseline,
               std::uint64_t (*exposures)(const Counts&), std::uint64_t Counts::* events) {
    return {.canary = static_cast<double>(exposures(canary)),
            .baseline = static_cast<double>(exposures(baseline)),
            .canary_events = static_cast<double>(canary.*events),
            .baseline_events = static_cast<double>(baseline.*events)};
}

Side side_of(const Stretch& stretch) {
    return {
        .counts = stretch.counts,
        .connection_seconds = static_cast<double>(stretch.counts.sockets_open) * stretch.seconds};
}

/// How long the old release's requests took lately, or ever if it served few lately.
base::Histogram latency_of(std::span<const Stretch> history, const Counts& ever) {
    base::Histogram recent;
    base::Histogram all;
    double seconds = 0;
    for (auto stretch = history.rbegin(); stretch != history.rend(); ++stretch) {
        if (!stretch->is_present) continue;
        if (seconds < kRecentSeconds) recent += stretch->counts.latency;
        seconds += stretch->seconds;
        all += stretch->counts.latency;
    }
    if (recent.total() >= kRequestsMin) return recent;
    return all.total() >= kRequestsMin ? all : ever.latency;
}

Sample requests_in(const Counts& counts) {
    return {static_cast<double>(counts.requests), static_cast<double>(counts.errors)};
}

Sample sockets_in(const Counts& counts) {
    return {static_cast<double>(sockets_of(counts)), static_cast<double>(counts.sockets_cut)};
}

std::vector<Sample> samples_of(std::span<const Stretch> history,
                               Sample (*sample_of)(const Counts&)) {
    std::vector<Sample> samples;
    for (const Stretch& stretch : history) {
        if (stretch.is_present) samples.push_back(sample_of(stretch.counts));
    }
    return samples;
}

Sample sum_of(std::span<const Sample> samples) {
    Sample sum;
    for (const Sample& each : samples) {
        sum.exposures += each.exposures;
        sum.events += each.events;
    }
    return sum;
}

std::optional<double> error_rate_of(std::span<const Stretch> history, const Counts& ever) {
    const std::vector<Sample> samples = samples_of(history, requests_in);
    const Sample all = sum_of(samples);
    if (all.exposures >= kRequestsMin) {
        return std::max(all.events / all.exposures, usual_rate(samples));
    }
    if (ever.requests < kRequestsMin) return std::nullopt;
    return static_cast<double>(ever.errors) / static_cast<double>(ever.requests);
}

/// On average: sockets are cut all at once, and one bad minute must not make the next one usual.
std::optional<double> cut_rate_of(std::span<const Stretch> history, const Counts& ever) {
    Sample all = sum_of(samples_of(history, sockets_in));
    if (all.exposures < kSocketsMin) all = sockets_in(ever);
    if (all.exposures < kSocketsMin) return std::nullopt;
    return all.events / all.exposures;
}

/// How each metric's events scatter. One release serves at a time: it is the baseline.
std::vector<double> scatter_of(std::span<const Stretch> history, std::span<const Metric> metrics,
                               std::span<const LatencyEdge> edges) {
    std::vector<std::vector<Sample>> samples(metrics.size());
    const Counts none;
    for (const Stretch& stretch : history) {
        const std::vector<Tick> ticks = release_ticks(edges, {.counts = none}, side_of(stretch));
        for (std::size_t i = 0; i < metrics.size(); ++i) {
            samples[i].push_back({ticks[i].baseline, ticks[i].baseline_events});
        }
    }
    std::vector<double> out;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        out.push_back(dispersion_used(dispersion_of(samples[i], metrics[i].frequency)));
    }
    return out;
}

}  // namespace

std::vector<Tick> release_ticks(std::span<const LatencyEdge> edges, const Side& canary,
                                const Side& baseline) {
    const auto requests = [](const Counts& counts) { return counts.requests; };
    const auto upgrades = [](const Counts& counts) {
        return counts.sockets_opened + counts.sockets_refused;
    };
    std::vector<Tick> ticks{
        tick_from(canary.counts, baseline.counts, requests, &Counts::errors),
        tick_from(canary.counts, baseline.counts, upgrades, &Counts::sockets_refused),
        {.canary = canary.connection_seconds,
         .baseline = baseline.connection_seconds,
         .canary_events = static_cast<double>(canary.counts.sockets_cut),
         .baseline_events = static_cast<double>(baseline.counts.sockets_cut)}};
    for (const LatencyEdge& edge : edges) {
        ticks.push_back(latency_tick(edge, canary.counts.latency, baseline.counts.latency));
    }
    return ticks;
}

std::optional<double> usual_errors(const Usual& usual, std::optional<double> limit) {
    if (!usual.error_rate || !limit) return usual.error_rate;
    return std::min(*usual.error_rate, *limit);
}

std::vector<Metric> release_metrics(const Usual& usual, std::optional<double> error_limit) {
    Metric errors = errors_metric();
    errors.limit = error_limit;
    errors.usual = usual_errors(usual, error_limit);
    if (errors.usual) errors.clear_points = clear_points_for(*errors.usual);
    std::vector<Metric> metrics{errors, upgrades_metric(), drops_metric()};
    for (const LatencyEdge& edge : usual.edges) {
        metrics.push_back(latency_metric(edge, usual.edges.size()));
    }
    for (std::size_t i = 0; i < metrics.size() && i < usual.dispersion.size(); ++i) {
        metrics[i].dispersion = usual.dispersion[i];
    }
    return metrics;
}

std::vector<double> sameness(std::span<const Stretch> history, const std::vector<Metric>& metrics,
                             std::span<const LatencyEdge> edges) {
    base::Random coin(kCoin);
    Trial trial(metrics, {.compares_again = false});
    for (std::size_t i = 0; i + 1 < history.size(); i += 2) {
        while (i + 1 < history.size() && !history[i + 1].follows) ++i;
        if (i + 1 >= history.size()) break;
        const bool first = coin.below(2) == 0;
        const Side canary = side_of(history[first ? i : i + 1]);
        const Side baseline = side_of(history[first ? i + 1 : i]);
        trial.see({.stage = Stage::beside,
                   .weight = 0,  // neither half is ever silent
                   .ticks = release_ticks(edges, canary, baseline)});
    }
    std::vector<double> out;
    for (std::size_t i = 0; i < metrics.size(); ++i) out.push_back(trial.standing(i).p_value);
    return out;
}

Usual usual_of(std::span<const Stretch> history, const Counts& ever) {
    Usual usual;
    usual.edges = latency_edges(latency_of(history, ever), kSlowerAcceptable, kUnnoticedMicros);
    usual.error_rate = error_rate_of(history, ever);
    usual.cut_rate = cut_rate_of(history, ever);
    std::vector<Metric> metrics = release_metrics(usual, std::nullopt);
    usual.dispersion = scatter_of(history, metrics, usual.edges);
    std::vector<bool> flagged(metrics.size());
    for (int raises = 0; raises < kRaisesMax; ++raises) {
        metrics = release_metrics(usual, std::nullopt);
        const std::vector<double> p_values = sameness(history, metrics, usual.edges);
        bool any = false;
        for (std::size_t i = 0; i < metrics.size(); ++i) {
            if (p_values[i] >= kFlagged) continue;
            any = true;
            flagged[i] = true;
            usual.dispersion[i] *= kRaise;
        }
        if (!any) break;
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        if (flagged[i]) usual.flagged.push_back(metrics[i].name);
    }
    return usual;
}

}  // namespace judge
