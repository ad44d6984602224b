#!/usr/bin/env python3
"""Tables and keys of AWS's operations, from botocore's models.

    aws_model.py --prune    src/aws/models/*.json from the botocore that is installed here
    aws_model.py --write    src/aws/models/*.h and *.cpp from those files
    aws_model.py            fails where --write would change anything (part of ./x lint)

operations.txt says which operations. Only --prune needs botocore, and nothing needs a network.
"""
import collections
import glob
import gzip
import json
import os
import pathlib
import re
import sys
import textwrap

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src" / "aws" / "models"
NOTICE = ("Part of botocore's models, Copyright Amazon.com, Inc. or its affiliates, licensed under the Apache License, "
          "Version 2.0 (https://aws.amazon.com/apache2.0); pruned to some operations, without documentation.")
API_VERSIONS = {"ec2": "2016-11-15", "cloudfront": "2020-05-31"}  # others have one
# CloudWatch lists CBOR first; query is among what it answers.
PROTOCOLS = {"query": "query", "ec2": "ec2", "rest-xml": "rest_xml", "json": "json", "smithy-rpc-v2-cbor": "query"}
DROPPED = {"documentation", "enum", "min", "max", "pattern", "error", "exception", "synthetic", "fault", "errors",
           "deprecated", "deprecatedMessage", "deprecatedSince", "documentationUrl", "staticContextParams",
           "operationContextParams", "contextParam", "httpChecksum", "httpChecksumRequired", "sensitive", "box",
           "auth", "idempotent", "required", "requiresLength", "endpointdiscovery", "readonly", "unsignedPayload"}
KEYWORDS = set("and auto bool case char class const default delete do double else enum explicit export extern false "
               "float for friend goto if inline int long mutable namespace new not operator or private protected "
               "public register return short signed static struct switch template this throw true try typename "
               "union unsigned using virtual void volatile while xor".split())
TYPES = {"structure": "structure", "list": "list", "map": "map", "string": "string", "character": "string",
         "blob": "blob", "boolean": "boolean", "integer": "integer", "long": "integer", "float": "real",
         "double": "real", "timestamp": "timestamp"}
KEY_TYPES = {"structure": "Fields", "map": "Fields", "list": "Items", "string": "Text", "blob": "Text",
             "boolean": "Truth", "integer": "Number", "real": "Real", "timestamp": "Time", "document": "Fields"}
LOCATIONS = {"uri": "uri", "querystring": "query", "header": "header", "headers": "header_prefix",
             "statusCode": "status"}
TIMES = {"iso8601": "iso8601", "unixTimestamp": "unix_seconds", "rfc822": "http"}
MATCHERS = {"path": "all", "pathAll": "all", "pathAny": "any", "error": "code"}


