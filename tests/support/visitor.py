"""Users who notice: threads that ask without pause and keep every answer that was not as it should be."""
import http.client
import threading
import time


def version_of(header):
    """`1.0.1` of `1.0.1.1.0.1.2cf24dba5fb0.false`, which is how the chat's clients know it."""
    return ".".join(header.split(".")[:3])


class Visitor:
    """Asks for one path over kept-alive and over fresh connections until told to leave.

    `failures` holds what a user would call an outage: no connection, a reset, a time-out, or an
    answer that is no 2xx. `versions` counts the X-Version-Id of the answers, in order of first sight.
    """

    def __init__(self, port, path="/api/v4/system/ping", threads=2, pause_s=0.005, timeout_s=10.0,
                 headers=None):
        self.port, self.path, self.pause_s, self.timeout_s = port, path, pause_s, timeout_s
        self.headers = headers or {}
        self.failures, self.versions, self.answers = [], {}, 0
        self._lock, self._leave = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number % 2 == 0,), daemon=True)
                         for number in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._leave.set()
        for thread in self._threads:
            thread.join(self.timeout_s + 5)

    def last_seen(self, version):
        """When the last answer of `version` was asked for; 0 if there was none."""
        return self.versions.get(version, [0, 0, 0])[2]

    def _ask(self, keep_alive):
        connection = None
        while not self._leave.is_set():
            begun = time.time()
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                            timeout=self.timeout_s)
                connection.request("GET", self.path,
                                   headers=self.headers | ({} if keep_alive else {"Connection": "close"}))
                answer = connection.getresponse()
                answer.read()
                self._note(begun, answer.status, version_of(answer.headers.get("X-Version-Id", "")))
                if not keep_alive or answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                self._note(begun, f"{type(error).__name__}: {error}", "")
                if connection is not None:
                    connection.close()
                connection = None
            time.sleep(self.pause_s)
        if connection is not None:
            connection.close()

    def _note(self, begun, outcome, version):
        with self._lock:
            self.answers += 1
            if isinstance(outcome, int) and 200 <= outcome < 300:
                seen = self.versions.setdefault(version, [0, begun, begun])
                seen[0] += 1
                seen[2] = begun
            else:
                self.failures.append((begun, outcome))
