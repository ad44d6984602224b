"""Auto Scaling groups over real processes: launching, leaving, hooks, health, suspended processes."""
import os
import pathlib
import signal
import unittest

from . import missing
from .traffic_test import echoes, open_socket
from .world import Stack, shared, wait_until


@unittest.skipIf(missing(), missing())
class Capacity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = shared()
        cls.stack = Stack(cls.world, region="us-west-2")
        cls.addClassCleanup(cls.stack.close)
        cls.asg = cls.stack.asg

    def setUp(self):
        self.world = shared()

    def tearDown(self):
        for name in ("blue", "green"):
            self.asg.resume_processes(AutoScalingGroupName=name)
            for hook in self.asg.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]:
                self.asg.delete_lifecycle_hook(AutoScalingGroupName=name, LifecycleHookName=hook["LifecycleHookName"])
            self.stack.scale(name, 0, MinSize=0)
        wait_until(lambda: not self.stack.members("blue") and not self.stack.members("green"), "empty groups")

    def refused(self, call, **arguments):
        import botocore.exceptions
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        return caught.exception.response["Error"]["Code"]

    def states(self, name="blue"):
        return [each["LifecycleState"] for each in self.stack.members(name)]

    def machine(self, instance):
        return next(each for each in self.world.control("instances") if each["id"] == instance)

    def test_an_instance_serves_after_its_boot_with_the_version_that_was_pinned(self):
        pinned = self.stack.new_version("7")
        self.stack.new_version("8")
        self.world.set(boot_s=0.5)
        self.stack.scale("blue", 1, LaunchTemplate={"LaunchTemplateId": self.stack.template, "Version": pinned})
        wait_until(lambda: self.states() == ["Pending"], "a pending instance")
        wait_until(lambda: self.stack.serving("blue", 1), "one that serves")
        self.assertEqual(self.stack.ask(), (200, "7"))
        member = self.stack.members("blue")[0]
        self.assertEqual(member["LaunchTemplate"]["Version"], pinned)
        found = self.stack.ec2.describe_instances(InstanceIds=[member["InstanceId"]])
        self.assertEqual(found["Reservations"][0]["Instances"][0]["PrivateIpAddress"],
                         self.machine(member["InstanceId"])["address"])

    def test_a_terminated_instance_drains_for_the_whole_delay_and_keeps_its_websockets_until_then(self):
        self.stack.bring_up("blue", 1)
        instance = self.stack.members("blue")[0]["InstanceId"]
        with open_socket(self.stack.door) as kept:
            self.stack.scale("blue", 0)
            wait_until(lambda: self.stack.health("blue").get(instance, ("",))[0] == "draining", "draining")
            self.assertEqual(self.stack.health("blue")[instance], ("draining", "Target.DeregistrationInProgress"))
            self.assertTrue(echoes(kept), "a target that drains keeps what it has")
            wait_until(lambda: not self.states(), "the end of the instance")
            self.assertFalse(echoes(kept))
        self.assertEqual(self.machine(instance)["state"], "terminated")
        self.assertEqual(self.machine(instance)["pids"], [])
        asked = self.stack.elb.describe_target_health(
            TargetGroupArn=self.stack.groups["blue"], Targets=[{"Id": instance}])["TargetHealthDescriptions"][0]
        self.assertEqual((asked["TargetHealth"]["State"], asked["TargetHealth"]["Reason"]),
                         ("unused", "Target.NotRegistered"))

    def test_sizes_outside_their_bounds_are_refused(self):
        self.assertEqual(self.refused(self.asg.set_desired_capacity, AutoScalingGroupName="blue",
                                      DesiredCapacity=7), "ValidationError")
        self.assertEqual(self.refused(self.stack.scale, name="blue", size=7), "ValidationError")
        self.assertEqual(self.refused(self.stack.scale, name="blue", size=1, MinSize=2), "ValidationError")
        self.assertEqual(self.states(), [])

    def test_suspended_processes_hold_and_what_they_left_out_is_not_made_up_for(self):
        self.asg.suspend_processes(AutoScalingGroupName="blue", ScalingProcesses=["Launch", "AddToLoadBalancer"])
        self.stack.scale("blue", 1)
        self.stack.scale("green", 1)  # a witness: groups do move meanwhile
        wait_until(lambda: self.states("green") == ["InService"], "the witness")
        self.assertEqual(self.states(), [])
        self.asg.resume_processes(AutoScalingGroupName="blue", ScalingProcesses=["Launch"])
        wait_until(lambda: self.states() == ["InService"], "the instance")
        self.asg.resume_processes(AutoScalingGroupName="blue")
        self.asg.suspend_processes(AutoScalingGroupName="blue", ScalingProcesses=["Terminate"])
        self.stack.scale("blue", 0)
        self.stack.scale("green", 0)
        wait_until(lambda: self.states("green") == [], "the witness's end")
        self.assertEqual(self.states(), ["InService"])
        self.assertEqual(self.stack.health("blue"), {}, "launched while AddToLoadBalancer was suspended")

    def test_lifecycle_hooks_hold_both_transitions_until_they_are_told(self):
        for transition in ("LAUNCHING", "TERMINATING"):
            self.asg.put_lifecycle_hook(
                AutoScalingGroupName="blue", LifecycleHookName=transition.lower(), HeartbeatTimeout=7200,
                LifecycleTransition=f"autoscaling:EC2_INSTANCE_{transition}")
        self.stack.scale("blue", 1)
        for state, hook, size in (("Pending:Wait", "launching", 1), ("Terminating:Wait", "terminating", 0)):
            wait_until(lambda: self.states() == [state], state)
            told = {"AutoScalingGroupName": "blue", "LifecycleHookName": hook,
                    "InstanceId": self.stack.members("blue")[0]["InstanceId"]}
            self.asg.record_lifecycle_action_heartbeat(**told)
            if size:
                self.assertEqual(self.stack.health("blue"), {})
            self.asg.complete_lifecycle_action(LifecycleActionResult="CONTINUE", **told)
            if size:
                wait_until(lambda: self.states() == ["InService"], "the launch")
                self.assertEqual(self.refused(self.asg.complete_lifecycle_action, LifecycleActionResult="CONTINUE",
                                              **told), "ValidationError")
                self.stack.scale("blue", 0)
        wait_until(lambda: self.states() == [], "the end")

    def test_a_hook_nobody_completes_ends_with_its_default_result(self):
        self.asg.put_lifecycle_hook(AutoScalingGroupName="blue", LifecycleHookName="slow", HeartbeatTimeout=30,
                                    LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING", DefaultResult="CONTINUE")
        self.stack.bring_up("blue", 1)

    def test_a_lost_machine_is_seen_and_replaced_and_the_activities_tell(self):
        self.stack.bring_up("blue", 1)
        first = self.stack.members("blue")[0]["InstanceId"]
        os.kill(self.machine(first)["pids"][0], signal.SIGKILL)
        wait_until(lambda: self.machine(first)["state"] == "terminated", "the loss")
        wait_until(lambda: self.stack.serving("blue", 1), "another instance")
        self.assertNotEqual(self.stack.members("blue")[0]["InstanceId"], first)
        told = self.asg.describe_scaling_activities(AutoScalingGroupName="blue")["Activities"]
        self.assertTrue(any(first in each["Description"] and each["Description"].startswith("Terminating")
                            and "EC2 health check" in each["Cause"] and each["StatusCode"] == "Successful"
                            for each in told), told)

    def test_a_zone_can_be_lost(self):
        self.stack.bring_up("blue", 2)
        zones = {each["InstanceId"]: each["AvailabilityZone"] for each in self.stack.members("blue")}
        self.assertEqual(len(set(zones.values())), 2, "a group spreads over its zones")
        lost = next(iter(zones))
        self.assertEqual(self.world.control(f"zones/{zones[lost]}/kill", {}), [lost])
        wait_until(lambda: self.stack.serving("blue", 2) and lost not in str(self.stack.members("blue")), "two again")

    def test_a_target_that_is_ill_is_replaced_where_the_load_balancer_counts(self):
        self.stack.bring_up("blue", 1)
        change = self.asg.update_auto_scaling_group
        self.addCleanup(change, AutoScalingGroupName="blue", HealthCheckType="EC2")
        change(AutoScalingGroupName="blue", HealthCheckType="ELB", HealthCheckGracePeriod=0)
        first = self.stack.members("blue")[0]["InstanceId"]
        source = self.asg.describe_traffic_sources(AutoScalingGroupName="blue")["TrafficSources"][0]
        self.assertEqual((source["Identifier"], source["State"]), (self.stack.groups["blue"], "InService"))
        self.asg.suspend_processes(AutoScalingGroupName="blue", ScalingProcesses=["ReplaceUnhealthy"])
        (pathlib.Path(self.machine(first)["folder"]) / "ill").touch()
        wait_until(lambda: self.stack.health("blue").get(first) == ("unhealthy", "Target.ResponseCodeMismatch"),
                   "an ill target")
        wait_until(lambda: self.stack.members("blue")[0]["HealthStatus"] == "Unhealthy", "its group's word")
        self.assertEqual([each["InstanceId"] for each in self.stack.members("blue")], [first], "suspended")
        change(AutoScalingGroupName="blue", HealthCheckGracePeriod=3600)  # for the next one's boot
        self.asg.resume_processes(AutoScalingGroupName="blue")
        wait_until(lambda: self.stack.serving("blue", 1) and first not in self.stack.health("blue"), "another one")

    def test_one_instance_can_be_ended_with_and_without_a_successor(self):
        self.stack.bring_up("blue", 2, MinSize=1)
        ids = {each["InstanceId"] for each in self.stack.members("blue")}
        end = self.asg.terminate_instance_in_auto_scaling_group
        end(InstanceId=min(ids), ShouldDecrementDesiredCapacity=True)
        wait_until(lambda: self.stack.serving("blue", 1), "one less")
        self.assertEqual({each["InstanceId"] for each in self.stack.members("blue")}, {max(ids)})
        self.assertEqual(self.refused(end, InstanceId=max(ids), ShouldDecrementDesiredCapacity=True),
                         "ValidationError")
        end(InstanceId=max(ids), ShouldDecrementDesiredCapacity=False)
        wait_until(lambda: self.stack.serving("blue", 1) and max(ids) not in str(self.stack.members("blue")),
                   "its successor")

    def test_capacity_arrives_late_and_traffic_sources_can_be_detached(self):
        self.world.set(launch_s=0.7)
        self.stack.scale("blue", 2)
        self.assertEqual(self.states(), [])
        wait_until(lambda: self.stack.serving("blue", 2), "both")
        source = [{"Identifier": self.stack.groups["blue"], "Type": "elbv2"}]
        self.asg.detach_traffic_sources(AutoScalingGroupName="blue", TrafficSources=source)
        wait_until(lambda: self.stack.health("blue") == {}, "nobody")
        self.asg.attach_traffic_sources(AutoScalingGroupName="blue", TrafficSources=source)
        wait_until(lambda: self.stack.serving("blue", 2), "both again")


if __name__ == "__main__":
    unittest.main()
