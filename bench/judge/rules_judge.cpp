// The judge as it stands in the product, and as the yardstick wrote it.

#include "judge/steer.h"
#include "judge/trial.h"
#include "rules.h"
#include "stream.h"

#include <cmath>
#include <limits>

namespace bench {

std::unique_ptr<Rule> judge_named(const std::string& name, const Briefing& briefing);

namespace {

constexpr int kWarmUpTicks = 18;
constexpr double kSoakSeconds = 300;

/// At a fixed weight: table A (`soak` 0, the old release always beside) and `e fixed 10 %` of B.
class FixedWeight : public Rule {
public:
    FixedWeight(judge::Metric metric, bool whole, int warm_up)
        : trial_({std::move(metric)}, {.compares_again = false}),
          whole_(whole),
          warm_up_(warm_up) {}

    Says see(const Look& look) override {
        const judge::Stage stage = promoted_ && whole_ ? judge::Stage::alone
                                   : ticks_ < warm_up_ ? judge::Stage::warming
                                                       : judge::Stage::beside;
        ++ticks_;
        // The yardstick ignores what it masks; the product's bounds do not.
        if (stage == judge::Stage::warming) return Says::nothing;
        trial_.see({.stage = stage, .weight = 0.1, .ticks = {look.tick}});
        if (trial_.word() == judge::Word::fail) return Says::abort;
        if (promoted_ || trial_.word() != judge::Word::pass) return Says::nothing;
        if (whole_ && look.second < kSoakSeconds) return Says::nothing;
        promoted_ = true;
        return Says::promote;
    }
    double weight() const override { return 0.1; }
    bool goes_on() const override { return true; }

private:
    judge::Trial trial_;
    bool whole_;
    int warm_up_;
    int ticks_ = 0;
    bool promoted_ = false;
};

/// With the ramp.
class Ramp : public Rule {
public:
    Ramp(judge::Metric metric, const judge::Rules& rules, const judge::Budget& budget,
         const Briefing& briefing)
        : trial_({std::move(metric)}, rules),
          budget_(budget),
          traffic_{.requests_per_second = briefing.requests_per_second,
                   .reaction_seconds = 2 * kTickSeconds},
          warm_up_(briefing.starts_cold ? kWarmUpTicks : 0),
          weight_(judge::first_weight(budget, {.requests_per_second = briefing.requests_per_second,
                                               .reaction_seconds = traffic_.reaction_seconds})) {}

    Says see(const Look& look) override {
        const judge::Stage stage = weight_ >= 1        ? judge::Stage::alone
                                   : ticks_ < warm_up_ ? judge::Stage::warming
                                                       : judge::Stage::beside;
        ++ticks_;
        trial_.see({.stage = stage, .weight = weight_, .ticks = {look.tick}});
        traffic_.soak_left_seconds = kSoakSeconds - look.second;
        traffic_.is_warming = ticks_ < warm_up_;
        const judge::Course course = judge::steer(trial_, budget_, traffic_, weight_);
        if (course.heading == judge::Heading::back) {
            weight_ = until_it_is_back();
            return Says::abort;
        }
        weight_ = course.weight;
        const bool now = course.heading == judge::Heading::finish && !finished_;
        finished_ = finished_ || now;
        return now ? Says::promote : Says::nothing;
    }
    double weight() const override { return weight_; }
    bool goes_on() const override { return true; }

private:
    /// The weight of the tick in which the rollback takes effect: the one there was. The yardstick
    /// goes on with the ramp.
    double until_it_is_back() const {
        if (trial_.rules().compares_again || weight_ >= 1) return weight_;
        const judge::Footing footing{.requests_per_second = traffic_.requests_per_second,
                                     .reaction_seconds = traffic_.reaction_seconds,
                                     .spent = judge::harm_spent(trial_.total(0)),
                                     .worse_at_most = trial_.worse_at_most(0)};
        return judge::next_weight(budget_, footing, weight_);
    }

    judge::Trial trial_;
    judge::Budget budget_;
    judge::Traffic traffic_;
    int warm_up_;
    double weight_;
    int ticks_ = 0;
    bool finished_ = false;
};

}  // namespace

std::unique_ptr<Rule> judge_named(const std::string& name, const Briefing& briefing) {
    judge::Metric metric;
    metric.usual = briefing.base_rate;
    if (name == "e") {
        metric.dispersion = judge::dispersion_of(briefing.history);
        return std::make_unique<FixedWeight>(metric, false,
                                             briefing.starts_cold ? kWarmUpTicks : 0);
    }
    if (name == "efixed10") return std::make_unique<FixedWeight>(metric, true, 0);
    if (name == "ebudget") {
        return std::make_unique<Ramp>(
            metric, judge::Rules{.compares_again = false},
            judge::Budget{
                .free = {}, .weight_min = 0.0005, .suspicion = HUGE_VAL, .weight_learning = 1},
            briefing);
    }
    if (name == "crossfade") {
        metric.dispersion = judge::dispersion_used(judge::dispersion_of(briefing.history));
        metric.usual = judge::usual_rate(briefing.history);
        return std::make_unique<Ramp>(metric, judge::Rules{}, judge::Budget{}, briefing);
    }
    return nullptr;
}

}  // namespace bench
