"""Each kind of release, as a user runs it, under visitors who must notice nothing."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import BIN, DONE, House  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402


class ReleaseTest(unittest.TestCase):
    """One house for all: releases follow each other, as in life."""

    def setUp(self):
        self.house = self.enterContext(House())

    def enterContext(self, context):  # unittest has it from Python 3.11 on
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def released(self, strategy, **changes):
        """Deploys a changed spec under visitors; nobody may notice."""
        self.house.write_spec(**changes)
        with Visitor(self.house.port, threads=4) as visitor:
            self.house.run("deploy", "--yes", check=DONE)
        self.assertEqual(visitor.failures, [])
        self.assertGreater(visitor.answers, 20)
        last = self.house.history()[0]
        self.assertEqual(last["ending"], "succeeded")
        self.assertEqual(last["strategy"], strategy)
        return visitor

    def serving(self):
        return self.house.status()["serving"]

    def test_the_first_release_serves_when_up_returns(self):
        self.house.up()
        with Visitor(self.house.port) as visitor:
            self.assertEqual(self.serving(), "1.0.0")
        self.assertEqual(visitor.failures, [])
        self.assertTrue(all(i["state"] == "healthy" for i in self.house.instance_list()))
        self.house.up()  # harmless
        self.assertEqual(len(self.house.history()), 1)

    def test_config_patch_and_major_release_each_in_its_way_and_back_by_hand(self):
        self.house.up()
        self.released("rolling", motd="hello")
        visitor = self.released("canary", version="1.0.1")
        self.assertLessEqual({"1.0.0", "1.0.1"}, set(visitor.versions))
        self.assertEqual(self.serving(), "1.0.1")
        self.released("blue-green", version="2.0.0")
        self.assertEqual(self.serving(), "2.0.0")

        with Visitor(self.house.port, threads=4) as visitor:
            self.house.run("rollback", check=DONE)
        self.assertEqual(visitor.failures, [])
        self.assertEqual(self.serving(), "1.0.1")
        self.assertTrue(self.house.history()[0]["rollback"])
        self.house.run("audit", "verify", check=DONE)

    def test_a_rollback_moves_traffic_within_a_second_of_the_command(self):
        self.house.up()
        self.released("blue-green", version="2.0.0")
        with Visitor(self.house.port, threads=4) as visitor:
            commanded = self.house.now()
            self.house.run("rollback", check=DONE)
        self.assertEqual(visitor.failures, [])
        last_of_left = visitor.last_seen("2.0.0")
        # P5 is about the program as it is shipped: under a sanitizer everything takes longer.
        self.assertLess(last_of_left - commanded, 1.0 if "release" in BIN.parts else 10.0)

    def test_what_was_down_comes_back_as_it_was(self):
        self.house.up()
        self.released("canary", version="1.0.1")
        self.house.run("down", check=DONE)
        self.assertEqual(self.house.pids("crossfade agent"), [])
        self.house.up()
        self.assertEqual(self.serving(), "1.0.1")
        with Visitor(self.house.port) as visitor:
            pass
        self.assertEqual(visitor.failures, [])

    def test_a_release_whose_assets_alone_change_restarts_nothing(self):
        assets = self.house.folder / "public"
        assets.mkdir()
        (assets / "app-1.js").write_text("one")
        self.house.extra = ("assets: ./public\nroutes:\n  - {path: /static/*, to: assets}\n"
                            "  - {path: /*}\n")
        self.house.write_spec()
        self.house.up()
        before = sorted(i["id"] for i in self.house.instance_list())
        (assets / "app-2.js").write_text("two")
        with Visitor(self.house.port, path="/static/app-1.js") as visitor:
            self.house.run("deploy", "--yes", check=DONE)
        self.assertEqual(visitor.failures, [])
        self.assertEqual(self.house.history()[0]["strategy"], "publish")
        self.assertEqual(sorted(i["id"] for i in self.house.instance_list()), before)


if __name__ == "__main__":
    unittest.main()
