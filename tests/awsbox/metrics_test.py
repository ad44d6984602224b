"""CloudWatch's numbers are those of the load that was really sent."""
import datetime
import unittest

from . import missing
from .expressions import Math, Wrong
from .world import Stack, shared, wait_until

SENT, FAILED = 60, 7


@unittest.skipIf(missing(), missing())
class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = shared()
        cls.world.set(metrics_period_s=1.0)
        cls.stack = Stack(cls.world, region="eu-west-2")
        cls.addClassCleanup(cls.stack.close)
        cls.watch = cls.world.client("cloudwatch", region_name="eu-west-2")
        cls.stack.bring_up("blue", 1)
        cls.sent = SENT
        cls.begun = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=5)
        for turn in range(SENT):
            status, _ = cls.stack.ask("/fail" if turn < FAILED else "/slow" if turn < FAILED + 10 else "/")
            assert status == (500 if turn < FAILED else 200), status

    def setUp(self):
        self.world = shared()
        self.world.set(metrics_period_s=1.0)

    def dimensions(self, *, group="blue", balancer=True):
        made = []
        if group:
            made.append({"Name": "TargetGroup", "Value": self.stack.groups[group].split(":")[-1]})
        if balancer:
            made.append({"Name": "LoadBalancer", "Value": self.stack.balancer.split(":loadbalancer/")[1]})
        return made

    def stat(self, name, statistic="Sum", period=86400, **where):
        return {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": name,
                           "Dimensions": self.dimensions(**where)}, "Period": period, "Stat": statistic}

    def ask(self, *queries, **more):
        now = datetime.datetime.now(datetime.timezone.utc)
        begin = self.begun.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.watch.get_metric_data(
            MetricDataQueries=list(queries), StartTime=begin, EndTime=now + datetime.timedelta(seconds=1), **more)

    def values(self, *queries):
        return {each["Id"]: each["Values"] for each in self.ask(*queries)["MetricDataResults"]}

    def total(self, name, statistic="Sum", **where):
        return sum(self.values({"Id": "m", "MetricStat": self.stat(name, statistic, **where)})["m"])

    def test_sums_are_what_the_load_generator_sent(self):
        wait_until(lambda: self.total("RequestCount") == self.sent, "all requests")
        self.assertEqual(self.total("RequestCount", group=None), self.sent)
        self.assertEqual(self.total("HTTPCode_Target_2XX_Count"), self.sent - FAILED)
        self.assertEqual(self.total("HTTPCode_Target_5XX_Count"), FAILED)
        self.assertEqual(self.total("TargetResponseTime", "SampleCount"), self.sent)
        self.assertEqual(self.total("HealthyHostCount", "Minimum"), 1)

    def test_what_did_not_happen_is_absent_and_fill_makes_it_zero(self):
        wait_until(lambda: self.total("RequestCount") == self.sent, "all requests")
        absent = {"Id": "errors", "MetricStat": self.stat("HTTPCode_ELB_5XX_Count", group=None), "ReturnData": False}
        seen = {"Id": "requests", "MetricStat": self.stat("RequestCount"), "ReturnData": False}
        failed = {"Id": "failed", "MetricStat": self.stat("HTTPCode_Target_5XX_Count"), "ReturnData": False}
        got = self.values(absent, seen, failed, {"Id": "plain", "Expression": "errors / requests"},
                          {"Id": "filled", "Expression": "FILL(errors, 0) / requests"},
                          {"Id": "share", "Expression": "100 * failed / requests"})
        self.assertEqual(set(got), {"plain", "filled", "share"})
        self.assertEqual(got["plain"], [])
        self.assertTrue(got["filled"] and set(got["filled"]) == {0.0})
        self.assertAlmostEqual(got["share"][0], 100 * FAILED / self.sent, delta=0.001)
        self.assertEqual(self.total("RequestCount", group="green"), 0)
        self.assertEqual(self.values({"Id": "m", "MetricStat": self.stat("RequestCount", group="green")})["m"], [])

    def test_percentiles_and_ranks_come_from_the_latencies(self):
        wait_until(lambda: self.total("RequestCount") == self.sent, "all requests")
        got = self.values({"Id": "p99", "MetricStat": self.stat("TargetResponseTime", "p99")},
                          {"Id": "least", "MetricStat": self.stat("TargetResponseTime", "Minimum")},
                          {"Id": "slow", "MetricStat": self.stat("TargetResponseTime", "TC(0.045:)")})
        self.assertGreaterEqual(got["p99"][0], 0.045)
        self.assertLess(got["least"][0], 0.045)
        self.assertGreaterEqual(got["slow"][0], 10)

    def test_the_newest_counts_are_shown_late(self):
        wait_until(lambda: self.total("RequestCount") == self.sent, "all requests")
        self.world.set(metrics_lag_s=1.5)
        self.stack.ask()
        self.assertEqual(self.total("RequestCount"), self.sent)
        type(self).sent += 1
        wait_until(lambda: self.total("RequestCount") == self.sent, "the one more")
        self.world.set(metrics_lag_s=0.0)

    def test_answers_come_in_pages_and_alarms_see_what_was_put(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        for name, value in (("busy", 90.0), ("idle", 10.0)):
            self.watch.put_metric_data(Namespace="app", MetricData=[
                {"MetricName": name, "Value": value, "Timestamp": now - datetime.timedelta(seconds=age)}
                for age in (70, 130, 190)])
            self.watch.put_metric_alarm(
                AlarmName=name, Namespace="app", MetricName=name, Statistic="Average", Period=60,
                EvaluationPeriods=3, DatapointsToAlarm=2, Threshold=50, ComparisonOperator="GreaterThanThreshold")
        self.watch.put_metric_alarm(AlarmName="mute", Namespace="app", MetricName="mute", Statistic="Sum", Period=60,
                                    EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold")
        states = {each["AlarmName"]: each["StateValue"] for each in self.watch.describe_alarms()["MetricAlarms"]}
        self.assertEqual(states, {"busy": "ALARM", "idle": "OK", "mute": "INSUFFICIENT_DATA"})
        query = {"Id": "m", "MetricStat": {"Metric": {"Namespace": "app", "MetricName": "busy"}, "Period": 60,
                                           "Stat": "Maximum"}}
        asked = {"MetricDataQueries": [query], "StartTime": now - datetime.timedelta(minutes=10), "EndTime": now}
        first = self.watch.get_metric_data(MaxDatapoints=2, **asked)
        self.assertEqual(first["MetricDataResults"][0]["StatusCode"], "PartialData")
        second = self.watch.get_metric_data(MaxDatapoints=2, NextToken=first["NextToken"], **asked)
        self.assertEqual(second["MetricDataResults"][0]["StatusCode"], "Complete")
        points = [page["MetricDataResults"][0]["Values"] for page in (first, second)]
        self.assertEqual(points, [[90.0, 90.0], [90.0]])


class Expressions(unittest.TestCase):
    def test_series_meet_where_both_have_data(self):
        math = Math({"a": {0: 1.0, 60: 2.0}, "b": {60: 4.0}}, [0, 60, 120])
        self.assertEqual(math.value("a / b"), {60: 0.5})
        self.assertEqual(math.value("SUM([a, b])"), {0: 1.0, 60: 6.0})
        self.assertEqual(math.value("FILL(b, 0) + 1"), {0: 1.0, 60: 5.0, 120: 1.0})
        self.assertEqual(math.value("FILL(a, REPEAT)"), {0: 1.0, 60: 2.0, 120: 2.0})
        self.assertEqual(math.value("IF(a > 1, a, 0)"), {0: 0.0, 60: 2.0})
        self.assertEqual(math.value("b / (a - a)"), {})

    def test_what_it_does_not_know_is_refused(self):
        for text in ("c", "SEARCH('x', 'Sum')", "a.b", "__import__('os')", "a +"):
            with self.assertRaises(Wrong, msg=text):
                Math({"a": {0: 1.0}}, [0]).value(text)


if __name__ == "__main__":
    unittest.main()
