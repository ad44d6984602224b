#include "judge/dispersion.h"

#include <algorithm>

namespace judge {

namespace {

constexpr double kPlain = 1.3;
constexpr double kReserve = 1.5;

}  // namespace

double dispersion_of(std::span<const Sample> history, Events frequency) {
    double scatter = 0;
    double ticks = 0;
    for (; history.size() >= kDispersionWindow; history = history.subspan(kDispersionWindow)) {
        const auto window = history.first(kDispersionWindow);
        double exposures = 0;
        double events = 0;
        for (const Sample& each : window) {
            exposures += each.exposures;
            events += each.events;
        }
        if (exposures <= 0 || events <= 0) continue;
        const double rate = events / exposures;
        const double others = frequency == Events::common ? 1 - rate : 1;
        if (others <= 0) continue;
        for (const Sample& each : window) {
            const double expected = each.exposures * rate;
            if (expected <= 0) continue;
            const double off = each.events - expected;
            scatter += off / (expected * others) * off;
            ticks += 1;
        }
    }
    constexpr double kWindow = kDispersionWindow;
    return ticks == 0 ? 1 : std::max(1.0, scatter / ticks * kWindow / (kWindow - 1));
}

double usual_rate(std::span<const Sample> history) {
    constexpr std::size_t kWindow = 60;
    double highest = 0;
    for (; history.size() >= kWindow; history = history.subspan(kWindow)) {
        double exposures = 0;
        double events = 0;
        for (const Sample& each : history.first(kWindow)) {
            exposures += each.exposures;
            events += each.events;
        }
        if (exposures > 0) highest = std::max(highest, events / exposures);
    }
    return highest;
}

double dispersion_used(double estimated) {
    return estimated > kPlain ? kReserve * estimated : std::max(1.0, estimated);
}

}  // namespace judge
