#include "aws/survey.h"

#include "aws/account.h"
#include "aws/checkup.h"
#include "aws/client.h"
#include "aws/fleet.h"
#include "aws/key.h"
#include "aws/models/autoscaling.h"
#include "aws/models/ec2.h"
#include "aws/models/elbv2.h"
#include "aws/models/iam.h"
#include "aws/models/s3.h"
#include "aws/models/sts.h"
#include "aws/permissions.h"
#include "aws/rule.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "base/result.h"
#include "release/spec.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

using std::chrono::seconds;

using Attributes = std::map<std::string, std::string>;

std::set<std::string> texts_of(const List& list) {
    std::set<std::string> out;
    for (const Value& each : list)
        if (const auto* const text = each.as<std::string>()) out.insert(*text);
    return out;
}

std::int64_t number_of(const Number& key, const Value& in) {
    const auto* const found = key.find(in);
    return found != nullptr ? *found : 0;
}

tl::unexpected<base::Error> missing(std::string what) {
    return base::fail(base::Failure::not_found, {.code = "CF0806", .what = std::move(what)});
}

/// One look at one place, call by call.
class Survey {
public:
    Survey(Account& account, const release::Spec& spec, const std::string& prefix,
           const Terms& terms)
        : account_(account), place_(*spec.aws), prefix_(prefix), terms_(terms) {}

    Sight look() {
        Sight out;
        out.identity = identity();
        if (!out.identity) return out;
        out.ahead = ahead_;
        out.rule = rule();
        out.balancer = balancer();
        const std::array<const std::string*, 2> groups{&place_.target_groups.blue,
                                                       &place_.target_groups.green};
        for (std::size_t pool = 0; pool < 2; ++pool) out.targets[pool] = targets(*groups[pool]);
        out.scaling = scaling();
        out.launch_template = version();
        out.bucket = bucket();
        out.limits = limits();
        out.rights = rights(*out.identity, out.scaling);
        return out;
    }

private:
    base::Result<Value> call(const char* service, const Operation& operation, const Value& input) {
        const auto client = account_.service(service);
        if (!client) return base::fail(client);
        auto answer = (*client)->call(operation, input, terms_);
        ahead_ = (*client)->ahead();
        return answer;
    }
    base::Result<List> all(const char* service, const Operation& operation, const Value& input,
                           const Items& list) {
        const auto client = account_.service(service);
        if (!client) return base::fail(client);
        return (*client)->all(operation, input, list, terms_);
    }

    base::Result<Identity> identity() {
        using namespace sts::GetCallerIdentityResponse;
        const auto answer = call("sts", sts::kGetCallerIdentity, Entries{});
        if (!answer) return base::fail(answer);
        return Identity{.account = account.of(*answer),
                        .arn = arn.of(*answer),
                        .source = account_.keys().source()};
    }

    base::Result<Value> rule() {
        const auto rules = all("elbv2", elbv2::kDescribeRules,
                               Entries{elbv2::DescribeRulesInput::rule_arns({place_.rule})},
                               elbv2::DescribeRulesOutput::rules);
        if (!rules) return base::fail(rules);
        for (const Value& each : *rules)
            if (elbv2::Rule::rule_arn.of(each) == place_.rule) return each;
        return missing(fmt::format("there is no rule {}", place_.rule));
    }

    base::Result<BalancerSight> balancer() {
        using namespace elbv2::LoadBalancer;
        const std::string name = load_balancer_of(place_.rule);
        const auto found =
            all("elbv2", elbv2::kDescribeLoadBalancers,
                Entries{elbv2::DescribeLoadBalancersInput::load_balancer_arns({name})},
                elbv2::DescribeLoadBalancersOutput::load_balancers);
        if (!found) return base::fail(found);
        if (found->empty()) return missing(fmt::format("there is no load balancer {}", name));
        BalancerSight out{.state = elbv2::LoadBalancerState::code.of(inside(found->front(), state)),
                          .attributes = {},
                          .zones = {}};
        for (const Value& each : availability_zones.of(found->front()))
            out.zones.insert(elbv2::AvailabilityZone::zone_name.of(each));
        const auto told =
            call("elbv2", elbv2::kDescribeLoadBalancerAttributes,
                 Entries{elbv2::DescribeLoadBalancerAttributesInput::load_balancer_arn(name)});
        if (!told) return base::fail(told);
        for (const Value& each : elbv2::DescribeLoadBalancerAttributesOutput::attributes.of(*told))
            out.attributes[elbv2::LoadBalancerAttribute::key.of(each)] =
                elbv2::LoadBalancerAttribute::value.of(each);
        return out;
    }

