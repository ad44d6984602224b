#pragma once
// How Flagger, Argo Rollouts, Kayenta, CodeDeploy, z-tests and the judge decide, tick by tick, and
// the ramp that each drives.

#include "judge/dispersion.h"
#include "judge/tick.h"

#include <memory>
#include <span>
#include <string>

namespace bench {

struct Look {
    judge::Tick tick;
    judge::Tick fresh;  ///< With an equal-size fresh baseline, for a rule that `wants_fresh`.
    double second;      ///< At the tick's end.
};

enum class Says { nothing, promote, abort };

class Rule {
public:
    virtual ~Rule() = default;
    virtual Says see(const Look& look) = 0;
    /// The weight it wants; at the fixed weight of table A nobody asks. 1 after a promotion.
    virtual double weight() const = 0;
    virtual bool wants_fresh() const { return false; }
    /// Whether it looks on after a promotion.
    virtual bool goes_on() const { return false; }
};

/// What a rule is told before the release.
struct Briefing {
    double base_rate = 0.01;                 ///< Exactly, as the products' thresholds suppose.
    std::span<const judge::Sample> history;  ///< What the judge has instead.
    double requests_per_second = 100;
    bool starts_cold = false;
};

/// By name; nothing where there is no such rule.
std::unique_ptr<Rule> rule_named(const std::string& name, const Briefing& briefing);

}  // namespace bench
