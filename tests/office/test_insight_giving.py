"""Innsyn given out: read by two, approved by another, and only as both had read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from server import access_log, acts, hand, people
from server.access_log import AccessRow
from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import insight
from server.keeping.insight import Insight, InsightRecord, Redaction
from server.office.insight_giving import CHANGED_SINCE, SAME_PERSON, UNAPPROVED
from server.office.insight_marks import OTHER_TEXT
from server.office.insights import CHANGED, LOOSE, MOVED
from server.people.logins import LoginSession
from server.records.barrier import BARRIER
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import (
    APPROVE,
    JSON,
    KARI,
    LISE,
    PDF,
    READ,
    SECRET,
    approve,
    approved,
    begin,
    change,
    delete,
    everywhere,
    give,
    make,
    make_ready,
    redact,
    rows,
    undoing,
    write_talk,
)
from tests.office.reader import Reader
from tests.office.test_homes import HOME


def test_nothing_leaves_before_another_has_approved(enter: Enter, database: Database) -> None:
    lise, ingrid = enter("lise"), enter("ingrid")
    where = begin(lise)
    mark = lise.open(where).form(READ).one("csrf")

    def tried() -> str:
        answer = lise.post(f"{where}/package", {"csrf": mark, "form": "json"})
        assert answer.status == 422
        return answer.words

    assert UNAPPROVED.happened in tried()
    assert ingrid.open(where).status == 404, "nobody else reads it before it is ready"
    make_ready(lise, where)
    assert UNAPPROVED.happened in tried() and not lise.open(where).has(PDF)
    shown = lise.open(where).html
    sent = {"csrf": mark, "shown": ingrid.open(where).form(APPROVE).one("shown")}
    own = lise.post(f"{where}/approve", sent)
    assert own.status == 422 and SAME_PERSON.happened in own.words and APPROVE not in shown
    assert UNAPPROVED.happened in tried()
    assert not ingrid.open(where).has(JSON), "who reads second gives nothing out"
    approve(ingrid, where)
    other = ingrid.post(f"{where}/package", {**ingrid.open(where).form("Send tilbake").fields})
    assert other.status == 404
    assert give(lise, where)[0] == 200


def test_who_prepared_it_does_not_approve_it_in_another_role(
    enter: Enter, database: Database
) -> None:
    """The rule stands below the page too."""
    where = begin(lise := enter("lise"))
    make_ready(lise, where)
    with database.writing() as session, pytest.raises(AssertionError):
        row = session.get_one(Insight, where.rpartition("/")[2])
        insight.approve(session, row, {}, LISE, datetime.now(UTC))


@pytest.mark.parametrize("what", ["changed", "new", "deleted", "beneath"])
def test_what_changed_since_it_was_read_stops_it_and_is_named(
    what: str, enter: Enter, database: Database
) -> None:
    """When it is to be approved, and when it is to be given out."""
    talk, lise, ingrid = write_talk(database), enter("lise"), enter("ingrid")
    where = begin(lise)
    redact(lise, where, talk, "summary", text="Zebulon Qvistmark")

    def happen(turn: int) -> None:
        if what == "changed":
            change(database, talk, channel=("phone", "office")[turn])
        elif what == "new":
            write_talk(database, "Noe nytt.")
        elif what == "deleted":
            delete(database, talk)
        else:
            change(database, talk, summary=f"Mer {turn} om {SECRET}, og mer til.")

    named = "En registrering som er slettet" if what == "deleted" else "Samtale, "
    make_ready(lise, where)
    form = ingrid.open(where).form(APPROVE)
    happen(0)
    refused = ingrid.send(form)
    assert refused.status == 422 and CHANGED_SINCE.happened in refused.words
    assert "Dette er endret:" in refused.words and named in refused.words
    again(lise, ingrid, where)
    status, body, headers = give(lise, where)
    assert status == 200
    if what == "deleted":
        talk = write_talk(database)
        again(lise, ingrid, where)
    happen(1)
    status, body, headers = give(lise, where)
    page = body.decode()
    assert status == 422 and "Content-Disposition" not in headers
    assert CHANGED_SINCE.happened in page and named in page
    again(lise, ingrid, where)
    assert give(lise, where)[0] == 200


def again(lise: Reader, ingrid: Reader, where: str) -> None:
    """Take it back, mend what no longer fits, and have it read by both anew."""
    page = lise.send(lise.open(where).form("Ta tilbake"))
    if "Passer ikke lenger" in page.words:
        refused = lise.send(page.form(READ))
        assert refused.status == 422 and LOOSE.happened in refused.words
        for form in undoing(page):
            page = lise.send(form)
        assert "Passer ikke lenger" not in page.words
        if SECRET in page.words:
            everywhere(lise, where, SECRET)
    make_ready(lise, where)
    assert approve(ingrid, where).status == 200


def test_a_new_reason_for_reading_is_read_before_it_is_given_out(
    enter: Enter, database: Database
) -> None:
    """It is free text too: left out where it must, and never new without being read."""
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    reading = access_log.Reading(
        KARI, "bomiljo", "office.record", access_log.ASKED, [HOME.tenancy], why=f"Ringt av {SECRET}"
    )
    with database.writing() as session:
        access_log.append(session, [reading], datetime.now(UTC))
    assert give(lise, where)[0] == 422
    lise.send(lise.open(where).form("Ta tilbake"))
    everywhere(lise, where, SECRET)
    approved(enter, where)
    status, body, _ = give(lise, where)
    whys = [one["why"] for one in json.loads(body)["readings"] if one["why"]]
    assert status == 200 and whys == ["Ringt av [Sladdet: gjelder andre]"]


def test_a_page_that_is_out_of_date_signs_nothing(enter: Enter, database: Database) -> None:
    """Who signs has read what stands there now: the texts, and what is left out."""
    talk, lise, ingrid = write_talk(database), enter("lise"), enter("ingrid")
    where = begin(lise)
    old = lise.open(where).form(READ)
    redact(lise, where, talk, "summary", whole="yes")
    assert CHANGED.happened in lise.send(old).words
    make_ready(lise, where)
    old = ingrid.open(where).form(APPROVE)
    lise.send(lise.open(where).form("Ta tilbake"))
    lise.send(undoing(lise.open(f"{where}/{talk}"))[0])
    assert rows(database, Redaction) == 0
    make_ready(lise, where)
    assert CHANGED.happened in ingrid.send(old).words
    assert give_refused(lise, where)


def give_refused(lise: Reader, where: str) -> bool:
    """Say whether nothing is given out."""
    mark = lise.open(where).form("Ta tilbake").one("csrf")
    return lise.post(f"{where}/package", {"csrf": mark, "form": "pdf"}).status == 422


def test_a_changed_text_is_not_left_out_by_an_old_page(enter: Enter, database: Database) -> None:
    talk, lise = write_talk(database), enter("lise")
    where = begin(lise)
    forms = lise.open(f"{where}/{talk}").forms
    form = next(each for each in forms if each.fields.get("path") == ["summary"])
    change(database, talk, summary=f"Nå om {SECRET}.")
    page = lise.send(form, typed={"text": SECRET, "reason": "others"})
    assert page.status == 422 and OTHER_TEXT.happened in page.words
    assert page.form("Sladd").action and f"Nå om {SECRET}." in page.words
    assert rows(database, Redaction) == 0


def test_it_is_sent_back_with_words_and_cannot_be_changed_while_it_is_read(
    enter: Enter, database: Database
) -> None:
    talk, lise, ingrid = write_talk(database), enter("lise"), enter("ingrid")
    where = begin(lise)
    old = lise.open(where)
    make_ready(lise, where)
    late = lise.send(old.form("Sladd overalt"), typed={"text": SECRET, "reason": "others"})
    assert late.status == 422 and MOVED.happened in late.words and rows(database, Redaction) == 0
    assert not lise.open(where).has("Sladd overalt")
    ingrid.send(ingrid.open(where).form("Send tilbake"), typed={"words": "Se samtalen igjen."})
    assert ingrid.open(where).status == 404
    page = lise.open(where)
    assert "Se samtalen igjen." in page.words and page.has(READ)
    assert "Venter på deg" in lise.open("/office/insights").words
    redact(lise, where, talk, "summary", text=SECRET)
    approved(enter, where)
    assert "Se samtalen igjen." not in lise.open(where).words


def test_what_is_taken_back_is_approved_no_longer(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    lise.send(lise.open(where).form("Ta tilbake"))
    make_ready(lise, where)
    assert give_refused(lise, where)


def test_a_second_reader_sees_all_of_it_or_nothing(enter: Enter, database: Database) -> None:
    """A record that the office does not see: the request is missing to it, in list and count."""
    lise, ingrid = enter("lise"), enter("ingrid")
    where = begin(lise)
    make_ready(lise, where)
    assert where in ingrid.open("/office/insights").links
    assert "Innsyn 1 venter" in ingrid.open("/office/").words
    hidden = new_id()
    case: dict[str, Json] = {"area": HOME.area, "title": "Bråk", "opened_on": "2026-11-02"}
    make(database, "conflict_case", hidden, **case, **{f"team/{KARI}": True})
    with database.writing() as session:
        session.add(InsightRecord(insight=where.rpartition("/")[2], record=hidden, digest="0" * 64))
    assert ingrid.open(where).status == 404
    assert where not in ingrid.open("/office/insights").links
    assert "Innsyn 1 venter" not in ingrid.open("/office/").words
    mark = ingrid.open("/office/").form("Logg ut").one("csrf")
    for step in ("approve", "back"):
        assert ingrid.post(f"{where}/{step}", {"csrf": mark}).status == 404
    assert lise.open(where).status == 200


def test_each_step_is_written_down(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    give(lise, where, "pdf")
    with database.reading() as session:
        done = session.scalars(select(acts.Act).where(acts.Act.about == HOME.tenancy)).all()
        steps = {act.what: act for act in done}
        exported = session.scalars(
            select(AccessRow).where(AccessRow.purpose == access_log.EXPORT)
        ).all()
    whats = ["insight_opened", "insight_ready", "insight_approved", "insight_given"]
    assert list(steps) == whats
    assert steps["insight_approved"].by == STAFF["ingrid"].id
    note = json.loads(steps["insight_given"].note)
    assert note["form"] == "pdf" and note["approved_by"] == STAFF["ingrid"].id
    assert [row.who for row in exported] == [LISE] and note["records"] == exported[0].size


@pytest.mark.parametrize("step", ["approve", "give"])
def test_both_steps_ask_who_it_is_anew(step: str, enter: Enter, database: Database) -> None:
    lise, ingrid = enter("lise"), enter("ingrid")
    where = begin(lise)
    make_ready(lise, where)
    if step == "give":
        approve(ingrid, where)
    long_ago = datetime.now(UTC) - people.STEP_UP * 1.1
    with database.writing() as session:
        session.execute(update(LoginSession).values(created_at=long_ago))
    if step == "give":
        assert give(lise, where)[0] == 401
    else:
        assert approve(ingrid, where).status == 401
        with database.reading() as session:
            row = session.get_one(Insight, where.rpartition("/")[2])
            assert row.approved_at is None


def test_a_barrier_set_later_takes_it_from_all_who_are_not_named(
    enter: Enter, database: Database
) -> None:
    lise, ingrid = enter("lise"), enter("ingrid")
    where = begin(lise)
    approved(enter, where)
    mark = lise.open(where).form("Ta tilbake").one("csrf")
    only, now = {f"{BARRIER}/{KARI}": True}, datetime.now(UTC)
    hand.write(database, "tenancy", HOME.tenancy, "patch", only, LISE, now)
    for reader in (lise, ingrid):
        assert reader.open(where).status == 404
        assert where not in reader.open("/office/insights").links
    assert lise.post(f"{where}/package", {"csrf": mark, "form": "json"}).status == 404
