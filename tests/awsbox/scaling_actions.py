"""The API of Auto Scaling where moto has none, or acts by itself: what is asked is stored, Scaling acts."""
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from .scaling import LEAVING


def group_of(response, name=None):
    name = name or response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return group


def check_size(low, desired, high):
    if low > high:
        raise ValidationError("Max bound must be greater than or equal to min bound")
    if not low <= desired <= high:
        raise ValidationError(f"Desired capacity:{desired} must be between the specified min size:"
                              f"{low} and max size:{high}")


def extend(box):
    _capacity(box)
    _termination(box)
    _attachments(box)
    _lifecycle(box)
    _activities(box)


def _capacity(box):
    create, update = AutoScalingBackend.create_auto_scaling_group, FakeAutoScalingGroup.update

    def stored(self, new_capacity):
        self.desired_capacity = self.min_size if new_capacity is None else new_capacity

    def created(self, name, *arguments, **named):
        if name in self.autoscaling_groups:
            raise AutoscalingClientError("AlreadyExists", "AutoScalingGroup by this name already exists "
                                         "- A group with the name " + name + " already exists")
        low, high = named["min_size"], named["max_size"]
        wanted = named["desired_capacity"]
        check_size(low, low if wanted is None else wanted, high)
        grace = named.get("health_check_period")
        group = create(self, name, *arguments, **named)
        group.health_check_grace_period = grace or 0  # the API's default; moto's is the console's
        return group

    def updated(self, *arguments, **named):
        before = self.desired_capacity
        low = self.min_size if named.get("min_size") is None else named["min_size"]
        high = self.max_size if named.get("max_size") is None else named["max_size"]
        wanted = named.get("desired_capacity")
        if wanted is None:
            wanted = min(max(before, low), high)
        check_size(low, wanted, high)
        update(self, *arguments, **named)
        self.desired_capacity = wanted

    def set_desired_capacity(self):
        group, wanted = group_of(self), self._get_int_param("DesiredCapacity")
        for bound, word, wrong in ((group.max_size, "above max", wanted > group.max_size),
                                   (group.min_size, "below min", wanted < group.min_size)):
            if wrong:
                raise ValidationError(f"New SetDesiredCapacity value {wanted} is {word} value {bound} "
                                      "for the AutoScalingGroup.")
        group.desired_capacity = wanted
        return EmptyResult()

    FakeAutoScalingGroup.set_desired_capacity = stored
    FakeAutoScalingGroup.update = updated
    AutoScalingBackend.create_auto_scaling_group = created
    AutoScalingResponse.set_desired_capacity = set_desired_capacity
    AutoScalingBackend.update_attached_target_groups = lambda self, group_name: None
    AutoScalingBackend.update_attached_elbs = lambda self, group_name: None
    AutoScalingBackend.notify_terminate_instances = lambda self, instance_ids: None

    def template_of_member(self):
        template = self.auto_scaling_group.ec2_launch_template
        if template is None or self.template_version is None:
            return None
        return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name,
                "Version": str(self.template_version)}

    InstanceState.launch_template = property(template_of_member)


def _termination(box):
    def terminate_in_group(self):
        instance_id = self._get_param("InstanceId")
        found = box.scaling.member(instance_id)
        if found is None:
            raise ValidationError(f"Instance Id not found - No managed instance found for instance ID {instance_id}")
        backend, group, member = found
        if self._get_bool_param("ShouldDecrementDesiredCapacity", False):
            if group.desired_capacity - 1 < group.min_size:
                raise ValidationError(f"Currently, desiredSize equals minSize ({group.min_size}). Terminating "
                                      "instance without replacement will violate group's min size constraint.")
            if member.lifecycle_state not in LEAVING:
                group.desired_capacity -= 1
        box.scaling.end(backend, group, member,
                        "an instance was taken out of service in response to a user request")
        return ActionResult({"Activity": member.activity})

    def delete_group(self):
        group = group_of(self)
        backend = self.autoscaling_backend
        if group.instance_states and not self._get_bool_param("ForceDelete", False):
            raise AutoscalingClientError("ResourceInUse", "You cannot delete an AutoScalingGroup while there are "
                                         "instances or pending Spot instance request(s) still in the group.")
        box.scaling.deregister(backend, group.target_group_arns, group.instance_states)
        if group.instance_states:
            backend.ec2_backend.terminate_instances([each.instance_id for each in group.instance_states])
        backend.autoscaling_groups.pop(group.name)
        return EmptyResult()

    def detach_instances(self):
        group, ids = group_of(self), self._get_param("InstanceIds", [])
        members = [each for each in group.instance_states if each.instance_id in ids]
        box.scaling.deregister(self.autoscaling_backend, group.target_group_arns, members)
        decrement = self._get_bool_param("ShouldDecrementDesiredCapacity", False)
        return ActionResult({"Activities": self.autoscaling_backend.detach_instances(
            group.name, ids, decrement)})

    enter = AutoScalingBackend.enter_standby_instances
    leave = AutoScalingBackend.exit_standby_instances
    attach = AutoScalingBackend.attach_instances

    def enter_standby(self, group_name, instance_ids, should_decrement):
        group = self.autoscaling_groups[group_name]
        members = [each for each in group.instance_states if each.instance_id in instance_ids]
        box.scaling.deregister(self, group.target_group_arns, members)
        return enter(self, group_name, instance_ids, should_decrement)

    def exit_standby(self, group_name, instance_ids):
        group = self.autoscaling_groups[group_name]
        made = leave(self, group_name, instance_ids)
        box.scaling.register(self, group.target_group_arns,
                             [each for each in group.instance_states if each.instance_id in instance_ids])
        return made

    def attach_instances(self, group_name, instance_ids):
        attach(self, group_name, instance_ids)
        group = self.autoscaling_groups[group_name]
        members = [each for each in group.instance_states if each.instance_id in instance_ids]
        for member in members:
            box.scaling.adopt(member, None)
        box.scaling.register(self, group.target_group_arns, members)

    AutoScalingResponse.terminate_instance_in_auto_scaling_group = terminate_in_group
    AutoScalingResponse.delete_auto_scaling_group = delete_group
    AutoScalingResponse.detach_instances = detach_instances
    AutoScalingBackend.enter_standby_instances = enter_standby
    AutoScalingBackend.exit_standby_instances = exit_standby
    AutoScalingBackend.attach_instances = attach_instances


