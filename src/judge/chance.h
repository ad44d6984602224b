#pragma once
// Draws of counts, for simulating what a judge would see. Exact, and as fast for 10^12 as for 10.

#include "base/random.h"

namespace judge {

/// How many events come where `mean` are expected.
double draw_poisson(base::Random& random, double mean);

/// How many of `trials` (a whole number) succeed, each with a chance of `rate`.
double draw_binomial(base::Random& random, double trials, double rate);

}  // namespace judge
