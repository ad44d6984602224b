"""How one figure is taken: CPU time of a process tree around a run of a load tool."""
import json
import os
import re
import statistics
import subprocess

from proxies import BIN, cpu_s

PROXY_CORE = {0}
OTHER_CORES = {1}
LOAD_DEADLINE_S = 90


class Cores:
    """`own`: the proxy alone on a core, origin and load on the other; `shared`: all on all."""

    def __init__(self, name):
        self.name = name
        everything = os.sched_getaffinity(0)
        self.proxy = PROXY_CORE if name == "own" else everything
        self.others = OTHER_CORES if name == "own" else everything

    def place(self, proxies, others):
        for proxy in proxies:
            proxy.pin(self.proxy)
        for other in others:
            other.pin(self.others)

    def run(self, command):
        """Runs a load tool to its end; returns what it printed."""
        cores = ",".join(map(str, sorted(self.others)))
        done = subprocess.run(["taskset", "-c", cores, *map(str, command)], capture_output=True, text=True,
                              timeout=LOAD_DEADLINE_S, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
        return done.stdout


def spent(proxy, play):
    """What `play` returns as a count, and the proxy's user and system µs for each of it."""
    before = cpu_s(proxy.process.pid)
    count = play()
    after = cpu_s(proxy.process.pid)
    if count == 0:  # nothing was finished in time: no figure, not a free one
        return None
    user, system = ((now - then) * 1e6 / count for now, then in zip(after, before))
    return {"count": count, "user_us": user, "system_us": system, "total_us": user + system}


def wrk(cores, url, connections, seconds, close=False):
    """Requests answered by `wrk` with one thread; an answer that is not 2xx ends the benchmark."""
    more = ["-H", "Connection: close"] if close else []
    text = cores.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *more, url])
    refused = re.search(r"Socket errors: connect ([1-9]\d*)", text)
    if "Non-2xx" in text or refused:
        raise SystemExit(f"wrk {url}: {text}")
    return int(re.search(r"(\d+) requests in", text)[1])


def paced(cores, port, path, rate, connections, seconds):
    """Latencies at a fixed rate, from the intended start of every request."""
    return json.loads(cores.run([BIN / "bench-paced", port, path, rate, connections, seconds]))


class Sockets:
    """`count` WebSockets through a proxy, open as long as the `with` block lasts."""

    def __init__(self, cores, port, count, message_bytes):
        cores_list = ",".join(map(str, sorted(cores.others)))
        self.command = ["taskset", "-c", cores_list, BIN / "bench-sockets", "load", str(port), str(count),
                        str(message_bytes)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "open\n":
            raise SystemExit("the sockets did not open")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)

    def play(self, seconds):
        """Messages that went there and back."""
        self.process.stdin.write(f"play {seconds}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


class Samples:
    """Figures by case and proxy, many rounds of each; what is shown is the median."""

    def __init__(self):
        self.by_case = {}

    def add(self, case, proxy, figures):
        self.by_case.setdefault(case, {}).setdefault(proxy, []).append(figures)

    def medians(self):
        return {case: {proxy: {key: round(statistics.median(each[key] for each in rounds), 3) for key in rounds[0]}
                       for proxy, rounds in by_proxy.items()} for case, by_proxy in self.by_case.items()}
