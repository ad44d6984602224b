"""Requests that a person lets wait at the edge, and go."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import DONE, USAGE, House, wait_until  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402


class HoldTest(unittest.TestCase):
    def setUp(self):
        self.house = House(instances=1)
        self.house.__enter__()
        self.addCleanup(self.house.__exit__, None, None, None)
        self.house.up()

    def held(self):
        return self.house.run("hold", "--status", "--output", "json", check=DONE).json()

    def test_requests_wait_until_they_are_let_go_and_none_fails(self):
        for only, left in (((), "everything_ms"), (("--pool", "blue"), "blue_ms")):
            with Visitor(self.house.port, timeout_s=30.0) as visitor:
                wait_until(lambda: visitor.answers > 10, what="answers")
                self.house.run("hold", "--for", "1m", *only, check=DONE)
                wait_until(lambda: self.held()["waiting"] == 2, what="both visitors to wait")
                self.assertGreater(self.held()[left], 0)
                before = visitor.answers
                self.house.run("unhold", check=DONE)
                wait_until(lambda: visitor.answers > before + 10, what="answers again")
            self.assertEqual(visitor.failures, [])
            self.assertEqual(self.held()[left], 0)

    def test_a_hold_that_everybody_forgot_ends_by_itself(self):
        with Visitor(self.house.port, timeout_s=30.0) as visitor:
            self.house.run("hold", "--for", "300ms", check=DONE)
            wait_until(lambda: self.held()["everything_ms"] == 0, what="the hold's end")
            before = visitor.answers
            wait_until(lambda: visitor.answers > before + 10, what="answers again")
        self.assertEqual(visitor.failures, [])

    def test_what_is_no_pool_and_no_time_is_told(self):
        self.house.run("hold", "--pool", "red", check=USAGE)
        self.house.run("hold", "--for", "soon", check=USAGE)


if __name__ == "__main__":
    unittest.main()
