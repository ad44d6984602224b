"""gRPC's own client and server with the edge between them, while targets are switched and drained.

grpcio is a client and a server that know nothing of us: calls with one answer, streams from the
server, and streams of both directions must all end with OK, each by the server that began it.
"""
import concurrent.futures
import sys
import threading
import time
import unittest

from tests.support.certificate import make_certificate
from tests.support.edge import Edge, wait_for

try:
    import grpc
except ImportError:  # Debian's, where another python of the same version is the first in PATH
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import grpc
    except ImportError:
        grpc = None

SWITCHES = 6
TAKEOVERS = 3
MESSAGES = 20


def same(data):
    return data


class Server:
    """Says its name in front of what it is told."""

    def __init__(self, name):
        self.name = name.encode()
        methods = {
            "Once": grpc.unary_unary_rpc_method_handler(self.once),
            "Count": grpc.unary_stream_rpc_method_handler(self.count),
            "Talk": grpc.stream_stream_rpc_method_handler(self.talk),
            "Fail": grpc.unary_unary_rpc_method_handler(self.fail),
        }
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=32))
        self.server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("t.T", methods)])
        self.address = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def once(self, message, context):
        context.set_trailing_metadata([("served-by", self.name.decode())])
        return self.name + b":" + message

    def count(self, message, _):
        for i in range(int(message)):
            yield self.name + b":%d" % i

    def talk(self, messages, _):
        for message in messages:
            yield self.name + b":" + message

    def fail(self, _, context):
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "as asked")


class Callers:
    """Calls of each kind, one after the other on threads of their own, until told to stop."""

    def __init__(self, channel):
        self.channel = channel
        self.over = threading.Event()
        self.ended = {"once": 0, "count": 0, "talk": 0}
        self.wrong = []
        self.threads = [threading.Thread(target=self.call, args=(kind,)) for kind in self.ended]
        for thread in self.threads:
            thread.start()

    def call(self, kind):
        while not self.over.is_set():
            try:
                said = getattr(self, kind)()
                names = {part.split(b":")[0] for part in said}
                if len(names) != 1:
                    self.wrong.append(f"{kind}: served by {names}")
                self.ended[kind] += 1
            except grpc.RpcError as error:
                self.wrong.append(f"{kind}: {error}")
            time.sleep(0.002)

    def once(self):
        return [self.channel.unary_unary("/t.T/Once")(b"x" * 1000, timeout=30)]

    def count(self):
        said = list(self.channel.unary_stream("/t.T/Count")(b"%d" % MESSAGES, timeout=30))
        if len(said) != MESSAGES:
            self.wrong.append(f"count: {len(said)} messages")
        return said

    def talk(self):
        answered = threading.Semaphore(1)

        def messages():
            for i in range(MESSAGES):
                answered.acquire()
                yield b"%d" % i

        said = []
        for message in self.channel.stream_stream("/t.T/Talk")(messages(), timeout=30):
            said.append(message)
            answered.release()
        if [part.split(b":")[1] for part in said] != [b"%d" % i for i in range(MESSAGES)]:
            self.wrong.append(f"talk: {said}")
        return said

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


