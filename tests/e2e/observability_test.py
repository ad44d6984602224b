"""What other systems see of releases: metrics, a trace, events. Checked against their own tools and schemas."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.support.house import DONE, ROLLED_BACK, House  # noqa: E402
from tests.support.listener import Listener  # noqa: E402
from tests.support.visitor import Visitor  # noqa: E402

GRAFANA = ROOT / "examples/grafana"
EVENTS = pathlib.Path(os.environ.get("CROSSFADE_TEST_DATA", ROOT / "../shared/data")) / "cdevents/schemas"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
AT_ONCE = {"patch": "blue-green", "bake": "100ms"}


def message(required, **fields):
    """A message in protobuf's JSON mapping; nothing else may stand in it."""
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def many(of):
    return {"type": "array", "items": of}


# opentelemetry/proto/trace/v1/trace.proto and its kin, as far as OTLP/HTTP JSON has them: ids in hex,
# enums as numbers, 64 bits as text. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
TEXT = {"type": "string"}
NANOSECONDS = {"type": "string", "pattern": "^[1-9][0-9]{17,19}$"}
ATTRIBUTES = many(message(["key", "value"], key={"type": "string", "minLength": 1},
                          value=message(["stringValue"], stringValue=TEXT)))
SPAN = message(
    ["traceId", "spanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano"],
    traceId={"type": "string", "pattern": "^(?!0{32})[0-9a-f]{32}$"},
    spanId={"type": "string", "pattern": "^(?!0{16})[0-9a-f]{16}$"},
    parentSpanId={"type": "string", "pattern": "^(?!0{16})[0-9a-f]{16}$"}, traceState=TEXT,
    name={"type": "string", "minLength": 1}, kind={"enum": [1, 2, 3, 4, 5]}, attributes=ATTRIBUTES,
    startTimeUnixNano=NANOSECONDS, endTimeUnixNano=NANOSECONDS,
    status=message([], code={"enum": [0, 1, 2]}, message=TEXT))
TRACES = message(["resourceSpans"], resourceSpans=many(message(
    ["scopeSpans"], resource=message([], attributes=ATTRIBUTES),
    scopeSpans=many(message(["spans"], scope=message([], name=TEXT, version=TEXT), spans=many(SPAN))))))


