"""Run Command: shell scripts that really run in the folders of the managed instances that were named.

An instance is managed while it runs. A command is known at once, its invocations only when the agents have
taken it up (`work_s`): until then GetCommandInvocation says InvocationDoesNotExist, as there.
"""
import os
import signal
import subprocess
import threading
import uuid

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.ssm.exceptions import SSMException
from moto.ssm.responses import SimpleSystemManagerResponse

DOCUMENT = "AWS-RunShellScript"
OVER = ("Success", "Failed", "Cancelled", "TimedOut")


class Invocation:
    def __init__(self, machine):
        self.machine, self.status, self.process = machine, "Pending", None
        self.out = self.err = ""
        self.code, self.begun, self.ended, self.known = -1, None, None, False


class Command:
    def __init__(self, region, asked, machines):
        self.id, self.region, self.asked, self.at = str(uuid.uuid4()), region, asked, utcnow()
        self.invocations = {each.id: Invocation(each) for each in machines}
        self.cancelled = False

    @property
    def status(self):
        states = [each.status for each in self.invocations.values()]
        if any(state not in OVER for state in states):
            return "InProgress" if set(states) != {"Pending"} else "Pending"
        return next((bad for bad in ("Failed", "TimedOut", "Cancelled") if bad in states), "Success")

    def told(self):
        states = [each.status for each in self.invocations.values()]
        return {"CommandId": self.id, "DocumentName": self.asked["DocumentName"], "Status": self.status,
                "StatusDetails": self.status, "Comment": self.asked.get("Comment", ""),
                "InstanceIds": list(self.invocations), "Parameters": self.asked.get("Parameters", {}),
                "RequestedDateTime": self.at, "TargetCount": len(states),
                "CompletedCount": sum(state in OVER for state in states),
                "ErrorCount": states.count("Failed"), "Targets": self.asked.get("Targets", [])}


