"""Varsel: made from the plan, printed in three languages, too late is said and blocks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server import hand
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.office.dates import day_words
from server.office.letter_words import LETTERS, language_of, letter
from server.people import grant
from server.planning.calendar import day_of, worked_until
from server.planning.rule_book import change_rule
from server.roles import Role
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.planned import body_of, home_in, visit, write
from tests.photos import attachment, encoded, scene
from tests.server.lane import store_at_once


def day(now: datetime, ahead: int) -> str:
    return (day_of(now) + timedelta(days=ahead)).isoformat()


def test_a_plan_gets_its_notice_which_is_printed_and_tells_nothing_of_the_visit(
    enter: Enter, database: Database, now: datetime
) -> None:
    plan = visit(database, now, day(now, 20), access_basis="inspection_notice")
    ingrid = enter("ingrid")
    page = ingrid.open(f"/office/records/{plan}")
    assert f"/office/plans/{plan}/notice" in page.links
    form = ingrid.open(f"/office/plans/{plan}/notice").form("Lag varselet")
    assert ingrid.send(form, "Lag varselet").status == 422
    made = ingrid.send(
        form, "Lag varselet", reason="Kontroll av røykvarslere.", basis="inspection_notice"
    )
    assert "Varsel om besøk i boligen" in made.words and "Kontroll av røykvarslere." in made.words
    assert "Må gis innen" in made.words
    notice = str(body_of(database, plan)["notice"])
    body = body_of(database, notice)
    assert body["planned_on"] == day(now, 20) and body["planned_at"] == "09:00"
    assert not any(path.startswith(("visitors", "tenancy", "purpose")) for path in body)
    english = ingrid.open(f"/office/notices/{notice}?language=en")
    assert "Notice of a visit to your home" in english.words and 'lang="en"' in english.html
    assert (
        ingrid.open(f"/office/plans/{plan}/notice").words
        == ingrid.open(f"/office/notices/{notice}").words
    )
    assert enter("eva").open(f"/office/notices/{notice}").status == 200
    assert enter("eva").open(f"/office/plans/{plan}/notice").status == 404


def test_to_open_a_home_lets_nobody_write_a_notice_of_a_visit_there(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Hege follows up and reads no plan of another's before she opens the home; then she reads.

    That she decides about visits in another area changes nothing here.
    """
    with database.writing() as session:
        grant(session, new_id(), STAFF["hege"].id, Role.OFFICE, SOUTH)
    plan, hege = visit(database, now, day(now, 20)), enter("hege")
    where = f"/office/plans/{plan}/notice"
    form = hege.open(f"/office/dwellings/{home_in(database, NORTH)}/opening").form("Åpne boligen")
    hege.send(form, why="Ringt av nabo, beboer svarer ikke.")
    page = hege.open(f"/office/records/{plan}")
    assert page.status == 200 and where not in page.links
    assert hege.open(where).status == 404
    marks = {name: enter("ingrid").open(where).form("Lag varselet").one(name) for name in ("form",)}
    sent = {**marks, "csrf": page.form("Logg ut").one("csrf"), "reason": "Kontroll."}
    assert hege.post(where, {**sent, "basis": "inspection_notice"}).status == 404


def test_a_visit_behind_a_barrier_has_no_notice_in_the_open(
    enter: Enter, database: Database, now: datetime
) -> None:
    """A notice is read by all who work with the home, and would tell that somebody is visited."""
    home, let, at = home_in(database, NORTH), new_id(), datetime.now(UTC)
    ingrid, kari = STAFF["ingrid"].id, STAFF["kari"].id
    lived: dict[str, Json] = {"dwelling": home, "started_on": day(now, 0), f"team/{kari}": True}
    hand.write(database, "tenancy", let, "create", lived, ingrid, at)
    plan = visit(database, now, day(now, 20), tenancy=let)
    where = f"/office/plans/{plan}/notice"
    form = enter("ingrid").open(where).form("Lag varselet")
    named: dict[str, Json] = {f"sealed_for/{one}": True for one in (ingrid, kari)}
    hand.write(database, "tenancy", let, "patch", named, ingrid, at)
    for login in ("ingrid", "kari"):
        reader = enter(login)
        page = reader.open(f"/office/records/{plan}")
        assert page.status == 200 and where not in page.links
        assert reader.open(where).status == 404
        sent = {"csrf": page.form("Logg ut").one("csrf"), "form": form.one("form")}
        sent |= {"seal": form.one("seal"), "reason": "Kontroll.", "basis": "inspection_notice"}
        assert reader.post(where, sent).status == 404
    assert "notice" not in body_of(database, plan)


@pytest.mark.parametrize(
    ("basis", "ahead", "given", "words"),
    [
        ("inspection_notice", 10, 0, ""),
        ("inspection_notice", 7, 0, ""),
        ("inspection_notice", 6, 0, "Varsel for sent."),
        ("inspection_notice", 3, -4, ""),
        ("inspection_notice", 3, -3, "Varsel for sent."),
        ("maintenance_notice", 3, None, "Varsel for sent."),
        ("change_notice", 60, 0, "Varsel for sent."),
        ("emergency_no_notice", 0, None, ""),
    ],
)
def test_a_notice_that_is_too_late_says_so_and_an_emergency_never(
    basis: str, ahead: int, given: int | None, words: str, enter: Enter, database: Database,
    now: datetime,
) -> None:  # fmt: skip
    values: dict[str, Json] = {
        "dwelling": home_in(database, NORTH),
        "planned_on": day(now, ahead),
        "basis": basis,
        "reason": "Kontroll.",
        **({"notified_on": day(now, given)} if given is not None else {}),
    }
    notice = write(database, "ingrid", "access_notice", now, **values)
    page = enter("ingrid").open(f"/office/notices/{notice}")
    assert page.status == 200 and ("Varsel for sent" in page.words) == bool(words)
    assert "Må gis innen" not in page.words, "it was given, or it is too late"


