#include "rules.h"

#include "mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace bench {

std::unique_ptr<Rule> judge_named(const std::string& name, const Briefing& briefing);

namespace {

constexpr int kTicksPerMinute = 6;
constexpr double kFixedWeight = 0.1;

/// Adds up ticks until a minute is full.
class Minute {
public:
    /// True when `sum` holds a whole minute; the next call begins anew.
    bool add(const judge::Tick& tick) {
        if (ticks_ == kTicksPerMinute) {
            sum = {};
            ticks_ = 0;
        }
        sum += tick;
        return ++ticks_ == kTicksPerMinute;
    }
    judge::Tick sum;

private:
    int ticks_ = 0;
};

/// 5 to 50 % in steps of a minute; five failed checks in all roll back, one minute later.
class Flagger : public Rule {
public:
    enum class Silence { fails, passes };
    explicit Flagger(double limit, Silence silence = Silence::fails)
        : limit_(limit), silence_(silence) {}

    Says see(const Look& look) override {
        if (!minute_.add(look.tick) || passes_ >= 10) return Says::nothing;
        if (fails_ >= 5) return Says::abort;
        const judge::Tick& sum = minute_.sum;
        const bool bad =
            sum.canary == 0 ? silence_ == Silence::fails : sum.canary_events > limit_ * sum.canary;
        (bad ? fails_ : passes_) += 1;
        return passes_ >= 10 ? Says::promote : Says::nothing;
    }
    double weight() const override { return 0.05 * (passes_ + 1); }

private:
    double limit_;
    Silence silence_;
    Minute minute_;
    int passes_ = 0;
    int fails_ = 0;
};

/// 20, 40, 60, 80 % for five minutes each; four failed or five empty measurements in a row abort.
class Argo : public Rule {
public:
    explicit Argo(double limit) : limit_(limit) {}

    Says see(const Look& look) override {
        if (!minute_.add(look.tick) || minutes_ >= 20) return Says::nothing;
        ++minutes_;
        const judge::Tick& sum = minute_.sum;
        empty_ = sum.canary == 0 ? empty_ + 1 : 0;
        fails_ += sum.canary > 0 && sum.canary_events > limit_ * sum.canary ? 1 : 0;
        if (fails_ > 3 || empty_ > 4) return Says::abort;
        return minutes_ == 20 ? Says::promote : Says::nothing;
    }
    double weight() const override { return std::min(0.8, 0.2 * (minutes_ / 5 + 1)); }

private:
    double limit_;
    Minute minute_;
    int minutes_ = 0;
    int fails_ = 0;
    int empty_ = 0;
};

/// 10 % for five minutes, then all; an alarm over both releases, two minutes in a row.
class CodeDeploy : public Rule {
public:
    explicit CodeDeploy(double limit) : limit_(limit) {}

    Says see(const Look& look) override {
        if (!minute_.add(look.tick)) return Says::nothing;
        ++minutes_;
        const judge::Tick& sum = minute_.sum;
        const bool bad =
            sum.canary_events + sum.baseline_events > limit_ * (sum.canary + sum.baseline);
        row_ = bad ? row_ + 1 : 0;
        if (row_ >= 2) return Says::abort;
        return minutes_ == 5 ? Says::promote : Says::nothing;
    }
    double weight() const override { return kFixedWeight; }
    bool goes_on() const override { return true; }

private:
    double limit_;
    Minute minute_;
    int minutes_ = 0;
    int row_ = 0;
};

/// Minute points of 10 % and of a fresh baseline, judged after 20, 40 and 60 minutes.
class Kayenta : public Rule {
public:
    explicit Kayenta(bool (*high)(std::span<const double>, std::span<const double>))
        : is_high_(high) {}

