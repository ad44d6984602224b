"""Assets published by the real binary: what boto3 and a browser's GET find, what the next release uploads, and what a
killed one leaves."""
import http.client
import os
import signal
import unittest

from . import missing
from .shop import BIN, Shop, beyond, now
from .world import shared, wait_until

FILES = 200
IMMUTABLE, SHORT = "public, max-age=31536000, immutable", "public, max-age=60"


def reason():
    return missing() or ("" if BIN.exists() else f"{BIN} is not built")


class AssetsShop(Shop):
    """A shop whose spec has assets, a bucket of their own and a distribution."""

    def __init__(self, world, region, **place):
        super().__init__(world, region)
        self.files = f"assets-{region}"
        self.s3.create_bucket(Bucket=self.files, CreateBucketConfiguration={"LocationConstraint": region})
        self.distribution = world.client("cloudfront").create_distribution(DistributionConfig={
            "CallerReference": self.files, "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{
                "Id": "s3", "DomainName": f"{self.files}.s3.{region}.amazonaws.com", "OriginPath": "/shop",
                "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
            "DefaultCacheBehavior": {"TargetOriginId": "s3", "ViewerProtocolPolicy": "allow-all"}})["Distribution"]
        self.place = {"bucket": self.files, "prefix": "shop", "distribution": self.distribution["Id"],
                      "url": f"http://{self.distribution['DomainName']}:8080", "unhashed": ["index.html"]} | place

    def write(self, **spec):
        super().write(**spec)
        path = self.folder / "crossfade.yaml"
        place = "\n".join(f"    {name}: {value}" for name, value in self.place.items() if value)
        path.write_text(path.read_text().replace("provider: aws\n", "provider: aws\nassets: web\n", 1).replace(
            "  metrics_period: 1s\n", f"  metrics_period: 1s\n  assets:\n{place}\n", 1))

    def file(self, name, content):
        path = self.folder / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def head(self, name):
        return self.s3.head_object(Bucket=self.files, Key=f"shop/static/{name}")

    def keys(self):
        return {each["Key"].removeprefix("shop/static/")
                for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.files)
                for each in page.get("Contents", [])}

    def seen(self, name):
        """What a browser gets: status, body, fields."""
        connection = http.client.HTTPConnection(self.distribution["DomainName"], 8080, timeout=10)
        connection.request("GET", f"/static/{name}")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body, answer.headers


@unittest.skipIf(reason(), reason())
class Assets(unittest.TestCase):
    def setUp(self):
        self.world = shared()
        self.world.set(metrics_period_s=1.0)
        self.addCleanup(shared)

    def shop(self, region, **place):
        shop = AssetsShop(self.world, region, **place)
        self.addCleanup(shop.close)
        return shop

    def test_a_release_publishes_and_the_next_one_only_what_changed(self):
        shop = self.shop("eu-central-1")
        for turn in range(FILES):
            shop.file(f"part-{turn:03}.0a1b2c3d.js", f"// {turn}\n" + "x" * 2000)
        shop.file("deep er/app.3f9ac21b.css", "body {}\n")
        shop.file("deep er/app.3f9ac21b.css.br", b"made by the bundler")
        shop.file("film.7d1e0f2a.mp4", os.urandom(20 << 20))
        shop.file("index.html", "<p>one")
        begun = now()
        said = shop.release()
        self.assertEqual(beyond("release", shop.calls(begun), "assets"), {})
        self.assertEqual(len(shop.keys()), FILES + 4, said)
        head = shop.head("part-007.0a1b2c3d.js")
        self.assertEqual((head["ContentType"], head["CacheControl"]), ("text/javascript; charset=utf-8", IMMUTABLE))
        head = shop.head("deep er/app.3f9ac21b.css.br")
        self.assertEqual((head["ContentType"], head["ContentEncoding"]), ("text/css; charset=utf-8", "br"))
        self.assertEqual(shop.head("index.html")["CacheControl"], SHORT)
        film = shop.s3.get_object(Bucket=shop.files, Key="shop/static/film.7d1e0f2a.mp4")
        self.assertEqual(film["Body"].read(), (shop.folder / "web/film.7d1e0f2a.mp4").read_bytes())
        self.assertEqual(film["ContentType"], "video/mp4")
        self.assertEqual(shop.seen("index.html")[:2], (200, b"<p>one"))

        for turn in range(FILES // 100):
            shop.file(f"part-{turn:03}.ffffffff1.js", f"// {turn} anew\n")
            (shop.folder / "web" / f"part-{turn:03}.0a1b2c3d.js").unlink()
        shop.file("index.html", "<p>two")
        before, begun = shop.keys(), now()
        shop.release()  # nothing but assets differs
        self.assertEqual(shop.seen("index.html")[:2], (200, b"<p>two"), "the cache has forgotten the old one")
        new = shop.keys() - before
        self.assertEqual(new, {f"part-{turn:03}.ffffffff1.js" for turn in range(FILES // 100)})
        calls = shop.calls(begun)
        self.assertEqual(calls["s3.UploadPart"], 0)
        self.assertLess(calls["s3.HeadObject"], 10, "what is there is known from the listing")
        written = {key for key in shop.keys() if shop.head(key)["LastModified"].timestamp() >= begun - 1}
        self.assertLessEqual(written - new, {"index.html"})
        self.assertEqual(shop.seen("part-000.0a1b2c3d.js")[0], 200, "the release before is kept")

    def test_a_publisher_that_is_killed_is_carried_on(self):
        shop = self.shop("eu-west-3")
        for turn in range(FILES):
            shop.file(f"part-{turn:03}.0a1b2c3d.js", f"// {turn}\n" + "x" * 2000)
        shop.file("film.7d1e0f2a.mp4", os.urandom(40 << 20))
        shop.write()
        process = shop.start("deploy")
        try:
            wait_until(lambda: len(shop.keys()) > 20 or process.poll() is not None, "some files", 60)
        finally:
            process.send_signal(signal.SIGKILL)
            said, _ = process.communicate()
        self.assertIn(len(shop.keys()), range(20, FILES + 1), f"killed in the midst: {said[-500:]}")
        written = {key: shop.head(key)["LastModified"] for key in shop.keys()}
        code, said = shop.run("resume", longest_s=180)
        self.assertEqual(code, 0, said)
        self.assertEqual(len(shop.keys()), FILES + 1)
        self.assertEqual({key: shop.head(key)["LastModified"] for key in written}, written, "none is sent twice")
        film = shop.s3.get_object(Bucket=shop.files, Key="shop/static/film.7d1e0f2a.mp4")
        self.assertEqual(film["Body"].read(), (shop.folder / "web/film.7d1e0f2a.mp4").read_bytes())

    def test_a_hashed_name_with_other_content_ends_the_release_before_anything_moves(self):
        shop = self.shop("eu-south-2", distribution="", url="", unhashed="")
        shop.file("app.3f9ac21b.js", "one")
        shop.release()
        shop.file("app.3f9ac21b.js", "two")
        shop.write(version="1.0.1")
        code, said = shop.run("deploy")
        self.assertNotEqual(code, 0)
        self.assertIn("CF0833", said)
        self.assertEqual(shop.s3.get_object(Bucket=shop.files, Key="shop/static/app.3f9ac21b.js")["Body"].read(), b"one")
        self.assertEqual(shop.versions(), {"1.0.0"})


if __name__ == "__main__":
    unittest.main()
