"""Ba om hjelp: the longest waiting first; what is answered stands with who, when and the law."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from server.access import Actor
from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.intake import take
from server.planning.calendar import add_months, day_of
from server.planning.generation import set_deadlines
from server.roles import Role
from server.shapes import Json, write_instant
from sync.mutation import office_replica
from tests.makers import mutation
from tests.office.conftest import Enter
from tests.office.planned import body_of, days_before, home_in, write
from tests.office.reader import Page, Reader


def ask(database: Database, now: datetime, days: int, **more: Json) -> str:
    """Let somebody ask for help some days ago; the office writes it down."""
    asked: dict[str, Json] = {
        "dwelling": home_in(database, NORTH),
        "asked_at": write_instant(days_before(now, days)),
        "words": "Spør om noe større.",
        "status": {"state": "submitted", "by": STAFF["ingrid"].id, "at": write_instant(now)},
        **more,
    }
    return write(database, "ingrid", "assistance_request", now, **asked)


def answer(reader: Reader, id: str, step: str, **typed: str) -> Page:
    page = reader.open(f"/office/requests/{id}")
    return reader.send(page.form("Lagre"), typed={"step": step, **typed})


def test_the_longest_waiting_stands_first_with_its_age_and_its_deadline(
    enter: Enter, database: Database, now: datetime
) -> None:
    young, old = ask(database, now, 3), ask(database, now, 40)
    set_deadlines(database, now)
    page = enter("ingrid").open("/office/requests")
    found = [link for link in page.links if link.startswith("/office/requests/")]
    places = [found.index(f"/office/requests/{id}") for id in (old, young)]
    assert places == sorted(places)
    assert "40 dager siden" in page.words and "Over fristen" in page.words
    assert "Forvaltningsloven § 11 a" in page.words


def line_of(page: Page, id: str) -> str:
    """Give one request's line in the list; empty where it does not stand there."""
    found = re.search(f'<li><a[^>]*/office/requests/{id}".*?</li>', page.html, re.S)
    return found[0] if found else ""


def reckoned(database: Database, now: datetime, id: str, days: int, due: int) -> None:
    """Let the server count it from so many days ago, with so many days left."""
    values: dict[str, Json] = {
        "counted_from": write_instant(days_before(now, days)),
        "due_on": (day_of(now) + timedelta(days=due)).isoformat(),
    }
    patch = mutation("assistance_request", id, values, op="patch", author="lise", now=now)
    actor = Actor(STAFF["lise"].id, ((Role.LEADER, None),))
    (result,) = take(database, actor, office_replica(actor.user), [patch], now, server=True)
    assert result.state == "applied"


def test_age_and_order_are_counted_from_what_can_be_believed(
    enter: Enter, database: Database, late: datetime
) -> None:
    """A phone in 2019 makes nobody's wait seven years long, nor puts anybody else behind it."""
    now = late
    odd, old = ask(database, now, 2_500), ask(database, now, 41)
    reckoned(database, now, odd, days=2, due=28)
    reckoned(database, now, old, days=41, due=0)
    page = enter("ingrid").open("/office/requests")
    found = [link for link in page.links if link in (f"/office/requests/{i}" for i in (odd, old))]
    assert found == [f"/office/requests/{old}", f"/office/requests/{odd}"]
    assert "2 dager siden" in line_of(page, odd) and "41 dager siden" in line_of(page, old)


def test_the_inbox_counts_from_what_can_be_believed_and_marks_what_is_late(
    enter: Enter, database: Database, now: datetime
) -> None:
    """The same clock as the list's; what is due today is not late yet."""
    today, late = ask(database, now, 2_500), ask(database, now, 37)
    reckoned(database, now, today, days=33, due=0)
    reckoned(database, now, late, days=36, due=-1)
    ingrid = enter("ingrid")
    inbox = ingrid.open("/office/inbox").html
    said = re.findall(r'<span class="tag (|danger)">Ba om hjelp · (\d+ dager) · frist', inbox)
    assert {("", "33 dager"), ("danger", "36 dager")} <= set(said)
    assert not {"37 dager", "2500 dager"} & {days for _, days in said}
    for id, mark in ((today, ""), (late, " danger")):
        page = ingrid.open(f"/office/inbox/{id}").html
        assert f'<span class="tag{mark}">Ba om hjelp' in page


