"""A gate that asks a second person: who counts as one, who does not, and what is kept of it."""
import json
import os
import pathlib
import pwd
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.support.house import DONE, GATE, USAGE, House, wait_until  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

AT_ONCE = {"patch": "blue-green", "major": "blue-green", "bake": "100ms"}
FOUR_EYES = "gates:\n  - {name: four-eyes, owner: release team, second_person: true, changes: [major]}\n"
STEP = "gate-four-eyes"
SELF = {"JENKINS_URL": "http://jenkins.test/", "BUILD_ID": "7", "JOB_NAME": "chat (claimed by user bob)",
        "BUILD_NUMBER": "7", "CROSSFADE_APPROVED_BY": "bob", "SUDO_USER": "bob", "USER": "bob", "LOGNAME": "bob",
        "CROSSFADE_CONSOLE_ACTOR": "console bob (t1)"}


def logged_in(user, *words):
    """The command as it runs below `sudo`: under this account, for who logged in as `user`."""
    return ["sh", "-c", 'echo "$0" > /proc/self/loginuid && exec "$@"', str(pwd.getpwnam(user).pw_uid), *words]


def can_log_in():
    return subprocess.run(logged_in("nobody", "true"), stderr=subprocess.DEVNULL, check=False).returncode == 0


class SecondPersonTest(unittest.TestCase):
    def setUp(self):
        self.house = House(settings=AT_ONCE, extra=FOUR_EYES).__enter__()
        self.addCleanup(self.house.__exit__, None, None, None)

    def waits(self):
        """The status, once the release waits for its second person."""
        def status():
            now = self.house.status()
            return now if now["state"] == "consent" else None
        return wait_until(status, what="the gate")

    def token(self, name):
        """A file with a token of this name's."""
        secret = self.house.run("console", "token", "--role", "operate", "--name", name, check=DONE).out
        file = self.house.folder / f"{name}.token"
        file.write_text(secret.strip().splitlines()[-1] + "\n")
        return file

    def act(self, verb, token):
        """Asks the console for a deed; its status and its answer."""
        listen = json.loads((self.house.folder / ".crossfade/console/address.json").read_text())["listen"]
        status = self.house.status()
        body = {"verb": verb, "run": status["run"], "state": status["state"], "reason": "looks good"}
        ask = urllib.request.Request(f"http://{listen}/api/v1/deeds", method="POST", data=json.dumps(body).encode(),
                                     headers={"Authorization": f"Bearer {token.read_text().strip()}",
                                              "X-Crossfade": "1", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(ask, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def requests(self):
        records = self.house.run("audit", "show", "--output", "json", check=DONE).json()["records"]
        return [each["body"] for each in records if each["kind"] == "request"]

    def test_who_began_a_release_cannot_consent_and_another_can(self):
        house = self.house
        house.up()
        ada, bob = self.token("ada"), self.token("bob")
        with Visitor(house.port, path="/api/v4/config/client", threads=4):
            house.write_spec(version="2.0.0")
            deploy = house.start("--token", ada, "deploy", "--yes")
            status = self.waits()
            self.assertEqual(status["not_by"], "console ada (t1)")
            self.assertIn("release team other than console ada (t1)", status["sentence"])

            refused = house.run("--token", ada, "promote", check=GATE)
            self.assertIn("[CF0755]", refused.err)
            self.assertIn("console ada (t1) began this release", refused.err)
            code, answer = self.act("promote", ada)
            self.assertEqual(code, 409, answer)
            self.assertIn("began this release", answer)
            # For another plan it counts as little, whoever gives it.
            stale = house.run("--token", bob, "promote", "--plan-digest", "0" * 64, check=GATE)
            self.assertIn("another plan", stale.err)
            self.assertEqual(self.waits()["step"], status["step"])

            code, answer = self.act("promote", bob)
            self.assertEqual(code, 200, answer)
            self.assertEqual(deploy.wait(timeout=60), DONE)
        consents = house.status()["consents"]
        self.assertEqual([each["counts"] for each in consents], [False, False, False, True])
        self.assertEqual([each["step"] for each in consents], [STEP] * 4)
        self.assertEqual(consents[-1]["proven"], "console bob (t2)")
        plan = house.history()[0]["plan"]
        self.assertEqual([each["argument"] for each in self.requests()],
                         [f"{STEP} {plan}", f"{STEP} {plan}", f"{STEP} {'0' * 64}", f"{STEP} {plan}"])
        house.run("audit", "verify", check=DONE)
        self.assertIn("consent: four-eyes | console bob", house.run("report", "--format", "markdown", check=DONE).out)

    def test_a_process_that_says_it_is_somebody_else_is_still_who_it_is(self):
        house = self.house
        house.up()
        bob = self.token("bob")  # made by the very user who begins the release
        with Visitor(house.port, path="/api/v4/config/client", threads=4):
            house.write_spec(version="2.0.0")
            deploy = house.start("deploy", "--yes")
            self.waits()
            for environment in (SELF, {key: SELF[key] for key in ("SUDO_USER", "USER", "CROSSFADE_CONSOLE_ACTOR")}):
                done = subprocess.run([house.program, "promote"], cwd=house.folder, text=True, timeout=60,
                                      capture_output=True, env=os.environ | environment, check=False)
                self.assertEqual(done.returncode, GATE, done)
            self.assertIn("made the token", house.run("--token", bob, "promote", check=GATE).err)
            (house.folder / "guess").write_text("cfc_" + "A" * 43)
            self.assertIn("[CF0913]", house.run("--token", "guess", "promote", check=USAGE).err)
            self.assertEqual(self.waits()["state"], "consent")
            house.run("abort", check=DONE)
            self.assertEqual(deploy.wait(timeout=60), GATE)
        self.assertFalse(any(each["counts"] for each in house.status()["consents"]))
        self.assertEqual(house.status()["serving"], "1.0.0")

    def test_a_patch_asks_nobody_the_way_back_never_does_and_the_rule_holds_for_its_own_end(self):
        house = self.house
        house.up()
        with Visitor(house.port, path="/api/v4/config/client", threads=4):
            house.write_spec(version="1.0.1")
            self.assertIn("asks nobody", house.run("plan", check=DONE).out)
            house.run("deploy", "--yes", check=DONE)
            house.run("rollback", check=DONE)
            self.assertEqual(house.status()["serving"], "1.0.0")
            house.extra = ""
            house.write_spec(version="1.0.2")
            self.assertIn("stands once more", house.run("plan", check=DONE).out)
            deploy = house.start("deploy", "--yes")
            self.waits()
            house.run("promote", check=GATE)
            house.run("abort", check=DONE)
            self.assertEqual(deploy.wait(timeout=60), GATE)

    @unittest.skipUnless(can_log_in(), "whom a process was logged in as cannot be set here")
    def test_two_who_logged_in_and_share_an_account_are_two_persons(self):
        house = self.house
        house.up()
        with Visitor(house.port, path="/api/v4/config/client", threads=4):
            house.write_spec(version="2.0.0")
            deploy = subprocess.Popen(logged_in("daemon", house.program, "deploy", "--yes"), cwd=house.folder,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            house.processes.append(deploy)
            self.assertEqual(self.waits()["not_by"], "user daemon")
            for user, code in (("daemon", GATE), ("nobody", DONE)):
                done = subprocess.run(logged_in(user, house.program, "promote"), cwd=house.folder, text=True,
                                      capture_output=True, timeout=60, env=os.environ | {"SUDO_USER": "nobody"},
                                      check=False)
                self.assertEqual(done.returncode, code, done)
            self.assertEqual(deploy.wait(timeout=60), DONE)
        self.assertEqual([each["proven"] for each in house.status()["consents"]], ["user daemon", "user nobody"])


if __name__ == "__main__":
    unittest.main()