    base::Result<TargetGroupSight> targets(const std::string& arn) {
        using namespace elbv2::TargetGroup;
        const auto found = all("elbv2", elbv2::kDescribeTargetGroups,
                               Entries{elbv2::DescribeTargetGroupsInput::target_group_arns({arn})},
                               elbv2::DescribeTargetGroupsOutput::target_groups);
        if (!found) return base::fail(found);
        if (found->empty()) return missing(fmt::format("there is no target group {}", arn));
        const Value& group = found->front();
        const auto* const is_checked = health_check_enabled.find(group);
        TargetGroupSight out{
            .protocol = protocol.of(group),
            .type = target_type.of(group),
            .port = number_of(port, group),
            .is_checked = is_checked == nullptr || *is_checked,
            .health_path = health_check_path.of(group),
            .health_interval = seconds(number_of(health_check_interval_seconds, group)),
            .healthy_after = number_of(healthy_threshold_count, group),
            .balancers = texts_of(load_balancer_arns.of(group)),
            .attributes = {},
            .targets = {}};
        const auto told =
            call("elbv2", elbv2::kDescribeTargetGroupAttributes,
                 Entries{elbv2::DescribeTargetGroupAttributesInput::target_group_arn(arn)});
        if (!told) return base::fail(told);
        for (const Value& each : elbv2::DescribeTargetGroupAttributesOutput::attributes.of(*told))
            out.attributes[elbv2::TargetGroupAttribute::key.of(each)] =
                elbv2::TargetGroupAttribute::value.of(each);
        const auto health = call("elbv2", elbv2::kDescribeTargetHealth,
                                 Entries{elbv2::DescribeTargetHealthInput::target_group_arn(arn)});
        if (!health) return base::fail(health);
        for (const Value& each :
             elbv2::DescribeTargetHealthOutput::target_health_descriptions.of(*health))
            out.targets[elbv2::TargetDescription::id.of(
                inside(each, elbv2::TargetHealthDescription::target))] =
                elbv2::TargetHealth::state.of(
                    inside(each, elbv2::TargetHealthDescription::target_health));
        return out;
    }

    std::array<base::Result<ScalingSight>, 2> scaling() {
        using namespace autoscaling::AutoScalingGroupNamesType;
        const std::array<const std::string*, 2> names{&place_.scaling_groups.blue,
                                                      &place_.scaling_groups.green};
        const auto found = all("autoscaling", autoscaling::kDescribeAutoScalingGroups,
                               Entries{auto_scaling_group_names(List{*names[0], *names[1]})},
                               autoscaling::AutoScalingGroupsType::auto_scaling_groups);
        std::array<base::Result<ScalingSight>, 2> out;
        for (std::size_t pool = 0; pool < 2; ++pool) {
            if (!found) {
                out[pool] = base::fail(found);
                continue;
            }
            out[pool] =
                base::fail(base::Failure::rejected,
                           {.code = "CF0829",
                            .what = fmt::format("there is no Auto Scaling group {}", *names[pool]),
                            .fix = "correct `aws.scaling_groups`, or make it"});
            for (const Value& each : *found)
                if (autoscaling::AutoScalingGroup::auto_scaling_group_name.of(each) == *names[pool])
                    out[pool] = scaling_from(each);
        }
        return out;
    }

