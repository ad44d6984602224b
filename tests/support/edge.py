"""The edge alone, as a process, spoken to as its agent does."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin")) / "crossfade"


class Admin(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("edge", timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)

    def ask(self, method, path, body=None):
        return json.loads(self.text(method, path, body))

    def text(self, method, path, body=None):
        self.request(method, path, None if body is None else json.dumps(body))
        answer = self.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {text}")
        return text


def wait_for(condition, what, longest_s=60.0):
    until = time.monotonic() + longest_s
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(0.02)


class Edge:
    """`crossfade edge` in a folder of its own, perhaps under a tool such as strace."""

    def __init__(self, tool=(), workers=1, more=()):
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-edge-"))
        self.log = open(self.state / "tool.log", "w")
        self.before = []
        self.process = self.start(*tool, str(BIN), "edge", "--workers", str(workers), *more)
        wait_for(lambda: list(self.state.rglob("edge.sock")) or self.process.poll() is not None,
                 "the admin socket")
        sockets = list(self.state.rglob("edge.sock"))
        if not sockets:
            raise SystemExit((self.state / "tool.log").read_text())
        self.admin = Admin(sockets[0])
        # Its name is there a moment before anybody listens.
        wait_for(self.serving, "an answer on the admin socket")

    def start(self, *command):
        return subprocess.Popen([*command, "--state", str(self.state)], stdout=self.log,
                                stderr=self.log, start_new_session=True)

    def serving(self):
        """The process that answers on the admin socket; 0 while nobody does."""
        try:
            self.admin.close()
            return self.admin.ask("GET", "/v1/health")["pid"]
        except (OSError, http.client.HTTPException):
            return 0

    def take_over(self, program=BIN):
        """Replaces the edge by a new process of `program`, under whatever load there is."""
        self.before.append(self.process)
        self.process = self.start(str(program), "edge", "--takeover")
        wait_for(lambda: self.serving() == self.process.pid or self.process.poll() is not None,
                 "the new edge")
        if self.process.poll() is not None:
            raise SystemExit((self.state / "tool.log").read_text())

    def ended_before(self):
        """How many of the edges that were taken over have ended, each of them in order."""
        ends = [process.poll() for process in self.before]
        assert all(end in (None, 0) for end in ends), ends
        return sum(end == 0 for end in ends)

    def configure(self, targets, forward=None, limits=None, tls=None, **health):
        """One listener, one group of `targets` (addresses by name), all traffic to it."""
        listener = {"name": "http", "address": "127.0.0.1:0"} | ({"tls": tls} if tls else {})
        group = {"health": {"path": "/up", "interval_ms": 300000, "timeout_ms": 30000, **health}}
        self.admin.ask("PUT", "/v1/config", {"fence": 1, "config": {
            "listeners": [listener], "groups": {"blue": group},
            "limits": limits or {},
            "rules": [{"priority": 1, "path": "*", "forward": forward or {}}]}})
        self.admin.ask("PUT", "/v1/weights", {"fence": 1, "weights": {"blue": 1}})
        for name, address in targets.items():
            self.add(name, address)
        host, port = self.admin.ask("GET", "/v1/health")["listeners"][0]["address"].rsplit(":", 1)
        self.address = (host, int(port))

    def add(self, name, address):
        self.admin.ask("PUT", f"/v1/groups/blue/targets/{name}", {"fence": 1, "address": address})
        wait_for(lambda: self.admin.ask("GET", f"/v1/groups/blue/targets/{name}")["state"] == "healthy",
                 f"a healthy target {name}")

    def pid(self):
        """Of the edge itself, also where the tool is its parent."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True,
                               text=True).stdout.split()
        return int(found[0]) if found else self.process.pid

    def stop(self):
        self.admin.close()
        os.kill(self.pid(), signal.SIGTERM)
        self.process.wait(60)
        for process in self.before:
            process.wait(60)
        self.log.close()
        shutil.rmtree(self.state)
