"""The console of an application on AWS: it shows a release, and a person takes it back from there."""
import http.client
import json
import re
import unittest

from tests.support.house import free_port

from .demo_test import reason
from .shop import Shop
from .world import shared, wait_until


@unittest.skipIf(reason(), reason())
class Console(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.world.set(metrics_period_s=1.0)
        self.addCleanup(shared)
        self.shop = Shop(self.world, "me-central-1", bake="30s")
        self.addCleanup(self.shop.close)
        self.port = free_port()

    def ask(self, method, path, body=None, token=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"X-Crossfade": "1"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except OSError:
            return 0, None
        finally:
            connection.close()

    def status(self):
        code, seen = self.ask("GET", "/api/v1/overview?ticks_after=0")
        return seen["state"]["status"] if code == 200 and seen["state"] else {}

    def test_a_release_is_followed_and_taken_back(self):
        self.shop.release()
        code, said = self.shop.run("console", "token", "--name", "ada", "--role", "operate", "--for", "1h")
        self.assertEqual(code, 0, said)
        token = re.search(r"[A-Za-z0-9_-]{32,}", said).group()
        console = self.shop.start("console", "--listen", f"127.0.0.1:{self.port}")
        self.addCleanup(console.wait)
        self.addCleanup(console.terminate)
        wait_until(lambda: self.status().get("serving") == "1.0.0", "the console")

        self.shop.write(version="2.0.0")
        deploy = self.shop.start("deploy")
        self.addCleanup(deploy.kill)
        wait_until(lambda: self.status().get("stage") == "BAKE", "the bake on the page", longest_s=60)
        status = self.status()
        pools = {each["pool"]: each for each in status["pools"]}
        self.assertEqual((pools["green"]["share_set_permille"], pools["green"]["healthy"]), (1000, 2))
        deed = {"verb": "abort", "run": status["run"], "state": status["state"], "reason": "seen enough"}
        self.assertEqual(self.ask("POST", "/api/v1/deeds", deed)[0], 401)
        code, answer = self.ask("POST", "/api/v1/deeds", deed, token)
        self.assertIn(code, (200, 202), answer)
        said, _ = deploy.communicate(timeout=120)
        self.assertEqual(deploy.returncode, 5, said)
        self.assertEqual(self.shop.versions(), {"1.0.0"})
        wait_until(lambda: self.status().get("serving") == "1.0.0", "the way back on the page")
        code, journal = self.ask("GET", "/api/v1/journal?limit=200")
        self.assertIn("ada", json.dumps(journal))
        self.assertEqual(self.ask("GET", "/api/v1/logs/i-0123456789abcdef0")[0], 404)


if __name__ == "__main__":
    unittest.main()
