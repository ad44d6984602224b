#pragma once
// The time-uniform Dvoretzky-Kiefer-Wolfowitz band of Howard and Ramdas (Bernoulli 28(3), 2022):
// the rival of exceedance counts for latency, and several times weaker.

namespace bench {

/// The constant C for which the band misses with a chance of `alpha`, with factor `a`.
double band_constant(double alpha, double a);

/// Half the width of the band after `count` values.
double band_radius(double constant, double a, double count);

}  // namespace bench