class ObservabilityTest(unittest.TestCase):
    def house(self, **options):
        house = House(**{"settings": AT_ONCE} | options).__enter__()
        self.addCleanup(house.__exit__, None, None, None)
        house.up()
        return house

    def released(self, house, version, code=DONE, **environment):
        house.write_spec(version=version)
        with Visitor(house.port, path="/api/v4/config/client", threads=4, pause_s=0.02):
            done = subprocess.run([house.program, "deploy", "--yes"], cwd=house.folder, text=True, timeout=90,
                                  capture_output=True, env=os.environ | environment, check=False)
        self.assertEqual(done.returncode, code, done)
        return done

    def listener(self, **options):
        listener = Listener(**options)
        self.addCleanup(listener.close)
        return listener

    def lint(self, text):
        if not shutil.which("promtool"):
            self.skipTest("there is no promtool")
        said = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
        self.assertEqual((said.returncode, said.stdout, said.stderr), (0, "", ""))

    def test_metrics_are_clean_and_say_what_happened(self):
        house = self.house()
        self.released(house, "1.0.1")
        text = house.run("metrics", check=DONE).out
        self.lint(text)
        label = 'application="chat"'
        self.assertIn(f'crossfade_releases_total{{{label},strategy="blue-green",ending="succeeded"}} 2', text)
        self.assertIn(f'crossfade_serving_info{{{label},version="1.0.1"}} 1', text)
        self.assertIn(f'crossfade_release_state{{{label},state="warm"}} 1', text)
        self.assertRegex(text, rf'crossfade_requests_total{{{label},pool="green"}} [1-9]')
        console = json.loads((house.folder / ".crossfade/console/address.json").read_text())["listen"]
        with urllib.request.urlopen(f"http://{console}/metrics", timeout=10) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            served = answer.read().decode()
        self.lint(served)
        names = lambda page: set(re.findall(r"^# TYPE (\S+)", page, re.M))  # noqa: E731
        self.assertEqual(names(served), names(text))
        self.dashboard_uses_only(text)

    def dashboard_uses_only(self, text):
        """All that the dashboard, the alerts and the reference name is there, and PromQL reads it."""
        known = {name for name in re.findall(r"^(crossfade_\w+)\{", text, re.M)}
        dashboard = json.loads((GRAFANA / "crossfade.json").read_text())
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        asked += [note["expr"] for note in dashboard["annotations"]["list"]]
        alerts = (GRAFANA / "alerts.yml").read_text()
        self.assertGreater(len(asked), 10)
        for where in (*asked, alerts):
            self.assertLessEqual(set(re.findall(r"crossfade_\w+", where)), known, where)
        families = set(re.findall(r"^# TYPE (\S+)", text, re.M))
        documented = set(re.findall(r"`(crossfade_\w+)`", (ROOT / "docs/observability.md").read_text()))
        self.assertEqual(families ^ documented, set())
        rules = {"groups": [{"name": "dashboard", "rules": [
            {"record": f"panel_{i}", "expr": expr.replace("$application", "chat")} for i, expr in enumerate(asked)]}]}
        for name, content in (("rules.json", json.dumps(rules)), ("alerts.yml", alerts)):
            folder = tempfile.TemporaryDirectory()
            self.addCleanup(folder.cleanup)
            file = pathlib.Path(folder.name) / name
            file.write_text(content)
            said = subprocess.run(["promtool", "check", "rules", file], text=True, capture_output=True, check=False)
            self.assertEqual(said.returncode, 0, said)

    def test_a_release_is_a_trace_that_joins_the_one_it_was_begun_in(self):
        collector = self.listener()
        house = self.house()
        self.released(house, "1.0.1", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url + "/", TRACEPARENT=PARENT,
                      OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20s3cret")
        path, headers, body = collector.got[0]
        self.assertEqual((path, headers["authorization"]), ("/v1/traces", "Bearer s3cret"))
        trace = json.loads(body)
        jsonschema.validate(trace, TRACES)
        spans = trace["resourceSpans"][0]["scopeSpans"][0]["spans"]
        root = spans[0]
        self.assertEqual((root["traceId"], root["parentSpanId"]), tuple(PARENT.split("-")[1:3]))
        self.assertEqual({span["parentSpanId"] for span in spans[1:]}, {root["spanId"]})
        self.assertIn("shift-1", {span["name"] for span in spans})
        self.assertEqual(len({span["spanId"] for span in spans}), len(spans))
        for span in spans:
            self.assertLessEqual(int(root["startTimeUnixNano"]), int(span["startTimeUnixNano"]))
            self.assertLessEqual(int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]))

    def test_events_fit_their_published_schemas_and_tell_of_harm(self):
        receiver = self.listener()
        house = self.house(settings={}, guard="{requests_min: 5, interval: 100ms, error_rate_max: 5%}")
        house.faults = ["error-rate=0.9"]
        self.released(house, "1.0.1", code=ROLLED_BACK, CROSSFADE_CDEVENTS_URL=receiver.url + "/events")
        types = [headers["ce-type"].removeprefix("dev.cdevents.") for _, headers, _ in receiver.got]
        self.assertEqual(types, ["pipelinerun.started.0.3.0", "pipelinerun.finished.0.3.0",
                                 "incident.detected.0.3.0"])
        events = receiver.messages("/events")
        for (_, headers, _), event in zip(receiver.got, events):
            self.assertEqual((headers["ce-id"], headers["ce-type"]), (event["context"]["id"], event["context"]["type"]))
        self.assertEqual(events[1]["subject"]["content"]["outcome"], "failure")
        self.assertIn("requests failed", events[2]["subject"]["content"]["description"])
        if not EVENTS.exists():
            self.skipTest(f"no schemas in {EVENTS}")
        for event, kind in zip(events, types):
            schema = json.loads((EVENTS / f"{''.join(kind.split('.')[:2])}.json").read_text())
            schema["properties"]["context"]["properties"].pop("links", None)  # refers to files elsewhere
            jsonschema.validate(event, schema)

    def test_collectors_that_are_gone_cost_a_release_nothing(self):
        gone = self.listener()
        gone.close()
        house = self.house()
        done = self.released(house, "1.0.1", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{gone.url}/s3cret",
                             CROSSFADE_CDEVENTS_URL=f"{gone.url}/s3cret", TRACEPARENT="no such thing")
        self.assertIn("not told: the collector of traces could not be reached", done.stderr)
        self.assertIn("not told: the receiver of CDEvents could not be reached", done.stderr)
        self.assertNotIn("s3cret", done.stdout + done.stderr)
        self.assertEqual(house.status()["serving"], "1.0.1")


if __name__ == "__main__":
    unittest.main()
