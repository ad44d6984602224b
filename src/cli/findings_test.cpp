#include "cli/findings.h"

#include "base/json.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

Refusal refusal() {
    return {ExitCode::usage,
            {{.code = "CF0113",
              .what = "there is no field `a`",
              .why = "100%",
              .fix = "did you mean: `b`?",
              .place = base::Place{"my specs/a,b.yaml", 3, 5, "    a: 1", 1}},
             {.code = "CF0701", .what = "nowhere"}}};
}

TEST(Findings, are_sarif_with_the_place_of_each) {
    const auto json = base::json_from(refusal_sarif(refusal()));
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["version"], "2.1.0");
    const base::Json run = (*json)["runs"][0];
    EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 2U);
    const base::Json place = run["results"][0]["locations"][0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"], "my%20specs/a%2Cb.yaml");
    EXPECT_EQ(place["region"]["startLine"], 3);
    EXPECT_EQ(place["region"]["endColumn"], 6);
    EXPECT_FALSE(run["results"][1].contains("locations"));
}

// What a spec says cannot begin a command of its own.
TEST(Findings, are_annotations_of_one_line_each) {
    EXPECT_EQ(refusal_annotations(refusal()),
              "::error file=my specs/a%2Cb.yaml,line=3,col=5,title=CF0113::there is no field `a`: "
              "100%25%0Adid you mean: `b`?\n"
              "::error title=CF0701::nowhere\n");
}

}  // namespace
}  // namespace cli
