"""What a user does on AWS, with the real binary and traffic running: no request fails by a release.

CROSSFADE_LONG=1 runs those that take minutes, too.
"""
import os
import random
import signal
import subprocess
import unittest

from tests.support.echo import Clients

from . import missing
from .shop import BIN, Shop, beyond, changes_of, now
from .world import shared, wait_until

LONG = bool(os.environ.get("CROSSFADE_LONG"))
CALLS_MAX = 200  # of one release that change something


def reason():
    return missing() or ("" if BIN.exists() else f"{BIN} is not built")


@unittest.skipIf(reason(), reason())
class Demo(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.world.set(metrics_period_s=1.0)
        self.addCleanup(shared)

    def shop(self, region, **spec):
        shop = Shop(self.world, region, **spec)
        self.addCleanup(shop.close)
        return shop

    def clients(self, shop):
        return Clients(shop.stack.door, sockets=0, askers=4, pause_s=0.02)

    @unittest.skipUnless(LONG, "takes minutes: CROSSFADE_LONG=1")
    def test_config_rolls_a_patch_is_a_canary_a_major_flips_and_the_way_back_works(self):
        shop = self.shop("eu-north-1")
        said = shop.release()
        self.assertEqual(shop.versions(), {"1.0.0"}, said)
        self.assertEqual(shop.given_back(), [])
        with self.clients(shop) as clients:
            shop.release(environment={"GREETING": "hello"})
            self.assertEqual(clients.failures, [], "rolling")
            shop.release(version="1.0.1")
            self.assertEqual(clients.failures, [], "canary")
            self.assertEqual(shop.versions(), {"1.0.1"})
            shop.release(version="2.0.0", keep_warm="10m")
            self.assertEqual(clients.failures, [], "blue-green")
            self.assertEqual(shop.versions(), {"2.0.0"})
            before = now()
            code, said = shop.run("rollback")
            self.assertEqual(code, 0, said)
            self.assertEqual(shop.versions(), {"1.0.1"})
            print(f"\nrollback by command: {now() - before:.1f} s")
            self.assertEqual(clients.failures, [], "rollback")
            self.assertGreater(clients.requests, 500)

    def test_the_policies_of_the_roles_allow_what_is_called(self):
        shop, since = self.shop("us-west-1"), now()
        shop.write()
        code, said = shop.run("plan")
        self.assertEqual(code, 0, said)
        self.assertEqual(beyond("plan", shop.calls(since)), {})
        since = now()
        shop.release()
        self.assertEqual(beyond("release", shop.calls(since)), {})
        self.assertIn("autoscaling.UpdateAutoScalingGroup", beyond("plan", shop.calls(since)))
        since = now()
        for words in (["status"], ["instances"], ["history"], ["audit", "verify"]):
            code, said = shop.run(*words)
            self.assertEqual(code, 0, said)
        self.assertGreater(len(shop.calls(since)), 3)
        self.assertEqual(beyond("plan", shop.calls(since)), {})

    def test_a_bad_patch_is_taken_back_by_itself(self):
        shop = self.shop("eu-south-1")
        shop.release()
        with self.clients(shop) as clients:
            shop.write(version="1.0.1", environment={"FAILING": "1"})
            code, said = shop.run("deploy")
            self.assertEqual(code, 5, said)
            harmed = len(clients.failures)
            wait_until(lambda: clients.requests > 0, "requests")
        self.assertEqual(shop.versions(), {"1.0.0"})
        self.assertGreater(harmed, 0, "the release was seen to be bad by its users' requests")
        self.assertTrue(all("500" in each for each in clients.failures), clients.failures[:3])
        self.assertEqual(shop.given_back(), [])

    def test_weights_that_somebody_else_sets_hold_the_release_until_they_are_as_it_set_them(self):
        shop = self.shop("ap-east-1", bake="8s")
        shop.release()
        shop.write(version="2.0.0")
        with self.clients(shop) as clients:
            deploy = shop.start("deploy")
            self.addCleanup(deploy.kill)
            wait_until(lambda: shop.json("status").get("stage") == "BAKE", "the bake", longest_s=60)
            shop.stack.shift(1, 3)
            wait_until(lambda: "somebody else moved the traffic: green has 75 %" in shop.json("status")["sentence"],
                       "the release to say so")
            self.assertIsNone(deploy.poll())
            self.assertEqual(shop.json("status")["state"], "consent")
            shop.stack.shift(0, 1)
            said, _ = deploy.communicate(timeout=120)
            self.assertEqual(deploy.returncode, 0, said)
            self.assertEqual(clients.failures, [])
        self.assertEqual(shop.versions(), {"2.0.0"})

    def test_of_two_controllers_one_works_and_one_says_who(self):
        shop = self.shop("af-south-1")
        shop.release()
        shop.write(environment={"GREETING": "hello"})
        with self.clients(shop) as clients:
            first = shop.start("deploy")
            self.addCleanup(first.kill)
            wait_until(lambda: shop.json("status").get("run"), "a release in progress")
            code, said = shop.run("deploy")
            self.assertEqual(code, 7, said)
            self.assertIn(f"pid {first.pid}", said)
            said, _ = first.communicate(timeout=120)
            self.assertEqual(first.returncode, 0, said)
            self.assertEqual(clients.failures, [])

    @unittest.skipUnless(LONG, "takes minutes: CROSSFADE_LONG=1")
    def test_a_controller_that_is_killed_anywhere_is_carried_on(self):
        shop, chance = self.shop("ap-southeast-1"), random.Random(7)
        shop.release()
        kills = 0
        with self.clients(shop) as clients:
            for turn, spec in enumerate(({"environment": {"TURN": "1"}}, {"version": "1.0.1"})):
                shop.write(**spec)
                code, process = None, shop.start("deploy")
                while code is None:
                    try:
                        said, _ = process.communicate(timeout=2.0 + 4 * chance.random())
                        code = process.returncode
                    except subprocess.TimeoutExpired:
                        process.send_signal(signal.SIGKILL)
                        process.communicate()
                        kills += 1
                        process = shop.start("resume")
                self.assertEqual(code, 0, said)
            self.assertEqual(clients.failures, [])
        self.assertGreater(kills, 1)
        self.assertEqual(shop.versions(), {"1.0.1"})
        self.assertEqual(shop.given_back(), [])

    def test_what_aws_does_on_a_bad_day_costs_no_request_and_few_calls(self):
        # News travel for up to 1 s, which is 50 s of this world.
        shop = self.shop("ap-northeast-1", instances=6, batch=2, delay_s=100)
        shop.release()
        self.world.set(propagation_s=[0.0, 1.0], throttle=True, fail_permille=10.0, fail_after_permille=10.0)
        with self.clients(shop) as clients:
            releases = [("config", {"environment": {"GREETING": "hello"}})]
            if LONG:
                releases.append(("patch", {"version": "1.0.1"}))
            for what, spec in releases:
                since = now()
                shop.release(**spec)
                calls = shop.calls(since)
                changes = sum(changes_of(calls).values())
                s3 = sum(count for name, count in calls.items() if name.startswith("s3.Get") or "Head" in name)
                print(f"\n{what} of 6 instances in {now() - since:.0f} s: {changes} calls that change something, {s3} reads "
                      f"of journal, lease and artifact, {sum(calls.values()) - changes - s3} while it waits: "
                      f"{dict(sorted(calls.items()))}")
                self.assertLess(changes, CALLS_MAX)
            self.assertEqual(clients.failures, [])
        self.world.set(throttle=False, fail_permille=0.0, fail_after_permille=0.0)
        self.assertEqual(shop.versions(), {shop.spec["version"]})
        self.assertEqual(shop.given_back(), [])


if __name__ == "__main__":
    unittest.main()
