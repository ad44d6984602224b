"""The shipped Jenkinsfile and library, from commit to users, with all that goes wrong on the way.

Each test asserts the state of the world after the build, not what the build says about it.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.jenkins.controller import Controller, Shop, missing, snapshot  # noqa: E402
from tests.support.house import DONE, wait_until  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

ORDER = "jenkins-chat-1"
SLOW = {"steps": "[{weight: 25%, hold: 3s}, {weight: 50%, hold: 300ms}]"}
MIDWAY = {"in": "crossfade deploy", "on": r"gets 25 %"}


@unittest.skipIf(missing(), missing())
class PipelineTest(unittest.TestCase):
    def shop(self, path="/api/v4/system/ping", **settings):
        house = Shop(**settings).__enter__()
        self.addCleanup(house.__exit__, None, None, None)
        house.up()
        # Builds run under load; without users nothing is promoted.
        house.visitor = Visitor(house.port, path=path, threads=4, pause_s=0.02).__enter__()
        self.addCleanup(house.visitor.__exit__, None, None, None)
        return house

    def releases_for(self, house, order=ORDER):
        return [each for each in house.history() if each["order"] == order]

    def test_a_good_commit_is_released_as_it_was_approved_and_nobody_notices(self):
        house = self.shop()
        house.commit(version="1.0.1")
        built = Controller(house).build()
        self.assertEqual(built.result, "SUCCESS", built)
        self.assertEqual(house.visitor.failures, [])
        self.assertEqual(house.status()["serving"], "1.0.1")
        release, = self.releases_for(house)
        self.assertEqual((release["ending"], release["strategy"]), ("succeeded", "canary"))
        asked = built.event("input")
        self.assertIn(release["plan"], asked["message"])
        self.assertEqual(asked["executors"], 0)
        self.assertTrue((built.folder / "archive/crossfade.yaml").exists())
        page = (built.folder / "html/Release/index.html").read_text()
        self.assertIn("1.0.1", page)
        self.assertGreater(built.event("junit")["tests"], 10)
        self.assertEqual(built.event("junit")["failures"], 0)
        # Jenkins ends what a build leaves behind, but agent and edge are not the build's.
        self.assertEqual(len(house.pids("crossfade agent")), 1)
        self.assertEqual(built.tree, snapshot("Jenkinsfile", built.tree))

    def test_a_rejected_approval_changes_nothing(self):
        house = self.shop()
        house.commit(version="1.0.1")
        built = Controller(house).build(input={"by": "ada", "groups": ["release-team"], "answer": "abort"})
        self.assertEqual(built.result, "ABORTED", built)
        self.assertEqual(house.status()["serving"], "1.0.0")
        self.assertEqual(len(house.history()), 1)

    def test_who_is_no_approver_cannot_approve(self):
        house = self.shop()
        house.commit(version="1.0.1")
        built = Controller(house).build(input={"by": "mallory", "answer": "proceed"})
        self.assertEqual(built.result, "ABORTED", built)
        self.assertEqual(len(house.history()), 1)

    def test_a_plan_that_went_stale_while_it_was_read_is_not_carried_out(self):
        house = self.shop()
        house.commit(version="1.0.1")
        house.write_spec(version="1.0.0", motd="someone was faster")
        meanwhile = f"cd {house.folder} && {house.program} deploy --yes"
        built = Controller(house).build(
            input={"by": "ada", "groups": ["release-team"], "answer": "proceed", "run": meanwhile})
        self.assertEqual(built.result, "FAILURE", built)
        self.assertIn("exit 2", built.console)
        self.assertIn("CF0741", built.console)
        self.assertEqual(house.status()["serving"], "1.0.0")
        self.assertEqual(self.releases_for(house), [])
        self.assertEqual(len(house.history()), 2)

    def test_a_bad_release_is_taken_back_and_the_build_says_why(self):
        # The chat's faults spare what its health is told from.
        house = self.shop(path="/api/v4/config/client",
                          guard="{requests_min: 5, interval: 100ms, error_rate_max: 5%}")
        house.commit(version="1.0.1", faults=["error-rate=0.9"])
        built = Controller(house).build()
        self.assertEqual(built.result, "FAILURE", built)
        self.assertEqual(house.status()["serving"], "1.0.0")
        release, = self.releases_for(house)
        self.assertEqual(release["ending"], "rolled_back")
        self.assertGreater(built.event("junit")["failures"], 0)
        self.assertRegex(built.console, r"ERROR: crossfade deploy: exit 5 \(rolled back.*requests failed")
        with Visitor(house.port) as visitor:
            wait_until(lambda: visitor.answers > 20, what="some answers")
        self.assertEqual((visitor.failures, set(visitor.versions)), ([], {"1.0.0"}))

    def test_an_abort_leaves_traffic_at_the_last_verified_weight_and_recover_finishes(self):
        house = self.shop(settings=SLOW)
        house.commit(version="1.0.1")
        controller = Controller(house)
        built = controller.build(triggers=[MIDWAY | {"do": "abort"}])
        self.assertEqual(built.result, "ABORTED", built)
        abort = built.event("abort")
        self.assertTrue(abort["within_soft_kill"] and abort["stopped"], abort)
        self.assertEqual(abort["code"], 75)
        status = house.status()
        self.assertEqual(status["state"], "interrupted")
        self.assertEqual(sorted(pool["share_set_permille"] for pool in status["pools"]), [250, 750])
        wait_until(lambda: {"1.0.0", "1.0.1"} <= set(house.visitor.versions), what="both releases")
        again = controller.build(2, jenkinsfile="jenkins/examples/recover.Jenkinsfile",
                                 parameters={"ORDER": ORDER})
        self.assertEqual(again.result, "SUCCESS", again)
        self.assertEqual(house.visitor.failures, [])
        self.assertEqual(house.status()["serving"], "1.0.1")
        self.assertEqual([each["ending"] for each in self.releases_for(house)], ["succeeded"])

    def test_an_aborted_release_can_be_taken_back_by_its_order(self):
        house = self.shop(settings=SLOW)
        house.commit(version="1.0.1")
        controller = Controller(house)
        controller.build(triggers=[MIDWAY | {"do": "abort"}])
        again = controller.build(2, jenkinsfile="jenkins/examples/recover.Jenkinsfile",
                                 parameters={"ORDER": ORDER, "HOW": "back"})
        self.assertEqual(again.result, "SUCCESS", again)
        self.assertEqual(house.visitor.failures, [])
        self.assertEqual(house.status()["serving"], "1.0.0")
        self.assertEqual([each["ending"] for each in self.releases_for(house)], ["rolled_back"])

    def lost_agent(self, kill):
        house = self.shop(settings=SLOW)
        house.commit(version="1.0.1")
        built = Controller(house).build(triggers=[MIDWAY | {"do": "lose_agent", "kill": kill}])
        self.assertEqual(built.result, "SUCCESS", built)
        self.assertEqual(built.event("agent_lost")["agent"], "host-a")
        self.assertEqual(house.visitor.failures, [])
        self.assertEqual(house.status()["serving"], "1.0.1")
        # Adopted: one release for this order, whoever drove it.
        release, = self.releases_for(house)
        self.assertEqual(release["ending"], "succeeded")
        records = house.run("audit", "show", "--output", "json", check=DONE).json()["records"]
        return [record for record in records if record["release"] == release["id"]]

    def test_a_lost_agent_whose_work_goes_on_is_adopted(self):
        records = self.lost_agent(kill=False)
        self.assertNotIn("resumed", [record["kind"] for record in records])

    def test_a_lost_agent_whose_work_died_is_replaced(self):
        records = self.lost_agent(kill=True)
        self.assertIn("resumed", [record["kind"] for record in records])

    def second_build(self, house, controller, other):
        """A build that gets to its release while another's is midway, and is held there."""
        marker = house.folder / "midway"
        pause = f"cd {house.folder} && {house.program} pause && touch {marker}"
        first = controller.start(1, triggers=[MIDWAY | {"do": "go on", "run": pause}])
        wait_until((controller.folder / "builds/chat-1/stash/crossfade-release/crossfade.yaml").exists,
                   what="the first build")
        house.commit(version="1.0.2")
        second = other.start(2, input={
            "by": "ada", "groups": ["release-team"], "answer": "proceed",
            "run": f"until test -e {marker}; do sleep 0.05; done"})
        wait_until(lambda: "is locked, waiting" in second.log.read_text() or second.result.exists(),
                   deadline_s=60, what="the second build to meet the first")
        house.run("resume", check=DONE)
        return first.end(), second.end()

    def test_of_two_builds_at_once_the_second_waits_and_finds_its_plan_out_of_date(self):
        house = self.shop(settings=SLOW)
        house.commit(version="1.0.1")
        controller = Controller(house)
        first, second = self.second_build(house, controller, controller)
        self.assertEqual((first.result, second.result), ("SUCCESS", "FAILURE"), second)
        self.assertEqual(second.event("waited_for_lock")["executors"], 0)
        self.assertIn("CF0741", second.console)
        self.assertEqual(len(house.history()), 2)
        self.assertEqual(house.status()["serving"], "1.0.1")

    def test_of_builds_on_two_controllers_the_lease_lets_one_release(self):
        house = self.shop(settings=SLOW)
        house.commit(version="1.0.1")
        first, second = self.second_build(house, Controller(house), Controller(house))
        self.assertEqual((first.result, second.result), ("SUCCESS", "FAILURE"), second)
        self.assertRegex(second.console, r"ERROR: crossfade deploy: exit 7 \(someone else is changing")
        self.assertEqual(len(house.history()), 2)
        self.assertEqual(house.status()["serving"], "1.0.1")

    def test_the_opinionated_pipeline_asks_only_about_strategies_that_are_named(self):
        house = self.shop()
        house.commit(version="1.0.1")
        controller = Controller(house)
        built = controller.build(jenkinsfile="jenkins/examples/opinionated.Jenkinsfile", input=None)
        self.assertEqual(built.result, "SUCCESS", built)
        self.assertEqual(house.status()["serving"], "1.0.1")
        self.assertEqual(built.tree, snapshot("opinionated", built.tree))
        house.commit(version="2.0.0")
        rejected = controller.build(2, jenkinsfile="jenkins/examples/opinionated.Jenkinsfile",
                                    input={"by": "ada", "groups": ["release-team"], "answer": "abort"})
        self.assertEqual(rejected.result, "ABORTED", rejected)
        self.assertEqual(house.status()["serving"], "1.0.1")


if __name__ == "__main__":
    unittest.main()
