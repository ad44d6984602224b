#!/usr/bin/env python3
"""Five releases of a chat server under load, and what its users felt.

usage: ./x demo [--report DIR] [--profile demo|mattermost-450] [--users N] [--scale F]

A configuration change rolls, a patch goes out as a canary, a bad patch is taken back by itself, a major
version flips from blue to green, and a person takes that back. All the while users chat, upload files
and probe the service twenty times a second; what they felt is counted, message by message.
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.support.house import DONE, ROLLED_BACK, free_port  # noqa: E402

BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin"))
WORK = ROOT / "build/demo"

SPEC = """\
# What ./x demo releases: the chat server of examples/chat, {version}.
application: chat
version: {version}
listen: 127.0.0.1:{port}
artifact: {bin}/crossfade-chat
assets: {assets}
routes:
  - {{path: /static/*, to: assets}}
  - {{path: /*, sockets: mattermost}}
service:
  command: {command}
{environment}  instances: 2
  health: {{path: /api/v4/system/ping, interval: 500ms, timeout: 500ms}}
  boot_deadline: 20s
  stop_grace: 10s
strategy:
  steps: {steps}
  settle: 500ms
  settle_before_leaving: 1s
  bake: {bake}
  rolling: {{hold: {bake}}}
  drain: {{deadline: 60s}}
guard: {{error_rate_max: 2%, requests_min: 20, interval: 250ms, harm: at most 100 requests}}
"""

# What must hold at the end, in the words of `crossfade load --require`.
REQUIRED = ["http.failed==0", "websocket.dropped_unplanned==0", "messages.lost==0",
            "messages.duplicated==0", "uploads.failed==0", "downtime_ms==0"]


class Pace:
    """How long the demo dwells before and between the releases, in seconds, and inside them."""

    def __init__(self, profile, scale):
        hold, self.bake, self.before, self.between = "3s", "3s", 6, 4
        if profile != "demo":
            hold, self.bake = "20s", "20s"
            self.before, self.between = 60 * scale, 120 * scale
        self.steps = f"[{{weight: 5%, hold: {hold}}}, {{weight: 25%, hold: {hold}}}, " \
                      f"{{weight: 50%, hold: {hold}}}]"
        # The short demo ends when its releases have; the long one has a length of its own.
        self.until_stopped = profile == "demo"


def say(text):
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def die(text):
    print(f"demo: {text}\nEverything is in {WORK}.", file=sys.stderr)
    sys.exit(1)


@contextlib.contextmanager
def postgres():
    """A PostgreSQL server of the demo's own, for as long as it lasts."""
    folder = tempfile.mkdtemp(prefix="crossfade-postgres-")
    server = ROOT / "tests/postgres"
    try:
        yield subprocess.run([server, "start", folder], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
    finally:
        subprocess.run([server, "stop", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


class Demo:
    def __init__(self, options):
        self.options = options
        self.pace = Pace(options.profile, options.scale)
        self.port = options.port or free_port()
        self.load = None

    def write_release(self, version, motd="", fault=""):
        """Writes the spec of a release, as a team's next commit would."""
        assets = WORK / f"assets-{version}"
        if not assets.exists():
            subprocess.run([ROOT / "examples/chat/package", "--version", version, "--assets", assets],
                           check=True)
        command = ["${artifact}/crossfade-chat", "--listen", "${address}:${port}",
                   "--instance", "${instance}", "--version", version,
                   "--files", str(WORK / "files"), "--assets", str(assets)]
        environment = ""
        if "DATABASE_URL" in os.environ:
            environment = "  environment: {DATABASE_URL: {from_env: DATABASE_URL}}\n"
        else:
            command += ["--database", str(WORK / "chat.db")]
        if motd:
            command += ["--motd", motd]
        if fault:
            command += ["--fault", fault]
        (WORK / "crossfade.yaml").write_text(SPEC.format(
            version=version, port=self.port, bin=BIN, assets=assets, command=json.dumps(command),
            environment=environment, steps=self.pace.steps, bake=self.pace.bake))

    def crossfade(self, *arguments, wanted=DONE):
        """Runs a command in front of the person who watches."""
        print(f"$ crossfade {' '.join(arguments)}", flush=True)
        code = subprocess.run([BIN / "crossfade", *arguments], cwd=WORK, check=False).returncode
        if code != wanted:
            die(f"`crossfade {' '.join(arguments)}` ended with {code} instead of {wanted}.")

    def start_load(self):
        title = " ".join(["./x demo", *sys.argv[1:]])
        arguments = ["load", "--profile", self.options.profile, "--title", title,
                     "--report", str(self.options.report), "--database-process", "postgres"]
        arguments += [f"--require={requirement}" for requirement in REQUIRED]
        if self.options.users:
            arguments += ["--users", str(self.options.users)]
        arguments += ["--until-stopped"] if self.pace.until_stopped else \
            ["--scale", str(self.options.scale)]
        with open(WORK / "load.log", "wb") as log:
            self.load = subprocess.Popen([BIN / "crossfade", *arguments], cwd=WORK, stdout=log,
                                         stderr=subprocess.STDOUT)
        self.load_begun = time.monotonic()

    def wait(self, seconds):
        """Dwells while users chat; a load that ends early ends the demo."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.load.poll() is not None:
                print((WORK / "load.log").read_text()[-2000:])
                die(f"The load ended early with {self.load.returncode}.")
            time.sleep(0.1)

    def releases(self):
        say("1. A configuration change: instance by instance (rolling)")
        self.write_release("1.0.0", motd="Maintenance on Sunday")
        self.crossfade("deploy", "--yes")
        self.wait(self.pace.between)
        say("2. A patch: 5, 25, 50, 100 % under watch (canary)")
        self.write_release("1.0.1")
        self.crossfade("deploy", "--yes")
        self.wait(self.pace.between)
        say("3. A bad patch, every fifth request fails: taken back by itself")
        self.write_release("1.0.2", fault="error-rate=0.2")
        self.crossfade("deploy", "--yes", wanted=ROLLED_BACK)
        self.wait(self.pace.between)
        say("4. A major version: the whole fleet beside the old one, then flipped (blue-green)")
        self.write_release("2.0.0")
        self.crossfade("deploy", "--yes")
        self.wait(self.pace.between)
        say("5. Somebody dislikes it: back within a second (rollback)")
        self.crossfade("rollback")
        self.wait(self.pace.between)

    def end_load(self):
        if self.pace.until_stopped:
            self.wait(max(0.0, 65 - (time.monotonic() - self.load_begun)))
            self.load.send_signal(signal.SIGTERM)
        say("What the users felt")
        code = self.load.wait(1800)
        print((WORK / "load.log").read_text()[-8000:])
        return code

    def run(self):
        self.options.report.mkdir(parents=True, exist_ok=True)
        try:
            say("0. The first release, and users who begin to chat")
            self.write_release("1.0.0")
            self.crossfade("up")
            self.start_load()
            self.wait(self.pace.before)
            self.releases()
            code = self.end_load()
            self.crossfade("history")
            self.crossfade("audit", "verify")
        finally:
            if self.load and self.load.poll() is None:
                self.load.kill()
            subprocess.run([BIN / "crossfade", "down", "--now"], cwd=WORK, check=False,
                           stdout=subprocess.DEVNULL)
        say(f"report: {self.options.report}/report.html")
        return code


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--report", type=pathlib.Path, default=WORK.with_name("demo-report"))
    options.add_argument("--profile", default="demo", choices=["demo", "mattermost-450"])
    options.add_argument("--users", type=int)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--port", type=int)
    chosen = options.parse_args()
    chosen.report = chosen.report.resolve()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    if chosen.profile == "mattermost-450" and "DATABASE_URL" not in os.environ:
        with postgres() as url:
            os.environ["DATABASE_URL"] = url
            sys.exit(Demo(chosen).run())
    sys.exit(Demo(chosen).run())


if __name__ == "__main__":
    main()
