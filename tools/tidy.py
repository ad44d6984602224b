#!/usr/bin/env python3
"""House rules that no compiler sees: each says what is banned and what to use instead.

tidy_exceptions.txt lists today's exceptions; one that is no longer needed is an error, so the list
only shrinks.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_MAX = 600

BANS = [
    (r"\b(system|steady|high_resolution)_clock::now\b", "take a base::Clock"),
    (r"\bstd::random_device\b|\bstd::mt19937", "take a base::Random"),
    (r"\bsleep_for\b|\busleep\s*\(|\bsleep_until\b", "wait for a condition, or on the Clock"),
    (r"\bco_await\b|\bco_return\b", "write the state machine: GCC 12.2 miscompiles some co_await"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "finish it, or leave it out"),
    (r"\bcatch\s*\(\s*\.\.\.\s*\)", "catch by type in the adapter that calls the library"),
    (r"\b(class|struct)\s+\w+(Manager|Util|Utils|Impl|Service|Data|Info)\b",
     "name the thing by what it is"),
    (r"\bSystemClock\s+\w+[;{]", "build the clock in main and hand it in"),
]

def files():
    names = subprocess.run(["git", "ls-files", "src/*.h", "src/*.cpp", "examples/*.h", "examples/*.cpp"],
                           cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [pathlib.Path(name) for name in names]


def read_exceptions():
    """Each line: a path, then words that only one ban's pattern contains."""
    result = {}
    text = (ROOT / "tools" / "tidy_exceptions.txt").read_text()
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        path, start = line.split(None, 1)
        match = [pattern for pattern, _ in BANS if start.strip() in pattern]
        if len(match) != 1:
            sys.exit(f"tools/tidy_exceptions.txt: `{start}` names no single ban")
        result[(path, match[0])] = "unused"
    return result


def main():
    findings = []
    exceptions = read_exceptions()
    for path in files():
        lines = (ROOT / path).read_text().splitlines()
        if len(lines) > LINES_MAX:
            findings.append(f"{path}: {len(lines)} lines; over {LINES_MAX}, find the second noun")
        for number, line in enumerate(lines, 1):
            for pattern, use in BANS:
                if not re.search(pattern, line) or (path.name == "main.cpp" and "Clock" in pattern):
                    continue
                key = (str(path), pattern)
                if key in exceptions:
                    exceptions[key] = "used"
                else:
                    findings.append(f"{path}:{number}: `{line.strip()[:60]}` is banned, {use}")
    for (path, pattern), state in exceptions.items():
        if state != "used":
            findings.append(f"{path}: the exception for {pattern!r} is no longer needed: remove it")
    print("\n".join(findings) if findings else "tidy: the rules of the house hold")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
