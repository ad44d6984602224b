#include "edge/config.h"

#include "base/json.h"

#include <gtest/gtest.h>

#include <string>

namespace edge {
namespace {

constexpr const char* kWhole = R"({
 "listeners":[{"name":"http","address":"127.0.0.1:8080"}],
 "groups":{"blue":{"balance":"least_outstanding","health":{"path":"/ping","interval_ms":200,
   "timeout_ms":100,"healthy_after":3,"unhealthy_after":4,"status_min":200,"status_max":204}},
   "green":{}},
 "rules":[
   {"priority":100,"path":"*","forward":{}},
   {"priority":10,"path":"/static/*","assets":{"directory":"/srv/a","strip_prefix":"/static"}},
   {"priority":20,"header":{"name":"X-Pool","value":"green"},"listener":"http",
    "forward":{"weights":{"green":1,"blue":0}}},
   {"priority":30,"host":"*.org","methods":["GET"],"fixed":{"status":404,"body":"no"}},
   {"priority":40,"path":"/old","redirect":{"status":308,"location":"/new"}}],
 "limits":{"body_bytes":5000000000,"pooled_per_target":8}})";

TEST(EdgeConfig, is_read_with_its_rules_by_priority_and_printed_back) {
    const auto config = config_from(*base::json_from(kWhole));
    ASSERT_TRUE(config) << config.error().line();
    ASSERT_EQ(config->rules.size(), 5U);
    EXPECT_EQ(config->rules.front().priority, 10U);
    EXPECT_EQ(config->rules.back().priority, 100U);
    EXPECT_EQ(config->groups[0].health.unhealthy_after, 4U);
    EXPECT_EQ(config->limits.body_bytes, 5'000'000'000U);
    EXPECT_EQ(config_from(to_json(*config)), *config);
}

TEST(EdgeConfig, that_is_wrong_is_refused_with_the_place) {
    struct Row {
        const char* from;
        const char* to;
        const char* place;
    };
    for (const Row& row :
         {Row{R"("name":"http")", R"("nam":"http")", "`/listeners/0/nam`"},
          Row{"127.0.0.1:8080", "127.0.0.1", "`/listeners/0/address`"},
          Row{"127.0.0.1:8080", "127.0.0.1:99999", "`/listeners/0/address`"},
          Row{R"("priority":10,)", R"("priority":100,)", "priority`"},
          Row{R"("priority":10,)", R"("priority":50001,)", "`/rules/1/priority`"},
          Row{R"("priority":10,)", "", "`/rules/1/priority`"},
          Row{R"("green":1,)", R"("red":1,)", "`/rules/2/forward/weights/red`"},
          Row{R"("green":1,)", R"("green":0,)", "`/rules/2/forward/weights`"},
          Row{R"("green":1,)", R"("green":"1",)", "`/rules/2/forward/weights/green`"},
          Row{R"("listener":"http")", R"("listener":"https")", "`/rules/2/listener`"},
          Row{"/srv/a", "srv/a", "`/rules/1/assets/directory`"},
          Row{R"(308)", R"(305)", "`/rules/4/redirect/status`"},
          Row{"5000000000", "-1", "`/limits/body_bytes`"},
          Row{"5000000000", "1e3", "`/limits/body_bytes`"},
          Row{R"("redirect":{)", R"("fixed":{},"redirect":{)", "`/rules/4`"},
          Row{"least_outstanding", "random", "`/groups/blue/balance`"},
          Row{"/ping", "ping", "`/groups/blue/health/path`"},
          Row{"/new", "/n\\r\\nX: y", "`/rules/4/redirect/location`"}}) {
        std::string text = kWhole;
        text.replace(text.find(row.from), std::string(row.from).size(), row.to);
        const auto json = base::json_from(text);
        ASSERT_TRUE(json) << text;
        const auto config = config_from(*json);
        ASSERT_FALSE(config) << row.to;
        EXPECT_NE(config.error().diagnostic.what.find(row.place), std::string::npos)
            << row.to << ": " << config.error().line();
        EXPECT_EQ(config.error().diagnostic.code, "CF0501");
    }
    EXPECT_FALSE(config_from(base::Json::array()));
    EXPECT_FALSE(config_from(*base::json_from(R"({"groups":[1]})")));
    EXPECT_FALSE(config_from(*base::json_from(R"({"listeners":"x","rules":{},"groups":3})")));
}

}  // namespace
}  // namespace edge
