"""Innsyn prepared: passages left out for a reason, and nowhere in what is given out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from server import access_log
from server.access_log import AccessRow
from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import erasure
from server.keeping.insight import Insight, InsightRecord, Redaction
from server.office.insight_marks import NOT_FOUND, NOTHING, TOO_SHORT, UNREASONED, UNSAID
from server.planning.calendar import day_of
from server.records.contact import Contact
from server.shapes import Json
from tests import paper
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import (
    KARI,
    SECRET,
    approved,
    begin,
    everywhere,
    give,
    make,
    make_ready,
    redact,
    rows,
    write_talk,
)
from tests.office.test_homes import HOME


def has_secret(body: bytes) -> bool:
    """Say whether either of the two names is anywhere in some bytes, in any writing we know of."""
    parts = SECRET.split()
    writings = [p.encode(code) for p in parts for code in ("utf-8", "utf-16-be", "utf-16-le")]
    hexed = [p.encode(code).hex().encode() for p in parts for code in ("utf-8", "utf-16-be")]
    return any(each.lower() in body.lower() for each in (*writings, *hexed))


@pytest.mark.parametrize("way", ["everywhere", "pasted", "field", "record"])
def test_what_is_left_out_is_nowhere_in_either_file(
    way: str, enter: Enter, database: Database
) -> None:
    """Not in the words, the packed streams, the marks, the title, the headers or the name."""
    talk, lise = write_talk(database), enter("lise")
    where = begin(lise)
    if way == "everywhere":
        everywhere(lise, where, SECRET.lower())
    elif way == "pasted":
        redact(lise, where, talk, "summary", text="zebulon\n qvistmark")
    elif way == "field":
        redact(lise, where, talk, "summary", whole="yes")
    else:
        redact(lise, where, talk, "", reason="not_theirs")
    approved(enter, where)
    for form in ("json", "pdf"):
        status, body, headers = give(lise, where, form)
        assert status == 200
        whole = paper.opened(body) if form == "pdf" else body
        assert not has_secret(whole + repr(headers).encode())
        read = paper.words(body) if form == "pdf" else json.dumps(json.loads(body))
        bare = "".join(read.split())
        assert not any(name in bare for name in SECRET.split())
        assert ("Altvel." in bare) == (way in ("everywhere", "pasted")), "the rest stands"
        why = "gjelderikkedeg" if way == "record" else "gjelderandre"
        assert f"[Sladdet:{why}]" in bare and "artikkel15nr." in bare
        assert (talk in read) == (form == "json" and way != "record")
        assert re.fullmatch(
            rf'attachment; filename="innsyn-\d{{4}}-\d\d-\d\d\.{form}"',
            headers["Content-Disposition"],
        )


def test_without_a_redaction_the_same_proof_finds_the_words(
    enter: Enter, database: Database
) -> None:
    write_talk(database)
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    assert has_secret(give(lise, where)[1])
    assert "".join(SECRET.split()) in paper.words(give(lise, where, "pdf")[1])


def test_the_file_is_named_by_the_day_that_it_is_here(late: datetime, enter: Enter) -> None:
    """In the last hours of the day by UTC it may be tomorrow here."""
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    named = give(lise, where)[2]["Content-Disposition"]
    assert f"innsyn-2032-11-{29 if late.hour == 22 else 30}.json" in named


def test_a_blank_says_why_and_not_how_much(enter: Enter, database: Database) -> None:
    short, long = write_talk(database, "Per: nei."), write_talk(database, "Per: nei. " * 90)
    lise = enter("lise")
    where = begin(lise)
    for talk in (short, long):
        redact(lise, where, talk, "summary", whole="yes", reason="secrecy")
    approved(enter, where)
    said = json.loads(give(lise, where)[1])
    fields = {
        one["id"]: field
        for one in said["records"]
        for field in one["fields"]
        if field["label"] == "Oppsummering"
    }
    assert fields[short] == fields[long]
    assert fields[short]["words"] == "[Sladdet: taushetsplikt]"
    (why,) = said["left_out"]
    assert why["places"] == 2 and why["law"].endswith("§ 16 første ledd bokstav d")


def test_words_beside_an_answer_and_a_goal_are_read_and_left_out_too(
    enter: Enter, database: Database
) -> None:
    """A goal stands beside how far it is reached too: what a record says is never a mere label."""
    run: dict[str, Json] = {"checklist": "NYVRI1", "subject": "tenancy", "tenancy": HOME.tenancy}
    run |= {"dwelling": HOME.id, "answers/NYVRI1-15": "ok", "remarks/NYVRI1-15": f"Se {SECRET}"}
    status = {"state": "submitted", "by": KARI, "at": "2026-11-20T09:00:00.000Z"}
    run_id, plan_id, goal = new_id(), new_id(), new_id()
    make(database, "checklist_run", run_id, **run, status=status)
    plan: dict[str, Json] = {"tenancy": HOME.tenancy, "dwelling": HOME.id}
    plan |= {f"goals/{goal}": f"Bo uten {SECRET}", f"reached/{goal}": "reached"}
    make(database, "follow_up_plan", plan_id, **plan)
    lise = enter("lise")
    where = begin(lise)
    page = lise.open(where)
    assert page.words.count(SECRET) == 3 and "Se Zebulon" in page.words
    everywhere(lise, where, SECRET)
    approved(enter, where)
    assert not has_secret(give(lise, where)[1])


def test_what_is_wrong_is_said_and_what_was_typed_stays(enter: Enter, database: Database) -> None:
    talk, lise = write_talk(database), enter("lise")
    where = begin(lise)
    for typed, problem in (
        ({"text": "Zebulon", "reason": ""}, UNREASONED),
        ({"text": "Zebulon", "reason": "because"}, UNREASONED),
        ({"text": "Zebulons", "reason": "others"}, NOT_FOUND),
        ({"reason": "others"}, NOTHING),
        ({"span": "0-3", "reason": "others"}, NOTHING),
    ):
        page = redact(lise, where, talk, "summary", **typed)
        assert page.status == 422 and problem.happened in page.words
        kept = [f.one("text") for f in page.forms if f.fields.get("path") == ["summary"]]
        assert kept[0] == typed.get("text", "")
    for text, problem in (("", NOTHING), ("Ze", TOO_SHORT), ("Finnes ikke", NOT_FOUND)):
        page = everywhere(lise, where, text)
        assert page.status == 422 and problem.happened in page.words
        assert page.form("Sladd overalt").one("text") == text
    make_ready(lise, where)
    ingrid = enter("ingrid")
    page = ingrid.send(ingrid.open(where).form("Send tilbake"))
    assert page.status == 422 and UNSAID.happened in page.words
    assert rows(database, Redaction) == 0


def test_names_of_others_are_proposed_and_chosen_by_a_tick(
    enter: Enter, database: Database
) -> None:
    """The one who asked is not proposed; the rest of the household is."""
    with database.reading() as session:
        own = session.execute(
            select(Contact.id, Contact.name).where(Contact.tenancy == HOME.tenancy)
        ).first()
    assert own is not None and own.name
    partner = new_id()
    make(database, "contact", partner, tenancy=HOME.tenancy, role="partner", name="Ylva Testrup")
    first, lise = own.name.split()[0], enter("lise")
    talk = write_talk(database, f"{first} og Ylva krangler med Amir.")
    shown = {
        person: lise.open(f"{begin(lise, person)}/{talk}").html for person in ("", own.id, partner)
    }
    proposed = {person: re.findall("<mark>(.*?)</mark>", html) for person, html in shown.items()}
    assert proposed[""] == ["Amir"] and proposed[own.id] == ["Ylva", "Amir"]
    assert proposed[partner] == [first, "Amir"]
    where = begin(lise, own.id)
    html = lise.open(f"{where}/{talk}").html
    span = re.search(r'name="span" value="(\d+-\d+)"[^>]*> Ylva', html)
    assert span
    page = redact(lise, where, talk, "summary", span=span[1])
    assert page.status == 200 and "Sladdes (gjelder andre): «Ylva»" in page.words


def test_what_is_left_out_in_one_place_and_stands_in_another_is_told(
    enter: Enter, database: Database
) -> None:
    first, lise = write_talk(database), enter("lise")
    write_talk(database, f"{SECRET} ringte.")
    where = begin(lise)
    redact(lise, where, first, "summary", text=SECRET)
    assert f"«{SECRET}»: 1 sted" in lise.open(where).words
    everywhere(lise, where, SECRET)
    assert "står fortsatt et annet sted" not in lise.open(where).words


@pytest.mark.parametrize("asked_on", ["", "i går", "2999-01-01", "2020-01-01"])
def test_the_day_of_the_request_is_a_day_that_was(
    asked_on: str, enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    form = lise.open(f"/office/subjects/{HOME.tenancy}").form("Åpne kravet")
    page = lise.send(form, typed={"asked_on": asked_on, "person": ""})
    assert page.status == 422 and "Datoen kan ikke brukes." in page.words
    page = lise.send(form, typed={"person": new_id()})
    assert page.status == 422 and rows(database, Insight) == 0


def test_the_answer_is_due_in_a_month_and_told_when_it_is_late(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    where = begin(lise)
    assert "Svar innen" in lise.open(where).words
    assert "Over fristen" not in lise.open("/office/insights").words
    with database.writing() as session:
        ago = day_of(datetime.now(UTC)) - timedelta(days=40)
        session.execute(update(Insight).values(asked_on=ago))
    assert "Over fristen" in lise.open("/office/insights").words


def test_a_text_reads_the_same_on_another_day(enter: Enter, database: Database) -> None:
    """No «i går», and the year is always there: what was approved is known again next year."""
    talk, lise = write_talk(database, talked_on="2026-11-20"), enter("lise")
    page = lise.open(f"{begin(lise)}/{talk}")
    assert "20.11.2026" in page.words and "i dag kl." not in page.words.partition("Hele")[0]


def test_an_erased_household_leaves_no_request_and_an_erased_record_no_digest(
    enter: Enter, database: Database
) -> None:
    talk, lise = write_talk(database), enter("lise")
    where = begin(lise)
    redact(lise, where, talk, "summary", text=SECRET)
    approved(enter, where)
    settings = lise.client.application.extensions["oppgang_settings"]
    now = datetime.now(UTC)
    erasure.erase(database, settings, [talk], now, "test", "server")
    assert rows(database, Redaction) == 0 and rows(database, Insight) == 1
    with database.reading() as session:
        assert not session.scalars(select(InsightRecord).where(InsightRecord.record == talk)).all()
    status, body, _ = give(lise, where)
    assert status == 200 and talk.encode() not in body, "what is left was read, and is as it was"
    erasure.erase(database, settings, [HOME.tenancy], now, "test", "server")
    assert rows(database, Insight) == rows(database, InsightRecord) == 0


def test_a_list_is_no_look_at_the_records(enter: Enter, database: Database) -> None:
    lise, ingrid = enter("lise"), enter("ingrid")
    where = begin(lise)
    make_ready(lise, where)

    def read() -> set[str]:
        with database.reading() as session:
            whose = AccessRow.who == STAFF["ingrid"].id
            found = session.scalars(select(AccessRow.records).where(whose)).all()
        return {id for each in found for id in access_log.records_in(bytes(each))}

    ingrid.open("/office/insights")
    assert HOME.tenancy not in read()
    ingrid.open(where)
    assert HOME.tenancy in read()
