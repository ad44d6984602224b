#pragma once
// Evidence in words that a person can check against the counts.

#include "judge/trial.h"

#include <string>

namespace judge {

/// `1,234,567`; fractions below ten keep two digits.
std::string count_text(double count);

/// A rate difference as the metric tells it: `3.1 points`.
std::string difference_text(const Metric& metric, double difference);

/// `61 failed requests in 1,000 requests of the new release, 44 in 9,000 of the old`.
std::string counts_text(const Metric& metric, const Tick& total);

/// `odds 4,421 to 1`, from nats.
std::string odds_text(double log_evidence);

}  // namespace judge
