#!/usr/bin/env python3
"""IAM policies of just what provider `aws` calls.

    aws_policy.py --write    infra/iam/*.json and src/aws/permissions.cpp from src/aws
    aws_policy.py            fails where --write would change anything (part of ./x lint)

Which operations are called is read from the sources: a key like `elbv2::kModifyRule` in any file of src/aws or src/cli
that is neither a test nor generated. What a policy can limit a call to, and what IAM calls it, say the models'
operations.txt. Names in `${...}` are a template's, as of Terraform's templatefile or envsubst.
"""
import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPERATIONS = ROOT / "src" / "aws" / "models" / "operations.txt"
FOLDER = ROOT / "infra" / "iam"
PREFIXES = {"elbv2": "elasticloadbalancing"}  # others are as their model

# Taking a role is granted by the role and by whoever may take it, not by what the role may do.
NOT_OURS = {"sts"}

GROUPS = ("arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${blue_group}",
          "arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${green_group}")
RESOURCES = {
    "*": ("*",),
    "listener-rule/app": ("${rule_arn}",),
    "targetgroup": ("${blue_target_group_arn}", "${green_target_group_arn}"),
    "autoScalingGroup": GROUPS,
    "launch-template": ("arn:${partition}:ec2:${region}:${account}:launch-template/${launch_template}",),
    "bucket": ("arn:${partition}:s3:::${bucket}",),
    "object": ("arn:${partition}:s3:::${bucket}/${prefix}/*",),
    "principal": ("${role_arn}",),
}
CONDITIONS = {
    "*": {"StringEquals": {"aws:RequestedRegion": "${region}"}},
    # IfExists: asking for an object names no prefix, and whoever may not list is told 403 of one that is not there.
    "bucket": {"StringLikeIfExists": {"s3:prefix": ["${prefix}/*"]}},
}
TITLES = {"*": "Look", "listener-rule/app": "Route", "autoScalingGroup": "Scale", "launch-template": "Template",
          "bucket": "List", "object": "Keep", "targetgroup": "Target", "principal": "KnowOwnRights"}

# Whose calls no release needs: `doctor` does without what is refused to it.
ONLY_LOOKS = {"survey.cpp"}
TABLE = ROOT / "src" / "aws" / "permissions.cpp"

