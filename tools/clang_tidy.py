#!/usr/bin/env python3
"""clang-tidy over the sources, two at a time, remembering what passed.

A file that passed is not looked at again until it, a header of the project or .clang-tidy changes.
usage: tools/clang_tidy.py BUILD_FOLDER_WITH_COMPILE_COMMANDS
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.M)


def digest_of(path, known):
    """Of a file and, through its quoted includes, of all that it sees of the project."""
    if path in known:
        return known[path]
    known[path] = b""  # ends cycles
    content = path.read_bytes()
    seen = hashlib.sha256(content)
    for name in INCLUDE.findall(content):
        for folder in (ROOT / "src", path.parent, ROOT / "examples"):
            header = folder / name.decode()
            if header.is_file():
                seen.update(digest_of(header, known))
                break
    known[path] = seen.digest()
    return known[path]


def main():
    build = pathlib.Path(sys.argv[1])
    memory_path = build / "clang_tidy_passed.json"
    memory = set(json.loads(memory_path.read_text())) if memory_path.exists() else set()
    rules = (ROOT / ".clang-tidy").read_bytes()
    known, wanted = {}, {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"]).resolve()
        if path.suffix != ".cpp" or not path.is_relative_to(ROOT) or path.is_relative_to(ROOT / "build"):
            continue
        # Tests are read by people, compiled with all warnings and run; tidying them doubles the wait.
        if path.name.endswith("_test.cpp"):
            continue
        mark = hashlib.sha256(rules + str(path.relative_to(ROOT)).encode() + digest_of(path, known))
        if mark.hexdigest() not in memory:
            wanted[path] = mark.hexdigest()

    def tidy(path):
        run = subprocess.run(
            ["clang-tidy-19", "-p", str(build), "--quiet", "--use-color", str(path)],
            capture_output=True, text=True, check=False)
        return path, run.returncode, run.stdout

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, code, text in pool.map(tidy, sorted(wanted)):
            if code == 0:
                memory.add(wanted[path])
                memory_path.write_text(json.dumps(sorted(memory)))  # also where it is broken off
            else:
                failed += 1
                print(text)
    print(f"clang-tidy: {len(wanted)} files looked at, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
