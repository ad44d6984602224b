"""What goes wrong on purpose: throttles, failures before and after the effect, stale reads. By seed."""
import collections
import fnmatch
import threading
import time

from .operation import READS

# A second and burst, by the service's name in the credential scope and the operation's beginning. EC2 and ELBv2
# publish no figures that hold for every account; these are the client side defaults of
# aws-load-balancer-controller (ELBv2) and the published limits of CloudWatch and SSM.
RATES = {
    "elasticloadbalancing.Register": (4, 20), "elasticloadbalancing.Deregister": (4, 20),
    "elasticloadbalancing.Modify": (3, 20), "elasticloadbalancing.Describe": (50, 200),
    "elasticloadbalancing.": (3, 20),
    "autoscaling.Describe": (50, 200), "autoscaling.": (5, 40),
    "ec2.Describe": (20, 100), "ec2.": (5, 50),
    "monitoring.GetMetricData": (50, 50), "monitoring.DescribeAlarms": (9, 9), "monitoring.": (50, 150),
    "ssm.GetParameter": (40, 40), "ssm.PutParameter": (3, 3), "ssm.": (10, 40),
    "cloudfront.": (5, 20), "rds.": (5, 20), "sts.": (50, 200),
}

THROTTLED = {"ec2": (503, "RequestLimitExceeded"), "s3": (503, "SlowDown"),
             "ssm": (400, "ThrottlingException")}
BROKEN = {"ec2": "InternalError", "s3": "InternalError", "ssm": "InternalServerError",
          "elasticloadbalancing": "InternalFailure"}

Verdict = collections.namedtuple("Verdict", "when status code message")  # when: before, after or lost


class Bucket:
    def __init__(self, a_second, burst, now):
        self.a_second, self.burst, self.left, self.at = a_second, burst, float(burst), now

    def take(self, now):
        self.left = min(self.burst, self.left + (now - self.at) * self.a_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Faults:
    def __init__(self, settings, chance):
        self.settings, self.chance = settings, chance
        self._buckets, self._lock = {}, threading.Lock()
        self.told = collections.Counter()

    def verdict(self, service, operation):
        """None, or what is to go wrong with this call."""
        made = self._throttle(service, operation) or self._failure(service, operation)
        if made:
            self.told[f"{made.when} {service}.{operation}"] += 1
        return made

    def _throttle(self, service, operation):
        if not self.settings.throttle:
            return None
        rates = RATES | {name: tuple(rate) for name, rate in self.settings.throttle_rates.items()}
        full = f"{service}.{operation}"
        prefix = max((name for name in rates if full.startswith(name)), key=len, default=None)
        if prefix is None:
            return None
        with self._lock:
            now = time.monotonic()
            bucket = self._buckets.get(prefix)
            if bucket is None or (bucket.a_second, bucket.burst) != rates[prefix]:
                bucket = self._buckets[prefix] = Bucket(*rates[prefix], now)
            if bucket.take(now):
                return None
        status, code = THROTTLED.get(service, (400, "Throttling"))
        return Verdict("before", status, code, "Rate exceeded")

    def _failure(self, service, operation):
        if not any(fnmatch.fnmatch(f"{service}.{operation}", pattern)
                   for pattern in self.settings.faulty.split(",")):
            return None
        drawn = self.chance.draw(f"failure {service}.{operation}") * 1000
        code = BROKEN.get(service, "InternalFailure")
        told = "We encountered an internal error. Please try again."
        for share, when in ((self.settings.fail_permille, "before"),
                            (self.settings.fail_after_permille, "after"),
                            (self.settings.lost_answer_permille, "lost")):
            if drawn < share:
                return Verdict(when, 500, code, told)
            drawn -= share
        return None


class StaleReads:
    """Reads that answer as before the last write, for a while: what was asked before is remembered.

    Before each write the reads of its service are asked once more on the side; their answers are what
    a lagging replica would still say. A read that nobody has asked before is never stale.
    """

    REMEMBERED = 64

    def __init__(self, settings, chance):
        self.settings, self.chance = settings, chance
        self._asked, self._stale, self._lock = {}, {}, threading.Lock()

    def _on(self, service):
        return self.settings.stale_s[1] > 0 and service in ("elasticloadbalancing", "autoscaling", "ec2")

    def before(self, service, operation, key, answer):
        """Called before an operation is carried out; `answer()` asks a remembered read anew."""
        if not self._on(service) or READS.match(operation):
            return
        with self._lock:
            asked = list(self._asked.get(service, {}).items())
        fresh = {}
        for name, request in asked:
            until = time.monotonic() + self.chance.within(self.settings.stale_s, f"stale {service}")
            fresh[name] = (until, answer(request))
        with self._lock:
            for name, kept in fresh.items():
                if self._stale.get(name, (0, None))[0] < time.monotonic():
                    self._stale[name] = kept

    def answer(self, service, operation, key, request):
        """An old answer to a read, or None: ask the world, and remember that it was asked."""
        if not self._on(service) or not READS.match(operation):
            return None
        with self._lock:
            asked = self._asked.setdefault(service, {})
            asked.pop(key, None)
            asked[key] = request
            while len(asked) > self.REMEMBERED:
                asked.pop(next(iter(asked)))
            until, old = self._stale.get(key, (0, None))
            return old if time.monotonic() < until else None
