"""The rule book's columns in bokmål: labels, choices, what a rule says, and what a cell lacks."""

from __future__ import annotations

from collections.abc import Mapping

from server.planning.calendar import MONTHS
from server.planning.conditions import Condition
from server.planning.deadlines import COUNT_MAX, NO, BadRule, Effect, Row, read_deadline, seed
from server.planning.rounds import WORKDAY_MAX
from server.planning.rule_book import CELL_MAX, IN_USE, TABLES, YES
from server.records import REGISTRY
from server.records.record import KindSpec

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Frister som passes på": ("due", "before", "watch"),
    "Dager som kommer": ("date", "limit"),
    "Arbeid som blir laget": ("visit", "again"),
    "Det som føres videre": ("mark", "tell"),
}
"""What the server does with a deadline, by effect."""
NO_REASON = "Skriv hvorfor regelen endres."
LABELS: Mapping[str, str] = {
    "words": "Navn",
    "count": "Hvor lenge",
    "unit": "Regnes i",
    "earliest": "Tidligst, dager etter start",
    "second": "Lederen ser det etter, dager over fristen",
    "law": "Hjemmel",
    "text": "Kort sagt",
    "link": "Hvor hele loven står",
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
        "season": "vår og høst",
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
PERIODS: Mapping[str, str] = {
    "weekly": "uka",
    "monthly": "måneden",
    "quarterly": "kvartalet",
    "season": "halvåret fra april og fra oktober",
}
EXPECTED: Mapping[str, str] = {
    "words": f"Skriv et navn på høyst {CELL_MAX} tegn.",
    "text": f"Skriv en tekst på høyst {CELL_MAX} tegn.",
    "link": "Skriv adressen uten mellomrom.",
    "law": f"Skriv høyst {CELL_MAX} tegn.",
    "count": f"Skriv et helt tall fra 0 til {COUNT_MAX}.",
    "earliest": f"Skriv et helt tall fra 0 til {COUNT_MAX}, som ikke er senere enn fristen selv.",
    "second": f"Skriv et helt tall fra 0 til {COUNT_MAX}.",
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
    if "text" in row:
        return row["text"]
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
    rule = read_deadline(row)
    start = spec.fields[rule.start].label if rule.start in spec.fields else ""
    which = "".join(f", {words}" for each in rule.where if (words := _which(spec, each)))
    beside = "før" if rule.effect is Effect.BEFORE else "etter"
    if count == "0":
        return f"{spec.words[0]}{which}: samme dag som «{start}»"
    after = f" {beside} «{start}»" if start else ""
    return f"{spec.words[0]}{which}: {count} {units[row['unit']]}{after}"


def _which(spec: KindSpec, condition: Condition) -> str:
    choices = spec.fields[condition.field].choices if condition.field in spec.fields else {}
    return " eller ".join(choices[v].lower() for v in condition.values if v in choices)


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
