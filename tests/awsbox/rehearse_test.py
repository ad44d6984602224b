"""A rehearsal of a spec that names an account which nobody has: by the command that a user gives."""
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

from . import ROOT, missing
from .rehearse import Refused, name_in, quicker, version_before
from .shop import BIN

SPEC = """
application: shop
version: {version}
artifact: build/shop.tar.gz
provider: aws
aws:
  region: eu-central-1
  profile: production
  bucket: shop-releases
  rule: arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/96
  target_groups:
    blue: arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/shop-blue/73e2d6bc24d8a067
    green: arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/shop-green/73e2d6bc24d8a068
  scaling_groups: {{blue: shop-blue, green: shop-green}}
  launch_template: {{id: lt-0123456789abcdef0, version: 7}}
  port: 8065
service:
  command: ["${{artifact}}/serve", "{version}", "${{port}}"]
  instances: 1
  health: /up
strategy:
  patch: blue-green
gates:
  - {{name: go-live, second_person: true}}
guard: {{compare: false, requests_min: 5}}
"""


class Parts(unittest.TestCase):
    def test_waits_become_shorter_and_nothing_else_changes(self):
        given = {"bake": "5m", "steps": [{"weight": "20%", "hold": "1h"}], "batch": 2, "deadline": "300ms"}
        self.assertEqual(quicker(given, 20), {"bake": "15000ms", "steps": [{"weight": "20%", "hold": "180000ms"}],
                                              "batch": 2, "deadline": "300ms"})
        self.assertEqual(quicker({"settle": "2s"}, 20), {"settle": "500ms"})

    def test_names_and_versions_are_found(self):
        self.assertEqual(name_in("arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/shop-blue/73e2"), "shop-blue")
        with self.assertRaises(Refused):
            name_in("shop-blue")
        for version, before in (("1.2.3", "1.2.2"), ("1.2.0", "1.1.0"), ("2.0.0-rc.1", "1.0.0"), ("0.0.0", "0.0.0-before")):
            self.assertEqual(version_before(version), before)


@unittest.skipIf(not BIN.exists(), f"{BIN} is not built")
class Rehearse(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rehearse-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "build").mkdir()
        script = f"#!/bin/sh\nexport PYTHONPATH={ROOT}\nexec {sys.executable} -m tests.awsbox.app \"$1\" \"$2\"\n".encode()
        with tarfile.open(self.folder / "build/shop.tar.gz", "w:gz") as tar:
            entry = tarfile.TarInfo("serve")
            entry.size, entry.mode = len(script), 0o755
            tar.addfile(entry, io.BytesIO(script))
        (self.folder / "crossfade.yaml").write_text(SPEC.format(version="1.0.1"))

    def rehearse(self, *words, **environment):
        return subprocess.run([BIN, "rehearse", *words], cwd=self.folder, env=os.environ | environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)

    @unittest.skipIf(missing(), missing())
    def test_a_release_is_rehearsed_and_told_and_leaves_nothing(self):
        done = self.rehearse("--output", "json", "--requests", "30", "--speed", "60", AWS_PROFILE="production")
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        told = json.loads(done.stdout)
        self.assertEqual((told["from"], told["to"], told["failed"]), ("1.0.0", "1.0.1", 0))
        self.assertGreater(told["requests"], 50)
        self.assertIn("SHIFT", [each["stage"] for each in told["stages"]])
        self.assertGreater(told["calls"]["all"], told["calls"]["changes"])
        self.assertLess(told["calls"]["changes"], 200)
        self.assertEqual(told["left_out"], ["gates"])
        self.assertEqual(sorted(each.name for each in self.folder.iterdir()), ["build", "crossfade.yaml"])

    def test_what_it_lacks_it_says(self):
        done = self.rehearse(CROSSFADE_AWSBOX=str(self.folder))
        self.assertEqual(done.returncode, 1)
        self.assertIn("[CF0758]", done.stderr)
        (self.folder / "crossfade.yaml").write_text(
            'application: a\nversion: 1.0.0\nartifact: a\nservice: {command: ["a", "${port}"], health: /up}\n')
        done = self.rehearse()
        self.assertEqual(done.returncode, 2)
        self.assertIn("[CF0757]", done.stderr)


if __name__ == "__main__":
    unittest.main()
