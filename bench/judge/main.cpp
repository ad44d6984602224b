// Plays releases: one line in, `MODE RULE RPS BASE FAULT KIND RUNS TICKS`, one line of JSON out.
//
// MODE is `fixed` (10 % for ever: what a rule decides) or `whole` (each rule's own ramp). Harm is
// expected excess failures until the weight is back, ten seconds after the decision, or until
// TICKS are over. `latency RULE RPS SLOWER all|tail RUNS` plays slower releases. `cost` alone
// measures a tick of 20 metrics. Two threads; the same seeds always.

#include "judge/steer.h"
#include "latency.h"
#include "rules.h"
#include "stream.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

namespace bench {
namespace {

struct Job {
    std::string mode;
    std::string rule;
    Scenario scenario;
    std::string kind;
    int runs = 0;
    int ticks = 0;
};

struct Outcome {
    double harmed = 0;
    std::optional<double> aborted;
    std::optional<double> promoted;
};

constexpr double kRollbackSeconds = 10;
constexpr int kHistoryTicks = 360;

std::vector<judge::Sample> history_of(Stream& stream) {
    std::vector<judge::Sample> history;
    for (int number = 0; number < kHistoryTicks; ++number) {
        const judge::Tick tick = stream.before(number);
        history.push_back({tick.baseline, tick.baseline_events});
    }
    return history;
}

bool needs_history(const std::string& rule) {
    return rule == "e" || rule == "crossfade";
}

Outcome play(const Job& job, std::uint64_t seed) {
    base::Random random(seed);
    Stream stream(job.scenario, random);
    std::vector<judge::Sample> history;
    if (needs_history(job.rule)) history = history_of(stream);
    const auto rule = rule_named(job.rule, {.base_rate = job.scenario.base_rate,
                                            .history = history,
                                            .requests_per_second = job.scenario.requests_per_second,
                                            .starts_cold = job.scenario.kind == Kind::cold});
    Outcome outcome;
    bool silent = false;  // promoted, and the rule does not look any more
    const bool whole = job.mode == "whole";
    for (int number = 0; number < job.ticks; ++number) {
        const double second = (number + 1) * kTickSeconds;
        const bool full = whole && outcome.promoted && !rule->goes_on();
        const double now = !whole ? 0.1 : full ? 1.0 : rule->weight();
        const double weight = whole && outcome.promoted && job.rule != "crossfade" ? 1.0 : now;
        Look look{.tick = stream.tick(number, weight), .fresh = {}, .second = second};
        outcome.harmed += stream.harm();
        if (outcome.aborted && second >= *outcome.aborted + kRollbackSeconds) break;
        if (silent && job.scenario.fault == 0) break;
        if (silent || outcome.aborted) continue;
        if (rule->wants_fresh()) look.fresh = stream.fresh(weight);
        const Says says = rule->see(look);
        if (says == Says::abort) outcome.aborted = second;
        if (says == Says::promote && !outcome.promoted) outcome.promoted = second;
        silent = outcome.promoted && !rule->goes_on();
    }
    return outcome;
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return -1;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at),
                     values.end());
    return values[at];
}

std::string told(const Job& job, const std::vector<Outcome>& outcomes) {
    std::vector<double> harmed;
    std::vector<double> aborts;
    std::vector<double> promotes;
    double held = 0;
    double sum = 0;
    double squares = 0;
    for (const Outcome& each : outcomes) {
        harmed.push_back(each.harmed);
        sum += each.harmed;
        squares += each.harmed * each.harmed;
        if (each.aborted) aborts.push_back(*each.aborted);
        if (each.promoted && !each.aborted) promotes.push_back(*each.promoted);
        if (!each.promoted && !each.aborted) held += 1;
    }
    const auto runs = static_cast<double>(outcomes.size());
    const double mean = sum / runs;
    std::array<char, 512> line{};
    std::snprintf(line.data(), line.size(),
                  R"({"runs": %.0f, "aborted": %zu, "held": %.0f, "promoted": %zu, )"
                  R"("harmed": %.4f, "harmed_sd": %.4f, "harmed_p95": %.3f, "abort_s": %.0f, )"
                  R"("full_s": %.0f, "rule": "%s"})",
                  runs, aborts.size(), held, promotes.size(), mean,
                  std::sqrt(std::max(0.0, squares / runs - mean * mean)), quantile(harmed, 0.95),
                  quantile(aborts, 0.5), quantile(promotes, 0.5), job.rule.c_str());
    return line.data();
}

std::string played(const Job& job, std::uint64_t seed) {
    constexpr int kThreads = 2;
    std::vector<Outcome> outcomes(static_cast<std::size_t>(job.runs));
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            for (int run = thread; run < job.runs; run += kThreads) {
                outcomes[static_cast<std::size_t>(run)] =
                    play(job, seed * 1'000'003 + static_cast<std::uint64_t>(run));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    return told(job, outcomes);
}

std::string played_slow(std::istream& words, std::uint64_t seed) {
    std::string rule;
    std::string which;
    SlowWorld world;
    int runs = 0;
    words >> rule >> world.requests_per_second >> world.slower >> which >> runs;
    world.tail_only = which == "tail";
    std::vector<double> aborts;
    for (int run = 0; run < runs; ++run) {
        base::Random random(seed * 1'000'003 + static_cast<std::uint64_t>(run));
        if (const auto second = slow_release(rule, world, random)) aborts.push_back(*second);
    }
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), R"({"runs": %d, "aborted": %zu, "abort_s": %.0f})",
                  runs, aborts.size(), quantile(aborts, 0.5));
    return line.data();
}

/// Microseconds that a trial takes for a tick of 20 metrics, with its next weight and its words:
/// the fastest of twenty batches, for other programs share the machine.
double tick_cost_micros() {
    using std::chrono::steady_clock;
    constexpr int kBatches = 20;
    constexpr int kTicks = 1000;
    judge::Trial trial(std::vector<judge::Metric>(20));
    const judge::Reading reading{.weight = 0.1,
                                 .ticks = std::vector<judge::Tick>(20, {1000, 9000, 5, 45})};
    double sink = 0;
    double fastest = HUGE_VAL;
    for (int batch = 0; batch < kBatches; ++batch) {
        const auto begin = steady_clock::now();
        for (int i = 0; i < kTicks; ++i) {
            trial.see(reading);
            sink += judge::steer(trial, {}, {.requests_per_second = 1000}, 0.1).weight;
            sink += static_cast<double>(trial.verdict().reason.size());
        }
        const std::chrono::duration<double, std::micro> spent = steady_clock::now() - begin;
        fastest = std::min(fastest, spent.count() / kTicks);
    }
    return sink > 0 ? fastest : 0;
}

}  // namespace
}  // namespace bench

int main() {
    std::string line;
    std::uint64_t seed = 0;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        bench::Job job;
        words >> job.mode;
        if (job.mode == "cost") {
            std::cout << "{\"micros\": " << bench::tick_cost_micros() << "}" << std::endl;
            continue;
        }
        if (job.mode == "latency") {
            std::cout << bench::played_slow(words, ++seed) << std::endl;
            continue;
        }
        words >> job.rule >> job.scenario.requests_per_second >> job.scenario.base_rate >>
            job.scenario.fault >> job.kind >> job.runs >> job.ticks;
        if (!words || !bench::rule_named(job.rule, {})) {
            std::cerr << "not understood: " << line << '\n';
            return 2;
        }
        job.scenario.kind = bench::kind_from(job.kind);
        std::cout << bench::played(job, ++seed) << std::endl;
    }
    return 0;
}
