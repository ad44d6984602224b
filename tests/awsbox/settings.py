"""What can be adjusted while the box runs, in one flat document with checked names and kinds."""
import random
import threading

DEFAULTS = {
    "seed": 1,
    # How long a second of AWS lasts here, in seconds: of health checks, delays, grace periods, hooks.
    "second_s": 1.0,
    # Capacity: from the wish to RunInstances, from there to running; low and high, drawn evenly.
    "launch_s": [0.0, 0.0],
    "boot_s": [0.0, 0.0],
    "stop_grace_s": 10.0,
    # Load balancers: how many nodes each has, and how long each needs to learn of a change.
    "nodes": 2,
    "propagation_s": [0.0, 0.0],
    # CloudWatch: the period of what it keeps, and how long after it happened a count is shown.
    "metrics_period_s": 60.0,
    "metrics_lag_s": 0.0,
    # Snapshots, invalidations and commands take so long.
    "work_s": [0.0, 0.0],
    # Faults; shares are per mille of the calls whose operation matches `faulty`.
    "faulty": "*",
    "fail_permille": 0.0,        # 500, nothing happened
    "fail_after_permille": 0.0,  # 500, though it happened
    "lost_answer_permille": 0.0,  # it happened, and the connection ends without an answer
    "stale_s": [0.0, 0.0],       # how long after a write a read that was asked before answers as then
    "throttle": False,
    "throttle_rates": {},        # {"elasticloadbalancing.Modify": [3, 20]}: a second, burst
    "clock_skew_s": 0.0,         # the box's clock is ahead by so much
    "credentials_expired": False,
}


class Settings:
    def __init__(self, **changes):
        self._lock = threading.Lock()
        self._values = dict(DEFAULTS)
        self.change(changes)

    def __getattr__(self, name):
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def all(self):
        return dict(self._values)

    def change(self, changes):
        """All of `changes` or none: ValueError names what is wrong."""
        checked = {}
        for name, value in changes.items():
            if name not in DEFAULTS:
                raise ValueError(f"there is no setting `{name}`; there are: {', '.join(DEFAULTS)}")
            checked[name] = self._checked(name, value)
        with self._lock:
            self._values = self._values | checked

    @staticmethod
    def _checked(name, value):
        default = DEFAULTS[name]
        if isinstance(default, bool):
            wrong = not isinstance(value, bool)
        elif isinstance(default, (int, float)):
            wrong = isinstance(value, bool) or not isinstance(value, (int, float))
        elif isinstance(default, list):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = [value, value]
            wrong = (not isinstance(value, (list, tuple)) or len(value) != 2 or value[0] > value[1])
        else:
            wrong = not isinstance(value, type(default))
        if wrong:
            raise ValueError(f"`{name}` is not like {default!r}")
        return value


class Chance:
    """Draws that repeat with the seed: the nth of a purpose is the same whatever others draw."""

    def __init__(self, settings):
        self.settings, self._counts, self._lock = settings, {}, threading.Lock()

    def draw(self, purpose):
        """Evenly in [0, 1)."""
        with self._lock:
            nth = self._counts[purpose] = self._counts.get(purpose, 0) + 1
        return random.Random(f"{self.settings.seed}|{purpose}|{nth}").random()

    def within(self, bounds, purpose):
        low, high = bounds
        return low if low == high else low + (high - low) * self.draw(purpose)
