"""Approve, send back, undo: each decision counts once, is never blind, and loses no word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from server.database import Database
from server.demo.municipality import STAFF
from server.ledger import MutationRow
from server.records import REGISTRY
from server.records.record import Envelope
from tests.office.conftest import Enter
from tests.office.reader import Form, Page, Reader

ASK = "Hva så du? Skriv hva dere gjorde sammen."
LONG = "Dette er en lang setning som leietakeren skal kunne lese. " * 30


def first(reader: Reader) -> Page:
    """Open the visit that has waited longest, alone."""
    line = next(link for link in reader.open("/office/inbox").links if "/inbox/" in link)
    return reader.open(line)


def visit_of(form: Form) -> str:
    """Give the visit that a form decides about."""
    return form.action.split("/")[3]


def bodies(database: Database, form: Form) -> dict[str, dict[str, Any]]:
    """Give the records that a form showed."""
    ids = [pair.partition(":")[0] for pair in form.one("seal").split(",")]
    with database.reading() as session:
        rows = session.execute(select(Envelope.id, Envelope.body).where(Envelope.id.in_(ids)))
        return {id: orjson.loads(body) for id, body in rows}


def states(database: Database, form: Form) -> set[str]:
    """Give the states of the records that a form showed."""
    return {body["status"]["state"] for body in bodies(database, form).values()}


def count_taken(database: Database) -> int:
    """Count every mutation in custody."""
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(MutationRow)).scalar_one()


def push(database: Database, login: str, kind: str, id: str, set: dict[str, Any]) -> None:
    """Let somebody write on their office page, having seen the record as it stands."""
    from server.access import actor_of
    from server.intake import take
    from sync.mutation import office_replica
    from tests.makers import mutation

    person, now = STAFF[login], datetime.now(UTC)
    with database.reading() as session:
        actor = actor_of(session, person.id)
        row = session.get_one(Envelope, id)
        body, seq = orjson.loads(row.body), row.seq
    edit = mutation(
        kind,
        id,
        set,
        author=person.id,
        op="patch",
        seen={path: (body.get(path), seq) for path in set},
        now=now,
    )
    (result,) = take(database, actor, office_replica(person.id), [edit], now)
    assert result.state == "applied", result


def a_comment(form: Form, path: str) -> str:
    """Find the comment box of a path."""
    return next(name for name in form.fields if name.endswith(f"|{path}"))


def test_approving_approves_the_visit_and_all_that_hangs_on_it(
    enter: Enter, database: Database
) -> None:
    """One press, one step for each record; the visit leaves the list and can be fetched back."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Godkjenn")
    assert states(database, form) == {"submitted"}
    page = ingrid.send(form, "Godkjenn")
    assert states(database, form) == {"approved"}
    assert {body["status"]["by"] for body in bodies(database, form).values()} == {
        STAFF["ingrid"].id
    }
    assert "Godkjent:" in page.words
    assert page.has("Angre avgjørelsen")
    again = ingrid.send(page.form("Angre avgjørelsen"))
    assert states(database, form) == {"submitted"}
    assert again.has("Godkjenn")


def test_a_comment_goes_to_the_exact_field(enter: Enter, database: Database) -> None:
    """The record that owns the path carries the words; the whole visit goes back."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Send tilbake")
    name = a_comment(form, "summary")
    page = ingrid.send(form, "Send tilbake", typed={name: ASK})
    after = bodies(database, form)
    assert {body["status"]["state"] for body in after.values()} == {"returned"}
    assert after[name.partition("|")[0]]["status"]["comments"] == {"summary": ASK}
    assert "comments" not in after[visit_of(form)]["status"]
    shown = ingrid.open(f"/office/inbox/{visit_of(form)}").words
    assert "Sendt tilbake:" in page.words and f"Kontoret ba om retting: {ASK}" in shown


def test_sending_back_without_a_word_is_asked_about(enter: Enter, database: Database) -> None:
    """Nobody can put right what is not said."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Send tilbake")
    page = ingrid.send(form, "Send tilbake")
    assert page.status == 422 and "Du har ikke skrevet hva som skal rettes." in page.words
    assert states(database, form) == {"submitted"}


