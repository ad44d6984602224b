"""A running edge with one target, for conformance tests; everything on loopback and free ports."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin"))
DEADLINE_S = 20
DAY_MS = 86_400_000


def eventually(condition, what):
    """Waits for the first truthy answer of `condition`."""
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.005)
    raise AssertionError(f"waited in vain for {what}")


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("edge", timeout=DEADLINE_S)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Edge:
    """Forwards all to `target`, which need not be there once it has passed one check."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-http1-"))
        self.process = subprocess.Popen(
            [BIN / "crossfade", "edge", "--workers", "1", "--state", self.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._is_up, "the edge")
        self.target = self._free_port()
        self._configure()

    @staticmethod
    def _free_port():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return free.getsockname()[1]

    def _is_up(self):
        try:
            return self.ask("GET", "/v1/health")
        except OSError:
            return None

    def ask(self, method, path, body=None):
        connection = UnixConnection(str(self.folder / "edge.sock"))
        connection.request(method, path, body and json.dumps(body))
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status < 300, text
        return json.loads(text) if text.startswith("{") else text

    def _configure(self):
        write = {"fence": 1, "token": "conformance"}
        self.ask("PUT", "/v1/config", {**write, "config": {
            "listeners": [{"name": "plain", "address": "127.0.0.1:0"}],
            # Checked once: later the target's port is varnishtest's, which counts connections.
            "groups": {"app": {"health": {"path": "/", "interval_ms": DAY_MS}}},
            "rules": [{"priority": 1, "path": "*", "forward": {"weights": {"app": 1}}}],
        }})
        with socket.create_server(("127.0.0.1", self.target)) as door:
            threading.Thread(target=self._pass_checks, args=(door,), daemon=True).start()
            self.ask("PUT", "/v1/groups/app/targets/t",
                     {**write, "address": f"127.0.0.1:{self.target}"})
            eventually(lambda: self.ask("GET", "/v1/groups")["groups"]["app"]["targets"][0]["state"]
                       == "healthy", "a healthy target")
            door.shutdown(socket.SHUT_RDWR)
        self.address = self.ask("GET", "/v1/health")["listeners"][0]["address"]

    @staticmethod
    def _pass_checks(door):
        while True:
            try:
                connection, _ = door.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
