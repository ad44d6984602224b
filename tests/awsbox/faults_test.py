"""What goes wrong on purpose goes wrong as often as was said, by seed; and what AWS refuses is refused."""
import datetime
import re
import time
import unittest

from . import missing
from .settings import Chance, Settings
from .world import shared, wait_until


class Chances(unittest.TestCase):
    def test_a_seed_draws_the_same_whatever_others_draw(self):
        alone, among = Chance(Settings(seed=7)), Chance(Settings(seed=7))
        first = [alone.draw("a") for _ in range(5)]
        second = []
        for _ in range(5):
            among.draw("b")
            second.append(among.draw("a"))
        self.assertEqual(first, second)
        self.assertNotEqual(first, [Chance(Settings(seed=8)).draw("a") for _ in range(5)])

    def test_settings_are_checked_by_name_and_kind(self):
        for wrong in ({"secnd_s": 1}, {"second_s": "1"}, {"boot_s": [2, 1]}, {"throttle": 1}):
            with self.assertRaises(ValueError, msg=str(wrong)):
                Settings(**wrong)


@unittest.skipIf(missing(), missing())
class Faults(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.ssm = self.world.client("ssm", region_name="eu-north-1")
        self.addCleanup(shared)  # back to the first settings

    def outcome(self, call, **arguments):
        """The error's code, `lost` where no answer came, or empty."""
        import botocore.exceptions
        try:
            call(**arguments)
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]
        except (botocore.exceptions.ConnectionClosedError, botocore.exceptions.EndpointConnectionError,
                botocore.exceptions.HTTPClientError):
            return "lost"
        return ""

    def stored(self, name):
        found = self.ssm.get_parameters(Names=[name])["Parameters"]
        return found[0]["Value"] if found else None

    def series(self, seed, **settings):
        """What became of forty writes, and which of them were carried out all the same."""
        self.world.set(seed=seed, faulty="ssm.PutParameter", **settings)
        told = [self.outcome(self.ssm.put_parameter, Name=f"/{seed}/{turn}", Value="x", Type="String", Overwrite=True)
                for turn in range(40)]
        self.world.set(fail_permille=0.0, fail_after_permille=0.0, lost_answer_permille=0.0)
        return told, [self.stored(f"/{seed}/{turn}") is not None for turn in range(40)]

    def test_failures_before_after_and_without_an_answer_come_at_their_rate(self):
        told, happened = self.series(seed=11, fail_permille=200.0, fail_after_permille=200.0,
                                     lost_answer_permille=200.0)
        failed = [turn for turn, code in enumerate(told) if code == "InternalServerError"]
        lost = [turn for turn, code in enumerate(told) if code == "lost"]
        fine = [turn for turn, code in enumerate(told) if not code]
        self.assertEqual(len(failed) + len(lost) + len(fine), 40)
        after = [turn for turn in failed if happened[turn]]
        before = [turn for turn in failed if not happened[turn]]
        for kind in (before, after, lost):
            self.assertTrue(2 <= len(kind) <= 16, told)
        self.assertTrue(all(happened[turn] for turn in lost + fine))

    def test_throttles_are_buckets_at_their_rate(self):
        self.world.set(throttle=True, throttle_rates={"ssm.DescribeParameters": [5, 4]})
        begun = time.monotonic()
        told = [self.outcome(self.ssm.describe_parameters) for _ in range(30)]
        passed, took = told.count(""), time.monotonic() - begun
        self.assertEqual(set(told), {"", "ThrottlingException"})
        self.assertGreaterEqual(passed, 4)
        self.assertLessEqual(passed, 4 + 5 * took + 1)
        elb = self.world.client("elbv2", region_name="eu-north-1")
        self.world.set(throttle=True, throttle_rates={"elasticloadbalancing.Modify": [1, 1]})
        told = [self.outcome(elb.modify_rule, RuleArn="arn:aws:elasticloadbalancing:eu-north-1:1:listener-rule/x",
                             Actions=[]) for _ in range(3)]
        self.assertIn("Throttling", told)
        wait_until(lambda: self.outcome(self.ssm.describe_parameters) == "", "a token")

    def test_reads_lag_behind_writes_for_a_while(self):
        elb = self.world.client("elbv2", region_name="eu-north-1")
        vpc = self.world.client("ec2", region_name="eu-north-1").describe_vpcs()["Vpcs"][0]["VpcId"]
        group = elb.create_target_group(Name="lag", Protocol="HTTP", Port=80, VpcId=vpc,
                                        HealthCheckPath="/old")["TargetGroups"][0]["TargetGroupArn"]

        def path():
            return elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["HealthCheckPath"]

        self.world.set(stale_s=[0.5, 1.0])
        self.assertEqual(path(), "/old")
        elb.modify_target_group(TargetGroupArn=group, HealthCheckPath="/new")
        self.assertEqual(path(), "/old", "a replica has not heard of it")
        wait_until(lambda: path() == "/new", "the write to be seen")

    # --- who may ask ------------------------------------------------------------------------------

    def test_only_rightly_signed_requests_are_carried_out(self):
        sts = self.world.client("sts")
        self.assertEqual(sts.get_caller_identity()["Account"], self.world.ready["account"])
        wrong = self.world.client("sts", aws_secret_access_key="wrong")
        self.assertEqual(self.outcome(wrong.get_caller_identity), "SignatureDoesNotMatch")
        nobody = self.world.client("ssm", aws_access_key_id="AKIANOBODY")
        self.assertEqual(self.outcome(nobody.describe_parameters), "UnrecognizedClientException")
        self.world.set(credentials_expired=True)
        self.assertEqual(self.outcome(sts.get_caller_identity), "ExpiredToken")

    def test_a_role_gives_keys_that_hold_with_their_token_alone(self):
        role = self.world.client("sts").assume_role(RoleArn=f"arn:aws:iam::{self.world.ready['account']}:role/deploy",
                                                    RoleSessionName="r1")["Credentials"]
        keys = {"aws_access_key_id": role["AccessKeyId"], "aws_secret_access_key": role["SecretAccessKey"]}
        session = self.world.client("sts", aws_session_token=role["SessionToken"], **keys)
        self.assertIn("assumed-role/deploy/r1", session.get_caller_identity()["Arn"])
        self.assertEqual(self.outcome(self.world.client("sts", **keys).get_caller_identity), "InvalidClientTokenId")

    def test_a_clock_that_is_wrong_is_refused_and_told_by_the_date_field(self):
        self.world.set(clock_skew_s=3600.0)
        self.assertEqual(self.outcome(self.ssm.describe_parameters), "InvalidSignatureException")
        s3 = self.world.client("s3")
        import botocore.exceptions
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            s3.list_buckets()
        self.assertEqual(caught.exception.response["Error"]["Code"], "RequestTimeTooSkewed")
        date = caught.exception.response["ResponseMetadata"]["HTTPHeaders"]["date"]
        told = datetime.datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=datetime.timezone.utc)
        self.assertAlmostEqual(told.timestamp() - time.time(), 3600, delta=60)

    def test_each_service_words_its_errors_so_that_boto3_reads_them(self):
        self.world.set(faulty="*", fail_permille=1000.0)
        calls = {"elbv2": "describe_load_balancers", "autoscaling": "describe_auto_scaling_groups",
                 "ec2": "describe_instances", "s3": "list_buckets", "cloudfront": "list_distributions",
                 "cloudwatch": "list_metrics", "ssm": "describe_parameters", "rds": "describe_db_instances",
                 "sts": "get_caller_identity"}
        told = {name: self.outcome(getattr(self.world.client(name), call)) for name, call in calls.items()}
        for name, code in told.items():
            self.assertRegex(code, re.compile(r"^Internal(Failure|Error|ServerError)$"), name)
        counted = self.world.control("calls")["faults"]
        self.assertTrue(all(any(key.endswith(f".{operation}") for key in counted) for operation in
                            ("DescribeLoadBalancers", "ListBuckets", "ListDistributions", "ListMetrics")), counted)

    def test_a_presigned_address_is_checked_too(self):
        import urllib.error
        import urllib.request
        import botocore.config
        s3 = self.world.client("s3", config=botocore.config.Config(signature_version="s3v4"))
        s3.create_bucket(Bucket="signed")
        s3.put_object(Bucket="signed", Key="a b/ü+=:.txt", Body=b"text")
        address = s3.generate_presigned_url("get_object", Params={"Bucket": "signed", "Key": "a b/ü+=:.txt"})
        with urllib.request.urlopen(address, timeout=10) as answer:
            self.assertEqual(answer.read(), b"text")
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(address.replace("Signature=", "Signature=0"), timeout=10)


if __name__ == "__main__":
    unittest.main()