@unittest.skipIf(grpc is None, "grpcio is not installed: Debian's python3-grpcio")
class Grpc(unittest.TestCase):
    def setUp(self):
        self.edge = Edge(workers=2)
        self.addCleanup(self.edge.stop)
        make_certificate(self.edge.state, "app", "app.test")
        self.certificate, key = self.edge.state / "app.pem", self.edge.state / "app.key"
        group = {"protocol": "grpc", "health": {"interval_ms": 200, "timeout_ms": 5000}}
        self.edge.admin.ask("PUT", "/v1/config", {"fence": 1, "config": {
            "listeners": [{"name": "https", "address": "127.0.0.1:0", "tls": {"certificates": [
                {"certificate": str(self.certificate), "key": str(key)}]}}],
            "groups": {"blue": group, "green": group},
            "rules": [{"priority": 1, "path": "*", "forward": {}}]}})
        self.shift("blue")
        self.address = self.edge.admin.ask("GET", "/v1/health")["listeners"][0]["address"]

    def shift(self, group):
        weights = {"blue": int(group == "blue"), "green": int(group == "green")}
        self.edge.admin.ask("PUT", "/v1/weights", {"fence": 1, "weights": weights})

    def target(self, group, name):
        return self.edge.admin.ask("GET", f"/v1/groups/{group}/targets/{name}")

    def add(self, group, name):
        server = Server(name)
        self.addCleanup(server.server.stop, None)
        self.edge.admin.ask("PUT", f"/v1/groups/{group}/targets/{name}",
                            {"fence": 1, "address": server.address})
        wait_for(lambda: self.target(group, name)["state"] == "healthy", f"a healthy {name}")
        return server

    def remove(self, group, name):
        path = f"/v1/groups/{group}/targets/{name}?fence=1"
        self.edge.admin.ask("DELETE", path)
        wait_for(lambda: self.target(group, name)["state"] == "drained", f"{name} to be empty")
        target = self.target(group, name)
        self.assertEqual((target["in_flight"], target["pooled"]), (0, 0))
        self.edge.admin.ask("DELETE", path + "&forget=true")

    def channel(self):
        return grpc.secure_channel(
            self.address, grpc.ssl_channel_credentials(self.certificate.read_bytes()),
            options=[("grpc.ssl_target_name_override", "app.test")])

    def test_statuses_and_trailers_come_from_the_server(self):
        self.add("blue", "one")
        with self.channel() as channel:
            answer, call = channel.unary_unary("/t.T/Once").with_call(b"hello", timeout=30)
            self.assertEqual(answer, b"one:hello")
            self.assertIn(("served-by", "one"), [tuple(pair) for pair in call.trailing_metadata()])
            large = channel.unary_unary("/t.T/Once")(b"l" * 3_000_000, timeout=30)
            self.assertEqual(len(large), 3_000_004)
            with self.assertRaises(grpc.RpcError) as failed:
                channel.unary_unary("/t.T/Fail")(b"", timeout=30)
            self.assertEqual(failed.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
            self.assertEqual(failed.exception.details(), "as asked")
            with self.assertRaises(grpc.RpcError) as unknown:
                channel.unary_unary("/t.T/Nothing")(b"", timeout=30)
            self.assertEqual(unknown.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_no_call_is_lost_while_the_edge_is_replaced(self):
        self.add("blue", "one")
        with self.channel() as channel:
            callers = Callers(channel)
            try:
                for done in range(TAKEOVERS):
                    self.edge.take_over()
                    before = dict(callers.ended)
                    wait_for(lambda: all(callers.ended[kind] > before[kind] + 5 for kind in before)
                             or callers.wrong, "calls of each kind")
                    wait_for(lambda: self.edge.ended_before() == done + 1, "the old edge to end")
            finally:
                callers.stop()
        self.assertEqual(callers.wrong, [])

    def test_no_call_is_lost_while_targets_are_switched_and_drained(self):
        groups = ["blue", "green"]
        server = self.add("blue", "server0")
        with self.channel() as channel:
            callers = Callers(channel)
            try:
                for i in range(1, SWITCHES + 1):
                    old, new = groups[(i - 1) % 2], groups[i % 2]
                    before = dict(callers.ended)
                    wait_for(lambda: all(callers.ended[kind] > before[kind] for kind in before)
                             or callers.wrong, "calls of each kind")
                    following = self.add(new, f"server{i}")
                    self.shift(new)
                    self.remove(old, f"server{i - 1}")
                    server.server.stop(None)  # at once: it has nothing left
                    server = following
            finally:
                callers.stop()
        self.assertEqual(callers.wrong, [])
        self.assertGreaterEqual(min(callers.ended.values()), SWITCHES)


if __name__ == "__main__":
    unittest.main()
