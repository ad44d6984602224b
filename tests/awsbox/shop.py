"""An application on the box that Crossfade releases: a spec in a folder, the binary, what is served."""
import collections
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

from tools import aws_policy

from . import ROOT
from .world import Stack, wait_until

BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin")) / "crossfade"
NAMES = ("AZRebalance", "AlarmNotification", "ReplaceUnhealthy", "ScheduledActions")
READS = ("Describe", "Get", "List", "Head")

SPEC = """
application: shop
version: {version}
artifact: build/{version}.tar.gz
provider: aws
aws:
  region: {region}
  bucket: {bucket}
  rule: {rule}
  target_groups: {{blue: "{blue}", green: "{green}"}}
  scaling_groups: {{blue: blue, green: green}}
  launch_template: {{id: {template}, version: 1}}
  port: 8065
  metrics_period: 1s
service:
  command: ["${{artifact}}/serve", "{version}", "${{port}}"]
  environment: {environment}
  instances: {instances}
  health: /up
  boot_deadline: 60s
strategy:
  major: blue-green
  patch: canary
  config: rolling
  steps: [{{weight: 20%, hold: 2s}}, {{weight: 50%, hold: 2s}}]
  rolling: {{batch: {batch}, hold: 1s}}
  settle: 1s
  settle_before_leaving: 1s
  bake: {bake}
  keep_warm: {keep_warm}
  drain: {{deadline: 1s}}
guard: {{interval: 1s, requests_min: 5, warm_up: 0s, unknown_max: 60s, compare: false}}
"""


class Shop:
    def __init__(self, world, region, delay_s=30, **spec):
        """`delay_s`: how long a target that leaves is still served, which must be longer than news travel."""
        self.world, self.region = world, region
        self.stack = Stack(world, region=region, **{"deregistration_delay.timeout_seconds": delay_s})
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shop-"))
        self.bucket = f"releases-{region}"
        self.s3 = world.client("s3", region_name=region)
        self.s3.create_bucket(Bucket=self.bucket, **({} if region == "us-east-1" else {
            "CreateBucketConfiguration": {"LocationConstraint": region}}))
        self.spec = {"instances": 2, "batch": 1, "environment": {}, "keep_warm": "0s", "bake": "2s", "version": "1.0.0"} | spec
        self.stack.shift(1, 0)

    def close(self):
        self.stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, **spec):
        """The spec, with changes that stay, and the artifact of its version."""
        self.spec |= spec
        version = self.spec["version"]
        made = self.folder / "build" / f"{version}.tar.gz"
        made.parent.mkdir(exist_ok=True)
        if not made.exists():
            script = (f"#!/bin/sh\nexport PYTHONPATH={ROOT}\n"
                      f"exec {sys.executable} -m tests.awsbox.app \"$1\" \"$2\"\n").encode()
            with tarfile.open(made, "w:gz") as tar:
                entry = tarfile.TarInfo("serve")
                entry.size, entry.mode = len(script), 0o755
                tar.addfile(entry, io.BytesIO(script))
                note = tarfile.TarInfo("version")
                note.size = len(version)
                tar.addfile(note, io.BytesIO(version.encode()))
        stack, given = self.stack, dict(self.spec, environment=json.dumps(self.spec["environment"]))
        (self.folder / "crossfade.yaml").write_text(SPEC.format(
            region=self.region, bucket=self.bucket, rule=stack.rule, template=stack.template,
            blue=stack.groups["blue"], green=stack.groups["green"], **given))

    def environment(self, **more):
        return {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": self.world.endpoint,
                "AWS_EC2_METADATA_DISABLED": "true", "USER": "tester",
                "AWS_ACCESS_KEY_ID": self.world.ready["access_key_id"],
                "AWS_SECRET_ACCESS_KEY": self.world.ready["secret_access_key"]} | more

    def start(self, *words, **environment):
        return subprocess.Popen([BIN, *words], cwd=self.folder, env=self.environment(**environment), text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *words, longest_s=120, **environment):
        """(exit code, what it said)"""
        done = self.start(*words, **environment)
        try:
            said, _ = done.communicate(timeout=longest_s)
        except subprocess.TimeoutExpired:
            done.kill()
            said, _ = done.communicate()
            raise AssertionError(f"{words} did not end: {said[-3000:]}") from None
        return done.returncode, said

    def json(self, *words):
        done = subprocess.run([BIN, *words, "--output", "json"], cwd=self.folder, env=self.environment(),
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return json.loads(done.stdout)

    def release(self, **spec):
        """A deploy that succeeds."""
        self.write(**spec)
        code, said = self.run("deploy")
        if code != 0:
            raise AssertionError(f"deploy of {self.spec['version']} ended with {code}:\n{said[-3000:]}")
        return said

    def versions(self, count=6):
        """Which versions answer, of so many requests over connections of their own."""
        return {version for _, version in (self.stack.ask() for _ in range(count))}

    def group(self, name):
        return self.stack.asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    def calls(self, since):
        """How often each operation was called since `since`, as the box saw it."""
        return collections.Counter(f"{service}.{name}" for at, service, name, _ in self.world.control("calls")["calls"]
                                   if at >= since)

    def given_back(self):
        """What of the groups is not as it was found: nothing, after a release."""
        wrong = []
        for name in ("blue", "green"):
            group = self.group(name)
            suspended = [each["ProcessName"] for each in group["SuspendedProcesses"]]
            if suspended:
                wrong.append(f"{name}: {suspended} suspended")
            serves = group["DesiredCapacity"] > 0
            if (group["MinSize"], group["MaxSize"]) != ((0, 6) if serves else (0, 0)) and group["Tags"]:
                wrong.append(f"{name}: {group['MinSize']} to {group['MaxSize']}")
        return wrong


def changes_of(calls):
    """Those that do more than look."""
    return {name: count for name, count in calls.items() if not name.split(".")[1].startswith(READS)}


def beyond(policy, calls, *more):
    """Those of `calls` that infra/iam/`policy`.json does not allow, nor one of `more` beside it."""
    statements = [each for name in (policy, *more)
                  for each in json.loads((ROOT / "infra" / "iam" / f"{name}.json").read_text())["Statement"]]
    allowed = {action for each in statements for action in each["Action"]} | {"-"}
    models = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch"}
    actions = {}
    for (service, operation), (_, _, action) in aws_policy.known().items():
        actions[f"{service}.{operation}"] = action
    wanted = {}
    for call in calls:
        service, operation = call.split(".")
        wanted[call] = actions.get(f"{models.get(service, service)}.{operation}", "an operation that no model names")
    return {call: action for call, action in wanted.items() if action not in allowed}


def now():
    return time.time()


__all__ = ["NAMES", "Shop", "beyond", "changes_of", "now", "wait_until"]
