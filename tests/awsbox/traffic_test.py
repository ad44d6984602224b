"""What a load balancer's rules do to real traffic, as a client of boto3 changes them."""
import collections
import socket
import unittest

from . import missing
from .world import Stack, shared, wait_until


def open_socket(door):
    """A WebSocket that echoes: what is sent, and what comes back, in frames of the tests' own."""
    made = socket.create_connection(door, timeout=10)
    made.sendall(b"GET /socket HTTP/1.1\r\nHost: app.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = made.recv(1)
        if not more:
            raise AssertionError(f"no WebSocket: {head[:60]}")
        head += more
    if not head.startswith(b"HTTP/1.1 101"):
        raise AssertionError(f"no WebSocket: {head[:60]}")
    return made


def echoes(made, text=b"still here"):
    """True if the WebSocket gives back what it is sent; False once it is closed."""
    try:
        made.sendall(bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text)
        got = b""
        while len(got) < len(text) + 2:
            more = made.recv(len(text) + 2 - len(got))
            if not more:
                return False
            got += more
        return got == bytes([0x81, len(text)]) + text
    except ConnectionError:
        return False


@unittest.skipIf(missing(), missing())
class Traffic(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = shared()
        cls.stack = Stack(cls.world, region="us-east-2")
        cls.addClassCleanup(cls.stack.close)
        cls.stack.bring_up("blue", 1)
        cls.stack.bring_up("green", 1, LaunchTemplate={
            "LaunchTemplateId": cls.stack.template, "Version": cls.stack.new_version("2")})

    def setUp(self):
        self.world = shared()
        for node in (0, 1):
            self.world.control(f"balancers/{self.stack.address}/nodes/{node}/learn", {})
        self.stack.shift(1, 0)
        wait_until(self.world.settled, "nodes that know the rule")

    def answers(self, count=40):
        return collections.Counter(self.stack.ask() for _ in range(count))

    def test_weights_divide_new_requests(self):
        self.assertEqual(self.answers(20), {(200, "1"): 20})
        self.stack.shift(3, 1)
        wait_until(self.world.settled, "the split")
        split = self.answers(40)
        self.assertEqual(sum(split.values()), split[200, "1"] + split[200, "2"])
        self.assertAlmostEqual(split[200, "1"], 30, delta=3)
        self.stack.shift(0, 1)
        wait_until(self.world.settled, "the shift")
        self.assertEqual(self.answers(20), {(200, "2"): 20})

    def test_a_weight_that_is_set_has_not_moved_until_each_node_has_learned_of_it(self):
        self.world.set(propagation_s=3600.0)
        self.stack.shift(0, 1)
        stored = self.stack.elb.describe_rules(RuleArns=[self.stack.rule])["Rules"][0]
        weights = [each["Weight"] for each in stored["Actions"][0]["ForwardConfig"]["TargetGroups"]]
        self.assertEqual(weights, [0, 1], "the API says so at once")
        self.assertEqual(self.answers(10), {(200, "1"): 10}, "the data plane does not")
        self.assertFalse(self.world.settled())
        self.world.control(f"balancers/{self.stack.address}/nodes/0/learn", {})
        wait_until(lambda: self.learned() == (1, 0), "one node that has learned of it")
        wait_until(lambda: self.stack.ask() == (200, "2"), "an answer by the new group")
        wait_until(lambda: self.stack.ask() == (200, "1"), "an answer by the old one, still")
        self.world.control(f"balancers/{self.stack.address}/nodes/1/learn", {})
        wait_until(lambda: self.learned() == (1, 1), "the other")
        self.assertEqual(self.answers(10), {(200, "2"): 10})

    def test_nodes_learn_within_the_time_that_was_said(self):
        self.world.set(propagation_s=[0.2, 0.6])
        self.stack.shift(0, 1)
        wait_until(self.world.settled, "all nodes")
        self.assertEqual(self.learned(), (1, 1))

    def learned(self):
        """The weight of green in each node."""
        nodes = [each for each in self.world.control("balancers") if each["arn"] == self.stack.balancer][0]
        return tuple(node["weights"][0]["green"] for node in nodes["nodes"])

    def test_a_websocket_stays_where_it_is_when_weights_move(self):
        with open_socket(self.stack.door) as kept:
            self.stack.shift(0, 1)
            wait_until(self.world.settled, "the shift")
            self.assertEqual(self.stack.ask(), (200, "2"))
            self.assertTrue(echoes(kept), "weight 0 closes no WebSocket")

    def test_a_group_that_can_serve_nobody_answers_503_for_its_share(self):
        empty = self.stack.elb.create_target_group(Name="empty", Protocol="HTTP", Port=8065, VpcId=self.vpc())
        shares = [{"TargetGroupArn": self.stack.groups["blue"], "Weight": 1},
                  {"TargetGroupArn": empty["TargetGroups"][0]["TargetGroupArn"], "Weight": 1}]
        self.stack.elb.modify_rule(RuleArn=self.stack.rule, Actions=[
            {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}])
        counted = wait_until(lambda: (lambda seen: seen if seen[503, None] else None)(self.answers(20)), "503")
        self.assertTrue(counted[200, "1"], "the other share is served")
        self.stack.shift(1, 0)
        wait_until(self.world.settled, "the old rule")
        self.stack.elb.delete_target_group(TargetGroupArn=shares[1]["TargetGroupArn"])

    def vpc(self):
        return self.stack.elb.describe_target_groups()["TargetGroups"][0]["VpcId"]

    # --- what AWS refuses -------------------------------------------------------------------------

    def refused(self, call, **arguments):
        import botocore.exceptions
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        return caught.exception.response["Error"]["Code"]

    def forward(self, shares, **config):
        return [{"Type": "forward", "ForwardConfig": {"TargetGroups": shares} | config}]

    def test_weights_and_groups_have_the_bounds_of_aws(self):
        modify, rule = self.stack.elb.modify_rule, self.stack.rule
        blue, green = self.stack.groups["blue"], self.stack.groups["green"]
        heavy = self.forward([{"TargetGroupArn": blue, "Weight": 1000}, {"TargetGroupArn": green, "Weight": 1}])
        self.assertEqual(self.refused(modify, RuleArn=rule, Actions=heavy), "ValidationError")
        many = self.forward([{"TargetGroupArn": blue, "Weight": 1}] * 6)
        self.assertEqual(self.refused(modify, RuleArn=rule, Actions=many), "TooManyTargetGroups")
        self.assertEqual(self.refused(self.stack.elb.describe_tags, ResourceArns=[rule] * 21), "ValidationError")
        edge = self.forward([{"TargetGroupArn": blue, "Weight": 999}, {"TargetGroupArn": green, "Weight": 0}])
        modify(RuleArn=rule, Actions=edge)

    def test_sticky_targets_of_several_groups_need_group_stickiness(self):
        change, blue = self.stack.elb.modify_target_group_attributes, self.stack.groups["blue"]
        change(TargetGroupArn=blue, Attributes=[{"Key": "stickiness.enabled", "Value": "true"},
                                                {"Key": "stickiness.type", "Value": "lb_cookie"}])
        try:
            self.assertEqual(self.refused(self.stack.elb.modify_rule, RuleArn=self.stack.rule,
                                          Actions=[self.stack.action(1, 1)]), "InvalidConfigurationRequest")
            self.stack.elb.modify_rule(RuleArn=self.stack.rule, Actions=[self.stack.action(
                1, 1, TargetGroupStickinessConfig={"Enabled": True, "DurationSeconds": 60})])
        finally:
            change(TargetGroupArn=blue, Attributes=[{"Key": "stickiness.enabled", "Value": "false"}])

    def test_a_target_group_belongs_to_one_load_balancer(self):
        other = self.stack.elb.create_load_balancer(Name="other", Subnets=self.stack.subnets)["LoadBalancers"][0]
        listener = self.stack.elb.create_listener(
            LoadBalancerArn=other["LoadBalancerArn"], Protocol="HTTP", Port=8080, DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])["Listeners"][0]
        self.assertEqual(self.refused(
            self.stack.elb.create_rule, ListenerArn=listener["ListenerArn"], Priority=1,
            Conditions=[{"Field": "path-pattern", "Values": ["/x"]}], Actions=[self.stack.action(1, 0)]),
            "TargetGroupAssociationLimit")
        self.stack.elb.delete_load_balancer(LoadBalancerArn=other["LoadBalancerArn"])


if __name__ == "__main__":
    unittest.main()
