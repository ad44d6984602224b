"""Load balancers whose traffic is real: nodes follow the listeners, rules and targets that moto keeps.

Target health comes from the nodes' own checks. Of several nodes the least favourable word counts.
"""
import json
import subprocess
import sys
import time

from moto.elbv2.models import FakeTargetGroup, elbv2_backends
from tests.support.certificate import make_certificate

from . import ROOT, WITH_US, routing
from .node import Node
from .standin import StandIn

DESCRIPTIONS = {
    "Elb.RegistrationInProgress": "Target registration is in progress",
    "Elb.InitialHealthChecking": "Initial health checks in progress",
    "Target.ResponseCodeMismatch": "Health checks failed with these codes: []",
    "Target.Timeout": "Request timed out",
    "Target.FailedHealthChecks": "Health checks failed",
    "Target.DeregistrationInProgress": "Target deregistration is in progress",
    "Target.NotRegistered": "Target is not registered to the target group",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
    "Target.InvalidState": "Target is in the stopped state",
}


class Balancer:
    """The nodes of one load balancer, and the address they share."""

    def __init__(self, box, arn, name, address):
        self.box, self.arn, self.name, self.address = box, arn, name, address
        folder = box.folder / "balancers" / address
        self.nodes = [Node(box, f"{name}-{turn}", folder / str(turn), box.balancers.stand_in.address)
                      for turn in range(int(box.settings.nodes))]
        alone = len(self.nodes) == 1
        self.door, self.dealt = None if alone else self._open(), {}
        for turn, node in enumerate(self.nodes):
            node.address = address if alone else box.addresses.of_node(address, turn)
            node.balancer_arn, node.group_arns = arn, {}
            node.start()

    def _open(self):
        with open(self.box.folder / "balancers" / self.address / "door.log", "ab") as log:
            return subprocess.Popen([*WITH_US, sys.executable, "-m", "tests.awsbox.door", self.address], cwd=ROOT,
                                    stdin=subprocess.PIPE, stdout=log, stderr=log, text=True, start_new_session=True)

    def deal(self):
        """Tells the door which ports the nodes listen on by now."""
        ports = {}
        for node in self.nodes:
            for listener in (node.routed or {"listeners": []})["listeners"]:
                port = listener["address"].rsplit(":", 1)[1]
                ports.setdefault(port, []).append(listener["address"])
        if self.door is not None and ports != self.dealt:
            self.dealt = ports
            self.door.stdin.write(json.dumps(ports) + "\n")
            self.door.stdin.flush()

    def close(self):
        for node in self.nodes:
            node.close()
        if self.door is not None:
            self.door.stdin.close()
            self.door.kill()
            self.door.wait()


class Registration:
    """One registering of a target; another one of the same target is another registration."""

    def __init__(self, turn):
        self.turn, self.begun, self.leaves_at = turn, time.monotonic(), None