def wanted():
    """service -> ({operation: effect}, [waiter])"""
    out = collections.OrderedDict()
    for line in (FOLDER / "operations.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        operations, waiters = out.setdefault(words[0], ({}, []))
        if words[1] == "wait":
            waiters.append(words[2])
        else:
            operations[words[1]] = words[2]
    return out


# --- pruning ---------------------------------------------------------------------------------------

def stripped(node):
    if isinstance(node, dict):
        return {key: stripped(value) if key != "members" else {name: stripped(use) for name, use in value.items()}
                for key, value in node.items() if key not in DROPPED}
    return node


def reachable(shapes, names):
    seen, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = shapes[name]
        uses = list(shape.get("members", {}).values()) + [shape[part] for part in ("member", "key", "value")
                                                          if part in shape]
        waiting += [use["shape"] for use in uses]
    return sorted(seen)


def prune(service, operations, waiters):
    import botocore
    data = os.path.join(os.path.dirname(botocore.__file__), "data", service)
    version = API_VERSIONS.get(service) or max(os.listdir(data))

    def load(name):
        for path in glob.glob(os.path.join(data, version, name + ".json*")):
            opener = gzip.open if path.endswith(".gz") else open
            with opener(path) as file:
                return json.load(file)
        return {}

    model = load("service-2")
    kept = {name: stripped(model["operations"][name]) for name in operations}
    roots = [kept[name][part]["shape"] for name in kept for part in ("input", "output") if part in kept[name]]
    pages = load("paginators-1").get("pagination", {})
    waits = load("waiters-2").get("waiters", {})
    return {
        "notice": NOTICE,
        "source": f"botocore {botocore.__version__}, {service}/{version}",
        "metadata": {key: model["metadata"][key] for key in sorted(model["metadata"])
                     if key in ("apiVersion", "endpointPrefix", "jsonVersion", "protocol", "serviceId",
                                "signingName", "targetPrefix", "xmlNamespace")},
        "operations": kept,
        "shapes": {name: stripped(model["shapes"][name]) for name in reachable(model["shapes"], roots)},
        "pagination": {name: pages[name] for name in kept if name in pages},
        "waiters": {name: waits[name] for name in waiters},
    }


def json_text(model):
    """One entry a line, in the model's own order: that of members is the order on the wire."""
    parts = []
    for key, value in model.items():
        if isinstance(value, dict):
            lines = [f"{json.dumps(name)}:{json.dumps(each, separators=(',', ':'))}" for name, each in value.items()]
            parts.append(f'"{key}":{{' + (("\n" + ",\n".join(lines) + "\n") if lines else "") + "}")
        else:
            parts.append(f'"{key}":{json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


# --- C++ -------------------------------------------------------------------------------------------

def snake(name):
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text).lower().replace("-", "_")
    return text + "_" if text in KEYWORDS else text


def quoted(text):
    return json.dumps(text)


class Source:
    def __init__(self, service, model, effects):
        self.service, self.model, self.effects = service, model, effects
        self.shapes = model["shapes"]
        self.protocol = PROTOCOLS[model["metadata"]["protocol"]]

    def type_of(self, name):
        shape = self.shapes[name]
        return "document" if shape.get("document") else TYPES[shape["type"]]

    def is_compound(self, name):
        return self.type_of(name) in ("structure", "list", "map")

    def shape_name(self, name):
        return f"kShapeOf{name}" if self.is_compound(name) else f"k{self.type_of(name).capitalize()}"

    def member(self, name, use):
        """A use says more than its shape does, and what both say, it says."""
        shape = self.shapes[use["shape"]]
        both = {**shape, **use}
        # What a structure calls itself is its name as a document, not as a member.
        own = use if self.type_of(use["shape"]) == "structure" else both
        fields = [f".name = {quoted(name)}", f".shape = &{self.shape_name(use['shape'])}"]
        if own.get("locationName"):
            fields.append(f".wire_name = {quoted(own['locationName'])}")
        if both.get("queryName"):
            fields.append(f".query_name = {quoted(both['queryName'])}")
        if both.get("xmlNamespace"):
            space = both["xmlNamespace"]
            space = {"uri": space} if isinstance(space, str) else space
            fields.append(f".xml_namespace = {quoted(space['uri'])}")
            if space.get("prefix"):
                fields.append(f".xml_prefix = {quoted(space['prefix'])}")
        if both.get("location"):
            fields.append(f".location = Location::{LOCATIONS[both['location']]}")
        if both.get("timestampFormat"):
            fields.append(f".time = TimeFormat::{TIMES[both['timestampFormat']]}")
        for key, field in (("flattened", "flattened"), ("xmlAttribute", "xml_attribute"), ("hostLabel", "host_label")):
            if both.get(key):
                fields.append(f".{field} = true")
        return "{" + ", ".join(fields) + "}"

    def members(self, shape):
        uses = list(shape.get("members", {}).items()) + [(part, shape[part]) for part in ("member", "key", "value")
                                                         if part in shape]
        return [self.member(name, use) for name, use in uses]

    def paging(self, name):
        page = self.model["pagination"].get(name)
        if page is None:
            return None
        token_in, token_out = page["input_token"], page["output_token"]
        if isinstance(token_in, list):
            sys.exit(f"{name} has several tokens: teach Paging")
        # `A || B`: a marker that may be missing, then the last key seen.
        fields = [f".asks = {quoted(token_in)}", f".gives = {quoted(token_out.split(' ')[0])}"]
        if page.get("more_results"):
            fields.append(f".more = {quoted(page['more_results'])}")
        return "{" + ", ".join(fields) + "}"

    def uri(self, operation):
        uri = operation["http"].get("requestUri", "/")
        # The bucket is part of the endpoint: before the host's name, or before the path.
        if self.service == "s3":
            uri = re.sub(r"^/\{Bucket\}(?=/|$|\?)", "", uri)
            uri = uri if uri.startswith("/") else "/" + uri
        return uri

    def operation(self, name):
        operation, meta = self.model["operations"][name], self.model["metadata"]
        fields = [f".name = {quoted(name)}", f".protocol = Protocol::{self.protocol}",
                  f".effect = Effect::{self.effects[name]}"]
        if operation.get("authtype") == "none":
            fields.append(".signing = Signing::nobody")
        if operation["http"].get("method", "POST") != "POST":
            fields.append(f".method = {quoted(operation['http']['method'])}")
        if self.uri(operation) != "/":
            fields.append(f".uri = {quoted(self.uri(operation))}")
        if self.protocol in ("query", "ec2"):
            fields.append(f".version = {quoted(meta['apiVersion'])}")
        if self.protocol == "json":
            fields.append(f".target = {quoted(meta['targetPrefix'])}")
            fields.append(f".json_version = {quoted(meta['jsonVersion'])}")
        if operation.get("endpoint", {}).get("hostPrefix"):
            fields.append(f".host_prefix = {quoted(operation['endpoint']['hostPrefix'])}")
        for part in ("input", "output"):
            if part in operation:
                fields.append(f".{part} = {self.member(name, operation[part])}")
        if self.paging(name):
            fields.append(f".paging = {self.paging(name)}")
        return f"constinit const Operation k{name} = {{{', '.join(fields)}}};"

    def waiter(self, name):
        waiter = self.model["waiters"][name]
        lines = []
        for each in waiter["acceptors"]:
            fields = [f".state = Waited::{ {'success': 'done', 'failure': 'failed', 'retry': 'not_yet'}[each['state']] }",
                      f".match = Match::{MATCHERS[each['matcher']]}"]
            if "argument" in each:
                fields.append(f".path = {quoted(each['argument'].replace('[]', ''))}")
            fields.append(f".expected = {quoted(each['expected'])}")
            lines.append("    {" + ", ".join(fields) + "},")
        return (f"constinit const Acceptor kAcceptorsOf{name}[] = {{\n" + "\n".join(lines) + "\n};\n"
                f"constinit const Waiter k{name} = {{.operation = &k{waiter['operation']}, .seconds = {waiter['delay']}, "
                f".attempts = {waiter['maxAttempts']}, .acceptors = kAcceptorsOf{name}}};")

    def head(self):
        return ["// clang-format off",
                f"// Made by tools/aws_model.py from {self.service}.json ({self.model['source']}): not to be edited."]

    def header(self):
        lines = self.head() + ["#pragma once", "", '#include "aws/key.h"', '#include "aws/shape.h"']
        if self.model["waiters"]:
            lines.append('#include "aws/waiter.h"')
        lines += ["", f"namespace aws::{self.service} {{", ""]
        lines += [f"extern const Operation k{name};" for name in self.model["operations"]]
        lines += [f"extern const Waiter k{name};" for name in self.model["waiters"]]
        lines.append("")
        for name, shape in self.shapes.items():
            if self.type_of(name) != "structure" or not shape.get("members"):
                continue
            keys = [f"inline constexpr {KEY_TYPES[self.type_of(use['shape'])]} {snake(member)}{{{quoted(member)}}};"
                    for member, use in shape["members"].items()]
            lines.append(f"namespace {name} {{ " + " ".join(keys) + " }")
        return "\n".join(lines + ["", f"}}  // namespace aws::{self.service}", ""])

    def shape_tables(self):
        scalars = sorted({self.type_of(name) for name in self.shapes if not self.is_compound(name)})
        lines = [f"constexpr Shape k{each.capitalize()} = {{.type = Type::{each}}};" for each in scalars] + [""]
        compound = {name: shape for name, shape in self.shapes.items() if self.is_compound(name)}
        lines += textwrap.wrap("extern const Shape " + ", ".join(f"kShapeOf{name}" for name in compound) + ";", 100) + [""]
        for name, shape in compound.items():
            fields = [f".type = Type::{self.type_of(name)}"]
            if self.members(shape):
                lines.append(f"constinit const Member kMembersOf{name}[] = {{" + ", ".join(self.members(shape)) + "};")
                fields.append(f".members = kMembersOf{name}")
            if shape.get("payload"):
                fields.append(f".payload = {quoted(shape['payload'])}")
            lines.append(f"constinit const Shape kShapeOf{name} = {{" + ", ".join(fields) + "};")
        return lines

    def tables(self):
        lines = self.head() + [f'#include "aws/models/{self.service}.h"', "", f"namespace aws::{self.service} {{",
                               "namespace {", ""] + self.shape_tables() + ["", "}  // namespace", ""]
        lines += [self.operation(name) for name in self.model["operations"]]
        lines += [self.waiter(name) for name in self.model["waiters"]]
        return "\n".join(lines + ["", f"}}  // namespace aws::{self.service}", ""])


def sources():
    out = {}
    for service, (effects, waiters) in wanted().items():
        model = json.loads((FOLDER / f"{service}.json").read_text())
        if list(model["operations"]) != list(effects) or list(model["waiters"]) != waiters:
            sys.exit(f"aws_model: {service}.json and operations.txt differ: run --prune where botocore is installed")
        source = Source(service, model, effects)
        out[FOLDER / f"{service}.h"] = source.header()
        out[FOLDER / f"{service}.cpp"] = source.tables()
    return out


def main():
    if "--prune" in sys.argv:
        for service, (effects, waiters) in wanted().items():
            (FOLDER / f"{service}.json").write_text(json_text(prune(service, effects, waiters)))
    if "--prune" in sys.argv or "--write" in sys.argv:
        for path, text in sources().items():
            path.write_text(text)
        return 0
    known = sources()
    stale = [path for path, text in known.items() if not path.exists() or path.read_text() != text]
    stale += [path for path in FOLDER.glob("*.[hc]*") if path not in known and path.suffix in (".h", ".cpp")]
    for path in stale:
        print(f"{path.relative_to(FOLDER.parents[2])}: is not what tools/aws_model.py --write makes")
    if not stale:
        print("aws_model: tables and keys are those of the models")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
