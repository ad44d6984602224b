"""IAM's simulator, over the policies that the box holds: whether a user's or a role's own policies allow an action."""
from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.responses import IamResponse

DECISIONS = {PermissionResult.PERMITTED: "allowed", PermissionResult.DENIED: "explicitDeny",
             PermissionResult.NEUTRAL: "implicitDeny"}


def _holds(condition, context):
    """StringEquals, ArnEquals and StringLikeIfExists, with one value a key: what our policies say."""
    for operator, wanted in condition.items():
        for key, values in wanted.items():
            if key not in context:
                if operator.endswith("IfExists"):
                    continue
                return False
            if context[key] not in ([values] if isinstance(values, str) else values):
                return False
    return True


def _decision(documents, action, resource, context):
    statements = [each for document in documents for each in IAMPolicy(document)._policy_json["Statement"]
                  if _holds(each.get("Condition", {}), context)]
    policy = IAMPolicy('{"Statement": []}')
    policy._policy_json = {"Statement": [{name: part for name, part in each.items() if name != "Condition"}
                                         for each in statements]}
    return DECISIONS[policy.is_action_permitted(action, resource)]


def _documents(backend, arn):
    """The policies of a role or a user, as text."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    name = name.rpartition("/")[2]
    try:
        owner = backend.get_role(name) if kind == "role" else backend.get_user(name)
    except Exception as error:
        raise NotFoundException(f"Could not find entity {arn}") from error
    attached = [next(version.document for version in each.versions if version.is_default)
                for each in owner.managed_policies.values()]
    return [*owner.policies.values(), *attached]


def extend(box):
    def simulate_principal_policy(self):
        source = self._get_param("PolicySourceArn")
        documents = _documents(self.backend, source)
        context = {each["ContextKeyName"]: each["ContextKeyValues"][0]
                   for each in self._get_param("ContextEntries", [])}
        resources = self._get_param("ResourceArns", []) or ["*"]
        return ActionResult({"IsTruncated": False, "EvaluationResults": [
            {"EvalActionName": action, "EvalResourceName": resource, "MatchedStatements": [], "MissingContextValues": [],
             "EvalDecision": _decision(documents, action, resource, context)}
            for action in self._get_param("ActionNames", []) for resource in resources]})

    IamResponse.simulate_principal_policy = simulate_principal_policy
