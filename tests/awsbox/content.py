"""CloudFront distributions with a door of their own: GETs are answered from the cache, else from the origin.

A distribution's DomainName is a loopback address; its door is port 8080 there. What an origin answered is kept
for its max-age (86400 s without one) or until an invalidation of its path is complete.
"""
import fnmatch
import http.client
import http.server
import re
import threading
import time
import urllib.parse

from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion, NoSuchDistribution
from moto.cloudfront.models import CloudFrontBackend, random_id

PORT = 8080
TTL_S = 86400.0
KEPT_FIELDS = ("content-type", "cache-control", "content-encoding", "etag", "last-modified", "content-disposition")


class Distribution:
    """The door and the cache of one distribution."""

    def __init__(self, box, made, address):
        self.box, self.made, self.address = box, made, address
        self.cache, self._lock, ours = {}, threading.Lock(), self

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                status, fields, body, hit = ours.answer(self.path, self.headers.get("Accept-Encoding", ""))
                if fields.get("etag") and self.headers.get("If-None-Match") == fields["etag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("X-Cache", f"{'Hit' if hit else 'Miss'} from cloudfront")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_HEAD = do_GET

        self.server = http.server.ThreadingHTTPServer((address, PORT), Door)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True, name=f"cdn {address}").start()

    def answer(self, target, encodings):
        """(status, fields, body, was it in the cache) of a GET."""
        path, _, query = target.partition("?")
        key = (path, "br" in encodings, "gzip" in encodings)
        with self._lock:
            kept = self.cache.get(key)
        if kept and time.monotonic() < kept[0]:
            return kept[1:] + (True,)
        status, fields, body = self._ask_origin(path, query)
        age = re.search(r"max-age=(\d+)", fields.get("cache-control", ""))
        lasts = float(age.group(1)) if age else TTL_S if status == 200 else 0.0
        if lasts and "no-store" not in fields.get("cache-control", ""):
            with self._lock:
                self.cache[key] = (time.monotonic() + lasts, status, fields, body)
        return status, fields, body, False

    def _origin_of(self, path):
        config = self.made.distribution_config
        wanted = config.DefaultCacheBehavior.target_origin_id
        for each in config.CacheBehaviors.get("Items") or []:
            if fnmatch.fnmatchcase(path.lstrip("/"), each.path_pattern.lstrip("/")):
                wanted = each.target_origin_id
                break
        return next(each for each in config.Origins["Items"] if each.id == wanted)

    def _ask_origin(self, path, query):
        origin = self._origin_of(path)
        name = origin.domain_name
        bucket = re.match(r"(.+?)\.s3[.-]", name)
        if bucket:
            return self.box.front.object(bucket.group(1), urllib.parse.unquote(origin.origin_path + path).lstrip("/"))
        connection = http.client.HTTPConnection(name, int(origin.custom_origin_config.http_port), timeout=30)
        try:
            connection.request("GET", path + (f"?{query}" if query else ""))
            answer = connection.getresponse()
            fields = {key.lower(): value for key, value in answer.getheaders()
                      if key.lower() in KEPT_FIELDS or key.lower().startswith("x-")}
            return answer.status, fields, answer.read()
        except OSError:
            return 502, {}, b""
        finally:
            connection.close()

    def invalidate(self, paths):
        with self._lock:
            self.cache = {key: kept for key, kept in self.cache.items()
                          if not any(fnmatch.fnmatchcase(key[0], path) for path in paths)}

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Distributions:
    def __init__(self, box):
        self.box, self.all = box, {}

    def opened(self, made):
        made.domain_name = self.box.addresses.of_distribution()
        self.all[made.id] = Distribution(self.box, made, made.domain_name)

    def close(self):
        for each in self.all.values():
            each.close()


def extend(box):
    create, update, delete, invalidate = (
        CloudFrontBackend.create_distribution, CloudFrontBackend.update_distribution,
        CloudFrontBackend.delete_distribution, CloudFrontBackend.create_invalidation)

    def create_distribution(self, *arguments, **named):
        made = create(self, *arguments, **named)
        box.distributions.opened(made[0])
        return made

    def check(self, distribution_id, if_match):
        made = self.distributions.get(distribution_id)
        if made is None:
            raise NoSuchDistribution
        if not if_match:
            raise InvalidIfMatchVersion
        if if_match != made.etag:
            raise CloudFrontException("PreconditionFailed", "The precondition given in one or more of the "
                                      "request-header fields evaluated to false.")
        return made

    def update_distribution(self, dist_config, _id, if_match):
        made = check(self, _id, if_match)
        update(self, dist_config, _id, if_match)
        made.etag = random_id()
        return made, made.location, made.etag

    def delete_distribution(self, distribution_id, if_match):
        check(self, distribution_id, if_match)
        delete(self, distribution_id, if_match)
        box.distributions.all.pop(distribution_id).close()

    def create_invalidation(self, dist_id, paths, caller_ref):
        if dist_id not in self.distributions:
            raise NoSuchDistribution
        for known in self.invalidations.get(dist_id, []):
            if known.caller_ref == caller_ref:
                if sorted(known.paths) != sorted(paths):
                    raise CloudFrontException("InvalidationBatchAlreadyExists",
                                              "The caller reference was used with other paths")
                return known
        made = invalidate(self, dist_id, paths, caller_ref)
        made.status = "InProgress"

        def finish():
            box.distributions.all[dist_id].invalidate(paths)
            made.status = "Completed"

        box.later(box.chance.within(box.settings.work_s, "invalidation"), finish)
        return made

    CloudFrontBackend.create_distribution = create_distribution
    CloudFrontBackend.update_distribution = update_distribution
    CloudFrontBackend.delete_distribution = delete_distribution
    CloudFrontBackend.create_invalidation = create_invalidation
