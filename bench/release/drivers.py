"""How each proxy is told to replace every instance, each in the best way that its documentation knows.

All do the same: start the new instances, wait until they are healthy, move new requests to them, let
what is in flight end, and ask the old ones to stop, which close what WebSockets they have with 1012.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import string
import subprocess
import tempfile
import time

from fleet import ROOT, Fleet, reachable
from tests.support.house import BIN, DONE, House, free_port, wait_until

HERE = pathlib.Path(__file__).resolve().parent
ENVOY = ROOT / "build/peers/envoy/_bin/envoy"  # laid there by `./x setup bench`
DRAIN_S = 5  # after the switch, before the old instances are asked to stop
INSTANCES = 2


class Driver:
    """A proxy in front of a fleet. `release` replaces all instances and returns when the old have ended."""
    name, program, template, told = "", "", "", ""
    command = ()

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-release-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.fleet = Fleet(self.folder, INSTANCES)
        self.process, self.instances = None, []

    @classmethod
    def absent(cls):
        return "" if shutil.which(cls.program) else f"{cls.program} is not on the PATH: ./x setup bench"

    @classmethod
    def version(cls):
        flag = {"nginx": "-v", "haproxy": "-v", "caddy": "version"}.get(cls.name, "--version")
        done = subprocess.run([cls.program, flag], capture_output=True, text=True, check=False)
        return re.search(r"(\d+\.\d+\.\d+)", done.stdout + done.stderr)[1]

    @property
    def pid(self):
        return self.process.pid

    def line(self, instance):
        """How the configuration names an instance."""
        raise NotImplementedError

    separator = "\n"

    def configuration(self, instances, **more):
        text = string.Template((HERE / "peers" / self.template).read_text())
        lines = self.separator.join(self.line(instance) for instance in instances)
        return text.substitute({"folder": self.folder, "port": self.port, "instances": lines} | more)

    def write(self, instances, **more):
        path = self.folder / self.template
        path.write_text(self.configuration(instances, **more))
        return path

    def start(self, version):
        self.instances = self.fleet.start(version)
        self.prepare()
        with open(self.folder / "proxy.log", "wb") as log:
            self.process = subprocess.Popen(list(map(str, self.arguments())), stdout=log, stderr=log)
        wait_until(lambda: reachable(self.port), 20, self.name)

    def prepare(self):
        self.write(self.instances)

    def release(self, version):
        old, self.instances = self.instances, self.fleet.start(version)
        self.switch(old, self.instances)
        time.sleep(DRAIN_S)
        self.fleet.stop(old)
        self.forget(old)

    def switch(self, old, new):
        raise NotImplementedError

    def forget(self, old):
        """After the old instances have ended."""

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.fleet.end()
        shutil.rmtree(self.folder, ignore_errors=True)


class Nginx(Driver):
    name, program, template = "nginx", "/usr/sbin/nginx", "nginx.conf"
    told = "a new upstream block and a reload; worker_shutdown_timeout 120s"

    def line(self, instance):
        return f"        server {instance.address};"

    def arguments(self):
        return [self.program, "-c", self.folder / self.template, "-p", self.folder]

    def switch(self, old, new):
        self.write(new)
        self.process.send_signal(signal.SIGHUP)


class Haproxy(Driver):
    name, program, template = "haproxy", "/usr/sbin/haproxy", "haproxy.cfg"
    told = "Runtime API: add server, enable health and server, wait for UP, drain the old, later delete them"

    def line(self, instance):
        return f"    server {instance.name} {instance.address} check"

    def arguments(self):
        return [self.program, "-db", "-f", self.folder / self.template]

    def say(self, *commands):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.folder / "haproxy.sock"))
            line.sendall((";".join(commands) + "\n").encode())
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def is_up(self, instance):
        rows = [row.split(",") for row in self.say("show stat").splitlines()]
        return any(row[:2] == ["app", instance.name] and row[17] == "UP" for row in rows if len(row) > 17)

    def switch(self, old, new):
        for each in new:
            self.say(f"add server app/{each.name} {each.address} check inter 300ms")
            self.say(f"enable health app/{each.name}")
            self.say(f"enable server app/{each.name}")
        for each in new:
            wait_until(lambda each=each: self.is_up(each), 10, f"haproxy to find {each.name} healthy")
        for each in old:
            self.say(f"set server app/{each.name} state drain")

    def forget(self, old):
        for each in old:
            self.say(f"set server app/{each.name} state maint")
            self.say(f"del server app/{each.name}")


class Envoy(Driver):
    name, program, template = "envoy", str(ENVOY), "envoy.yaml"
    told = "endpoints in a watched file: the new beside the old, when Envoy finds them healthy the old DRAINING, then the new alone"

    def __init__(self):
        super().__init__()
        self.admin_port = free_port()

    def line(self, instance):
        return ""

    @classmethod
    def version(cls):
        done = subprocess.run([cls.program, "--version"], capture_output=True, text=True, check=False)
        return re.search(r"/(\d+\.\d+\.\d+)/", done.stdout)[1]

    def prepare(self):
        (self.folder / "eds").mkdir()
        self.write(self.instances, admin_port=self.admin_port)
        self.endpoints(self.instances, [])

    def endpoints(self, healthy, draining):
        """Moves a file of endpoints into the place that Envoy watches."""
        def one(instance, status):
            address = {"socket_address": {"address": "127.0.0.1", "port_value": instance.port}}
            return {"endpoint": {"address": address}, "health_status": status}
        listed = [one(each, "HEALTHY") for each in healthy] + [one(each, "DRAINING") for each in draining]
        resource = {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
                    "cluster_name": "app", "endpoints": [{"lb_endpoints": listed}]}
        fresh = self.folder / "endpoints.yaml"
        fresh.write_text(json.dumps({"version_info": str(time.time()), "resources": [resource]}))
        os.replace(fresh, self.folder / "eds/endpoints.yaml")

    def arguments(self):
        return [self.program, "-c", self.folder / self.template, "--concurrency", "2",
                "--disable-hot-restart", "-l", "warning"]

    def is_healthy(self, instance):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=5)
        connection.request("GET", "/clusters")
        return f"app::{instance.address}::health_flags::healthy" in connection.getresponse().read().decode()

    def switch(self, old, new):
        self.endpoints(new + old, [])
        for each in new:
            wait_until(lambda each=each: self.is_healthy(each), 10, f"envoy to find {each.name} healthy")
        self.endpoints(new, old)

    def forget(self, old):
        self.endpoints(self.instances, [])


class Caddy(Driver):
    name, program, template = "caddy", "caddy", "caddy.json"
    told = "admin API: POST /load with the new upstreams; grace_period 60s, retries for 5s"
    separator = ", "

    def __init__(self):
        super().__init__()
        self.admin_port = free_port()

    def line(self, instance):
        return json.dumps({"dial": instance.address})

    def prepare(self):
        self.write(self.instances, admin_port=self.admin_port)

    def arguments(self):
        return [self.program, "run", "--config", self.folder / self.template]

    def switch(self, old, new):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=90)
        connection.request("POST", "/load", self.configuration(new, admin_port=self.admin_port),
                           {"Content-Type": "application/json"})
        if connection.getresponse().status != 200:
            raise SystemExit("caddy refused its configuration")


class Crossfade(Driver):
    name, program = "crossfade", str(BIN / "crossfade")
    told = "`crossfade deploy` of a new major version, blue-green; `sockets: mattermost`"

    def __init__(self):
        super().__init__()
        self.house = House(instances=INSTANCES, settings={
            "settle": "500ms", "settle_before_leaving": "1s", "bake": "3s", "drain": "{deadline: 60s}",
            "progress_deadline": "120s"},
            guard="{requests_min: 20, interval: 250ms}",
            extra='routes:\n  - {path: "/*", sockets: mattermost}\n')
        self.port = self.house.port

    def start(self, version):
        self.house.write_spec(version=version)
        self.house.up()

    @property
    def pid(self):
        return self.house.pids("crossfade edge")[0]

    def release(self, version):
        self.house.write_spec(version=version)
        self.house.run("deploy", "--yes", check=DONE)

    def stop(self):
        self.house.__exit__(None, None, None)
        super().stop()


ALL = [Crossfade, Nginx, Haproxy, Envoy, Caddy]
NOT_INSTALLED = {
    "kamal-proxy": "neither a Debian nor a PyPI package carries it; its Go module is refused (403)",
}
