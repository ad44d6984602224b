"""Who did what, kept so that a change shows; when nothing may be released; what is told to whom."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
import xml.etree.ElementTree as xml

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.support.house import (DONE, ERROR, GATE, LEASE_HELD, ROLLED_BACK, USAGE, House,  # noqa: E402
                                 wait_until)
from tests.support.listener import Listener  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

JENKINS = {"JENKINS_URL": "http://jenkins.test/", "BUILD_ID": "7", "JOB_NAME": "chat", "BUILD_NUMBER": "7",
           "CROSSFADE_APPROVED_BY": "ada"}
# Where it does not matter how a release goes: all at once, and users see each version.
AT_ONCE = {"patch": "blue-green", "bake": "100ms"}


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(seconds))


class AuditTest(unittest.TestCase):
    def house(self, **options):
        house = House(**{"settings": AT_ONCE} | options).__enter__()
        self.addCleanup(house.__exit__, None, None, None)
        return house

    def released(self, house, version, code=DONE, **environment):
        house.write_spec(version=version)
        # Without users there is no data, and without data nothing is promoted.
        with Visitor(house.port, path="/api/v4/config/client", threads=4):
            return self.deployed(house, code, environment)

    def deployed(self, house, code, environment):
        done = subprocess.run([house.program, "deploy", "--yes"], cwd=house.folder, text=True, timeout=90,
                              capture_output=True, env=os.environ | environment, check=False)
        self.assertEqual(done.returncode, code, done)
        return done

    def test_a_change_of_the_store_is_found_here_in_an_export_and_by_the_anchor(self):
        house = self.house(extra="audit_anchor: heads\n")
        house.up()
        self.released(house, "1.0.1")
        heads = (house.folder / "heads").read_text().splitlines()
        self.assertEqual(len(heads), 2)
        house.run("audit", "export", "--out", "journal", check=DONE)
        house.run("audit", "verify", "--file", "journal", "--anchor", "heads", check=DONE)
        head = ":".join(heads[-1].split(" ")[:2])
        self.assertIn("heads that were noted", house.run("audit", "verify", "--head", head, check=DONE).err)

        # An export that was edited, and one that was cut.
        lines = (house.folder / "journal").read_text().splitlines(keepends=True)
        (house.folder / "edited").write_text("".join(lines).replace("user ", "eser ", 1))
        self.assertIn("[CF0732]", house.run("audit", "verify", "--file", "edited", check=ERROR).err)
        (house.folder / "cut").write_text("".join(lines[:-1]))
        house.run("audit", "verify", "--file", "cut", check=DONE)
        house.run("audit", "verify", "--file", "cut", "--anchor", "heads", check=ERROR)

        house.run("down", check=DONE)
        with sqlite3.connect(house.folder / ".crossfade/state.db") as store:
            store.execute("DELETE FROM journal WHERE rowid = (SELECT MAX(rowid) FROM journal)")
        self.assertIn("was noted", house.run("audit", "verify", check=ERROR).err)

    def test_what_is_claimed_and_what_is_proven_are_kept_apart(self):
        house = self.house()
        house.up()
        self.released(house, "1.0.1", **JENKINS)
        records = house.run("audit", "show", "--output", "json", check=DONE).json()["records"]
        mine = [each for each in records if each["release"] == "r2"]
        user = mine[0]["proven"]
        self.assertEqual({each["claimed"] for each in mine}, {"jenkins chat #7 approved by ada"})
        self.assertRegex(user, "^user [a-z]")
        first = [each for each in records if each["release"] == "r1"]
        self.assertEqual({(each["claimed"], each["proven"]) for each in first}, {("", user)})

    def test_a_lock_and_a_freeze_hold_releases_and_never_the_way_back(self):
        house = self.house()
        house.up()
        self.released(house, "1.0.1")
        house.run("lock", "-m", "the database moves", check=DONE)
        house.write_spec(version="1.0.2")
        locked = house.run("deploy", "--yes", check=LEASE_HELD)
        self.assertIn("[CF0752]", locked.err)
        self.assertIn("the database moves", locked.err)
        house.run("rollback", check=DONE)
        self.assertEqual(house.status()["serving"], "1.0.0")
        house.run("unlock", check=DONE)

        now = time.time()
        house.extra = (f"freezes:\n  - {{from: {utc(now - 120)}, until: {utc(now + 3600)}, why: holidays}}\n")
        house.write_spec(version="1.0.2")
        frozen = house.run("deploy", "--yes", check=GATE)
        self.assertIn("[CF0753]", frozen.err)
        self.assertIn("holidays", frozen.err)
        with Visitor(house.port):
            house.run("deploy", "--yes", "--despite", "users are locked out", check=DONE)
        self.assertIn("users are locked out", house.history()[0]["actor"])

    def test_a_lock_stands_in_the_chain_and_holds_as_it_stands_there(self):
        house = self.house()
        house.up()
        house.run("lock", "-m", "the database moves", check=DONE)
        noted = house.run("audit", "show", "--output", "json", check=DONE).json()["records"][-1]
        self.assertEqual((noted["kind"], noted["body"]["verb"]), ("noted", "lock"))
        self.assertEqual(noted["body"]["argument"], "the database moves")
        self.assertRegex(noted["proven"], "^user [a-z]")
        house.run("audit", "export", "--out", "journal", check=DONE)
        self.assertIn("the database moves", (house.folder / "journal").read_text().splitlines()[-1])
        house.run("audit", "verify", check=DONE)

        # Whoever takes the wish out of the store unlocks nothing, and whoever changes the record is found.
        with sqlite3.connect(house.folder / ".crossfade/state.db") as store:
            store.execute("DELETE FROM requests")
        house.write_spec(version="1.0.1")
        self.assertIn("the database moves", house.run("deploy", "--yes", check=LEASE_HELD).err)
        with sqlite3.connect(house.folder / ".crossfade/state.db") as store:
            store.execute("UPDATE journal SET body = replace(body, '\"lock\"', '\"unlock\"') WHERE kind = 'noted'")
        self.assertIn(f"record {noted['index']} ", house.run("audit", "verify", check=ERROR).err)
        with sqlite3.connect(house.folder / ".crossfade/state.db") as store:
            store.execute("UPDATE journal SET body = replace(body, '\"unlock\"', '\"lock\"') WHERE kind = 'noted'")
        house.run("audit", "verify", check=DONE)
        house.run("unlock", check=DONE)
        with Visitor(house.port):
            house.run("deploy", "--yes", check=DONE)
        kinds = [each["kind"] for each in house.run("audit", "show", "--output", "json", check=DONE).json()["records"]]
        self.assertEqual(kinds.count("noted"), 2)
        house.run("audit", "verify", check=DONE)
        house.run("rollback", check=DONE)

    def test_a_lock_during_a_release_is_written_down_by_its_driver(self):
        house = self.house(settings={"patch": "blue-green", "bake": "4s"})
        house.up()
        house.write_spec(version="1.0.1")
        with Visitor(house.port):
            deploy = house.start("deploy", "--yes")
            wait_until(lambda: house.status()["run"] == "r2", what="the release")
            house.run("lock", "-m", "the database moves", check=DONE)
            self.assertEqual(deploy.wait(timeout=60), DONE)
        house.run("lock", "-m", "again", check=LEASE_HELD)
        records = house.run("audit", "show", "--output", "json", check=DONE).json()["records"]
        written = [(each["kind"], each["release"]) for each in records if each["body"].get("verb") == "lock"]
        self.assertEqual(written, [("request", "r2")])
        house.run("audit", "verify", check=DONE)

    def test_an_order_given_twice_is_carried_out_once(self):
        house = self.house()
        house.up()
        house.write_spec(version="1.0.1")
        with Visitor(house.port):
            house.run("deploy", "--yes", "--order", "build-7", check=DONE)
        house.run("deploy", "--yes", "--order", "build-7", check=DONE)
        house.run("recover", "build-7", check=DONE)
        house.run("recover", "build-8", check=DONE)
        self.assertEqual([each["order"] for each in house.history()], ["build-7", ""])

    def test_a_plan_that_is_not_the_one_consented_to_is_refused(self):
        house = self.house()
        house.up()
        house.write_spec(version="1.0.1")
        house.run("plan", "--out", "release.plan", check=DONE)
        answer = house.run("deploy", "--plan", "release.plan", "--plan-digest", "0" * 64, check=USAGE)
        self.assertIn("[CF0743]", answer.err)
        self.assertEqual(len(house.history()), 1)

    def notices(self, listener, key="hmac-key-4711"):
        return (f"notices:\n  - {{kind: mattermost, url: {{from_file: chat.url}}}}\n"
                f"  - {{kind: webhook, url: {{from_file: hook.url}}, key: {{from_env: HOOK_KEY}}}}\n",
                {"chat.url": f"{listener.url}/hooks/chat-token-4711", "hook.url": f"{listener.url}/hook"}, key)

    def told(self, listener, code, **changes):
        extra, files, key = self.notices(listener)
        house = self.house(extra=extra, **changes)
        for name, content in files.items():
            (house.folder / name).write_text(content + "\n")
        os.environ["HOOK_KEY"] = key
        self.addCleanup(os.environ.pop, "HOOK_KEY", None)
        house.up()
        listener.got.clear()
        return house

    def test_people_are_told_when_it_begins_goes_back_and_is_done_by_a_signed_message(self):
        listener = Listener()
        self.addCleanup(listener.close)
        house = self.told(listener, ROLLED_BACK, settings={}, guard="{requests_min: 5, interval: 100ms, error_rate_max: 5%}")
        house.faults = ["error-rate=0.9"]
        self.released(house, "1.0.1", code=ROLLED_BACK)
        own = listener.messages("/hook")
        self.assertEqual([each["moment"] for each in own], ["started", "aborted", "done"])
        self.assertEqual(own[-1]["ending"], "rolled_back")
        self.assertIn("requests failed", own[1]["reason"])
        for path, headers, body in listener.got:
            if path != "/hook":
                continue
            content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            mac = hmac.new(b"hmac-key-4711", content, hashlib.sha256).digest()
            self.assertEqual(headers["webhook-signature"], "v1," + base64.b64encode(mac).decode())
        chat = listener.messages("/hooks/chat-token-4711")
        self.assertEqual(len(chat), 3)
        self.assertIn("requests failed", chat[1]["attachments"][0]["text"])

    def test_what_was_not_taken_is_sent_again_and_nobody_waits_for_it(self):
        flaky = Listener(answers=[503, 503, 503, 200])
        self.addCleanup(flaky.close)
        house = self.told(flaky, DONE)
        self.released(house, "1.0.1")
        self.assertEqual(sorted({each["moment"] for each in flaky.messages("/hook")}), ["done", "started"])

        # Nobody listens any more: the release goes on as quickly, and the address stays secret.
        flaky.close()
        begun = time.monotonic()
        done = self.released(house, "1.0.2")
        self.assertIn("not told", done.stderr)
        self.assertNotIn("4711", done.stdout + done.stderr)
        self.assertEqual(house.status()["serving"], "1.0.2")
        self.assertLess(time.monotonic() - begun, 60)

    def everything(self, house, said):
        """All that commands said, the console answers and any file holds, under its name."""
        texts = {f"command {i}": answer.out + answer.err for i, answer in enumerate(said)}
        console = json.loads((house.folder / ".crossfade/console/address.json").read_text())["listen"]
        token = house.run("console", "token", "--role", "operate").out.strip().splitlines()[-1]
        paths = ["overview", "journal?limit=2000", *(f"journal/{number}" for number in range(1, 20)),
                 *(f"logs/{each['id']}" for each in house.instance_list())]
        for path in paths:
            ask = urllib.request.Request(f"http://{console}/api/v1/{path}",
                                         headers={"Authorization": f"Bearer {token}"})
            try:
                texts[path] = urllib.request.urlopen(ask, timeout=10).read().decode()
            except urllib.error.HTTPError as error:
                texts[path] = error.read().decode()
        self.assertIn('"lines"', texts["journal?limit=2000"])
        for file in house.folder.rglob("*"):
            if file.is_file():
                texts[str(file.relative_to(house.folder))] = file.read_bytes().decode("latin-1")
        return texts

    def test_planted_secrets_are_in_no_output_of_any_kind(self):
        planted = {"PLANTED_ENV": "s3cret-of-the-environment", "HOOK_KEY": "s3cret-of-the-signature"}
        listener = Listener()
        self.addCleanup(listener.close)
        house = self.house(
            service="  environment: {TOKEN: {from_env: PLANTED_ENV}, KEY: {from_file: key}}\n",
            extra="hooks:\n"
                  "  - {name: check, stage: TEST, command: [sh, -c, 'echo $PLANTED_ENV; cat key; exit $CODE']}\n"
                  f"  - {{name: call, stage: PREPARE, url: '{listener.url}/hook'}}\n"
                  "notices:\n  - {kind: slack, url: {from_file: hook.url}}\n"
                  f"  - {{kind: webhook, url: {{from_file: good.url}}, key: {{from_env: HOOK_KEY}}}}\n")
        (house.folder / "key").write_text("s3cret-of-a-file\n")
        (house.folder / "hook.url").write_text("http://127.0.0.1:9/s3cret-of-a-url\n")
        (house.folder / "good.url").write_text(f"{listener.url}/s3cret-of-a-url\n")
        os.environ.update(planted | {"CODE": "0"})
        for name in (*planted, "CODE"):
            self.addCleanup(os.environ.pop, name, None)
        said = [house.up(), house.run("plan", "--output", "json"), house.run("plan", "--out", "kept.plan")]
        house.write_spec(version="1.0.1")
        os.environ["CODE"] = "1"
        said += [house.run("deploy", "--yes", "--diagnostics", "findings"), house.run("status", "--output", "json"),
                 house.run("history", "--figures"), house.run("history", "--journal", "--output", "json"),
                 house.run("audit", "export", "--out", "journal"), house.run("audit", "show", "--output", "json"),
                 house.run("report", "--out", "report"), house.run("logs", "agent"), house.run("logs", "edge"),
                 house.run("explain", "r2"), house.run("instances", "--output", "json")]
        self.assertEqual(house.history()[0]["ending"], "rolled_back")
        # Written where it does not belong, and beside what is wrong.
        spec = house.folder / "crossfade.yaml"
        for wrong in (spec.read_text().replace("{from_file: hook.url}", "http://chat/s3cret-of-a-url"),
                      spec.read_text().replace("{from_env: PLANTED_ENV}", "s3cret-inline, M: [s3cret]"),
                      spec.read_text().replace(f"'{listener.url}", "'http://me:s3cret@127.0.0.1:9")):
            (house.folder / "wrong.yaml").write_text(wrong)
            said += [house.run("--spec", "wrong.yaml", "plan"),
                     house.run("--spec", "wrong.yaml", "validate", "--output", "json")]
            self.assertIn("CF0110", said[-1].out + said[-1].err)
        texts = self.everything(house, said)
        sources = {"key", "hook.url", "good.url", "crossfade.yaml", "wrong.yaml"}
        leaks = [name for name, text in texts.items() if "s3cret" in text and name not in sources]
        self.assertEqual(leaks, [])
        self.assertTrue(any(name.startswith("report/") for name in texts))
        told = [body for _, _, body in listener.got]
        self.assertTrue(told)
        self.assertEqual([body for body in told if b"s3cret" in body], [])

    def test_a_report_of_each_ending_is_whole(self):
        house = self.house(settings={}, guard="{requests_min: 5, interval: 100ms, error_rate_max: 5%}")
        house.up()
        house.faults = ["error-rate=0.9"]
        self.released(house, "1.0.1", code=ROLLED_BACK)
        house.run("report", "r2", "--out", "report", check=DONE)
        names = sorted(each.name for each in (house.folder / "report").iterdir())
        self.assertEqual(names, ["index.html", "junit.xml", "report.css", "report.html", "report.json", "report.md"])
        root = xml.parse(house.folder / "report/junit.xml").getroot()
        cases = {case.get("name"): case for case in root.iter("testcase")}
        self.assertIsNotNone(cases["1.0.1 serves"].find("failure"))
        self.assertIsNone(cases["P3 capacity leaves only after the weights are observed"].find("failure"))
        report = json.loads((house.folder / "report/report.json").read_text())
        jsonschema.validate(report, json.loads((ROOT / "docs/reference/report.schema.json").read_text()))
        self.assertEqual(report["release"]["ending"], "rolled_back")
        self.assertGreater(report["release"]["harm"], 0)
        self.assertIn("taken back", house.run("report", "--format", "markdown", check=DONE).out)
        figures = house.run("history", "--figures", "--output", "json", check=DONE).json()
        self.assertEqual((figures["releases"], figures["succeeded"], figures["failed"]), (2, 1, 1))
        self.assertEqual(figures["change_failure_rate"], 0.5)
        self.assertGreater(figures["recovery_median_ms"], 0)


if __name__ == "__main__":
    unittest.main()
