"""Releases that must not run side by side: requests wait while one ends and the next one starts."""
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import DONE, ROLLED_BACK, House, wait_until  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

HOLD_S = 8


class RecreateTest(unittest.TestCase):
    """The application is a single writer: an instance that finds another one running ends at once."""

    def setUp(self):
        self.house = House(instances=1, settings={"recreate": f"{{hold: {HOLD_S}s}}"},
                           extra="compatibility: {overlap: none}\n")
        self.house.__enter__()
        self.addCleanup(self.house.__exit__, None, None, None)
        self.house.wrapper = ("flock", "-n", "-F", str(self.house.folder / "writer.lock"))
        self.house.write_spec()
        self.house.up()

    def held(self):
        return self.house.run("hold", "--status", "--output", "json", check=DONE).json()

    def visited(self, *command, check):
        """Runs a command under visitors; nobody may see a failure."""
        with Visitor(self.house.port, threads=4, timeout_s=30.0) as visitor:
            self.house.run(*command, check=check)
        self.assertEqual(visitor.failures, [])
        self.assertEqual(self.held()["everything_ms"], 0)
        self.assertTrue(all(each["restarts"] == 0 for each in self.house.instance_list()))
        return visitor

    def test_nobody_notices_but_for_a_pause_and_likewise_on_the_way_back(self):
        self.house.write_spec(version="1.0.1")
        visitor = self.visited("deploy", "--yes", check=DONE)
        self.assertEqual(set(visitor.versions), {"1.0.0", "1.0.1"})
        self.assertEqual(self.house.history()[0]["strategy"], "recreate")
        self.visited("rollback", check=DONE)
        self.assertEqual(self.house.status()["serving"], "1.0.0")

    def test_a_release_that_does_not_start_is_taken_back_while_requests_still_wait(self):
        self.house.write_spec(version="1.0.1", boot_deadline="2s", wrapper=("false",))
        with Visitor(self.house.port, threads=4, timeout_s=30.0) as visitor:
            self.house.run("deploy", "--yes", check=ROLLED_BACK)
        self.assertEqual(visitor.failures, [])
        self.assertEqual(set(visitor.versions), {"1.0.0"})
        self.assertEqual(self.held()["everything_ms"], 0)

    def test_a_driver_that_is_killed_leaves_nobody_waiting_for_ever(self):
        self.house.write_spec(version="1.0.1")
        with Visitor(self.house.port, timeout_s=30.0):
            deploy = self.house.start("deploy", "--yes")
            wait_until(lambda: self.held()["everything_ms"] > 0, what="the hold")
            deploy.send_signal(signal.SIGKILL)
            deploy.wait()
            wait_until(lambda: self.held()["everything_ms"] == 0, HOLD_S + 5, "the hold's end")
            self.house.run("resume", check=DONE)
        self.visited("status", check=DONE)
        self.assertEqual(self.house.status()["serving"], "1.0.1")

    def test_a_person_may_let_requests_wait_and_go(self):
        with Visitor(self.house.port, timeout_s=30.0) as visitor:
            wait_until(lambda: visitor.answers > 10, what="answers")
            self.house.run("hold", "--for", "1m", check=DONE)
            wait_until(lambda: self.held()["waiting"] == 2, what="both visitors to wait")
            self.assertGreater(self.held()["everything_ms"], 0)
            before = visitor.answers
            self.house.run("unhold", check=DONE)
            wait_until(lambda: visitor.answers > before + 10, what="answers again")
        self.assertEqual(visitor.failures, [])
        self.assertIn("nothing is held", self.house.run("hold", "--status", check=DONE).err)


if __name__ == "__main__":
    unittest.main()
