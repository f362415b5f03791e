"""Logg: who looked, the week that a leader signs, and a snooper among colleagues."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from server import access_log, acts
from server.access_log import ASKED, DUTY, EXPORT, OPENED_ON_PHONE, AccessRow, Reading
from server.database import Database
from server.demo.municipality import STAFF
from server.office import log_review
from server.records.contact import Contact
from server.records.visit import Visit
from tests.makers import new_id
from tests.office.conftest import Enter

MONDAY = date(2026, 11, 16)
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def last(database: Database) -> AccessRow:
    """Give the last line of the log."""
    with database.reading() as session:
        found = session.scalars(select(AccessRow).order_by(AccessRow.position.desc())).first()
    assert found is not None
    return found


def read_in(
    database: Database,
    who: str,
    ids: list[str],
    at: datetime = NOON,
    way: str = "office.record",
    purpose: str = DUTY,
    why: str | None = None,
    looked_at: datetime | None = None,
) -> None:
    """Write a line as if somebody had read then."""
    reading = Reading(STAFF[who].id, "office", way, purpose, ids, why=why, looked_at=looked_at)
    with database.writing() as session:
        access_log.append(session, [reading], at)


def found(database: Database) -> list[tuple[str, str]]:
    """Give what the week's list says: what, and who."""
    names = {person.id: login for login, person in STAFF.items()}
    with database.reading() as session:
        return [(each.what, names[each.who]) for each in log_review.findings(session, MONDAY)]


def visit_of(database: Database) -> str:
    """Give a visit that the office of its area may read."""
    with database.reading() as session:
        found = session.scalar(select(Visit.id).where(Visit.status == "submitted").limit(1))
    assert found is not None
    return found


def test_a_page_that_shows_a_record_stands_in_the_log_before_it_leaves(
    enter: Enter, database: Database
) -> None:
    visit, ingrid = visit_of(database), enter("ingrid")
    assert ingrid.open(f"/office/records/{visit}").status == 200
    row = last(database)
    assert (row.who, row.way) == (STAFF["ingrid"].id, "office.record")
    assert "office" in row.roles.split("+") and visit in access_log.records_in(row.records)


def test_what_is_forbidden_or_missing_is_no_reading(enter: Enter, database: Database) -> None:
    eva = enter("eva")
    eva.find("/office/homes", "svingen")
    before = last(database).position
    assert eva.open(f"/office/records/{visit_of(database)}").status == 404
    assert eva.open(f"/office/records/{new_id()}").status == 404
    assert last(database).position == before


def test_a_leader_sees_who_has_seen_a_record_and_others_do_not(
    enter: Enter, database: Database
) -> None:
    visit = visit_of(database)
    ingrid, lise = enter("ingrid"), enter("lise")
    page = ingrid.open(f"/office/records/{visit}")
    assert "Hvem har sett dette?" not in page.words
    assert ingrid.open(f"/office/log/records/{visit}").status == 404
    assert "Hvem har sett dette?" in lise.open(f"/office/records/{visit}").words
    page = lise.open(f"/office/log/records/{visit}")
    assert page.status == 200
    assert STAFF["ingrid"].name in page.words and "På kontoret" in page.words


def test_what_was_opened_on_a_phone_is_told_by_its_hour(enter: Enter, database: Database) -> None:
    visit = visit_of(database)
    hour = datetime(2026, 3, 2, 9, tzinfo=UTC)
    read_in(database, "kari", [visit], way=OPENED_ON_PHONE, looked_at=hour)
    page = enter("lise").open(f"/office/log/records/{visit}")
    assert "Åpnet på telefonen" in page.words
    assert "I timen fra 2.3. kl. 10.00" in page.words


@pytest.mark.parametrize("login", ["kari", "ingrid", "eva"])
def test_the_log_is_missing_for_who_has_no_part_in_it(login: str, enter: Enter) -> None:
    reader = enter(login)
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    assert reader.open("/office/log").status == 404
    for path in ("sign", "verify"):
        sent = {"csrf": mark, "week": "2026-W47"}
        assert reader.post(f"/office/log/{path}", sent).status == 404


def test_a_leader_signs_a_week_and_an_administrator_does_not(
    enter: Enter, database: Database
) -> None:
    read_in(database, "ingrid", [new_id()])
    lise, admin = enter("lise"), enter("admin")
    page = lise.open("/office/log?week=2026-W47")
    assert "Ikke signert" in page.words and "Ingen har signert denne uka." in page.words
    mark = admin.open("/office/log?week=2026-W47").form("Sjekk loggene nå").one("csrf")
    assert admin.post("/office/log/sign", {"csrf": mark, "week": "2026-W47"}).status == 404
    page = lise.send(page.form("Jeg har sett gjennom uka"), typed={"words": "Alt i orden"})
    assert f"Sett gjennom av {STAFF['lise'].name}" in page.words and "Alt i orden" in page.words
    with database.reading() as session:
        act = acts.latest(session, log_review.SIGNED)
        assert act is not None and act[0].about == "2026-W47" and act[1]["position"]
        assert "2026-W47" not in log_review.unsigned_weeks(session, NOON + timedelta(days=7))


