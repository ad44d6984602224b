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
    std::uint64_t harm_max = 100;     ///< Failed requests over the whole run.
};

/// What there is to judge from.
struct Evidence {
    Counts watched;      ///< Of the new release, since the present watch began.
    Counts since_first;  ///< Of the new release, since its first request: its whole harm.
    Counts baseline;     ///< Of the old release, since the present watch began.
};

/// Failed requests and cut sockets: what a release did to users.
std::uint64_t harm_of(const Counts& counts);

/// The first limit that is exceeded, in the order harm, errors, sockets, p99; pass only with
/// `requests_min` requests in the watch. Errors are a fail as soon as `requests_min` requests, at
/// the limit's rate, could not have brought as many: one early error is not a verdict, and a
/// release that fails everything is caught before it has served `requests_min`.
Verdict judge(const Limits& limits, const Evidence& evidence);

}  // namespace judge
