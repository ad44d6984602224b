#!/usr/bin/env python3
"""Release after release under light load; nothing may be lost.

usage: python3 tests/soak/soak.py --releases 1000

Patch, configuration and major releases take turns, so canary, rolling and blue-green all come.
Prints one line every fifty releases and `N passed, 0 failed` at the end.
"""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.support.house import DONE, House  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

QUICK = {
    "steps": "[{weight: 50%, hold: 100ms}]", "rolling": "{hold: 100ms}", "settle": "20ms",
    "settle_before_leaving": "20ms", "bake": "100ms",
}


def next_release(house, number):
    major, minor, patch = map(int, house.version.split("."))
    kind = number % 3
    if kind == 0:
        house.write_spec(version=f"{major}.{minor}.{patch + 1}")
    elif kind == 1:
        house.write_spec(motd=f"release {number}")
    else:
        house.write_spec(version=f"{major + 1}.0.0")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--releases", type=int, default=1000)
    wanted = options.parse_args().releases
    begun = time.monotonic()
    with House(settings=QUICK, guard="{requests_min: 1, interval: 100ms}") as house:
        house.up()
        with Visitor(house.port) as visitor:
            for number in range(wanted):
                next_release(house, number)
                house.run("deploy", "--yes", check=DONE)
                if visitor.failures:
                    print(f"release {number}: {visitor.failures[:5]}")
                    break
                if (number + 1) % 50 == 0:
                    print(f"{number + 1} releases, {visitor.answers} requests, 0 lost, "
                          f"{time.monotonic() - begun:.0f} s", flush=True)
        house.run("audit", "verify", check=DONE)
        versions = len(visitor.versions)
    lost = len(visitor.failures)
    print(f"{wanted} releases, {versions} versions seen, {visitor.answers} requests, {lost} lost, "
          f"{time.monotonic() - begun:.0f} s")
    print(f"{wanted if not lost else 0} passed, {1 if lost else 0} failed")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
