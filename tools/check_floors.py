#!/usr/bin/env python3
"""Reads src/FLOORS and every #include below src/, and fails on an arrow that runs up.

A room includes itself and rooms on lower floors; `blind A B` forbids A to include B all the same.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z]+)/')


def read_law(text):
    floor_of, blind = {}, {}
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "blind":
            blind.setdefault(words[1], set()).update(words[2:])
        else:
            height = len(set(floor_of.values()))
            floor_of.update({room: height for room in words})
    return floor_of, blind


def main():
    floor_of, blind = read_law((ROOT / "src" / "FLOORS").read_text())
    broken = []
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        room = path.relative_to(ROOT / "src").parts[0]
        if room not in floor_of:
            broken.append(f"{path.relative_to(ROOT)}: the room `{room}` stands on no floor")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found or found[1] == room:
                continue
            other = found[1]
            if other not in floor_of:
                why = f"`{other}` stands on no floor"
            elif other in blind.get(room, ()):
                why = f"`{room}` is blind to `{other}`"
            elif floor_of[other] >= floor_of[room]:
                why = f"`{other}` is not below `{room}`"
            else:
                continue
            broken.append(f"{path.relative_to(ROOT)}:{number}: {why}")
    print("\n".join(broken) if broken else f"floors: {len(floor_of)} rooms, no arrow runs up")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