def test_the_letter_is_to_be_given_by_the_working_day_that_the_plan_says(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Seven days before a Sunday is a Sunday: nobody hands a letter out then."""
    sunday = day_of(now) + timedelta(days=14 + (6 - day_of(now).weekday()) % 7)
    values: dict[str, Json] = {"dwelling": home_in(database, NORTH)}
    values |= {
        "planned_on": sunday.isoformat(),
        "basis": "inspection_notice",
        "reason": "Kontroll.",
    }
    notice = write(database, "ingrid", "access_notice", now, **values)
    last = worked_until(sunday - timedelta(days=7))
    page = enter("ingrid").open(f"/office/notices/{notice}")
    assert f"Må gis innen {day_words(last, day_of(now))}" in page.words


@pytest.mark.parametrize(("given", "late"), [("2026-12-22", False), ("2026-12-23", True)])
def test_notice_in_working_days_skips_weekends_christmas_and_new_year(
    given: str, late: bool, enter: Enter, database: Database, now: datetime
) -> None:
    """A municipality's own seven working days before Monday 4 January end on 22 December."""
    with database.writing() as session:
        own = {"count": "7", "unit": "working_days"}
        change_rule(session, "ACCESS_NOTICE", own, STAFF["lise"].id, now)
    notice = write(
        database,
        "ingrid",
        "access_notice",
        now,
        dwelling=home_in(database, NORTH),
        planned_on="2027-01-04",
        basis="inspection_notice",
        reason="Kontroll.",
        notified_on=given,
    )
    page = enter("ingrid").open(f"/office/notices/{notice}")
    assert ("Det skulle vært gitt innen 22.12." in page.words) == late


@pytest.mark.parametrize("language", LETTERS)
def test_every_language_has_every_line(language: str) -> None:
    assert LETTERS[language].keys() == LETTERS["nb"].keys()
    body: dict[str, Json] = {"planned_on": "2026-12-04", "planned_at": "10:00", "reason": "Test"}
    written = letter(language, body, "Storgata 12", "73 00 00 00")
    assert all(written.values())
    assert "4.12.2026" in written["when"] and "10.00" in written["when"]
    change = letter(language, {**body, "basis": "change_notice"}, "Storgata 12", None)
    assert change["title"] == LETTERS[language]["change_title"] != written["title"]
    assert change["right"] == LETTERS[language]["change_right"] != written["right"]


def test_the_letter_is_in_the_language_of_the_home_where_there_is_a_text() -> None:
    assert language_of(["Engelsk"]) == "en"
    assert language_of(["Tigrinja", "nynorsk"]) == "nn"
    assert language_of(["Tigrinja", None]) == "nb"


def test_a_picture_of_the_notice_where_it_hangs_is_kept_with_it_as_proof(
    app: Flask, enter: Enter, database: Database, now: datetime
) -> None:
    """Who hung it up takes one; the office and the landlord see it beside when it was given."""
    values: dict[str, Json] = {
        "dwelling": home_in(database, NORTH),
        "planned_on": day(now, 10),
        "basis": "inspection_notice",
        "reason": "Kontroll.",
        "notified_on": day(now, 0),
        "channel": "board",
    }
    notice, picture = write(database, "ola", "access_notice", now, **values), new_id()
    taken = attachment(notice, encoded(scene(), "JPEG"), caption="På døra")
    hand.write(database, "attachment", picture, "create", taken, STAFF["ola"].id, now)
    store_at_once(app, picture, encoded(scene(), "JPEG"), 900, 1200)
    for login in ("ingrid", "eva", "ola"):
        reader = enter(login)
        page = reader.open(f"/office/notices/{notice}")
        assert f"/office/records/{notice}" in page.links and "Levert " in page.words
        shown = reader.open(f"/office/records/{notice}")
        assert f"/office/photos/{picture}" in shown.html and "På døra" in shown.words
        assert reader.client.get(f"/office/photos/{picture}").status_code == 200
    assert enter("admin").client.get(f"/office/photos/{picture}").status_code == 404


def test_a_letter_is_in_the_language_of_its_own_home_and_for_who_may_know_it(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Eva keeps the house: which language somebody reads there would tell her who lives there."""
    home, let, at = home_in(database, NORTH), new_id(), datetime.now(UTC)
    ingrid = STAFF["ingrid"].id
    lived: dict[str, Json] = {"dwelling": home, "started_on": day(now, 0)}
    hand.write(database, "tenancy", let, "create", lived, ingrid, at)
    reads: dict[str, Json] = {"tenancy": let, "name": "Sara Eksempel", "language": "Engelsk"}
    hand.write(database, "contact", new_id(), "create", reads, ingrid, at)
    values: dict[str, Json] = {"dwelling": home, "planned_on": day(now, 20)}
    values |= {"basis": "inspection_notice", "reason": "Kontroll."}
    mine, another = (write(database, "ingrid", "access_notice", now, **values) for _ in range(2))
    visit(database, now, day(now, 20), tenancy=let, notice=mine)
    visit(database, now, day(now, 20), notice=another)

    def english(login: str, notice: str) -> bool:
        page = enter(login).open(f"/office/notices/{notice}")
        assert page.status == 200
        return 'lang="en"' in page.html

    assert english("ingrid", mine) and not english("ingrid", another)
    assert not english("eva", mine)
