#!/usr/bin/env python3
"""kill -9 of the command line, the agent, the edge or an instance at a random moment of a release.

usage: python3 tests/chaos/chaos.py --kills 50 [--seed N]

After each kill the release is carried to an end by `crossfade resume`. What must hold every time:
the end is `succeeded` or `rolled_back`, all instances of the active pool are healthy, the journal's
chain is whole, and no request was lost except those in flight on what was killed:
- command line, agent: none at all, they carry no traffic;
- an instance: only requests that were on it in that moment (at most one a visitor);
- the edge: only around the kill, until it listens again; none after that.
"""
import argparse
import os
import pathlib
import random
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import DONE, ROLLED_BACK, House, wait_until  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

VICTIMS = ["command", "agent", "edge", "instance"]
VISITORS = 4
EDGE_OUTAGE_S = 3.0
SETTINGS = {
    "steps": "[{weight: 25%, hold: 150ms}, {weight: 50%, hold: 150ms}]", "settle": "30ms",
    "settle_before_leaving": "50ms", "bake": "150ms",
}


def victims_of(house, kind, command):
    if kind == "command":
        return [command.pid] if command.poll() is None else []
    if kind == "instance":
        return house.pids("crossfade-chat")
    return house.pids(f"crossfade {kind}")


def excused(kind, killed_at, failures):
    """Splits failures into those that the kill explains and those that nothing does."""
    if kind in ("command", "agent"):
        return [], failures
    window = EDGE_OUTAGE_S if kind == "edge" else 1.0
    near = [f for f in failures if killed_at - 1.0 <= f[0] <= killed_at + window]
    far = [f for f in failures if f not in near]
    if kind == "instance" and len(near) > VISITORS:
        return near[:VISITORS], far + near[VISITORS:]
    return near, far


def change(house, number):
    """Patch, configuration and major releases in turn."""
    major, minor, patch = map(int, house.version.split("."))
    if number % 3 == 0:
        house.write_spec(version=f"{major}.{minor}.{patch + 1}")
    elif number % 3 == 1:
        house.write_spec(motd=f"kill {number}")
    else:
        house.write_spec(version=f"{major + 1}.0.0")


def one_kill(house, number, chance):
    kind = VICTIMS[number % len(VICTIMS)]
    change(house, number)
    with Visitor(house.port, threads=VISITORS) as visitor:
        command = house.start("deploy", "--yes")
        time.sleep(chance.uniform(0.0, 1.2))  # the random moment is the point of this test
        victims = victims_of(house, kind, command)
        killed_at = time.time()
        if victims:
            os.kill(chance.choice(victims), signal.SIGKILL)
        code = wait_until(lambda: command.poll() is not None and (command.returncode,), 60,
                          "deploy to end")[0]
        if code not in (DONE, ROLLED_BACK):
            answer = house.run("resume", timeout_s=90)
            if answer.code not in (DONE, ROLLED_BACK):
                return kind, f"deploy ended with {code}, then resume: {answer}"
        wait_until(lambda: settled(house), 30, "a healthy active pool")
    _, unexplained = excused(kind, killed_at, visitor.failures)
    if unexplained:
        return kind, f"requests lost: {unexplained[:5]} of {len(unexplained)}; killed at {killed_at}"
    verdict = house.run("audit", "verify")
    return kind, None if verdict.code == DONE else f"audit: {verdict}"


def settled(house):
    answer = house.run("status", "--output", "json")
    if answer.code != DONE:
        return False
    status = answer.json()
    active = [i for i in house.instance_list() if i["pool"] == status["active_pool"]
              and i["state"] not in ("draining", "stopping")]
    return len(active) == house.instances and all(i["state"] == "healthy" for i in active)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    chosen = options.parse_args()
    print(f"chaos: {chosen.kills} kills, --seed {chosen.seed}", flush=True)
    chance, bad = random.Random(chosen.seed), []
    with House(settings=SETTINGS, guard="{requests_min: 1, interval: 100ms}") as house:
        house.up()
        for number in range(chosen.kills):
            kind, wrong = one_kill(house, number, chance)
            if wrong:
                bad.append(number)
                print(f"kill {number} of {kind}: {wrong}", flush=True)
    print(f"{chosen.kills - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
