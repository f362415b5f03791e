"""The contract: what is checked in is what is declared, and its schemas say what the shapes say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from server import contract
from server.records import REGISTRY
from server.records.record import KindSpec

PWA = Path(__file__).resolve().parents[2] / "pwa"
KEYWORDS: Mapping[str, type | tuple[type, ...]] = {
    "$schema": str,
    "$id": str,
    "title": str,
    "description": str,
    "type": str,
    "properties": dict,
    "patternProperties": dict,
    "additionalProperties": (bool, dict),
    "required": list,
    "enum": list,
    "pattern": str,
    "maxLength": int,
    "minimum": int,
    "maximum": int,
    "examples": list,
    "readOnly": bool,
    "x-rule": str,
    "x-sensitive": str,
}
"""The part of Draft 2020-12 that we write, with the type that the draft gives each keyword."""
TYPES = {"object": dict, "string": str, "integer": int, "boolean": bool}

each_kind = pytest.mark.parametrize("spec", REGISTRY.values(), ids=lambda spec: spec.name)


def check_schema(schema: Mapping[str, Any]) -> None:
    """Fail on a keyword that is unknown or has a value of the wrong type."""
    for keyword, value in schema.items():
        assert isinstance(value, KEYWORDS[keyword]), keyword
    if "type" in schema:
        assert schema["type"] in TYPES
    if "pattern" in schema:
        re.compile(schema["pattern"])
    for inner in ("properties", "patternProperties"):
        for part in schema.get(inner, {}).values():
            check_schema(part)
    if isinstance(schema.get("additionalProperties"), dict):
        check_schema(schema["additionalProperties"])


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Say whether a value is valid, by the keywords above."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "type" in schema:
        right = isinstance(value, TYPES[schema["type"]])
        if not right or (schema["type"] == "integer" and isinstance(value, bool)):
            return False
    if isinstance(value, str):
        long = len(value) > schema.get("maxLength", len(value))
        return not long and bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, int) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return not isinstance(value, dict) or fits_object(value, schema)


def fits_object(value: dict[str, Any], schema: Mapping[str, Any]) -> bool:
    """Say whether an object is valid."""
    if not set(schema.get("required", [])) <= set(value):
        return False
    for name, part in value.items():
        patterns = schema.get("patternProperties", {}).items()
        found = [s for pattern, s in patterns if re.search(pattern, name)]
        if name in schema.get("properties", {}):
            found.append(schema["properties"][name])
        rest = schema.get("additionalProperties", True)
        if not found and rest is False:
            return False
        if not found and isinstance(rest, dict):
            found.append(rest)
        if not all(fits(part, one) for one in found):
            return False
    return True


def test_the_phones_contract_is_what_is_declared() -> None:
    checked_in = (PWA / "src" / "contract.ts").read_text("utf-8")
    assert checked_in == contract.typescript(REGISTRY.values()), "./run contract writes it anew"


def test_the_phones_contract_passes_the_strict_compiler(tmp_path: Path) -> None:
    assert shutil.which("node"), "Node is missing: ./run install fetches it"
    example = "\n".join(
        f"export const {name}: Bodies['{name}'] = {json.dumps(dict(spec.example))}"
        for name, spec in REGISTRY.items()
    )
    source = tmp_path / "contract.ts"
    source.write_text(contract.typescript(REGISTRY.values()) + "\n" + example, "utf-8")
    strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "ES2022"]
    words = [str(PWA / "node_modules/.bin/tsc"), *strict, str(source)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@each_kind
def test_the_schema_of_a_kind_is_well_formed_and_takes_its_example(spec: KindSpec) -> None:
    schema = contract.json_schema(spec)
    check_schema(schema)
    assert schema["$schema"] == contract.DRAFT
    assert fits(dict(spec.example), schema)


@each_kind
def test_the_schema_of_a_kind_refuses_what_the_shapes_refuse(spec: KindSpec) -> None:
    schema = contract.json_schema(spec)
    assert not fits({**spec.example, "no_such_field": 1}, schema)
    for path in spec.example:
        if schema_at(schema, path) != {}:
            assert not fits({**spec.example, path: ["wrong"]}, schema), path


def schema_at(schema: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The schema of one path without its marks; empty where anything goes."""
    found = schema["properties"].get(path)
    if found is None:
        patterns = schema["patternProperties"].items()
        found = next(part for pattern, part in patterns if re.search(pattern, path))
    return {
        k: v for k, v in found.items() if not k.startswith("x-") and k not in ("title", "readOnly")
    }


def test_the_api_describes_mutations_and_every_body() -> None:
    components = contract.openapi_components(REGISTRY.values())
    assert len(components) == len(REGISTRY) + 1
    assert "mid" in components["Mutation"]["required"]
    assert "why" not in components["Mutation"]["required"]
