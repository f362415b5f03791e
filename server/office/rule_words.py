"""The rule book's columns in bokmål: labels, choices, what a rule says, and what a cell lacks."""

from __future__ import annotations

from collections.abc import Mapping

from server.office.dates import MONTHS
from server.planning.deadlines import COUNT_MAX, NO, BadRule, Row, seed
from server.planning.rounds import WORKDAY_MAX
from server.planning.rule_book import CELL_MAX, IN_USE, TABLES, YES
from server.records import REGISTRY

OTHER = "Frister som står her til opplysning"
NO_REASON = "Skriv hvorfor regelen endres."
LABELS: Mapping[str, str] = {
    "words": "Navn",
    "count": "Hvor lenge",
    "unit": "Regnes i",
    "earliest": "Tidligst, dager etter start",
    "law": "Hjemmel",
    IN_USE: "I bruk",
    "frequency": "Hvor ofte",
    "workday": "Hvilken arbeidsdag",
    "months": "Måneder",
    "each": "Én runde for",
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "unit": {"hours": "timer", "days": "dager", "working_days": "virkedager", "months": "måneder"},
    "frequency": {
        "weekly": "hver uke",
        "monthly": "hver måned",
        "quarterly": "hvert kvartal",
    },
    "each": {"area": "hvert område", "building": "hver bygning"},
    IN_USE: {YES: "ja", NO: "nei"},
}
ONE: Mapping[str, str] = {
    "hours": "time",
    "days": "dag",
    "working_days": "virkedag",
    "months": "måned",
}
PERIODS: Mapping[str, str] = {"weekly": "uka", "monthly": "måneden", "quarterly": "kvartalet"}
EXPECTED: Mapping[str, str] = {
    "words": f"Skriv et navn på høyst {CELL_MAX} tegn.",
    "law": f"Skriv høyst {CELL_MAX} tegn.",
    "count": f"Skriv et helt tall fra 0 til {COUNT_MAX}.",
    "earliest": f"Skriv et helt tall fra 0 til {COUNT_MAX}, som ikke er senere enn fristen selv.",
    "workday": f"Skriv et helt tall fra 1 til {WORKDAY_MAX}.",
    "months": "Velg både første og siste måned, eller hele året.",
}
CHOOSE = "Velg et av svarene i lista."


def label_of(row: Row, column: str) -> str:
    """Give the words of a column."""
    if column == "workday" and row["frequency"] in PERIODS:
        return f"{LABELS[column]} i {PERIODS[row['frequency']]}"
    return LABELS[column]


def choices_of(column: str) -> Mapping[str, str]:
    """Give the choices of a column; none for one that is written."""
    return CHOICES.get(column, {})


def cell_words(column: str, text: str) -> str:
    """Give what stands in a cell."""
    if column == "months":
        return _season(text)
    return CHOICES.get(column, {}).get(text, text) or "ikke fylt ut"


def fault_words(row: Row, bad: BadRule) -> str:
    """Say which field cannot be used, and what to write there."""
    expected = EXPECTED.get(bad.column, CHOOSE)
    return f"«{label_of(row, bad.column)}» kan ikke brukes. {expected}"


def said(code: str) -> Row:
    """Give a rule as it was before anybody changed it."""
    row: Row = next(rows[code] for rows in map(seed, TABLES) if code in rows)
    return {**row, IN_USE: YES}


def rule_words(row: Row) -> str:
    """Say what a rule says, in one line."""
    return _round_words(row) if "frequency" in row else _deadline_words(row)


def months_of(text: str) -> dict[str, object]:
    """Give the first and the last month of a season, and the months to choose among."""
    first, _, last = text.partition("-")
    months = {str(number): name for number, name in enumerate(MONTHS, start=1)}
    return {"first": first, "last": last or first, "choices": months}


def _deadline_words(row: Row) -> str:
    count = row["count"]
    units = ONE if count == "1" else CHOICES["unit"]
    spec = REGISTRY.get(row["kind"])
    if spec is None:
        return f"{count} {units[row['unit']]}"
    start = spec.fields[row["from"]].label if row["from"] in spec.fields else ""
    name, _, value = row["where"].partition("=")
    choices = spec.fields[name].choices if name in spec.fields else None
    which = f", {choices[value].lower()}" if choices and value in choices else ""
    after = f" etter «{start}»" if start else ""
    return f"{spec.words[0]}{which}: {count} {units[row['unit']]}{after}"


def _round_words(row: Row) -> str:
    often = CHOICES["frequency"][row["frequency"]].capitalize()
    day = f"{row['workday']}. arbeidsdag"
    return f"{often}, {day}, {_season(row['months'])}, for {CHOICES['each'][row['each']]}"


def _season(text: str) -> str:
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        return "hele året"
    names = [MONTHS[int(month) - 1] for month in (first, last or first) if 1 <= int(month) <= 12]
    return " til ".join(dict.fromkeys(names)) or "hele året"
