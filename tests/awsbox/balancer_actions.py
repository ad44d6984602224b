"""The API of load balancers where moto says what AWS would not."""
from moto.elbv2.exceptions import ELBClientError, RuleNotFoundError, TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus
from moto.elbv2.responses import ELBV2Response

from . import routing
from .balancer import DESCRIPTIONS

WEIGHT_MAX, GROUPS_MAX, TAGS_OF_MAX = 999, 5, 20


def check_actions(backend, actions):
    """AWS's rules for a forward action (elbv2 ForwardActionConfig, load-balancer-limits)."""
    for action in actions or []:
        action = action.data if hasattr(action, "data") else action
        if action.get("Type") != "forward":
            continue
        config = action.get("ForwardConfig") or {}
        shares = config.get("TargetGroups") or []
        if len(shares) > GROUPS_MAX:
            raise ELBClientError("TooManyTargetGroups", f"A rule can forward to {GROUPS_MAX} target groups at most")
        for share in shares:
            if not 0 <= int(share.get("Weight", 1)) <= WEIGHT_MAX:
                raise ELBClientError("ValidationError",
                                     f"Target group weight must be between 0 and {WEIGHT_MAX}")
        if len({share["TargetGroupArn"] for share in shares}) < len(shares):
            raise ELBClientError("ValidationError", "A target group can only be named once in an action")
        sticky = config.get("TargetGroupStickinessConfig") or {}
        on = str(sticky.get("Enabled", False)).lower() == "true"
        if on and not 1 <= int(sticky.get("DurationSeconds") or 0) <= 604800:
            raise ELBClientError("ValidationError", "Stickiness duration must be between 1 and 604800 seconds")
        groups = [backend.target_groups[share["TargetGroupArn"]] for share in shares
                  if share["TargetGroupArn"] in backend.target_groups]
        kept = [group for group in groups if routing.flag(group.attributes, "stickiness.enabled")]
        if len(shares) > 1 and kept and not on:
            raise ELBClientError("InvalidConfigurationRequest",
                                 "You must enable target group stickiness on a rule if you enabled it on one of "
                                 f"its target groups: {kept[0].arn}")
        if len(shares) > 1 and any(group.attributes.get("stickiness.type") == "app_cookie"
                                   for group in kept):
            raise ELBClientError("InvalidConfigurationRequest",
                                 "Application-based stickiness is not supported with weighted target groups")


def one_balancer(backend, actions, balancer_arn):
    """A target group belongs to one load balancer."""
    for action in actions or []:
        for arn, _ in routing.weights(action.data if hasattr(action, "data") else action):
            for other in backend.load_balancers.values():
                if other.arn != balancer_arn and arn in routing.groups_of(other, backend.target_groups):
                    raise ELBClientError("TargetGroupAssociationLimit", "The following target groups cannot be "
                                         f"associated with more than one load balancer: {arn}")


def extend(box):
    _health(box)
    _rules(box)
    _tags(box)
    create = ELBv2Backend.create_load_balancer

    def created(self, *arguments, **named):
        balancer = create(self, *arguments, **named)
        balancer.dns_name = box.balancers.address(balancer.arn)
        return balancer

    ELBv2Backend.create_load_balancer = created


def _health(box):
    def describe(self, target_group_arn, targets):
        group = self.target_groups.get(target_group_arn)
        if group is None:
            raise TargetGroupNotFoundError()
        asked = [(each["Id"], each.get("Port", group.port)) for each in targets]
        asked = asked or [(target_id, port) for target_id, port, _ in box.balancers.entries(group)]
        made = []
        for target_id, port in asked:
            state, reason = box.balancers.health(group, target_id)
            checked = port if group.health_check_port == "traffic-port" else group.health_check_port
            made.append(FakeHealthStatus(target_id, port, str(checked), state, reason,
                                         DESCRIPTIONS.get(reason)))
        return made

    ELBv2Backend.describe_target_health = describe


def _rules(box):
    create, modify, listen, change = (ELBv2Backend.create_rule, ELBv2Backend.modify_rule,
                                      ELBv2Backend.create_listener, ELBv2Backend.modify_listener)

    def balancer_of(backend, listener_arn):
        return next((balancer.arn for balancer in backend.load_balancers.values()
                     if listener_arn in balancer.listeners), None)

    def create_rule(self, listener_arn, conditions, priority, actions, tags=None):
        check_actions(self, actions)
        one_balancer(self, actions, balancer_of(self, listener_arn))
        if not 1 <= int(priority) <= 50000:
            raise ELBClientError("ValidationError", "Rule priority must be between 1 and 50000")
        return create(self, listener_arn, conditions, priority, actions, tags)

    def modify_rule(self, rule_arn, conditions, actions):
        rules = self.describe_rules(listener_arn=None, rule_arns=[rule_arn])
        if not rules:
            raise RuleNotFoundError()
        if rules[0].is_default:
            raise ELBClientError("OperationNotPermitted", "Default rule cannot be modified")
        check_actions(self, actions)
        one_balancer(self, actions, balancer_of(self, rules[0].listener_arn))
        return modify(self, rule_arn, conditions, actions)

    def create_listener(self, load_balancer_arn, *arguments, **named):
        actions = named.get("default_actions") or (arguments[-1] if arguments else [])
        check_actions(self, actions if isinstance(actions, list) else [])
        return listen(self, load_balancer_arn, *arguments, **named)

    def modify_listener(self, arn, *arguments, **named):
        actions = named.get("default_actions")
        for value in arguments:
            if isinstance(value, list) and value and (hasattr(value[0], "data") or "Type" in value[0]):
                actions = value
        check_actions(self, actions)
        return change(self, arn, *arguments, **named)

    ELBv2Backend.create_rule, ELBv2Backend.modify_rule = create_rule, modify_rule
    ELBv2Backend.create_listener, ELBv2Backend.modify_listener = create_listener, modify_listener


def _tags(box):
    describe = ELBV2Response.describe_tags

    def describe_tags(self):
        if len(self._get_param("ResourceArns", [])) > TAGS_OF_MAX:
            raise ELBClientError("ValidationError", f"Cannot have more than {TAGS_OF_MAX} resources described")
        return describe(self)

    ELBV2Response.describe_tags = describe_tags