class Commands:
    def __init__(self, box):
        self.box, self.all = box, {}

    def managed(self, region):
        return {each.id: each for each in self.box.machines.all.values()
                if each.state == "running" and each.instance.region_name == region}

    def send(self, region, asked):
        managed, wanted = self.managed(region), list(asked.get("InstanceIds", []))
        unknown = [each for each in wanted if each not in managed]
        if unknown:
            raise SSMException("InvalidInstanceId", "Instances not in a valid state for account: "
                               + ", ".join(unknown))
        for target in asked.get("Targets", []):
            if target["Key"] == "InstanceIds":
                wanted += [each for each in target["Values"] if each in managed]
            elif target["Key"].startswith("tag:"):
                name = target["Key"].removeprefix("tag:")
                wanted += [each.id for each in managed.values() if any(
                    tag["key"] == name and tag["value"] in target["Values"] for tag in each.instance.get_tags())]
        if asked["DocumentName"] != DOCUMENT:
            raise SSMException("InvalidDocument", f"awsbox knows {DOCUMENT} alone")
        if not asked.get("InstanceIds") and not asked.get("Targets"):
            raise SSMException("InvalidInstanceId", "No instances were named")
        command = Command(region, asked, [managed[each] for each in dict.fromkeys(wanted)])
        self.all[command.id] = command
        for invocation in command.invocations.values():
            self.box.later(self.box.chance.within(self.box.settings.work_s, "command"),
                           lambda one=invocation: self._begin(command, one))
        return command

    def _begin(self, command, invocation):
        invocation.known = True
        if command.cancelled:
            invocation.status = "Cancelled"
            return
        invocation.status, invocation.begun = "InProgress", utcnow()
        script = "\n".join(command.asked.get("Parameters", {}).get("commands", []))
        machine = invocation.machine
        invocation.process = subprocess.Popen(
            ["/bin/sh", "-c", script], cwd=machine.folder, env=machine.environment(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        threading.Thread(target=self._wait, args=(command, invocation), daemon=True).start()

    def _wait(self, command, invocation):
        limit = float(command.asked.get("Parameters", {}).get("executionTimeout", ["3600"])[0])
        try:
            invocation.out, invocation.err = invocation.process.communicate(timeout=limit)
            code = invocation.process.returncode
            status = "Success" if code == 0 else "Cancelled" if command.cancelled else "Failed"
        except subprocess.TimeoutExpired:
            os.killpg(invocation.process.pid, signal.SIGKILL)
            invocation.out, invocation.err = invocation.process.communicate()
            code, status = -1, "TimedOut"
        with self.box.lock:
            invocation.code, invocation.ended, invocation.status = code, utcnow(), status

    def cancel(self, command):
        command.cancelled = True
        for invocation in command.invocations.values():
            if invocation.process and invocation.process.poll() is None:
                os.killpg(invocation.process.pid, signal.SIGTERM)

    def known(self, region, command_id):
        found = self.all.get(command_id)
        if found is None or found.region != region:
            raise SSMException("InvalidCommandId", "The command ID does not exist")
        return found


def extend(box):
    commands = box.commands

    def send_command(self):
        names = ("DocumentName", "InstanceIds", "Targets", "Parameters", "Comment")
        asked = {name: self._get_param(name) for name in names if self._get_param(name) is not None}
        return ActionResult({"Command": commands.send(self.region, asked).told()})

    def list_commands(self):
        wanted = self._get_param("CommandId")
        found = [commands.known(self.region, wanted)] if wanted else [
            each for each in commands.all.values() if each.region == self.region]
        return ActionResult({"Commands": [each.told() for each in found]})

    def get_command_invocation(self):
        command = commands.known(self.region, self._get_param("CommandId"))
        instance_id = self._get_param("InstanceId")
        one = command.invocations.get(instance_id)
        if one is None or not one.known:
            raise SSMException("InvocationDoesNotExist", "")
        return ActionResult({
            "CommandId": command.id, "InstanceId": instance_id, "DocumentName": command.asked["DocumentName"],
            "Status": one.status, "StatusDetails": one.status, "ResponseCode": one.code,
            "StandardOutputContent": one.out[:24000], "StandardErrorContent": one.err[:8000],
            "ExecutionStartDateTime": one.begun.isoformat() if one.begun else "",
            "ExecutionEndDateTime": one.ended.isoformat() if one.ended else "", "PluginName": "aws:runShellScript"})

    def list_command_invocations(self):
        wanted, place = self._get_param("CommandId"), self._get_param("InstanceId")
        details = self._get_param("Details")
        made = []
        for command in commands.all.values():
            if command.region != self.region or wanted not in (None, command.id):
                continue
            for instance_id, one in command.invocations.items():
                if not one.known or place not in (None, instance_id):
                    continue
                made.append({"CommandId": command.id, "InstanceId": instance_id, "Status": one.status,
                             "StatusDetails": one.status, "RequestedDateTime": command.at,
                             "DocumentName": command.asked["DocumentName"]})
                if details:
                    made[-1]["CommandPlugins"] = [{"Name": "aws:runShellScript", "Status": one.status,
                                                   "ResponseCode": one.code, "Output": one.out[:2500]}]
        return ActionResult({"CommandInvocations": made})

    def cancel_command(self):
        commands.cancel(commands.known(self.region, self._get_param("CommandId")))
        return EmptyResult()

    def describe_instance_information(self):
        wanted = {value for each in self._get_param("Filters", []) if each["Key"] == "InstanceIds"
                  for value in each["Values"]}
        wanted |= {value for each in self._get_param("InstanceInformationFilterList", [])
                   if each["key"] == "InstanceIds" for value in each["valueSet"]}
        return ActionResult({"InstanceInformationList": [
            {"InstanceId": each.id, "PingStatus": "Online", "LastPingDateTime": utcnow(), "AgentVersion": "3.0.0.0",
             "IsLatestVersion": True, "PlatformType": "Linux", "PlatformName": "awsbox", "IPAddress": each.address,
             "ResourceType": "EC2Instance", "ComputerName": each.id}
            for each in commands.managed(self.region).values() if not wanted or each.id in wanted]})

    for each in (send_command, list_commands, get_command_invocation, list_command_invocations, cancel_command,
                 describe_instance_information):
        setattr(SimpleSystemManagerResponse, each.__name__, each)
