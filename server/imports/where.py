"""Which dwelling a row is about: by KOBO's number, FDV's, our own, else by address and unit number.

An address is no key of its own for long, so a number that is known always counts for more.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.imports.cells import Cells, Unusable, Values
from server.imports.stock import Standing, Stock, barred_first
from server.records.folding import fold
from sync.mutation import Json

KIND = "dwelling"
NUMBERS = ("kobo_id", "fdv_id", "own_number")


class Doubtful(Exception):
    """A row could be about several dwellings, or about none; says which cell, and what to write."""

    def __init__(self, column: str, value: Json, expected: str) -> None:
        super().__init__(expected)
        self.column, self.value, self.expected = column, value, expected


def address_of(values: Values) -> str | None:
    """Give the address that a row says, put together from its parts where it must be."""
    if address := values.get("address"):
        return str(address)
    if street := values.get("street"):
        number, letter = values.get("house_number", ""), str(values.get("letter", "")).upper()
        return f"{street} {number}{letter}".strip()
    # Kartverket's file of apartments ends this text with the unit number, and a house has many.
    text = str(values.get("address_text", ""))
    return text.removesuffix(f"-{values.get('unit_number', '')}") or None


def door(address: str, unit: Json, label: Json) -> str:
    """Give an address, a unit number and a local label as one key, however they are spaced."""
    return "|".join((house(address), fold(str(unit or "")), fold(str(label or ""))))


def house(address: str) -> str:
    """Give an address as a key: «Storgata 12 b» and «Storgata 12B» are the same house."""
    words = fold(address).split()
    if len(words) > 1 and len(words[-1]) == 1 and words[-1].isalpha() and words[-2].isdigit():
        words[-2:] = [words[-2] + words[-1]]
    return " ".join(words)


def standing_dwelling(stock: Stock, values: Values) -> Standing | None:
    """Find the dwelling that a row is about; raises Doubtful when its cells point at several."""
    found: dict[str, Standing] = {}
    for number in NUMBERS:
        key = values.get(number)
        same = stock.by(KIND, number, fold(str(key))) if key else []
        if len(same) > 1:
            raise Doubtful(number, key, "et nummer som bare én bolig har")
        for one in same:
            if found and one.id not in found:
                raise Doubtful(number, key, "numre som hører til den samme boligen")
            found[one.id] = one
    if found:
        return next(iter(found.values()))
    return _behind(stock, values)


def _behind(stock: Stock, values: Values) -> Standing | None:
    """Find the dwelling behind a door, leaving out those that are known by another number.

    What is barred counts there by whatever number, where the door is one flat's: it may have got
    a new one, and would come in anew in the open.
    """
    address = address_of(values)
    if address is None:
        return None
    unit, label = values.get("unit_number"), values.get("local_label")
    same = stock.every(KIND, "door", door(address, unit, label), _door_of)
    if not same and label is None:
        same = stock.every(KIND, "unit", door(address, unit, None), _unit_of)
    flat = bool(unit or label)
    fitting = barred_first(
        [one for one in same if (one.hidden and flat) or not _is_another(one, values)]
    )
    if len(fitting) > 1:
        raise Doubtful("unit_number", unit, "et bolignummer som bare én bolig på adressen har")
    return fitting[0] if fitting else None


def _door_of(one: Standing) -> str:
    return door(one.text("address"), one.text("unit_number"), one.text("local_label"))


def _unit_of(one: Standing) -> str:
    return door(one.text("address"), one.text("unit_number"), None)


def _is_another(one: Standing, values: Values) -> bool:
    return any(
        values.get(number) and one.text(number) and one.text(number) != values[number]
        for number in NUMBERS
    )


def key_of(values: Values) -> tuple[str, ...]:
    """Give what a dwelling that is not here yet is known by; a row has its address by then."""
    for number in NUMBERS:
        if values.get(number):
            return (number, str(values[number]))
    address = address_of(values) or ""
    return ("door", door(address, values.get("unit_number"), values.get("local_label")))


def keys_of(values: Values) -> list[tuple[str, str]]:
    """Give all that a row's dwelling is known by, as the row itself says it: (column, key)."""
    numbers = [(n, fold(str(values[n]))) for n in NUMBERS if values.get(n)]
    if numbers or not address_of(values):
        return numbers
    return [("unit_number", key_of(values)[1])]


def cadastral_number(values: Values) -> str | None:
    """Give the cadastral number of the ground that a row's house stands on, without the section.

    Raises Unusable when only a part of it is there.
    """
    if whole := values.get("cadastral_number"):
        return str(whole)
    parts: Mapping[str, Json] = {n: values.get(n) for n in ("municipality", "farm", "holding")}
    if not parts["farm"] and not parts["holding"]:
        return None
    if not all(parts.values()):
        raise Unusable("både kommunenummer, gardsnummer og bruksnummer")
    lease = str(values.get("lease") or "0").lstrip("0")
    farm, holding = (str(parts[n]).lstrip("0") or "0" for n in ("farm", "holding"))
    number = f"{str(parts['municipality']).zfill(4)}-{farm}/{holding}"
    return f"{number}/{lease}" if lease else number


def doubt_at(cells: Cells, bad: Doubtful) -> tuple[str, str, str]:
    """Give column, value and what to write, as a fault says them."""
    value = "" if bad.value is None else str(bad.value)
    return cells.heading(bad.column), value, bad.expected
