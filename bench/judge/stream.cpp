#include "stream.h"

#include "judge/chance.h"

#include <algorithm>
#include <cmath>

namespace bench {

using judge::draw_binomial;
using judge::draw_gamma;
using judge::draw_poisson;
using judge::Tick;

namespace {

constexpr double kClusterMean = 5;
constexpr int kBlipTicks = 6;
constexpr double kLateTick = 120;
constexpr double kPi = 3.14159265358979323846;

double tide(int number) {
    return 1 + 0.5 * std::sin(2 * kPi * (number + 0.5) * kTickSeconds / 3600);
}

}  // namespace

Kind kind_from(const std::string& name) {
    if (name == "cold") return Kind::cold;
    if (name == "diurnal") return Kind::diurnal;
    if (name == "blip") return Kind::blip;
    if (name == "late") return Kind::late;
    if (name == "cluster") return Kind::cluster;
    return Kind::steady;
}

Stream::Stream(const Scenario& scenario, base::Random& random)
    : scenario_(scenario), random_(random), blip_(static_cast<int>(random.below(354))) {}

double Stream::events(double exposures, double rate) {
    if (scenario_.kind != Kind::cluster) return draw_binomial(random_, exposures, rate);
    // Poisson incidents of geometric size: a negative binomial as a Poisson of a gamma.
    const double incidents = draw_poisson(random_, exposures * rate / kClusterMean);
    if (incidents == 0) return 0;
    const double more = draw_poisson(random_, (kClusterMean - 1) * draw_gamma(random_, incidents));
    return std::min(exposures, incidents + more);
}

double Stream::traffic_at(int number) const {
    const double mean = scenario_.requests_per_second * kTickSeconds;
    return scenario_.kind == Kind::diurnal ? mean * tide(number) : mean;
}

double Stream::base_at(int number) const {
    double rate = scenario_.base_rate;
    if (scenario_.kind == Kind::diurnal) rate *= tide(number);
    if (scenario_.kind == Kind::blip && number >= blip_ && number < blip_ + kBlipTicks) {
        rate += 0.05;
    }
    return rate;
}

Tick Stream::before(int number) {
    const double all = draw_poisson(random_, traffic_at(number));
    return {.canary = 0,
            .baseline = all,
            .canary_events = 0,
            .baseline_events = events(all, base_at(number))};
}

Tick Stream::tick(int number, double weight) {
    base_ = base_at(number);
    double more = scenario_.fault;
    if (scenario_.kind == Kind::late && number < kLateTick) more = 0;
    if (scenario_.kind == Kind::cold) {
        more += 0.05 * std::exp(-(number + 0.5) * kTickSeconds / 60);
    }
    const double rate = std::min(1.0, base_ + more);
    const double all = draw_poisson(random_, traffic_at(number));
    last_.canary = draw_binomial(random_, all, weight);
    last_.baseline = all - last_.canary;
    last_.canary_events = events(last_.canary, rate);
    last_.baseline_events = events(last_.baseline, base_);
    harm_ = last_.canary * (rate - base_);
    return last_;
}

Tick Stream::fresh(double weight) {
    Tick fresh = last_;
    fresh.baseline = draw_binomial(random_, last_.baseline, std::min(1.0, weight / (1 - weight)));
    fresh.baseline_events = events(fresh.baseline, base_);
    return fresh;
}

}  // namespace bench
