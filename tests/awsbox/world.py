"""What a test needs: a box of its own as a process, boto3's clients, and a small stack in it."""
import atexit
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from . import ROOT

REGION = "us-east-1"
IMAGE = "ami-12c6146b"  # moto knows it
FAST = {"second_s": 0.02, "boot_s": 0.0, "launch_s": 0.0, "stop_grace_s": 2.0}


def wait_until(condition, what, longest_s=20.0):
    """The first truthy answer of `condition`."""
    until = time.monotonic() + longest_s
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"waited {longest_s} s in vain for {what}")
        time.sleep(0.02)


_shared, _session = [], []


class World:
    """A box; `with World() as world` ends all that it started."""

    def __init__(self, **settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="awsbox-"))
        given = FAST | settings
        command = [sys.executable, "-m", "tests.awsbox", "--attached", "--dir", str(self.folder)]
        for name, value in given.items():
            command += ["--set", f"{name}={json.dumps(value)}"]
        with open(self.folder / "process.log", "wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)
        ready = self.folder / "ready.json"
        wait_until(lambda: ready.exists() or self.process.poll() is not None, "awsbox", 60)
        if not ready.exists():
            raise AssertionError((self.folder / "process.log").read_text()[-2000:])
        self.ready = json.loads(ready.read_text())
        self.endpoint, self._clients = self.ready["endpoint"], {}
        self.first, self.taken = self.control("settings"), set()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.stdin.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if kind is not None or os.environ.get("CROSSFADE_KEEP"):
            print(f"kept for a look: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, name, attempts=1, **keys):
        """boto3's client; with one attempt it shows each failure instead of hiding it."""
        import boto3
        import botocore.config
        identity = (name, attempts, str(sorted(keys.items())))
        if identity not in self._clients:
            if not _session:
                _session.append(boto3.session.Session())  # it keeps the models that it has read
            self._clients[identity] = _session[0].client(name, **({
                "endpoint_url": self.endpoint, "region_name": REGION,
                "aws_access_key_id": self.ready["access_key_id"],
                "aws_secret_access_key": self.ready["secret_access_key"],
                "config": botocore.config.Config(retries={"total_max_attempts": attempts, "mode": "standard"},
                                                 read_timeout=20, connect_timeout=5)} | keys))
        return self._clients[identity]

    def control(self, path, body=None):
        """The box's own door: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_awsbox/{path}", data, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def set(self, **settings):
        return self.control("settings", settings)

    def settled(self):
        """True once every node runs what the API holds."""
        return all(node["settled"] for balancer in self.control("balancers") for node in balancer["nodes"])


def user_data(version="1", port=8065):
    """A boot script as an instance would have it, base64 as the API wants it."""
    script = (f"#!/bin/sh\nexport PYTHONPATH={ROOT}\n"
              f"exec {sys.executable} -m tests.awsbox.app {version} {port}\n")
    return base64.b64encode(script.encode()).decode()




def shared():
    """The box that all test classes of one process use, each in a region of its own."""
    if not _shared:
        _shared.append(World(**json.loads(os.environ.get("AWSBOX_TEST_SETTINGS", "{}"))))
        atexit.register(_shared[0].__exit__, None, None, None)
    _shared[0].set(**{name: value for name, value in _shared[0].first.items()})
    return _shared[0]


class Stack:
    """One load balancer, a rule over blue and green, an Auto Scaling group for each, empty at first."""

    def __init__(self, world, port=8065, region=REGION, **attributes):
        assert region not in world.taken, f"{region} has a stack already: take a region of your own"
        world.taken.add(region)
        self.world, self.region = world, region
        self.elb, self.asg, self.ec2 = (world.client(name, region_name=region)
                                        for name in ("elbv2", "autoscaling", "ec2"))
        subnets = self.ec2.describe_subnets()["Subnets"][:2]
        self.subnets = [each["SubnetId"] for each in subnets]
        self.template = self.ec2.create_launch_template(
            LaunchTemplateName="app", LaunchTemplateData=self.template_data("1"))["LaunchTemplate"]["LaunchTemplateId"]
        made = self.elb.create_load_balancer(Name="front", Subnets=self.subnets)["LoadBalancers"][0]
        self.balancer, self.address = made["LoadBalancerArn"], made["DNSName"]
        self.groups = {}
        for name in ("blue", "green"):
            group = self.elb.create_target_group(
                Name=name, Protocol="HTTP", Port=port, VpcId=subnets[0]["VpcId"], HealthCheckPath="/up",
                HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=4, HealthyThresholdCount=2,
                UnhealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
            self.elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=[
                {"Key": key, "Value": str(value)} for key, value in
                ({"deregistration_delay.timeout_seconds": 30} | attributes).items()])
            self.groups[name] = group
        self.listener = self.elb.create_listener(
            LoadBalancerArn=self.balancer, Protocol="HTTP", Port=8080, DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])["Listeners"][0]["ListenerArn"]
        self.rule = self.elb.create_rule(
            ListenerArn=self.listener, Priority=10, Actions=[self.action(1, 0)],
            Conditions=[{"Field": "path-pattern", "Values": ["*"]}])["Rules"][0]["RuleArn"]
        for name, group in self.groups.items():
            self.asg.create_auto_scaling_group(
                AutoScalingGroupName=name, MinSize=0, MaxSize=6, DesiredCapacity=0, TargetGroupARNs=[group],
                LaunchTemplate={"LaunchTemplateId": self.template, "Version": "1"},
                VPCZoneIdentifier=",".join(self.subnets))

    def close(self):
        """Takes down what costs something: instances and nodes."""
        for name in self.groups:
            self.asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
        self.elb.delete_load_balancer(LoadBalancerArn=self.balancer)

    def template_data(self, version):
        return {"ImageId": IMAGE, "InstanceType": "t3.small", "UserData": user_data(version)}

    def new_version(self, version):
        """A launch template version whose instances say `version`; gives its number."""
        made = self.ec2.create_launch_template_version(
            LaunchTemplateId=self.template, LaunchTemplateData=self.template_data(version))
        return str(made["LaunchTemplateVersion"]["VersionNumber"])

    def action(self, blue, green, **config):
        return {"Type": "forward", "ForwardConfig": {"TargetGroups": [
            {"TargetGroupArn": self.groups["blue"], "Weight": blue},
            {"TargetGroupArn": self.groups["green"], "Weight": green}]} | config}

    def shift(self, blue, green):
        self.elb.modify_rule(RuleArn=self.rule, Actions=[self.action(blue, green)])

    def scale(self, name, size, **changes):
        self.asg.update_auto_scaling_group(AutoScalingGroupName=name, DesiredCapacity=size, **changes)

    def members(self, name):
        found = self.asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return found["AutoScalingGroups"][0]["Instances"]

    def health(self, name):
        """{instance: (state, reason)}"""
        found = self.elb.describe_target_health(TargetGroupArn=self.groups[name])
        return {each["Target"]["Id"]: (each["TargetHealth"]["State"], each["TargetHealth"].get("Reason"))
                for each in found["TargetHealthDescriptions"]}

    def serving(self, name, size):
        """True once so many members are in service and healthy, and no one else is listed."""
        states = [each["LifecycleState"] for each in self.members(name)]
        healthy = [state for state, _ in self.health(name).values()]
        return states == ["InService"] * size and healthy == ["healthy"] * size

    def bring_up(self, name, size, **changes):
        self.scale(name, size, **changes)
        wait_until(lambda: self.serving(name, size), f"{size} serving instances of {name}")

    @property
    def door(self):
        return self.address, 8080

    def ask(self, path="/", fields=None):
        """(status, X-Version) over a connection of its own."""
        import http.client
        connection = http.client.HTTPConnection(*self.door, timeout=10)
        try:
            connection.request("GET", path, headers=fields or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("X-Version")
        finally:
            connection.close()
