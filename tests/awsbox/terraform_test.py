"""infra/terraform makes what a release needs, and puts nothing back that a release has changed.

Needs terraform and, as nothing is downloaded here, a folder with its provider for AWS: $CROSSFADE_TERRAFORM_PLUGINS, else
/opt/tf-plugins. CROSSFADE_LONG=1 applies it against the box, too.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from . import ROOT, missing
from .world import IMAGE, shared

PLUGINS = pathlib.Path(os.environ.get("CROSSFADE_TERRAFORM_PLUGINS", "/opt/tf-plugins"))
REGION = "us-west-2"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
MAIN = """
provider "aws" {{
  region = "{region}"
  skip_metadata_api_check = true
  skip_region_validation = true
  s3_use_path_style = true
}}
module "shop" {{
  source = "./terraform"
  application = "shop"
  listener_arn = "{listener}"
  vpc_id = "{vpc}"
  subnet_ids = {subnets}
  security_group_ids = []
  image_id = "{image}"
  port = 8065
  health_path = "/up"
  bucket = "shop-releases"
  trust_policy = {trust}
}}
output "aws" {{ value = module.shop.aws }}
"""


def reason():
    if shutil.which("terraform") is None:
        return "terraform is not installed"
    return "" if PLUGINS.is_dir() else f"{PLUGINS} with Terraform's provider for AWS is not there"


@unittest.skipIf(reason(), reason())
class Terraform(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="terraform-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        for name in ("iam", "terraform"):
            shutil.copytree(ROOT / "infra" / name, self.folder / name, ignore=shutil.ignore_patterns(".terraform*"))
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}

    def run_terraform(self, *words, wanted=0):
        done = subprocess.run(["terraform", *words, "-no-color"], cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=400)
        self.assertEqual(done.returncode, wanted, f"{words}\n{done.stdout[-3000:]}")
        return done.stdout

    def write(self, **given):
        given = {"region": REGION, "listener": "arn:x", "vpc": "vpc-1", "subnets": "[]", "image": IMAGE} | given
        (self.folder / "main.tf").write_text(MAIN.format(trust=json.dumps(TRUST), **given))
        self.run_terraform("init", f"-plugin-dir={PLUGINS}", "-input=false")

    def test_the_module_is_valid_and_formatted(self):
        self.write()
        self.assertIn("Success", self.run_terraform("validate"))
        self.run_terraform("fmt", "-check", "terraform")

    @unittest.skipUnless(os.environ.get("CROSSFADE_LONG"), "takes minutes: CROSSFADE_LONG=1")
    @unittest.skipIf(missing(), missing())
    def test_a_second_plan_is_empty_and_so_is_one_after_a_release(self):
        world = shared()
        elb, ec2, asg = (world.client(name, region_name=REGION) for name in ("elbv2", "ec2", "autoscaling"))
        subnets = ec2.describe_subnets()["Subnets"][:2]
        balancer = elb.create_load_balancer(Name="front", Subnets=[each["SubnetId"] for each in subnets])["LoadBalancers"][0]
        self.addCleanup(elb.delete_load_balancer, LoadBalancerArn=balancer["LoadBalancerArn"])
        listener = elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=8080, DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])["Listeners"][0]["ListenerArn"]
        self.environment |= {"AWS_ENDPOINT_URL": world.endpoint, "AWS_EC2_METADATA_DISABLED": "true",
                             "AWS_ACCESS_KEY_ID": world.ready["access_key_id"],
                             "AWS_SECRET_ACCESS_KEY": world.ready["secret_access_key"]}
        self.write(listener=listener, vpc=subnets[0]["VpcId"], subnets=json.dumps([each["SubnetId"] for each in subnets]))
        self.run_terraform("apply", "-auto-approve", "-input=false")
        self.run_terraform("plan", "-detailed-exitcode", "-input=false")

        made = json.loads(self.run_terraform("output", "-json"))["aws"]["value"]
        version = ec2.create_launch_template_version(
            LaunchTemplateId=made["launch_template"]["id"], SourceVersion="1",
            LaunchTemplateData={"UserData": ""})["LaunchTemplateVersion"]["VersionNumber"]
        asg.update_auto_scaling_group(AutoScalingGroupName=made["scaling_groups"]["green"], MaxSize=3, LaunchTemplate={
            "LaunchTemplateId": made["launch_template"]["id"], "Version": str(version)})
        asg.suspend_processes(AutoScalingGroupName=made["scaling_groups"]["green"], ScalingProcesses=["AZRebalance"])
        asg.create_or_update_tags(Tags=[{"ResourceId": made["scaling_groups"]["green"], "Key": "crossfade:kept",
                                         "ResourceType": "auto-scaling-group", "Value": "0 3", "PropagateAtLaunch": False}])
        elb.modify_rule(RuleArn=made["rule"], Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": [
            {"TargetGroupArn": made["target_groups"]["blue"], "Weight": 0},
            {"TargetGroupArn": made["target_groups"]["green"], "Weight": 100}]}}])
        elb.add_tags(ResourceArns=[made["rule"]], Tags=[{"Key": "crossfade:fence", "Value": "7"}])
        self.run_terraform("plan", "-detailed-exitcode", "-input=false")


if __name__ == "__main__":
    unittest.main()
