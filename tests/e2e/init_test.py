"""`crossfade init` beside an application that runs: the spec that it writes is one that works."""
import http.client
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from tests.support.house import BIN, DONE, free_port, wait_until

SCRIPT = """\
import http.server, sys
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def status_of(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


class Init(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-init-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def crossfade(self, *words):
        done = subprocess.run([BIN / "crossfade", *words], cwd=self.folder, text=True, capture_output=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, DONE, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def run_by_hand(self, path, *command):
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_until(lambda: status_of(self.port, path) == 200, 20, "the application")
        return process

    def test_a_program_that_runs_here_is_released_as_it_is(self):
        self.port = free_port()
        (self.folder / "bin").mkdir()
        shutil.copy(BIN / "crossfade-chat", self.folder / "bin" / "chat")
        process = self.run_by_hand("/api/v4/system/ping", "bin/chat", "--listen", f"127.0.0.1:{self.port}",
                                   "--database", str(self.folder / "chat.db"), "--files", str(self.folder / "files"))
        self.assertIn(f"process {process.pid}", self.crossfade("init", "--name", "chat"))
        spec = (self.folder / "crossfade.yaml").read_text()
        self.assertIn("artifact: bin/chat\n", spec)
        self.assertIn('"${artifact}/chat", "--listen", "${address}:${port}"', spec)
        self.assertIn("/api/v4/system/ping", spec)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        edge = free_port()
        (self.folder / "crossfade.yaml").write_text(re.sub("(?m)^listen: .*$", f"listen: 127.0.0.1:{edge}", spec))
        self.addCleanup(subprocess.run, [BIN / "crossfade", "down", "--now"], cwd=self.folder,
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.crossfade("up")
        self.assertEqual(status_of(edge, "/api/v4/system/ping"), 200)

    def test_a_script_is_the_artifact_and_its_interpreter_is_not(self):
        self.port = free_port()
        (self.folder / "serve.py").write_text(SCRIPT)
        self.run_by_hand("/", sys.executable, "serve.py", str(self.port))
        self.crossfade("init")
        spec = (self.folder / "crossfade.yaml").read_text()
        self.assertIn("artifact: serve.py\n", spec)
        self.assertIn(f'"{sys.executable}", "${{artifact}}/serve.py", "${{port}}"', spec)
        self.crossfade("validate")

    def test_what_runs_elsewhere_is_none_of_it(self):
        elsewhere, self.port = tempfile.mkdtemp(prefix="crossfade-init-"), free_port()
        self.addCleanup(shutil.rmtree, elsewhere, ignore_errors=True)
        (pathlib.Path(elsewhere) / "serve.py").write_text(SCRIPT)
        self.run_by_hand("/", sys.executable, f"{elsewhere}/serve.py", str(self.port))
        self.assertNotIn("process", self.crossfade("init"))
        self.assertNotIn("serve.py", (self.folder / "crossfade.yaml").read_text())


if __name__ == "__main__":
    unittest.main()