def _attachments(box):
    def members(group):
        return [each for each in group.instance_states if each.lifecycle_state == "InService"]

    def attach(backend, group, arns):
        for arn in arns:
            if arn not in backend.elbv2_backend.target_groups:
                raise ValidationError(f"Provided Load Balancers may not be valid. Please ensure they exist and try again. ({arn})")
        new = [arn for arn in arns if arn not in group.target_group_arns]
        group.target_group_arns.extend(new)
        box.scaling.register(backend, new, members(group))
        return EmptyResult()

    def detach(backend, group, arns):
        for arn in arns:
            if arn not in group.target_group_arns:
                raise ValidationError(f"Trying to remove Target Groups that are not part of the group: {arn}")
        box.scaling.deregister(backend, arns, members(group))
        group.target_group_arns = [arn for arn in group.target_group_arns if arn not in arns]
        group.__dict__.setdefault("joined", set()).difference_update(arns)
        return EmptyResult()

    def sources(self):
        return [each["Identifier"] for each in self._get_param("TrafficSources", [])]

    def attach_sources(self):
        return attach(self.autoscaling_backend, group_of(self), sources(self))

    def detach_sources(self):
        return detach(self.autoscaling_backend, group_of(self), sources(self))

    def attach_groups(self):
        return attach(self.autoscaling_backend, group_of(self), self._get_param("TargetGroupARNs", []))

    def detach_groups(self):
        return detach(self.autoscaling_backend, group_of(self), self._get_param("TargetGroupARNs", []))

    def described(self):
        group, backend = group_of(self), self.autoscaling_backend
        return [(arn, box.scaling.attachment(backend, group, arn)) for arn in group.target_group_arns]

    def describe_sources(self):
        return ActionResult({"TrafficSources": [
            {"Identifier": arn, "TrafficSource": arn, "Type": "elbv2", "State": state}
            for arn, state in described(self)]})

    def describe_groups(self):
        return ActionResult({"LoadBalancerTargetGroups": [
            {"LoadBalancerTargetGroupARN": arn, "State": state} for arn, state in described(self)]})

    AutoScalingResponse.attach_traffic_sources = attach_sources
    AutoScalingResponse.detach_traffic_sources = detach_sources
    AutoScalingResponse.describe_traffic_sources = describe_sources
    AutoScalingResponse.attach_load_balancer_target_groups = attach_groups
    AutoScalingResponse.detach_load_balancer_target_groups = detach_groups
    AutoScalingResponse.describe_load_balancer_target_groups = describe_groups


def _lifecycle(box):
    def waiting(self):
        group, hook = group_of(self), self._get_param("LifecycleHookName")
        token, instance_id = self._get_param("LifecycleActionToken"), self._get_param("InstanceId")
        for member in group.instance_states:
            wait = getattr(member, "wait", None)
            if wait is None or wait.hook.name != hook:
                continue
            if token == wait.token or (token is None and instance_id == member.instance_id):
                return wait
        raise ValidationError("No active Lifecycle Action found with "
                              + (f"token {token}" if token else f"instance ID {instance_id}"))

    def complete(self):
        wait, result = waiting(self), self._get_param("LifecycleActionResult")
        if result not in ("CONTINUE", "ABANDON"):
            raise ValidationError("LifecycleActionResult must be CONTINUE or ABANDON")
        wait.result = result
        return EmptyResult()

    def heartbeat(self):
        waiting(self).heartbeat()
        return EmptyResult()

    AutoScalingResponse.complete_lifecycle_action = complete
    AutoScalingResponse.record_lifecycle_action_heartbeat = heartbeat


def _activities(box):
    def describe(self):
        name, ids = self._get_param("AutoScalingGroupName"), self._get_param("ActivityIds", [])
        if name:
            group_of(self)
        made = [each for group, kept in box.scaling.activities.items() if name in (None, group)
                for each in kept if not ids or each["ActivityId"] in ids]
        begin = int(self._get_param("NextToken") or 0)
        size = self._get_int_param("MaxRecords", 100)
        more = str(begin + size) if begin + size < len(made) else None
        return ActionResult({"Activities": made[begin:begin + size], "NextToken": more})

    AutoScalingResponse.describe_scaling_activities = describe
