"""No test can pass because of what moto invents: each such place is replaced, refused or named as open."""
import unittest

from . import missing
from .deviations import DEVIATIONS, REFUSED
from .stores_test import refusal
from .world import shared


CLIENTS = {"elasticloadbalancing": "elbv2"}  # boto3's names where they are others


@unittest.skipIf(missing(), missing())
class Deviations(unittest.TestCase):
    def test_what_is_said_to_be_replaced_is(self):
        self.assertEqual(shared().control("deviations"), [])

    def test_what_is_said_to_be_refused_is_and_exists(self):
        world = shared()
        for operation in REFUSED:
            service, name = operation.split(".")
            known = world.client(CLIENTS.get(service, service)).meta.service_model.operation_names
            self.assertIn(name, known)
        codes = {refusal(world.client("ec2").stop_instances, InstanceIds=["i-0123456789abcdef0"]),
                 refusal(world.client("rds").reboot_db_instance, DBInstanceIdentifier="none")}
        self.assertEqual(codes, {"AwsboxWouldLie"})

    def test_each_is_told_once(self):
        said = [each.what for each in DEVIATIONS]
        self.assertEqual(len(said), len(set(said)))


if __name__ == "__main__":
    unittest.main()
