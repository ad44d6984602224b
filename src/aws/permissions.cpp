// clang-format off
// Made by tools/aws_policy.py: not to be edited.
#include "aws/permissions.h"

#include "aws/shape.h"

#include <span>

namespace aws {
namespace {

constexpr Permission kPermissions[] = {
    {"autoscaling:CreateOrUpdateTags", Effect::changes, "autoScalingGroup"},
    {"autoscaling:DescribeAutoScalingGroups", Effect::reads, "*"},
    {"autoscaling:ResumeProcesses", Effect::changes, "autoScalingGroup"},
    {"autoscaling:SuspendProcesses", Effect::changes, "autoScalingGroup"},
    {"autoscaling:TerminateInstanceInAutoScalingGroup", Effect::changes, "autoScalingGroup"},
    {"autoscaling:UpdateAutoScalingGroup", Effect::changes, "autoScalingGroup"},
    {"cloudwatch:GetMetricData", Effect::reads, "*"},
    {"ec2:CreateLaunchTemplateVersion", Effect::changes, "launch-template"},
    {"ec2:DescribeInstances", Effect::reads, "*"},
    {"ec2:DescribeLaunchTemplateVersions", Effect::reads, "*"},
    {"ec2:RunInstances", Effect::changes, "*"},
    {"elasticloadbalancing:AddTags", Effect::changes, "listener-rule/app"},
    {"elasticloadbalancing:DescribeRules", Effect::reads, "*"},
    {"elasticloadbalancing:DescribeTags", Effect::reads, "*"},
    {"elasticloadbalancing:DescribeTargetHealth", Effect::reads, "*"},
    {"elasticloadbalancing:ModifyRule", Effect::changes, "listener-rule/app"},
    {"s3:GetObject", Effect::reads, "object"},
    {"s3:ListBucket", Effect::reads, "bucket"},
    {"s3:PutObject", Effect::changes, "object"},
};

}  // namespace

std::span<const Permission> permissions() {
    return kPermissions;
}

}  // namespace aws