def test_approving_with_words_typed_is_asked_about_and_keeps_them(
    enter: Enter, database: Database
) -> None:
    """A press on the wrong button throws nothing away."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Godkjenn")
    name = a_comment(form, "visited_on")
    page = ingrid.send(form, "Godkjenn", typed={name: LONG})
    assert page.status == 422
    assert page.form("Godkjenn").one(name).strip() == LONG.strip()
    assert states(database, form) == {"submitted"}


def test_the_same_form_twice_is_one_effect(enter: Enter, database: Database) -> None:
    """A second press, or a page fetched back by the browser, changes nothing more."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Send tilbake")
    typed = {a_comment(form, "visited_on"): ASK}
    ingrid.send(form, "Send tilbake", typed=typed)
    after, taken = bodies(database, form), count_taken(database)
    page = ingrid.send(form, "Send tilbake", typed=typed)
    assert page.status == 200 and "Sendt tilbake:" in page.words
    assert (bodies(database, form), count_taken(database)) == (after, taken)


def test_two_presses_at_the_same_moment_are_one_effect(enter: Enter, database: Database) -> None:
    """Neither has seen the other: no question arises, nothing is held, the visit moved one step."""
    readers = [enter("ingrid"), enter("ingrid")]
    form = first(readers[0]).form("Godkjenn")
    marks = [reader.open("/office/").form("Logg ut").one("csrf") for reader in readers]
    with database.reading() as session:
        query = select(func.count()).where(MutationRow.state.in_(("held", "review", "custody")))
        before = session.execute(query).scalar_one()
    with ThreadPoolExecutor(2) as pool:
        pages = [
            pool.submit(reader.send, form, "Godkjenn", typed={"csrf": mark})
            for reader, mark in zip(readers, marks, strict=True)
        ]
    assert [page.result().status for page in pages] == [200, 200]
    assert states(database, form) == {"approved"}
    with database.reading() as session:
        assert session.execute(query).scalar_one() == before


def test_an_addendum_sent_twice_is_one_addendum(enter: Enter, database: Database) -> None:
    """The form's own id makes the record."""
    ingrid = enter("ingrid")
    visit = visit_of(first(ingrid).form("Godkjenn"))
    form = ingrid.open(f"/office/records/{visit}").form("Lagre tillegget")
    for _ in range(2):
        page = ingrid.send(form, typed={"words": ASK})
        assert page.status == 200 and page.words.count(ASK) == 1
    with database.reading() as session:
        held = select(func.count()).where(MutationRow.reason == "mid_clash")
        assert session.execute(held).scalar_one() == 0


@pytest.mark.parametrize("button", ["Godkjenn", "Send tilbake"])
def test_a_decision_on_a_record_that_moved_on_is_shown_and_not_made(
    button: str, enter: Enter, database: Database
) -> None:
    """What changed is told, and what was typed is still there; the new form decides."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Godkjenn")
    name = a_comment(form, "visited_on")
    push(database, "lise", "visit", visit_of(form), {"next_contact_on": "2031-05-17"})
    typed = {name: ASK} if button == "Send tilbake" else {}
    page = ingrid.send(form, button, typed=typed)
    assert page.status == 409
    assert "Registreringen er endret siden du åpnet den." in page.words
    assert "Lise Strand" in page.words and "17.5.2031" in page.words
    assert states(database, form) == {"submitted"}
    fresh = page.form("Godkjenn")
    assert fresh.one(name).strip() == typed.get(name, "")
    ingrid.send(fresh, button)
    expected = "returned" if typed else "approved"
    assert states(database, form) == {expected}


def test_who_decides_second_sees_the_first_decision(enter: Enter, database: Database) -> None:
    """The first decision stands; the second reviewer's words are kept."""
    ingrid, lise = enter("ingrid"), enter("lise")
    form, other = first(ingrid).form("Godkjenn"), first(lise).form("Send tilbake")
    assert visit_of(form) == visit_of(other)
    ingrid.send(form, "Godkjenn")
    page = lise.send(other, "Send tilbake", typed={a_comment(other, "outcome"): ASK})
    assert page.status == 409 and "Ingrid Moe" in page.words and ASK in page.html
    assert states(database, form) == {"approved"}


