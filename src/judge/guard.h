#pragma once
// Absolute limits over the new release's own counts.

#include "judge/counts.h"
#include "judge/verdict.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace judge {

/// Beyond these a release is bad.
struct Limits {
    std::uint32_t error_permille_max = 10;  ///< Of requests that ended, and of sockets.
    std::optional<std::chrono::milliseconds> p99_max = {};
    std::uint64_t requests_min = 20;  ///< Fewer say nothing.
    std::uint64_t harm_max = 100;     ///< Requests over the whole run that would not have failed.
    std::optional<double> usual =
        {};  ///< The old release's rate of errors; unknown: none is usual.
    std::optional<double> usual_cuts = {};  ///< The same of WebSockets.
    double dispersion = 1;                  ///< Of the old release's errors, see `dispersion_used`.
    double alpha = 5e-4;  ///< Of finding a kept limit exceeded, whenever one looks.
};

/// What there is to judge from.
struct Evidence {
    Counts watched;      ///< Of the new release, since the present watch began.
    Counts since_first;  ///< Of the new release, since its first request: its whole harm.
    Counts baseline;     ///< Of the old release, since the present watch began.
};

/// Failed requests and cut sockets: what a release did to users.
std::uint64_t harm_of(const Counts& counts);

/// Of these, what is certain not to have happened with the old release: what exceeds its usual rate
/// by more than is acceptable and by more than chance (two standard deviations of the latter). All
/// of a kind of which nothing is usual.
double harm_beyond(const Limits& limits, const Counts& counts);

/// The first limit that is exceeded, in the order harm, errors, sockets, p99; pass only with
/// `requests_min` requests in the watch and within all of them. Errors and sockets are beyond a
/// limit once that cannot be chance: a test that is valid at every look (`absolute_evidence`, over
/// the counts of the watch), so that a release that fails everything is caught after a few
/// requests, and one that keeps the limit is not taken back for an unlucky start. Beyond it, and
/// perhaps by chance: unknown.
Verdict judge(const Limits& limits, const Evidence& evidence);

}  // namespace judge
