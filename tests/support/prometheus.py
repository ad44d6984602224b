"""A Prometheus of Debian on loopback."""
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request

from tests.support.house import free_port, wait_until


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
