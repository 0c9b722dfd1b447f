#!/usr/bin/python3
"""Holds JSON texts against a schema (JSON Schema, draft 2020-12), by Debian's python3-jsonschema.

json_schema.py validate DIRECTORY SCHEMA   each JSON text on standard input (one after another, blanks or
                                           lines' ends between) against DIRECTORY/SCHEMA
json_schema.py lint DIRECTORY              the schemas DIRECTORY/*.schema.json themselves: valid, each $ref
                                           leads somewhere, objects are closed, every member is described

A $ref is looked for in DIRECTORY, by its file's name; nothing is fetched. Prints one line for each fault and
exits with status 1 where there is one.
"""
import json
import os
import sys
import warnings

import jsonschema

SUFFIX = ".schema.json"
FAULTS_SHOWN = 20


def refuse_constant(constant):
    raise ValueError(f"{constant} is no JSON")


def without_repeats(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"member {', '.join(repeated)} stands twice")
    return members


DECODER = json.JSONDecoder(parse_constant=refuse_constant, object_pairs_hook=without_repeats)


def texts_of(octets):
    text = octets.decode("utf-8")
    documents = []
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            return documents
        document, at = DECODER.raw_decode(text, at)
        documents.append(document)


class Resolver(jsonschema.RefResolver):
    """Finds schemas in one directory, and nowhere else."""

    def __init__(self, directory, name):
        self.directory = directory
        super().__init__(base_uri=name, referrer=self.load(name))

    def load(self, name):
        with open(os.path.join(self.directory, name), encoding="utf-8") as text:
            return DECODER.decode(text.read())

    def resolve_remote(self, uri):
        name = uri.rpartition("/")[2]
        if not name.endswith(SUFFIX) or not os.path.isfile(os.path.join(self.directory, name)):
            raise jsonschema.RefResolutionError(f"$ref to {uri}: no such schema in {self.directory}")
        schema = self.load(name)
        self.store[uri] = schema
        return schema


def leaves_of(error):
    """Of a branch that failed (anyOf, oneOf) the faults inside tell more than that it failed."""
    if not error.context:
        yield error
        return
    best = jsonschema.exceptions.best_match([error])
    yield error if best is None else best


def faults_of(directory, name, documents):
    resolver = Resolver(directory, name)
    schema = resolver.referrer
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
    for number, document in enumerate(documents, 1):
        for error in validator.iter_errors(document):
            for leaf in leaves_of(error):
                message = leaf.message if len(leaf.message) < 400 else leaf.message[:400] + "..."
                rule = "/".join(str(step) for step in leaf.absolute_schema_path)
                yield f"text {number}, {leaf.json_path}: {message} ({rule})"


def validate(directory, name):
    try:
        documents = texts_of(sys.stdin.buffer.read())
    except ValueError as error:
        return [f"no JSON: {error}"]
    if not documents:
        return ["no JSON text at all"]
    return list(faults_of(directory, name, documents))


def lint_node(resolver, node, path):
    if isinstance(node, list):
        for index, child in enumerate(node):
            yield from lint_node(resolver, child, f"{path}/{index}")
        return
    if not isinstance(node, dict):
        return
    if "$ref" in node:
        try:
            resolver.resolve(node["$ref"])
        except jsonschema.RefResolutionError as error:
            yield f"{path}: {error}"
    if "properties" in node:
        if node.get("additionalProperties") is not False and node.get("unevaluatedProperties") is not False:
            yield f"{path}: is open to any member (additionalProperties is not false)"
        for name, member in node["properties"].items():
            if not isinstance(member, dict) or not member.get("description", "").strip():
                yield f"{path}/properties/{name}: has no description"
    for key, child in node.items():
        # What stands there are names or values, not schemas.
        if key in ("enum", "const", "examples", "default", "required"):
            continue
        if key in ("properties", "$defs", "patternProperties", "dependentSchemas"):
            for name, member in child.items():
                yield from lint_node(resolver, member, f"{path}/{key}/{name}")
        else:
            yield from lint_node(resolver, child, f"{path}/{key}")


def lint(directory):
    names = sorted(name for name in os.listdir(directory) if name.endswith(SUFFIX))
    if not names:
        return [f"no schema in {directory}"]
    faults = []
    for name in names:
        try:
            resolver = Resolver(directory, name)
            jsonschema.Draft202012Validator.check_schema(resolver.referrer)
        except (ValueError, jsonschema.SchemaError) as error:
            faults.append(f"{name}: {str(error).splitlines()[0]}")
            continue
        if resolver.referrer.get("$schema") != "https://json-schema.org/draft/2020-12/schema":
            faults.append(f"{name}: $schema does not say draft 2020-12")
        faults.extend(f"{name}: {fault}" for fault in lint_node(resolver, resolver.referrer, "#"))
    return faults


def main(arguments):
    warnings.simplefilter("ignore", DeprecationWarning)
    if len(arguments) == 3 and arguments[0] == "validate":
        faults = validate(arguments[1], arguments[2])
    elif len(arguments) == 2 and arguments[0] == "lint":
        faults = lint(arguments[1])
    else:
        sys.exit(__doc__)
    for fault in faults[:FAULTS_SHOWN]:
        print(fault)
    if len(faults) > FAULTS_SHOWN:
        print(f"and {len(faults) - FAULTS_SHOWN} more")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
