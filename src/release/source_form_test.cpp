// Metrics of other systems and previews and cohorts, as they stand in specs and plans.

#include "release/placeholder.h"
#include "release/sample.h"
#include "release/sourced.h"

#include <gtest/gtest.h>

namespace release {
namespace {

TEST(Bound, is_a_number_with_its_side) {
    for (const char* text : {"at most 0", "at least 1", "at most 0.5", "at least 100.000001",
                             "at most 999999999999.5"}) {
        const auto bound = bound_from(text);
        ASSERT_TRUE(bound) << text;
        EXPECT_EQ(to_text(*bound), text);
    }
    EXPECT_EQ(bound_from("at most 0.50")->millionths, 500'000U);
    for (const char* wrong :
         {"", "5", "at most", "at most -1", "at most 1.", "at most .5", "at most 01", "at most 1e3",
          "at most 0.0000001", "below 3", "at most 1000000000000", "at most 5 "}) {
        EXPECT_FALSE(bound_from(wrong)) << wrong;
    }
}

TEST(SourcePlaceholders, are_apart_from_those_of_instances) {
    const auto names =
        placeholders_in("a{v=\"${version}\",p=\"${pool}\"}", source_placeholder_names());
    ASSERT_TRUE(names);
    EXPECT_EQ(*names, (std::vector<std::string>{"version", "pool"}));
    EXPECT_FALSE(placeholders_in("${port}", source_placeholder_names()));
    EXPECT_FALSE(placeholders_in("${version}"));
}

TEST(PlanOfMetrics, comes_back_from_json_and_keeps_its_digest_without_them) {
    Spec spec = sample_spec();
    const Present present = sample_present(sample_release("r1", "1.0.0"));
    const auto plain = plan_release(spec, sample_release("r2", "1.0.1"), present, std::nullopt);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plan_to_json(*plain).find("\"metrics\""), std::string::npos);
    EXPECT_EQ(plan_to_json(*plain).find("\"preview\""), std::string::npos);

    SourcedMetric metric;
    metric.name = "queue";
    metric.http.emplace().secret = {SecretSource::Kind::environment, "QUEUE_URL"};
    metric.headers["Authorization"] = {SecretSource::Kind::file, "secrets/header"};
    metric.limit = *bound_from("at least 0.25");
    spec.guard.metrics = {metric};
    metric.name = "orders";
    metric.http.reset();
    metric.limit.reset();
    metric.prometheus = PrometheusQueries{.server = {"http://127.0.0.1:9090", {}},
                                          .failed = "lost{v=\"${version}\"}",
                                          .total = "orders{v=\"${version}\"}",
                                          .gauge = {}};
    spec.guard.metrics.push_back(metric);
    spec.strategy.preview = Preview{.value = {SecretSource::Kind::file, "secrets/preview"}};
    spec.strategy.cohort = Cohort{.header = "X-User", .cookie = {}};
    const auto plan = plan_release(spec, sample_release("r2", "1.0.1"), present, std::nullopt);
    ASSERT_TRUE(plan);
    const auto read = plan_from_json(plan_to_json(*plan));
    ASSERT_TRUE(read) << read.error().line();
    EXPECT_EQ(*read, *plan);
    EXPECT_NE(digest_of(*plan), digest_of(*plain));
    EXPECT_NE(plan_to_text(*plan).find("X-Preview"), std::string::npos);
    EXPECT_NE(plan_to_text(*plan).find("header `X-User`"), std::string::npos);
}

TEST(PlanOfMetrics, says_where_they_are_not_looked_at) {
    Spec spec = sample_spec();
    spec.guard.metrics.emplace_back().name = "orders";
    const Present present = sample_present(sample_release("r1", "1.0.0"));
    for (const auto& [forced, wanted] : {std::pair{StrategyKind::rolling, true},
                                         {StrategyKind::recreate, true},
                                         {StrategyKind::blue_green, false}}) {
        const auto plan = plan_release(spec, sample_release("r2", "1.0.1"), present, forced);
        ASSERT_TRUE(plan) << plan.error().line();
        const bool said = plan_to_text(*plan).find("`guard.metrics`") != std::string::npos;
        EXPECT_EQ(said, wanted) << name_of(forced);
    }
}

}  // namespace
}  // namespace release
