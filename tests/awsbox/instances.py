"""EC2 instances as local processes: own folder, own address, started from their user data.

    pending -boot_s-> running -terminate-> shutting-down -all gone-> terminated
    running -its first process is killed-> terminated: the machine is lost

The user data is run as cloud-init runs it: a script by its first line, once, in a session of its own. The
instance is up until it is terminated, whether or not the script has ended; only a signal that kills the
script's process counts as the loss of the machine.
"""
import base64
import binascii
import os
import pathlib
import signal
import subprocess
import time

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.responses.general import General
from moto.ec2.responses.launch_templates import LaunchTemplates

from . import WITH_US
from .metadata import Metadata

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}


def script_of(user_data):
    """The bytes of an instance's user data, however many times it is wrapped."""
    raw = user_data if isinstance(user_data, bytes) else str(user_data or "").encode()
    for _ in range(2):
        if raw.startswith(b"#!") or not raw:
            break
        try:
            raw = base64.b64decode(raw, validate=True)
        except binascii.Error:
            break
    return raw


class Machine:
    """One instance's process. Used under the box's lock, except where it says otherwise."""

    def __init__(self, box, instance):
        self.box, self.instance = box, instance
        self.id = instance.id
        self.address = box.addresses.of_instance()
        self.folder = box.folder / "instances" / self.id
        self.folder.mkdir(parents=True)
        self.process, self.lost, self.killed_at, self.metadata = None, False, None, None
        self.boots_at = time.monotonic() + box.chance.within(box.settings.boot_s, "boot")
        for nic in instance.nics.values():
            nic.private_ip_address = self.address
        self._is("pending")

    @property
    def state(self):
        return self.instance._state.name

    def _is(self, name):
        self.instance._state.name, self.instance._state.code = name, CODES[name]

    def advance(self):
        if self.state == "pending" and time.monotonic() >= self.boots_at:
            self._boot()
        elif self.state == "running" and self.process and self._killed():
            self.lost = True
            self._is("terminated")
            self.instance.state_reason.message = "Server.InternalError: Internal error on launch"
            self.instance.state_reason.code = "Server.InternalError"
            self._signal(signal.SIGKILL)
            self._close()
        elif self.state == "shutting-down":
            self._end()

    def _boot(self):
        self.metadata = Metadata(self.box, self)
        script = script_of(self.instance.user_data)
        self._is("running")
        if not script.startswith(b"#!"):
            return
        path = self.folder / "user-data"
        path.write_bytes(script)
        path.chmod(0o700)
        with open(self.folder / "console.log", "ab") as console:
            self.process = subprocess.Popen([*WITH_US, str(path)], cwd=self.folder, env=self.environment(),
                                            stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                                            start_new_session=True)

    def environment(self):
        """Little, as a boot script has it, and what stands for the machine's own network."""
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder), "LANG": "C.UTF-8",
            "AWSBOX_INSTANCE": self.id, "AWSBOX_ADDRESS": self.address,
            "AWS_REGION": self.instance.region_name, "AWS_DEFAULT_REGION": self.instance.region_name,
            "AWS_ENDPOINT_URL": self.box.endpoint,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": self.metadata.endpoint,
        }

    def _killed(self):
        return self.process.poll() is not None and self.process.returncode < 0

    def terminate(self):
        """Asks everything of the instance to end; `advance` sees to it that it does."""
        if self.state in ("shutting-down", "terminated"):
            return
        self._is("shutting-down")
        self.killed_at = time.monotonic() + self.box.settings.stop_grace_s
        self._signal(signal.SIGTERM)

    def _end(self):
        gone = not self.pids()
        if not gone and time.monotonic() >= self.killed_at:
            self._signal(signal.SIGKILL)
        if gone:
            self._is("terminated")
            self._close()

    def kill(self):
        """The machine is gone in this moment, as when its host fails."""
        self._signal(signal.SIGKILL)
        if self.process is None or self.process.poll() not in (None, -signal.SIGKILL):
            self.lost = True
            self._is("terminated")
            self._close()

    def _close(self):
        if self.metadata:
            self.metadata.close()
            self.metadata = None
        if self.process:
            self.process.poll()

    def pids(self):
        """Processes of this instance: of its session, or with its mark in their environment."""
        if self.process is None:
            return []
        self.process.poll()
        mark, found = f"AWSBOX_INSTANCE={self.id}".encode(), []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if fields[0] in "ZX":
                    continue
                ours = int(fields[3]) == self.process.pid
                if ours or mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
        return found

    def _signal(self, number):
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass


class Machines:
    """All instances of the box; `advance` is called again and again under the box's lock."""

    def __init__(self, box):
        self.box, self.all = box, {}

    def __getitem__(self, instance_id):
        return self.all[instance_id]

    def get(self, instance_id):
        return self.all.get(instance_id)

    def advance(self):
        for machine in self.all.values():
            machine.advance()

    def close(self):
        for machine in self.all.values():
            machine._signal(signal.SIGKILL)
            machine._close()
            if machine.process:
                machine.process.wait()


def extend(box):
    """Puts processes behind moto's instances."""
    run, terminate = InstanceBackend.run_instances, InstanceBackend.terminate_instances

    def run_instances(self, *arguments, **named):
        reservation = run(self, *arguments, **named)
        for instance in reservation.instances:
            instance.region_name = self.region_name
            box.machines.all[instance.id] = Machine(box, instance)
        return reservation

    def terminate_instances(self, instance_ids):
        ended = []
        for instance_id in instance_ids:
            machine = box.machines.get(instance_id)
            if machine is None or machine.state in ("shutting-down", "terminated"):
                continue
            machine.terminate()
            state, code = machine.state, CODES[machine.state]
            ended += terminate(self, [instance_id])
            machine.instance._state.name, machine.instance._state.code = state, code
        repeated = [i for i in instance_ids if i not in {each.id for each, _ in ended}]
        return ended + [(each, each._state) for each in self.get_multi_instances_by_id(repeated)]

    def get_console_output(self):
        machine = box.machines.get(self._get_param("InstanceId"))
        path = machine.folder / "console.log" if machine else None
        text = path.read_text(errors="replace")[-65536:] if path and path.exists() else ""
        return ActionResult({"InstanceId": self._get_param("InstanceId"), "Timestamp": utcnow(),
                             "Output": Base64EncodedString.from_raw_string(text)})

    made_before, make_version = {}, LaunchTemplates.create_launch_template_version

    def create_version(self):
        """From another version, and once for each token."""
        token, source = self._get_param("ClientToken"), self._get_param("SourceVersion")
        if token in made_before:
            return made_before[token]
        if source:
            by_id, by_name = self._get_param("LaunchTemplateId"), self._get_param("LaunchTemplateName")
            template = (self.ec2_backend.get_launch_template(by_id) if by_id
                        else self.ec2_backend.get_launch_template_by_name(by_name))
            taken = template.get_version(source).data
            asked = LaunchTemplates._get_param
            self._get_param = lambda name, *default: (
                taken | asked(self, name, {}) if name == "LaunchTemplateData" else asked(self, name, *default))
        made = make_version(self)
        if token:
            made_before[token] = made
        return made

    def user_data(self):
        # moto asserts a type here that its CreateLaunchTemplateVersion does not make.
        kept = self.data.get("UserData")
        return Base64EncodedString(kept) if isinstance(kept, str) else kept

    LaunchTemplateVersion.user_data = property(user_data)
    LaunchTemplates.create_launch_template_version = create_version
    General.get_console_output = get_console_output
    InstanceBackend.run_instances = run_instances
    InstanceBackend.terminate_instances = terminate_instances
