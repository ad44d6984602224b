#include "judge/guard.h"

#include "judge/logs.h"
#include "judge/mixture.h"
#include "judge/ramp.h"
#include "judge/tick.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

constexpr std::uint32_t kP99Permille = 990;
/// Beyond the usual rate: the same that a budget of harm calls free.
constexpr Margin kHarmless = Budget{}.free;

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

/// Whether so many events cannot be chance where a part of `permille_max` may be. What the bets
/// win depends on the totals alone, so that one look at them is as good as all looks before.
bool is_shown(const Limits& limits, double exposures, double events) {
    const double rate = limits.error_permille_max / 1000.0;
    if (rate <= 0) return events > 0;
    double log_wealth = kLogZero;
    for (const double bet : kAbortBets) {
        log_wealth = log_add(log_wealth,
                             absolute_evidence(exposures, events, rate, bet) / limits.dispersion);
    }
    return log_wealth - std::log(static_cast<double>(kAbortBets.size())) >= -std::log(limits.alpha);
}

bool exceeds(std::uint64_t part, std::uint64_t whole, std::uint32_t permille_max) {
    return whole > 0 && static_cast<double>(part) * 1000 >
                            static_cast<double>(whole) * static_cast<double>(permille_max);
}

/// None while the limit is kept.
std::optional<Verdict> beyond(const Limits& limits, std::string metric, std::string_view what,
                              std::uint64_t part, std::uint64_t whole) {
    if (!exceeds(part, whole, limits.error_permille_max)) return std::nullopt;
    const bool shown = is_shown(limits, static_cast<double>(whole), static_cast<double>(part));
    return Verdict{
        .word = shown ? Word::fail : Word::unknown,
        .metric = std::move(metric),
        .reason = fmt::format("{} of {} {} ({:.1f} %), at most {:.1f} % may{}", part, whole, what,
                              percent(part, whole), limits.error_permille_max / 10.0,
                              shown ? "" : "; it may be chance")};
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

double harm_beyond(const Limits& limits, const Counts& counts) {
    const auto beyond_usual = [&](double exposures, double events, std::optional<double> usual) {
        if (!usual) return events;
        const double allowed = exposures * (kHarmless.factor * *usual + kHarmless.points);
        return std::max(0.0, events - allowed - 2 * std::sqrt(limits.dispersion * allowed));
    };
    return beyond_usual(static_cast<double>(counts.requests), static_cast<double>(counts.errors),
                        limits.usual) +
           beyond_usual(static_cast<double>(sockets_of(counts)),
                        static_cast<double>(counts.sockets_cut), limits.usual_cuts);
}

Verdict judge(const Limits& limits, const Evidence& evidence) {
    const Counts& seen = evidence.watched;
    const double harm = harm_beyond(limits, evidence.since_first);
    if (harm > static_cast<double>(limits.harm_max)) {
        return {.word = Word::fail,
                .metric = "harm",
                .reason = fmt::format(
                    "{}{} requests and WebSockets failed in this release, at most {} may",
                    limits.usual ? "more than usual: " : "", static_cast<std::uint64_t>(harm),
                    limits.harm_max)};
    }
    // Where sockets are usually cut, the same is no fault of the new release.
    Limits for_sockets = limits;
    for_sockets.error_permille_max = std::max(
        limits.error_permille_max, static_cast<std::uint32_t>(std::ceil(
                                       kHarmless.factor * limits.usual_cuts.value_or(0) * 1000)));
    const auto errors = beyond(limits, "errors", "requests failed", seen.errors, seen.requests);
    if (errors && errors->word == Word::fail) return *errors;
    const auto sockets = beyond(for_sockets, "sockets", "WebSockets were refused or cut",
                                seen.sockets_refused + seen.sockets_cut, sockets_of(seen));
    if (sockets && sockets->word == Word::fail) return *sockets;
    const bool enough = seen.requests >= limits.requests_min;
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
    if (errors) return *errors;
    if (sockets) return *sockets;
    return {.word = Word::pass,
            .metric = "errors",
            .reason = fmt::format("{} of {} requests failed ({:.1f} %)", seen.errors, seen.requests,
                                  percent(seen.errors, seen.requests))};
}

}  // namespace judge
