"""Metrics that only the application knows, told by its Prometheus or by itself, in releases."""
import shutil
import unittest

from tests.support.house import DONE, ROLLED_BACK, House, wait_until
from tests.support.prometheus import Prometheus
from tests.support.shop import Shop
from tests.support.visitor import Visitor

SETTINGS = {"steps": "[{weight: 50%, hold: 4s}]", "bake": "1s"}
PATH = "/api/v4/config/client?format=old"
ORDERS = """\
    - name: orders
      prometheus:
        server: {server}
        failed: sum(shop_orders_lost_total{{version="${{version}}"}})
        total: sum(shop_orders_total{{version="${{version}}"}})
"""


def guard_with(metrics):
    return ("\n  interval: 100ms\n  warm_up: 1s\n  harm: at most 40 requests\n  requests_min: 5\n"
            f"  unknown_max: 2s\n  metrics:\n{metrics}")


def explained(house, version):
    told = house.run("explain", version, "--output", "json", check=DONE).json()
    return next(each for each in told["evidence"] if each["metric"] == "orders")


@unittest.skipUnless(shutil.which("prometheus"), "there is no prometheus here")
class FromPrometheus(unittest.TestCase):
    def test_orders_that_only_prometheus_sees_lost_take_a_release_back(self):
        with House(settings=SETTINGS) as house:
            with Visitor(house.port, path=PATH, threads=4) as visitor, \
                    Shop(visitor.versions.copy, {"1.0.2": 0.3}) as shop, \
                    Prometheus(shop.port) as prometheus:
                house.guard = guard_with(ORDERS.format(server=prometheus.url))
                house.write_spec()
                house.up()
                visitor.failures.clear()
                wait_until(lambda: prometheus.answers('shop_orders_total{version="1.0.0"}'), 20, "orders")

                house.write_spec(version="1.0.1")
                house.run("deploy", "--yes", check=DONE)
                good = explained(house, "1.0.1")
                self.assertEqual(good["new"]["events"], 0)
                self.assertGreater(good["new"]["exposures"], 0)
                self.assertGreater(good["old"]["exposures"], 0)

                house.write_spec(version="1.0.2")
                house.run("deploy", "--yes", check=ROLLED_BACK)
                self.assertEqual(house.status()["verdict"]["metric"], "orders")
                self.assertIn("orders", house.run("explain", "1.0.2", check=DONE).out)
                self.assertGreater(explained(house, "1.0.2")["new"]["events"], 0)

                house.settings["steps"] = "[{weight: 50%, hold: 8s}]"
                house.write_spec(version="1.0.3")
                self.held_when_it_dies(house, prometheus)
                self.assertEqual(visitor.failures, [])

    def held_when_it_dies(self, house, prometheus):
        deploy = house.start("deploy", "--yes")
        wait_until(lambda: house.status()["state"] == "waiting" and house.status()["stage"] == "SHIFT",
                   30, "the watch at half of the traffic")
        prometheus.kill()
        wait_until(lambda: house.status()["state"] == "consent", 30, "a person to be asked")
        status = house.status()
        self.assertIn("orders", status["sentence"])
        self.assertEqual(status["verdict"]["word"], "unknown")
        self.assertEqual(status["serving"], "1.0.1")
        self.assertIsNone(deploy.poll(), "it holds")
        house.run("abort", check=DONE)
        deploy.wait(60)


class FromTheApplication(unittest.TestCase):
    def test_orders_that_it_tells_as_lost_take_a_release_back(self):
        with House(settings=SETTINGS) as house:
            with Visitor(house.port, path=PATH, threads=4) as visitor, \
                    Shop(visitor.versions.copy, {"1.0.2": 0.3}) as shop:
                house.guard = guard_with("    - name: orders\n"
                                         f"      http: http://127.0.0.1:{shop.port}/orders/${{version}}\n")
                house.write_spec()
                house.up()
                visitor.failures.clear()
                house.write_spec(version="1.0.1")
                house.run("deploy", "--yes", check=DONE)
                good = explained(house, "1.0.1")
                self.assertEqual(good["new"]["events"], 0)
                self.assertGreater(good["new"]["exposures"], 0)
                self.assertGreater(good["old"]["exposures"], 0)

                house.write_spec(version="1.0.2")
                house.run("deploy", "--yes", check=ROLLED_BACK)
                self.assertEqual(house.status()["verdict"]["metric"], "orders")
                self.assertEqual(visitor.failures, [], "in front of it nothing failed")


if __name__ == "__main__":
    unittest.main()