def test_it_is_late_from_the_day_after_its_deadline_while_nobody_has_answered(
    enter: Enter, database: Database, now: datetime
) -> None:
    """What is a draft is nobody's wait yet."""
    today, late, told = ask(database, now, 30), ask(database, now, 31), ask(database, now, 32)
    draft = ask(database, now, 33, status=None)
    for id, due in ((today, 0), (late, -1), (told, -2)):
        reckoned(database, now, id, days=30, due=due)
    ingrid = enter("ingrid")
    answer(ingrid, told, "provisional", words="Svar kommer i januar.")
    page = ingrid.open("/office/requests")
    assert ["Over fristen" in line_of(page, id) for id in (today, late, told)] == [
        False,
        True,
        False,
    ]
    assert all(line_of(page, id) for id in (today, late, told)) and not line_of(page, draft)


def test_a_provisional_answer_keeps_it_open_and_in_time_and_a_decision_starts_the_appeal(
    enter: Enter, database: Database, now: datetime
) -> None:
    id, today = ask(database, now, 40, representative="Advokat Lien"), day_of(now)
    set_deadlines(database, now)
    ingrid = enter("ingrid")
    assert (
        "Svaret skal også til fullmektigen: Advokat Lien"
        in ingrid.open(f"/office/requests/{id}").words
    )
    page = answer(ingrid, id, "provisional", words="Svar kommer i januar.")
    assert "Lagret: Foreløpig svar gitt." in page.words
    listed = ingrid.open("/office/requests")
    assert f"/office/requests/{id}" in listed.links.copy() and "40 dager siden" in listed.words
    assert f"/office/records/{id}" not in ingrid.open("/office/deadlines").links
    answer(ingrid, id, "answered")
    set_deadlines(database, datetime.now(now.tzinfo))
    body = body_of(database, id)
    assert body["provisional_on"] == body["answered_on"] == today.isoformat()
    assert body["handling"]["by"] == STAFF["ingrid"].id
    assert body["appeal_due_on"] == (today + timedelta(days=21)).isoformat()
    assert "Klagefrist" in ingrid.open("/office/requests").words


def decided(database: Database, now: datetime, days: int) -> str:
    """A request with a decision sent so many days ago, and its deadline for an appeal."""
    state: Json = {"state": "answered", "by": STAFF["ingrid"].id, "at": write_instant(now)}
    on = (day_of(now) - timedelta(days=days)).isoformat()
    id = ask(database, now, days + 20, answered_on=on, handling=state)
    set_deadlines(database, now)
    return id


def test_an_appeal_comes_in_is_sent_on_and_decided_each_with_its_day_and_a_deadline(
    enter: Enter, database: Database, now: datetime
) -> None:
    """It stands in a list of its own until it is decided, and late while nobody has done more."""
    id, ingrid, today = decided(database, now, 10), enter("ingrid"), day_of(now)
    page = ingrid.open(f"/office/requests/{id}")
    assert "Klagen er sendt til statsforvalteren" not in page.words, "first it must have come"
    came = (today - timedelta(days=3)).isoformat()
    page = answer(ingrid, id, "appealed", on=came, words="Vil ha to soverom.")
    assert "Lagret: Klage på vedtaket er kommet inn." in page.words
    assert "Kom etter klagefristen" not in page.words
    set_deadlines(database, datetime.now(now.tzinfo))
    body = body_of(database, id)
    assert (body["appealed_on"], body["appeal_words"]) == (came, "Vil ha to soverom.")
    due = add_months(today - timedelta(days=3), 1)
    assert body["appeal_answer_due_on"] == due.isoformat()
    assert body["handling"]["state"] == "answered", "the decision stands until it is changed"
    listed = ingrid.open("/office/requests")
    assert "Klager som ikke er avgjort" in listed.words and "Behandles av oss" in line_of(
        listed, id
    )
    assert f"/office/folders/{id}" in ingrid.open("/office/cases?show=requests").links
    answer(ingrid, id, "appeal_forwarded")
    assert "Hos statsforvalteren" in line_of(ingrid.open("/office/requests"), id)
    page = answer(ingrid, id, "appeal_changed")
    body = body_of(database, id)
    assert body["appeal_forwarded_on"] == body["appeal_decided_on"] == f"{today}"
    assert body["appeal_outcome"] == "changed"
    assert "Vedtaket er endret" in page.words
    assert "Klager som ikke er avgjort" not in ingrid.open("/office/requests").words
    assert answer(ingrid, id, "appealed").status == 422, "it is decided"


def test_an_appeal_that_comes_too_late_is_taken_in_and_said_to_be_so(
    enter: Enter, database: Database, now: datetime
) -> None:
    id, ingrid = decided(database, now, 40), enter("ingrid")
    page = answer(ingrid, id, "appealed", on=(day_of(now) - timedelta(days=35)).isoformat())
    assert "Kom etter klagefristen" not in page.words
    late = decided(database, now, 40)
    page = answer(ingrid, late, "appealed")
    assert "Kom etter klagefristen" in page.words


