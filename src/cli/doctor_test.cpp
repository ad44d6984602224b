#include "cli/doctor.h"

#include "cli/golden_test.h"

#include "base/json.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using base::Weight;

Checkup some() {
    Checkup out{.application = "shop", .place = "aws, eu-central-1", .findings = {}};
    out.findings = {
        {Weight::ok, "spec", {.code = "CF0710", .what = "crossfade.yaml is valid: version 1.0.0"}},
        {Weight::warning,
         "load balancer",
         {.code = "CF0867",
          .what = "it closes what is silent for 60 s",
          .why = "WebSockets whose clients ping less often than every 30 s are cut in the midst, "
                 "and connect anew all the time",
          .fix = "set `idle_timeout.timeout_seconds` to twice the clients' ping interval"}},
        {Weight::error, "rule", {.code = "CF0813", .what = "it \x1b[2Jdoes not forward"}},
    };
    return out;
}

TEST(CliDoctor, tells_each_finding_with_its_weight_and_what_to_do) {
    Checkup checkup = some();
    checkup.given_back = {"shop-blue"};
    expect_golden("doctor.txt", checkup_text(checkup, Layout{.columns = 80}));
    const std::string wide = checkup_text(checkup, Layout{});
    EXPECT_NE(wide.find("cut in the midst, and connect anew all the time\n"), std::string::npos);
}

TEST(CliDoctor, what_is_well_alone_needs_no_explanation) {
    Checkup checkup = some();
    checkup.findings.resize(1);
    EXPECT_TRUE(checkup_text(checkup, Layout{}).ends_with("\n1 well, 0 warnings, 0 errors\n"));
}

TEST(CliDoctor, in_json_a_finding_is_an_object_and_weights_are_counted) {
    const base::Json json = checkup_json(some());
    EXPECT_EQ(json.at("schema"), "crossfade.doctor/1");
    EXPECT_EQ(json.at("errors"), 1);
    EXPECT_EQ(json.at("warnings"), 1);
    EXPECT_EQ(json.at("findings").size(), 3U);
    EXPECT_EQ(json.at("findings").at(1).at("weight"), "warning");
    EXPECT_FALSE(json.at("findings").at(0).contains("fix"));
    EXPECT_EQ(json.at("given_back"), base::Json::array());
}

TEST(CliDoctor, ends_by_its_worst_finding) {
    Checkup checkup = some();
    EXPECT_EQ(code_of(checkup), ExitCode::error);
    checkup.findings.push_back({Weight::error, "account", {.code = "CF0808", .what = "none"}});
    EXPECT_EQ(code_of(checkup), ExitCode::credentials);
    checkup.findings.resize(2);
    EXPECT_EQ(code_of(checkup), ExitCode::done);
    EXPECT_EQ(code_of(Checkup{}), ExitCode::done);
}

}  // namespace
}  // namespace cli
