"""How users come in, as crossfade.yaml says it: encrypted, and while no instance can serve."""
import http.client
import os
import shutil
import signal
import subprocess
import threading
import unittest

from tests.support.certificate import make_certificate
from tests.support.house import DONE, House, free_port, wait_until


def ping(house):
    """The status that a user gets."""
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    try:
        connection.request("GET", "/api/v4/system/ping")
        return connection.getresponse().status
    finally:
        connection.close()


class Doors(unittest.TestCase):
    def fetch(self, house, port, *more):
        """curl's exit code, then what it wrote of version and status."""
        done = subprocess.run(
            ["curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
             "--cacert", house.folder / "chat.pem", "--resolve", f"localhost:{port}:127.0.0.1", *more,
             f"https://localhost:{port}/api/v4/system/ping"], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def serial(self, port):
        shown = subprocess.run(f"openssl s_client -connect 127.0.0.1:{port} -servername localhost </dev/null"
                               " 2>/dev/null | openssl x509 -noout -serial", shell=True, check=False,
                               capture_output=True, text=True)
        return shown.stdout.strip().removeprefix("serial=")

    def test_users_come_in_by_tls_and_a_renewed_certificate_is_shown_without_a_restart(self):
        port = free_port()
        with House(extra=f"tls:\n  listen: 127.0.0.1:{port}\n  minimum: \"1.3\"\n"
                         "  certificates: [{certificate: chat.pem, key: chat.key}]\n") as house:
            first = make_certificate(house.folder, "chat")
            house.up()
            self.assertIn(f"serves on https://127.0.0.1:{port}", house.up().out)
            self.assertEqual(house.status()["open"], f"https://127.0.0.1:{port}")
            self.assertEqual(self.fetch(house, port), (0, "2 200"))
            self.assertEqual(self.fetch(house, port, "--http1.1"), (0, "1.1 200"))
            refused, _ = self.fetch(house, port, "--tls-max", "1.2")
            self.assertNotEqual(refused, 0, "1.3 is the oldest that is spoken")
            self.assertEqual(self.serial(port), first)
            renewed = make_certificate(house.folder, "next")
            shutil.move(house.folder / "next.key", house.folder / "chat.key")
            shutil.move(house.folder / "next.pem", house.folder / "chat.pem")
            wait_until(lambda: self.serial(port) == renewed, what="the renewed certificate")
            self.assertEqual(self.fetch(house, port), (0, "2 200"))

    def test_a_certificate_that_is_not_there_is_told_and_changes_nothing(self):
        with House(extra=f"tls:\n  listen: 127.0.0.1:{free_port()}\n"
                         "  certificates: [{certificate: none.pem, key: none.key}]\n") as house:
            refused = house.run("up")
            self.assertNotEqual(refused.code, DONE)
            self.assertIn("none.pem", refused.err)

    def test_a_request_waits_for_an_instance_where_the_spec_says_so(self):
        with House(instances=1, service="  requests_wait: 20s\n") as house:
            house.up()
            self.assertEqual(ping(house), 200)
            statuses = []
            stop = threading.Event()

            def keep_asking():
                while not stop.is_set():
                    statuses.append(ping(house))

            asking = threading.Thread(target=keep_asking)
            asking.start()
            for pid in house.pids("--listen"):
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: house.pids("--listen") and len(statuses) > 50, what="its return")
            so_far = len(statuses)
            wait_until(lambda: len(statuses) > so_far + 50, what="requests after it")
            stop.set()
            asking.join()
            self.assertEqual(set(statuses), {200})


if __name__ == "__main__":
    unittest.main()