def test_many_are_approved_at_once_except_those_that_moved_on(
    enter: Enter, database: Database
) -> None:
    """The list carries what it showed, visit by visit."""
    ingrid = enter("ingrid")
    page = ingrid.open("/office/inbox")
    waiting = [given["value"] for _, given in page.controls if given.get("name") == "head"]
    chosen = waiting[:3]
    push(database, "lise", "visit", chosen[1].partition("@")[0], {"told": False})
    form = page.form("Godkjenn de valgte")
    after = ingrid.send(form, typed={"head": chosen})
    assert "1 er endret siden lista ble vist eller må godkjennes av en leder" in after.words
    assert after.words.count("Godkjent:") == 2
    left = [given["value"] for _, given in after.controls if given.get("name") == "head"]
    assert len(left) == len(waiting) - 2 and chosen[1].partition("@")[0] in {
        v.partition("@")[0] for v in left
    }
    twice = ingrid.send(form, typed={"head": chosen})
    assert twice.words.count("Godkjent:") == 2


@pytest.mark.parametrize("login", ["kari", "amir", "ola", "eva", "admin"])
def test_only_the_office_decides(login: str, enter: Enter, database: Database) -> None:
    """A form that is not theirs to send does nothing, and says no more than that."""
    form = first(enter("ingrid")).form("Godkjenn")
    reader = enter(login)
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    taken = count_taken(database)
    for path in ("decision", "undo"):
        page = reader.post(
            f"/office/inbox/{visit_of(form)}/{path}",
            {
                "csrf": mark,
                "form": form.one("form"),
                "seal": form.one("seal"),
                "decision": "approved",
            },
        )
        assert page.status == 404
    page = reader.post("/office/inbox/decisions", {"csrf": mark, "form": form.one("form")})
    assert page.status == 404
    assert count_taken(database) == taken


@pytest.mark.parametrize("csrf", [None, "", "0" * 64])
def test_a_form_without_our_mark_does_nothing(
    csrf: str | None, enter: Enter, database: Database
) -> None:
    """Another site cannot decide in a reviewer's name."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Godkjenn")
    del form.fields["csrf"]
    page = ingrid.send(form, "Godkjenn", typed={} if csrf is None else {"csrf": csrf})
    assert page.status == 403 and "Ingenting er endret." in page.words
    assert states(database, form) == {"submitted"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": "no id"},
        {"form": "018f2c5e-0000-4000-8000-000000000001"},
        {"form": "ffffffff-ffff-7000-8000-000000000001"},
        {"seal": "nothing:at:all"},
        {"seal": "018f2c5e-0000-7000-8000-000000000001:99999999999999999999"},
    ],
)
def test_a_form_that_was_tampered_with_does_nothing(
    wrong: dict[str, str], enter: Enter, database: Database
) -> None:
    """Ids and seqs that we never gave are refused in words, never with a fault."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Godkjenn")
    page = ingrid.send(form, "Godkjenn", typed=wrong)
    assert page.status == 403
    assert states(database, form) == {"submitted"}


def test_what_was_asked_for_is_shown_beside_the_answer(enter: Enter, database: Database) -> None:
    """A visit that comes back shows the question, and what stood before."""
    ingrid = enter("ingrid")
    form = first(ingrid).form("Send tilbake")
    name = a_comment(form, "summary")
    ingrid.send(form, "Send tilbake", typed={name: ASK})
    talk, visit = name.partition("|")[0], visit_of(form)
    before = bodies(database, form)[talk]["summary"]
    author = next(login for login, person in STAFF.items() if person.name == "Amir Haddad")
    push(database, author, "conversation", talk, {"summary": "Vi ryddet sammen."})
    for kind, id in [("visit", visit), ("conversation", talk)]:
        status = {
            "state": "submitted",
            "by": STAFF[author].id,
            "at": "2026-01-05T10:00:00.000Z",
        }
        push(database, author, kind, id, {"status": status})
    words = ingrid.open(f"/office/inbox/{visit}").words
    assert f"Kontoret ba om retting: {ASK}" in words
    assert f"Før: {before}" in words and "Vi ryddet sammen." in words
    assert REGISTRY["conversation"].fields["summary"].label in words
