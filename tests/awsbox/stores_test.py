"""S3 as a place for a lease, CloudFront as what browsers see, commands, parameters, snapshots."""
import collections
import concurrent.futures
import http.client
import time
import unittest

from . import missing
from .world import Stack, shared, wait_until


def refusal(call, **arguments):
    """The code of a ClientError, or empty."""
    import botocore.exceptions
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return ""


@unittest.skipIf(missing(), missing())
class Objects(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.s3 = self.world.client("s3")
        self.bucket = "state-" + self.id().rsplit(".", 1)[1].replace("_", "-")[:50]
        self.s3.create_bucket(Bucket=self.bucket)

    def test_of_many_who_compare_and_set_one_wins(self):
        put = self.s3.put_object

        def race(**condition):
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                told = [pool.submit(refusal, put, Bucket=self.bucket, Key="lease",
                                    Body=f"{turn} {condition}", **condition)
                        for turn in range(8)]
                return collections.Counter(each.result() for each in told)

        self.assertEqual(race(IfNoneMatch="*"), {"": 1, "PreconditionFailed": 7})
        tag = self.s3.head_object(Bucket=self.bucket, Key="lease")["ETag"]
        self.assertEqual(race(IfMatch=tag), {"": 1, "PreconditionFailed": 7})
        self.assertEqual(refusal(put, Bucket=self.bucket, Key="nothing", Body=b"", IfMatch=tag), "NoSuchKey")

    def test_large_objects_come_in_parts_and_a_part_may_not_be_small(self):
        def upload(*sizes):
            upload_id = self.s3.create_multipart_upload(Bucket=self.bucket, Key="large")["UploadId"]
            parts = [{"PartNumber": turn + 1, "ETag": self.s3.upload_part(
                Bucket=self.bucket, Key="large", UploadId=upload_id, PartNumber=turn + 1, Body=b"x" * size)["ETag"]}
                for turn, size in enumerate(sizes)]
            return {"Bucket": self.bucket, "Key": "large", "UploadId": upload_id, "MultipartUpload": {"Parts": parts}}

        self.assertEqual(refusal(self.s3.complete_multipart_upload, **upload(1000, 10)), "EntityTooSmall")
        self.s3.complete_multipart_upload(**upload(5 << 20, 10))
        self.assertEqual(self.s3.head_object(Bucket=self.bucket, Key="large")["ContentLength"], (5 << 20) + 10)
        self.assertEqual(refusal(self.s3.complete_multipart_upload, IfNoneMatch="*", **upload(10)),
                         "PreconditionFailed")


@unittest.skipIf(missing(), missing())
class Content(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.s3, self.cdn = self.world.client("s3"), self.world.client("cloudfront")

    def made(self, name):
        self.s3.create_bucket(Bucket=name)
        return self.cdn.create_distribution(DistributionConfig={
            "CallerReference": name, "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{"Id": "s3", "DomainName": f"{name}.s3.us-east-1.amazonaws.com",
                                                  "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
            "DefaultCacheBehavior": {"TargetOriginId": "s3", "ViewerProtocolPolicy": "allow-all"}})

    @staticmethod
    def get(domain, path):
        connection = http.client.HTTPConnection(domain, 8080, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body, answer.headers

    def test_what_is_cached_stays_until_its_invalidation_is_complete(self):
        made = self.made("assets")["Distribution"]
        put = lambda body, **more: self.s3.put_object(Bucket="assets", Key="index.html", Body=body, **more)  # noqa: E731
        self.assertEqual(self.get(made["DomainName"], "/index.html")[0], 403, "no object, no right to list")
        put(b"one", ContentType="text/html", CacheControl="public, max-age=600")
        status, body, fields = self.get(made["DomainName"], "/index.html")
        self.assertEqual((status, body, fields["Content-Type"]), (200, b"one", "text/html"))
        self.assertEqual(fields["Cache-Control"], "public, max-age=600")
        put(b"two")
        status, body, fields = self.get(made["DomainName"], "/index.html")
        self.assertEqual((body, fields["X-Cache"]), (b"one", "Hit from cloudfront"))
        self.world.set(work_s=0.4)
        batch = {"DistributionId": made["Id"], "InvalidationBatch": {
            "Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": "r42"}}
        first = self.cdn.create_invalidation(**batch)["Invalidation"]
        self.assertEqual(first["Status"], "InProgress")
        self.assertEqual(self.cdn.create_invalidation(**batch)["Invalidation"]["Id"], first["Id"], "idempotent")
        batch["InvalidationBatch"]["Paths"]["Items"] = ["/other"]
        self.assertEqual(refusal(self.cdn.create_invalidation, **batch), "InvalidationBatchAlreadyExists")
        wait_until(lambda: self.cdn.get_invalidation(DistributionId=made["Id"], Id=first["Id"])[
            "Invalidation"]["Status"] == "Completed", "the invalidation")
        self.assertEqual(self.get(made["DomainName"], "/index.html")[1], b"two")

    def test_a_distribution_is_changed_only_by_who_has_its_newest_version(self):
        made = self.made("versions")
        config = self.cdn.get_distribution_config(Id=made["Distribution"]["Id"])
        change = {"Id": made["Distribution"]["Id"], "DistributionConfig": config["DistributionConfig"]}
        self.assertEqual(refusal(self.cdn.update_distribution, IfMatch="EWRONG", **change), "PreconditionFailed")
        newer = self.cdn.update_distribution(IfMatch=config["ETag"], **change)
        self.assertNotEqual(newer["ETag"], config["ETag"])
        self.assertEqual(refusal(self.cdn.update_distribution, IfMatch=config["ETag"], **change), "PreconditionFailed")


@unittest.skipIf(missing(), missing())
class Rest(unittest.TestCase):
    def setUp(self):
        self.world = shared()

    def test_commands_run_on_the_managed_instances_that_were_named(self):
        stack, ssm = Stack(self.world, region="ap-south-1"), self.world.client("ssm", region_name="ap-south-1")
        self.addCleanup(stack.close)
        stack.bring_up("blue", 2)
        first, second = (each["InstanceId"] for each in stack.members("blue"))
        self.assertEqual({each["InstanceId"] for each in ssm.describe_instance_information()[
            "InstanceInformationList"]}, {first, second})
        asked = {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["echo $AWSBOX_INSTANCE; exit 3"]}}
        self.assertEqual(refusal(ssm.send_command, InstanceIds=["i-0123456789abcdef0"], **asked), "InvalidInstanceId")
        self.world.set(work_s=0.3)
        command = ssm.send_command(InstanceIds=[first], **asked)["Command"]
        where = {"CommandId": command["CommandId"], "InstanceId": first}
        self.assertEqual(refusal(ssm.get_command_invocation, **where), "InvocationDoesNotExist")
        wait_until(lambda: refusal(ssm.get_command_invocation, **where) == "", "the agent")
        told = wait_until(lambda: (lambda one: one if one["Status"] == "Failed" else None)(
            ssm.get_command_invocation(**where)), "the end")
        self.assertEqual((told["StandardOutputContent"].strip(), told["ResponseCode"]), (first, 3))
        self.assertEqual([each["InstanceId"] for each in ssm.list_command_invocations(
            CommandId=command["CommandId"])["CommandInvocations"]], [first])
        slow = ssm.send_command(Targets=[{"Key": "tag:aws:autoscaling:groupName", "Values": ["blue"]}],
                                DocumentName="AWS-RunShellScript", Parameters={"commands": ["sleep 60"]})["Command"]
        status = lambda: ssm.list_commands(CommandId=slow["CommandId"])["Commands"][0]["Status"]  # noqa: E731
        wait_until(lambda: status() == "InProgress", "its begin")
        wait_until(lambda: len(ssm.list_command_invocations(CommandId=slow["CommandId"])[
            "CommandInvocations"]) == 2, "both")
        ssm.cancel_command(CommandId=slow["CommandId"])
        wait_until(lambda: status() == "Cancelled", "its end")

    def test_parameters_have_versions_and_labels(self):
        ssm = self.world.client("ssm", region_name="ap-south-1")
        for value in ("one", "two"):
            ssm.put_parameter(Name="/app/config", Value=value, Type="String", Overwrite=True)
        ssm.label_parameter_version(Name="/app/config", ParameterVersion=1, Labels=["blue"])
        got = {name: ssm.get_parameter(Name=name)["Parameter"]["Value"]
               for name in ("/app/config", "/app/config:1", "/app/config:blue")}
        self.assertEqual(list(got.values()), ["two", "one", "one"])

    def test_a_snapshot_is_created_before_it_is_available(self):
        rds = self.world.client("rds", region_name="ap-south-1")
        rds.create_db_instance(DBInstanceIdentifier="db", DBInstanceClass="db.t3.small", Engine="postgres",
                               MasterUsername="u", MasterUserPassword="password1", AllocatedStorage=20)
        self.world.set(work_s=0.4)
        status = lambda: rds.describe_db_snapshots(DBSnapshotIdentifier="s")["DBSnapshots"][0]["Status"]  # noqa: E731
        made = rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="s")["DBSnapshot"]
        self.assertEqual((made["Status"], status()), ("creating", "creating"))
        wait_until(lambda: status() == "available", "the snapshot")
        self.assertEqual(refusal(rds.create_db_snapshot, DBInstanceIdentifier="db", DBSnapshotIdentifier="s"),
                         "DBSnapshotAlreadyExists")

    def test_an_instance_learns_of_itself_by_tokens_alone(self):
        ec2 = self.world.client("ec2", region_name="ap-south-1")
        script = ("#!/bin/sh\nt=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "
                  "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/api/token)\n"
                  "curl -s -o /dev/null -w '%{http_code} ' $AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/instance-id\n"
                  "for what in instance-id local-ipv4 placement/region iam/security-credentials/awsbox; do\n"
                  "curl -s -H \"X-aws-ec2-metadata-token: $t\" $AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/$what; echo; done\n")
        made = ec2.run_instances(ImageId="ami-12c6146b", InstanceType="t3.small", MinCount=1, MaxCount=1,
                                 UserData=script)["Instances"][0]["InstanceId"]
        folder = self.world.folder / "instances" / made
        wait_until(lambda: (folder / "console.log").exists() and "SecretAccessKey" in (
            folder / "console.log").read_text(), "what it learned")
        told = (folder / "console.log").read_text().split("\n")
        self.assertEqual((told[0], told[2]), (f"401 {made}", "ap-south-1"))
        import json
        keys = json.loads(told[3])
        sts = self.world.client("sts", aws_access_key_id=keys["AccessKeyId"], aws_session_token=keys["Token"],
                                aws_secret_access_key=keys["SecretAccessKey"])
        self.assertIn("assumed-role/awsbox/instance", sts.get_caller_identity()["Arn"])
        self.assertIn(made, ec2.get_console_output(InstanceId=made)["Output"])
        ec2.terminate_instances(InstanceIds=[made])
        begun = time.monotonic()
        state = lambda: ec2.describe_instances(InstanceIds=[made])["Reservations"][0]["Instances"][0]["State"]["Name"]  # noqa: E731
        wait_until(lambda: state() == "terminated", "its end")
        self.assertLess(time.monotonic() - begun, 10)


if __name__ == "__main__":
    unittest.main()
