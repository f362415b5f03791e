"""What an import says in words: numbers, kinds, values and what it did; it reads no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from server.imports.faults import Different
from server.imports.plans import Plan
from server.records import REGISTRY
from sync.mutation import WHOLE, Json

ONES = [
    "null",
    "en",
    "to",
    "tre",
    "fire",
    "fem",
    "seks",
    "sju",
    "åtte",
    "ni",
    "ti",
    "elleve",
    "tolv",
    "tretten",
    "fjorten",
    "femten",
    "seksten",
    "sytten",
    "atten",
    "nitten",
]
TENS = ["_", "_", "tjue", "tretti", "førti", "femti", "seksti", "sytti", "åtti", "nitti"]


def in_words(number: int) -> str:
    """Give a number below a million in bokmål words: 25 is «tjuefem»."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (ONES[number % 10] if number % 10 else "")
    size, word, one = (1000, "tusen", "ett ") if number >= 1000 else (100, "hundre", "ett ")
    many, rest = divmod(number, size)
    first = one if many == 1 else f"{in_words(many)} "
    joint = " og " if 0 < rest < 100 else " " if rest else ""
    return f"{first}{word}{joint}{in_words(rest) if rest else ''}"


def counts_in_words(said: Mapping[str, Any]) -> Iterator[str]:
    """Give a sentence for each kind: how many are new, changed and equal."""
    for kind, count in said.get("kinds", {}).items():
        plural = REGISTRY[kind].words[1].capitalize()
        yield (
            f"{plural}: {count['new']} nye, {count['changed']} endret, {count['equal']} uendret."
        )


def value_in_words(kind: str, path: str, value: Json) -> str:
    """Give a value as a person reads it."""
    declared = REGISTRY[kind].fields.get(path)
    if value is None or value == "":
        return "ingenting"
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if declared is not None and declared.choices:
        return declared.choices.get(str(value), str(value))
    if declared is not None and declared.to:
        return f"en annen {REGISTRY[declared.to].words[0].lower()}"
    return str(value)


def label_of(kind: str, path: str) -> str:
    """Give the words of a field."""
    declared = REGISTRY[kind].fields.get(path)
    return declared.label if declared else path


def different_in_words(one: Different) -> str:
    """Say of one answer that it was kept, without saying what either answer is."""
    name = REGISTRY[one.kind].words[0]
    at = f"Linje {one.line}" if one.line else "Mangler i fila"
    if one.path == WHOLE:
        return f"{at}: {name} er slettet her, og ble ikke laget på nytt."
    return f"{at}: {name}, {label_of(one.kind, one.path)} er endret her, og ble beholdt."


def stops(plan: Plan) -> str:
    """Say that so many tenancies would end that a person must say yes to the number."""
    return (
        f"{plan.ends} av {plan.open} leieforhold blir avsluttet. Ingenting er endret. "
        "Se om fila er hele lista."
    )
