#include "base/histogram.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Histograms, put_each_value_into_the_bucket_that_ends_at_or_above_it) {
    for (std::uint64_t micros = 1; micros < 900'000'000; micros += micros / 3 + 1) {
        const std::size_t bucket = Histogram::bucket_of(micros);
        EXPECT_GE(Histogram::upper_micros(bucket), micros);
        if (bucket > 0) {
            EXPECT_LT(Histogram::upper_micros(bucket - 1), micros);
        }
    }
}

TEST(Histograms, give_quantiles_within_a_bucket) {
    Histogram histogram;
    EXPECT_EQ(histogram.quantile_micros(990), 0U);
    for (std::uint64_t i = 1; i <= 1000; ++i) histogram.add(i * 100);
    EXPECT_NEAR(static_cast<double>(histogram.quantile_micros(990)), 99'000.0, 9'000.0);
    EXPECT_NEAR(static_cast<double>(histogram.quantile_micros(500)), 50'000.0, 5'000.0);
}

}  // namespace
}  // namespace base
