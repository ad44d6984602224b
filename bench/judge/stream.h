#pragma once
// What a release's traffic looks like, tick by tick, as simulated.

#include "base/random.h"
#include "judge/tick.h"

#include <string>

namespace bench {

inline constexpr double kTickSeconds = 10;

enum class Kind {
    steady,
    cold,     ///< +5 points in the new release that fade within minutes, on top of the fault.
    diurnal,  ///< Traffic and errors swing by half over an hour.
    blip,     ///< +5 points in both releases for a minute, some time within the hour.
    late,     ///< The fault begins after 20 minutes.
    cluster,  ///< Errors come in clusters of five, geometrically.
};

Kind kind_from(const std::string& name);

struct Scenario {
    double requests_per_second = 100;
    double base_rate = 0.01;
    double fault = 0;
    Kind kind = Kind::steady;
};

/// One release's traffic; the weight is what the rule under test decides.
class Stream {
public:
    Stream(const Scenario& scenario, base::Random& random);

    /// Tick `number` at `weight`.
    judge::Tick tick(int number, double weight);
    /// The old release alone, without the fault, as before the release.
    judge::Tick before(int number);
    /// Of an equal-size, fresh baseline beside the last tick.
    judge::Tick fresh(double weight);
    /// Expected failures of the last tick's requests that the old release would not have had.
    double harm() const { return harm_; }

private:
    double events(double exposures, double rate);
    double base_at(int number) const;
    double traffic_at(int number) const;

    Scenario scenario_;
    base::Random& random_;
    int blip_ = 0;
    double harm_ = 0;
    double base_ = 0;
    judge::Tick last_;
};

}  // namespace bench
