"""What waits for the office: always, by exception, from a new employee, or as one of the sample."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.database import Database
from server.intake.reviewing import is_sampled
from server.people import User
from server.records.record import Envelope
from server.shapes import Json, write_instant
from tests.makers import NOW, USERS, World, example, new_id, visit
from tests.server.phone import Phone
from tests.server.situations import status


@pytest.fixture
def kari(app: Flask, database: Database, world: World) -> Phone:
    """The phone of somebody who has been here for a year."""
    with database.writing() as session:
        began = NOW - timedelta(days=365)
        session.execute(update(User).where(User.id == USERS["kari"]).values(created_at=began))
    phone = Phone(app, "kari")
    phone.sync()
    return phone


def unsampled() -> str:
    """Give an id that chance leaves alone."""
    return next(id for id in iter(new_id, "") if not is_sampled(id))


def locked_at(database: Database, id: str) -> Any:
    """Give the day on which a record closes; None while it waits for the office."""
    with database.reading() as session:
        return session.scalar(select(Envelope.locked_at).where(Envelope.id == id))


def sent_in(phone: Phone, kind: str, id: str, body: dict[str, Json]) -> str:
    """Send a record in whole."""
    whole = {**body, "status": status(phone, "submitted")}
    assert phone.sync(phone.write(kind, id, whole))[0]["state"] == "applied"
    return id


def test_an_ordinary_visit_waits_for_nobody_and_closes_after_a_week(
    kari: Phone, database: Database
) -> None:
    """The author corrects until then."""
    id = sent_in(kari, "visit", unsampled(), visit()[1])
    week = timedelta(days=7)
    assert abs(locked_at(database, id) - datetime.now(UTC) - week) < timedelta(hours=1)
    assert kari.sync(kari.edit(id, told=False))[0]["state"] == "applied"


def test_what_is_said_in_confidence_always_waits(
    kari: Phone, database: Database, world: World
) -> None:
    """Class C is never left to chance."""
    talk = example("conversation", visit=None, dwelling=world.dwelling)
    assert locked_at(database, sent_in(kari, "conversation", unsampled(), talk)) is None


def test_a_deviation_waits_once_it_is_critical(
    kari: Phone, database: Database, world: World
) -> None:
    """Also when it becomes so after it was sent in."""
    fault = example("deviation", building=None, dwelling=world.dwelling, severity="low")
    id = sent_in(kari, "deviation", unsampled(), fault)
    assert locked_at(database, id) is not None
    kari.sync(kari.edit(id, severity="critical"))
    assert locked_at(database, id) is None


def test_one_in_twenty_is_looked_at_and_nobody_chooses_which(
    kari: Phone, database: Database
) -> None:
    """The id alone decides."""
    chosen = next(id for id in iter(new_id, "") if is_sampled(id))
    assert locked_at(database, sent_in(kari, "visit", chosen, visit()[1])) is None
    share = sum(is_sampled(new_id()) for _ in range(4000)) / 4000
    assert 0.025 < share < 0.075


def test_all_that_a_new_employee_sends_in_is_looked_at(kari: Phone, database: Database) -> None:
    """For their first weeks."""
    with database.writing() as session:
        began = NOW - timedelta(days=5)
        session.execute(update(User).where(User.id == USERS["kari"]).values(created_at=began))
    assert locked_at(database, sent_in(kari, "visit", unsampled(), visit()[1])) is None


def test_what_the_office_took_its_approval_back_from_waits_for_it(
    app: Flask, kari: Phone, database: Database
) -> None:
    """An approval closes it; taking that back opens it and puts it on the office's table."""
    id = sent_in(kari, "visit", unsampled(), visit()[1])
    office = Phone(app, "ingrid")
    office.sync()
    office.sync(office.edit(id, status=status(office, "approved")))
    assert locked_at(database, id) is not None
    office.sync(office.edit(id, status=status(office, "submitted")))
    assert locked_at(database, id) is None


def test_the_work_on_a_deviation_goes_on_after_it_is_locked(
    app: Flask, kari: Phone, database: Database, world: World
) -> None:
    """What was found is closed; what is done about it is not."""
    fault = example("deviation", building=None, dwelling=world.dwelling, severity="critical")
    id = sent_in(kari, "deviation", unsampled(), fault)
    office = Phone(app, "ingrid")
    office.sync()
    office.sync(office.edit(id, status=status(office, "approved")))
    kari.sync()
    late = kari.sync(kari.edit(id, words="Noe annet."))[0]
    assert (late["state"], late["reason"]) == ("review", "locked")
    landlord = Phone(app, "eva")
    landlord.sync()
    done = {"state": "done", "by": landlord.user, "at": "2026-11-23T08:00:00.000Z"}
    assert landlord.sync(landlord.edit(id, handling=done, cost=1200))[0]["state"] == "applied"


def test_only_a_leader_approves_a_safety_alert_and_takes_that_back(
    app: Flask, kari: Phone, world: World
) -> None:
    """The office may send it back with words; all else is held, on whatever road it came."""
    alert = example("safety_alert", dwelling=world.dwelling)
    id = sent_in(kari, "safety_alert", unsampled(), alert)
    office, leader = Phone(app, "ingrid"), Phone(app, "lise")
    for phone, state, expected in (
        (office, "approved", ("held", "access")),
        (leader, "approved", ("applied", None)),
        (office, "submitted", ("held", "access")),
        (leader, "submitted", ("applied", None)),
        (office, "returned", ("applied", None)),
    ):
        phone.sync()
        (result,) = phone.sync(phone.edit(id, status=status(phone, state)))
        assert (result["state"], result.get("reason")) == expected, (phone, state)


def test_words_written_after_the_lock_are_the_leaders_to_take_in(
    app: Flask, kari: Phone, world: World
) -> None:
    """What stands approved of a safety alert is changed by nobody below who approved it."""
    alert = example("safety_alert", dwelling=world.dwelling)
    id = sent_in(kari, "safety_alert", unsampled(), alert)
    leader, office = Phone(app, "lise"), Phone(app, "ingrid")
    leader.sync()
    leader.sync(leader.edit(id, status=status(leader, "approved")))
    office.sync()
    (late,) = office.sync(office.edit(id, advice="Gå inn."))
    assert (late["state"], late["reason"]) == ("review", "locked")
    (question,) = late["reviews"]
    office.sync()
    decision: Json = {
        "choice": "author",
        "record_seq": office.base[id]["seq"],
        "by": office.user,
        "at": write_instant(NOW),
    }
    office.sync(office.edit(question, decision=decision))
    leader.sync()
    assert leader.body(id)["advice"] == alert["advice"]
