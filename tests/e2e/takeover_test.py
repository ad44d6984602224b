"""The edge replaced under load: nothing fails, no socket closes, and who fails to replace it
changes nothing.

CROSSFADE_TAKEOVERS=200 makes it as many in a row; `./x test` does a few.
"""
import os
import pathlib
import signal
import ssl
import struct
import subprocess
import threading
import time
import unittest

from tests.support.certificate import make_certificate
from tests.support.echo import Clients, Instance, Upload
from tests.support.edge import Edge, wait_for
from tests.support.house import BIN, DONE, ERROR, House, wait_until
from tests.support.visitor import Visitor

TAKEOVERS = int(os.environ.get("CROSSFADE_TAKEOVERS", 5))
LISTENERS = 4  # sockets of an edge that cannot have accepted anything yet: line, admin, one a worker


class Takeover(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.stop)
        self.edge = Edge(workers=2)
        self.addCleanup(self.edge.stop)
        self.edge.configure({"one": self.instance.address})

    def test_nothing_fails_and_no_socket_closes(self):
        uploads, begun, done = 0, time.monotonic(), 0
        with Clients(self.edge.address) as clients:
            while done < TAKEOVERS:
                upload = Upload(self.edge.address)
                upload.start()
                wait_for(lambda: upload.sent > 1 << 18, "an upload under way")
                for _ in range(min(5, TAKEOVERS - done)):
                    before = clients.requests, clients.echoes
                    self.edge.take_over()
                    done += 1
                    wait_for(lambda: clients.requests > before[0] + 20 and
                             clients.echoes > before[1] + 20, "traffic through the new edge")
                    self.assertEqual(clients.failures, [], f"takeover {done}")
                self.assertTrue(upload.is_alive(), "it was in flight all the time")
                self.assertEqual(upload.end(), "")
                uploads += 1
                # All sockets came along: the old edges have ended, and not by force.
                wait_for(lambda: self.edge.ended_before() == done, "the old edges to end")
        self.assertEqual(clients.failures, [])
        opened = self.edge.admin.ask("GET", "/v1/groups/blue/targets/one")
        print(f"{done} takeovers in {time.monotonic() - begun:.0f} s: {clients.requests} requests, "
              f"{len(clients.failures)} failed; {opened['sockets_opened']} sockets, 0 closed, "
              f"{clients.echoes} echoes in order; {uploads} uploads across five each, 0 failed")


