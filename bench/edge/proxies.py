"""The proxies side by side: how each is told the same thing, started, watched and stopped.

Every proxy gets one worker, two origins to deal requests out to, health checks where it has them, and
no access log. What it is told stands in `peers/`; Crossfade is told through its admin API.
"""
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import string
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin"))
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
ENVOY = ROOT / "build/peers/envoy/_bin/envoy"  # laid there by `./x setup bench`

# What the Go module proxy answers for both is in README.md.
NOT_INSTALLED = {
    "traefik": "neither a Debian nor a PyPI package carries it; its Go modules are refused (403)",
    "kamal-proxy": "neither a Debian nor a PyPI package carries it; its Go module is refused (403)",
}


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def wait_for(port, deadline_s=20):
    until = time.monotonic() + deadline_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def tree(pid):
    """The process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
            try:
                found += [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                continue
    return found


def cpu_s(pid):
    """User and system time of a process tree so far, in seconds, with those of it that have ended."""
    user = system = 0
    for each in tree(pid):
        fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        user += int(fields[11]) + int(fields[13])
        system += int(fields[12]) + int(fields[14])
    return user * TICK_S, system * TICK_S


def resident_bytes(pid):
    """Anonymous resident memory of a process tree: what connections cost, not the binary's pages."""
    total = 0
    for each in tree(pid):
        status = pathlib.Path(f"/proc/{each}/status").read_text()
        total += int(re.search(r"RssAnon:\s+(\d+)", status)[1]) * 1024
    return total


class Place:
    """A folder with certificates and bodies, the ports of the origins, and where things run."""

    def __init__(self, folder):
        self.folder = folder
        folder.chmod(0o755)  # nginx's worker is another user's when started by root
        self.static = folder / "static"
        self.static.mkdir()
        self.origin_a, self.origin_b, self.echo = free_ports(3)
        for name, size in {"200": 200, "16k": 16 << 10, "1m": 1 << 20}.items():
            (self.static / name).write_bytes(b"crossfade " * (size // 10) + b"." * (size % 10))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "3", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "key.pem",
                        "-out", folder / "cert.pem"], check=True, stderr=subprocess.DEVNULL)
        (folder / "both.pem").write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())

    def words(self):
        return {"folder": self.folder, "static": self.static, "files": FILES, "clients": FILES // 2 - 600,
                "origin_a": f"127.0.0.1:{self.origin_a}", "origin_b": f"127.0.0.1:{self.origin_b}",
                "origin_a_port": self.origin_a, "origin_b_port": self.origin_b,
                "echo": f"127.0.0.1:{self.echo}", "echo_port": self.echo}

    def write(self, template, **more):
        """Fills a template of `peers/` in; returns the file."""
        text = string.Template((HERE / "peers" / template).read_text())
        path = self.folder / f"{more.get('port', 0)}-{template}"
        path.write_text(text.substitute(self.words() | more))
        return path