    Says see(const Look& look) override {
        if (!minute_.add(look.fresh)) return Says::nothing;
        ++minutes_;
        const judge::Tick& sum = minute_.sum;
        if (sum.canary > 0) canary_.push_back(sum.canary_events / sum.canary);
        if (sum.baseline > 0) control_.push_back(sum.baseline_events / sum.baseline);
        if (minutes_ > 60 || minutes_ % 20 != 0) return Says::nothing;
        if (is_high_(canary_, control_)) return Says::abort;
        return minutes_ == 60 ? Says::promote : Says::nothing;
    }
    double weight() const override { return kFixedWeight; }
    bool wants_fresh() const override { return true; }

private:
    bool (*is_high_)(std::span<const double>, std::span<const double>);
    Minute minute_;
    int minutes_ = 0;
    std::vector<double> canary_;
    std::vector<double> control_;
};

/// Pooled z-test of the totals, each minute for an hour at 10 %.
class PooledZ : public Rule {
public:
    explicit PooledZ(double boundary) : boundary_(boundary) {}

    Says see(const Look& look) override {
        if (!minute_.add(look.tick) || minutes_ >= 60) return Says::nothing;
        ++minutes_;
        total_ += minute_.sum;
        const double n = std::max(total_.canary, 1.0);
        const double m = std::max(total_.baseline, 1.0);
        const double rate = (total_.canary_events + total_.baseline_events) /
                            std::max(total_.canary + total_.baseline, 1.0);
        const double spread = std::sqrt(rate * (1 - rate) * (1 / n + 1 / m));
        const double off = total_.canary_events / n - total_.baseline_events / m;
        if (spread > 0 && off / spread > boundary_) return Says::abort;
        return minutes_ == 60 ? Says::promote : Says::nothing;
    }
    double weight() const override { return kFixedWeight; }

private:
    double boundary_;
    Minute minute_;
    int minutes_ = 0;
    judge::Tick total_;
};

/// The same each tick, against the judge's margin: the group-sequential z-test of the targets.
class MarginZ : public Rule {
public:
    explicit MarginZ(double boundary) : boundary_(boundary) {}

    Says see(const Look& look) override {
        if (ticks_ >= 360) return Says::nothing;
        ++ticks_;
        total_ += look.tick;
        const double n = std::max(total_.canary, 1.0);
        const double m = std::max(total_.baseline, 1.0);
        const double own = total_.canary_events / n;
        const double other = total_.baseline_events / m;
        const double spread = std::sqrt(own * (1 - own) / n + 1.1 * 1.1 * other * (1 - other) / m);
        const double off = own - 1.1 * other - 0.0005;
        if (spread > 0 && total_.canary_events > 0 && off / spread > boundary_) return Says::abort;
        return ticks_ == 360 ? Says::promote : Says::nothing;
    }
    double weight() const override { return kFixedWeight; }

private:
    double boundary_;
    int ticks_ = 0;
    judge::Tick total_;
};

}  // namespace

std::unique_ptr<Rule> rule_named(const std::string& name, const Briefing& briefing) {
    const double tuned = briefing.base_rate + 0.01;
    if (name == "flagger99") return std::make_unique<Flagger>(0.01);
    if (name == "flagger") return std::make_unique<Flagger>(tuned);
    if (name == "argo") return std::make_unique<Argo>(tuned);
    if (name == "codedeploy") return std::make_unique<CodeDeploy>(tuned);
    if (name == "kayenta") return std::make_unique<Kayenta>(is_high);
    // As the yardstick simplified them.
    if (name == "kayenta_points") return std::make_unique<Kayenta>(is_high_by_order);
    if (name == "flagger_silent") {
        return std::make_unique<Flagger>(tuned, Flagger::Silence::passes);
    }
    // Pocock's one-sided constants at 0.001, by the yardstick's simulation.
    if (name == "zpeek") return std::make_unique<PooledZ>(2.3263);
    if (name == "z60") return std::make_unique<PooledZ>(3.817);
    if (name == "zmargin") return std::make_unique<MarginZ>(3.944);
    return judge_named(name, briefing);
}

}  // namespace bench
