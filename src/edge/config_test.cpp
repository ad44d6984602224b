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
    "forward":{"weights":{"green":1,"blue":0},"cohort":{"cookie":"place","salt":"s"},
             "sockets":"swap"}},
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

constexpr const char* kAlb = R"({
 "listeners":[{"name":"http","address":"127.0.0.1:8080"}],
 "groups":{"blue":{"balance":"weighted_random","health":{"matcher":"200,300-302"},
     "stickiness":{"kind":"lb_cookie","duration_s":60},
     "minimum_healthy":{"count":2,"percentage":50},"deregistration_delay_ms":1000},
   "green":{"slow_start_ms":30000,"stickiness":{"kind":"app_cookie","cookie":"SID"}},
   "calls":{"protocol":"grpc","health":{"grpc_status_min":0,"grpc_status_max":12}},
   "streams":{"protocol":"http2"}},
 "rules":[
   {"priority":1,"path":["/a/*","/b"],"host":["x.org"],"source":["10.0.0.0/8","::1"],
    "fixed":{"status":200}},
   {"priority":2,"query":[{"key":"v","value":"1*"},{"value":"beta"}],
    "header":[{"name":"X-A","value":["1","2"]},{"name":"X-B","value":"?"}],
    "forward":{"weights":{"blue":9,"green":1},"stickiness_s":3600}}],
 "attributes":{"forwarded_for":"preserve","client_port":true,"preserve_host":false,
   "drop_invalid_fields":true,"trace_context":false,"desync":"strictest",
   "answer_fields":{"Server":"","X-Frame-Options":"DENY"}},
 "limits":{"connection_lifetime_ms":60000,"requests_per_connection":7,
   "connections_per_address":3}})";

TEST(EdgeConfig, says_all_that_a_load_balancer_of_aws_can_be_told) {
    const auto config = config_from(*base::json_from(kAlb));
    ASSERT_TRUE(config) << config.error().line();
    EXPECT_EQ(config_from(to_json(*config)), *config);
    EXPECT_EQ(config->groups[0].minimum_healthy.percentage, 50U);
    const Group* calls = find_group(*config, "calls");
    ASSERT_NE(calls, nullptr);
    EXPECT_EQ(calls->health.path, "/AWS.ALB/healthcheck");
    EXPECT_EQ(calls->health.grpc_matcher.most, 12U);
    EXPECT_TRUE(config->groups[0].health.passes(301));
    EXPECT_FALSE(config->groups[0].health.passes(201));
    EXPECT_EQ(config->rules[1].when.queries[1].value, "beta");
    EXPECT_EQ(config->attributes.desync, Desync::strictest);
    struct Row {
        const char* from;
        const char* to;
        const char* place;
    };
    for (const Row& row :
         {Row{"300-302", "302-300", "`/groups/blue/health/matcher`"},
          Row{"300-302", "1xx", "`/groups/blue/health/matcher`"},
          Row{"200,", ",", "`/groups/blue/health/matcher`"},
          Row{"lb_cookie", "cookie", "`/groups/blue/stickiness/kind`"},
          Row{R"("SID")", R"("AWSALB")", "`/groups/green/stickiness/cookie`"},
          Row{R"(,"cookie":"SID")", "", "`/groups/green/stickiness/cookie`"},
          Row{R"("duration_s":60)", R"("duration_s":604801)", "stickiness/duration_s`"},
          Row{R"("green":{)", R"("green":{"balance":"least_outstanding",)", "slow_start_ms`"},
          Row{"10.0.0.0/8", "10.0.0.0/33", "`/rules/0/source`"},
          Row{"10.0.0.0/8", "ten", "`/rules/0/source`"},
          Row{R"(["x.org"])", R"(["x.org","y.org"])", "`/rules/0`"},  // six values
          Row{R"("/b")", R"("/*/?/?/??")", "`/rules/0`"},             // six wildcards
          Row{R"(["x.org"])", R"([])", "`/rules/0/host`"},
          Row{R"({"value":"beta"})", R"({"key":"beta"})", "`/rules/1/query/1/value`"},
          Row{R"("name":"X-B",)", "", "`/rules/1/header/1/name`"},
          Row{"preserve", "keep", "`/attributes/forwarded_for`"},
          Row{"strictest", "strict", "`/attributes/desync`"},
          Row{R"("client_port":true)", R"("client_port":1)", "`/attributes/client_port`"},
          Row{"X-Frame-Options", "Content-Length", "answer_fields/Content-Length`"},
          Row{"X-Frame-Options", "X Frame", "answer_fields/X Frame`"}}) {
        std::string text = kAlb;
        text.replace(text.find(row.from), std::string(row.from).size(), row.to);
        const auto json = base::json_from(text);
        ASSERT_TRUE(json) << text;
        const auto refused = config_from(*json);
        ASSERT_FALSE(refused) << row.to;
        EXPECT_NE(refused.error().diagnostic.what.find(row.place), std::string::npos)
            << row.to << ": " << refused.error().line();
    }
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
          Row{R"("swap")", R"("move")", "`/rules/2/forward/sockets`"},
          Row{R"("cookie":"place",)", "", "`/rules/2/forward/cohort`"},
          Row{R"("salt":"s")", R"("header":"X-User")", "`/rules/2/forward/cohort`"},
          Row{R"("place")", R"("my place")", "`/rules/2/forward/cohort`"},
          Row{R"("place")", R"("AWSALBTG")", "`/rules/2/forward/cohort/cookie`"},
          Row{R"("sockets":"swap")", R"("stickiness_s":60)", "`/rules/2/forward/cohort`"},
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
