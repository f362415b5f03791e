"""Every endpoint and method, for every role, in every situation and state of a login.

The tables were written by hand and nothing here writes them: where they differ from the app, one
of the two is wrong. An endpoint without a row fails.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from sync.mutation import is_id
from tests.matrix.town import NEVER, PEOPLE, Town, told

Told: TypeAlias = tuple[int, bytes, dict[str, str]]
Ask: TypeAlias = Callable[[str, str, str, str], Told]
Record: TypeAlias = Callable[[str, Any], None]

HERE = Path(__file__).parent
ROWS = list(csv.DictReader((HERE / "matrix.csv").open()))
OPEN = {(row["endpoint"], row["method"]): row for row in csv.DictReader((HERE / "open.csv").open())}
ENDED = ("anonymous", "revoked", "idle", "old", "lease over")
ENDPOINTS = sorted({row["endpoint"] for row in ROWS})
CELLS = "cells"
"""How many of them a test has asked; steps.py prints their sum, and hvem-ser-hva.md names it."""
NOWHERE = {"office": "/office/ingenting", "api": f"/api/v1/{NEVER}"}


def address(town: Town, row: dict[str, str]) -> tuple[str, str]:
    """Give the address of a row, and the id in it that the row is about."""
    rules = [
        rule
        for rule in town.app.url_map.iter_rules(row["endpoint"])
        if ("<" in rule.rule) == bool(row["situation"])
    ]
    (rule,) = rules
    name = sorted(rule.arguments)[-1] if row["situation"] else ""
    asked = town.ids[name, row["situation"]] if name else ""
    filled = re.sub(r"<([a-z_]+)>", lambda each: town.ids[each[1], row["situation"]], rule.rule)
    return filled, asked


def rows_of(endpoint: str) -> list[dict[str, str]]:
    """Give the rows of an endpoint."""
    return [row for row in ROWS if row["endpoint"] == endpoint]


def closed_rows_of(endpoint: str) -> list[dict[str, str]]:
    """Give those that nobody is let in by without a login."""
    return [row for row in rows_of(endpoint) if (endpoint, row["method"]) not in OPEN]


def cells() -> int:
    """Give how many answers the tables foretell: each row by each person and each ended login."""
    closed = sum(len(closed_rows_of(endpoint)) for endpoint in ENDPOINTS)
    return len(ROWS) * len(PEOPLE) + closed * len(ENDED)


def nowhere(path: str) -> str:
    """Give an address that was never anything, under the same roof."""
    return NOWHERE["office" if path.startswith("/office") else "api"]


@pytest.fixture(scope="module")
def ask(town: Town) -> Ask:
    """Asks as somebody, and gives what is told of the id that is asked for.

    What is missing is asked for once and is the same ever after: no question changes the town.
    """
    missing: dict[tuple[str, str, str], Told] = {}

    def answer(who: str, method: str, path: str, asked: str) -> Told:
        if (known := missing.get((who, method, path))) is not None:
            return known
        said = told(town.ask(who, method, path), asked)
        if said[0] == 404:
            missing[who, method, path] = said
        return said

    return answer


def letter(status: int) -> str:
    """Say what an answer means: let in, the form refused, or missing."""
    if status == 404:
        return "-"
    return "y" if status < 400 else "f"


def asks_to_log_in(answer: TestResponse) -> bool:
    """Say whether an answer is the door, and nothing behind it."""
    if answer.status_code == 302:
        return str(answer.headers["Location"]).startswith("/office/login")
    return answer.status_code == 401


def test_every_endpoint_and_method_has_a_row(town: Town) -> None:
    served = {
        (rule.endpoint, method)
        for rule in town.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }
    known = {(row["endpoint"], row["method"]) for row in ROWS} | OPEN.keys()
    assert served - known == set(), "an endpoint without a row"
    assert known - served - {("attachments.read", "HEAD")} == set(), "a row without an endpoint"


def test_every_record_in_an_address_is_asked_for_in_its_situations(town: Town) -> None:
    """What is another's, and what never was, stand in a row of every address with an id."""
    for rule in town.app.url_map.iter_rules():
        if rule.arguments and (rule.endpoint, "GET") not in OPEN and rule.endpoint in ENDPOINTS:
            said = {row["situation"] for row in ROWS if row["endpoint"] == rule.endpoint}
            assert "never" in said, rule.endpoint


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_everybody_gets_what_the_table_says(
    endpoint: str, town: Town, ask: Ask, record_property: Record
) -> None:
    wrong = []
    rows = rows_of(endpoint)
    record_property(CELLS, len(rows) * len(PEOPLE))
    for row in rows:
        path, asked = address(town, row)
        for who in PEOPLE:
            status = ask(who, row["method"], path, asked)[0]
            assert status < 500, (row, who)
            if letter(status) != row[who]:
                wrong.append((row["method"], row["situation"], who, status, row[who]))
    assert wrong == []


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_what_is_forbidden_is_missing_to_the_byte(endpoint: str, town: Town, ask: Ask) -> None:
    """The same status, body and headers as for what never was, and as for no page at all."""
    for row in rows_of(endpoint):
        path, asked = address(town, row)
        never = path.replace(asked, NEVER) if asked else nowhere(path)
        for who in PEOPLE:
            if row[who] == "-" and path != never:
                here = ask(who, row["method"], path, asked)
                if asked or row["method"] == "GET":
                    assert here == ask(who, row["method"], never, ""), (row, who)
                if path.startswith("/office") and not asked:
                    assert here[:2] == ask(who, "GET", nowhere(path), "")[:2], (row, who)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_what_is_forbidden_asks_the_database_no_more_than_what_never_was(
    endpoint: str, town: Town
) -> None:
    """A question more would tell of it by its time, however equal the answers are."""
    asked: list[str] = []

    def questions(who: str, path: str) -> list[str]:
        asked.clear()
        town.ask(who, "GET", path)
        return [*asked]

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for row in rows_of(endpoint):
            path, id = address(town, row)
            for who in PEOPLE if row["method"] == "GET" and is_id(id) else ():
                if row[who] == "-" and id != NEVER:
                    never = questions(who, path.replace(id, NEVER))
                    assert questions(who, path) == never, (row["situation"], who)
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("who", ENDED)
def test_a_login_that_ended_opens_nothing(
    who: str, endpoint: str, town: Town, record_property: Record
) -> None:
    """Whatever the situation, the answer is the door, and tells nothing of the record."""
    doors: dict[tuple[str, str], Told] = {}
    rows = closed_rows_of(endpoint)
    record_property(CELLS, len(rows))
    for row in rows:
        path, asked = address(town, row)
        answer = town.ask(who, row["method"], path)
        assert asks_to_log_in(answer), (row, answer.status_code)
        if asked and asked != NEVER:
            never = (row["method"], path.replace(asked, NEVER))
            if never not in doors:
                doors[never] = told(town.ask(who, *never))
            assert told(answer, asked)[:2] == doors[never][:2], row


@pytest.mark.parametrize(("endpoint", "method"), sorted(OPEN))
def test_what_is_open_is_open_and_says_no_more(endpoint: str, method: str, town: Town) -> None:
    rule = next(town.app.url_map.iter_rules(endpoint))
    path = re.sub(r"<[a-z_:]+>", NEVER, rule.rule)
    for column, everyone in (("fresh", tuple(PEOPLE)), ("anonymous", ENDED)):
        expected = OPEN[endpoint, method][column]
        for who in everyone if expected not in ("", "any") else ():
            answer = town.ask(who, method, path)
            assert str(answer.status_code) == expected, (who, answer.status_code)
