"""CloudWatch's numbers of load balancers, from what the edges counted.

Each node's counters are read again and again; what was added since counts in the period in which it was
read, and is shown `metrics_lag_s` later: the newest period is incomplete, as there. Counts of 5xx are absent where
there were none, and everything is absent without traffic.
"""
import bisect
import collections
import re
import threading
import time

LINE = re.compile(r"^crossfade_edge_(\w+?)(?:\{([^}]*)\})? ([0-9.e+-]+)$", re.M)
READ_S = 0.5

OF_GROUP = {"requests_total": "RequestCount", "unhealthy_routing_total": "UnhealthyRoutingRequestCount"}
OF_BALANCER = {"requests_received_total": "RequestCount", "connections_accepted_total": "NewConnectionCount",
               "connections_rejected_total": "RejectedConnectionCount",
               "fixed_answers_total": "HTTP_Fixed_Response_Count", "redirects_total": "HTTP_Redirect_Count"}


class Statistics:
    """Of one metric in one period: sum, count, extremes, and for latency how often each value came."""

    def __init__(self):
        self.sum = self.count = 0.0
        self.least, self.most = float("inf"), float("-inf")
        self.values = collections.Counter()

    def add(self, value, count=1, keep=False):
        self.sum += value * count
        self.count += count
        self.least, self.most = min(self.least, value), max(self.most, value)
        if keep:
            self.values[value] += count

    def join(self, other):
        self.sum += other.sum
        self.count += other.count
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self.values.update(other.values)

    def value(self, statistic):
        """None where the statistic cannot be had from what was kept."""
        plain = {"Sum": self.sum, "SampleCount": self.count, "Minimum": self.least, "Maximum": self.most,
                 "Average": self.sum / self.count if self.count else None}
        if statistic in plain:
            return plain[statistic]
        percentile = re.fullmatch(r"p(\d+(?:\.\d+)?)", statistic)
        if percentile:
            return self._percentile(float(percentile.group(1)) / 100)
        rank = re.fullmatch(r"PR\((\d*\.?\d*):(\d*\.?\d*)\)", statistic)
        if rank:
            low, high = (float(each) if each else None for each in rank.groups())
            inside = sum(count for value, count in self._kept().items()
                         if (low is None or value > low) and (high is None or value <= high))
            return 100 * inside / self.count
        trimmed = re.fullmatch(r"TC\((\d*\.?\d*):(\d*\.?\d*)\)", statistic)
        if trimmed:
            low, high = (float(each) if each else None for each in trimmed.groups())
            return float(sum(count for value, count in self._kept().items()
                             if (low is None or value > low) and (high is None or value <= high)))
        return None

    def _kept(self):
        return self.values or collections.Counter({self.sum / self.count: self.count})

    def _percentile(self, share):
        kept, seen, wanted = sorted(self._kept().items()), 0, share * self.count
        for value, count in kept:
            seen += count
            if seen >= wanted:
                return value
        return kept[-1][0]


def _upper_edges():
    """Of the edge's histograms (base::Histogram): eight buckets an octave, in microseconds."""
    made, last = [], 0
    for bucket in range(240):
        last = max(last + 1, round(2 ** (bucket / 8)))
        made.append(last)
    return made


UPPER_MICROS = _upper_edges()


