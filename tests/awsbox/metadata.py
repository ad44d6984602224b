"""The twin of IMDSv2, one an instance: token first, then what the instance may know of itself."""
import http.server
import json
import secrets
import threading
import time


class Metadata:
    def __init__(self, box, machine):
        self.box, self.machine, self.tokens = box, machine, {}
        twin = self

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_PUT(self):
                ttl = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
                if self.path != "/latest/api/token" or not ttl.isdigit() or not 1 <= int(ttl) <= 21600:
                    return self.say(400, "")
                token = secrets.token_urlsafe(24)
                twin.tokens[token] = time.monotonic() + int(ttl)
                self.say(200, token)

            def do_GET(self):
                if twin.tokens.get(self.headers.get("X-aws-ec2-metadata-token"), 0) < time.monotonic():
                    return self.say(401, "")
                text = twin.answer(self.path)
                self.say(404 if text is None else 200, text or "")

            def say(self, status, text):
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer((machine.address, 0), Door)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.5},
                         daemon=True, name=f"metadata {machine.id}").start()
        self.endpoint = f"http://{machine.address}:{self.server.server_port}"

    def answer(self, path):
        instance = self.machine.instance
        if path == "/latest/user-data":
            from .instances import script_of
            return script_of(instance.user_data).decode("utf-8", "replace") or None
        if path == "/latest/dynamic/instance-identity/document":
            return json.dumps({"instanceId": instance.id, "privateIp": self.machine.address,
                               "region": instance.region_name, "imageId": instance.image_id,
                               "availabilityZone": self.zone(), "instanceType": instance.instance_type})
        name = path.removeprefix("/latest/meta-data/")
        role = "awsbox"
        plain = {
            "instance-id": instance.id, "local-ipv4": self.machine.address, "ami-id": instance.image_id,
            "instance-type": instance.instance_type, "placement/availability-zone": self.zone(),
            "placement/region": instance.region_name, "iam/security-credentials/": role,
            "iam/security-credentials": role,
            "autoscaling/target-lifecycle-state": self.box.scaling.target_state(instance.id),
        }
        if name.startswith("tags/instance/"):
            wanted = name.removeprefix("tags/instance/")
            return next((tag["value"] for tag in instance.get_tags() if tag["key"] == wanted), None)
        if name == f"iam/security-credentials/{role}":
            key, secret, token, until = self.box.role_keys()
            return json.dumps({"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": key,
                               "SecretAccessKey": secret, "Token": token, "Expiration": until,
                               "LastUpdated": until})
        return plain.get(name)

    def zone(self):
        return self.machine.instance._placement.zone

    def close(self):
        threading.Thread(target=self._close, daemon=True).start()

    def _close(self):
        self.server.shutdown()
        self.server.server_close()
