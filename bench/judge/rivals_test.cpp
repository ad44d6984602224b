// The known answers of the methods that the judge is compared with.

#include "band.h"
#include "mann_whitney.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

namespace bench {
namespace {

using Json = nlohmann::json;

std::vector<Json> cases_of(const std::string& formula) {
    std::ifstream file(CROSSFADE_SOURCE_DIR "/src/judge/known_answers.json");
    std::vector<Json> found;
    const Json known = Json::parse(file);
    for (const Json& each : known.at("cases")) {
        if (each.at("formula") == formula) found.push_back(each);
    }
    return found;
}

TEST(Kayenta, its_classifier_passes_seven_of_ten_points_at_a_hundredfold) {
    const auto cases = cases_of("mann_whitney_shift");
    ASSERT_EQ(cases.size(), 2U);
    for (const Json& each : cases) {
        const auto x = each.at("inputs").at("experiment").get<std::vector<double>>();
        const auto y = each.at("inputs").at("control").get<std::vector<double>>();
        const Shift shift = shift_between(x, y, each.at("inputs").at("confidence"));
        EXPECT_NEAR(shift.lower, each.at("expected").at("lower"), 1e-4);
        EXPECT_NEAR(shift.upper, each.at("expected").at("upper"), 1e-4);
        EXPECT_NEAR(shift.estimate, each.at("expected").at("estimate"), 1e-4);
        EXPECT_EQ(is_high(x, y), each.at("expected").at("verdict") == "High");
    }
}

TEST(MannWhitney, statistic_and_p_values_with_ties) {
    const auto cases = cases_of("mann_whitney_u");
    ASSERT_EQ(cases.size(), 1U);
    const Json& in = cases[0].at("inputs");
    const Json& want = cases[0].at("expected");
    const auto x = in.at("x").get<std::vector<double>>();
    const auto y = in.at("y").get<std::vector<double>>();
    const RankSum sum = rank_sum(x, y);
    EXPECT_EQ(sum.u, want.at("U").get<double>());
    const double tail = 0.5 * std::erfc(std::abs(sum.standard) / std::sqrt(2));
    EXPECT_NEAR(tail, want.at("p_one_sided"), 1e-9 * tail);
    EXPECT_NEAR(2 * tail, want.at("p_two_sided"), 2e-9 * tail);
    const Shift shift = shift_between(x, y, in.at("confidence"));
    EXPECT_NEAR(shift.lower, want.at("lower"), 2e-4);
    EXPECT_NEAR(shift.upper, want.at("upper"), 2e-4);
    EXPECT_NEAR(shift.estimate, want.at("estimate"), 2e-4);
}

TEST(Band, constants_are_those_of_the_paper) {
    for (const Json& each : cases_of("dkw_constant")) {
        const Json& in = each.at("inputs");
        const double constant = band_constant(in.at("alpha"), in.at("A"));
        EXPECT_NEAR(constant, each.at("expected").at("C"), 1e-5);
        EXPECT_NEAR(band_radius(constant, in.at("A"), in.at("n")), each.at("expected").at("radius"),
                    1e-7);
    }
}

TEST(Normal, quantiles_are_right_to_twelve_digits) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
    EXPECT_NEAR(normal_quantile(0.01), -2.3263478740408408, 1e-12);
    EXPECT_NEAR(normal_quantile(1e-15), -7.941345326170997, 1e-9);
    EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
}

}  // namespace
}  // namespace bench
