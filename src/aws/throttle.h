#pragma once
// How often this client calls an operation at most. AWS throttles an account as a whole: who asks
// too often takes from the account's other tools, and from the way back.

#include "base/clock.h"

#include <span>
#include <string_view>
#include <vector>

namespace aws {

/// Of all operations whose name begins so; they share one bucket.
struct Rate {
    std::string_view prefix;
    double per_second = 0;
    double burst = 0;
};

/// By a service's signing name; nothing where AWS publishes nothing and nobody measured. Sources:
/// aws-load-balancer-controller's defaults for ELB, AWS's quotas for CloudWatch and Systems
/// Manager.
std::span<const Rate> rates_of(std::string_view signing_name);

/// Token buckets, full at first. Pure: whoever waits owns the time.
class Throttle {
public:
    explicit Throttle(std::span<const Rate> rates);

    /// From when on a call may leave; it counts as having left then.
    base::Tick reserve(std::string_view operation, base::Tick now);

private:
    struct Bucket {
        Rate rate;
        double tokens = 0;
        base::Tick as_of;
    };
    std::vector<Bucket> buckets_;
};

}  // namespace aws
