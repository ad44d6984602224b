#pragma once
// Draws of counts, for simulating what a judge would see. Exact, and as fast for 10^12 as for 10.

#include "base/random.h"

namespace judge {

/// How many events come where `mean` are expected.
double draw_poisson(base::Random& random, double mean);

/// How many of `trials` (a whole number) succeed, each with a chance of `rate`.
double draw_binomial(base::Random& random, double trials, double rate);

/// Gamma with this shape (above 0) and scale 1.
double draw_gamma(base::Random& random, double shape);

/// How many of `trials` fail where they fail in clusters: the mean is `trials` times `rate`, the
/// variance `dispersion` (at least 1) times as much as if they were independent.
double draw_clustered(base::Random& random, double trials, double rate, double dispersion);

}  // namespace judge
