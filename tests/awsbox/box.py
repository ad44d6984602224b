"""One box: moto in front, processes and edges behind, and the thread that moves them."""
import datetime
import json
import logging
import os
import pathlib
import threading
import time
import traceback

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from . import (balancer, balancer_actions, commands, content, deviations, instances, metric_actions, permissions,
               scaling, scaling_actions, snapshots)
from .address import Addresses
from .faults import Faults, StaleReads
from .metrics import Metrics
from .server import Front, serve
from .settings import Chance, Settings

ACCESS_KEY, SECRET_KEY = "AKIAAWSBOXAWSBOXAWSB", "awsbox+secret/awsbox+secret/awsbox+secret"
TICK_S = 0.05


class Box:
    def __init__(self, folder, port=0, **settings):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=self.folder / "awsbox.log", level=logging.WARNING)
        self.settings = Settings(**settings)
        self.chance = Chance(self.settings)
        self.faults = Faults(self.settings, self.chance)
        self.stale = StaleReads(self.settings, self.chance)
        self.lock, self.changed = threading.RLock(), threading.Event()
        self.addresses, self.access_key = Addresses(), ACCESS_KEY
        self.machines, self.metrics = instances.Machines(self), Metrics(self)
        self.commands, self.distributions = commands.Commands(self), content.Distributions(self)
        self.balancers = balancer.Balancers(self)
        self.scaling = scaling.Scaling(self)
        self._later = []  # (instant, what is done then)
        for each in (instances, balancer, balancer_actions, scaling_actions, metric_actions, commands, content,
                     permissions, snapshots):
            each.extend(self)
        self._leave = threading.Event()
        self.front = Front(self)
        self.server = serve(self.front, "127.0.0.1", port)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        self.mover = threading.Thread(target=self._move, daemon=True, name="mover")
        self.mover.start()
        self._tell_ready()

    def _tell_ready(self):
        ready = {"endpoint": self.endpoint, "pid": os.getpid(), "access_key_id": ACCESS_KEY,
                 "secret_access_key": SECRET_KEY, "region": "us-east-1", "account": DEFAULT_ACCOUNT_ID}
        written = self.folder / "ready.json.new"
        written.write_text(json.dumps(ready, indent=1) + "\n")
        written.rename(self.folder / "ready.json")

    def now(self):
        """Seconds since 1970 on the box's clock, which may be wrong on purpose."""
        return time.time() + self.settings.clock_skew_s

    # --- who may ask ------------------------------------------------------------------------------

    def keys(self, access_key):
        """(secret, session token, expired?) of a key that exists, else None."""
        if access_key == ACCESS_KEY:
            return SECRET_KEY, None, self.settings.credentials_expired
        for role in sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assumed_roles:
            if role.access_key_id == access_key:
                now = datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc)
                over = role.expiration.replace(tzinfo=datetime.timezone.utc) < now
                return role.secret_access_key, role.session_token, over or self.settings.credentials_expired
        found = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].access_keys.get(access_key)
        return (found.secret_access_key, None, self.settings.credentials_expired) if found else None

    def role_keys(self):
        """Fresh keys for an instance: (key, secret, token, expiry)."""
        with self.lock:
            role = sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assume_role(
                region_name="us-east-1", role_session_name="instance", policy="", duration=3600,
                external_id="", role_arn=f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/awsbox")
        return (role.access_key_id, role.secret_access_key, role.session_token,
                f"{role.expiration:%Y-%m-%dT%H:%M:%SZ}")

    # --- time passes ------------------------------------------------------------------------------

    def later(self, delay_s, call):
        """Has `call` done under the lock when the delay is over; at once where there is none."""
        if delay_s <= 0:
            call()
        else:
            self._later.append((time.monotonic() + delay_s, call))

    def _move(self):
        while not self._leave.is_set():
            try:
                with self.lock:
                    self._do_what_is_due()
                    self.machines.advance()
                    self.scaling.advance()
                    self.balancers.advance()
            except Exception:  # one group that cannot be moved leaves the others moving
                logging.getLogger("awsbox").error("%s", traceback.format_exc())
            self.changed.wait(TICK_S)
            self.changed.clear()

    def _do_what_is_due(self):
        due = [call for instant, call in self._later if instant <= time.monotonic()]
        self._later = [each for each in self._later if each[1] not in due]
        for call in due:
            call()

    # --- the control door -------------------------------------------------------------------------

    def control(self, method, path, body):
        """GET settings, instances, balancers, distributions, deviations, calls; POST settings {…}, instances/ID/kill,
        zones/NAME/kill, balancers/ADDRESS/nodes/N/learn."""
        parts = path.strip("/").split("/")
        if path == "settings":
            if method == "POST":
                self.settings.change(body)
            return self.settings.all()
        if path == "instances":
            with self.lock:
                return [{"id": each.id, "state": each.state, "address": each.address, "lost": each.lost,
                         "folder": str(each.folder), "pids": each.pids()} for each in self.machines.all.values()]
        if parts[0] == "instances" and parts[2:] == ["kill"] and method == "POST":
            with self.lock:
                self.machines[parts[1]].kill()
            return {}
        if parts[0] == "zones" and parts[2:] == ["kill"] and method == "POST":
            with self.lock:
                lost = [each for each in self.machines.all.values()
                        if each.state == "running" and each.instance._placement.zone == parts[1]]
                for machine in lost:
                    machine.kill()
            return [each.id for each in lost]
        if parts[0] == "balancers" and parts[2:3] == ["nodes"] and parts[4:] == ["learn"] and method == "POST":
            with self.lock:
                self.balancers.advance()
                found = next(each for each in self.balancers.all.values() if each.address == parts[1])
                found.nodes[int(parts[3])].learn()
            return {}
        if path == "balancers":
            with self.lock:
                self.balancers.advance()  # who asks has changed something perhaps a moment ago
                return self.balancers.view()
        if path == "distributions":
            return [{"id": each.made.id, "door": f"http://{each.address}:{content.PORT}"}
                    for each in self.distributions.all.values()]
        if path == "deviations":
            return deviations.not_replaced()
        if path == "calls":
            return {"calls": list(self.front.calls),
                    "faults": dict(self.faults.told)}
        raise ValueError(f"there is no {method} {path}")

    def close(self):
        self._leave.set()
        self.changed.set()
        self.mover.join(20)
        self.server.shutdown()
        self.machines.close()
        self.balancers.close()
        self.distributions.close()
        self.addresses.close()
