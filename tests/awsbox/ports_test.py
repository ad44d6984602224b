"""Our client writes, boto3 reads: the ports of provider `aws` over the real wire (src/aws/try)."""
import concurrent.futures
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

from . import ROOT, missing
from .world import REGION, Stack, shared

TRY = pathlib.Path(os.environ.get("CROSSFADE_BIN", ROOT / "build/release/bin")) / "aws_try"


class Ours(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.region = REGION

    def call(self, *words, **environment):
        """What one process of ours says, and whether it succeeded."""
        given = {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "AWS_REGION": self.region,
                 "AWS_ENDPOINT_URL": self.world.endpoint, "AWS_EC2_METADATA_DISABLED": "true",
                 "AWS_ACCESS_KEY_ID": self.world.ready["access_key_id"],
                 "AWS_SECRET_ACCESS_KEY": self.world.ready["secret_access_key"]} | environment
        done = subprocess.run([TRY, *map(str, words)], env=given, capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, (0, 1), done.stderr[-2000:])
        return done.returncode == 0, json.loads(done.stdout)

    def ok(self, *words, **environment):
        good, said = self.call(*words, **environment)
        self.assertTrue(good, said)
        return said

    def refused(self, *words, **environment):
        good, said = self.call(*words, **environment)
        self.assertFalse(good, said)
        return said


@unittest.skipIf(missing(), missing())
class Identity(Ours):
    def test_a_signature_of_ours_is_accepted_and_a_wrong_one_is_not(self):
        self.assertEqual(self.ok("whoami")["source"], "environment")
        said = self.refused("whoami", AWS_SECRET_ACCESS_KEY="wrong")
        self.assertEqual(said["code"], "CF0804")

    def test_a_profile_takes_its_role_with_the_keys_of_another(self):
        with tempfile.TemporaryDirectory() as home:
            config = pathlib.Path(home, "config")
            config.write_text(f"""
[profile base]
aws_access_key_id = {self.world.ready["access_key_id"]}
aws_secret_access_key = {self.world.ready["secret_access_key"]}
[profile release]
role_arn = arn:aws:iam::123456789012:role/release
source_profile = base
role_session_name = r42
""")
            said = self.ok("whoami", AWS_PROFILE="release", AWS_CONFIG_FILE=str(config),
                           AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        self.assertEqual(said["source"], "role of profile release")
        self.assertTrue(said["arn"].endswith(":assumed-role/release/r42"), said)

    def test_a_token_of_a_job_becomes_keys_unsigned(self):
        with tempfile.TemporaryDirectory() as home:
            token = pathlib.Path(home, "token")
            token.write_text("header.payload.signature")
            said = self.ok("whoami", AWS_WEB_IDENTITY_TOKEN_FILE=str(token), AWS_ACCESS_KEY_ID="",
                           AWS_SECRET_ACCESS_KEY="", AWS_ROLE_ARN="arn:aws:iam::123456789012:role/jenkins",
                           AWS_ROLE_SESSION_NAME="job-17")
        self.assertTrue(said["arn"].endswith(":assumed-role/jenkins/job-17"), said)

    def test_an_instance_and_a_container_give_their_keys_over_loopback(self):
        keys = {"Code": "Success", "AccessKeyId": self.world.ready["access_key_id"], "Token": "",
                "SecretAccessKey": self.world.ready["secret_access_key"], "Expiration": "2099-01-01T00:00:00Z"}
        asked = []

        class Machine(http.server.BaseHTTPRequestHandler):
            def answer(self):
                asked.append((self.command, self.path, self.headers.get("X-aws-ec2-metadata-token"),
                              self.headers.get("Authorization")))
                body = {"/latest/api/token": "session", "/latest/meta-data/iam/security-credentials/": "app"}.get(
                    self.path, json.dumps(keys)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = answer

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Machine) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            here, none = f"http://127.0.0.1:{server.server_port}", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
            said = self.ok("whoami", AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=here, **none)
            self.assertEqual(said["source"], "the instance")
            self.assertEqual([(method, token) for method, _, token, _ in asked],
                             [("PUT", None), ("GET", "session"), ("GET", "session")])
            said = self.ok("whoami", AWS_CONTAINER_CREDENTIALS_FULL_URI=here + "/keys",
                           AWS_CONTAINER_AUTHORIZATION_TOKEN="Basic x", **none)
            self.assertEqual((said["source"], asked[-1][1:]), ("the container", ("/keys", None, "Basic x")))
            server.shutdown()

    def test_a_clock_that_is_ten_minutes_off_is_followed(self):
        self.world.set(clock_skew_s=600.0)
        self.ok("whoami")


@unittest.skipIf(missing(), missing())
class Shift(Ours):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(shared(), region="eu-west-1")

    def setUp(self):
        super().setUp()
        self.region = "eu-west-1"
        elb, stack = self.stack.elb, self.stack
        elb.remove_tags(ResourceArns=[stack.rule], TagKeys=[
            tag["Key"] for tag in elb.describe_tags(ResourceArns=[stack.rule])["TagDescriptions"][0]["Tags"]] or ["none"])
        stack.shift(100, 0)

    def traffic(self, *words):
        stack = self.stack
        return ("traffic", stack.rule, stack.balancer, stack.groups["blue"], stack.groups["green"], *words)

    def weights(self):
        rule = self.stack.elb.describe_rules(RuleArns=[self.stack.rule])["Rules"][0]
        groups = rule["Actions"][0]["ForwardConfig"]["TargetGroups"]
        by_arn = {each["TargetGroupArn"]: each["Weight"] for each in groups}
        return by_arn[self.stack.groups["blue"]], by_arn[self.stack.groups["green"]]

    def test_boto3_reads_the_weights_that_we_wrote(self):
        self.assertEqual(self.refused(*self.traffic("read"))["failure"], "not_found")
        self.ok(*self.traffic("set", 50, 7, "r1/shift-1/do"))
        self.assertEqual(self.weights(), (950, 50))
        self.assertEqual(self.ok(*self.traffic("read")), {"green": 50})
        self.ok(*self.traffic("set", 1000, 7, "r1/shift-2/do"))
        self.assertEqual(self.weights(), (0, 100))

    def test_stickiness_that_someone_configured_survives_and_counts_as_a_change(self):
        sticky = {"TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60}}
        stack = self.stack
        stack.elb.modify_rule(RuleArn=stack.rule, Actions=[stack.action(100, 0, **sticky)])
        self.ok(*self.traffic("set", 50, 7, "r1/shift-1/do"))
        rule = stack.elb.describe_rules(RuleArns=[stack.rule])["Rules"][0]
        kept = rule["Actions"][0]["ForwardConfig"]["TargetGroupStickinessConfig"]
        self.assertEqual(kept, sticky["TargetGroupStickinessConfig"])
        stack.shift(950, 50)  # the same weights, without it
        self.assertEqual(self.refused(*self.traffic("set", 100, 7, "r1/shift-2/do"))["code"], "CF0814")

    def test_weights_of_someone_else_stop_us_and_the_way_back_goes_on(self):
        self.ok(*self.traffic("set", 50, 7, "r1/shift-1/do"))
        self.stack.shift(1, 1)
        said = self.refused(*self.traffic("set", 100, 7, "r1/shift-2/do"))
        self.assertEqual((said["code"], said["failure"]), ("CF0814", "conflict"))
        self.ok(*self.traffic("set", 0, 7, "r1/shift-1/undo"))
        self.assertEqual(self.weights(), (100, 0))

    def test_a_lower_fence_writes_nothing(self):
        self.ok(*self.traffic("set", 50, 8, "r2/shift-1/do"))
        self.assertEqual(self.refused(*self.traffic("set", 900, 7, "r1/shift-9/do"))["code"], "CF0818")
        self.assertEqual(self.weights(), (950, 50))

    def test_a_write_that_happened_and_said_500_is_unknown_and_may_be_repeated(self):
        self.world.set(faulty="elasticloadbalancing.ModifyRule", fail_after_permille=1000.0)
        said = self.refused(*self.traffic("set", 50, 7, "r1/shift-1/do"))
        self.assertEqual(said["failure"], "unknown")
        self.assertEqual(self.weights(), (950, 50))
        self.world.set(fail_after_permille=0.0)
        self.ok(*self.traffic("set", 50, 7, "r1/shift-1/do"))

    def test_reads_that_fail_now_and_then_are_asked_again(self):
        self.world.set(faulty="elasticloadbalancing.Describe*", fail_permille=200.0)
        good = sum(self.call(*self.traffic("set", 10 * turn, 7, f"r1/shift-{turn}/do"))[0] for turn in range(1, 4))
        self.assertGreaterEqual(good, 2)

    def test_nothing_is_said_of_a_share_before_a_whole_minute_under_it(self):
        said = self.ok(*self.traffic("observe", 60))
        self.assertEqual(said["blue"], {"requests": 0, "healthy": 0, "draining": 0})
        self.ok(*self.traffic("set", 50, 7, "r1/shift-1/do"))
        self.assertEqual(self.refused(*self.traffic("observe", 60))["code"], "CF0815")


@unittest.skipIf(missing(), missing())
class Journal(Ours):
    def setUp(self):
        super().setUp()
        self.s3 = self.world.client("s3")
        self.bucket = "journal-" + self.id().rsplit(".", 1)[1].replace("_", "-")[:50].rstrip("-")
        self.s3.create_bucket(Bucket=self.bucket)

    def store(self, *words):
        return ("store", self.bucket, "shop", *words)

    def test_boto3_reads_the_records_that_we_wrote(self):
        fence = self.ok(*self.store("acquire", "ada"))["fence"]
        for turn in range(3):
            self.ok(*self.store("append", fence, f"ü {turn}"))
        said = self.ok(*self.store("read"))
        self.assertTrue(said["intact"])
        keys = [each["Key"] for each in self.s3.list_objects_v2(Bucket=self.bucket, Prefix="shop/journal/")["Contents"]]
        self.assertEqual(len(keys), 3)
        newest = json.load(self.s3.get_object(Bucket=self.bucket, Key=keys[0])["Body"])
        self.assertEqual((newest["index"], newest["fence"]), (3, fence))
        self.assertEqual(newest["hash"], said["records"][-1]["hash"])
        self.assertEqual(json.loads(newest["body"]), {"text": "ü 2"})

    def test_of_controllers_that_start_at_once_one_works_and_the_others_say_who(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            told = list(pool.map(lambda name: self.call(*self.store("acquire", name)), "abcd"))
        self.assertEqual(sum(good for good, _ in told), 1, told)
        holder = self.ok(*self.store("lease"))["holder"]
        said = self.refused(*self.store("acquire", "late"))
        self.assertIn(f"{holder} drives", said["line"])

    def test_a_replaced_holder_appends_no_more(self):
        first = self.ok(*self.store("acquire", "ada"))["fence"]
        second = self.ok(*self.store("acquire", "ada"))["fence"]
        self.assertEqual(self.refused(*self.store("append", first, "late"))["failure"], "conflict")
        self.ok(*self.store("append", second, "fine"))

    def test_answers_that_are_lost_are_looked_up(self):
        fence = self.ok(*self.store("acquire", "ada"))["fence"]
        self.world.set(faulty="s3.PutObject", lost_answer_permille=1000.0)
        self.ok(*self.store("append", fence, "written all the same"))
        self.assertEqual(len(self.ok(*self.store("read"))["records"]), 1)


if __name__ == "__main__":
    unittest.main()
