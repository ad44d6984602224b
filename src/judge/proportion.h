#pragma once
// Whether a pool gets the share it should, as Bayes factors that are valid at every look.

namespace judge {

/// ln of Beta(prior * share, prior * (1 - share)) against exactly `share`, after `hits` of `all`.
/// Two-sided. `share` lies between 0 and 1, `prior` is above 0. Sound for 10^12 counts.
double share_evidence(double hits, double all, double share, double prior);

/// The same with a uniform prior on (share, 1]: only too many count.
double excess_share_evidence(double hits, double all, double share);

}  // namespace judge
