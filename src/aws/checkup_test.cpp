#include "aws/checkup.h"

#include "aws/key.h"
#include "aws/models/elbv2.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

namespace aws {
namespace {

using namespace std::chrono_literals;
using base::Finding;
using base::Weight;

constexpr const char* kRule =
    "arn:aws:elasticloadbalancing:eu-central-1:1:listener-rule/app/shop/1/2/3";
constexpr const char* kBalancer =
    "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/shop/1";
constexpr const char* kBlue = "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/blue/1";
constexpr const char* kGreen = "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/green/2";

Value tuple(const char* arn, std::int64_t weight) {
    using namespace elbv2::TargetGroupTuple;
    return Entries{target_group_arn(arn), elbv2::TargetGroupTuple::weight(weight)};
}

Value rule(List groups, bool is_sticky = false) {
    using namespace elbv2::ForwardActionConfig;
    return Entries{elbv2::Rule::rule_arn(kRule),
                   elbv2::Rule::actions({Entries{
                       elbv2::Action::type("forward"),
                       elbv2::Action::forward_config(
                           {target_groups(std::move(groups)),
                            target_group_stickiness_config(
                                {elbv2::TargetGroupStickinessConfig::enabled(is_sticky)})})}})};
}

TargetGroupSight targets(std::map<std::string, std::string> of) {
    return {.protocol = "HTTP",
            .type = "instance",
            .port = 8065,
            .is_checked = true,
            .health_path = "/up",
            .health_interval = 10s,
            .healthy_after = 2,
            .balancers = {kBalancer},
            .attributes = {{"deregistration_delay.timeout_seconds", "300"},
                           {"stickiness.enabled", "false"}},
            .targets = std::move(of)};
}

ScalingSight scaling(const char* name, const char* target_group) {
    return {.group = {.name = name,
                      .template_version = "4",
                      .min = 0,
                      .max = 6,
                      .desired = 2,
                      .suspended = {},
                      .members = {},
                      .wish = Wish{.verb = Wish::Verb::hold, .fence = 7, .step = "r1/up"},
                      .kept = {}},
            .arn = name,
            .launch_template = "lt-1",
            .target_groups = {target_group},
            .zones = {"a", "b"},
            .asks_targets = true,
            .grace = 60s,
            .protects_instances = false};
}

struct Place {
    release::Spec spec;
    Sight sight;
    Standing standing;

    Place() {
        spec.application = "shop";
        spec.provider = release::Provider::aws;
        spec.aws = release::AwsPlace{.region = "eu-central-1",
                                     .profile = {},
                                     .bucket = "state",
                                     .prefix = {},
                                     .rule = kRule,
                                     .target_groups = {.blue = kBlue, .green = kGreen},
                                     .scaling_groups = {.blue = "blue", .green = "green"},
                                     .launch_template = {.id = "lt-1", .version = 3},
                                     .port = 8065};
        spec.service.health.path = "/up";
        spec.service.boot_deadline = 60s;
        spec.service.instances = 2;
        spec.strategy.drain_deadline = 300s;
        spec.strategy.progress_deadline = 600s;
        sight.identity = Identity{.account = "1", .arn = "arn:aws:iam::1:role/x", .source = "env"};
        sight.ahead = 1s;
        sight.rights = std::vector<Right>{
            {{"elasticloadbalancing:DescribeRules", Effect::reads, "*"}, true},
            {{"elasticloadbalancing:ModifyRule", Effect::changes, "listener-rule/app"}, true},
            {{"autoscaling:SuspendProcesses", Effect::changes, "autoScalingGroup"}, true}};
        sight.rule = rule({tuple(kBlue, 100), tuple(kGreen, 0)});
        sight.balancer = BalancerSight{.state = "active",
                                       .attributes = {{"idle_timeout.timeout_seconds", "300"}},
                                       .zones = {"a", "b"}};
        sight.targets = {targets({{"i-1", "healthy"}}), targets({})};
        sight.scaling = {scaling("blue", kBlue), scaling("green", kGreen)};
        sight.launch_template = TemplateSight{.needs_token = true};
        sight.bucket = BucketSight{.keeps_versions = true};
        sight.limits =
            std::map<std::string, std::int64_t>{{"targets-per-application-load-balancer", 1000}};
    }

