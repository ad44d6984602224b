"""Runs the tests of a folder in several processes: they wait more than they work.

    python3 -m tests.support.side_by_side [--processes N] FOLDER

Each test has a process to itself while it runs, and says how it ended and how long it took. A test
that cannot have neighbours belongs into a part of its own.
"""
import argparse
import io
import multiprocessing
import sys
import time
import unittest

PROCESSES = 3


def each_test(suite):
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from each_test(part)
        else:
            yield part


def run(test):
    """How a test ended, in what time, and what it said if that was not well."""
    said, begun = io.StringIO(), time.monotonic()
    result = unittest.TextTestRunner(stream=said, verbosity=0).run(test)
    ending = "failed" if not result.wasSuccessful() else "skipped" if result.skipped else "ok"
    why = result.skipped[0][1] if result.skipped else ""
    return test.id(), ending, why, time.monotonic() - begun, said.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("folder")
    given = parser.parse_args()
    tests = list(each_test(unittest.TestLoader().discover(given.folder, "*_test.py", ".")))
    counts = {"ok": 0, "skipped": 0, "failed": 0}
    begun = time.monotonic()
    with multiprocessing.Pool(given.processes) as pool:
        for name, ending, why, took_s, said in pool.imap_unordered(run, tests):
            counts[ending] += 1
            print(f"{ending:8}{took_s:6.1f} s  {name}{': ' if why else ''}{why}", flush=True)
            if ending == "failed":
                print(said, flush=True)
    print(f"{len(tests)} tests in {time.monotonic() - begun:.0f} s: " +
          ", ".join(f"{count} {ending}" for ending, count in counts.items()))
    # Nothing found is nothing shown.
    return 0 if tests and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
