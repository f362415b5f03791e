"""Trygt besøk in the office: who sees the list, what it says, taking over, duty and numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from server import people, safety
from server.access import actor_of
from server.config import Settings
from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.intake import take
from server.shapes import write_instant
from sync.mutation import office_replica
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.reader import Page
from tests.office.test_deviations import body

HERE = next(home for home in homes() if home.area == NORTH)
KARI, LISE = STAFF["kari"], STAFF["lise"]
HALF = timedelta(minutes=30)


def out_alone(database: Database, since: timedelta = timedelta(0), **more: Any) -> str:
    """Let Kari be out alone for half an hour, begun so long ago."""
    id, at = new_id(), datetime.now(UTC) - since
    values = {
        "area": NORTH,
        "dwelling": HERE.id,
        "who": KARI.id,
        "started_at": write_instant(at),
        "ends_at": write_instant(at + HALF),
        **more,
    }
    with database.reading() as session:
        actor = actor_of(session, KARI.id)
    made = mutation("check_in", id, values, author=KARI.id, now=at)
    (result,) = take(database, actor, office_replica(KARI.id), [made], at)
    assert result.state == "applied", result
    return id


def look(app: Flask, database: Database) -> None:
    """Let a scheduler look once."""
    settings: Settings = app.extensions["oppgang_settings"]
    safety.watch(database, settings, datetime.now(UTC))


def line(page: Page, state: str) -> bool:
    """Say whether Kari stands on the page in this state."""
    return f"{KARI.name} {state}" in page.words


def test_the_list_says_who_is_out_and_who_is_over_time(
    app: Flask, enter: Enter, database: Database
) -> None:
    look(app, database)
    lise = enter("lise")
    out_alone(database)
    page = lise.open("/office/safety")
    assert line(page, "I gang")
    assert not page.has("Tiden er ute")
    out_alone(database, HALF + timedelta(seconds=1), out_now=None)
    look(app, database)
    page = lise.open("/office/safety")
    assert line(page, "Tiden er ute")
    assert "Varslet i dag" in page.words or "Varslet i går" in page.words
    assert "Trygt besøk: 1 må følges opp nå" in lise.open("/office/").words


def test_out_now_stands_first_and_taking_it_over_is_one_button(
    app: Flask, enter: Enter, database: Database
) -> None:
    look(app, database)
    late = out_alone(database, HALF + timedelta(minutes=9))
    now = out_alone(database, timedelta(minutes=1), out_now=True)
    look(app, database)
    lise = enter("lise")
    page = lise.open("/office/safety")
    assert page.html.index(now) < page.html.index(late)
    form = next(each for each in page.forms if each.action.endswith(f"{now}/taken"))
    page = lise.send(form, "Jeg følger opp")
    assert "Du følger opp" in page.words
    assert body(database, now)["taken_by"] == LISE.id
    assert f"Følges opp av {LISE.name}" in enter("ingrid").open("/office/safety").words
    assert "Trygt besøk: 1 må følges opp nå" in lise.open("/office/").words


def test_an_end_after_the_warning_is_shown_as_one(
    app: Flask, enter: Enter, database: Database
) -> None:
    look(app, database)
    id = out_alone(database, HALF + timedelta(minutes=2))
    look(app, database)
    lise = enter("lise")
    page = lise.open("/office/safety")
    form = next(each for each in page.forms if each.action.endswith(f"{id}/ended"))
    page = lise.send(form, "Det går bra")
    assert line(page, "Ferdig, etter varselet")
    ended = body(database, id)["ended_at"]
    lise.send(form, "Det går bra")
    assert body(database, id)["ended_at"] == ended


def test_the_page_says_when_nobody_watches_and_when_there_is_no_mail(
    app: Flask, enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    assert "Varslingen står stille" in lise.open("/office/safety").words
    look(app, database)
    page = lise.open("/office/safety")
    assert "Varslingen står stille" not in page.words
    assert "E-post er ikke satt opp" in page.words
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page.html


@pytest.mark.parametrize("login", ["kari", "ola", "eva"])
@pytest.mark.parametrize(
    "path",
    ["safety", "safety/duty", "safety/alerts", "safety/incidents", "safety/numbers"],
)
def test_the_pages_are_missing_for_those_who_cannot_be_on_duty(
    login: str, path: str, enter: Enter
) -> None:
    reader = enter(login)
    assert reader.open(f"/office/{path}").status == 404
    assert "Trygt besøk" not in reader.open("/office/").words


def test_what_somebody_may_not_see_is_neither_listed_nor_counted_nor_taken(
    app: Flask, enter: Enter, database: Database
) -> None:
    look(app, database)
    id = out_alone(database, HALF + timedelta(minutes=2))
    look(app, database)
    with database.writing() as session:
        people.withdraw(session, STAFF["ingrid"].id)
        people.grant(session, new_id(), STAFF["ingrid"].id, people_role(), new_area())
    ingrid = enter("ingrid")
    page = ingrid.open("/office/safety")
    assert page.status == 200
    assert KARI.name not in page.words
    assert "må følges opp nå" not in ingrid.open("/office/").words
    form = enter("lise").open("/office/safety").form("Jeg følger opp")
    csrf = ingrid.open("/office/safety").forms[0].one("csrf")
    sent = ingrid.post(f"/office/safety/{id}/taken", {**flat(form.fields), "csrf": csrf})
    assert sent.status == 404
    assert "taken_by" not in body(database, id)


def test_who_is_out_alone_is_not_told_at_the_office_that_somebody_must_look(
    app: Flask, enter: Enter, database: Database
) -> None:
    """Kari sees her own on the phone; the way of the warning is not hers, and leads nowhere."""
    look(app, database)
    out_alone(database, HALF + timedelta(minutes=2))
    look(app, database)
    page = enter("kari").open("/office/")
    assert page.status == 200 and "må følges opp nå" not in page.words
    assert "må følges opp nå" in enter("lise").open("/office/").words


def people_role() -> Any:
    """Give the role of an office that works elsewhere."""
    from server.roles import Role

    return Role.OFFICE


def new_area() -> str:
    """Give an area that the demo's homes are not in."""
    from server.demo.municipality import SOUTH

    return SOUTH


