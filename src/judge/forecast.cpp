#include "judge/forecast.h"

#include "judge/chance.h"
#include "judge/guard.h"
#include "judge/steer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace judge {

namespace {

constexpr std::size_t kFlowMax = 6;

/// Traffic from a random place of the history on.
class Tide {
public:
    Tide(const std::vector<Wave>& waves, base::Random& random)
        : waves_(waves), at_(random.below(waves.size())) {}

    /// What is usual in the next so many seconds.
    Wave next(double seconds) {
        Wave sum{.seconds = seconds};
        double failures = 0;
        for (double left = seconds; left > 0;) {
            const Wave& wave = waves_[at_];
            const double part = std::min(left, wave.seconds - passed_);
            const double requests = wave.requests * part / wave.seconds;
            sum.requests += requests;
            failures += requests * wave.rate;
            left -= part;
            passed_ += part;
            if (passed_ >= wave.seconds) {
                passed_ = 0;
                at_ = (at_ + 1) % waves_.size();
            }
        }
        sum.rate = sum.requests > 0 ? failures / sum.requests : 0;
        return sum;
    }

private:
    const std::vector<Wave>& waves_;
    std::size_t at_;
    double passed_ = 0;
};

Counts counts_of(double requests, double errors) {
    Counts counts;
    counts.requests = static_cast<std::uint64_t>(requests);
    counts.errors = static_cast<std::uint64_t>(errors);
    return counts;
}

/// One release under way.
class Voyage {
public:
    Voyage(const std::vector<Wave>& waves, const Way& way, double fault, base::Random& random)
        : way_(way),
          fault_(fault),
          random_(random),
          tide_(waves, random),
          trial_(way.metrics, {.compares_again = false}),
          left_of_tick_(way.tick_seconds) {}

    Passage end() {
        first_weight();
        while (passage_.seconds < way_.patience_seconds) {
            look();
            if (exceeds_limits()) return back();
            if (left_of_tick_ > 0) continue;
            end_tick();
            if ((way_.compares && trial_.word() == Word::fail) || !went_on()) return back();
            if (weight_ >= 1 && baked_ >= way_.bake_seconds && watched_ >= way_.requests_min) {
                passage_.fate = Fate::done;
                passage_.seconds = all_at_;
                return passage_;
            }
        }
        return passage_;
    }

private:
    void first_weight() {
        if (!way_.stops.empty()) {
            weight_ = way_.stops.front().share;
            return;
        }
        // A tick without the new release tells the traffic.
        see_flow(tide_.next(way_.tick_seconds));
        passage_.seconds = way_.tick_seconds;
        weight_ =
            std::max(way_.budget.weight_min,
                     judge::first_weight(way_.budget, {.requests_per_second = requests_per_second(),
                                                       .reaction_seconds = reaction_seconds()}));
    }

    /// Draws what comes until the next look; looks lie within ticks.
    void look() {
        const double length = std::min(way_.look_seconds, left_of_tick_);
        const Wave wave = tide_.next(length);
        const double all = draw_poisson(random_, wave.requests);
        const double scatter = trial_.metrics().front().dispersion;
        const double rate = std::min(1.0, wave.rate + fault_);
        Tick seen;
        seen.canary = draw_binomial(random_, all, weight_);
        seen.baseline = all - seen.canary;
        seen.canary_events = draw_clustered(random_, seen.canary, rate, scatter);
        seen.baseline_events = draw_clustered(random_, seen.baseline, wave.rate, scatter);
        passage_.harmed += seen.canary * (rate - wave.rate);
        passage_.seconds += length;
        left_of_tick_ -= length;
        requests_of_tick_ += wave.requests;
        tick_ += seen;
        at_stop_ += length;
        watched_ += seen.canary;
        watched_errors_ += seen.canary_events;
        served_ += seen.canary;
        failed_ += seen.canary_events;
        if (weight_ >= 1) baked_ += length;
    }

    void end_tick() {
        see_flow({.seconds = way_.tick_seconds, .requests = requests_of_tick_});
        Reading reading;
        reading.weight = weight_;
        reading.stage = is_warming() ? Stage::warming : weight_ >= 1 ? Stage::alone : Stage::beside;
        reading.ticks.resize(trial_.metrics().size());
        reading.ticks.front() = tick_;
        trial_.see(reading);
        tick_ = {};
        requests_of_tick_ = 0;
        left_of_tick_ = way_.tick_seconds;
    }

    bool is_warming() const { return passage_.seconds < way_.warm_up_seconds; }

