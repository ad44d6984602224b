#!/usr/bin/env python3
"""Holds the published JSON Schema against the corpus that tests the decoder.

Every good file validates. Every bad file either fails too, or is one of those whose fault no
schema can see: it crosses fields, depends on units, or is gone once YAML has been read.
"""
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; apt-get install python3-jsonschema python3-yaml")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parents[1] / "docs" / "reference" / "crossfade.schema.json"

# Right field by field: what is wrong crosses fields, or lies in how long a duration is.
BEYOND_A_SCHEMA = {
    "assets_without_a_route", "budget_that_contradicts_itself", "deadlines_that_contradict",
    "duplicates", "health_that_cannot_be", "listen_on_all", "merge_keys", "no_port",
    "no_overlap_on_aws", "cohort_of_nobody_on_aws", "no_route_to_the_service", "no_such_port",
    "placeholders", "routes",
    "strategy_that_contradicts_itself", "two_instances_without_a_bus",
    "aws_assets_without_any", "aws_of_another_provider", "aws_without_a_place",
    "metrics_that_nothing_compares", "tags", "control_character_escaped", "tls_on_the_plain_port",
}


class Plain(yaml.SafeLoader):
    """A YAML 1.1 reader; a tag of the user's own reads as what it stands on."""


def plain(loader, _suffix, node):
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    return loader.construct_scalar(node)


Plain.add_multi_constructor("!", plain)


def read(path):
    """The document, or None where this reader refuses it as well."""
    try:
        return yaml.load(path.read_bytes(), Plain)
    except (yaml.YAMLError, ValueError):
        return None


def main():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = []
    good = sorted((HERE / "good").glob("*.yaml"))
    bad = sorted((HERE / "bad").glob("*.yaml"))
    for path in good:
        for error in validator.iter_errors(read(path)):
            wrong.append(f"{path.name} is good, but the schema says: {error.json_path} {error.message}")
    for path in bad:
        document = read(path)
        caught = document is None or not validator.is_valid(document)
        if caught and path.stem in BEYOND_A_SCHEMA:
            wrong.append(f"{path.name} is listed as beyond a schema, but it is caught")
        if not caught and path.stem not in BEYOND_A_SCHEMA:
            wrong.append(f"{path.name} is bad, but the schema takes it")
    missing = BEYOND_A_SCHEMA - {path.stem for path in bad}
    wrong += [f"{name} is listed as beyond a schema, but there is no such file" for name in missing]
    print("\n".join(wrong) or f"{len(good)} good and {len(bad)} bad files: schema and decoder agree")
    return 1 if wrong or len(good) < 8 or len(bad) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
