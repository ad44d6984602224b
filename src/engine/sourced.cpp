#include "engine/sourced.h"

#include "engine/body.h"
#include "judge/gauge.h"
#include "judge/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace engine {

using base::Json;

namespace {

/// Fewer do not say what is usual.
constexpr std::uint64_t kUsualMin = 20;
/// Counts that must be missing before their absence holds a release, as of requests.
constexpr double kExpected = 20;
/// One reading beyond a limit may be chance.
constexpr int kBeyondTicks = 3;
constexpr double kMillion = 1e6;

Json json_of(const std::optional<SourceFigures>& figures) {
    if (!figures) return nullptr;
    return {{"failed", figures->failed}, {"total", figures->total}, {"level", figures->level}};
}

std::optional<SourceFigures> figures_from(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    return SourceFigures{.failed = number_in(json, "failed"),
                         .total = number_in(json, "total"),
                         .level = real_in(json, "level")};
}

/// On the careful side: two deviations up.
double usual_rate(const SourceFigures& old) {
    const auto failed = static_cast<double>(old.failed);
    return (failed + 2 * std::sqrt(failed + 1)) / static_cast<double>(old.total);
}

struct Counted {
    double total = 0;
    double failed = 0;
};

/// What came between two readings; nothing where counting began anew, or only began.
Counted between(const std::optional<SourceFigures>& before,
                const std::optional<SourceFigures>& after) {
    if (!before || !after) return {};
    if (after->total < before->total || after->failed < before->failed) return {};
    const double total = static_cast<double>(after->total - before->total);
    // The two are not read at the same instant.
    return {total, std::min(total, static_cast<double>(after->failed - before->failed))};
}

bool is_beyond(const release::Bound& limit, double level) {
    const double bound = static_cast<double>(limit.millionths) / kMillion;
    return limit.side == release::Bound::Side::at_most ? level > bound : level < bound;
}

std::string not_seen(const SourceReading& reading) {
    return fmt::format("{} cannot be seen: {}", reading.metric, reading.blind);
}

judge::Verdict holds(std::string metric, std::string reason) {
    return {.word = judge::Word::unknown, .metric = std::move(metric), .reason = std::move(reason)};
}

}  // namespace

base::Json json_of(const SourceReadings& readings) {
    Json all = Json::array();
    for (const SourceReading& each : readings) {
        Json one{{"metric", each.metric}};
        if (!each.blind.empty()) one["blind"] = each.blind;
        if (each.fresh) one["new"] = json_of(each.fresh);
        if (each.old) one["old"] = json_of(each.old);
        all.push_back(std::move(one));
    }
    return all;
}

SourceReadings source_readings_from(const base::Json& json) {
    SourceReadings readings;
    if (!json.is_array()) return readings;
    for (const Json& each : json) {
        readings.push_back({.metric = text_in(each, "metric"),
                            .blind = text_in(each, "blind"),
                            .fresh = figures_from(part_of(each, "new")),
                            .old = figures_from(part_of(each, "old"))});
    }
    return readings;
}

SourcedWatch::SourcedWatch(std::vector<release::SourcedMetric> metrics)
    : metrics_(std::move(metrics)), states_(metrics_.size()) {}

std::vector<judge::Metric> SourcedWatch::counted(const SourceReadings& before,
                                                 double dispersion) const {
    std::vector<judge::Metric> out;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        if (metrics_[i].is_gauge()) continue;
        judge::Metric metric;
        metric.name = metrics_[i].name;
        metric.events = "failed";
        metric.exposures = metrics_[i].name;
        metric.judged_cold = false;
        metric.dispersion = std::max(1.0, dispersion);
        if (i < before.size() && before[i].old && before[i].old->total >= kUsualMin) {
            metric.usual = usual_rate(*before[i].old);
            metric.clear_points =
                std::max(metric.clear_points, judge::clear_points_for(*metric.usual));
        }
        out.push_back(std::move(metric));
    }
    return out;
}

void SourcedWatch::begin(const SourceReadings& before) {
    for (std::size_t i = 0; i < states_.size() && i < before.size(); ++i) {
        states_[i].fresh = before[i].fresh;
        states_[i].old = before[i].old;
        if (before[i].old && before[i].old->total >= kUsualMin) {
            states_[i].compared_with = static_cast<double>(before[i].old->total);
        }
    }
}

