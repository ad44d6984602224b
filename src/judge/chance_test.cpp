#include "judge/chance.h"

#include <gtest/gtest.h>

#include <cmath>

namespace judge {
namespace {

/// Mean and variance of `draw`, as they should be, within five standard errors.
template <class Draw>
void expect_moments(Draw draw, double mean, double variance) {
    constexpr int kDraws = 40'000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double off = draw() - mean;
        sum += off;
        squares += off * off;
    }
    EXPECT_NEAR(sum / kDraws, 0, 5 * std::sqrt(variance / kDraws)) << mean;
    EXPECT_NEAR(squares / kDraws / variance, 1, 5 * std::sqrt((2 + 1 / variance) / kDraws)) << mean;
}

TEST(Chance, poisson_counts_have_the_mean_and_the_variance_of_their_law) {
    base::Random random(1);
    for (const double mean : {0.01, 0.5, 3.0, 9.9, 10.1, 40.0, 1e4, 1e8, 1e12}) {
        expect_moments([&] { return draw_poisson(random, mean); }, mean, mean);
    }
}

TEST(Chance, binomial_counts_have_the_mean_and_the_variance_of_their_law) {
    base::Random random(2);
    for (const double trials : {1.0, 7.0, 30.0, 1000.0, 1e6, 1e12}) {
        for (const double rate : {1e-3, 0.05, 0.4, 0.7, 0.99}) {
            expect_moments([&] { return draw_binomial(random, trials, rate); }, trials * rate,
                           trials * rate * (1 - rate));
        }
    }
}

TEST(Chance, each_count_of_a_small_binomial_is_as_frequent_as_it_should_be) {
    base::Random random(3);
    constexpr int kDraws = 200'000;
    std::array<int, 41> seen{};
    for (int i = 0; i < kDraws; ++i) {
        ++seen[static_cast<std::size_t>(draw_binomial(random, 40, 0.3))];
    }
    for (std::size_t k = 0; k <= 40; ++k) {
        const auto count = static_cast<double>(k);
        const double chance =
            std::exp(std::lgamma(41) - std::lgamma(count + 1) - std::lgamma(41 - count) +
                     count * std::log(0.3) + (40 - count) * std::log(0.7));
        EXPECT_NEAR(seen[k], chance * kDraws, 5 * std::sqrt(chance * kDraws) + 2) << k;
    }
}

TEST(Chance, nothing_comes_of_nothing_and_everything_of_certainty) {
    base::Random random(4);
    EXPECT_EQ(draw_poisson(random, 0), 0);
    EXPECT_EQ(draw_binomial(random, 0, 0.5), 0);
    EXPECT_EQ(draw_binomial(random, 9, 0), 0);
    EXPECT_EQ(draw_binomial(random, 9, 1), 9);
}

TEST(Chance, clusters_have_the_mean_of_their_law_and_scatter_as_much_as_is_said) {
    base::Random random(7);
    for (const double dispersion : {1.0, 1.5, 3.0, 20.0}) {
        for (const double mean : {1.0, 30.0, 1'000.0}) {
            double sum = 0;
            double squares = 0;
            constexpr int kDraws = 20'000;
            for (int i = 0; i < kDraws; ++i) {
                const double off = draw_clustered(random, 1e6, mean / 1e6, dispersion) - mean;
                sum += off;
                squares += off * off;
            }
            EXPECT_NEAR(sum / kDraws, 0, 5 * std::sqrt(dispersion * mean / kDraws)) << dispersion;
            EXPECT_NEAR(squares / kDraws / mean / dispersion, 1, 0.25) << dispersion << ' ' << mean;
        }
    }
    EXPECT_LE(draw_clustered(random, 10, 0.4, 50), 10);
    EXPECT_EQ(draw_clustered(random, 10, 1, 50), 10);
}

}  // namespace
}  // namespace judge
