"""Auto Scaling groups that act: capacity is launched and ended, one small move at a time.

A member of a group goes this way; Wait only where a lifecycle hook says so:

    Pending -running-> [Pending:Wait -> Pending:Proceed ->] InService
    InService -> Terminating [-> Terminating:Wait -> Terminating:Proceed] -drained, hooks done-> gone

Targets are deregistered as Terminating begins: draining and hooks run side by side and both must end.
moto keeps the groups; what it does with capacity by itself is taken out (scaling_actions.py).
"""
import itertools
import time
import uuid

from moto.autoscaling.models import autoscaling_backends
from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow

LAUNCHING, TERMINATING = "autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"
STARTING = ("Pending", "Pending:Wait", "Pending:Proceed")
LEAVING = ("Terminating", "Terminating:Wait", "Terminating:Proceed")


class Wait:
    """A lifecycle action that is not complete."""

    def __init__(self, hook, second_s):
        self.hook, self.second_s, self.token = hook, second_s, str(uuid.uuid4())
        self.begun, self.result = time.monotonic(), None
        self.heartbeat()

    def heartbeat(self):
        longest = min(100 * self.hook.heartbeat_timeout, 172800) * self.second_s
        self.until = min(time.monotonic() + self.hook.heartbeat_timeout * self.second_s,
                         self.begun + longest)

    def outcome(self):
        """CONTINUE, ABANDON, or None while it waits."""
        if self.result is None and time.monotonic() >= self.until:
            self.result = self.hook.default_result
        return self.result


