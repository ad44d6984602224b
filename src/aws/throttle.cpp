#include "aws/throttle.h"

#include "base/clock.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <string_view>

namespace aws {
namespace {

constexpr Rate kLoadBalancing[] = {
    {"Register", 4, 20}, {"Deregister", 4, 20}, {"Describe", 50, 200}, {"Modify", 3, 20}};
constexpr Rate kMonitoring[] = {{"GetMetricData", 50, 50}, {"DescribeAlarms", 9, 9}};
constexpr Rate kSystems[] = {{"GetParameter", 40, 40}, {"PutParameter", 3, 3}};

}  // namespace

std::span<const Rate> rates_of(std::string_view signing_name) {
    if (signing_name == "elasticloadbalancing") return kLoadBalancing;
    if (signing_name == "monitoring") return kMonitoring;
    if (signing_name == "ssm") return kSystems;
    return {};
}

Throttle::Throttle(std::span<const Rate> rates) {
    for (const Rate& rate : rates)
        buckets_.push_back({.rate = rate, .tokens = rate.burst, .as_of = {}});
}

base::Tick Throttle::reserve(std::string_view operation, base::Tick now) {
    for (Bucket& bucket : buckets_) {
        if (!operation.starts_with(bucket.rate.prefix)) continue;
        if (now > bucket.as_of) {
            const std::chrono::duration<double> passed = now - bucket.as_of;
            bucket.tokens = std::min(bucket.rate.burst,
                                     bucket.tokens + passed.count() * bucket.rate.per_second);
            bucket.as_of = now;
        }
        bucket.tokens -= 1;
        if (bucket.tokens >= 0) return now;
        const std::chrono::duration<double> wait(-bucket.tokens / bucket.rate.per_second);
        return now + std::chrono::duration_cast<std::chrono::nanoseconds>(wait);
    }
    return now;
}

}  // namespace aws