class Proxy:
    """One that is running. `measure` names the process whose tree is accounted."""
    template, program, version_command = "", "", ()
    static = True
    environment = {}

    def __init__(self, place):
        self.place, self.process = place, None
        self.port, self.tls_port = free_ports(2)

    @classmethod
    def absent(cls):
        """Why it cannot run here, or nothing."""
        return "" if shutil.which(cls.program) else f"{cls.program} is not on the PATH: ./x setup bench"

    @classmethod
    def version(cls):
        done = subprocess.run([cls.program, *cls.version_command], capture_output=True, text=True, check=False)
        return re.search(r"\d+\.\d+(\.\d+)*", done.stdout + done.stderr)[0]

    def command(self, config):
        raise NotImplementedError

    def start(self, wrapper=()):
        config = self.place.write(self.template, port=self.port, tls_port=self.tls_port) if self.template else None
        with open(self.place.folder / f"{self.name}.out", "wb") as log:
            self.process = subprocess.Popen([*wrapper, *self.command(config)], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, env=os.environ | self.environment)
        self.configure()
        wait_for(self.port, 60)

    def configure(self):
        pass

    def pin(self, cores):
        """Binds every thread to these cores; those that it starts later inherit it."""
        for pid in tree(self.process.pid):
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), cores)

    def stop(self, deadline_s=5):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(deadline_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Crossfade(Proxy):
    name, program, version_command = "crossfade", str(BIN / "crossfade"), ("--version",)

    def command(self, config):
        self.state = self.place.folder / f"state-{self.port}"
        self.state.mkdir(exist_ok=True)
        return [self.program, "edge", "--workers", "1", "--state", str(self.state)]

    def ask(self, method, path, body=None):
        """One call of the admin API; its answer as JSON."""
        connection = http.client.HTTPConnection("edge")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.state / "edge.sock"))
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read() or b"{}")
        connection.close()
        if response.status >= 300:
            raise SystemExit(f"edge: {method} {path}: {answer}")
        return answer

    def configure(self):
        until = time.monotonic() + 60
        while not (self.state / "edge.sock").exists() and time.monotonic() < until:
            time.sleep(0.02)
        health = {"path": "/health", "interval_ms": 1000}
        pair = {"certificate": str(self.place.folder / "cert.pem"), "key": str(self.place.folder / "key.pem")}
        config = {"listeners": [{"name": "plain", "address": f"127.0.0.1:{self.port}"},
                                {"name": "tls", "address": f"127.0.0.1:{self.tls_port}",
                                 "tls": {"certificates": [pair]}}],
                  "groups": {"origin": {"health": health}, "echo": {"health": health}},
                  "rules": [
                      {"priority": 10, "path": "/static/*",
                       "assets": {"directory": str(self.place.static), "strip_prefix": "/static"}},
                      {"priority": 20, "path": "/ws*", "forward": {"weights": {"echo": 1}}},
                      {"priority": 30, "path": "*", "forward": {"weights": {"origin": 1}}}],
                  "limits": {"pooled_per_target": 512}}
        self.ask("PUT", "/v1/config", {"fence": 1, "token": "config", "config": config})
        for group, name, port in [("origin", "a", self.place.origin_a), ("origin", "b", self.place.origin_b),
                                  ("echo", "e", self.place.echo)]:
            self.ask("PUT", f"/v1/groups/{group}/targets/{name}",
                     {"fence": 1, "token": name, "address": f"127.0.0.1:{port}"})
        while not self.healthy() and time.monotonic() < until:
            time.sleep(0.05)

    def healthy(self):
        groups = self.ask("GET", "/v1/groups")["groups"]
        return all(target["state"] == "healthy" for target in groups["origin"]["targets"])


class Nginx(Proxy):
    name, program, version_command, template = "nginx", "/usr/sbin/nginx", ("-v",), "nginx.conf"

    def command(self, config):
        return [self.program, "-c", str(config), "-p", str(self.place.folder)]


class Haproxy(Proxy):
    name, program, version_command, template = "haproxy", "/usr/sbin/haproxy", ("-v",), "haproxy.cfg"
    static = False

    def command(self, config):
        return [self.program, "-db", "-f", str(config)]


class Envoy(Proxy):
    name, program, version_command, template = "envoy", str(ENVOY), ("--version",), "envoy.yaml"
    static = False

    @classmethod
    def version(cls):
        done = subprocess.run([cls.program, "--version"], capture_output=True, text=True, check=False)
        return re.search(r"/(\d+\.\d+\.\d+)/", done.stdout)[1]

    def command(self, config):
        return [self.program, "-c", str(config), "--concurrency", "1", "--disable-hot-restart", "-l", "error"]


class Caddy(Proxy):
    name, program, version_command, template = "caddy", "caddy", ("version",), "Caddyfile"
    environment = {"GOMAXPROCS": "1"}

    def command(self, config):
        return [self.program, "run", "--adapter", "caddyfile", "--config", str(config)]


class H2o(Proxy):
    name, program, version_command, template = "h2o", "h2o", ("--version",), "h2o.conf"

    def command(self, config):
        return [self.program, "-c", str(config)]


ALL = [Crossfade, Nginx, Haproxy, Envoy, Caddy, H2o]


class Origin(Proxy):
    """The backend of all: one nginx with two ports."""
    name, program, template = "origin", "/usr/sbin/nginx", "origin.conf"

    def command(self, config):
        return [self.program, "-c", str(config), "-p", str(self.place.folder)]

    def start(self, wrapper=()):
        self.port = self.place.origin_a
        super().start(wrapper)


def present(names):
    """The proxies asked for that can run, and why the others cannot."""
    absent = dict(NOT_INSTALLED)
    for proxy in ALL:
        if why := proxy.absent():
            absent[proxy.name] = why
    chosen = [proxy for proxy in ALL if proxy.name not in absent and (not names or proxy.name in names)]
    if Crossfade not in chosen and not names:
        sys.exit(absent["crossfade"])
    return chosen, absent
