#pragma once
// Complete periods from CloudWatch, of a minute where nothing else is said. Load balancers report
// once a minute, the newest one is not whole for a while, and a counter that stayed at zero is
// absent.

#include "aws/client.h"
#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace aws {

struct Series {
    std::string name;       ///< `RequestCount`
    std::string statistic;  ///< `Sum`, or a percentile rank as `PR(:0.1)`.
    std::vector<std::pair<std::string, std::string>> dimensions;
    std::string space = "AWS/ApplicationELB";
};

/// By the start of the minute.
using Minutes = std::map<base::Instant, double>;

/// How long one is: a minute for load balancers of AWS; awsbox can count in seconds.
using Period = std::chrono::seconds;
inline constexpr Period kMinute = std::chrono::minutes(1);

/// Until when they are whole at `now`: the newest one is left out.
base::Instant whole_until(base::Instant now, Period period = kMinute);
/// The first whole one that begins at or after `at`.
base::Instant next_minute(base::Instant at, Period period = kMinute);

/// One Minutes a series, in order: all of them or an error, `unavailable` (CF0815) where the
/// service itself says that its answer is not whole (P8).
base::Result<std::vector<Minutes>> minutes(Client& monitoring, const std::vector<Series>& series,
                                           base::Instant from, base::Instant until,
                                           const Terms& terms, Period period = kMinute);

/// The dimension's value in an ARN: `app/name/id`, `targetgroup/name/id`.
std::string dimension_of(const std::string& arn);

}  // namespace aws
