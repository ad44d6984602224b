"""Builds of a Jenkinsfile against a house: the harness plays Jenkins, all else is real.

A build is described by a scenario (see README.md) and leaves a result: how it ended, its console,
the tree of its calls, and what happened on the way.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from tests.support.house import BIN, CHAT, House

ROOT = pathlib.Path(__file__).resolve().parents[2]
HARNESS = ROOT / "tests/jenkins/harness"
BUILD_DEADLINE_S = 90


def missing():
    """Why builds cannot be played here, or nothing."""
    return "" if shutil.which("groovy") else "there is no groovy"


def java_home():
    """Debian's groovy looks for a JDK where none need be."""
    return str(pathlib.Path(os.path.realpath(shutil.which("java"))).parents[1])


def compiled():
    """The harness as classes, made once for all builds: compiling it takes longer than most of them."""
    sources = sorted(HARNESS.rglob("*.groovy"))
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:16]
    kept = ROOT / f"build/jenkins/{digest}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = tempfile.mkdtemp(dir=kept.parent)
        subprocess.run(["groovyc", "-d", fresh, *sources], check=True, timeout=120,
                       env=os.environ | {"JAVA_HOME": java_home()})
        try:
            os.rename(fresh, kept)
        except OSError:  # a neighbour was faster
            shutil.rmtree(fresh)
    return kept


class Shop(House):
    """A house whose application is released by builds: its sources lie apart from its state."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.sources = self.folder / "sources"
        self.sources.mkdir()

    def commit(self, **changes):
        """What a developer pushed: the spec with changes, and how it is built."""
        serving = (self.folder / "crossfade.yaml").read_text()
        self.write_spec(**changes)
        spec = (self.folder / "crossfade.yaml").read_text()
        (self.sources / "crossfade.yaml").write_text(
            re.sub(r"^artifact: .*$", f"artifact: dist/{CHAT}", spec, flags=re.M))
        (self.sources / "Makefile").write_text(
            f"dist:\n\tmkdir -p dist\n\tcp {BIN / CHAT} dist/\ncheck:\n\ttest -x dist/{CHAT}\n")
        (self.folder / "crossfade.yaml").write_text(serving)


class Built:
    def __init__(self, result):
        self.result, self.description = result["result"], result["description"]
        self.console, self.tree = "\n".join(result["console"]), "\n".join(result["tree"])
        self.events, self.variables = result["events"], result["variables"]
        self.folder = pathlib.Path(result["folder"])

    def event(self, kind):
        found = [each for each in self.events if each["kind"] == kind]
        return found[0] if found else None

    def __repr__(self):
        return f"{self.result}: {self.description}\n{self.console}"


class Running:
    def __init__(self, process, result, log):
        self.process, self.result, self.log = process, result, log

    def end(self):
        code = self.process.wait(BUILD_DEADLINE_S)
        if code != 0 or not self.result.exists():
            said = [line for line in self.log.read_text().splitlines() if not line.startswith("\tat ")]
            raise AssertionError(f"the harness failed ({code}):\n" + "\n".join(said[-60:]))
        return Built(json.loads(self.result.read_text()))


class Controller:
    """One Jenkins with a build machine and two machines' worth of agents on the application's host."""

    def __init__(self, house, environment=None):
        self.house = house
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="controller-", dir=house.folder))
        path = f"{BIN}:/usr/local/bin:/usr/bin:/bin"
        state = {"CROSSFADE_STATE": str(house.folder / ".crossfade")} | (environment or {})
        self.agents = [
            {"name": name, "labels": [label], "home": str(self.folder / name), "path": path,
             "environment": state if label == "chat-host" else {}}
            for name, label in (("builder", "build"), ("host-a", "chat-host"), ("host-b", "chat-host"))]

    def start(self, number=1, jenkinsfile="jenkins/Jenkinsfile", **scenario):
        file = self.folder / f"scenario-{number}.json"
        result, log = self.folder / f"result-{number}.json", self.folder / f"log-{number}.txt"
        file.write_text(json.dumps({
            "job": "chat", "number": number, "controller": str(self.folder), "agents": self.agents,
            "library": str(ROOT / "jenkins"), "jenkinsfile": str(ROOT / jenkinsfile),
            "sources": str(self.house.sources),
            "input": {"by": "ada", "groups": ["release-team"], "answer": "proceed"}} | scenario))
        groovy = pathlib.Path(os.path.realpath(shutil.which("groovy"))).parents[1] / "lib"
        with open(log, "wb") as out:
            process = subprocess.Popen(
                ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{compiled()}:{groovy}/*", "run", file, result],
                stdout=out, stderr=subprocess.STDOUT)
        self.house.processes.append(process)
        return Running(process, result, log)

    def build(self, number=1, **scenario):
        return self.start(number, **scenario).end()


def snapshot(name, text):
    """Compares with a tree that a person has read; CROSSFADE_UPDATE_GOLDEN=1 writes it instead."""
    kept = ROOT / "tests/jenkins/snapshots" / f"{name}.txt"
    if os.environ.get("CROSSFADE_UPDATE_GOLDEN"):
        kept.write_text(text + "\n")
    return kept.read_text().rstrip("\n") if kept.exists() else ""