class Balancers:
    def __init__(self, box):
        self.box, self.all, self.addresses = box, {}, {}
        self.stand_in, self._certificate = StandIn(), None
        self.registrations, self._turns = {}, 0  # (target group ARN, target id) -> Registration

    def certificate(self):
        if self._certificate is None:
            make_certificate(self.box.folder, "balancer")
            self._certificate = {"certificate": str(self.box.folder / "balancer.pem"),
                                 "key": str(self.box.folder / "balancer.key")}
        return self._certificate

    def backends(self):
        for account in list(elbv2_backends.values()):
            yield from list(account.values())

    def advance(self):
        """Starts and ends nodes, and offers them what moto holds. Called under the box's lock."""
        found = {}
        for backend in self.backends():
            for arn, balancer in list(backend.load_balancers.items()):
                found[arn] = balancer
                if arn not in self.all:
                    self.all[arn] = Balancer(self.box, arn, balancer.name, self.address(arn))
                self._offer(backend, balancer, self.all[arn])
        for arn in [each for each in self.all if each not in found]:
            self.all.pop(arn).close()

    def address(self, arn):
        if arn not in self.addresses:
            self.addresses[arn] = self.box.addresses.of_balancer()
        return self.addresses[arn]

    def _offer(self, backend, balancer, ours):
        targets, used = {}, routing.groups_of(balancer, backend.target_groups)
        for arn, group in used.items():
            targets[group.name] = {
                f"{target_id}~{entry.turn}": (f"{self.place(target_id)}:{port}", entry.leaves_at)
                for target_id, port, entry in self.entries(group)}
        for node in ours.nodes:
            node.group_arns = {group.name: arn for arn, group in used.items()} | node.group_arns
            node.offer("routing", routing.document(balancer, backend.target_groups, node.address,
                                                   self.box.settings, self.certificate))
            node.offer("targets", targets)
        ours.deal()

    def place(self, target_id):
        machine = self.box.machines.get(target_id)
        return machine.address if machine else target_id

    def entries(self, group):
        """(id, port, registration) of what is registered or still leaves."""
        for target_id, target in list(group.targets.items()):
            yield target_id, target["Port"], self.registrations[(group.arn, target_id)]
        for (arn, target_id), entry in list(self.registrations.items()):
            if arn == group.arn and target_id not in group.targets:
                if time.monotonic() >= entry.leaves_at:
                    del self.registrations[(arn, target_id)]
                else:
                    port = group.deregistered_targets.get(target_id, {}).get("Port", group.port)
                    yield target_id, port, entry

    # --- health -----------------------------------------------------------------------------------

    def users(self, group):
        """The load balancers that have the group in a rule."""
        return [self.all[arn] for backend in self.backends() if group.arn in backend.target_groups
                for arn, balancer in backend.load_balancers.items()
                if arn in self.all and group.arn in routing.groups_of(balancer, backend.target_groups)]

    def in_use(self, group):
        return bool(self.users(group))

    def health(self, group, target_id):
        """(state, reason) of a target, as DescribeTargetHealth words it."""
        entry = self.registrations.get((group.arn, target_id))
        if entry is None or (entry.leaves_at is not None and time.monotonic() >= entry.leaves_at):
            return "unused", "Target.NotRegistered"
        if entry.leaves_at is not None:
            return "draining", "Target.DeregistrationInProgress"
        machine = self.box.machines.get(target_id)
        if machine is not None and machine.state != "running":
            return "unused", "Target.InvalidState"
        users = self.users(group)
        if not users:
            return "unused", "Target.NotInUse"
        views = [node.views.get((group.name, target_id)) for user in users for node in user.nodes]
        if any(view is None for view in views):
            return "initial", "Elb.RegistrationInProgress"
        ill = [view for view in views if view[0] == "unhealthy"]
        if ill:
            return ill[0]
        if all(state == "healthy" for state, _ in views):
            return "healthy", None
        # A target that never passes is unhealthy in the end; the edge would leave it initial.
        patience = (float(group.health_check_interval_seconds) * int(group.unhealthy_threshold_count)
                    + float(group.health_check_timeout_seconds)) * self.box.settings.second_s
        if time.monotonic() > entry.begun + patience:
            return "unhealthy", "Target.FailedHealthChecks"
        return "initial", "Elb.InitialHealthChecking"

    def registered(self, group, target_id):
        self._turns += 1
        self.registrations[(group.arn, target_id)] = Registration(self._turns)

    def deregistered(self, group, target_id):
        entry = self.registrations.get((group.arn, target_id))
        if entry is None or entry.leaves_at is not None:
            return
        delay = float(group.attributes["deregistration_delay.timeout_seconds"]) * self.box.settings.second_s
        machine = self.box.machines.get(target_id)
        gone = machine is not None and machine.state == "terminated"
        entry.leaves_at = time.monotonic() + (delay if self.in_use(group) and not gone else 0)

    def view(self):
        """What tests look at: nodes, what they know, and where a door is."""
        return [{"arn": each.arn, "name": each.name, "address": each.address, "nodes": [
            {"name": node.name, "pid": node.process.pid, "settled": node.settled(), "problem": node.problem,
             "weights": [rule.get("forward", {}).get("weights", {})
                         for rule in (node.routed or {"rules": []})["rules"]],
             "targets": [{"group": group, "id": target, "state": state, "reason": reason,
                          "sockets": node.sockets.get((group, target), 0)}
                         for (group, target), (state, reason) in node.views.items()]}
            for node in each.nodes]} for each in self.all.values()]

    def close(self):
        for balancer in self.all.values():
            for node in balancer.nodes:
                node._leave.set()
        for balancer in self.all.values():
            balancer.close()
        self.stand_in.close()


def extend(box):
    """Puts the nodes behind moto's target groups."""
    register, deregister = FakeTargetGroup.register, FakeTargetGroup.deregister

    def registered(self, targets):
        register(self, targets)
        for target in targets:
            entry = box.balancers.registrations.get((self.arn, target["Id"]))
            if entry is None or entry.leaves_at is not None:
                box.balancers.registered(self, target["Id"])

    def deregistered(self, targets):
        # One that is not registered is no error there.
        known = [target for target in targets if target["Id"] in self.targets]
        if known:
            deregister(self, known)
        for target in known:
            box.balancers.deregistered(self, target["Id"])

    FakeTargetGroup.register = registered
    FakeTargetGroup.deregister = deregistered
    # An instance that ends stays registered until someone deregisters it.
    FakeTargetGroup.deregister_terminated_instances = lambda self, instance_ids: None