def flat(fields: dict[str, list[str]]) -> dict[str, str | list[str]]:
    """Give a form's fields as they are sent."""
    return dict(fields)


def test_a_leader_puts_somebody_on_duty_and_others_only_see_it(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    page = lise.open("/office/safety/duty")
    form = next(each for each in page.forms if each.action.endswith(f"duty/{NORTH}"))
    page = lise.send(form, user=STAFF["ingrid"].id)
    assert f"Varsles nå: {STAFF['ingrid'].name}" in page.words
    with database.reading() as session:
        assert people.on_duty(session, NORTH) == (STAFF["ingrid"].id,)
    ingrid = enter("ingrid")
    own = ingrid.open("/office/safety/duty")
    assert not any("/duty/" in each.action for each in own.forms)
    csrf = own.forms[0].one("csrf")
    assert ingrid.post(f"/office/safety/duty/{NORTH}", {"user": "", "csrf": csrf}).status == 404
    csrf = lise.open("/office/safety/duty").forms[0].one("csrf")
    for user in (KARI.id, "nobody"):
        sent = lise.post(f"/office/safety/duty/{NORTH}", {"user": user, "csrf": csrf})
        assert sent.status == 404
    with database.reading() as session:
        assert people.on_duty(session, NORTH) == (STAFF["ingrid"].id,)


def test_each_keeps_their_own_address_and_nobody_else_sees_it(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    form = lise.open("/office/safety/duty").form("Lagre adressen")
    wrong = lise.send(form, email="lise\nBcc: alle")
    assert wrong.status == 422
    assert "Dette er ingen e-postadresse" in wrong.words
    page = lise.send(form, email="lise@example.org")
    assert "lise@example.org" in page.html
    assert "lise@example.org" not in enter("ingrid").open("/office/safety/duty").html
    lise.send(page.form("Lagre adressen"), email="")
    with database.reading() as session:
        assert people.address_of(session, LISE.id) is None


def test_a_number_is_added_and_taken_away_and_a_wrong_one_is_told(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    form = lise.open("/office/safety/numbers").form("Legg til")
    wrong = lise.send(form, name="", telephone="ring meg")
    assert wrong.status == 422
    assert "ring meg" in wrong.html
    page = lise.send(form, name="Boligvakta", telephone="900 00 111", rank="1")
    assert "900 00 111" in page.words
    again = lise.send(form, name="Boligvakta", telephone="900 00 111", rank="1")
    assert again.words.count("900 00 111") == 1
    page = lise.send(page.form("Ta bort"))
    assert "900 00 111" not in page.words
    assert enter("admin").open("/office/safety/numbers").status == 200