def test_an_appeal_that_nobody_handles_is_late_for_the_office(
    enter: Enter, database: Database, now: datetime
) -> None:
    """By the rule of the book, a month after it came; sent on, it is late no more."""
    id, ingrid = decided(database, now, 60), enter("ingrid")
    answer(ingrid, id, "appealed", on=(day_of(now) - timedelta(days=45)).isoformat())
    set_deadlines(database, datetime.now(now.tzinfo))
    assert "Klagen er over fristen" in line_of(ingrid.open("/office/requests"), id)
    due = ingrid.open("/office/deadlines")
    assert "Klagen er avgjort eller sendt til statsforvalteren" in due.words
    assert "Forvaltningsloven § 33" in due.words
    answer(ingrid, id, "appeal_forwarded")
    assert "Klagen er over fristen" not in line_of(ingrid.open("/office/requests"), id)
    due = ingrid.open("/office/deadlines")
    assert "Klagen er avgjort eller sendt til statsforvalteren" not in due.words


@pytest.mark.parametrize("step", ["appealed", "appeal_forwarded", "appeal_upheld"])
def test_there_is_no_appeal_before_a_decision_nor_on_a_day_before_it(
    step: str, enter: Enter, database: Database, now: datetime
) -> None:
    id, ingrid = ask(database, now, 9), enter("ingrid")
    assert answer(ingrid, id, step).status == 422
    id = decided(database, now, 5)
    if step != "appealed":
        answer(ingrid, id, "appealed")
    early = (day_of(now) - timedelta(days=6)).isoformat()
    page = answer(ingrid, id, step, on=early)
    assert page.status == 422 and "Dagen er før" in page.words


def test_what_is_sent_on_says_to_whom_by_whom_and_when(
    enter: Enter, database: Database, now: datetime
) -> None:
    id, ingrid = ask(database, now, 3), enter("ingrid")
    refused = answer(ingrid, id, "forwarded", words="Gjelder økonomi.")
    assert refused.status == 422 and "hvor det er sendt" in refused.words
    assert refused.form("Lagre").one("words") == "Gjelder økonomi."
    assert "handling" not in body_of(database, id)
    answer(ingrid, id, "forwarded", to="NAV Lerkendal", words="Gjelder økonomi.")
    body = body_of(database, id)
    assert (body["forwarded_to"], body["forwarded_on"]) == ("NAV Lerkendal", f"{day_of(now)}")
    assert body["handling"]["state"] == "forwarded"


@pytest.mark.parametrize("typed", [{"step": ""}, {"on": ""}, {"on": "2099-01-01"}, {"on": "x"}])
def test_half_an_answer_is_not_written_and_keeps_what_was_typed(
    typed: dict[str, str], enter: Enter, database: Database, now: datetime
) -> None:
    id, ingrid = ask(database, now, 3), enter("ingrid")
    page = answer(ingrid, id, **{"step": "answered", "words": "Vedtak.", **typed})
    assert page.status == 422 and page.form("Lagre").one("words") == "Vedtak."
    assert "handling" not in body_of(database, id)


def test_nobody_answered_on_a_day_that_has_not_come(
    enter: Enter, database: Database, now: datetime
) -> None:
    id, ingrid = ask(database, now, 3), enter("ingrid")
    tomorrow = day_of(now) + timedelta(days=1)
    page = answer(ingrid, id, "answered", words="Vedtak.", on=f"{tomorrow}")
    assert page.status == 422 and "handling" not in body_of(database, id)


def test_it_is_missing_for_whoever_may_not_see_it(
    enter: Enter, database: Database, now: datetime
) -> None:
    id = ask(database, now, 3)
    for login in ("kari", "ola", "eva", "admin"):
        assert enter(login).open(f"/office/requests/{id}").status == 404


def test_a_text_of_law_is_edited_like_a_rule_with_a_reason_and_its_history(
    enter: Enter, database: Database, now: datetime
) -> None:
    lise = enter("lise")
    page = lise.open("/office/rules/LAW_FVL_11A")
    shown = lise.send(
        page.form("Vis hva som skjer"), "Vis hva som skjer", text="Ny lov gjelder fra nyttår."
    )
    saved = lise.send(shown.form("Lagre endringen"), "Lagre endringen", reason="Ny lov.")
    assert "Regelen er endret." in saved.words and "Begrunnelse: Ny lov." in saved.words
    assert "Ny lov gjelder fra nyttår." in enter("ingrid").open("/office/requests").words
    bad = lise.send(page.form("Vis hva som skjer"), "Vis hva som skjer", text=" ")
    assert bad.status == 422 and "«Kort sagt» kan ikke brukes." in bad.words