    static ScalingSight scaling_from(const Value& group) {
        using namespace autoscaling::AutoScalingGroup;
        const auto* const is_protected = new_instances_protected_from_scale_in.find(group);
        const Value& mixed = inside(inside(group, mixed_instances_policy),
                                    autoscaling::MixedInstancesPolicy::launch_template);
        std::string made_from = autoscaling::LaunchTemplateSpecification::launch_template_id.of(
            inside(group, launch_template));
        if (made_from.empty())
            made_from = autoscaling::LaunchTemplateSpecification::launch_template_id.of(
                inside(mixed, autoscaling::LaunchTemplate::launch_template_specification));
        return {.group = group_from(group),
                .arn = auto_scaling_group_arn.of(group),
                .launch_template = std::move(made_from),
                .target_groups = texts_of(target_group_ar_ns.of(group)),
                .zones = texts_of(availability_zones.of(group)),
                .asks_targets = health_check_type.of(group).find("ELB") != std::string::npos,
                .grace = seconds(number_of(health_check_grace_period, group)),
                .protects_instances = is_protected != nullptr && *is_protected};
    }

    base::Result<TemplateSight> version() {
        using namespace ec2::DescribeLaunchTemplateVersionsRequest;
        using ec2::LaunchTemplateVersion::launch_template_data;
        const auto found =
            all("ec2", ec2::kDescribeLaunchTemplateVersions,
                Entries{launch_template_id(place_.launch_template.id),
                        versions(List{std::to_string(place_.launch_template.version)})},
                ec2::DescribeLaunchTemplateVersionsResult::launch_template_versions);
        if (!found) return base::fail(found);
        if (found->empty()) return missing("there is no such launch template version");
        const Value& options = inside(inside(found->front(), launch_template_data),
                                      ec2::ResponseLaunchTemplateData::metadata_options);
        return TemplateSight{
            .needs_token =
                ec2::LaunchTemplateInstanceMetadataOptions::http_tokens.of(options) == "required"};
    }

    base::Result<BucketSight> bucket() {
        const auto client = account_.bucket(place_.bucket);
        if (!client) return base::fail(client);
        const auto versions = (*client)->call(s3::kGetBucketVersioning, Entries{}, terms_);
        if (!versions) return base::fail(versions);
        BucketSight out{.keeps_versions =
                            s3::GetBucketVersioningOutput::status.of(*versions) == "Enabled"};
        const auto lock = (*client)->call(s3::kGetObjectLockConfiguration, Entries{}, terms_);
        if (!lock && lock.error().failure != base::Failure::not_found) return base::fail(lock);
        out.is_locked =
            lock && s3::ObjectLockConfiguration::object_lock_enabled.of(inside(
                        *lock, s3::GetObjectLockConfigurationOutput::object_lock_configuration)) ==
                        "Enabled";
        return out;
    }

    base::Result<std::map<std::string, std::int64_t>> limits() {
        const auto found = all("elbv2", elbv2::kDescribeAccountLimits, Entries{},
                               elbv2::DescribeAccountLimitsOutput::limits);
        if (!found) return base::fail(found);
        std::map<std::string, std::int64_t> out;
        for (const Value& each : *found) {
            const std::string& text = elbv2::Limit::max.of(each);
            std::int64_t most = 0;
            std::from_chars(text.data(), text.data() + text.size(), most);
            out[elbv2::Limit::name.of(each)] = most;
        }
        return out;
    }

    // --- what IAM says ---------------------------------------------------------------------------

    /// A session's ARN names its role, and policies are the role's; a path in front of the role's
    /// name is not told, so that IAM knows no such role.
    static std::string principal_of(const std::string& arn) {
        constexpr std::string_view kAssumed = ":assumed-role/";
        const std::size_t at = arn.find(kAssumed);
        if (at == std::string::npos) return arn;
        std::string head = arn.substr(0, at);
        if (const std::size_t sts = head.find(":sts:"); sts != std::string::npos)
            head.replace(sts, 5, ":iam:");
        const std::string rest = arn.substr(at + kAssumed.size());
        return head + ":role/" + rest.substr(0, rest.find('/'));
    }

