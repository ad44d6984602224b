"""A Prometheus of Debian on loopback, and an application's own numbers for it to scrape."""
import http.server
import pathlib
import shutil
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request

from tests.support.house import free_port, wait_until


class Shop:
    """What an application says of itself: orders of each version, and how many of them were lost.

    Nothing of it is seen in front: users get 200. `answers` is a Visitor's count by version;
    `lost` the part of orders that a version loses.
    """

    def __init__(self, answers, lost):
        self.answers, self.lost = answers, lost
        shop = self

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                text = shop.text().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def text(self):
        lines = []
        for version, (count, *_) in sorted(self.answers().items()):
            if not version:
                continue
            lines.append(f'shop_orders_total{{version="{version}"}} {count}')
            lines.append(f'shop_orders_lost_total{{version="{version}"}} {int(count * self.lost.get(version, 0))}')
        return "\n".join(lines) + "\n"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Prometheus:
    """Scrapes one target each second, from its own folder."""

    def __init__(self, target_port):
        self.target_port, self.port = target_port, free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-prometheus-"))
        (self.folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s}\n"
            f"scrape_configs: [{{job_name: shop, static_configs: [{{targets: ['127.0.0.1:{target_port}']}}]}}]\n")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        with open(self.folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                [shutil.which("prometheus"), f"--config.file={self.folder}/prometheus.yml",
                 f"--storage.tsdb.path={self.folder}/data", f"--web.listen-address=127.0.0.1:{self.port}"],
                stdout=log, stderr=subprocess.STDOUT)
        wait_until(lambda: self.answers("up"), 30, "a first scrape")
        return self

    def answers(self, query):
        """Whether the server has any series for `query`."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/query?query={urllib.parse.quote(query)}",
                                        timeout=5) as answer:
                return b'"value"' in answer.read()
        except OSError:
            return False

    def kill(self):
        self._process.kill()
        self._process.wait()

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
