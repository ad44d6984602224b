#include "load/availability.h"

#include "base/check.h"

#include <algorithm>

namespace load {
namespace {

double millis(std::chrono::nanoseconds span) {
    return static_cast<double>(span.count()) / 1e6;
}

}  // namespace

std::size_t Availability::add_path(std::string name) {
    paths_.push_back({.name = std::move(name), .tries = {}, .latency = {}, .failed = 0});
    return paths_.size() - 1;
}

void Availability::ended(std::size_t path, Attempt attempt, base::Tick begun, base::Tick at) {
    CHECK(path < paths_.size());
    paths_[path].tries.push_back({.begun = begun, .attempt = attempt});
    if (attempt == Attempt::failed) ++paths_[path].failed;
    if (attempt != Attempt::succeeded) return;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at - begun).count();
    paths_[path].latency.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros)));
}

std::vector<Availability::Interval> Availability::down(const std::vector<Try>& tries) const {
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < tries.size();) {
        if (tries[i].attempt == Attempt::succeeded) {
            ++i;
            continue;
        }
        std::size_t end = i;
        bool failed = false;
        for (; end < tries.size() && tries[end].attempt != Attempt::succeeded; ++end)
            failed = failed || tries[end].attempt == Attempt::failed;
        const base::Tick until =
            end < tries.size() ? tries[end].begun : tries[end - 1].begun + interval_;
        if (failed || until - tries[i].begun >= kHarmIsDowntimeAfter)
            intervals.push_back({.from = tries[i].begun, .until = until});
        i = end;
    }
    return intervals;
}

double Availability::length_ms(std::vector<Interval> intervals) {
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.from < b.from; });
    std::chrono::nanoseconds sum{};
    base::Tick covered{};
    for (const Interval& interval : intervals) {
        const base::Tick from = std::max(interval.from, covered);
        if (interval.until > from) sum += interval.until - from;
        covered = std::max(covered, interval.until);
    }
    return millis(sum);
}

double Availability::estimate_ms() const {
    std::uint64_t most = 0;
    for (const Path& path : paths_) most = std::max(most, path.failed);
    return static_cast<double>(most) * millis(interval_);
}

DowntimeOutcome Availability::outcome() const {
    DowntimeOutcome outcome;
    outcome.resolution_ms = millis(interval_);
    std::vector<Interval> all;
    std::vector<Interval> unobserved;
    for (const Path& path : paths_) {
        std::vector<Try> tries = path.tries;
        std::sort(tries.begin(), tries.end(),
                  [](const Try& a, const Try& b) { return a.begun < b.begun; });
        ProbeOutcome probe{
            .name = path.name, .attempts = tries.size(), .latency = latency_of(path.latency)};
        base::Tick last{};
        base::Tick last_success{};
        for (const Try& attempt : tries) {
            if (last != base::Tick{} && attempt.begun - last > interval_ * 5 / 2)
                unobserved.push_back({.from = last + interval_, .until = attempt.begun});
            last = attempt.begun;
            probe.failed += attempt.attempt == Attempt::failed ? 1 : 0;
            probe.harmed += attempt.attempt == Attempt::harmed ? 1 : 0;
            if (attempt.attempt != Attempt::succeeded) continue;
            if (last_success != base::Tick{})
                probe.longest_gap_ms =
                    std::max(probe.longest_gap_ms, millis(attempt.begun - last_success));
            last_success = attempt.begun;
        }
        const std::vector<Interval> intervals = down(tries);
        probe.downtime_ms = length_ms(intervals);
        all.insert(all.end(), intervals.begin(), intervals.end());
        outcome.longest_gap_ms = std::max(outcome.longest_gap_ms, probe.longest_gap_ms);
        outcome.probes.push_back(std::move(probe));
    }
    outcome.ms = length_ms(std::move(all));
    outcome.unobserved_ms = length_ms(std::move(unobserved));
    return outcome;
}

}  // namespace load
