#pragma once
// How the old release usually fares, from its traffic before the new one came: its rate of errors,
// how long its requests take, and how its errors scatter. What a release is judged by follows.

#include "judge/counts.h"
#include "judge/latency.h"
#include "judge/tick.h"
#include "judge/trial.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace judge {

/// A stretch of time in which one release served all traffic.
struct Stretch {
    double seconds = 0;
    Counts counts;           ///< What came in it; open sockets are those at its end.
    bool follows = true;     ///< It begins where the one before it ends.
    bool is_present = true;  ///< The release that served is the old one, not one before it.
};

struct Usual {
    std::vector<LatencyEdge> edges;
    std::optional<double> error_rate;  ///< The highest that is still usual.
    std::optional<double> cut_rate;  ///< Of WebSockets asked for, those that were cut: on average.
    /// Of each metric of `release_metrics`: what its evidence is to be divided by, at least 1. One
    /// that is missing is 1.
    std::vector<double> dispersion;
    /// Names of metrics that two halves of the old release already differed in: their dispersion
    /// was raised until they did not.
    std::vector<std::string> flagged;

    friend bool operator==(const Usual&, const Usual&) = default;
};

/// From what is known before a release: `history`, oldest first, and all that the old release was
/// ever counted, which stands in where the history is too short.
Usual usual_of(std::span<const Stretch> history, const Counts& ever);

/// The rate of errors that is usual, where that is known, up to `limit`: an outage of the last day
/// does not make the next one usual.
std::optional<double> usual_errors(const Usual& usual, std::optional<double> limit);

/// What a release is judged by: errors, upgrades, drops, then one metric for each latency edge.
/// `error_limit` is the rate that must not be exceeded.
std::vector<Metric> release_metrics(const Usual& usual, std::optional<double> error_limit);

/// One release in one tick.
struct Side {
    const Counts& counts;
    double connection_seconds = 0;  ///< Sockets open at the tick's start times its length.
};

/// One tick of each of `release_metrics`.
std::vector<Tick> release_ticks(std::span<const LatencyEdge> edges, const Side& canary,
                                const Side& baseline);

/// An A/A test: stretches that follow each other are compared like two releases, which comes first
/// by a fixed coin. Returns the p-value of each metric: a small one says that the metric would find
/// faults where there are none.
std::vector<double> sameness(std::span<const Stretch> history, const std::vector<Metric>& metrics,
                             std::span<const LatencyEdge> edges);

}  // namespace judge
