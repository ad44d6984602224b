"""`crossfade doctor` on one machine: what is well, what is not, and how it ends."""
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import BIN, DONE, ERROR, USAGE, House, wait_until  # noqa: E402


class DoctorTest(unittest.TestCase):
    def house(self, **given):
        house = House(instances=1, **given)
        house.__enter__()
        self.addCleanup(house.__exit__, None, None, None)
        return house

    @staticmethod
    def files(house):
        """Of the state folder, but for what SQLite has beside an open file."""
        return sorted(each.name for each in (house.folder / ".crossfade").iterdir()
                      if not each.name.endswith(("-wal", "-shm")))

    def findings(self, house, check):
        """[(weight, subject, code, all that is said)] of what is not well."""
        told = house.run("doctor", "--output", "json", check=check).json()
        self.assertEqual(told["schema"], "crossfade.doctor/1")
        return [(each["weight"], each["subject"], each["code"],
                 " ".join(each.get(part, "") for part in ("what", "why", "fix")))
                for each in told["findings"] if each["weight"] != "ok" and each["subject"] not in ("open files", "disk")]

    def test_before_and_after_up_all_is_well_and_nothing_is_made(self):
        house = self.house()
        self.assertEqual(self.findings(house, DONE), [])
        self.assertFalse((house.folder / ".crossfade").exists())
        house.up()
        before = self.files(house)
        said = house.run("doctor", check=DONE).out
        self.assertIn("chat on local", said)
        self.assertIn(f"127.0.0.1:{house.port} is the edge's", said)
        self.assertRegex(said, r"ok +journal +whole: \d+ records")
        self.assertRegex(said, r"ok +instances +1 run, each under the agent")
        self.assertEqual(self.files(house), before)
        house.run("doctor", "--repair", check=DONE)

    def test_another_program_on_the_port_is_named(self):
        house = self.house()
        with socket.create_server(("127.0.0.1", house.port)):
            found = self.findings(house, ERROR)
        self.assertEqual([each[:3] for each in found], [("error", "listener", "CF0494")])
        self.assertIn(f"process {os.getpid()}", found[0][3])

    def test_an_agent_that_was_killed_leaves_instances_that_doctor_finds(self):
        house = self.house()
        house.up()
        instance = house.instance_list()[0]["id"]
        for pid in house.pids("agent"):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not house.pids(" agent "), what="the agent's end")
        found = self.findings(house, ERROR)
        self.assertEqual({each[:3] for each in found},
                         {("error", "agent", "CF0492"), ("error", "instances", "CF0495")})
        self.assertTrue(any(instance in each[3] for each in found), found)
        house.run("up", check=DONE)
        self.assertEqual(self.findings(house, DONE), [])

    def test_a_process_of_a_state_folder_that_is_gone_is_found_and_left_alone(self):
        house = self.house()
        left = subprocess.Popen(["sleep", "60"], cwd=house.folder, env={"PATH": os.environ["PATH"],
                                                                       "CROSSFADE_INSTANCE": "green-7"})
        self.addCleanup(left.wait)
        self.addCleanup(left.kill)
        found = self.findings(house, DONE)
        self.assertEqual([each[:3] for each in found], [("warning", "instances", "CF0495")])
        self.assertIn(f"green-7 (sleep, process {left.pid})", found[0][3])
        self.assertIsNone(left.poll())

    def test_what_an_instance_starts_is_its_own(self):
        house = self.house()
        house.wrapper = ("timeout", "600")
        house.write_spec()
        house.up()
        self.assertGreater(len(house.pids("crossfade-chat")), 1, "an instance with a child")
        self.assertEqual(self.findings(house, DONE), [])

    def test_others_may_not_enter_the_state_folder(self):
        house = self.house()
        house.up()
        (house.folder / ".crossfade").chmod(0o755)
        self.assertEqual([each[:3] for each in self.findings(house, DONE)], [("warning", "state folder", "CF0490")])

    def test_a_journal_that_was_edited_is_an_error(self):
        house = self.house()
        house.up()
        house.run("down", "--now", check=DONE)
        with sqlite3.connect(house.folder / ".crossfade" / "state.db") as database:
            database.execute("UPDATE journal SET actor = 'nobody' WHERE idx = 3")
        database.close()
        found = self.findings(house, ERROR)
        self.assertEqual([each[:3] for each in found], [("error", "journal", "CF0732")])
        self.assertIn("record 3", found[0][3])

    def test_each_mistake_of_a_spec_is_an_error_and_the_machine_is_told_of_anyway(self):
        house = self.house(extra="nonsense: 1\n")
        found = self.findings(house, ERROR)
        self.assertEqual([each[:2] for each in found], [("error", "spec")])
        self.assertRegex(house.run("doctor").out, r"io_uring")

    def test_where_there_is_no_spec_it_says_so_and_looks_at_the_machine(self):
        folder = tempfile.mkdtemp(prefix="crossfade-")
        self.addCleanup(shutil.rmtree, folder)
        done = subprocess.run([BIN / "crossfade", "doctor"], cwd=folder, text=True, capture_output=True, timeout=30,
                              env={"PATH": os.environ["PATH"]}, check=False)
        self.assertEqual(done.returncode, DONE, done)
        self.assertIn("crossfade init", done.stdout)
        self.assertIn("MiB free", done.stdout)
        self.assertEqual(os.listdir(folder), [])
        done = subprocess.run([BIN / "crossfade", "doctor", "--repair"], cwd=folder, text=True, capture_output=True,
                              timeout=30, env={"PATH": os.environ["PATH"]}, check=False)
        self.assertEqual(done.returncode, USAGE, done)


if __name__ == "__main__":
    unittest.main()
