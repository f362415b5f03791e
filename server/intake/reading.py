"""The values of a mutation as the contract reads them: canonical, or named as invalid.

It knows the declaration of a kind and nothing of records, rights or the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import orjson
from marshmallow import ValidationError

from server.records import REGISTRY
from server.records.record import KindSpec
from server.shapes import Composite, signer
from sync.mutation import Json, Mutation
from sync.rules import FieldRule

BODY_MAX_BYTES = 256 * 1024
"""A record goes whole to every phone that may read it: what would be larger is held."""


def deserialized(
    mutation: Mutation, spec: KindSpec, *, trusted: bool
) -> tuple[Mutation, dict[str, str]]:
    """Give the mutation with canonical values, and the paths whose values are none.

    `trusted`: a composite may name somebody else than the author as the one it is by.
    """
    invalid: dict[str, str] = {}
    values: dict[str, Json] = {}
    for path, value in mutation.set.items():
        values[path] = value
        found = spec.at(path)
        if found is None or value is None:
            continue
        try:
            values[path] = found[0].deserialize(value, found[1])
        except ValidationError as bad:
            invalid[path] = str(bad.messages[0]) if bad.messages else "invalid"
            continue
        if not trusted and _signed_by_another(values[path], found[0].shape, mutation):
            invalid[path] = "by"
    return (mutation if values == mutation.set else replace(mutation, set=values)), invalid


def _signed_by_another(value: Json, shape: object, mutation: Mutation) -> bool:
    """Say whether a composite that names who did it names somebody else than the author."""
    if not isinstance(shape, Composite) or "by" not in shape.parts:
        return False
    return signer(value) != mutation.author


def is_too_large(body: Mapping[str, Json]) -> bool:
    """Say whether a record would be more than every phone that may read it can carry."""
    return len(orjson.dumps(body)) > BODY_MAX_BYTES


@cache
def _client_fields(kind: str) -> Mapping[str, FieldRule]:
    return {name: f.rule for name, f in REGISTRY[kind].fields.items() if not f.server}


@cache
def _server_fields(kind: str) -> Mapping[str, FieldRule]:
    return {name: f.rule for name, f in REGISTRY[kind].fields.items()}


def fields_of(spec: KindSpec, server: bool) -> Mapping[str, FieldRule]:
    """Give the rules of the paths within reach: those of the server's own are not a client's."""
    return _server_fields(spec.name) if server else _client_fields(spec.name)
