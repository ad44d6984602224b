"""The other end of webhooks and collectors."""
import http.server
import json
import threading


class Listener:
    """Keeps what came, and answers as it is told."""

    def __init__(self, answers=(200,)):
        self.got, self.answers = [], list(answers)
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.got.append((self.path, dict(self.headers), body))
                status = listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0]
                said = b'{"state": "succeeded"}'  # for hooks; who is told something reads no answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def messages(self, path):
        return [json.loads(body) for at, _, body in self.got if at == path]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
