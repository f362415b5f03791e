"""One cell at a time: what somebody typed in a spreadsheet, as the value that our field takes.

What a value may be is said by the field's own shape; this only undoes how spreadsheets write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from marshmallow import ValidationError

from server.imports.columns import Column, Found, plain
from server.imports.faults import Faults
from server.records.folding import fold
from server.shapes import Field
from sync.mutation import Json

YES = frozenset({"ja", "j", "x", "1", "true", "yes", "y", "sann"})
NO = frozenset({"nei", "n", "0", "false", "no", "usann"})
NOTHING = frozenset({"", "-", "–", "null", "none", "n/a"})
OTHER_WORDS: Mapping[str, str] = {
    "kommunal": "municipal",
    "kommunalteid": "municipal",
    "borettslag": "company",
    "sameie": "company",
    "seksjonseier": "company",
    "eierseksjon": "company",
    "andel": "company",
    "andelseier": "company",
    "aksje": "company",
    "innleid": "leased",
    "innleie": "leased",
    "kommunaltinnleid": "leased",
    "blokkleilighet": "apartment",
    "bofelleskap": "shared",
}
"""What others call the answers of a choice, without signs; used where a choice has the answer.

Only words that say the same: «eid», «selveier» and «leid» do not say by whom, «småhus» not which.
"""
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")
_NUMBER = re.compile(r"(-?\d{1,12})(?:[.,](\d{1,12}))?(?: ?(?:m2|m²|kvm|stk))?", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"[-()/.\u00a0]+")

Values = dict[str, Json]


class Unusable(Exception):
    """A cell cannot be used; the text is what to write instead, as it stands after «Skriv»."""


class Cells:
    """Reads the rows of one file; equal cells of a column are read once."""

    def __init__(self, columns: Iterable[Column], found: Found, faults: Faults) -> None:
        columns = tuple(columns)
        self._labels = {column.key: column.label for column in columns}
        self._columns = [(c, found.at[c.key]) for c in columns if c.key in found.at]
        self._found, self._faults = found, faults
        self._known: dict[tuple[str, str], Json | Unusable] = {}
        self._width = max(found.at.values(), default=0) + 1

    def read(self, line: int, row: Sequence[str]) -> Values | None:
        """Give what a row says by key, without what it says nothing of; None when it has faults."""
        before, read = self._faults.count, Values()
        for column, index in self._columns:
            text = row[index].strip() if index < len(row) else ""
            if text.casefold() in NOTHING:
                continue
            value = self._value(column, text)
            if isinstance(value, Unusable):
                self._faults.add(line, self._found.headings[column.key], text, str(value))
            elif value is not None:
                read[column.key] = value
        return read if self._faults.count == before else None

    def heading(self, key: str) -> str:
        """Give the word that stands above a column, or what it would be called."""
        return self._found.headings.get(key) or self._labels[key]

    def knows(self, key: str) -> bool:
        """Say whether the file has a column."""
        return key in self._found.at

    def _value(self, column: Column, text: str) -> Json | Unusable:
        known = self._known.get((column.key, text))
        if known is None:
            try:
                known = read_cell(column, text)
            except Unusable as bad:
                known = bad
            self._known[column.key, text] = known
        return known


def read_cell(column: Column, text: str) -> Json:
    """Give a cell's value; raises Unusable."""
    if column.field is None:
        if any(ord(sign) < 32 for sign in text) or len(text) > 200:
            raise Unusable("en kort tekst på én linje")
        return " ".join(text.split())
    try:
        return column.field.deserialize(_typed(column, column.field, text))
    except ValidationError as bad:
        raise Unusable(expected(column.field, str(bad.messages[0]))) from bad


def expected(field: Field, sentence: str) -> str:
    """Give what to write, as it stands after «Skriv»."""
    if field.choices:
        return f"ett av dette: {', '.join(field.choices.values())}"
    if field.shape.control == "flag":
        return "ja eller nei"
    if sentence.startswith("Skriv "):
        return sentence.removeprefix("Skriv ").partition(". ")[0].removesuffix(".")
    return "teksten uten tegn som ikke kan vises"


def _typed(column: Column, field: Field, text: str) -> Json:
    control = field.shape.control
    if control == "number":
        return _number(text, column.decimals)
    if control == "flag":
        return _flag(text)
    if control == "day":
        return _day(text)
    if field.choices:
        return _choice(field, text)
    return _words(column, " ".join(text.split()) if (field.max or 0) <= 255 else text)


def _number(text: str, decimals: bool) -> Json:
    found = _NUMBER.fullmatch(text.replace("\u00a0", " "))
    if found is None:
        return text
    whole, part = int(found[1]), found[2] or ""
    if part.strip("0") and not decimals:
        return text
    return whole + (1 if part[:1] >= "5" and part else 0)


def _flag(text: str) -> Json:
    word = text.casefold()
    return True if word in YES else False if word in NO else text


def _day(text: str) -> Json:
    if found := _ISO.fullmatch(text):
        return found[1]
    if found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return text
    return text


def _choice(field: Field, text: str) -> Json:
    """Give the code of an answer; `ANDRE_SMÅHUS` and «Andre småhus» are the same word."""
    word = fold(plain(text))
    named = {fold(plain(label)): code for code, label in field.choices.items()}
    named |= {plain(code): code for code in field.choices}
    other = OTHER_WORDS.get(plain(text))
    return named.get(word) or (other if other in field.choices else None) or text


def _words(column: Column, text: str) -> str:
    if column.key == "unit_number":
        return text.replace(" ", "").upper()
    if column.key == "phone":
        return " ".join(_BETWEEN_DIGITS.sub(" ", text).split())
    if column.key == "organisation_number":
        return _organisation_number(text)
    return text


def _organisation_number(text: str) -> str:
    """Give the nine digits; the last is a check over the others (Brønnøysundregistrene)."""
    digits = text.replace(" ", "").removeprefix("NO").removesuffix("MVA")
    if not re.fullmatch("[0-9]{9}", digits):
        return text
    weighed = sum(int(d) * w for d, w in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2), strict=False))
    if (11 - weighed % 11) % 11 != int(digits[8]):
        raise Unusable("et organisasjonsnummer som finnes: det siste sifferet passer ikke")
    return digits