@pytest.mark.parametrize("week", ["2026-W047", "02026-W47", f"2026-W{'0' * 400}47"])
def test_a_week_is_signed_by_its_own_name_however_it_was_written(
    week: str, enter: Enter, database: Database
) -> None:
    read_in(database, "ingrid", [new_id()])
    lise = enter("lise")
    mark = lise.open("/office/log").form("Sjekk loggene nå").one("csrf")
    assert lise.post("/office/log/sign", {"csrf": mark, "week": week}, follow=False).status == 302
    assert signed(database) == ["2026-W47"]


def test_a_week_that_is_not_over_is_signed_by_nobody(enter: Enter, database: Database) -> None:
    """What is read after the signature would be looked through by none."""
    lise, now = enter("lise"), datetime.now(UTC)
    for moment in (now, now + timedelta(days=7)):
        week = log_review.week_of(moment)
        page = lise.open(f"/office/log?week={week}")
        assert not page.has("Jeg har sett gjennom uka")
        mark = page.form("Sjekk loggene nå").one("csrf")
        assert lise.post("/office/log/sign", {"csrf": mark, "week": week}).status == 404
    assert signed(database) == []


def signed(database: Database) -> list[str | None]:
    """Give the weeks that somebody signed."""
    with database.reading() as session:
        query = select(acts.Act.about).where(acts.Act.what == log_review.SIGNED)
        return list(session.scalars(query))


@pytest.mark.parametrize("week", ["", "x", "2026-W99", "0-W0", "٢٠٢٦-W01", "9999-W52", "1-W1"])
def test_a_week_that_is_none_is_never_our_fault(week: str, enter: Enter) -> None:
    lise = enter("lise")
    page = lise.open(f"/office/log?week={week}")
    assert page.status == 200
    mark = page.form("Sjekk loggene nå").one("csrf")
    assert lise.post("/office/log/sign", {"csrf": mark, "week": week}).status in (200, 404)


def test_the_logs_are_verified_from_the_page(enter: Enter) -> None:
    lise = enter("lise")
    page = lise.open("/office/log")
    assert "Loggene er ikke sjekket ennå." in page.words
    assert "Loggene er hele." in lise.send(page.form("Sjekk loggene nå")).words


def test_reading_at_night_and_exports_and_asking_are_on_the_list(database: Database) -> None:
    read_in(database, "ingrid", [new_id()], NOON.replace(hour=22, minute=30))
    read_in(database, "ingrid", [new_id()], NOON.replace(hour=20, minute=30))
    read_in(database, "lise", [new_id()], way="export", purpose=EXPORT)
    read_in(database, "eva", [new_id()], purpose=ASKED, why="Vannlekkasje")
    read_in(database, "kari", [new_id()], NOON.replace(hour=1), way="sync.sync")
    night, noon = NOON.replace(hour=1), NOON
    read_in(database, "kari", [new_id()], noon, way=OPENED_ON_PHONE, looked_at=night)
    read_in(database, "amir", [new_id()], night, way=OPENED_ON_PHONE, looked_at=noon)
    assert found(database) == [
        ("asked", "eva"),
        ("export", "lise"),
        ("night", "kari"),
        ("night", "ingrid"),
    ]


def test_somebody_with_the_readers_own_last_name_is_on_the_list(database: Database) -> None:
    with database.reading() as session:
        contact, name = session.execute(
            select(Contact.id, Contact.name).where(Contact.name.is_not(None)).limit(1)
        ).one()
    read_in(database, "ingrid", [contact])
    assert found(database) == []
    from server.people import User

    with database.writing() as session:
        session.get_one(User, STAFF["ingrid"].id).name = " ".join(("Ingrid", str(name).split()[-1]))
    assert found(database) == [("own_name", "ingrid")]


def test_a_snooper_is_found_in_every_week_and_colleagues_are_not(database: Database) -> None:
    """Fifty weeks of ordinary reading; in each one person opens many, one by one."""
    dice, everyone = random.Random(47), ["ingrid", "lise", "kari", "amir"]
    with database.writing() as session:
        for number in range(50):
            monday = MONDAY - timedelta(weeks=number + 1)
            at = datetime.combine(monday, NOON.time(), UTC) + timedelta(days=2)
            for who in everyone:
                count = 400 if who == everyone[number % 4] else dice.randint(5, 40)
                rows = [
                    Reading(STAFF[who].id, "office", "office.record", DUTY, [new_id()])
                    for _ in range(count)
                ]
                access_log.append(session, rows, at)
    with database.reading() as session:
        for number in range(50):
            flagged = log_review.findings(session, MONDAY - timedelta(weeks=number + 1))
            assert [(each.what, each.who) for each in flagged] == [
                ("many", STAFF[everyone[number % 4]].id)
            ]
