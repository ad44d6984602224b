#pragma once
// Errors come in clusters: one user who retries, one instance that stumbles. All evidence is
// divided by how much more the old release's counts scatter than independent events would.

#include "judge/tick.h"
#include "judge/trial.h"

#include <span>

namespace judge {

/// One tick of the old release alone.
struct Sample {
    double exposures = 0;
    double events = 0;
};

/// Ticks around whose common rate scatter is measured, so that a slow drift is not scatter.
inline constexpr std::size_t kDispersionWindow = 6;

/// Pearson's chi-square per degree of freedom over windows of `kDispersionWindow` ticks, at least
/// 1; a last window that is not full is left out. 1 where nothing happened. Half an hour of ticks
/// (180) is a good history. Common events scatter less by themselves, as many as they are.
double dispersion_of(std::span<const Sample> history, Events frequency = Events::rare);

/// What to divide by: half as much again once scatter is plain, for an estimate from few clusters
/// is more often too low than too high.
double dispersion_used(double estimated);

/// The rate that is still usual: the highest of any ten minutes (60 ticks) of the history, so that
/// the daily tide is no fault. 0 without a whole such window.
double usual_rate(std::span<const Sample> history);

}  // namespace judge