    std::vector<Finding> findings() const { return checkup(spec, sight, standing); }
    /// Of what is not well: `error rule CF0813`.
    std::vector<std::string> heads() const {
        std::vector<std::string> out;
        for (const Finding& each : findings())
            if (each.weight != Weight::ok)
                out.push_back(
                    fmt::format("{} {} {}", name_of(each.weight), each.subject, each.said.code));
        return out;
    }
    TargetGroupSight& blue() { return *sight.targets[0]; }
    TargetGroupSight& green() { return *sight.targets[1]; }
    ScalingSight& blue_group() { return *sight.scaling[0]; }
    Right& right(std::size_t index) { return (*sight.rights)[index]; }
};

tl::unexpected<base::Error> failed(base::Failure failure, const char* what = "AWS refuses it") {
    return base::fail(failure, {.code = "CF0806", .what = what});
}

TEST(Checkup, of_a_place_that_is_as_it_should_be_tells_each_thing_once_and_that_it_is_well) {
    const Place place;
    EXPECT_EQ(place.heads(), std::vector<std::string>{});
    std::vector<std::string> subjects;
    for (const Finding& each : place.findings()) {
        subjects.push_back(each.subject);
        EXPECT_FALSE(each.said.code.empty()) << each.subject;
        EXPECT_FALSE(each.said.what.empty()) << each.subject;
    }
    EXPECT_EQ(subjects,
              (std::vector<std::string>{
                  "account", "clock", "permissions", "rule", "stickiness", "serving",
                  "load balancer", "target groups", "health checks", "draining", "scaling groups",
                  "launch template", "scaling", "instances", "limits", "bucket"}));
}

struct Case {
    const char* name;
    std::function<void(Place&)> broken;
    std::vector<std::string> heads;
    const char* says;  ///< What a finding says among other things.
};

class CheckupOf : public testing::TestWithParam<Case> {};

TEST_P(CheckupOf, finds_what_is_wrong_and_nothing_else) {
    Place place;
    GetParam().broken(place);
    EXPECT_EQ(place.heads(), GetParam().heads);
    std::string all;
    for (const Finding& each : place.findings()) {
        all += each.said.what + '\n' + each.said.why + '\n' + each.said.fix + '\n';
        if (each.weight != Weight::ok) {
            EXPECT_FALSE(each.said.fix.empty() && each.said.why.empty()) << each.said.what;
        }
    }
    EXPECT_NE(all.find(GetParam().says), std::string::npos) << GetParam().says << " in\n" << all;
}

const Case kCases[] = {
    {"nobody_knows_the_keys",
     [](Place& p) {
         p.sight.identity =
             base::fail(base::Failure::rejected,
                        {.code = "CF0804", .what = "AWS refuses the keys", .why = "Expired"});
         p.sight.rule = failed(base::Failure::rejected);
     },
     {"error account CF0804"},
     "refuses the keys"},
    {"root_asks",
     [](Place& p) { p.sight.identity->arn = "arn:aws:iam::1:root"; },
     {"warning account CF0860"},
     "root user"},
    {"the_clock_is_a_little_wrong",
     [](Place& p) { p.sight.ahead = -6s; },
     {"warning clock CF0861"},
     "6 s ahead of AWS's"},
    {"the_clock_is_very_wrong",
     [](Place& p) { p.sight.ahead = 30s; },
     {"error clock CF0861"},
     "30 s behind AWS's"},
    {"iam_tells_nothing",
     [](Place& p) { p.sight.rights = failed(base::Failure::rejected, "not authorized"); },
     {"warning permissions CF0862"},
     "not authorized"},
    {"a_read_is_refused",
     [](Place& p) { p.right(0).is_allowed = false; },
     {"error permissions CF0862"},
     "DescribeRules"},
    {"one_change_is_refused",
     [](Place& p) { p.right(1).is_allowed = false; },
     {"error permissions CF0862"},
     "elasticloadbalancing:ModifyRule"},
    {"all_changes_are_refused",
     [](Place& p) { p.right(1).is_allowed = p.right(2).is_allowed = false; },
     {"warning permissions CF0862"},
     "may look, and not release"},
    {"there_is_no_rule",
     [](Place& p) { p.sight.rule = failed(base::Failure::not_found, "there is no rule"); },
     {"error rule CF0813"},
     "correct `aws.rule`"},
    {"the_rule_was_not_answered",
     [](Place& p) { p.sight.rule = failed(base::Failure::unavailable); },
     {"error rule CF0877"},
     "could not be looked at"},
    {"one_group_is_not_in_the_rule",
     [](Place& p) { p.sight.rule = rule({tuple(kBlue, 1)}); },
     {"error rule CF0813"},
     "not the application's two"},
    {"another_group_is_in_the_rule",
     [](Place& p) { p.sight.rule = rule({tuple(kBlue, 1), tuple(kGreen, 0), tuple("arn:x", 1)}); },
     {"error rule CF0813"},
     "not the application's two"},
    {"the_rule_is_sticky",
     [](Place& p) { p.sight.rule = rule({tuple(kBlue, 1), tuple(kGreen, 0)}, true); },
     {"error stickiness CF0863"},
     "weight 0"},
    {"targets_are_sticky",
     [](Place& p) {
         p.green().attributes["stickiness.enabled"] = "true";
         p.green().attributes["stickiness.type"] = "lb_cookie";
     },
     {"warning stickiness CF0863"},
     "target group green keeps clients"},
    {"targets_follow_a_cookie",
     [](Place& p) {
         p.blue().attributes["stickiness.enabled"] = "true";
         p.blue().attributes["stickiness.type"] = "app_cookie";
     },
     {"error stickiness CF0863"},
     "a cookie of the application"},
    {"requests_go_where_nobody_serves",
     [](Place& p) { p.sight.rule = rule({tuple(kBlue, 900), tuple(kGreen, 100)}); },
     {"error serving CF0872"},
     "100 of 1000 requests go to green"},
    {"nobody_is_healthy",
     [](Place& p) { p.blue().targets["i-1"] = "unhealthy"; },
     {"error serving CF0872"},
     "1000 of 1000 requests go to blue"},
    {"nothing_was_released_yet",
     [](Place& p) { p.blue().targets.clear(); },
     {},
     "the first release fills a pool"},
    {"the_balancer_is_being_made",
     [](Place& p) { p.sight.balancer->state = "provisioning"; },
     {"error load balancer CF0867"},
     "provisioning"},
    {"silence_is_short",
     [](Place& p) { p.sight.balancer->attributes.clear(); },
     {"warning load balancer CF0867"},
     "every 30 s"},
    {"the_balancer_is_not_told",
     [](Place& p) { p.sight.balancer = failed(base::Failure::rejected); },
     {"warning load balancer CF0877"},
     "infra/iam/plan.json"},
    {"there_is_no_group",
     [](Place& p) { p.sight.targets[1] = failed(base::Failure::not_found); },
     {"error target groups CF0864"},
     "there is no target group"},
    {"targets_are_addresses",
     [](Place& p) { p.blue().type = "ip"; },
     {"error target groups CF0864"},
     "type ip"},
    {"the_group_is_another_load_balancer_s_too",
     [](Place& p) { p.blue().balancers.insert("arn:other"); },
     {"warning target groups CF0864"},
     "arn:other"},
    {"the_group_has_another_port",
     [](Place& p) { p.green().port = 80; },
     {"error target groups CF0864"},
     "port 80, and instances listen on 8065"},
    {"the_group_speaks_tcp",
     [](Place& p) { p.green().protocol = "TCP"; },
     {"error target groups CF0864"},
     "speaks TCP"},
    {"health_is_not_checked",
     [](Place& p) { p.green().is_checked = false; },
     {"error health checks CF0865"},
     "green checks no target"},
    {"health_takes_longer_than_a_boot",
     [](Place& p) {
         for (auto* const each : {&p.blue(), &p.green()}) {
             each->health_interval = 30s;
             each->healthy_after = 5;
         }
     },
     {"error health checks CF0865", "error health checks CF0865"},
     "takes 150 s to find an instance healthy"},
    {"health_is_asked_elsewhere_in_both",
     [](Place& p) { p.blue().health_path = p.green().health_path = "/"; },
     {"warning health checks CF0865", "warning health checks CF0865"},
     "the spec names /up"},
    {"groups_check_differently",
     [](Place& p) { p.green().health_interval = 5s; },
     {"warning health checks CF0865"},
     "check differently"},
    {"the_delay_is_shorter_than_the_drain",
     [](Place& p) { p.green().attributes["deregistration_delay.timeout_seconds"] = "299"; },
     {"warning draining CF0866"},
     "green cuts what is left after 299 s, and the drain may take 300 s"},
    {"the_delay_is_longer_than_a_release_waits",
     [](Place& p) { p.green().attributes["deregistration_delay.timeout_seconds"] = "600"; },
     {"error draining CF0866"},
     "without progress"},
    {"new_instances_start_slowly",
     [](Place& p) { p.blue().attributes["slow_start.duration_seconds"] = "30"; },
     {"warning draining CF0866"},
     "start slowly"},
    {"there_is_no_scaling_group",
     [](Place& p) {
         p.sight.scaling[1] =
             base::fail(base::Failure::rejected,
                        {.code = "CF0829", .what = "there is none", .fix = "make it"});
     },
     {"error scaling groups CF0829"},
     "there is none"},
    {"scaling_groups_are_not_told",
     [](Place& p) { p.sight.scaling[0] = failed(base::Failure::unavailable); },
     {"error scaling groups CF0877"},
     "could not be looked at"},
    {"a_group_is_bound_to_the_other_colour",
     [](Place& p) { p.blue_group().target_groups = {kGreen}; },
     {"error scaling groups CF0868"},
     "blue is not bound"},
    {"a_group_is_bound_to_both",
     [](Place& p) { p.blue_group().target_groups = {kBlue, kGreen}; },
     {"error scaling groups CF0868"},
     "blue is not bound"},
    {"a_group_is_where_the_balancer_is_not",
     [](Place& p) { p.blue_group().zones.insert("c"); },
     {"warning scaling groups CF0868"},
     "launches in c"},
    {"new_instances_are_protected",
     [](Place& p) { p.blue_group().protects_instances = true; },
     {"error scaling groups CF0868"},
     "never be empty"},
    {"the_grace_is_shorter_than_a_boot",
     [](Place& p) { p.blue_group().grace = 59s; },
     {"warning scaling groups CF0868"},
     "59 s after its start"},
    {"without_health_checks_of_targets_the_grace_does_not_count",
     [](Place& p) {
         p.blue_group().grace = 0s;
         p.blue_group().asks_targets = false;
     },
     {},
     "bound to the target group"},
    {"a_needed_process_is_suspended",
     [](Place& p) { p.blue_group().group.suspended = {"Launch"}; },
     {"error scaling groups CF0822"},
     "resume-processes"},
    {"the_version_is_no_number",
     [](Place& p) { p.blue_group().group.template_version = "$Latest"; },
     {"error launch template CF0869"},
     "set a number: 3"},
    {"the_version_is_no_number_and_instances_run",
     [](Place& p) {
         p.blue_group().group.template_version = "$Default";
         p.blue_group().group.members = {{.id = "i-1", .lifecycle = "InService", .version = 5}};
     },
     {"error launch template CF0869"},
     "set a number: 5"},
    {"another_template_is_launched",
     [](Place& p) { p.blue_group().launch_template = "lt-2"; },
     {"error launch template CF0869"},
     "lt-2, not from lt-1"},
    {"there_is_no_such_version",
     [](Place& p) { p.sight.launch_template = failed(base::Failure::not_found); },
     {"error launch template CF0869"},
     "has no version 3"},
    {"instances_give_their_role_away",
     [](Place& p) { p.sight.launch_template->needs_token = false; },
     {"warning launch template CF0869"},
     "without a token"},
    {"someone_suspended_a_process",
     [](Place& p) { p.blue_group().group.suspended = {"AZRebalance"}; },
     {"warning scaling CF0870"},
     "not by a release"},
    {"the_journal_could_not_be_read",
     [](Place& p) { p.standing.kind = Standing::Kind::unknown; },
     {"warning scaling CF0870"},
     "not known"},
    {"one_instance_serves",
     [](Place& p) { p.spec.service.instances = 1; },
     {"warning instances CF0874"},
     "one instance"},
    {"two_fleets_are_too_many",
     [](Place& p) { p.spec.service.instances = 501; },
     {"error limits CF0873"},
     "1002 targets"},
    {"there_is_no_bucket",
     [](Place& p) { p.sight.bucket = failed(base::Failure::not_found); },
     {"error bucket CF0871"},
     "no bucket state"},
    {"the_bucket_forgets",
     [](Place& p) { p.sight.bucket->keeps_versions = false; },
     {"warning bucket CF0871"},
     "neither versions nor locked"},
};

INSTANTIATE_TEST_SUITE_P(aws, CheckupOf, testing::ValuesIn(kCases),
                         [](const auto& each) { return each.param.name; });

struct Held {
    Standing::Kind kind;
    std::vector<std::string> heads;
    const char* says;
};

TEST(Checkup, what_is_held_is_wrong_only_when_no_release_holds_it) {
    using Kind = Standing::Kind;
    const Held cases[] = {
        {Kind::idle,
         {"error scaling CF0870"},
         "held at 2 to 2 instances by a release that is over"},
        {Kind::driven, {}, "held for a release: ada"},
        {Kind::unfinished, {"warning scaling CF0870"}, "which nobody drives"},
        {Kind::warm, {}, "stands warm"},
    };
    for (const Held& each : cases) {
        Place place;
        Group& group = place.blue_group().group;
        group.kept = Kept{.min = 0, .max = 6, .suspended = {"AZRebalance", "ReplaceUnhealthy"}};
        group.suspended = {"AZRebalance", "ReplaceUnhealthy"};
        group.min = group.max = 2;
        place.standing = {.kind = each.kind, .who = "ada"};
        EXPECT_EQ(place.heads(), each.heads);
        std::string all;
        for (const Finding& one : place.findings()) all += one.said.what + '\n';
        EXPECT_NE(all.find(each.says), std::string::npos) << all;
        EXPECT_EQ(is_left_behind(group, place.standing), each.kind == Kind::idle);
    }
}

TEST(Checkup, an_empty_pool_that_waits_for_its_next_instances_is_not_held) {
    Place place;
    Group& group = place.blue_group().group;
    group.wish =
        Wish{.verb = Wish::Verb::retire, .fence = 7, .step = "r1/retire", .then_free = true};
    group.kept = Kept{.min = 1, .max = 6, .suspended = {}};
    group.min = group.max = group.desired = 0;
    EXPECT_EQ(place.heads(), std::vector<std::string>{});
    EXPECT_FALSE(is_left_behind(group, place.standing));
}

}  // namespace
}  // namespace aws
