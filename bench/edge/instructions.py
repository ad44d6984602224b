#!/usr/bin/env python3
"""User instructions a proxied request costs, by callgrind: free of noise, so it can be a budget.

usage: instructions.py [--at-most N]    measures Crossfade alone; ends with 1 above N

Two runs differ only in how many requests they serve, so start and end cancel out.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from proxies import Crossfade, Origin, Place  # noqa: E402

NATIVE = ["crossfade", "nginx", "haproxy", "h2o"]  # Envoy and Go programs are beyond callgrind's patience
CONNECTIONS = 16
BASE_REQUESTS = 1000


def collected(kind, place, requests):
    """All instructions of one life of a proxy that serves so many requests."""
    proxy = kind(place)
    proxy.start(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"])
    try:
        url = f"http://127.0.0.1:{proxy.port}/200"
        done = subprocess.run(["h2load", "--h1", f"-n{requests}", f"-c{CONNECTIONS}", url], capture_output=True,
                              text=True, timeout=300, check=True)
        if f"{requests} succeeded" not in done.stdout:
            raise SystemExit(f"{kind.name}: {done.stdout}")
    finally:
        proxy.stop(deadline_s=60)
    log = (place.folder / f"{kind.name}.out").read_text(errors="replace")
    counts = re.findall(r"Collected : (\d+)", log)
    if not counts:
        raise SystemExit(f"{kind.name} under callgrind: {log[-500:]}")
    return sum(map(int, counts))


def per_request(kind, place, requests):
    few = collected(kind, place, BASE_REQUESTS)
    many = collected(kind, place, BASE_REQUESTS + requests)
    return (many - few) / requests


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--at-most", type=int, default=6000)
    bound = options.parse_args().at_most
    with tempfile.TemporaryDirectory(prefix="bench-edge-") as folder:
        place = Place(pathlib.Path(folder))
        origin = Origin(place)
        origin.start()
        try:
            count = per_request(Crossfade, place, 4000)
        finally:
            origin.stop()
    print(f"{count:.0f} user instructions a request, at most {bound}")
    return 0 if count <= bound else 1


if __name__ == "__main__":
    sys.exit(main())
