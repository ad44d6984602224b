"""Where moto's answer is not AWS's, and what became of it here. The table is the only place for such knowledge.

`replaced`: the named attribute of moto is one of ours, and a test says what it does. `refused`: the box answers
501 `AwsboxWouldLie`, so that nothing can be built on an answer that AWS would not give. `open`: it stands as moto
has it; nobody may assert on it.
"""
import collections
import importlib

Deviation = collections.namedtuple("Deviation", "what moto aws kind where")


def _replaced(what, moto, aws, where):
    return Deviation(what, moto, aws, "replaced", where)


def _refused(operation, moto, aws):
    return Deviation(operation, moto, aws, "refused", operation)


def _open(what, moto, aws):
    return Deviation(what, moto, aws, "open", "")


ASG, ASG_GROUP = "autoscaling.models:AutoScalingBackend.", "autoscaling.models:FakeAutoScalingGroup."
ASG_API = "autoscaling.responses:AutoScalingResponse."
ELB, TARGETS = "elbv2.models:ELBv2Backend.", "elbv2.models:FakeTargetGroup."
WATCH, SSM = "cloudwatch.responses:CloudWatchResponse.", "ssm.responses:SimpleSystemManagerResponse."
CDN = "cloudfront.models:CloudFrontBackend."

DEVIATIONS = [
    # EC2
    _replaced("instances run", "at once, without a process", "pending, then running, when they have booted",
              "ec2.models.instances:InstanceBackend.run_instances"),
    _replaced("instances end", "at once", "shutting-down until their processes are gone",
              "ec2.models.instances:InstanceBackend.terminate_instances"),
    _replaced("user data of a second template version", "AssertionError", "as of the first",
              "ec2.models.launch_templates:LaunchTemplateVersion.user_data"),
    _replaced("a template version made from another", "without what that one says; a token makes it twice",
              "with it; once", "ec2.responses.launch_templates:LaunchTemplates.create_launch_template_version"),
    _replaced("console output", "a sample", "what the instance printed",
              "ec2.responses.general:General.get_console_output"),
    _refused("ec2.StopInstances", "state only, processes would run on", "stops, loses the address"),
    _refused("ec2.RebootInstances", "state only", "restarts"),
    _open("ec2.DescribeImages", "a fixed list", "the account's"),
    _open("$Latest and $Default", "resolved at each launch", "resolved at each launch, too; a release must not use them"),
    # Auto Scaling
    _replaced("desired above max", "accepted", "ValidationError", ASG_API + "set_desired_capacity"),
    _replaced("capacity", "launched inside the call", "later, one by one", ASG_GROUP + "set_desired_capacity"),
    _replaced("new bounds", "desired stays outside of them", "desired follows", ASG_GROUP + "update"),
    _replaced("grace period by default", "300", "0 in the API", ASG + "create_auto_scaling_group"),
    _replaced("a member's template version", "the default version", "the one it was launched with",
              "autoscaling.models:InstanceState.launch_template"),
    _replaced("suspended processes", "stored only", "honoured", ASG_GROUP + "set_desired_capacity"),
    _replaced("targets of a group", "registered by side effect, terminated ones stay healthy",
              "registered in service, deregistered first of all", ASG + "update_attached_target_groups"),
    _replaced("a terminated member", "replaced inside the call", "seen, recorded, replaced",
              ASG + "notify_terminate_instances"),
    _replaced("one instance's end", "detached, not drained", "drains, runs hooks, is replaced",
              ASG_API + "terminate_instance_in_auto_scaling_group"),
    _replaced("deleting a group with members", "accepted", "ResourceInUse without ForceDelete",
              ASG_API + "delete_auto_scaling_group"),
    _replaced("detached instances", "stay targets", "are deregistered", ASG_API + "detach_instances"),
    _replaced("traffic sources", "HTTP 500", "work", ASG_API + "attach_traffic_sources"),
    _replaced("state of target groups", "always Added", "Adding, Added, InService",
              ASG_API + "describe_load_balancer_target_groups"),
    _replaced("lifecycle hooks", "stored; completing them is HTTP 500", "gate both transitions",
              ASG_API + "complete_lifecycle_action"),
    _replaced("activities", "none", "each launch and end", ASG_API + "describe_scaling_activities"),
    _refused("autoscaling.PutWarmPool", "stored only", "instances that wait"),
    _refused("autoscaling.PutScalingPolicy", "stored only", "scales"),
    _refused("autoscaling.PutScheduledUpdateGroupAction", "stored only", "scales at its time"),
    _refused("autoscaling.StartInstanceRefresh", "HTTP 500", "replaces the members"),
    _open("termination policies", "ignored", "ours: other template versions first, then the oldest"),
    _open("mixed instances and weights", "counted by moto", "ours: each instance counts one"),
    # Load balancers
    _replaced("target health", "always healthy", "the load balancer's own checks", ELB + "describe_target_health"),
    _replaced("registering", "counts at once", "is another registration each time", TARGETS + "register"),
    _replaced("deregistering", "forgotten at once; unknown targets are an error", "drains for the whole delay",
              TARGETS + "deregister"),
    _replaced("a terminated target", "leaves by itself", "stays until it is deregistered",
              TARGETS + "deregister_terminated_instances"),
    _replaced("weights", "1000 accepted", "0 to 999, five groups, stickiness rule", ELB + "modify_rule"),
    _replaced("rules", "the same", "the same; a group belongs to one load balancer", ELB + "create_rule"),
    _replaced("listeners", "the same", "the same", ELB + "modify_listener"),
    _replaced("DescribeTags", "any number", "20 at most", "elbv2.responses:ELBV2Response.describe_tags"),
    _replaced("DNSName", "a name nobody answers", "an address that serves", ELB + "create_load_balancer"),
    _refused("elasticloadbalancing.SetRulePriorities", "listener order unsorted", "reorders"),
    _open("targets by port", "keyed by id alone", "id and port; do not register one id twice"),
    # CloudWatch
    _replaced("metric math, FILL", "an empty list, Complete", "computed", WATCH + "get_metric_data"),
    _replaced("percentiles", "HTTP 500", "from every value", WATCH + "get_metric_statistics"),
    _replaced("alarms", "stay OK", "follow their metric", WATCH + "describe_alarms"),
    # Systems Manager
    _replaced("commands", "Success for any id, all instances added", "run where they were named", SSM + "send_command"),
    _replaced("invocations", "HTTP 500", "one an instance", SSM + "list_command_invocations"),
    _replaced("managed instances", "HTTP 500", "those that run", SSM + "describe_instance_information"),
    _replaced("cancelling", "HTTP 500", "ends what runs", SSM + "cancel_command"),
    # IAM
    _replaced("SimulatePrincipalPolicy", "HTTP 500", "evaluates what a role or a user may do",
              "iam.responses:IamResponse.simulate_principal_policy"),
    _open("whether a call is allowed", "any signed call", "the caller's policies"),
    # CloudFront, RDS
    _replaced("versions", "any ETag", "PreconditionFailed", CDN + "update_distribution"),
    _replaced("CallerReference", "another invalidation each time, COMPLETED", "idempotent, InProgress, Completed",
              CDN + "create_invalidation"),
    _replaced("GETs of a distribution", "none", "from its cache, else the origin", CDN + "create_distribution"),
    _replaced("snapshots", "available at once", "creating first", "rds.models:RDSBackend.create_db_snapshot"),
    _refused("rds.RestoreDBInstanceFromDBSnapshot", "a database without data", "a new endpoint, later"),
    _refused("rds.RebootDBInstance", "state only", "interrupts"),
    # The data plane is Crossfade's edge, which is kinder than an Application Load Balancer in places.
    _open("a group without healthy targets", "(the edge) another group takes over", "503 for its share: a stand-in "
          "answers it; with unhealthy targets alone AWS would try them, here it is 503 as well"),
    _open("a sticky client whose group has weight 0", "(the edge) goes to another group", "AWS: unknown, perhaps it stays"),
    _open("a refused connection", "(the edge) unhealthy at once", "unhealthy after its checks"),
    _open("X-Forwarded-For", "the door's address, where a balancer has several nodes", "the client's"),
    _open("health check port", "the traffic port always", "may be another"),
]

REFUSED = {each.what for each in DEVIATIONS if each.kind == "refused"}


def not_replaced():
    """Places that the table calls replaced and that are still moto's own; asked of a running box."""
    left = []
    for each in DEVIATIONS:
        if each.kind == "replaced":
            module, _, path = each.where.partition(":")
            owner, _, name = path.partition(".")
            found = getattr(importlib.import_module("moto." + module), owner).__dict__[name]
            found = found.fget if isinstance(found, property) else found
            if not found.__module__.startswith("tests.awsbox"):
                left.append(each.where)
    return left
