"""What waits for a decision, and why somebody wrote it: told to who decides there and who wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
import pytest
from flask import Flask

from server.access import actor_of
from server.database import Database
from server.demo.municipality import STAFF
from server.intake import take
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json, write_instant
from sync.mutation import office_replica
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.reader import Reader
from tests.office.test_elsewhere import wears_two_hats
from tests.office.test_homes import HOME
from tests.office.test_inbox import FAULT
from tests.server.phone import Phone

WHY = "Naboen ringte om natta."
SENT = "Døra er knust."


def says(
    database: Database,
    login: str,
    id: str,
    values: Mapping[str, Json],
    *,
    kind: str = "deviation",
    blind: bool = False,
) -> str:
    """Let somebody write with a reason, `blind` to what stands there; gives how it was judged."""
    person, now, seen = STAFF[login], datetime.now(UTC), {}
    with database.reading() as session:
        actor, row = actor_of(session, person.id), session.get(Envelope, id)
        body = orjson.loads(row.body) if row else {}
        if row and not blind:
            seen = {path: (body.get(path), row.seq) for path in values}
    op = "patch" if row else "create"
    made = mutation(kind, id, values, author=person.id, op=op, seen=seen, now=now, why=WHY)
    (result,) = take(database, actor, office_replica(person.id), [made], now)
    return result.state


def sent_in(login: str = "kari") -> dict[str, Json]:
    """Give the step by which a draft is handed in."""
    at = write_instant(datetime.now(UTC))
    return {"status": {"state": "submitted", "by": STAFF[login].id, "at": at}}


def history(reader: Reader, id: str) -> str:
    """Give the words of a record's history."""
    page = reader.open(f"/office/records/{id}")
    assert page.status == 200
    return page.words.partition("Historikk")[2]


def test_what_waits_is_told_with_its_reason_to_who_decides_here_and_who_wrote_it(
    enter: Enter, database: Database
) -> None:
    """Ola decides in the south and works here: he is told that there is a question, as Kari is."""
    wears_two_hats(database, Role.OFFICE)
    for login, access, blind in (("kari", "Trapp", False), ("amir", "Heis", True)):
        verdict = says(database, login, HOME.id, {"access": access}, kind="dwelling", blind=blind)
        assert verdict == ("review" if blind else "applied")
    for login, told in (("amir", True), ("ingrid", True), ("kari", False), ("ola", False)):
        words = history(enter(login), HOME.id)
        assert ("Heis" in words) is told, login
        assert words.count(WHY) == 1 + told, login
        assert ("Kontoret avgjør." in words) is not told, login


def test_what_cannot_be_used_is_known_of_by_who_decides_here_and_who_wrote_it(
    enter: Enter, database: Database
) -> None:
    wears_two_hats(database, Role.OFFICE)
    no_number: dict[str, Json] = {"floor": "øverst"}
    assert says(database, "amir", HOME.id, no_number, kind="dwelling") == "held"
    for login, told in (("amir", True), ("ingrid", True), ("kari", False), ("ola", False)):
        words = history(enter(login), HOME.id)
        assert ("Kan ikke brukes ennå" in words) is told, login
        assert "øverst" not in words and "Ikke tatt i bruk" not in words, login


@pytest.mark.parametrize("login", ["ingrid", "ola"])
def test_what_a_draft_said_twice_is_told_once_and_its_reasons_are_its_authors(
    login: str, enter: Enter, database: Database
) -> None:
    """To say the same again is not to say it first: what was handed in is told to all the same."""
    fault = new_id()
    for values in ({**FAULT, "words": SENT}, {"words": SENT}, {"words": SENT, **sent_in()}):
        assert says(database, "kari", fault, values) == "applied"
    told, own = history(enter(login), fault), history(enter("kari"), fault)
    assert SENT in told and "Sendt inn" in told
    assert WHY in own and WHY not in told


def test_a_question_that_a_draft_was_handed_in_with_is_told_and_its_answers_to_who_decides(
    app: Flask, enter: Enter, database: Database
) -> None:
    """Kari wrote at the office and on a phone that had heard of neither."""
    fault, late = new_id(), "Døra er bare skadd."
    assert says(database, "kari", fault, {**FAULT, "words": SENT}) == "applied"
    phone = Phone(app, STAFF["kari"].id)
    (result,) = phone.sync(phone.write("deviation", fault, {"words": late}, op="patch"))
    assert result["state"] == "review"
    assert says(database, "kari", fault, sent_in()) == "applied"
    for login, told in (("ingrid", True), ("amir", False)):
        words = history(enter(login), fault)
        assert "Ulike svar" in words and SENT in words, login
        assert (late in words) is told and ("Kontoret avgjør." in words) is not told, login
