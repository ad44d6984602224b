#include "load/histogram.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace load {
namespace {

TEST(LoadHistogram, is_exact_where_three_digits_are_whole_numbers) {
    Histogram histogram;
    for (std::uint64_t micros = 1; micros <= 2000; ++micros) histogram.add(micros);
    EXPECT_EQ(histogram.at(0.5), 1000);
    EXPECT_EQ(histogram.at(0.99), 1980);
    EXPECT_EQ(histogram.at(1.0), 2000);
    EXPECT_EQ(histogram.at(0.0), 1);
    EXPECT_DOUBLE_EQ(histogram.mean_micros(), 1000.5);
}

TEST(LoadHistogram, stays_within_a_thousandth_of_the_exact_quantile) {
    base::Random random(7);
    std::vector<std::uint64_t> exact;
    Histogram histogram;
    for (int i = 0; i < 20'000; ++i) {
        const auto micros = static_cast<std::uint64_t>(std::exp(random.unit() * 17.9)) + 1;
        exact.push_back(micros);
        histogram.add(micros);
    }
    std::sort(exact.begin(), exact.end());
    for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 20'000)) - 1;
        const auto wanted = static_cast<double>(exact[rank]);
        EXPECT_GE(static_cast<double>(histogram.at(share)), wanted) << share;
        EXPECT_LE(static_cast<double>(histogram.at(share)), wanted * 1.001) << share;
    }
    EXPECT_EQ(histogram.max_micros(), exact.back());
}

TEST(LoadHistogram, merged_ones_answer_like_one_that_saw_all) {
    base::Random random(8);
    Histogram all, one, other;
    for (int i = 0; i < 5'000; ++i) {
        const std::uint64_t micros = random.below(30'000'000);
        all.add(micros);
        (i % 3 == 0 ? one : other).add(micros);
    }
    one += other;
    EXPECT_EQ(one.count(), all.count());
    EXPECT_EQ(one.min_micros(), all.min_micros());
    EXPECT_DOUBLE_EQ(one.mean_micros(), all.mean_micros());
    for (const double share : {0.1, 0.5, 0.99, 1.0}) EXPECT_EQ(one.at(share), all.at(share));
}

TEST(LoadHistogram, counts_what_lies_above_its_range_as_the_highest_and_says_so) {
    Histogram histogram;
    histogram.add(61'000'000);
    EXPECT_EQ(histogram.clipped(), 1);
    EXPECT_EQ(histogram.max_micros(), Histogram::kHighestMicros);
    EXPECT_EQ(histogram.at(1.0), Histogram::kHighestMicros);
}

TEST(LoadHistogram, answers_zero_where_nothing_was_counted) {
    Histogram histogram;
    histogram.add(5);
    histogram.clear();
    EXPECT_EQ(histogram.at(0.99), 0);
    EXPECT_EQ(histogram.mean_micros(), 0);
    EXPECT_EQ(latency_of(histogram).count, 0);
    histogram.add(9);
    EXPECT_EQ(histogram.min_micros(), 9);
}

TEST(LoadHistogram, writes_a_distribution_that_ends_at_the_maximum) {
    Histogram histogram;
    for (std::uint64_t micros = 1000; micros <= 100'000; micros += 100) histogram.add(micros);
    const std::string text = histogram.hgrm();
    EXPECT_NE(text.find("Value"), std::string::npos);
    EXPECT_NE(text.find("     100.000 1.000000000000        991"), std::string::npos) << text;
    EXPECT_NE(text.find("0.500000000000"), std::string::npos);
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 100);
}

}  // namespace
}  // namespace load
