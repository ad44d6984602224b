// The vectors of known_answers.json, each computed with 50 digits straight from its formula.
// Those of rival methods are tested beside them, in bench/judge.

#include "judge/bounds.h"
#include "judge/dispersion.h"
#include "judge/logs.h"
#include "judge/mixture.h"
#include "judge/proportion.h"
#include "judge/ramp.h"
#include "judge/tick.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

namespace judge {
namespace {

using Json = nlohmann::json;
using Answers = std::map<std::string, Json>;

std::vector<double> numbers(const Json& array) {
    return array.get<std::vector<double>>();
}

double ratio_of(const Json& value) {
    return value.is_array() ? value[0].get<double>() / value[1].get<double>() : value.get<double>();
}

Tick tick_of(const Json& in) {
    return {.canary = in.at("n_c"),
            .baseline = in.at("n_b"),
            .canary_events = in.at("e_c"),
            .baseline_events = in.at("e_b")};
}

std::vector<Tick> ticks_of(const Json& in) {
    std::vector<Tick> ticks;
    for (const Json& row : in.at("ticks")) ticks.push_back({row[0], row[1], row[2], row[3]});
    return ticks;
}

Answers one_tick(const Json& in) {
    const Tick tick = tick_of(in);
    const Stakes stakes = stakes_of(tick, in.at("r"), in.at("rho"));
    return {{"a", stakes.canary},
            {"b", stakes.baseline},
            {"g", evidence(tick, in.at("r"), {in.at("rho"), in.at("delta")})}};
}

Answers switching_mixture(const Json& in) {
    const auto bets = numbers(in.at("bets"));
    Mixture mixture(bets.size(),
                    {.sleeping = in.at("sleep"),
                     .waking = ratio_of(in.at("h")),
                     .gain_max = in.at("cap").is_null() ? HUGE_VAL : in.at("cap").get<double>()});
    Answers answers{{"ln_E", Json::array()}, {"g_per_bet", Json::array()}, {"abort_at_tick", {}}};
    int number = 0;
    for (const Tick& tick : ticks_of(in)) {
        ++number;
        std::vector<double> raw;
        std::vector<double> gains;
        for (const double bet : bets) {
            raw.push_back(evidence(tick, bet, {in.at("rho"), in.at("delta")}));
            gains.push_back(raw.back() / in.at("phi").get<double>());
        }
        mixture.add(gains);
        answers["g_per_bet"].push_back(raw);
        answers["ln_E"].push_back(mixture.log_evidence());
        const bool over = mixture.log_evidence() >= -std::log(in.at("alpha").get<double>());
        if (over && answers["abort_at_tick"].is_null()) answers["abort_at_tick"] = number;
    }
    return answers;
}

Bounds bounds_of(const Json& in) {
    Bounds bounds;
    for (const Tick& tick : ticks_of(in)) bounds.add(tick, 1);
    return bounds;
}

Answers bernoulli(const Json& in) {
    // The rates are steps on the way; what they must be follows from the odds.
    const double base = in.at("theta_b");
    const double ratio = ratio_of(in.at("r"));
    const double odds = ratio * base / (1 - base);
    const Tick tick = tick_of(in);
    return {{"theta_c", odds / (1 + odds)},
            {"theta_0", (tick.canary * odds / (1 + odds) + tick.baseline * base) /
                            (tick.canary + tick.baseline)},
            {"g", common_evidence(tick, base, ratio)}};
}

Answers ramp(const Json& in) {
    const double upper =
        in.contains("upper") ? in.at("upper").get<double>() : bounds_of(in).upper(in.at("beta"));
    const Budget budget{.harm_max = in.at("budget"), .spend = in.at("kappa")};
    const Footing footing{.requests_per_second = in.at("lambda"),
                          .reaction_seconds = in.at("t_react"),
                          .spent = in.at("spent"),
                          .worse_at_most = upper};
    const Json& previous = in.at("previous_w");
    return {{"uncapped_w", affordable_weight(budget, footing)},
            {"w", previous.is_null() ? affordable_weight(budget, footing)
                                     : next_weight(budget, footing, previous.get<double>())}};
}

Answers dispersion(const Json& in) {
    std::vector<Sample> history;
    for (std::size_t i = 0; i < in.at("n").size(); ++i) {
        history.push_back({in.at("n")[i], in.at("e")[i]});
    }
    return {{"phi", dispersion_of(history)}};
}

Answers expected_wealth(const Json& in) {
    return {{"E", expectation({.canary = in.at("n_c"), .baseline = in.at("n_b")}, in.at("p_b"),
                              in.at("r"), {in.at("rho"), in.at("delta")})}};
}

/// What the code says to one case; empty where the case belongs to a rival.
Answers answers_to(const std::string& formula, const Json& in) {
    if (formula == "tick") return one_tick(in);
    if (formula == "absolute_guard") {
        return {{"g", absolute_evidence(in.at("n"), in.at("e"), in.at("p_star"), in.at("a"))}};
    }
    if (formula == "switching_mixture") return switching_mixture(in);
    if (formula == "bounds") {
        const Bounds bounds = bounds_of(in);
        return {{"lower", bounds.lower(in.at("alpha"))}, {"upper", bounds.upper(in.at("beta"))}};
    }
    if (formula == "beta_binomial") {
        return {{"ln_B", share_evidence(in.at("s"), in.at("n"), in.at("theta0"), in.at("k"))}};
    }
    if (formula == "one_sided_uniform") {
        return {{"ln_B", excess_share_evidence(in.at("s"), in.at("n"), in.at("theta0"))}};
    }
    if (formula == "bernoulli") return bernoulli(in);
    if (formula == "merge") {
        return {{"ln_E", log_mean(numbers(in.at("ln_E")), numbers(in.at("weights")))}};
    }
    if (formula == "sign") return {{"ln_E", sign_evidence(in.at("worse"), in.at("blocks"))}};
    if (formula == "information") return {{"I", nats_per_event(in.at("r"), in.at("w"))}};
    if (formula == "ramp") return ramp(in);
    if (formula == "expectation") return expected_wealth(in);
    if (formula == "dispersion") return dispersion(in);
    return {};
}

void expect_close(const Json& got, const Json& want, double relative, const std::string& what) {
    if (want.is_array()) {
        ASSERT_EQ(got.size(), want.size()) << what;
        for (std::size_t i = 0; i < want.size(); ++i) {
            expect_close(got[i], want[i], relative, what);
        }
    } else if (want.is_number_float()) {
        const double value = want.get<double>();
        EXPECT_NEAR(got.get<double>(), value, relative * std::abs(value)) << what;
    } else {
        EXPECT_EQ(got, want) << what;
    }
}

TEST(KnownAnswers, every_case_is_reproduced_to_nine_digits) {
    std::ifstream file(CROSSFADE_SOURCE_DIR "/src/judge/known_answers.json");
    const Json cases = Json::parse(file).at("cases");
    int answered = 0;
    for (const Json& each : cases) {
        const std::string id = each.at("id");
        const Answers answers = answers_to(each.at("formula"), each.at("inputs"));
        if (answers.empty()) continue;
        ++answered;
        const double relative = each.at("tolerance").at("*").at("rel");
        for (const auto& [name, want] : each.at("expected").items()) {
            ASSERT_TRUE(answers.contains(name)) << id << ' ' << name;
            expect_close(answers.at(name), want, relative, id + ' ' + name);
        }
    }
    EXPECT_EQ(cases.size(), 34U);
    EXPECT_EQ(answered, 29);
}

}  // namespace
}  // namespace judge
