// The generated tables, compared with an independent reading of the models they were made from.
#include "aws/client.h"
#include "aws/key.h"
#include "aws/model_test.h"
#include "aws/models/autoscaling.h"
#include "aws/models/cloudfront.h"
#include "aws/models/cloudwatch.h"
#include "aws/models/ec2.h"
#include "aws/models/elbv2.h"
#include "aws/models/rds.h"
#include "aws/models/s3.h"
#include "aws/models/ssm.h"
#include "aws/models/sts.h"
#include "aws/waiter.h"
#include "base/file.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace aws {
namespace {

struct Made {
    const char* service;
    Protocol protocol;
    std::vector<const Operation*> operations;
};

const std::vector<Made>& all_made() {
    static const std::vector<Made> kAll = {
        {"sts", Protocol::query, {&sts::kAssumeRole, &sts::kAssumeRoleWithWebIdentity}},
        {"elbv2", Protocol::query, {&elbv2::kDescribeRules, &elbv2::kModifyRule}},
        {"autoscaling", Protocol::query, {&autoscaling::kDescribeAutoScalingGroups}},
        {"ec2", Protocol::ec2, {&ec2::kDescribeInstances, &ec2::kCreateLaunchTemplateVersion}},
        {"s3", Protocol::rest_xml, {&s3::kListParts, &s3::kCompleteMultipartUpload}},
        {"cloudfront", Protocol::rest_xml, {&cloudfront::kCreateInvalidation}},
        {"cloudwatch", Protocol::query, {&cloudwatch::kGetMetricData}},
        {"ssm", Protocol::json, {&ssm::kSendCommand, &ssm::kGetParametersByPath}},
        {"rds", Protocol::query, {&rds::kCreateDBSnapshot, &rds::kDescribeDBSnapshots}},
    };
    return kAll;
}

void expect_same(const Shape& made, const Shape& read, std::set<const Shape*>& seen);

void expect_same(const Member& made, const Member& read, std::set<const Shape*>& seen) {
    EXPECT_EQ(made.name, read.name);
    EXPECT_EQ(made.wire_name, read.wire_name) << made.name;
    EXPECT_EQ(made.query_name, read.query_name) << made.name;
    EXPECT_EQ(made.xml_namespace, read.xml_namespace) << made.name;
    EXPECT_EQ(made.xml_prefix, read.xml_prefix) << made.name;
    EXPECT_EQ(made.location, read.location) << made.name;
    EXPECT_EQ(made.time, read.time) << made.name;
    EXPECT_EQ(made.flattened, read.flattened) << made.name;
    EXPECT_EQ(made.xml_attribute, read.xml_attribute) << made.name;
    ASSERT_EQ(made.shape == nullptr, read.shape == nullptr) << made.name;
    if (made.shape != nullptr) expect_same(*made.shape, *read.shape, seen);
}

void expect_same(const Shape& made, const Shape& read, std::set<const Shape*>& seen) {
    ASSERT_EQ(made.type, read.type);
    if (made.type != Type::structure && made.type != Type::list && made.type != Type::map) return;
    if (!seen.insert(&made).second) return;
    EXPECT_EQ(made.payload, read.payload);
    ASSERT_EQ(made.members.size(), read.members.size());
    for (std::size_t i = 0; i < made.members.size(); ++i)
        expect_same(made.members[i], read.members[i], seen);
}

TEST(Models, the_tables_say_what_the_models_say) {
    for (const Made& made : all_made()) {
        SCOPED_TRACE(made.service);
        const auto text = base::read_file(
            CROSSFADE_SOURCE_DIR "/src/aws/models/" + std::string(made.service) + ".json",
            base::Bytes{1 << 20});
        ASSERT_TRUE(text);
        const OrderedJson suite = OrderedJson::parse(*text);
        Model model(made.protocol, suite);
        const OrderedJson& operations = suite.at("operations");
        std::set<const Shape*> seen;
        for (const Operation* const each : made.operations) {
            SCOPED_TRACE(each->name);
            Operation read = model.operation(operations.at(std::string(each->name)));
            // CloudFront's models name the version once more.
            read.input.name = read.output.name = each->name;
            EXPECT_EQ(each->protocol, read.protocol);
            EXPECT_EQ(each->method, read.method);
            if (made.protocol == Protocol::json) {
                EXPECT_EQ(each->target, read.target);
            }
            expect_same(each->input, read.input, seen);
            expect_same(each->output, read.output, seen);
        }
        EXPECT_GT(seen.size(), 5U);
    }
}

TEST(Models, a_bucket_stands_in_the_endpoint_and_not_in_the_path) {
    EXPECT_EQ(s3::kPutObject.uri, "/{Key+}");
    EXPECT_EQ(s3::kListObjectsV2.uri, "/?list-type=2");
    EXPECT_EQ(s3::kHeadBucket.uri, "/");
}

TEST(Models, only_what_reads_may_be_asked_twice) {
    EXPECT_EQ(elbv2::kDescribeRules.effect, Effect::reads);
    EXPECT_EQ(elbv2::kModifyRule.effect, Effect::changes);
    EXPECT_EQ(sts::kAssumeRoleWithWebIdentity.signing, Signing::nobody);
    EXPECT_EQ(elbv2::kDescribeRules.paging.gives, "NextMarker");
}

TEST(Models, keys_read_and_change_and_leave_the_rest) {
    Value rule = Entries{elbv2::Rule::rule_arn("arn:1"), elbv2::Rule::priority("5")};
    EXPECT_EQ(elbv2::Rule::rule_arn.of(rule), "arn:1");
    EXPECT_EQ(elbv2::Rule::is_default.find(rule), nullptr);
    elbv2::Rule::rule_arn.put(rule, "arn:2");
    elbv2::Rule::is_default.put(rule, true);
    EXPECT_EQ(rule, Value(Entries{elbv2::Rule::rule_arn("arn:2"), elbv2::Rule::priority("5"),
                                  elbv2::Rule::is_default(true)}));
}

// AWS adds what no model here names; a rule whose weight changes must keep it.
TEST(Models, what_no_model_names_survives_a_change_of_weight) {
    const std::string body =
        "<DescribeRulesResponse><DescribeRulesResult><Rules><member><RuleArn>arn:r</RuleArn>"
        "<Actions><member><Type>forward</Type><Order>1</Order><ForwardConfig><TargetGroups>"
        "<member><TargetGroupArn>arn:b</TargetGroupArn><Weight>100</Weight>"
        "<Colour>blue</Colour></member></TargetGroups><Later><Mode>x</Mode></Later>"
        "</ForwardConfig></member></Actions></member></Rules></DescribeRulesResult>"
        "</DescribeRulesResponse>";
    auto out = decode(elbv2::kDescribeRules, {.status = 200, .headers = {}, .body = body});
    ASSERT_TRUE(out) << out.error().line();
    Value rule = elbv2::DescribeRulesOutput::rules.of(*out).at(0);
    Value& action = elbv2::Rule::actions.edit(rule)->at(0);
    Value& forward = opened(action, elbv2::Action::forward_config);
    elbv2::TargetGroupTuple::weight.put(
        elbv2::ForwardActionConfig::target_groups.edit(forward)->at(0), 7);
    const auto request =
        encode(elbv2::kModifyRule,
               Entries{elbv2::ModifyRuleInput::rule_arn("arn:r"),
                       elbv2::ModifyRuleInput::actions(elbv2::Rule::actions.of(rule))},
               {.host = "elb.example"});
    ASSERT_TRUE(request) << request.error().line();
    for (const char* const part : {"TargetGroups.member.1.Weight=7", "Later.Mode=x", "Colour=blue"})
        EXPECT_NE(request->body.find(part), std::string::npos) << part << " in " << request->body;
}

base::Result<Waited> look_at(const std::string& statuses) {
    List snapshots;
    for (const char status : statuses)
        snapshots.emplace_back(Entries{rds::DBSnapshot::status(status == 'a'   ? "available"
                                                               : status == 'f' ? "failed"
                                                                               : "creating")});
    return look(rds::kDBSnapshotAvailable,
                Value(Entries{rds::DBSnapshotMessage::db_snapshots(snapshots)}));
}

TEST(Waiters, look_at_all_that_there_is) {
    EXPECT_EQ(look_at("aa"), Waited::done);
    EXPECT_EQ(look_at("ac"), Waited::not_yet);
    EXPECT_EQ(look_at("cf"), Waited::failed);
    EXPECT_EQ(look_at(""), Waited::not_yet);
    const base::Result<Value> refused =
        base::fail(base::Failure::not_found, {.code = "CF0806", .what = "no", .why = "Gone: x"});
    EXPECT_FALSE(look(rds::kDBSnapshotAvailable, refused));
}

}  // namespace
}  // namespace aws
