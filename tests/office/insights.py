"""A request for insight taken from step to step, as the office's forms offer it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select

from server import hand, intake
from server.access import Actor
from server.database import Database
from server.demo.municipality import STAFF
from server.records.record import Envelope
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.reader import Form, Page, Reader
from tests.office.test_homes import HOME

SECRET = "Zebulon Qvistmark"
TALK = f"Hun lånte nøkkelen av {SECRET} i fjor.\n{SECRET} bor i gata ved siden av. Alt vel."
LISE, KARI = STAFF["lise"].id, STAFF["kari"].id


def write_talk(database: Database, words: str = TALK, **more: Json) -> str:
    """Let a talk about the household be sent in; gives its id."""
    at, id = datetime.now(UTC), new_id()
    said: dict[str, Json] = {"dwelling": HOME.id, "tenancy": HOME.tenancy, "summary": words}
    status = {"state": "submitted", "by": KARI, "at": "2026-11-20T09:00:00.000Z"}
    hand.write(database, "conversation", id, "create", {**said, "status": status, **more}, KARI, at)
    return id


def make(database: Database, kind: str, record: str, **values: Json) -> None:
    """Let a record be made."""
    hand.write(database, kind, record, "create", values, KARI, datetime.now(UTC))


def change(database: Database, record: str, **values: Json) -> None:
    """Let a talk be changed by somebody who sees it as it stands."""
    _write(database, record, "patch", values, *values)


def delete(database: Database, record: str) -> None:
    """Let a talk be deleted by somebody who sees it as it stands."""
    _write(database, record, "delete", {}, "*")


def _write(
    database: Database, record: str, op: str, values: Mapping[str, Json], *paths: str
) -> None:
    now, replica = datetime.now(UTC), office_replica(KARI)
    with database.reading() as session:
        row = session.get_one(Envelope, record)
        body, seq = json.loads(row.body), row.seq
    seen = {p: {"seq": seq} | ({"value": body.get(p)} if p != "*" else {}) for p in paths}
    made = {**hand.mutation("conversation", record, op, values, KARI, now), "seen": seen}
    (result,) = intake.take(database, Actor(KARI, ()), replica, [made], now, server=True)
    assert result.state == "applied", result


READ = "Jeg har lest alt. Send til den andre leseren"
APPROVE = "Jeg har lest alt. Godkjenn"
PDF, JSON = "Last ned som PDF", "Last ned som JSON"


def begin(lise: Reader, person: str = "") -> str:
    """Open a request about the home's household; gives its address."""
    form = lise.open(f"/office/subjects/{HOME.tenancy}").form("Åpne kravet")
    page = lise.send(form, typed={"person": person}, follow=False)
    assert page.status == 302 and page.location, page.words
    return page.location


def make_ready(lise: Reader, where: str) -> Page:
    """Send it to the second reader."""
    return lise.send(lise.open(where).form(READ))


def approve(other: Reader, where: str) -> Page:
    """Approve what the page shows."""
    return other.send(other.open(where).form(APPROVE))


def give(lise: Reader, where: str, form: str = "json") -> tuple[int, bytes, dict[str, str]]:
    """Ask for the package; gives status, bytes and headers."""
    fields = {**lise.open(where).form(PDF).fields, "form": form}
    answer = lise.client.post(f"{where}/package", data=fields)
    return answer.status_code, bytes(answer.data), dict(answer.headers)


def redact(lise: Reader, where: str, record: str, path: str, **typed: str | list[str]) -> Page:
    """Leave something out of one field of one record."""
    forms = [
        form
        for form in lise.open(f"{where}/{record}").forms
        if form.action.endswith("/redact")
        and form.fields["path"] == [path]
        and ("all" in form.fields) == (path == "")
    ]
    return lise.send(forms[0], typed={"reason": "others", **typed})


def everywhere(lise: Reader, where: str, text: str, reason: str = "others") -> Page:
    """Leave some words out wherever they stand."""
    return lise.send(lise.open(where).form("Sladd overalt"), typed={"text": text, "reason": reason})


def approved(enter: Enter, where: str) -> Reader:
    """Have a request read by both; gives the leader who prepared it."""
    lise = enter("lise")
    assert "Venter på den andre leseren" in make_ready(lise, where).words
    assert "Godkjent av Ingrid Moe" in approve(enter("ingrid"), where).words
    return lise


def undoing(page: Page) -> list[Form]:
    """Give the forms that let a passage stand again."""
    return [form for form in page.forms if form.action.endswith("/unredact")]


def rows(database: Database, table: type) -> int:
    """Count the rows of a table."""
    with database.reading() as session:
        return len(session.scalars(select(table)).all())
