"""One application under Crossfade in a temporary folder, as its user would run it.

The command line is the only way in: what a test does here a person could type. Traffic stays on
loopback, every wait has a deadline, and leaving the `with` block takes everything down again.
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN",
                                  pathlib.Path(__file__).resolve().parents[2] / "build/release/bin"))

DONE, ERROR, USAGE, ROLLED_BACK, STUCK, LEASE_HELD, GATE, TIMED_OUT, INTERRUPTED = (
    0, 1, 2, 5, 6, 7, 8, 9, 75)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, deadline_s=30.0, what="a condition"):
    """Returns the first truthy answer of `condition`; fails with `what` at the deadline."""
    until = time.monotonic() + deadline_s
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"waited {deadline_s} s in vain for {what}")
        time.sleep(0.01)


class Answer:
    """What a command said: its exit code and both streams."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class House:
    """A spec, a state folder, and the commands of a user. `extra` and `service` hold lines of YAML to add."""

    def __init__(self, version="1.0.0", instances=2, faults=(), motd="", settings=None, extra="",
                 database=None, bus="on", service="", guard="{requests_min: 5, interval: 100ms}"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-"))
        self.port = free_port()
        self.version, self.instances, self.faults, self.motd = version, instances, faults, motd
        self.settings = {
            "steps": "[{weight: 25%, hold: 300ms}, {weight: 50%, hold: 300ms}]",
            "settle": "50ms", "settle_before_leaving": "100ms", "bake": "300ms",
            "keep_warm": "1h", "drain": "{deadline: 20s}", "progress_deadline": "30s",
        } | (settings or {})
        self.extra, self.service, self.bus, self.boot_deadline = extra, service, bus, "15s"
        self.guard = guard
        self.wrapper = ()  # words before the instance's command
        self.database = database or str(self.folder / "chat.db")
        self.processes = []
        self.program = BIN / "crossfade"
        self.write_spec()

    # --- the spec ---------------------------------------------------------------------------

    def write_spec(self, **changes):
        """Writes crossfade.yaml anew with, say, `version="1.0.1"` or `motd="hello"`."""
        for name, value in changes.items():
            assert hasattr(self, name), name
            setattr(self, name, value)
        command = [*self.wrapper, f"${{artifact}}/{CHAT}", "--listen", "${address}:${port}", "--version", self.version,
                   "--database", self.database, "--files", str(self.folder / "files"),
                   "--bus", self.bus]
        if self.motd:
            command += ["--motd", self.motd]
        if self.faults:
            command += ["--fault", ",".join(self.faults)]
        settings = "".join(f"  {key}: {value}\n" for key, value in self.settings.items())
        (self.folder / "crossfade.yaml").write_text(
            f"application: chat\nversion: {self.version}\nlisten: 127.0.0.1:{self.port}\n"
            f"artifact: {BIN / CHAT}\n"
            f"service:\n  command: {json.dumps(command)}\n  instances: {self.instances}\n"
            f"  health: {{path: /api/v4/system/ping, interval: 300ms, timeout: 300ms, "
            f"healthy_after: 1, unhealthy_after: 5}}\n"
            f"  boot_deadline: {self.boot_deadline}\n  stop_grace: 5s\n{self.service}"
            f"strategy:\n{settings}guard: {self.guard}\n{self.extra}")

    # --- commands ---------------------------------------------------------------------------

    def run(self, *arguments, timeout_s=90, check=None):
        """Runs a command to its end; with `check`, any other exit code fails the test."""
        done = subprocess.run([self.program, *arguments], cwd=self.folder, text=True,
                              capture_output=True, timeout=timeout_s, check=False)
        answer = Answer(done.returncode, done.stdout, done.stderr)
        if check is not None and done.returncode != check:
            raise AssertionError(f"crossfade {' '.join(map(str, arguments))}: wanted {check}, got {answer}")
        return answer

    def start(self, *arguments):
        """Starts a command and returns it running; it is ended with the house."""
        with open(self.folder / f"command-{len(self.processes)}.log", "wb") as log:
            process = subprocess.Popen([self.program, *arguments], cwd=self.folder,
                                       stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def up(self):
        return self.run("up", check=DONE)

    def status(self):
        return self.run("status", "--output", "json", check=DONE).json()

    def instance_list(self):
        return self.run("instances", "--output", "json", check=DONE).json()["instances"]

    def history(self):
        return self.run("history", "--output", "json", check=DONE).json()["releases"]

    @staticmethod
    def now():
        """The instant in seconds, on the clock of a Visitor's notes."""
        return time.time()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # --- life -------------------------------------------------------------------------------

    def pids(self, word):
        """Processes of this house whose command line has `word` in it."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                place = os.readlink(entry / "cwd")
            except OSError:
                continue
            ours = str(self.folder) in line or place.startswith(str(self.folder))
            if ours and word in line and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        try:
            self.run("down", "--now", timeout_s=30)
        except subprocess.TimeoutExpired:
            pass
        for pid in self.pids("crossfade"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if kind is not None or os.environ.get("CROSSFADE_KEEP"):
            print(f"kept for a look: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


CHAT = "crossfade-chat"
