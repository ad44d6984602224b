"""Scripts of varnishtest between a client and a server, with the edge in the middle; and whether
promtool can read the edge's metrics."""
import pathlib
import shutil
import subprocess
import unittest

from tests.conformance.http1.edge import EdgeBetween

SCRIPTS = sorted((pathlib.Path(__file__).parent / "vtc").glob("*.vtc"))


class Http1(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.edge = EdgeBetween()

    @classmethod
    def tearDownClass(cls):
        cls.edge.stop()

    @unittest.skipUnless(shutil.which("varnishtest"), "varnishtest is not installed (Debian: varnish)")
    def test_every_script_passes_with_the_edge_in_the_middle(self):
        self.assertGreaterEqual(len(SCRIPTS), 7)
        for script in SCRIPTS:
            with self.subTest(script.name):
                run = subprocess.run(
                    ["varnishtest", "-t", "30", "-D", "edge=%s:%d" % self.edge.address,
                     "-D", f"target={self.edge.target}", str(script)],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(run.returncode, 0, run.stdout[-3000:])

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed (Debian: prometheus)")
    def test_promtool_accepts_the_metrics(self):
        text = self.edge.admin.text("GET", "/metrics")
        run = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                             text=True, timeout=60)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
