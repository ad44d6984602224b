"""The front door: signatures, faults, then moto; and `/_awsbox/`, through which tests adjust the box."""
import collections
import contextlib
import email.utils
import io
import json
import logging
import socket
import threading
import time
import traceback
import urllib.parse

import werkzeug.serving
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from . import deviations, operation, signature
from .content import KEPT_FIELDS

CONTROL = "/_awsbox/"
UNSIGNED = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


class Request:
    """What came in, whole. `raw_path` and `raw_query` are as on the wire."""

    def __init__(self, environ):
        self.environ = environ
        self.method = environ["REQUEST_METHOD"]
        target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or environ["PATH_INFO"]
        self.raw_path, _, self.raw_query = target.partition("?")
        self.path = environ["PATH_INFO"]
        self.headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items()
                        if name.startswith("HTTP_")}
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if environ.get(name):
                self.headers[name.replace("_", "-").lower()] = environ[name]
        length = environ.get("CONTENT_LENGTH")
        stream = environ["wsgi.input"]
        if length:
            self.body = stream.read(int(length))
        else:
            self.body = stream.read() if environ.get("wsgi.input_terminated") else b""

    def again(self):
        """An environ for the application behind, whose body is unread."""
        return dict(self.environ) | {"wsgi.input": io.BytesIO(self.body),
                                     "CONTENT_LENGTH": str(len(self.body))}


class Front:
    """The WSGI application. `box` has settings, faults, keys, lock and control."""

    def __init__(self, box):
        self.box = box
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.conditional = threading.Lock()
        self.calls = collections.deque(maxlen=100_000)  # (when, service, operation, status), the newest last
        self.log = logging.getLogger("awsbox")

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            if request.path.startswith(CONTROL):
                answer = self._controlled(request)
            else:
                answer = self._asked(request)
        except Exception:  # one broken call is an InternalFailure, as there, and stands in the log
            self.log.error("%s %s\n%s", request.method, request.path, traceback.format_exc())
            answer = operation.worded("", request.headers, 500, "InternalFailure", "awsbox failed, see its log")
        if answer is None:  # the answer is lost
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        status, headers, body = answer
        now = self.box.now()
        headers = [(name, value) for name, value in headers
                   if name.lower() not in ("date", "content-length", "connection")]
        headers.append(("Date", email.utils.formatdate(now, usegmt=True)))
        length = len(body)
        if request.method == "HEAD":
            given = [value for name, value in answer[1] if name.lower() == "content-length"]
            length = given[0] if given else length
        headers.append(("Content-Length", str(length)))
        start_response(f"{status} {werkzeug.http.HTTP_STATUS_CODES.get(int(status), 'Status')}", headers)
        return [body]

    # --- AWS ----------------------------------------------------------------------------------

    def _asked(self, request):
        scope = signature.scope_of(request.headers, request.raw_query)
        service = scope[3] if scope else "sts"
        name = operation.name_of(service, request.method, request.path, request.raw_query,
                                 request.headers, request.body)
        try:
            if scope or name not in UNSIGNED:
                signature.check(request, self.box.keys, self.box.now())
        except signature.Refused as refused:
            return self._note(service, name, operation.worded(
                service, request.headers, refused.status, refused.code, refused.message))
        if f"{service}.{name}" in deviations.REFUSED:
            return self._note(service, name, operation.worded(
                service, request.headers, 501, "AwsboxWouldLie", "moto's answer would not be AWS's: see deviations.py"))
        fault = self.box.faults.verdict(service, name)
        if fault and fault.when == "before":
            return self._note(service, name, operation.worded(
                service, request.headers, fault.status, fault.code, fault.message))
        answer = self._carried_out(service, name, request)
        self._note(service, name, answer)
        if fault and fault.when == "lost":
            return None
        if fault:
            return operation.worded(service, request.headers, fault.status, fault.code, fault.message)
        return answer

    def _carried_out(self, service, name, request):
        if service == "s3":  # its calls are large: only those that compare and set go one by one
            conditional = {"if-match", "if-none-match"} & request.headers.keys()
            with self.conditional if conditional and request.method != "GET" else contextlib.nullcontext():
                return self._moto(request)
        key = (service, name, request.body, request.raw_path, request.raw_query)
        with self.box.lock:
            old = self.box.stale.answer(service, name, key, request)
            if old is not None:
                return old
            self.box.stale.before(service, name, key, self._moto)
            answer = self._moto(request)
        self.box.changed.set()
        return answer

    def _moto(self, request):
        told = {}

        def start(status, headers, _=None):
            told.update(status=int(status.split()[0]), headers=headers)

        body = b"".join(self.moto(request.again(), start))
        return told["status"], told["headers"], body

    def object(self, bucket, key):
        """(status, fields, body) of an object, as its bucket's owner would get it; 403 where there is none."""
        path = "/" + urllib.parse.quote(f"{bucket}/{key}")
        scope = f"{self.box.access_key}/20000101/us-east-1/s3/aws4_request"
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{bucket}/{key}", "REQUEST_URI": path, "QUERY_STRING": "",
                   "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1",
                   "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http",
                   "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        status, headers, body = self._moto(Request(environ))
        if status != 200:
            return (403 if status == 404 else status), {"content-type": "application/xml"}, body
        return status, {name.lower(): value for name, value in headers
                        if name.lower() in KEPT_FIELDS or name.lower().startswith("x-amz-meta-")}, body

    def _note(self, service, name, answer):
        self.calls.append((time.time(), service, name, answer[0]))
        return answer

    # --- control ------------------------------------------------------------------------------

    def _controlled(self, request):
        try:
            body = json.loads(request.body) if request.body else {}
            made = self.box.control(request.method, request.path[len(CONTROL):], body)
            status = 200
        except (KeyError, ValueError) as error:
            status, made = 400, {"what": str(error)}
        return status, [("Content-Type", "application/json")], json.dumps(made, default=str).encode()


class _Quiet(werkzeug.serving.WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_, **__):
        pass

    def send_response(self, code, message=None):
        self.send_response_only(code, message)  # the fields, Date among them, are the application's

    def make_environ(self):
        environ = super().make_environ()
        environ["REQUEST_URI"] = self.path
        return environ


def serve(front, host, port):
    """A server that runs; `.server_port` is the port, `.shutdown()` ends it."""
    server = werkzeug.serving.make_server(host, port, front, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True,
                     name="front").start()
    return server
