"""The fleet of provider `aws` over the wire (src/aws/try), read back by boto3: instances boot for real."""
import io
import pathlib
import sys
import tarfile
import tempfile
import time
import unittest

from tests.support.echo import Clients

from . import ROOT, missing
from .ports_test import Ours
from .world import Stack, shared

REGION = "ap-northeast-2"
SCALING = {"AZRebalance", "AlarmNotification", "ReplaceUnhealthy", "ScheduledActions"}


def artifact(folder, name):
    """A .tar.gz with `serve VERSION PORT` in it; another one for each name."""
    script = f"#!/bin/sh\nexport PYTHONPATH={ROOT}\nexec {sys.executable} -m tests.awsbox.app \"$1\" \"$2\"\n"
    path = pathlib.Path(folder, f"{name}.tar.gz")
    with tarfile.open(path, "w:gz") as tar:
        for member, text in (("serve", script), ("name", name)):
            entry = tarfile.TarInfo(member)
            entry.size, entry.mode = len(text), 0o755
            tar.addfile(entry, io.BytesIO(text.encode()))
    return path


@unittest.skipIf(missing(), missing())
class Fleet(Ours):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(shared(), region=REGION)
        cls.addClassCleanup(cls.stack.close)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.files = {name: artifact(cls.folder.name, name) for name in ("r1", "r2")}
        cls.s3 = shared().client("s3", region_name=REGION)
        cls.s3.create_bucket(Bucket="fleet", CreateBucketConfiguration={"LocationConstraint": REGION})

    def setUp(self):
        super().setUp()
        self.region = REGION

    def fleet(self, *words):
        stack = self.stack
        return ("fleet", "fleet", stack.template, "blue", "green", stack.groups["blue"], stack.groups["green"], *words)

    def insist(self, *words):
        """A step as the engine makes it: again, with the same ticket, until it is accepted."""
        until = time.monotonic() + 30
        while True:
            good, said = self.call(*self.fleet(*words))
            if good:
                return
            self.assertLess(time.monotonic(), until, said)

    def comes_to(self, pool, **healthy):
        """Each look by a process of its own, as after a crash."""
        until, seen = time.monotonic() + 60, []
        while time.monotonic() < until:
            good, said = self.call(*self.fleet("list"))
            if not good:
                continue
            seen = [each for each in said["instances"] if each["pool"] == pool]
            found = {name: sum(each["release"] == name and each["state"] == "healthy" for each in seen)
                     for name in healthy}
            if found == healthy and len(seen) == sum(healthy.values()):
                return seen
        raise AssertionError(f"{pool} did not come to {healthy}: {seen}")

    def group(self, name):
        return self.stack.asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    def suspended(self, name):
        return {each["ProcessName"] for each in self.group(name)["SuspendedProcesses"]}

    def bounds(self, name):
        group = self.group(name)
        return group["MinSize"], group["MaxSize"], group["DesiredCapacity"]

    def test_a_release_rolls_then_flips_and_boto3_reads_what_was_written(self):
        r1, r2 = self.files["r1"], self.files["r2"]
        self.insist("prepare", "r1", r1)
        self.insist("ensure", "blue", "r1", r1, 2, 7, "r1/up/do")
        seen = self.comes_to("blue", r1=2)
        self.assertEqual({each["address"] for each in seen},
                         {f"{each['PrivateIpAddress']}:8065" for reservation in self.stack.ec2.describe_instances(
                             InstanceIds=[each["id"] for each in seen])["Reservations"]
                          for each in reservation["Instances"]})
        self.assertEqual(self.group("blue")["Instances"][0]["LaunchTemplate"]["Version"], "2")
        self.assertEqual((self.suspended("blue"), self.bounds("blue")), (set(), (0, 6, 2)), "given back")
        self.assertEqual(self.refused(*self.fleet("retire", "blue", 6, "r0/retire/do"))["code"], "CF0821")

        with Clients(self.stack.door, sockets=0, askers=2, pause_s=0.03) as clients:
            self.insist("prepare", "r2", r2)
            self.insist("replace", "blue", "r2", r2, 2, 1, 8, "r2/replace-1/do")
            self.comes_to("blue", r1=1, r2=1)
            self.assertEqual(self.suspended("blue"), SCALING)
            self.insist("replace", "blue", "r2", r2, 2, 2, 8, "r2/replace-2/do")
            self.comes_to("blue", r2=2)
            self.assertEqual((self.suspended("blue"), self.bounds("blue")), (set(), (0, 6, 2)))
            self.assertEqual(clients.failures, [])

        self.insist("ensure", "green", "r1", r1, 3, 9, "r3/up/do")
        self.comes_to("green", r1=3)
        self.assertEqual((self.bounds("blue"), self.bounds("green")), ((2, 2, 2), (3, 3, 3)), "pinned")
        self.insist("retire", "blue", 9, "r3/retire/do")
        self.comes_to("blue")
        self.assertEqual((self.bounds("blue"), self.bounds("green")), ((0, 0, 0), (0, 6, 3)))
        self.assertEqual(self.suspended("blue") | self.suspended("green"), set())
        wish = {each["Key"]: each["Value"] for each in self.group("green")["Tags"]}["crossfade:wish"]
        self.assertIn("step=r3/up/do", wish)
        self.insist("retire", "green", 9, "r3/end/do")
        self.comes_to("green")

    def test_calls_that_fail_before_or_after_they_are_done_are_made_good(self):
        self.world.set(fail_permille=30.0, fail_after_permille=30.0, lost_answer_permille=10.0)
        r2 = self.files["r2"]
        self.insist("prepare", "r2", r2)
        self.insist("ensure", "green", "r2", r2, 2, 20, "r9/up/do")
        self.comes_to("green", r2=2)
        self.insist("retire", "green", 20, "r9/retire/do")
        self.comes_to("green")
        self.world.set(fail_permille=0.0, fail_after_permille=0.0, lost_answer_permille=0.0)
        self.assertEqual((self.suspended("green"), self.bounds("green")), (set(), (0, 0, 0)))
        versions = self.stack.ec2.describe_launch_template_versions(LaunchTemplateId=self.stack.template, MaxResults=200)
        described = [each.get("VersionDescription", "") for each in versions["LaunchTemplateVersions"]]
        self.assertEqual(len(described), len(set(described)), "no version was made twice")


if __name__ == "__main__":
    unittest.main()