    /// The limits of the guard, which every look tests where the share rises by stops; of a ramp
    /// only its budget, once all traffic is there.
    bool exceeds_limits() const {
        const Metric& errors = trial_.metrics().front();
        const bool is_ramp = way_.stops.empty();
        if (is_ramp && (weight_ < 1 || !errors.usual)) return false;
        const double rate_max = is_ramp ? 1 : errors.limit.value_or(1);
        const Limits limits{.error_permille_max = static_cast<std::uint32_t>(rate_max * 1000),
                            .requests_min = static_cast<std::uint64_t>(way_.requests_min),
                            .harm_max = static_cast<std::uint64_t>(way_.budget.harm_max),
                            .usual = errors.usual,
                            .dispersion = errors.dispersion};
        return judge::judge(limits, {.watched = counts_of(watched_, watched_errors_),
                                     .since_first = counts_of(served_, failed_),
                                     .baseline = {}})
                   .word == Word::fail;
    }

    /// What comes until the rollback is real still meets the fault.
    Passage back() {
        passage_.fate = Fate::back;
        passage_.harmed += requests_per_second() * way_.look_seconds * weight_ * fault_;
        passage_.seconds += way_.look_seconds;
        return passage_;
    }

    /// To the next share; false where that is none.
    bool went_on() {
        if (!way_.stops.empty()) {
            leave_stop();
            return true;
        }
        const Course course = steer(trial_, way_.budget,
                                    {.requests_per_second = requests_per_second(),
                                     .reaction_seconds = reaction_seconds(),
                                     .is_warming = is_warming(),
                                     .bake_seconds = way_.bake_seconds},
                                    weight_);
        if (course.heading == Heading::back) return false;
        move_to(course.heading == Heading::finish ? 1 : course.weight);
        return true;
    }

    void leave_stop() {
        if (stop_ >= way_.stops.size()) return;
        if (at_stop_ < way_.stops[stop_].seconds || watched_ < way_.requests_min) return;
        ++stop_;
        move_to(stop_ < way_.stops.size() ? way_.stops[stop_].share : 1);
    }

    void move_to(double weight) {
        if (weight == weight_) return;
        weight_ = weight;
        passage_.seconds += way_.settle_seconds;
        at_stop_ = 0;
        watched_ = 0;
        watched_errors_ = 0;
        if (weight >= 1) all_at_ = passage_.seconds;
    }

    double reaction_seconds() const {
        return way_.tick_seconds + way_.look_seconds + way_.settle_seconds;
    }
    void see_flow(const Wave& wave) {
        flow_.push_back(wave.requests / wave.seconds);
        if (flow_.size() > kFlowMax) flow_.erase(flow_.begin());
    }
    double requests_per_second() const {
        double sum = 0;
        for (const double each : flow_) sum += each;
        return flow_.empty() ? 0 : sum / static_cast<double>(flow_.size());
    }

    const Way& way_;
    double fault_;
    base::Random& random_;
    Tide tide_;
    Trial trial_;
    double left_of_tick_;
    double requests_of_tick_ = 0;
    Tick tick_;  ///< What its looks have seen so far.
    Passage passage_;
    double weight_ = 0;
    std::size_t stop_ = 0;
    double at_stop_ = 0;
    double watched_ = 0;
    double watched_errors_ = 0;
    double served_ = 0;
    double failed_ = 0;
    double baked_ = 0;
    double all_at_ = 0;
    std::vector<double> flow_;  ///< Requests a second in the last ticks.
};

/// The value below which so large a part lies.
double part_of(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double at = std::ceil(part * static_cast<double>(values.size())) - 1;
    return values[static_cast<std::size_t>(std::max(0.0, at))];
}

}  // namespace

Passage pass(const std::vector<Wave>& waves, const Way& way, double fault, base::Random& random) {
    return Voyage(waves, way, fault, random).end();
}

Forecast forecast(const std::vector<Wave>& waves, const Way& way, double fault, std::uint32_t runs,
                  base::Random& random) {
    const Fate expected = fault > 0 ? Fate::back : Fate::done;
    Forecast out{.runs = runs};
    std::vector<double> seconds;
    std::vector<double> harmed;
    for (std::uint32_t run = 0; run < runs; ++run) {
        const Passage passage = pass(waves, way, fault, random);
        out.done += passage.fate == Fate::done ? 1 : 0;
        out.back += passage.fate == Fate::back ? 1 : 0;
        if (passage.fate == expected) seconds.push_back(passage.seconds);
        harmed.push_back(passage.harmed);
    }
    constexpr double kMost = 0.95;
    out.seconds_median = part_of(seconds, 0.5);
    out.seconds_most = part_of(seconds, kMost);
    out.harmed_median = part_of(harmed, 0.5);
    out.harmed_most = part_of(harmed, kMost);
    return out;
}

}  // namespace judge
