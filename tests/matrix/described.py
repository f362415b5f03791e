"""Draws requests from the API's own description, and says whether an answer is as described.

It knows as much of JSON Schema as the description uses, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.server.test_fuzz import IDS, ODD, READABLE, SIGNS

Schema = Mapping[str, Any]
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
    "number": (int, float),
}


class Description:
    """The description, with its references followed."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self.whole = whole

    def operations(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Give each path and method with what is said of it."""
        paths = self.whole["paths"]
        return [(path, verb, said) for path, verbs in paths.items() for verb, said in verbs.items()]

    def value(self, schema: Schema, depth: int = 3) -> st.SearchStrategy[Any]:
        """Draw values that fit a schema, and now and then one that does not."""
        schema = self._followed(schema)
        if "enum" in schema:
            return st.sampled_from(schema["enum"]) | SIGNS
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object" or "properties" in schema:
            if depth == 0:
                return st.just({})
            known = schema.get("properties", {})
            parts = {name: self.value(each, depth - 1) for name, each in known.items()}
            needed = {n: parts[n] for n in schema.get("required", ()) if n in parts}
            rest = {n: each for n, each in parts.items() if n not in needed}
            more = st.dictionaries(SIGNS, READABLE, max_size=1)
            drawn = st.fixed_dictionaries(needed, optional=rest)
            return st.builds(lambda these, others: {**others, **these}, drawn, more) | ODD
        if kind == "array":
            items = self.value(schema.get("items", {}), depth - 1) if depth else st.just({})
            return st.lists(items, max_size=3)
        if kind == "integer":
            return st.integers(0, 10_000) | st.integers()
        if kind == "boolean":
            return st.booleans()
        if kind == "string":
            return st.sampled_from(IDS) if schema.get("format") == "uuid" else SIGNS
        return READABLE

    def amiss(self, value: Any, schema: Schema, at: str = "$") -> list[str]:
        """Say where a value is not as its schema says."""
        schema = self._followed(schema)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(isinstance(value, TYPES[kind]) for kind in kinds):
            return [f"{at} is no {' or '.join(kinds)}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{at} is none of its values"]
        found = []
        if isinstance(value, dict):
            found += [
                f"{at} has no {name}" for name in schema.get("required", ()) if name not in value
            ]
            for name, each in schema.get("properties", {}).items():
                if name in value:
                    found += self.amiss(value[name], each, f"{at}.{name}")
        if isinstance(value, list) and "items" in schema:
            for number, each in enumerate(value):
                found += self.amiss(each, schema["items"], f"{at}[{number}]")
        return found

    def answer(self, said: Mapping[str, Any], status: int, mimetype: str) -> Schema | None:
        """Give the schema of an answer as described; None when it has no body to look at."""
        responses = said["responses"]
        media = responses.get(str(status), responses["default"])["content"].get(mimetype)
        assert media is not None, (status, mimetype, "is not described")
        schema: Schema = media["schema"]
        return schema

    def _followed(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            _, *names = schema["$ref"].split("/")
            found: Any = self.whole
            for name in names:
                found = found[name]
            schema = found
        return schema
