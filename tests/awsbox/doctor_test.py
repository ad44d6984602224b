"""`crossfade doctor` on an account in which several things are wrong, each made so by boto3; and what `--repair` gives back."""
import json
import pathlib
import unittest

from tests.support.echo import Clients

from . import ROOT, missing
from .shop import BIN, NAMES, Shop, beyond, changes_of, now
from .world import shared, wait_until


def reason():
    return missing() or ("" if BIN.exists() else f"{BIN} is not built")


@unittest.skipIf(reason(), reason())
class Doctor(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.world.set(metrics_period_s=1.0)
        self.addCleanup(shared)

    def shop(self, region, **spec):
        shop = Shop(self.world, region, **spec)
        self.addCleanup(shop.close)
        shop.write()
        return shop

    def findings(self, shop, *words, wanted=None, **environment):
        """[(weight, subject, code, all that is said)] of what is not well."""
        process = shop.start("doctor", "--output", "json", *words, **environment)
        said, _ = process.communicate(timeout=60)
        if wanted is not None:
            self.assertEqual(process.returncode, wanted, said)
        self.told = json.loads(said)
        return [(each["weight"], each["subject"], each["code"],
                 " ".join(each.get(part, "") for part in ("what", "why", "fix")))
                for each in self.told["findings"] if each["weight"] != "ok"]

    def usual(self, shop):
        """What of a stack is always told: its defaults are those of AWS, and nobody knows whose keys these are."""
        return {subject for weight, subject, _, _ in self.findings(shop, wanted=0)}

    def found(self, found, weight, subject, code, *words):
        """That a finding is among `found`, and says `words`."""
        same = [said for each in found for said in each[3:] if each[:3] == (weight, subject, code)]
        self.assertTrue(same, f"no {weight} of {subject} {code} in {found}")
        for word in words:
            self.assertTrue(any(word in each for each in same), f"{word!r} is not in {same}")

    def test_what_is_wrong_with_traffic_is_found(self):
        shop = self.shop("il-central-1")
        elb, groups = shop.stack.elb, shop.stack.groups
        self.assertEqual(self.usual(shop), {"permissions", "load balancer", "launch template", "bucket"})
        elb.modify_rule(RuleArn=shop.stack.rule, Actions=[shop.stack.action(
            1, 0, TargetGroupStickinessConfig={"Enabled": True, "DurationSeconds": 60})])
        elb.modify_target_group_attributes(TargetGroupArn=groups["green"], Attributes=[
            {"Key": "deregistration_delay.timeout_seconds", "Value": "0"},
            {"Key": "slow_start.duration_seconds", "Value": "30"}])
        elb.modify_target_group(TargetGroupArn=groups["blue"], HealthCheckPath="/other", HealthCheckIntervalSeconds=30,
                                HealthyThresholdCount=5)
        elb.modify_load_balancer_attributes(LoadBalancerArn=shop.stack.balancer, Attributes=[
            {"Key": "idle_timeout.timeout_seconds", "Value": "300"}])
        shop.s3.put_bucket_versioning(Bucket=shop.bucket, VersioningConfiguration={"Status": "Enabled"})
        found = self.findings(shop, wanted=1)
        self.found(found, "error", "stickiness", "CF0863", "cookie")
        self.found(found, "warning", "draining", "CF0866", "green cuts what is left after 0 s", "start slowly")
        self.found(found, "error", "health checks", "CF0865", "blue takes 150 s")
        self.found(found, "warning", "health checks", "CF0865", "/other", "check differently")
        self.assertFalse({"load balancer", "bucket"} & {subject for _, subject, _, _ in found}, found)
        elb.modify_rule(RuleArn=shop.stack.rule, Actions=[{"Type": "forward", "TargetGroupArn": groups["blue"]}])
        self.found(self.findings(shop, wanted=1), "error", "rule", "CF0813")
        elb.delete_rule(RuleArn=shop.stack.rule)
        self.found(self.findings(shop, wanted=1), "error", "rule", "CF0813", "RuleNotFound")

    def test_what_is_wrong_with_the_fleet_is_found(self):
        shop = self.shop("me-south-1")
        asg, stack = shop.stack.asg, shop.stack
        asg.update_auto_scaling_group(AutoScalingGroupName="green", LaunchTemplate={
            "LaunchTemplateId": stack.template, "Version": "$Latest"}, NewInstancesProtectedFromScaleIn=True,
            HealthCheckType="ELB", HealthCheckGracePeriod=5)
        asg.suspend_processes(AutoScalingGroupName="green", ScalingProcesses=["AZRebalance", "Launch"])
        asg.detach_load_balancer_target_groups(AutoScalingGroupName="blue", TargetGroupARNs=[stack.groups["blue"]])
        found = self.findings(shop, wanted=1)
        self.found(found, "error", "launch template", "CF0869", "green launches $Latest")
        self.found(found, "error", "scaling groups", "CF0822", "Launch is suspended")
        self.found(found, "error", "scaling groups", "CF0868", "blue is not bound", "protects its new instances")
        self.found(found, "warning", "scaling groups", "CF0868", "may replace an instance 5 s after")
        self.found(found, "warning", "scaling", "CF0870", "AZRebalance", "not by a release")
        before = shop.group("green")
        code, said = shop.run("doctor", "--repair")
        self.assertEqual(code, 1, said)
        self.assertNotIn("given back", said)
        self.assertEqual(shop.group("green"), before, "what no release has taken none gives back")
        asg.delete_auto_scaling_group(AutoScalingGroupName="blue", ForceDelete=True)
        self.found(self.findings(shop, wanted=1), "error", "scaling groups", "CF0829", "there is no Auto Scaling group blue")
        asg.create_auto_scaling_group(AutoScalingGroupName="blue", MinSize=0, MaxSize=0, LaunchTemplate={
            "LaunchTemplateId": stack.template, "Version": "1"}, VPCZoneIdentifier=",".join(stack.subnets))

    def test_what_a_release_left_behind_is_given_back(self):
        shop = self.shop("ca-west-1")
        shop.release()
        self.assertEqual(self.usual(shop), {"permissions", "load balancer", "launch template", "bucket"})
        said = shop.run("doctor")[1]
        self.assertIn("2 healthy in blue, 0 in green", said)
        self.assertIn("free, as it was found before the last release", said)
        # As a controller leaves it that dies after its last record and before its last call.
        shop.stack.asg.suspend_processes(AutoScalingGroupName="blue", ScalingProcesses=list(NAMES))
        shop.stack.asg.update_auto_scaling_group(AutoScalingGroupName="blue", MinSize=2, MaxSize=2)
        shop.stack.asg.create_or_update_tags(Tags=[{
            "ResourceId": "blue", "ResourceType": "auto-scaling-group", "Key": "crossfade:kept",
            "Value": f"min=0 max=6 suspended={'+'.join(NAMES)}", "PropagateAtLaunch": False}])
        found = self.findings(shop, wanted=1)
        self.found(found, "error", "scaling", "CF0870", "blue is still held at 2 to 2", "doctor --repair")
        since = now()
        self.findings(shop, "--repair", wanted=0)
        self.assertEqual(self.told["given_back"], ["blue"])
        self.assertEqual(beyond("release", shop.calls(since)), {})
        self.assertEqual(shop.given_back(), [])
        self.assertEqual(shop.versions(), {"1.0.0"})
        since = now()
        self.findings(shop, "--repair", wanted=0)
        self.assertEqual(self.told["given_back"], [])
        self.assertFalse([each for each in changes_of(shop.calls(since)) if each.startswith("autoscaling")])

    def test_nothing_is_given_back_while_a_release_goes_on_or_stands_warm(self):
        shop = self.shop("ap-south-2", keep_warm="10m")
        shop.release()
        shop.write(version="2.0.0")
        driver = shop.start("deploy")
        self.addCleanup(driver.kill)
        wait_until(lambda: shop.group("green")["SuspendedProcesses"], "a release that holds the groups")
        self.assertNotIn("scaling", self.usual(shop))
        code, said = shop.run("doctor", "--repair")
        self.assertEqual(code, 7, said)
        self.assertIn("CF0720", said)
        driver.kill()
        driver.communicate()
        self.found(self.findings(shop, wanted=0), "warning", "scaling", "CF0870", "which nobody drives", "crossfade resume")
        code, said = shop.run("doctor", "--repair")
        self.assertEqual(code, 7, said)
        self.assertIn("CF0721", said)
        self.assertTrue(shop.group("green")["SuspendedProcesses"])
        with Clients(shop.stack.door, sockets=0, askers=2, pause_s=0.05):
            code, said = shop.run("resume")
        self.assertEqual(code, 0, said)
        self.assertTrue(shop.group("blue")["SuspendedProcesses"], "held while it stands warm")
        code, said = shop.run("doctor", "--repair")
        self.assertEqual(code, 0, said)
        self.assertIn("stands warm", said)
        self.assertTrue(shop.group("blue")["SuspendedProcesses"])

    def keys_of(self, shop, name):
        """What a process has that took the role of infra/iam/`name`.json."""
        iam, sts = self.world.client("iam"), self.world.client("sts")
        role = iam.create_role(RoleName=f"shop-{name}", AssumeRolePolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"},
                                                    "Action": "sts:AssumeRole"}]}))["Role"]["Arn"]
        self.addCleanup(iam.delete_role, RoleName=f"shop-{name}")
        names = {"partition": "aws", "dns_suffix": "amazonaws.com", "account": self.world.ready["account"],
                 "region": shop.region, "bucket": shop.bucket, "prefix": "crossfade/shop", "rule_arn": shop.stack.rule,
                 "blue_group": "blue", "green_group": "green", "launch_template": shop.stack.template,
                 "instance_role_arn": role, "role_arn": role}
        text = (pathlib.Path(ROOT) / "infra" / "iam" / f"{name}.json").read_text()
        for each, value in names.items():
            text = text.replace("${" + each + "}", value)
        self.assertNotIn("${", text)
        iam.put_role_policy(RoleName=f"shop-{name}", PolicyName="policy", PolicyDocument=text)
        self.addCleanup(iam.delete_role_policy, RoleName=f"shop-{name}", PolicyName="policy")
        keys = sts.assume_role(RoleArn=role, RoleSessionName="doctor")["Credentials"]
        return text, {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                      "AWS_SESSION_TOKEN": keys["SessionToken"]}

    def test_what_a_role_may_not_do_is_found_before_a_release_needs_it(self):
        shop = self.shop("ap-southeast-2")
        since = now()
        _, keys = self.keys_of(shop, "release")
        found = self.findings(shop, wanted=0, **keys)
        self.assertNotIn("permissions", {subject for _, subject, _, _ in found})
        self.assertEqual(beyond("plan", {each: count for each, count in shop.calls(since).items()
                                         if not each.startswith(("iam.Create", "iam.Put", "sts.Assume"))}), {})
        _, keys = self.keys_of(shop, "plan")
        found = self.findings(shop, wanted=0, **keys)
        self.found(found, "warning", "permissions", "CF0862", "may look, and not release",
                   "elasticloadbalancing:ModifyRule")
        _, keys = self.keys_of(shop, "instance")
        found = self.findings(shop, wanted=1, **keys)
        self.found(found, "error", "permissions", "CF0862", "what even a plan reads", "autoscaling:DescribeAutoScaling")

    def test_part_of_the_permissions_is_an_error_that_names_what_is_missing(self):
        shop = self.shop("ap-northeast-3")
        text, keys = self.keys_of(shop, "release")
        self.world.client("iam").put_role_policy(
            RoleName="shop-release", PolicyName="policy",
            PolicyDocument=text.replace('"autoscaling:ResumeProcesses",', ""))
        found = self.findings(shop, wanted=1, **keys)
        self.found(found, "error", "permissions", "CF0862", "part of what a release changes autoscaling:ResumeProcesses")

    def test_clocks_and_keys_are_looked_at_first(self):
        shop = self.shop("ap-southeast-3")
        self.world.set(clock_skew_s=-40.0)
        self.found(self.findings(shop, wanted=1), "error", "clock", "CF0861", "ahead of AWS's")
        self.world.set(clock_skew_s=10.0)
        self.found(self.findings(shop, wanted=0), "warning", "clock", "CF0861", "behind AWS's")
        self.world.set(clock_skew_s=0.0, credentials_expired=True)
        found = self.findings(shop, wanted=4)
        self.found(found, "error", "account", "CF0804")
        self.world.set(credentials_expired=False)
        self.assertEqual(len(found), 1, found)


if __name__ == "__main__":
    unittest.main()
