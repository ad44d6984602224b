"""Everything that goes wrong: a clear diagnostic with a code, users untouched, the journal whole."""
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import (BIN, DONE, ERROR, INTERRUPTED, LEASE_HELD, ROLLED_BACK,  # noqa: E402
                                 USAGE, House, wait_until)
from tests.support.visitor import Visitor  # noqa: E402

STRICT_GUARD = "{requests_min: 10, interval: 100ms, error_rate_max: 2%}"
SLOW_CANARY = {"steps": "[{weight: 20%, hold: 20s}]"}


class TroubleTest(unittest.TestCase):
    def enterContext(self, context):
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def house(self, **options):
        return self.enterContext(House(**options))

    def assert_untouched(self, house, visitor, version):
        """Users noticed nothing, the old version serves, the journal holds."""
        self.assertEqual(visitor.failures, [])
        self.assertEqual(house.status()["serving"], version)
        house.run("audit", "verify", check=DONE)

    def refused(self, house, exit_code, code, *arguments):
        answer = house.run(*arguments)
        self.assertEqual(answer.code, exit_code, answer)
        self.assertIn(f"[{code}]", answer.err)
        self.assertIn("fix:", answer.err)
        return answer

    def at_weight(self, house, permille):
        """True once the pool of the release in progress has that weight, stored."""
        pools = house.status()["pools"]
        return any(pool["share_set_permille"] == permille for pool in pools)

    def test_a_bad_patch_is_taken_back_by_itself(self):
        house = self.house(guard=STRICT_GUARD)
        house.up()
        house.write_spec(version="1.0.1", faults=("error-rate=0.5",))
        with Visitor(house.port, threads=4, path="/api/v4/config/client?format=old") as visitor:
            answer = house.run("deploy", "--yes")
        self.assertEqual(answer.code, ROLLED_BACK, answer)
        last = house.history()[0]
        self.assertEqual((last["ending"], last["cause"]), ("rolled_back", "verdict"))
        # What the bad release answered itself is its harm; nobody else failed.
        self.assertTrue(all(status == 500 for _, status in visitor.failures), visitor.failures[:5])
        self.assertEqual(house.status()["serving"], "1.0.0")
        house.run("audit", "verify", check=DONE)

    def test_an_instance_that_never_gets_healthy_takes_the_release_back(self):
        house = self.house()
        house.up()
        house.boot_deadline = "2s"
        house.write_spec(version="1.0.1", faults=("crash-on-boot",))
        with Visitor(house.port) as visitor:
            answer = house.run("deploy", "--yes")
        self.assertEqual(answer.code, ROLLED_BACK, answer)
        self.assertIn("[CF0323]", answer.err)
        self.assert_untouched(house, visitor, "1.0.0")

    def test_a_second_deploy_is_refused_with_who_and_how_to_take_over(self):
        house = self.house(settings=SLOW_CANARY)
        house.up()
        house.write_spec(version="1.0.1")
        with Visitor(house.port) as visitor:
            first = house.start("deploy", "--yes")
            wait_until(lambda: self.at_weight(house, 200), what="a canary of 20 %")
            answer = self.refused(house, LEASE_HELD, "CF0720", "deploy", "--yes")
            self.assertIn("pid", answer.err)
            self.assertIn("crossfade abort", answer.err)
            house.run("abort", check=DONE)
            self.assertEqual(first.wait(30), ROLLED_BACK)
        self.assert_untouched(house, visitor, "1.0.0")

    def test_a_broken_spec_is_told_line_by_line(self):
        house = self.house()
        house.up()
        text = (house.folder / "crossfade.yaml").read_text()
        (house.folder / "crossfade.yaml").write_text(
            text.replace("version: 1.0.0", "verson: 1.0.0", 1).replace("instances: 2", "instances: 0"))
        with Visitor(house.port) as visitor:
            answer = house.run("deploy", "--yes")
        self.assertEqual(answer.code, USAGE)
        self.assertIn("crossfade.yaml:2:1", answer.err)
        self.assertIn("did you mean `version`?", answer.err)
        self.assertGreaterEqual(answer.err.count("error["), 2, "all findings are told at once")
        house.write_spec()
        self.assert_untouched(house, visitor, "1.0.0")

    def test_an_artifact_that_does_not_exist_is_named(self):
        house = self.house()
        house.up()
        text = (house.folder / "crossfade.yaml").read_text()
        (house.folder / "crossfade.yaml").write_text(
            text.replace(f"artifact: {BIN}/crossfade-chat", "artifact: ./build/gone"))
        with Visitor(house.port) as visitor:
            self.refused(house, USAGE, "CF0730", "deploy", "--yes")
        house.write_spec()
        self.assert_untouched(house, visitor, "1.0.0")

    def test_a_port_in_use_is_told_with_who_has_it(self):
        house = self.house()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", house.port))
            taken.listen()
            answer = house.run("up")
            self.assertEqual(answer.code, ERROR, answer)
            self.assertIn(str(house.port), answer.err)
            self.assertIn("error[CF", answer.err)
        house.up()
        with Visitor(house.port) as visitor:
            pass
        self.assert_untouched(house, visitor, "1.0.0")

    def test_a_full_disk_stops_a_release_and_harms_nobody(self):
        house = self.house()
        house.up()
        house.write_spec(version="1.0.1")
        store = house.folder / ".crossfade" / "state.db"

        def full():  # what a write beyond this size gets: EFBIG instead of a signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            size = max(path.stat().st_size for path in store.parent.glob("state.db*"))
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1, size + 1))

        with Visitor(house.port) as visitor:
            done = subprocess.run([BIN / "crossfade", "deploy", "--yes"], cwd=house.folder, text=True,
                                  capture_output=True, timeout=60, check=False, preexec_fn=full)
            self.assertNotEqual(done.returncode, DONE)
            self.assertIn("error[CF", done.stderr)
            resumed = house.run("resume")
            self.assertIn(resumed.code, (DONE, ROLLED_BACK), resumed)
        self.assertEqual(visitor.failures, [])
        house.run("audit", "verify", check=DONE)

    def test_a_signal_ends_the_command_in_three_seconds_and_resume_goes_on(self):
        house = self.house(settings={"steps": "[{weight: 20%, hold: 3s}]"})
        house.up()
        house.write_spec(version="1.0.1")
        with Visitor(house.port) as visitor:
            command = house.start("deploy", "--yes")
            wait_until(lambda: self.at_weight(house, 200), what="a canary of 20 %")
            told = time.monotonic()
            command.send_signal(signal.SIGTERM)
            self.assertEqual(command.wait(10), INTERRUPTED)
            self.assertLess(time.monotonic() - told, 3.0)
            self.assertTrue(self.at_weight(house, 200), "traffic stays at the verified weight")
            self.assertEqual(house.status()["state"], "interrupted")
            self.refused(house, LEASE_HELD, "CF0721", "deploy", "--yes")
            house.run("resume", check=DONE)
        self.assert_untouched(house, visitor, "1.0.1")

    def test_a_killed_command_is_resumed_at_once(self):
        house = self.house(settings={"steps": "[{weight: 20%, hold: 2s}]"})
        house.up()
        house.write_spec(version="1.0.1")
        with Visitor(house.port) as visitor:
            command = house.start("deploy", "--yes")
            wait_until(lambda: self.at_weight(house, 200), what="a canary of 20 %")
            command.kill()
            command.wait(10)
            house.run("resume", check=DONE)
        self.assert_untouched(house, visitor, "1.0.1")

    def test_pause_holds_promote_skips_and_status_tells_whose_move_it_is(self):
        house = self.house(settings=SLOW_CANARY)
        house.up()
        house.write_spec(version="1.0.1")
        with Visitor(house.port) as visitor:
            command = house.start("deploy", "--yes")
            wait_until(lambda: self.at_weight(house, 200), what="a canary of 20 %")
            house.run("pause", "--reason", "lunch", check=DONE)
            wait_until(lambda: house.status()["state"] == "paused", what="the pause")
            self.assertIn("PAUSED", house.run("status", check=DONE).out)
            house.run("resume", check=DONE)
            house.run("promote", check=DONE)
            self.assertEqual(command.wait(30), DONE)
        self.assert_untouched(house, visitor, "1.0.1")

    def test_a_reviewed_plan_is_carried_out_as_it_is_or_not_at_all(self):
        house = self.house()
        house.up()
        house.write_spec(version="1.0.1")
        house.run("plan", "--out", "release.plan", check=DONE)
        house.write_spec(version="1.0.2")
        self.refused(house, USAGE, "CF0741", "deploy", "--plan", "release.plan")
        house.write_spec(version="1.0.1")
        with Visitor(house.port) as visitor:
            house.run("deploy", "--plan", "release.plan", check=DONE)
        self.assert_untouched(house, visitor, "1.0.1")

    def test_tampering_with_the_journal_is_found_and_named(self):
        import sqlite3
        house = self.house()
        house.up()
        house.run("down", check=DONE)
        with sqlite3.connect(house.folder / ".crossfade" / "state.db") as store:
            table = store.execute("SELECT name FROM pragma_table_info('journal')").fetchall()
            column = "actor" if ("actor",) in table else table[3][0]
            index = table[0][0]
            store.execute(f"UPDATE journal SET {column} = 'user eve' WHERE \"{index}\" = 3")
        answer = house.run("audit", "verify")
        self.assertEqual(answer.code, ERROR, answer)
        self.assertIn("record 3", answer.err)


if __name__ == "__main__":
    unittest.main()
