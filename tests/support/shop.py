"""An application's own numbers, for whoever asks over HTTP."""
import http.server
import json
import threading


class Shop:
    """What an application says of itself: orders of each version, and how many of them were lost.

    Nothing of it is seen in front: users get 200. `answers` is a Visitor's count by version;
    `lost` the part of orders that a version loses. /orders/VERSION tells one version's in JSON,
    404 where there are none; every other path all of them as Prometheus reads them.
    """

    def __init__(self, answers, lost):
        self.answers, self.lost = answers, lost
        shop = self

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith("/orders/"):
                    orders = shop.orders().get(self.path.removeprefix("/orders/"))
                    return self.say(200 if orders else 404, "application/json", json.dumps(orders))
                self.say(200, "text/plain; version=0.0.4", shop.text())

            def say(self, status, kind, text):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def orders(self):
        return {version: {"failed": int(count * self.lost.get(version, 0)), "total": count}
                for version, (count, *_) in sorted(self.answers().items()) if version}

    def text(self):
        return "".join(f'shop_orders_total{{version="{version}"}} {of["total"]}\n'
                       f'shop_orders_lost_total{{version="{version}"}} {of["failed"]}\n'
                       for version, of in self.orders().items())

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