class Fetches(threading.Thread):
    """curl, which knows nothing of us, over one connection of HTTP/2 for as long as that is given."""

    def __init__(self, address, certificate):
        super().__init__(daemon=True)
        host = f"localhost:{address[1]}"
        self.process = subprocess.Popen(
            ["curl", "-sS", "--http2", "--cacert", certificate, "--resolve", f"{host}:127.0.0.1",
             "--rate", "200/s", "--max-time", "30", "-o", "/dev/null",
             "-w", "%{stderr}%{http_version} %{http_code} %{num_connects}\\n", f"https://{host}/[1-100000]"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.answers, self.connects, self.failures = 0, 0, []

    def run(self):
        for line in self.process.stdout:
            if not line.endswith("\n"):
                break  # stopped in the middle of it
            if line.startswith("2 200 "):
                self.answers += 1
                self.connects += int(line.split()[2])
            else:
                self.failures.append(line.strip())

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.join()
        self.process.stdout.close()


class Encrypted(unittest.TestCase):
    """Who cannot be moved is asked to come anew, and loses nothing by it."""

    def test_no_request_over_tls_fails(self):
        instance = Instance()
        self.addCleanup(instance.stop)
        edge = Edge(workers=2)
        self.addCleanup(edge.stop)
        make_certificate(edge.state, "app")
        certificate = edge.state / "app.pem"
        edge.configure({"one": instance.address}, tls={"certificates": [
            {"certificate": str(certificate), "key": str(edge.state / "app.key")}]})
        trust = ssl.create_default_context(cafile=certificate)
        trust.check_hostname = False
        fetches = Fetches(edge.address, certificate)
        fetches.start()
        try:
            with Clients(edge.address, sockets=0, tls=trust) as clients:
                for done in range(1, TAKEOVERS + 1):
                    edge.take_over()
                    before = clients.requests, fetches.answers
                    wait_for(lambda: clients.requests > before[0] + 20 and
                             fetches.answers > before[1] + 20 or fetches.failures,
                             "traffic through the new edge")
                    wait_for(lambda: edge.ended_before() == done, "the old edge to end")
        finally:
            fetches.stop()
        self.assertEqual(clients.failures + fetches.failures, [])
        self.assertGreater(fetches.connects, TAKEOVERS, "each edge had a connection of its own")


class Failure(unittest.TestCase):
    """A new edge, or the old one, is killed on the way: there is one that serves, and no port closes."""

    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.stop)
        self.edge = Edge(workers=2)
        self.addCleanup(self.edge.stop)
        self.edge.configure({"one": self.instance.address})

    def sockets_of(self, process):
        """How many sockets it has open; -1 once it has ended."""
        try:
            folder = f"/proc/{process.pid}/fd"
            return sum("socket:" in os.readlink(f"{folder}/{each}") for each in os.listdir(folder))
        except OSError:
            return -1

    def departed(self):
        return (self.edge.state / "tool.log").read_text().count("takeover_departs")

    def test_a_new_edge_killed_at_any_step_leaves_the_old_one_as_it_was(self):
        upload = Upload(self.edge.address)  # as long as it lasts, the old edge does
        upload.start()
        wait_for(lambda: upload.sent > 1 << 16, "an upload under way")
        for sockets in (0, 1, 2, 3, 4, 5, 6, 20):
            with self.subTest(sockets=sockets), Clients(self.edge.address, sockets=4) as clients:
                departed = self.departed()
                new = self.edge.start(str(BIN / "crossfade"), "edge", "--takeover")
                wait_for(lambda: not 0 <= self.sockets_of(new) < sockets, "its step")
                new.kill()
                new.wait()
                wait_for(lambda: self.edge.serving() == self.edge.process.pid, "the old edge")
                before = clients.requests
                wait_for(lambda: clients.requests > before + 20, "traffic")
                if self.departed() > departed or sockets > LISTENERS:
                    # It served, or was about to say so: what it had accepted or been given died
                    # with it, nothing else did.
                    self.assertLessEqual(len(clients.failures), 8, clients.failures)
                else:
                    self.assertEqual(clients.failures, [])
        self.assertEqual(upload.end(), "")
        self.edge.take_over()

    def test_an_old_edge_killed_on_the_way_leaves_the_new_one(self):
        old = self.edge.process
        self.edge.process = self.edge.start(str(BIN / "crossfade"), "edge", "--takeover")
        self.edge.before.append(old)
        wait_for(lambda: self.sockets_of(self.edge.process) > 2, "listeners on their way")
        old.kill()
        old.wait()
        wait_for(lambda: self.edge.serving() == self.edge.process.pid, "the new edge")
        with Clients(self.edge.address, sockets=4) as clients:
            wait_for(lambda: clients.requests > 20, "traffic")
        self.assertEqual(clients.failures, [])
        self.edge.before.clear()


def another_build(folder):
    """A copy of the program that differs in nothing but its build id."""
    program = bytearray((BIN / "crossfade").read_bytes())
    at = program.index(struct.pack("<III", 4, 20, 3) + b"GNU\0") + 16
    program[at] ^= 0xFF
    copy = pathlib.Path(folder) / "crossfade-next"
    copy.write_bytes(program)
    copy.chmod(0o755)
    return copy


class Upgrade(unittest.TestCase):
    def setUp(self):
        self.house = House()
        self.house.__enter__()
        self.addCleanup(self.house.__exit__, None, None, None)
        self.house.up()

    def edges(self):
        return self.house.pids(" edge ")

    def test_up_of_another_build_replaces_agent_and_edge_under_load(self):
        house, before = self.house, self.edges()
        instances = [each["id"] for each in house.instance_list()]
        with Visitor(house.port, threads=4) as visitor:
            house.program = another_build(house.folder)
            house.up()
            wait_until(lambda: self.edges() and not set(before) & set(self.edges()),
                       what="the old edge to end")
            after = self.edges()
            self.assertEqual([each["id"] for each in house.instance_list()], instances)
            house.write_spec(version="1.0.1")
            house.run("deploy", "--yes", check=DONE)
        self.assertEqual(visitor.failures, [])
        self.assertEqual(len(after), 1)
        house.up()
        self.assertEqual(self.edges(), after, "there is nothing to replace any more")
        # The agent follows the new one: when that is killed, another is started.
        os.kill(after[0], signal.SIGKILL)
        wait_until(lambda: self.edges() and self.edges() != after, what="another edge")
        house.up()
        with Visitor(house.port) as visitor:
            wait_until(lambda: visitor.answers > 50, what="traffic")
        self.assertEqual(visitor.failures, [])

    def test_a_build_that_does_not_start_changes_nothing(self):
        house, before = self.house, self.edges()
        key = next(house.folder.rglob("edge.key"))
        key.rename(key.with_suffix(".kept"))
        key.mkdir()
        with Visitor(house.port, threads=4) as visitor:
            house.program = another_build(house.folder)
            answer = house.run("up")
            self.assertEqual(answer.code, ERROR, answer)
            self.assertIn("[CF0469]", answer.err)
            self.assertEqual(self.edges(), before)
            key.rmdir()
            key.with_suffix(".kept").rename(key)
            house.up()
            wait_until(lambda: self.edges() and self.edges() != before, what="the new edge")
        self.assertEqual(visitor.failures, [])


if __name__ == "__main__":
    unittest.main()
