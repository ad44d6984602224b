#include "judge/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

constexpr std::uint32_t kP99Permille = 990;

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

/// How many of `requests_min` may fail at the limit's rate, three standard deviations included.
/// With more errors than this even a watch that is still short of requests is over.
std::uint64_t errors_that_can_be_chance(const Limits& limits) {
    const double mean = static_cast<double>(limits.requests_min) * limits.error_permille_max / 1000;
    return static_cast<std::uint64_t>(std::ceil(mean + 3 * std::sqrt(mean)));
}

bool beyond(std::uint64_t part, std::uint64_t whole, std::uint32_t permille_max) {
    return whole > 0 && static_cast<double>(part) * 1000 >
                            static_cast<double>(whole) * static_cast<double>(permille_max);
}

Verdict too_many(std::string metric, std::string_view what, std::uint64_t part, std::uint64_t whole,
                 std::uint32_t permille_max) {
    return {.word = Word::fail,
            .metric = std::move(metric),
            .reason = fmt::format("{} of {} {} ({:.1f} %), at most {:.1f} % may", part, whole, what,
                                  percent(part, whole), permille_max / 10.0)};
}

}  // namespace

std::string_view name_of(Word word) {
    switch (word) {
        case Word::pass:
            return "pass";
        case Word::fail:
            return "fail";
        case Word::unknown:
            return "unknown";
    }
    return "";
}

std::uint64_t harm_of(const Counts& counts) {
    return counts.errors + counts.sockets_cut;
}

Verdict judge(const Limits& limits, const Evidence& evidence) {
    const Counts& seen = evidence.watched;
    const std::uint64_t harm = harm_of(evidence.since_first);
    if (harm > limits.harm_max) {
        return {.word = Word::fail,
                .metric = "harm",
                .reason = fmt::format("{} requests failed in this release, at most {} may", harm,
                                      limits.harm_max)};
    }
    const bool enough = seen.requests >= limits.requests_min;
    if (beyond(seen.errors, seen.requests, limits.error_permille_max) &&
        (enough || seen.errors > errors_that_can_be_chance(limits))) {
        return too_many("errors", "requests failed", seen.errors, seen.requests,
                        limits.error_permille_max);
    }
    const std::uint64_t upgrades = seen.sockets_opened + seen.sockets_refused;
    const std::uint64_t broken = seen.sockets_refused + seen.sockets_cut;
    if (beyond(broken, std::max(upgrades, broken), limits.error_permille_max) &&
        (upgrades >= limits.requests_min || broken > errors_that_can_be_chance(limits))) {
        return too_many("sockets", "WebSockets were refused or cut", broken,
                        std::max(upgrades, broken), limits.error_permille_max);
    }
    if (!enough) {
        return {.word = Word::unknown,
                .metric = "evidence",
                .reason = fmt::format("{} requests so far, {} are needed to say anything",
                                      seen.requests, limits.requests_min)};
    }
    const auto p99 = std::chrono::microseconds{seen.latency.quantile_micros(kP99Permille)};
    if (limits.p99_max && seen.latency.total() >= limits.requests_min && p99 > *limits.p99_max) {
        return {.word = Word::fail,
                .metric = "p99",
                .reason =
                    fmt::format("99 % of {} requests took up to {} ms, at most {} ms may pass",
                                seen.latency.total(), p99.count() / 1000, limits.p99_max->count())};
    }
    return {.word = Word::pass,
            .metric = "errors",
            .reason = fmt::format("{} of {} requests failed ({:.1f} %)", seen.errors, seen.requests,
                                  percent(seen.errors, seen.requests))};
}

}  // namespace judge
