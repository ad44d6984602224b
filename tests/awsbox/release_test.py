"""A release by hand, with boto3: done patiently it harms nobody, done hastily it does. The box is no kinder."""
import unittest

from tests.support.echo import Clients

from . import missing
from .world import Stack, shared, wait_until


@unittest.skipIf(missing(), missing())
class Release(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.addCleanup(shared)

    def brought_up(self, region, **attributes):
        stack = Stack(self.world, region=region, **attributes)
        self.addCleanup(stack.close)
        stack.bring_up("blue", 2)
        stack.bring_up("green", 2, LaunchTemplate={"LaunchTemplateId": stack.template,
                                                  "Version": stack.new_version("2")})
        return stack

    def test_who_waits_for_what_is_observed_loses_no_request(self):
        stack = self.brought_up("ca-central-1")
        self.world.set(propagation_s=[0.0, 0.8])
        with Clients(stack.door, sockets=0, askers=3, pause_s=0.02) as clients:
            for blue, green in ((9, 1), (1, 1), (0, 1)):
                stack.shift(blue, green)
                wait_until(self.world.settled, "the split in every node")
                before = clients.requests
                wait_until(lambda: clients.requests > before + 10, "some requests")
            with_blue = clients.requests
            stack.scale("blue", 0)
            wait_until(lambda: not stack.members("blue"), "the old fleet's end")
            wait_until(lambda: clients.requests > with_blue + 20, "some requests")
        self.assertEqual(clients.failures, [])
        self.assertEqual(stack.ask(), (200, "2"))

    def test_who_takes_capacity_away_before_the_weights_have_moved_loses_requests(self):
        stack = self.brought_up("sa-east-1", **{"deregistration_delay.timeout_seconds": 0})
        with Clients(stack.door, sockets=0, askers=3, pause_s=0.02) as clients:
            self.world.set(propagation_s=[1.5, 2.0])
            stack.shift(0, 1)
            stack.scale("blue", 0)
            wait_until(self.world.settled, "all nodes")
        self.assertTrue(clients.failures, "502 and 503 of a load balancer that knew of neither")
        self.assertEqual(stack.ask(), (200, "2"), "in the end it is well")


if __name__ == "__main__":
    unittest.main()
