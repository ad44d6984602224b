"""`python3 -m tests.awsbox.rehearse --spec crossfade.yaml`: this release against awsbox, before AWS is touched.

An account is made as the spec names it: bucket, load balancer with its rule, target groups, Auto Scaling groups, launch
template. The release before is the same artifact under an earlier version. Then this release runs under traffic, and
what became of it is told. `crossfade rehearse` starts this. Exits as the release did, or with 1 where requests failed.
"""
import argparse
import base64
import collections
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from . import missing
from .world import IMAGE, REGION, World, wait_until

LEFT_OUT = ("gates", "notices", "freezes", "audit_anchor")  # a rehearsal waits for nobody and tells nobody
READS = ("Describe", "Get", "List", "Head")
SPAN = re.compile(r"^([0-9]+)(ms|s|m|h|d)$")
MILLIS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
# What Crossfade takes on AWS where the spec says nothing: without these a rehearsal would last as long as a release.
USUAL = {"settle": "30s", "settle_before_leaving": "120s", "bake": "5m"}
LEAST_MS, WARM_MS = 500, 1


class Refused(Exception):
    """The spec cannot be rehearsed; says why."""


def quicker(value, speed):
    """`value` with every duration in it divided; other values as they are."""
    if isinstance(value, dict):
        return {name: quicker(each, speed) for name, each in value.items()}
    if isinstance(value, list):
        return [quicker(each, speed) for each in value]
    found = SPAN.match(value) if isinstance(value, str) else None
    if not found:
        return value
    millis = int(found.group(1)) * MILLIS[found.group(2)]
    return f"{min(millis, max(LEAST_MS, int(millis / speed)))}ms"


def name_in(arn):
    """`blue` of arn:…:targetgroup/blue/6d0e"""
    parts = arn.split("/")
    if len(parts) < 2 or not parts[-2]:
        raise Refused(f"{arn} names no target group")
    return parts[-2] if len(parts) > 2 else parts[-1]


def version_before(version):
    """An earlier version, nearest by the same kind of change."""
    numbers = [int(each) for each in re.split(r"[-+]", version)[0].split(".")]
    for place in (2, 1, 0):
        if numbers[place] > 0:
            numbers[place] -= 1
            return ".".join(map(str, numbers))
    return "0.0.0-before"


class Account:
    """What the spec says is there for good, made on the box."""

    def __init__(self, world, spec):
        place, service = spec["aws"], spec["service"]
        self.region = place.get("region", REGION)
        elb, scaling, ec2, s3 = (world.client(name, attempts=3, region_name=self.region)
                                 for name in ("elbv2", "autoscaling", "ec2", "s3"))
        s3.create_bucket(Bucket=place["bucket"], **({} if self.region == "us-east-1" else {
            "CreateBucketConfiguration": {"LocationConstraint": self.region}}))
        subnets = ec2.describe_subnets()["Subnets"][:2]
        boot = base64.b64encode(b"#!/bin/sh\nexec sleep 1000000\n").decode()
        self.template = ec2.create_launch_template(LaunchTemplateName="rehearsal", LaunchTemplateData={
            "ImageId": IMAGE, "InstanceType": "t3.small", "UserData": boot})["LaunchTemplate"]["LaunchTemplateId"]
        made = elb.create_load_balancer(Name="rehearsal", Subnets=[each["SubnetId"] for each in subnets])
        balancer = made["LoadBalancers"][0]
        self.door = (balancer["DNSName"], 8080)
        health, self.groups = service["health"], {}
        path = health if isinstance(health, str) else health.get("path", "/")
        for pool in ("blue", "green"):
            self.groups[pool] = elb.create_target_group(
                Name=name_in(place["target_groups"][pool]), Protocol="HTTP", Port=place.get("port", 8080),
                VpcId=subnets[0]["VpcId"], HealthCheckPath=path, HealthCheckIntervalSeconds=5,
                HealthCheckTimeoutSeconds=4, HealthyThresholdCount=2,
                UnhealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
            elb.modify_target_group_attributes(TargetGroupArn=self.groups[pool], Attributes=[
                {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}])
        listener = elb.create_listener(LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=8080,
                                       DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {
                                           "StatusCode": "404"}}])["Listeners"][0]["ListenerArn"]
        split = {"TargetGroups": [{"TargetGroupArn": self.groups["blue"], "Weight": 1},
                                  {"TargetGroupArn": self.groups["green"], "Weight": 0}]}
        self.rule = elb.create_rule(ListenerArn=listener, Priority=10,
                                    Actions=[{"Type": "forward", "ForwardConfig": split}],
                                    Conditions=[{"Field": "path-pattern", "Values": ["*"]}])["Rules"][0]["RuleArn"]
        most = 4 * int(service.get("instances", 2))
        for pool in ("blue", "green"):
            scaling.create_auto_scaling_group(
                AutoScalingGroupName=place["scaling_groups"][pool], MinSize=0, MaxSize=most, DesiredCapacity=0,
                TargetGroupARNs=[self.groups[pool]],
                LaunchTemplate={"LaunchTemplateId": self.template, "Version": "1"},
                VPCZoneIdentifier=",".join(each["SubnetId"] for each in subnets))

    def rehearsed(self, spec, speed, **changes):
        """The spec as it is released here: this account, short waits, nobody to wait for."""
        out = {name: value for name, value in spec.items() if name not in LEFT_OUT} | changes
        out["aws"] = {name: value for name, value in spec["aws"].items() if name != "profile"} | {
            "region": self.region, "rule": self.rule, "target_groups": self.groups,
            "launch_template": {"id": self.template, "version": 1}, "metrics_period": "1s"}
        out["strategy"] = quicker(USUAL | spec.get("strategy", {}), speed) | {"keep_warm": "0s"}
        drain = dict(out["strategy"].get("drain") or {})
        out["strategy"]["drain"] = drain | {"deadline": drain.get("deadline", "2s")}
        out["guard"] = quicker(spec.get("guard", {}), speed) | {"interval": "1s"}
        return out


