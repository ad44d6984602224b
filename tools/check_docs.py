#!/usr/bin/env python3
"""Holds the documentation against the code.

- docs/reference/ is what `crossfade reference` writes today (--write puts it there);
- every relative link in a Markdown file leads somewhere;
- every `crossfade COMMAND` that a page shows is a command.
"""
import filecmp
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"(?:^|[`$;&|] ?)crossfade ([a-z][a-z-]*)", re.M)


def pages():
    names = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, text=True, capture_output=True,
                           check=True).stdout.split()
    return [ROOT / name for name in names]


def reference_differences(write):
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([BIN / "crossfade", "reference", made], check=True,
                       stdout=subprocess.DEVNULL)
        found = []
        for page in sorted(pathlib.Path(made).iterdir()):
            kept = ROOT / "docs/reference" / page.name
            if write:
                shutil.copyfile(page, kept)
            elif not kept.exists() or not filecmp.cmp(page, kept, shallow=False):
                found.append(f"docs/reference/{page.name} is not what the code says: ./x docs")
        return found


def manual_complaints():
    """What roff thinks of the manual page, where there is one to ask."""
    if not shutil.which("groff"):
        return []
    said = subprocess.run(["groff", "-man", "-ww", "-z", ROOT / "docs/reference/crossfade.1"],
                          capture_output=True, text=True, check=False)
    return [line for line in said.stderr.splitlines() if "can't break line" not in line]


def dead_links():
    found = []
    for page in pages():
        for target in LINK.findall(page.read_text()):
            if "://" not in target and not target.startswith("mailto:") \
                    and not (page.parent / target).exists():
                found.append(f"{page.relative_to(ROOT)}: the link {target} leads nowhere")
    return found


def unknown_commands():
    found, known = [], {}
    for page in pages():
        for word in COMMAND.findall(page.read_text()):
            if word not in known:
                run = subprocess.run([BIN / "crossfade", "help", word], capture_output=True, check=False)
                known[word] = run.returncode == 0
            if not known[word]:
                found.append(f"{page.relative_to(ROOT)}: there is no `crossfade {word}`")
    return found


def main():
    findings = reference_differences("--write" in sys.argv) + manual_complaints() + dead_links() + unknown_commands()
    print("\n".join(sorted(set(findings))) if findings else f"docs: {len(pages())} pages hold")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
