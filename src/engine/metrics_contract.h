#pragma once
// What every Metrics does. Include it in one test file of a provider and instantiate
// MetricsContract with a function that makes a MetricsBench.

#include "engine/metrics.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>

namespace engine {

/// A data plane that sends all requests to green, whose instance answers some with 500.
class MetricsBench {
public:
    virtual ~MetricsBench() = default;
    virtual Metrics& metrics() = 0;
    virtual base::Clock& clock() = 0;
    /// So many requests that succeed, and so many that fail, come to green at least.
    virtual void request(unsigned good, unsigned bad) = 0;
    /// Lets time pass until `holds` or a while is over; returns whether it held.
    virtual bool wait_for(const std::function<bool()>& holds) = 0;
};

class MetricsContract : public testing::TestWithParam<std::unique_ptr<MetricsBench> (*)()> {
protected:
    std::unique_ptr<MetricsBench> bench = GetParam()();
    Metrics& metrics = bench->metrics();

    base::Deadline soon() { return bench->clock().deadline_in(std::chrono::seconds{5}); }
};

TEST_P(MetricsContract, requests_and_errors_are_counted_where_they_went) {
    const auto before = metrics.read(soon());
    ASSERT_TRUE(before) << before.error().line();
    bench->request(20, 5);
    judge::Counts seen;
    EXPECT_TRUE(bench->wait_for([&] {
        const auto after = metrics.read(soon());
        if (!after) return false;
        seen = judge::difference(before->green, after->green);
        return seen.requests >= 25 && seen.errors >= 5 && seen.latency.total() >= 25;
    })) << seen.requests
        << " requests, " << seen.errors << " errors";
    const auto after = metrics.read(soon());
    ASSERT_TRUE(after);
    EXPECT_EQ(judge::difference(before->blue, after->blue).requests, 0U);
}

TEST_P(MetricsContract, counters_only_grow) {
    bench->request(5, 0);
    const auto first = metrics.read(soon());
    bench->request(5, 0);
    const auto second = metrics.read(soon());
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    EXPECT_GE(second->green.requests, first->green.requests);
    EXPECT_GE(second->green.errors, first->green.errors);
}

}  // namespace engine