std::vector<judge::Tick> SourcedWatch::see(const SourceReadings& readings, const Look& look) {
    std::vector<judge::Tick> ticks;
    bool is_blind = false;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        const SourceReading nobody{
            .metric = metrics_[i].name, .blind = "nobody asks it", .fresh = {}, .old = {}};
        const SourceReading& reading = i < readings.size() ? readings[i] : nobody;
        states_[i].hold.clear();
        judge::Tick tick;
        if (!reading.blind.empty()) {
            states_[i].hold = not_seen(reading);
        } else if (metrics_[i].is_gauge()) {
            gauge(i, reading);
            if (look.is_cold) states_[i].beyond = 0;  // it holds, and is no verdict yet
        } else {
            tick = count(states_[i], reading, look);
        }
        if (!metrics_[i].is_gauge()) ticks.push_back(tick);
        is_blind = is_blind || !states_[i].hold.empty();
    }
    if (!is_blind) blind_since_.reset();
    if (is_blind && !blind_since_) blind_since_ = look.at;
    return ticks;
}

judge::Tick SourcedWatch::count(State& state, const SourceReading& reading, const Look& look) {
    const Counted fresh = between(state.fresh, reading.fresh);
    const Counted old = between(state.old, reading.old);
    state.fresh = reading.fresh;
    state.old = reading.old;
    state.compared_with += old.total;
    const bool serves = look.weight > 0;
    if (fresh.total > 0) {
        state.expected = 0;
    } else if (serves && look.weight < 1) {
        state.expected += look.weight / (1 - look.weight) * old.total;
    }
    if (serves && !reading.fresh) {
        state.hold = fmt::format("the source of {} has nothing of the new release", reading.metric);
    } else if (state.expected >= kExpected) {
        state.hold = fmt::format(
            "none of {} was counted of the new release, where about {} should "
            "have been",
            reading.metric, judge::count_text(std::round(state.expected)));
    } else if (look.weight >= 1 && state.compared_with <= 0) {
        state.hold = fmt::format("the source of {} has nothing of the old release to compare with",
                                 reading.metric);
    }
    if (look.is_cold) return {};
    return {.canary = fresh.total,
            .baseline = old.total,
            .canary_events = fresh.failed,
            .baseline_events = old.failed};
}

void SourcedWatch::gauge(std::size_t index, const SourceReading& reading) {
    State& state = states_[index];
    const release::Bound& limit = *metrics_[index].limit;
    if (!reading.fresh) {
        state.hold = fmt::format("the source of {} has nothing of the new release", reading.metric);
        return;
    }
    if (!is_beyond(limit, reading.fresh->level)) {
        state.beyond = 0;
        return;
    }
    const std::string says = fmt::format("{} is {:g}, and must be {}", reading.metric,
                                         reading.fresh->level, release::to_text(limit));
    if (reading.old && is_beyond(limit, reading.old->level)) {
        state.beyond = 0;
        state.hold = fmt::format("{}, in the old release {:g}, too", says, reading.old->level);
        return;
    }
    state.hold = says;
    if (++state.beyond >= kBeyondTicks && state.failed.empty()) state.failed = says;
}

judge::Verdict SourcedWatch::verdict() const {
    std::vector<judge::Verdict> verdicts{{.word = judge::Word::pass, .metric = {}, .reason = {}}};
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        const State& state = states_[i];
        if (!state.failed.empty()) {
            verdicts.push_back({judge::Word::fail, metrics_[i].name, state.failed});
        } else if (!state.hold.empty()) {
            verdicts.push_back(holds(metrics_[i].name, state.hold));
        }
    }
    return judge::combined(std::move(verdicts));
}

std::optional<judge::Verdict> blind_now(const std::vector<release::SourcedMetric>& metrics,
                                        const std::optional<SourceReadings>& readings) {
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        if (!readings || i >= readings->size()) {
            return holds(metrics[i].name, metrics[i].name + " cannot be seen: nobody asks it");
        }
        if (!(*readings)[i].blind.empty()) return holds(metrics[i].name, not_seen((*readings)[i]));
    }
    return std::nullopt;
}

}  // namespace engine