class Scaling:
    def __init__(self, box):
        self.box, self.activities, self._zones = box, {}, itertools.count()
        self._due = {}  # launches to come, by group name

    def groups(self):
        for account in list(autoscaling_backends.values()):
            for backend in list(account.values()):
                for group in list(backend.autoscaling_groups.values()):
                    yield backend, group

    def advance(self):
        for backend, group in self.groups():
            for member in list(group.instance_states):
                self._advance_member(backend, group, member)
            self._look_after_health(backend, group)
            self._look_after_capacity(backend, group)

    # --- one member ---------------------------------------------------------------------------

    def _advance_member(self, backend, group, member):
        state, machine = member.lifecycle_state, self.box.machines.get(member.instance_id)
        ended = machine is None or machine.state == "terminated"
        if state == "Terminating:Proceed":
            if ended:
                return self._gone(group, member)
            if time.monotonic() >= member.drained_at:
                backend.ec2_backend.terminate_instances([member.instance_id])
        elif state in ("Terminating", "Terminating:Wait"):
            self._advance_wait(backend, group, member, TERMINATING)
        elif ended or machine.state == "shutting-down":
            self.end(backend, group, member, "an instance was taken out of service in response to an "
                     "EC2 health check indicating it has been terminated or stopped")
        elif state == "Pending" and machine.state != "running":
            return
        elif state in STARTING:
            self._advance_wait(backend, group, member, LAUNCHING)

    def _advance_wait(self, backend, group, member, transition):
        """Through the hooks of a transition, one after the other, then to its end."""
        begins = "Pending" if transition == LAUNCHING else "Terminating"
        wait = getattr(member, "wait", None)
        if wait is not None:
            outcome = wait.outcome()
            if outcome is None:
                return
            member.wait = None
            member.hooks_done.append(wait.hook.name)
            if transition == LAUNCHING and outcome == "ABANDON":
                return self.end(backend, group, member, "the launching lifecycle action was abandoned")
        for hook in backend.describe_lifecycle_hooks(group.name):
            if hook.lifecycle_transition == transition and hook.name not in member.hooks_done:
                member.wait = Wait(hook, self.box.settings.second_s)
                member.lifecycle_state = f"{begins}:Wait"
                return
        member.lifecycle_state = f"{begins}:Proceed"
        if transition == LAUNCHING:
            self._in_service(backend, group, member)

    def _in_service(self, backend, group, member):
        if "AddToLoadBalancer" not in group._suspended_processes:
            self.register(backend, group.target_group_arns, [member])
        member.lifecycle_state, member.in_service_at = "InService", time.monotonic()
        self._note_end(member.activity, "Successful")

    def register(self, backend, arns, members):
        for arn in arns:
            target_group = backend.elbv2_backend.target_groups.get(arn)
            if target_group is not None:
                target_group.register([{"Id": member.instance_id, "Port": target_group.port}
                                       for member in members])

    def deregister(self, backend, arns, members):
        """Gives the instant when the longest drain is over."""
        over = time.monotonic()
        for arn in arns:
            target_group = backend.elbv2_backend.target_groups.get(arn)
            if target_group is None:
                continue
            known = [member.instance_id for member in members
                     if member.instance_id in target_group.targets]
            target_group.deregister([{"Id": each} for each in known])
            if known and self.box.balancers.in_use(target_group):
                delay = float(target_group.attributes["deregistration_delay.timeout_seconds"])
                over = max(over, time.monotonic() + delay * self.box.settings.second_s)
        return over

    def end(self, backend, group, member, cause):
        """Begins a member's end; the desired capacity is not touched."""
        if member.lifecycle_state in LEAVING:
            return
        if member.lifecycle_state in STARTING:
            self._note_end(member.activity, "Cancelled")
        machine = self.box.machines.get(member.instance_id)
        if machine is not None and machine.state in ("running", "pending"):
            member.drained_at = self.deregister(backend, group.target_group_arns, [member])
        else:
            self.deregister(backend, group.target_group_arns, [member])
            member.drained_at = time.monotonic()
        member.lifecycle_state, member.wait, member.hooks_done = "Terminating", None, []
        member.activity = self.note(group, f"Terminating EC2 instance: {member.instance_id}",
                                    f"At {utcnow():%Y-%m-%dT%H:%M:%SZ} {cause}.")

    def _gone(self, group, member):
        group.instance_states = [each for each in group.instance_states if each is not member]
        self._note_end(member.activity, "Successful")

    # --- the group ----------------------------------------------------------------------------

    def _look_after_health(self, backend, group):
        suspended = group._suspended_processes
        for member in group.instance_states:
            if member.lifecycle_state != "InService":
                continue
            if ("HealthCheck" not in suspended and group.health_check_type == "ELB"
                    and self._ill(backend, group, member)):
                member.health_status = "Unhealthy"
            if (member.health_status.upper() == "UNHEALTHY" and "ReplaceUnhealthy" not in suspended
                    and "Terminate" not in suspended):
                self.end(backend, group, member, "an instance was taken out of service in response "
                         "to an ELB system health check failure")

    def _ill(self, backend, group, member):
        grace = (group.health_check_grace_period or 0) * self.box.settings.second_s
        if time.monotonic() < member.in_service_at + grace:
            return False
        # A group is asked about the health of its targets once one of them has been healthy.
        return any(self.attachment(backend, group, arn) == "InService"
                   and self.box.balancers.health(backend.elbv2_backend.target_groups[arn],
                                                 member.instance_id)[0] == "unhealthy"
                   for arn in group.target_group_arns if arn in backend.elbv2_backend.target_groups)

    def attachment(self, backend, group, arn):
        """Adding, Added or InService: how far a target group and an Auto Scaling group are joined."""
        joined = group.__dict__.setdefault("joined", set())
        target_group = backend.elbv2_backend.target_groups.get(arn)
        members = [each for each in group.instance_states if each.lifecycle_state == "InService"]
        if arn not in joined and target_group is not None and any(
                self.box.balancers.health(target_group, each.instance_id)[0] == "healthy"
                for each in members):
            joined.add(arn)
        if arn in joined:
            return "InService"
        registered = target_group is not None and all(
            each.instance_id in target_group.targets for each in members)
        return "Added" if registered else "Adding"

    def _look_after_capacity(self, backend, group):
        suspended, due = group._suspended_processes, self._due.setdefault(group.name, [])
        if "Launch" in suspended:
            due.clear()
        counted = [each for each in group.instance_states
                   if each.lifecycle_state in STARTING + ("InService",)]
        over = len(counted) + len(due) - (group.desired_capacity or 0)
        while over > 0 and due:
            due.pop()
            over -= 1
        if over > 0 and "Terminate" not in suspended:
            for member in self._first_to_go(group, counted)[:over]:
                self.end(backend, group, member, "an instance was selected for termination, "
                         f"shrinking the capacity to {group.desired_capacity}")
        if over < 0 and "Launch" not in suspended:
            now = time.monotonic()
            due += [now + self.box.chance.within(self.box.settings.launch_s, "launch")
                    for _ in range(-over)]
        for instant in [each for each in due if each <= time.monotonic()]:
            due.remove(instant)
            try:
                self._launch(backend, group)
            except ServiceException as error:
                failed = self.note(group, "Launching a new EC2 instance.  Status Reason: " + str(error),
                                   "an instance could not be started")
                failed["StatusMessage"] = str(error)
                self._note_end(failed, "Failed")

    def _first_to_go(self, group, members):
        """AWS's default policy without its cost rules: another template version first, then the oldest."""
        now = self.version_of(group)
        able = [each for each in members if not each.protected_from_scale_in]
        return sorted(able, key=lambda each: (each.template_version == now, each.launched_at))

    @staticmethod
    def version_of(group):
        if group.ec2_launch_template is None:
            return None
        return group.ec2_launch_template.get_version(group.launch_template_version).number

    def _launch(self, backend, group):
        from moto.autoscaling.models import ASG_NAME_TAG, InstanceState
        subnets = (group.vpc_zone_identifier or "").split(",")
        turn = next(self._zones)
        zone = group.availability_zones[turn % len(group.availability_zones)]
        version = self.version_of(group)
        template = None
        if version is not None:
            template = {"LaunchTemplateId": group.ec2_launch_template.id, "Version": version}
        reservation = backend.ec2_backend.run_instances(
            group.image_id, 1, group.user_data, group.security_groups,
            instance_type=group.instance_type, is_instance_type_default=False, placement=zone,
            tags={"instance": group.get_propagated_tags() | group.instance_tags
                  | {ASG_NAME_TAG: group.name}},
            launch_config=group.launch_config, launch_template=template,
            subnet_id=subnets[turn % len(subnets)] or None)
        instance = reservation.instances[0]
        instance.autoscaling_group = group
        member = InstanceState(instance, lifecycle_state="Pending",
                               protected_from_scale_in=group.new_instances_protected_from_scale_in)
        self.adopt(member, version)
        member.activity = self.note(
            group, f"Launching a new EC2 instance: {instance.id}",
            f"At {utcnow():%Y-%m-%dT%H:%M:%SZ} an instance was started in response to a difference "
            f"between desired and actual capacity, increasing the capacity from "
            f"{len(group.instance_states)} to {len(group.instance_states) + 1}.")
        group.instance_states.append(member)

    def adopt(self, member, version):
        member.template_version, member.launched_at = version, time.monotonic()
        member.in_service_at, member.drained_at = time.monotonic(), 0.0
        member.wait, member.hooks_done, member.activity = None, [], None

    # --- what others ask ----------------------------------------------------------------------

    def member(self, instance_id, group_name=None):
        """(backend, group, member), or None."""
        for backend, group in self.groups():
            for member in group.instance_states:
                if member.instance_id == instance_id and group_name in (None, group.name):
                    return backend, group, member
        return None

    def target_state(self, instance_id):
        found = self.member(instance_id)
        if found is None:
            return None
        return "Terminated" if found[2].lifecycle_state in LEAVING else "InService"

    def note(self, group, description, cause):
        activity = {"ActivityId": str(uuid.uuid4()), "AutoScalingGroupName": group.name,
                    "Description": description, "Cause": cause, "StartTime": utcnow(),
                    "StatusCode": "InProgress", "Progress": 50, "Details": "{}",
                    "AutoScalingGroupARN": group.arn}
        self.activities.setdefault(group.name, []).insert(0, activity)
        return activity

    @staticmethod
    def _note_end(activity, status):
        if activity is not None:
            activity.update(StatusCode=status, Progress=100, EndTime=utcnow())
