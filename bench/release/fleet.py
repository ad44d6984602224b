"""Instances of the chat as a deployment script would run them, for the proxies that run none."""
import http.client
import pathlib
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.support.house import BIN, CHAT, free_port, wait_until  # noqa: E402

STOP_DEADLINE_S = 60


class Instance:
    """One process. It ends on SIGTERM as the application does: sockets are closed with 1012, requests end."""

    def __init__(self, folder, version, name):
        self.name, self.port = name, free_port()
        with open(folder / f"{name}.log", "wb") as log:
            self.process = subprocess.Popen(
                [BIN / CHAT, "--listen", self.address, "--instance", name, "--version", version,
                 "--database", folder / "chat.db", "--files", folder / "files"], stdout=log, stderr=log)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def healthy(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
            connection.request("GET", "/api/v4/system/ping")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


class Fleet:
    """The instances of one version after another, all on one database."""

    def __init__(self, folder, size):
        self.folder, self.size, self.started = folder, size, 0
        self.all = []

    def start(self, version):
        """Starts a version's instances and returns them once all answer."""
        fresh = []
        for _ in range(self.size):
            self.started += 1
            fresh.append(Instance(self.folder, version, f"i{self.started}"))
        self.all += fresh
        for instance in fresh:
            wait_until(instance.healthy, 20, f"{instance.name} to be healthy")
        return fresh

    @staticmethod
    def stop(instances):
        """Asks them to end, and waits until they have."""
        for instance in instances:
            instance.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_DEADLINE_S
        for instance in instances:
            try:
                instance.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                instance.process.kill()

    def end(self):
        for instance in self.all:
            if instance.process.poll() is None:
                instance.process.kill()
            instance.process.wait()


def reachable(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False
