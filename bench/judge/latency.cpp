#include "latency.h"

#include "judge/chance.h"
#include "judge/latency.h"
#include "judge/logs.h"
#include "judge/mixture.h"
#include "mann_whitney.h"
#include "rules.h"
#include "stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace bench {

using judge::draw_gamma;
using judge::Tick;

namespace {

constexpr double kSigma = 0.6;
constexpr double kWeight = 0.1;
constexpr int kTicks = 360;
constexpr std::array<std::uint32_t, 3> kPermille{500, 900, 990};

double beyond(double z) {
    return 0.5 * std::erfc(z / std::sqrt(2));
}

/// Share of the new release's requests above `edge`, in units of the old median.
double slow_share(const SlowWorld& world, double edge) {
    if (!world.tail_only) return beyond(std::log(edge / world.slower) / kSigma);
    const double cut = std::exp(normal_quantile(0.95) * kSigma);
    if (edge <= cut) return beyond(std::log(edge) / kSigma);
    return edge <= cut * world.slower ? 0.05 : beyond(std::log(edge / world.slower) / kSigma);
}

/// The ticks of one hour: counts beyond three edges, the old release's one bucket lower.
class SlowStream {
public:
    SlowStream(const SlowWorld& world, base::Random& random) : world_(world), random_(random) {
        for (std::size_t i = 0; i < kPermille.size(); ++i) {
            const double edge = std::exp(normal_quantile(kPermille[i] / 1000.0) * kSigma);
            canary_[i] = slow_share(world, edge);
            baseline_[i] = beyond(std::log(edge / std::exp2(0.125)) / kSigma);
        }
    }

    std::array<Tick, 3> next() {
        const double all = judge::draw_poisson(random_, world_.requests_per_second * kTickSeconds);
        const double canary = judge::draw_binomial(random_, all, kWeight);
        std::array<Tick, 3> ticks;
        Tick last{canary, all - canary, canary, all - canary};
        double canary_share = 1;
        double baseline_share = 1;
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            last.canary_events = judge::draw_binomial(random_, last.canary_events,
                                                      std::min(1.0, canary_[i] / canary_share));
            last.baseline_events =
                judge::draw_binomial(random_, last.baseline_events, baseline_[i] / baseline_share);
            canary_share = canary_[i];
            baseline_share = baseline_[i];
            ticks[i] = last;
        }
        return ticks;
    }

    /// A minute's p99 as its order statistic.
    double p99(double count, bool is_canary) {
        count = std::max(count, 1.0);
        const double rank = std::ceil(0.99 * count);
        const double a = draw_gamma(random_, rank);
        const double b = draw_gamma(random_, count + 1 - rank);
        const double share = std::clamp(a / (a + b), 1e-12, 1 - 1e-12);
        const double usual = std::exp(normal_quantile(share) * kSigma);
        const bool slower = is_canary && (!world_.tail_only || share > 0.95);
        return slower ? usual * world_.slower : usual;
    }

    double usual_share(std::size_t edge) const { return baseline_[edge]; }

private:
    SlowWorld world_;
    base::Random& random_;
    std::array<double, 3> canary_{};
    std::array<double, 3> baseline_{};
};

/// The yardstick's: plain means over bets, no cap, no sleep.
std::optional<double> by_three_edges(SlowStream& stream) {
    constexpr judge::Habits kPlain{
        .sleeping = 0, .waking = 0, .gain_max = std::numeric_limits<double>::infinity()};
    std::array<judge::Mixture, 3> edges{judge::Mixture(judge::kMedianBets.size(), kPlain),
                                        judge::Mixture(judge::kTailBets.size(), kPlain),
                                        judge::Mixture(judge::kTailBets.size(), kPlain)};
    Tick median;
    for (int number = 0; number < kTicks; ++number) {
        const auto ticks = stream.next();
        std::vector<double> gains;
        for (const double bet : judge::kMedianBets) {
            gains.push_back(judge::common_evidence(ticks[0], judge::rate_before(median), bet));
        }
        edges[0].add(gains);
        median += ticks[0];
        for (std::size_t i = 1; i < edges.size(); ++i) {
            gains.clear();
            for (const double bet : judge::kTailBets) {
                gains.push_back(judge::evidence(ticks[i], bet, {}));
            }
            edges[i].add(gains);
        }
        const std::array<double, 3> logs{edges[0].log_evidence(), edges[1].log_evidence(),
                                         edges[2].log_evidence()};
        if (judge::log_sum(logs) - std::log(3) >= std::log(1000)) {
            return (number + 1) * kTickSeconds;
        }
    }
    return std::nullopt;
}

std::optional<double> by_trial(SlowStream& stream) {
    std::vector<judge::Metric> metrics;
    for (std::size_t i = 0; i < kPermille.size(); ++i) {
        metrics.push_back(judge::latency_metric({.permille = kPermille[i],
                                                 .bucket = 100 + i,
                                                 .baseline_bucket = 99 + i,
                                                 .usual = stream.usual_share(i)},
                                                kPermille.size()));
    }
    judge::Trial trial(metrics);
    for (int number = 0; number < kTicks; ++number) {
        const auto ticks = stream.next();
        trial.see({.weight = kWeight, .ticks = {ticks.begin(), ticks.end()}});
        if (trial.word() == judge::Word::fail) return (number + 1) * kTickSeconds;
    }
    return std::nullopt;
}

std::optional<double> by_counts(SlowStream& stream, base::Random& random) {
    const auto rule = rule_named("zpeek", {});
    for (int number = 0; number < kTicks; ++number) {
        Tick tick = stream.next()[2];
        tick.baseline_events = judge::draw_binomial(random, tick.baseline, 0.01);
        const double second = (number + 1) * kTickSeconds;
        if (rule->see({.tick = tick, .fresh = {}, .second = second}) == Says::abort) return second;
    }
    return std::nullopt;
}

std::optional<double> by_points(const std::string& rule, SlowStream& stream, base::Random& random) {
    const double limit = std::exp(normal_quantile(0.99) * kSigma) * 1.2;
    std::vector<double> canary;
    std::vector<double> control;
    int passes = 0;
    int fails = 0;
    for (int minute = 1; minute <= kTicks / 6; ++minute) {
        Tick sum;
        for (int tick = 0; tick < 6; ++tick) sum += stream.next()[2];
        const double p99 = stream.p99(sum.canary, true);
        if (rule == "flagger") {
            if (fails >= 5) return minute * 60.0;
            (sum.canary == 0 || p99 > limit ? fails : passes) += 1;
            if (passes >= 10) return std::nullopt;
            continue;
        }
        canary.push_back(p99);
        control.push_back(
            stream.p99(judge::draw_binomial(random, sum.baseline, kWeight / (1 - kWeight)), false));
        if (minute % 20 == 0 && is_high(canary, control)) return minute * 60.0;
    }
    return std::nullopt;
}

}  // namespace

std::optional<double> slow_release(const std::string& rule, const SlowWorld& world,
                                   base::Random& random) {
    SlowStream stream(world, random);
    if (rule == "e") return by_three_edges(stream);
    if (rule == "crossfade") return by_trial(stream);
    if (rule == "zpeek") return by_counts(stream, random);
    return by_points(rule, stream, random);
}

}  // namespace bench