class Traffic:
    """Requests over connections of their own until `stop`; what failed is kept."""

    def __init__(self, door, path, each_second):
        self.door, self.path, self.over = door, path, threading.Event()
        self.answers, self.failures, self.lock = collections.Counter(), [], threading.Lock()
        count = 4
        self.pause = count / each_second
        self.threads = [threading.Thread(target=self.ask_on, daemon=True) for _ in range(count)]
        for each in self.threads:
            each.start()

    def ask_on(self):
        while not self.over.wait(self.pause):
            self.ask()

    def ask(self):
        connection = http.client.HTTPConnection(*self.door, timeout=10)
        try:
            connection.request("GET", self.path)
            answer = connection.getresponse()
            answer.read()
            said = answer.status
        except (OSError, http.client.HTTPException) as error:
            said = type(error).__name__
        finally:
            connection.close()
        with self.lock:
            self.answers[str(said)] += 1
            if not isinstance(said, int) or said >= 500:
                self.failures.append({"at": time.time(), "said": str(said)})

    def stop(self):
        self.over.set()
        for each in self.threads:
            each.join(15)


class Rehearsal:
    def __init__(self, said, world):
        import yaml
        self.said, self.world = said, world
        self.home = said.spec.resolve().parent
        self.spec = yaml.safe_load(said.spec.read_text())
        if self.spec.get("provider") != "aws":
            raise Refused("its provider is not aws: there is nothing to rehearse")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rehearsal-"))
        self.dump = yaml.safe_dump
        # Hooks, artifact and assets are where the spec's folder has them; the state is the bucket's.
        for each in self.home.iterdir():
            if each.name not in (said.spec.name, ".crossfade", ".git", "crossfade.yaml"):
                (self.folder / each.name).symlink_to(each)
        self.account = Account(world, self.spec)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
            "AWS_ENDPOINT_URL": world.endpoint, "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": world.ready["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": world.ready["secret_access_key"],
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

    def close(self):
        if not self.said.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def crossfade(self, *words, **how):
        return subprocess.run([self.said.crossfade, *words], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, check=False, **how)

    def release(self, title, **changes):
        """Exit code and seconds of one deploy, shown as it goes."""
        print(f"\n{title}", file=sys.stderr, flush=True)
        (self.folder / "crossfade.yaml").write_text(self.dump(
            self.account.rehearsed(self.spec, self.said.speed, **changes), sort_keys=False))
        begun = time.time()
        code = self.crossfade("deploy", "--yes", stdout=sys.stderr).returncode
        return code, begun, time.time() - begun

    def stages(self):
        """(stage, seconds) of the last run, as its journal has them."""
        shown = self.crossfade("audit", "show", "--output", "json", capture_output=True, text=True)
        records = json.loads(shown.stdout)["records"]
        last = [each for each in records if each["release"] == records[-1]["release"]]
        at = {each["index"]: datetime.datetime.fromisoformat(each["at"].replace("Z", "+00:00")) for each in last}
        out, entered = collections.OrderedDict(), {}
        for each in last:
            step = each["body"].get("step")
            if each["kind"] == "entered":
                entered[step] = (each["body"]["stage"], at[each["index"]])
            elif each["kind"] == "passed" and step in entered:
                stage, since = entered.pop(step)
                out[stage] = out.get(stage, 0.0) + (at[each["index"]] - since).total_seconds()
        return [{"stage": stage, "seconds": round(seconds, 1)} for stage, seconds in out.items()]

    def calls(self, since):
        return collections.Counter(f"{service}.{name}" for at, service, name, _ in
                                   self.world.control("calls")["calls"] if at >= since)

    def run(self):
        version = str(self.spec["version"])
        before = version_before(version)
        service = dict(self.spec["service"])
        earlier = service | {"environment": dict(service.get("environment") or {}) | {"REHEARSAL": "before"}}
        code, _, _ = self.release(f"first {before}, which stands for what serves today", version=before, service=earlier)
        if code != 0:
            raise Refused(f"{before} did not come up ({code}): nothing was rehearsed; the log above says why")
        health = service["health"]
        path = self.said.path or (health if isinstance(health, str) else health.get("path", "/"))
        traffic = Traffic(self.account.door, path, self.said.requests)
        wait_until(lambda: sum(traffic.answers.values()) > 5, "the first answers")
        try:
            code, begun, took = self.release(f"now {version}, under {self.said.requests} requests a second")
        finally:
            traffic.stop()
        calls = self.calls(begun)
        changes = {name: count for name, count in calls.items() if not name.split(".")[1].startswith(READS)}
        return {"schema": "crossfade.rehearsal/1", "application": self.spec["application"], "from": before, "to": version,
                "exit_code": code, "seconds": round(took, 1), "stages": self.stages(),
                "requests": sum(traffic.answers.values()), "failed": len(traffic.failures),
                "answers": dict(sorted(traffic.answers.items())),
                "calls": {"all": sum(calls.values()), "changes": sum(changes.values()),
                          "by_operation": dict(sorted(calls.items()))}, "speed": self.said.speed,
                "left_out": [name for name in LEFT_OUT if name in self.spec]}


def told(result):
    """For people."""
    went = {0: "serves", 5: "was taken back"}.get(result["exit_code"], f"ended with {result['exit_code']}")
    lines = [f"{result['application']} {result['from']} -> {result['to']}: {went} after {result['seconds']} s "
             f"(waits of the spec divided by {result['speed']:g})"]
    lines += [f"  {each['stage']:<16}{each['seconds']:>8.1f} s" for each in result["stages"]]
    lines.append(f"requests: {result['requests']}, of which {result['failed']} failed "
                 f"({', '.join(f'{said}: {count}' for said, count in result['answers'].items())})")
    lines.append(f"API calls: {result['calls']['all']}, of which {result['calls']['changes']} change something")
    if result["left_out"]:
        lines.append(f"left out: {', '.join(result['left_out'])}; a rehearsal waits for nobody and tells nobody")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="crossfade rehearse", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--spec", type=pathlib.Path, required=True)
    parser.add_argument("--crossfade", type=pathlib.Path, required=True, help="the binary")
    parser.add_argument("--requests", type=float, default=50, help="a second, of the simulated traffic")
    parser.add_argument("--path", default="", help="what is asked for; without it the health check's")
    parser.add_argument("--speed", type=float, default=20, help="by which the spec's waits are divided")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keeps the folder of the rehearsal")
    said = parser.parse_args()
    if missing():
        print(f"rehearse: {missing()}", file=sys.stderr)
        return 4
    # The load balancers are edges of the same binary.
    os.environ["CROSSFADE_BIN"] = str(said.crossfade.resolve().parent)
    # The box and whoever looks into it know nothing of their user's accounts.
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    rehearsal = None
    try:
        with World(metrics_period_s=1.0, propagation_s=[0.0, 1.0]) as world:
            rehearsal = Rehearsal(said, world)
            result = rehearsal.run()
    except (Refused, KeyError, AssertionError) as error:
        print(f"rehearse: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 75
    finally:
        if rehearsal:
            rehearsal.close()
    print(json.dumps(result) if said.json else "\n" + told(result))
    return result["exit_code"] or (1 if result["failed"] else 0)


if __name__ == "__main__":
    sys.exit(main())