    static std::string partition_of(const std::string& arn) {
        if (!arn.starts_with("arn:")) return "aws";
        return arn.substr(4, arn.find(':', 4) - 4);
    }

    List resources_of(std::string_view kind, const Identity& identity,
                      const std::array<base::Result<ScalingSight>, 2>& groups) const {
        const std::string bucket =
            fmt::format("arn:{}:s3:::{}", partition_of(identity.arn), place_.bucket);
        if (kind == "listener-rule/app") return {place_.rule};
        if (kind == "targetgroup") return {place_.target_groups.blue, place_.target_groups.green};
        if (kind == "bucket") return {bucket};
        if (kind == "object") return {fmt::format("{}/{}/lease", bucket, prefix_)};
        if (kind == "launch-template") return {template_arn(identity)};
        if (kind == "autoScalingGroup") {
            List out;
            for (const auto& each : groups)
                if (each) out.emplace_back(each->arn);
            return out;
        }
        return {"*"};
    }

    std::string template_arn(const Identity& identity) const {
        return fmt::format("arn:{}:ec2:{}:{}:launch-template/{}", partition_of(identity.arn),
                           account_.region(), identity.account, place_.launch_template.id);
    }

    base::Result<std::vector<Right>> rights(
        const Identity& identity, const std::array<base::Result<ScalingSight>, 2>& groups) {
        std::map<std::string_view, std::vector<Permission>> kinds;
        for (const Permission& each : permissions()) kinds[each.resource].push_back(each);
        std::vector<Right> out;
        for (const auto& [kind, wanted] : kinds) {
            const List resources = resources_of(kind, identity, groups);
            if (resources.empty()) continue;
            const auto told = decisions(identity, wanted, resources);
            if (!told) return base::fail(told);
            for (const Permission& each : wanted) {
                const auto found = told->find(std::string(each.action));
                out.push_back({each, found != told->end() && found->second});
            }
        }
        return out;
    }

    /// By action: whether it is allowed on all of the resources.
    base::Result<std::map<std::string, bool>> decisions(const Identity& identity,
                                                        const std::vector<Permission>& wanted,
                                                        const List& resources) {
        using namespace iam::SimulatePrincipalPolicyRequest;
        const auto context = [](const char* name, const std::string& value) {
            using namespace iam::ContextEntry;
            return Value(Entries{context_key_name(name), context_key_values({value}),
                                 context_key_type("string")});
        };
        List actions;
        for (const Permission& each : wanted) actions.emplace_back(std::string(each.action));
        const auto answer =
            all("iam", iam::kSimulatePrincipalPolicy,
                Entries{policy_source_arn(principal_of(identity.arn)), action_names(actions),
                        resource_arns(resources),
                        context_entries({context("aws:RequestedRegion", account_.region()),
                                         context("ec2:LaunchTemplate", template_arn(identity))})},
                iam::SimulatePolicyResponse::evaluation_results);
        if (!answer) return base::fail(answer);
        std::map<std::string, bool> out;
        for (const Value& each : *answer) {
            using namespace iam::EvaluationResult;
            bool is_allowed = eval_decision.of(each) == "allowed";
            for (const Value& one : resource_specific_results.of(each))
                is_allowed = is_allowed && iam::ResourceSpecificResult::eval_resource_decision.of(
                                               one) == "allowed";
            const auto [at, is_new] = out.emplace(eval_action_name.of(each), is_allowed);
            if (!is_new) at->second = at->second && is_allowed;
        }
        return out;
    }

    Account& account_;
    const release::AwsPlace& place_;
    const std::string& prefix_;
    const Terms& terms_;
    std::optional<seconds> ahead_;
};

}  // namespace

Sight survey(Account& account, const release::Spec& spec, const std::string& prefix,
             const Terms& terms) {
    return Survey(account, spec, prefix, terms).look();
}

}  // namespace aws
