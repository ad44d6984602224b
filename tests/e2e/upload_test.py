"""An upload and the instance that takes it: the instance is killed, the upload is not.

The size is 64 MB; CROSSFADE_UPLOAD_BYTES=1073741824 makes it a gigabyte.
"""
import hashlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import unittest

from tests.support.edge import Edge, wait_for

BYTES = int(os.environ.get("CROSSFADE_UPLOAD_BYTES", 64 << 20))
PIECE = 1 << 20

# Takes a body and answers with its digest; says where it listens, then how far it has come.
INSTANCE = """
import hashlib, http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
    def do_POST(self):
        left, digest = int(self.headers["Content-Length"]), hashlib.sha256()
        while left:
            piece = self.rfile.read(min(left, 1 << 20))
            if not piece: return
            digest.update(piece); left -= len(piece)
            print("left", left, flush=True)
        body = digest.hexdigest().encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class Instance:
    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-c", INSTANCE], stdout=subprocess.PIPE,
                                        text=True)
        self.address = "127.0.0.1:" + self.process.stdout.readline().strip()
        self.left = None
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        for line in self.process.stdout:
            self.left = int(line.split()[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.listener.join()
        self.process.stdout.close()


def pieces():
    for at in range(0, BYTES, PIECE):
        yield at.to_bytes(8, "big") * (min(PIECE, BYTES - at) // 8)


class Upload(unittest.TestCase):
    def test_an_upload_outlives_the_instance_that_was_killed(self):
        first, second = Instance(), Instance()
        self.addCleanup(second.kill)
        edge = Edge()
        self.addCleanup(edge.stop)
        edge.configure({"first": first.address}, forward={"replay": "always"},
                       limits={"hold_when_empty_ms": 10000})
        expected, sent, killed = hashlib.sha256(), 0, False
        connection = http.client.HTTPConnection(*edge.address, timeout=300)
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/upload")
        connection.putheader("Content-Length", str(BYTES))
        connection.endheaders()
        for piece in pieces():
            connection.send(piece)
            expected.update(piece)
            sent += len(piece)
            if not killed and sent > BYTES // 2:
                wait_for(lambda: first.left is not None and first.left < BYTES * 3 // 4, "half of it")
                edge.add("second", second.address)
                first.kill()
                killed = True
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.read().decode(), expected.hexdigest())


if __name__ == "__main__":
    unittest.main()