class Metrics:
    def __init__(self, box):
        self.box, self._lock = box, threading.Lock()
        self._kept = collections.defaultdict(dict)  # (metric, dimensions) -> {stamp: Statistics}
        self._coming = collections.deque()          # (shown at, metric, dimensions, stamp, statistics)
        self._read_at, self._before = {}, {}

    # --- reading the nodes --------------------------------------------------------------------

    def read(self, node):
        """Called by a node's own thread, again and again."""
        now = time.monotonic()
        if now < self._read_at.get(node.folder, 0):
            return
        self._read_at[node.folder] = now + READ_S
        if not node.groups:
            return
        counted = collections.Counter()
        for name, labels, value in LINE.findall(node.admin.text("GET", "/metrics")):
            self._count(counted, name, dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(value))
        latency = {}
        for group, counts in node.admin.ask("GET", "/v1/counts")["groups"].items():
            for bucket, count in counts["latency"]:
                latency[(group, bucket)] = count
        self._add(node, counted, latency)

    @staticmethod
    def _count(counted, name, labels, value):
        group = labels.get("group")
        if group and labels.get("target", "").startswith("awsbox-503"):
            return
        if group and name in OF_GROUP:
            counted[(OF_GROUP[name], group)] += value
        elif name == "target_answers_total":
            metric = f"HTTPCode_Target_{labels['code'].upper()}_Count"
            counted[(metric, group)] += value
            counted[(metric, None)] += value
        elif name == "target_connect_failures_total":
            counted[("TargetConnectionErrorCount", group)] += value
            counted[("TargetConnectionErrorCount", None)] += value
        elif name == "own_answers_total":
            counted[(f"HTTPCode_ELB_{labels['code'].upper()}_Count", None)] += value
        elif name in OF_BALANCER:
            counted[(OF_BALANCER[name], None)] += value
        elif name == "connections":
            counted[("=ActiveConnectionCount", None)] += value

    def _add(self, node, counted, latency):
        before = self._before.get(node.folder, (collections.Counter(), {}))
        self._before[node.folder] = (counted, latency)
        period = self.box.settings.metrics_period_s
        stamp = int(self.box.now() // period * period) if period >= 1 else self.box.now() // period * period
        shown = time.monotonic() + self.box.settings.metrics_lag_s
        with self._lock:
            for (metric, group), value in counted.items():
                if metric.startswith("="):
                    self._note(shown, metric[1:], node, group, stamp, value, 1)
                    continue
                delta = value - before[0][(metric, group)]
                if delta < 0:
                    delta = value  # the edge began anew
                if delta > 0:
                    self._note(shown, metric, node, group, stamp, 1, delta)
            for (group, bucket), count in latency.items():
                delta = count - before[1].get((group, bucket), 0)
                if delta > 0:
                    for place in (group, None):
                        self._note(shown, "TargetResponseTime", node, place, stamp, UPPER_MICROS[bucket] / 1e6, delta)
            if counted[("RequestCount", None)] > before[0][("RequestCount", None)]:
                self._note_hosts(shown, node, stamp)

    def _note_hosts(self, shown, node, stamp):
        for group in node.groups:
            states = [state for (name, target), (state, _) in node.views.items()
                      if name == group and not target.startswith("awsbox-503")]
            self._note(shown, "HealthyHostCount", node, group, stamp, states.count("healthy"), 1)
            self._note(shown, "UnHealthyHostCount", node, group, stamp, states.count("unhealthy"), 1)

    def _note(self, shown, metric, node, group, stamp, value, count):
        self._coming.append((shown, metric, self._dimensions(node, group), stamp, value, count))

    @staticmethod
    def _dimensions(node, group):
        made = {"LoadBalancer": node.balancer_arn.split(":loadbalancer/")[1]}
        if group is not None:
            made["TargetGroup"] = node.group_arns.get(group, group).split(":")[-1]
        return frozenset(made.items())

    # --- being asked --------------------------------------------------------------------------

    def _show(self):
        later = collections.deque()
        for note in self._coming:
            shown, metric, dimensions, stamp, value, count = note
            if shown > time.monotonic():
                later.append(note)
                continue
            kept = self._kept[(metric, dimensions)].setdefault(stamp, Statistics())
            kept.add(value, count, keep=metric == "TargetResponseTime")
        self._coming = later

    def periods(self, metric, dimensions, begin, end, period):
        """{start of the period: Statistics} within [begin, end), where there is something to tell."""
        with self._lock:
            self._show()
            kept = dict(self._kept.get((metric, frozenset(dimensions.items())), {}))
            if metric == "RequestCountPerTarget":
                kept = dict(self._kept.get(("RequestCount", frozenset(dimensions.items())), {}))
        return gather(kept, begin, end, period)

    def known(self):
        with self._lock:
            self._show()
            return [(metric, dict(dimensions)) for metric, dimensions in self._kept]


def gather(kept, begin, end, period):
    """Joins what was kept by instants into periods that are aligned to `period`."""
    made, stamps = {}, sorted(kept)
    for stamp in stamps[bisect.bisect_left(stamps, begin):bisect.bisect_left(stamps, end)]:
        start = stamp // period * period
        made.setdefault(start, Statistics()).join(kept[stamp])
    return made
