"""One node of a load balancer: an edge of Crossfade, which learns of changes at its own moment."""
import collections
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

from . import ROOT, WITH_US

BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin")) / "crossfade"
TICK_S = 0.05
STAND_IN = "awsbox-503"  # the id of what answers for a group that can serve nobody


class Refused(Exception):
    """What the edge did not accept."""


class Admin(http.client.HTTPConnection):
    """The edge's admin socket."""

    def __init__(self, path):
        super().__init__("edge", timeout=15)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(15)
        self.sock.connect(self.path)

    def text(self, method, path, body=None):
        try:
            self.request(method, path, None if body is None else json.dumps(body))
            answer = self.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.status != 200:
            raise Refused(f"{method} {path}: {answer.status} {text}")
        return text

    def ask(self, method, path, body=None):
        return json.loads(self.text(method, path, body))


Change = collections.namedtuple("Change", "due document")


class Node(threading.Thread):
    """Runs the edge, tells it what is due, and keeps what it says: `views` by (group, target), `metrics`.

    `offer` is called with what holds from now on, one document a kind: `routing` is the edge's config,
    `targets` is {group: {target: (address, delay until it is cut or None)}}.
    """

    def __init__(self, box, name, folder, stand_in):
        super().__init__(daemon=True, name=name)
        self.box, self.folder, self.stand_in = box, folder, stand_in
        self.folder.mkdir(parents=True)
        self.views, self.sockets, self.groups, self.routed = {}, {}, set(), None
        self.applied = {}      # kind -> document the edge runs
        self._coming = {"routing": collections.deque(), "targets": collections.deque()}
        self._offered, self._known, self._standing = {}, {}, {}
        self._lock, self._leave = threading.Lock(), threading.Event()
        self.problem, self._next = "", None
        self._start_edge()

    # --- what is to be --------------------------------------------------------------------------

    def offer(self, kind, document):
        with self._lock:
            if self._offered.get(kind) == document:
                return
            first = kind not in self._offered
            self._offered[kind] = document
            delay = 0 if first else self.box.chance.within(
                self.box.settings.propagation_s, f"propagation {self.name}")
            self._coming[kind].append(Change(time.monotonic() + delay, document))

    def learn(self):
        """Has the node learn at once what it would have learned later."""
        with self._lock:
            for coming in self._coming.values():
                for turn, change in enumerate(coming):
                    coming[turn] = change._replace(due=0.0)

    def settled(self):
        """True once the edge runs everything that was offered."""
        with self._lock:
            return not any(self._coming.values()) and not self.problem and self.applied == self._offered

    def _due(self, kind):
        """The newest document whose moment has come; older ones it replaces are passed over."""
        with self._lock:
            coming, found, now = self._coming[kind], None, time.monotonic()
            newest = max((i for i, each in enumerate(coming) if each.due <= now), default=None)
            if newest is not None:
                for _ in range(newest + 1):
                    found = coming.popleft()
            return found.document if found else None

    # --- the edge -------------------------------------------------------------------------------

    def _start_edge(self):
        with open(self.folder / "edge.log", "ab") as log:
            self.process = subprocess.Popen(
                [*WITH_US, str(BIN), "edge", "--workers", "1", "--state", str(self.folder)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.admin = None

    def _reach(self):
        """True while the edge can be asked; starts it anew where it died."""
        if self.process.poll() is not None:
            self._start_edge()
        if self.admin is None:
            found = list(self.folder.rglob("edge.sock"))
            if not found:
                return False
            self.admin = Admin(found[0])
        return True

    def run(self):
        while not self._leave.is_set():
            try:
                if self._reach():
                    self._turn()
                    self.problem = ""
            except (OSError, http.client.HTTPException, Refused, ValueError) as error:
                self.problem = f"{type(error).__name__}: {error}"
            self._leave.wait(TICK_S)

    def _turn(self):
        self._next = self._due("routing") or self._next
        if self._next is not None:  # tried again until the edge takes it
            self._put_config(self._next)
            self._next = None
        targets = self._due("targets")
        if targets is not None:
            self.applied["targets"] = targets
        if self.groups:
            self._look()
            self._match_targets(self.applied.get("targets", {}))
            self._stand_in_where_nobody_serves()
        self.box.metrics.read(self)

    def _put_config(self, routing):
        if routing["listeners"]:
            self.admin.ask("PUT", "/v1/config", {"fence": 1, "token": "", "config": routing})
        self.groups = set(routing["groups"]) if routing["listeners"] else set()
        self._known = {key: value for key, value in self._known.items() if key[0] in self.groups}
        self._standing = {name: turn for name, turn in self._standing.items() if name in self.groups}
        self.routed = self.applied["routing"] = routing

    def _look(self):
        """Reads every target's state. The edge's ids carry how often a target was registered."""
        views, sockets = {}, {}
        for name, group in self.admin.ask("GET", "/v1/groups")["groups"].items():
            for target in group["targets"]:
                plain = target["id"].rsplit("~", 1)[0]
                self._known[(name, target["id"])] = target["state"]
                sockets[(name, plain)] = sockets.get((name, plain), 0) + target["sockets"]
                if target["state"] not in ("draining", "drained"):
                    views[(name, plain)] = (target["state"], target["reason"])
        # While the stand-in still answers for a group, nobody in it may be called healthy.
        for name, plain in [each for each in views if (each[0], STAND_IN) in views]:
            if plain != STAND_IN and views[(name, plain)][0] == "healthy":
                views[(name, plain)] = ("passing", "Elb.InitialHealthChecking")
        self.views, self.sockets = views, sockets

    def _match_targets(self, wanted):
        for (name, edge_id), state in list(self._known.items()):
            if name not in self.groups or edge_id.startswith(STAND_IN):
                continue
            want = wanted.get(name, {}).get(edge_id)
            path = f"/v1/groups/{name}/targets/{edge_id}"
            if state == "drained":
                self.admin.ask("DELETE", f"{path}?fence=1&forget=true")
                del self._known[(name, edge_id)]
            elif (want is None or want[1] is not None) and state != "draining":
                left = 0 if want is None else max(0, round((want[1] - time.monotonic()) * 1000))
                self.admin.ask("DELETE", f"{path}?fence=1&deadline_ms={left}&sockets=keep")
                self._known[(name, edge_id)] = "draining"
        for name, targets in wanted.items():
            if name not in self.groups:
                continue
            for edge_id, (address, leaves) in targets.items():
                if leaves is None and (name, edge_id) not in self._known:
                    self.admin.ask("PUT", f"/v1/groups/{name}/targets/{edge_id}",
                                   {"fence": 1, "token": "", "address": address})
                    self._known[(name, edge_id)] = "initial"

    def _stand_in_where_nobody_serves(self):
        """A group with weight in a rule of several answers 503 for its share while it can serve nobody.

        The edge would pass such a group over (P4); an Application Load Balancer does not.
        """
        heavy = set()
        for rule in self.routed["rules"]:
            shares = rule.get("forward", {}).get("weights", {})
            if len(shares) > 1:
                heavy |= {name for name, weight in shares.items() if weight > 0}
        for name in self.groups:
            serves = any(state in ("healthy", "passing") for (group, plain), (state, _) in self.views.items()
                         if group == name and plain != STAND_IN)
            path = f"/v1/groups/{name}/targets/"
            needed, standing = name in heavy and not serves, self._standing.get(name, 0)
            if needed and standing <= 0:
                turn = 1 - standing
                self.admin.ask("PUT", f"{path}{STAND_IN}~{turn}",
                               {"fence": 1, "token": "", "address": self.stand_in})
                self._standing[name] = turn
            elif not needed and standing > 0:
                self.admin.ask("DELETE", f"{path}{STAND_IN}~{standing}?fence=1&deadline_ms=5000")
                self._standing[name] = -standing

    # --- its end --------------------------------------------------------------------------------

    def close(self):
        self._leave.set()
        if self.ident is not None:
            self.join(20)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
