#!/usr/bin/env python3
"""Unmodified Mattermost clients on their sockets through release after release of every strategy.

usage: python3 tests/soak/sockets.py --clients 450 --releases 20 --report docs/results/sockets.json

The same crowd first hears as many messages without a release: what the machine alone does to them.
A gap is the time between two messages that a client hears, so the pause between two posts is in it.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.support.house import DONE, House  # noqa: E402

CROWD = ROOT / "examples/chat/tests/mattermost-client/crowd.js"
ROUTES = "routes:\n  - {path: /api/v4/websocket, sockets: mattermost}\n  - {path: /*}\n"
QUICK = {
    "steps": "[{weight: 50%, hold: 1s}]", "rolling": "{hold: 1s}", "settle": "100ms",
    "settle_before_leaving": "200ms", "bake": "1s", "keep_warm": "0s",
}
STRATEGIES = ("rolling", "canary", "blue-green")


class Crowd:
    """The clients' process; `stop` gives what they heard."""

    def __init__(self, url, options):
        self.process = subprocess.Popen(
            ["node", CROWD, url, str(options.clients), str(options.rate)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit("the crowd did not get ready")

    def stop(self):
        answer, _ = self.process.communicate(timeout=120)
        return json.loads(answer)


def release(house, number):
    """Deploys what makes the next strategy; gives its name."""
    major, minor, patch = map(int, house.version.split("."))
    strategy = STRATEGIES[number % len(STRATEGIES)]
    if strategy == "rolling":
        house.write_spec(motd=f"release {number}")
    elif strategy == "canary":
        house.write_spec(version=f"{major}.{minor}.{patch + 1}")
    else:
        house.write_spec(version=f"{major + 1}.0.0")
    house.run("deploy", "--yes", check=DONE)
    done = house.history()[0]
    assert (done["strategy"], done["ending"]) == (strategy, "succeeded"), done
    return strategy


def commit():
    return subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], text=True,
                          capture_output=True, check=False).stdout.strip()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--clients", type=int, default=450)
    options.add_argument("--releases", type=int, default=20)
    options.add_argument("--rate", type=float, default=10, help="messages a second")
    options.add_argument("--report", type=pathlib.Path)
    options = options.parse_args()
    with House(settings=QUICK, extra=ROUTES, guard="{requests_min: 1, interval: 200ms}") as house:
        house.up()
        calm = Crowd(house.url, options)
        time.sleep(15)
        before = calm.stop()
        crowd = Crowd(house.url, options)
        begun = time.monotonic()
        done = [release(house, number) for number in range(options.releases)]
        seconds = time.monotonic() - begun
        heard = crowd.stop()
    result = {"command": " ".join(["tests/soak/sockets.py", *sys.argv[1:]]), "commit": commit(),
              "load_average": os.getloadavg()[0], "cores": os.cpu_count(), "seconds": round(seconds, 1),
              "releases": {name: done.count(name) for name in STRATEGIES},
              "messages_a_second": options.rate, "without_releases": before, "with_releases": heard}
    print(json.dumps(result, indent=2))
    if options.report:
        options.report.write_text(json.dumps(result, indent=2) + "\n")
    whole = all(heard[key] == 0 for key in ("lost", "twice", "closes", "resyncs", "posts_refused"))
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
