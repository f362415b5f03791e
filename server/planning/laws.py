"""Texts of law: what a rule or a kind rests on, said briefly; the municipality edits them.

They are rows like the rules, and their changes are kept like theirs; no deadline is read from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.planning.deadlines import NO, BadRule, Row, named


@dataclass(frozen=True)
class Law:
    """One provision: its name, what it says in a sentence or two, and where it stands in full."""

    code: str
    words: str
    text: str
    link: str
    rests: frozenset[str]
    """The rules and kinds that rest on it, by code and name."""


def read_laws(rows: Iterable[Row]) -> dict[str, Law]:
    """Read rows into texts, those that are not in use left out; raises BadRule."""
    return {row["code"]: _read(row) for row in rows if row.get("in_use") != NO}


def _read(row: Row) -> Law:
    if not row["text"].strip():
        raise BadRule(row["code"], "text", "a law has a text")
    if " " in row["link"]:
        raise BadRule(row["code"], "link", "an address has no spaces")
    rests = frozenset(row["rests"].split())
    return Law(row["code"], named(row), row["text"], row["link"], rests)
