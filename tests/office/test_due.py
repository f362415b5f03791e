"""Frister: what is late and what comes, with whom it lies; the leader sees what is long late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.office.dates import moment_words
from server.people import Replica, revoke_replica
from server.planning.calendar import day_of
from server.shapes import Json, write_instant
from tests.office.conftest import Enter
from tests.office.planned import body_of, home_in, visit, write
from tests.office.test_inbox import ALERT, VISIT, sent_in, state

KARI, OLA = STAFF["kari"].id, STAFF["ola"].id


def days(now: datetime, count: int) -> str:
    return (day_of(now) + timedelta(days=count)).isoformat()


def event(database: Database, now: datetime, ago: int, name: str, area: str = NORTH) -> str:
    values: dict[str, Json] = {
        "area": area,
        "type": "dugnad",
        "name": name,
        "held_on": days(now, -ago),
        "minutes_due_on": days(now, 7 - ago),
        "who__" + KARI: True,
    }
    return write(database, "lise", "event", now, **values)


def test_what_is_late_is_listed_by_rule_with_its_day_and_whose_it_is(
    enter: Enter, database: Database, now: datetime
) -> None:
    late, coming = event(database, now, 9, "Høstdugnad"), event(database, now, 3, "Gårdskafé")
    ingrid = enter("ingrid")
    page = ingrid.open("/office/deadlines")
    assert f"/office/records/{late}" in page.links and f"/office/records/{coming}" not in page.links
    assert "Referatet er delt" in page.words and "Ligger hos: Kari" in page.words
    assert "Referatet er delt: 1 over fristen" in ingrid.open("/office/").words
    week = ingrid.open("/office/deadlines?view=week")
    assert f"/office/records/{coming}" in week.links and f"/office/records/{late}" not in week.links


def test_it_can_be_narrowed_to_an_area_and_to_what_lies_with_oneself(
    enter: Enter, database: Database, now: datetime
) -> None:
    north, south = event(database, now, 9, "Nord"), event(database, now, 9, "Sør", SOUTH)
    lise, kari = enter("lise"), enter("kari")
    both = lise.open("/office/deadlines").links
    assert {f"/office/records/{north}", f"/office/records/{south}"} <= set(both)
    only = lise.open(f"/office/deadlines?area={SOUTH}").links
    assert f"/office/records/{south}" in only and f"/office/records/{north}" not in only
    assert f"/office/records/{north}" in kari.open("/office/deadlines?mine=1").links
    assert f"/office/records/{north}" not in lise.open("/office/deadlines?mine=1").links


def test_what_is_long_late_is_the_leaders_to_see_and_nobody_elses_page(
    enter: Enter, database: Database, now: datetime
) -> None:
    event(database, now, 14, "Fristen gikk ut for en uke siden")
    long_ago = event(database, now, 15, "Fristen gikk ut for åtte dager siden")
    lise, ingrid = enter("lise"), enter("ingrid")
    assert "Lenge over fristen" in lise.open("/office/").words
    found = [link for link in lise.open("/office/deadlines?view=long").links if "/records/" in link]
    assert f"/office/records/{long_ago}" in found
    assert "Lederen følger med" in ingrid.open("/office/deadlines").words
    assert "Lenge over fristen" not in ingrid.open("/office/").words
    assert "Lenge over fristen" not in ingrid.open("/office/deadlines?view=long").words


def test_the_third_closed_door_lies_with_the_leader_who_decides_what_comes_of_it(
    enter: Enter, database: Database, now: datetime
) -> None:
    """All who visit there see that it does; who knocked can neither end the tries nor say so."""
    home = write(database, "ingrid", "dwelling", now, area=NORTH, address="Nyveien 1")
    door = {**VISIT, "dwelling": home, "outcome": "no_answer"}
    lise, kari = enter("lise"), enter("kari")
    tried = []
    for ago in (12, 8, 4):
        assert "Nytt forsøk når ingen var hjemme" not in lise.open("/office/deadlines").words
        tried.append(sent_in(database, "visit", {**door, "visited_on": days(now, -ago)}))
    first, second, third = tried
    for reader in (lise, kari):
        page = reader.open("/office/deadlines")
        assert f"/office/records/{third}" in page.links
        assert not {f"/office/records/{each}" for each in (first, second)} & {*page.links}
        assert "Nytt forsøk når ingen var hjemme" in page.words
        assert "Nyveien 1" in page.words and "Ligger hos: Lederen" in page.words
    assert "Nytt forsøk når ingen var hjemme: 1 over fristen" in lise.open("/office/").words
    path = f"/office/records/{third}/edit"
    assert "tries_ended_on" not in kari.open(path).form("Lagre").fields
    lise.send(lise.open(path).form("Lagre"), typed={"tries_ended_on": days(now, 0)})
    assert body_of(database, third)["tries_ended_on"] == days(now, 0)
    assert f"/office/records/{third}" not in lise.open("/office/deadlines").links


def test_a_new_visit_that_the_leader_plans_takes_the_third_closed_door_off_the_list(
    enter: Enter, database: Database, now: datetime
) -> None:
    home = write(database, "ingrid", "dwelling", now, area=NORTH, address="Nyveien 1")
    door = {**VISIT, "dwelling": home, "outcome": "no_answer"}
    for ago in (12, 8, 4):
        third = sent_in(database, "visit", {**door, "visited_on": days(now, -ago)})
    lise, link = enter("lise"), f"/office/records/{third}"
    assert link in lise.open("/office/deadlines").links
    visit(database, now, days(now, 2), dwelling=home)
    assert link not in lise.open("/office/deadlines").links


def test_nobody_is_shown_what_is_not_theirs(
    enter: Enter, database: Database, now: datetime
) -> None:
    asked: dict[str, Json] = {
        "dwelling": home_in(database, NORTH),
        "asked_at": write_instant(now - timedelta(days=60)),
        "due_on": days(now, -30),
        "status": {"state": "submitted", "by": STAFF["ingrid"].id, "at": write_instant(now)},
    }
    request = write(database, "ingrid", "assistance_request", now, **asked)
    link = f"/office/records/{request}"
    assert link in enter("ingrid").open("/office/deadlines").links
    for login in ("ola", "eva", "amir"):
        page = enter(login).open("/office/deadlines")
        assert link not in page.links and "søknad om hjelp" not in page.words


@pytest.mark.parametrize("bulk", [False, True])
def test_a_warning_is_not_approved_for_longer_than_the_rule_allows(
    bulk: bool, enter: Enter, database: Database, now: datetime
) -> None:
    until = {"valid_until": days(now, 200)}
    id = sent_in(database, "safety_alert", {**ALERT, **until})
    lise = enter("lise")
    if bulk:
        inbox = lise.open("/office/inbox")
        chosen = [
            given["value"]
            for _, given in inbox.controls
            if given.get("name") == "head" and given["value"].startswith(id)
        ]
        lise.send(inbox.form("Godkjenn de valgte"), typed={"head": chosen})
    else:
        page = lise.open(f"/office/inbox/{id}")
        refused = lise.send(page.form("Godkjenn"), "Godkjenn")
        assert refused.status == 422
        assert "«Gjelder til» er senere enn regelen tillater." in refused.words
    assert state(database, id) == "submitted"
    assert body_of(database, id)["valid_until"] == until["valid_until"]


def test_a_closed_phone_says_until_when_a_breach_is_to_be_reported(
    enter: Enter, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        phone = session.scalars(select(Replica.id).order_by(Replica.id)).first()
        revoke_replica(session, str(phone), now)
    page = enter("ingrid").open("/office/devices")
    until = moment_words(now + timedelta(hours=72), now)
    assert f"meldes det til Datatilsynet innen {until}" in page.words