# What AWS asks of whoever has a group launch from a template, though no such call is ours.
IMPLIED = [
    {"Sid": "LaunchFromTheTemplateAlone", "Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": ["*"],
     "Condition": {"ArnEquals": {
         "ec2:LaunchTemplate": "arn:${partition}:ec2:${region}:${account}:launch-template/${launch_template}"}}},
    {"Sid": "TagWhatIsLaunched", "Effect": "Allow", "Action": ["ec2:CreateTags"],
     "Resource": ["arn:${partition}:ec2:${region}:${account}:*/*"],
     "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}},
    {"Sid": "GiveInstancesTheirRole", "Effect": "Allow", "Action": ["iam:PassRole"], "Resource": ["${instance_role_arn}"],
     "Condition": {"StringEquals": {"iam:PassedToService": "ec2.${dns_suffix}"}}},
]

# Who publishes assets, where the spec has some: in another bucket, and with what is deleted again. Attached beside
# `release`, which has what these files do in the state bucket but for deleting.
ASSETS_SOURCES = {"assets.cpp", "assets_keep.cpp", "freight.cpp"}
ASSETS_RESOURCES = {
    "bucket": ("arn:${partition}:s3:::${assets_bucket}",),
    "object": ("arn:${partition}:s3:::${assets_bucket}/${assets_prefix}*",),
    "distribution": ("arn:${partition}:cloudfront::${account}:distribution/${distribution}",),
}
ASSETS_CONDITIONS = {"bucket": {"StringLikeIfExists": {"s3:prefix": ["${assets_prefix}*"]}}}
ASSETS_TITLES = {"bucket": "ListAssets", "object": "Publish", "distribution": "Invalidate"}
ASSETS_IMPLIED = [{"Sid": "ForgetManifests", "Effect": "Allow", "Action": ["s3:DeleteObject"],
                   "Resource": ["arn:${partition}:s3:::${bucket}/${prefix}/assets/*"]}]

# What the boot script of src/aws/boot_text.cpp fetches.
INSTANCE = [{"Sid": "FetchReleases", "Effect": "Allow", "Action": ["s3:GetObject"],
             "Resource": ["arn:${partition}:s3:::${bucket}/${prefix}/artifacts/*",
                          "arn:${partition}:s3:::${bucket}/${prefix}/configs/*"]}]


def known():
    """(service, operation) -> (effect, resource, action)"""
    out = {}
    for line in OPERATIONS.read_text().splitlines():
        words = line.split("#")[0].split()
        if not words or words[1] == "wait":
            continue
        service, operation, effect, resource = words[:4]
        action = words[4] if len(words) > 4 else f"{PREFIXES.get(service, service)}:{operation}"
        out[service, operation] = (effect, resource, action)
    return out


def called(operations, apart=(), of_assets=False):
    """The operations that the product's sources name, but for those of some files: those that publish assets, or
    all others."""
    found = set()
    services = "|".join(sorted({service for service, _ in operations}))
    for folder in ("src/aws", "src/cli"):
        for path in sorted((ROOT / folder).glob("*.cpp")):
            of_others = path.name.endswith("_test.cpp") or path.name in apart
            if of_others or (path.name in ASSETS_SOURCES) != of_assets:
                continue
            for service, name in re.findall(rf"\b({services})::k([A-Z]\w+)\b", path.read_text()):
                if (service, name) in operations:
                    found.add((service, name))
    return found


def statements(operations, wanted, of_release, resources=None, conditions=None, titles=None):
    resources, conditions, titles = resources or RESOURCES, conditions or CONDITIONS, titles or TITLES
    by_resource = collections.defaultdict(set)
    for service, operation in wanted:
        effect, resource, action = operations[service, operation]
        if action == "-" or service in NOT_OURS or (effect == "changes" and not of_release):
            continue
        if resource not in resources:
            sys.exit(f"aws_policy: {service} {operation} is called, and RESOURCES does not say which ARN `{resource}` is")
        by_resource[resource].add(action)
    return [{"Sid": titles[resource], "Effect": "Allow", "Action": sorted(by_resource[resource]),
             "Resource": list(resources[resource])}
            | ({"Condition": conditions[resource]} if resource in conditions else {})
            for resource in resources if by_resource[resource]]


def policies():
    """path -> text"""
    operations = known()
    wanted = called(operations)
    roles = {"plan": statements(operations, wanted, False),
             "release": statements(operations, wanted, True) + IMPLIED,
             "assets": statements(operations, called(operations, of_assets=True), True, ASSETS_RESOURCES,
                                  ASSETS_CONDITIONS, ASSETS_TITLES) + ASSETS_IMPLIED,
             "instance": INSTANCE}
    return {FOLDER / f"{name}.json": json.dumps({"Version": "2012-10-17", "Statement": each}, indent=2) + "\n"
            for name, each in roles.items()}


def table():
    """What a release calls, as C++: `doctor` asks IAM for each of them."""
    operations = known()
    rows = {("ec2:RunInstances", "changes", "*")}  # implied: see above
    for service, operation in called(operations, ONLY_LOOKS):
        effect, resource, action = operations[service, operation]
        if action != "-" and service not in NOT_OURS:
            rows.add((action, effect, resource))
    lines = [f'    {{"{action}", Effect::{effect}, "{resource}"}},' for action, effect, resource in sorted(rows)]
    return "\n".join(["// clang-format off", "// Made by tools/aws_policy.py: not to be edited.",
                      '#include "aws/permissions.h"', "", '#include "aws/shape.h"', "", "#include <span>", "",
                      "namespace aws {", "namespace {", "", "constexpr Permission kPermissions[] = {", *lines, "};", "",
                      "}  // namespace", "", "std::span<const Permission> permissions() {", "    return kPermissions;",
                      "}", "", "}  // namespace aws", ""])


def made():
    """path -> text"""
    return policies() | {TABLE: table()}


def main():
    if "--write" in sys.argv:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path, text in made().items():
            path.write_text(text)
        return 0
    wanted = made()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    stale += [path for path in FOLDER.glob("*.json") if path not in wanted]
    for path in stale:
        print(f"{path.relative_to(ROOT)}: is not what tools/aws_policy.py --write makes")
    if not stale:
        print("aws_policy: the policies allow what is called, and nothing else")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
