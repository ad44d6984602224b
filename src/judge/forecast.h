#pragma once
// What the judge would do: releases are drawn against an application's own traffic, good ones and
// such with a fault, and each is carried through as a run would.

#include "base/random.h"
#include "judge/ramp.h"
#include "judge/trial.h"

#include <cstdint>
#include <vector>

namespace judge {

/// A stretch of the application's traffic; failures are drawn from `rate`, in clusters.
struct Wave {
    double seconds = 10;
    double requests = 0;
    double rate = 0;
};

/// One share of a canary that rises by stops.
struct Stop {
    double share = 0;
    double seconds = 0;
};

/// How a release is carried through.
struct Way {
    std::vector<Stop> stops;  ///< None: the share follows from the evidence.
    std::vector<Metric> metrics;
    Budget budget;
    double tick_seconds = 10;
    double look_seconds = 1;    ///< How often limits are tested, and how long a rollback takes.
    double settle_seconds = 1;  ///< After each change of the share.
    double warm_up_seconds = 180;
    double bake_seconds = 0;   ///< At all traffic, with the old release warm.
    double requests_min = 20;  ///< Of the new release at a stop, and in the bake.
    bool compares = true;
    double patience_seconds = 6 * 3600;  ///< Afterwards it counts as held.
};

enum class Fate {
    done,  ///< It has all traffic, and the bake is over.
    back,  ///< It was taken back.
    held,  ///< Neither, when patience was over.
};

struct Passage {
    Fate fate = Fate::held;
    double seconds = 0;  ///< Until the fate; until it had all traffic when `done`.
    double harmed = 0;   ///< Requests that failed because of the fault.
};

/// One release with a fault that fails so large a part of requests (0: none). `waves` are passed
/// from a random place on, and again from the first after the last; at least one has requests.
Passage pass(const std::vector<Wave>& waves, const Way& way, double fault, base::Random& random);

/// Many passages with one fault.
struct Forecast {
    std::uint32_t runs = 0;
    std::uint32_t done = 0;
    std::uint32_t back = 0;
    double seconds_median = 0;  ///< Of those that ended so: `back` with a fault, else `done`.
    double seconds_most = 0;    ///< 95 of 100.
    double harmed_median = 0;
    double harmed_most = 0;
};

Forecast forecast(const std::vector<Wave>& waves, const Way& way, double fault, std::uint32_t runs,
                  base::Random& random);

}  // namespace judge
