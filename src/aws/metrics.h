#pragma once
// engine::Metrics from CloudWatch: what the load balancer counted per target group.

#include "aws/client.h"
#include "aws/minutes.h"
#include "aws/rule.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/metrics.h"
#include "judge/counts.h"

#include <string>
#include <vector>

namespace aws {

/// Counts are of whole minutes, so they are one to two minutes old; the newest is left out. An
/// error is a 5xx of a target, or a connection to it that failed; what the load balancer answers
/// itself has no target group and is not here. Latencies come from percentile ranks: each request
/// counts at the upper end of its range. Sockets are not in an ALB's metrics.
class Metrics final : public engine::Metrics {
public:
    Metrics(std::string load_balancer, Groups groups, Client& monitoring, base::Clock& clock,
            Period period = kMinute);

    /// Counts from the first whole minute after this object was made. A lost reading costs
    /// nothing: its minutes are in the next one.
    base::Result<judge::PoolCounts> read(base::Deadline deadline) override;
    std::chrono::milliseconds age(base::Instant now) const override;
    /// One stretch a period; at most three hours of it.
    base::Result<std::vector<engine::Past>> past(base::Instant since,
                                                 base::Deadline deadline) override;

private:
    base::Result<std::vector<engine::Past>> between(base::Instant from, base::Instant until,
                                                    base::Deadline deadline);

    std::vector<Series> series_;
    Client* monitoring_;
    Period period_;
    base::Clock* clock_;
    base::Instant counted_until_;
    judge::PoolCounts counts_;
};

}  // namespace aws
