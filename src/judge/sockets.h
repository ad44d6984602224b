#pragma once
// What a release can do wrong to users besides failing their requests, as metrics of a trial.

#include "judge/trial.h"

namespace judge {

/// Failed requests in requests.
Metric errors_metric();

/// WebSockets ended without a close frame, per connection-second (open at the tick's start times
/// its length). Closes that the controller brings about by draining are not to be counted.
Metric drops_metric();

/// Upgrades that were not answered 101, per attempt.
Metric upgrades_metric();

/// Instances that ended and came back, per instance-second: only against a limit of one an
/// instance-hour, because nothing of the old release is comparable.
Metric restarts_metric();

}  // namespace judge
