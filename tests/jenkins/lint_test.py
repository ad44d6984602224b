"""What breaks only under Jenkins' continuations is found by CodeNarc's rules for Jenkins."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.jenkins.controller import HARNESS, ROOT, missing  # noqa: E402

LINT = ROOT / "tests/jenkins/lint"
JARS = LINT / "node_modules/npm-groovy-lint/lib/java"
BAD = "def call(List names) { names.sort { a, b -> a <=> b } }\n"


def findings(folder):
    run = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*:{JARS}/groovy/lib/*:{HARNESS}:{ROOT}/jenkins/src",
         "org.codenarc.CodeNarc", f"-rulesetfiles=file:{LINT}/rules.groovy", f"-basedir={folder}",
         "-includes=**/*.groovy", "-report=console"],
        capture_output=True, text=True, timeout=120, check=True)
    assert "CodeNarc completed" in run.stdout, run
    lines = run.stdout.splitlines()
    return [line.strip() for line in lines if "Violation:" in line or "unable to resolve" in line]


@unittest.skipIf(missing() or not JARS.exists(), missing() or "npm-groovy-lint is not installed")
class LintTest(unittest.TestCase):
    def test_the_library_keeps_the_rules_of_continuations(self):
        self.assertEqual(findings(ROOT / "jenkins"), [])

    def test_what_breaks_under_continuations_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "bad.groovy").write_text(BAD)
            self.assertIn("ForbiddenCallInCpsMethod", " ".join(findings(folder)))


if __name__ == "__main__":
    unittest.main()
