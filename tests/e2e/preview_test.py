"""Who knows the word meets a new release before any user."""
import http.client
import unittest

from tests.support.house import DONE, ROLLED_BACK, USAGE, House, wait_until
from tests.support.visitor import Visitor, version_of

WORD = "b2a1f0e9d8c7b6a5"
PATH = "/api/v4/config/client?format=old"
SPEC = "compatibility: {fan_out: none}\n"
GATE = "gates: [{name: go-live, stage: SHIFT}]\n"


def preview_house(**more):
    house = House(instances=1, bus="off", extra=SPEC,
                  settings={"preview": "{value: {from_file: preview}}", "bake": "3s"}, **more)
    (house.folder / "preview").write_text(WORD + "\n")
    return house


class Preview(unittest.TestCase):
    def test_an_application_that_is_never_split_is_met_flipped_and_taken_back(self):
        with preview_house(guard="{requests_min: 5, interval: 100ms, warm_up: 0s}") as house:
            house.up()
            with Visitor(house.port, path=PATH, threads=2) as visitor:
                house.write_spec(version="1.0.1", extra=SPEC + GATE)
                deploy = self.at_the_gate(house)
                for _ in range(50):
                    self.assertEqual(self.version(house, {"X-Preview": WORD}), "1.0.1")
                for headers in ({}, {"X-Preview": WORD + "x"}, {"X-Preview": ""}, {"X-Preview": "*"}):
                    self.assertEqual(self.version(house, headers), "1.0.0", headers)
                self.assertEqual(set(visitor.versions), {"1.0.0"})
                house.run("promote", check=DONE)
                self.assertEqual(deploy.wait(60), 0)
                self.assertEqual(self.version(house, {}), "1.0.1")
                self.assertEqual(self.history_of(house, "1.0.1")["strategy"], "blue-green")

                house.write_spec(version="1.0.2", faults=["error-rate=0.5"])
                deploy = self.at_the_gate(house)
                self.assertEqual(visitor.failures, [])
                # A preview that goes on asking does not keep a release from leaving.
                with Visitor(house.port, path=PATH, threads=1, headers={"X-Preview": WORD}):
                    house.run("promote", check=DONE)
                    self.assertEqual(deploy.wait(60), ROLLED_BACK)
                self.assertEqual(house.status()["serving"], "1.0.1")
                self.assertEqual(self.version(house, {}), "1.0.1")

    def test_a_word_that_could_be_guessed_is_refused_before_anything_changes(self):
        with preview_house() as house:
            house.up()
            (house.folder / "preview").write_text("short")
            house.write_spec(version="1.0.1")
            refused = house.run("deploy", "--yes")
            self.assertNotIn(refused.code, (DONE, USAGE))
            self.assertIn("CF0487", refused.err)
            self.assertNotIn("short;", refused.err + refused.out)
            self.assertEqual(house.status()["serving"], "1.0.0")

    def at_the_gate(self, house):
        deploy = house.start("deploy", "--yes")
        wait_until(lambda: house.status()["state"] == "consent", 30, "the gate")
        return deploy

    def history_of(self, house, version):
        return next(each for each in house.history() if each["version"] == version)

    def version(self, house, headers):
        connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)
        try:
            connection.request("GET", "/api/v4/system/ping", headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 200)
            return version_of(answer.headers.get("X-Version-Id", ""))
        finally:
            connection.close()


if __name__ == "__main__":
    unittest.main()
