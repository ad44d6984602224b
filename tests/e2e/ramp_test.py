"""A canary whose share follows from evidence, in the form its user meets it."""
import unittest

from tests.support.house import DONE, ROLLED_BACK, House
from tests.support.visitor import Visitor

SETTINGS = {"steps": "[]", "bake": "2s"}
GUARD = "{interval: 100ms, warm_up: 1s, harm: at most 40 requests, error_rate_max: 5%, requests_min: 5}"
# The chat's faults spare what its health is told from.
PATH = "/api/v4/config/client?format=old"


class Ramp(unittest.TestCase):
    def test_a_good_release_rises_and_a_bad_one_goes_back_within_its_budget(self):
        with House(settings=SETTINGS, guard=GUARD) as house:
            house.up()
            with Visitor(house.port, path=PATH, threads=4) as visitor:
                house.write_spec(version="1.0.1")
                house.run("deploy", "--yes", check=DONE)
                self.assertEqual(visitor.failures, [])
                house.write_spec(version="1.0.2", faults=["error-rate=0.5"])
                house.run("deploy", "--yes", check=ROLLED_BACK)
            status = house.status()
            self.assertEqual(status["serving"], "1.0.1")
            self.assertEqual(status["verdict"]["metric"], "errors")
            self.assertLessEqual(status["harm"]["requests"], 2 * 40)
            good = house.run("explain", "1.0.1", check=DONE).out
            self.assertIn("the first requests", good)
            self.assertIn("50 %", good)
            bad = house.run("explain", "1.0.2", "--output", "json", check=DONE).json()
            self.assertEqual((bad["verdict"], bad["metric"]), ("fail", "errors"))
            errors = next(each for each in bad["evidence"] if each["metric"] == "errors")
            self.assertGreater(errors["new"]["events"], 0)
            self.assertEqual(errors["old"]["events"], 0)
            self.rehearsed(house)

    def test_an_instance_that_dies_again_and_again_takes_its_release_back(self):
        with House(settings=SETTINGS, guard=GUARD) as house:
            house.up()
            with Visitor(house.port, path=PATH, threads=4):
                house.write_spec(version="1.0.1", faults=["crash-after=6s"])
                house.run("deploy", "--yes", check=ROLLED_BACK)
            told = house.run("explain", "1.0.1", check=DONE).out
            self.assertRegex(told, "no instance of the new release is healthy|restarts")
            self.assertLessEqual(house.status()["harm"]["requests"], 2 * 40)

    def test_memory_that_nears_its_limit_takes_its_release_back(self):
        with House(settings=SETTINGS, guard=GUARD[:-1] + ", memory_max: 96MiB}") as house:
            house.up()
            with Visitor(house.port, path=PATH, threads=4):
                house.write_spec(version="1.0.1", faults=["leak=20MB/s"])
                house.run("deploy", "--yes", check=ROLLED_BACK)
            self.assertEqual(house.status()["verdict"]["metric"], "memory")

    def rehearsed(self, house):
        """Releases drawn against the traffic of the two before, and against one that is supposed."""
        own = house.run("simulate", "--runs", "20", "--output", "json", check=DONE).json()
        self.assertTrue(own["traffic"].startswith("traffic of "), own["traffic"])
        self.assertEqual((own["ramp"], own["harm_max"]), ("evidence", 40))
        supposed = house.run("simulate", "--requests-per-second", "300", "--fault", "50", "--runs", "20",
                             "--output", "json", check=DONE).json()
        good, bad = supposed["releases"]
        self.assertEqual((good["released"], bad["taken_back"], bad["fault_points"]), (20, 20, 50))
        self.assertLess(bad["harmed_median"], 2 * 40)


if __name__ == "__main__":
    unittest.main()
