"""Retention ends nothing that waits for a person, nor what that is about (I-24)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from server.config import Settings
from server.database import Database
from server.records import REGISTRY
from server.records.record import Envelope
from server.shapes import Json
from tests.makers import NOW, USERS, World, new_id
from tests.server.test_retention import BY, confirm, is_here, make, plan, run


def test_an_open_question_is_never_ended(
    world: World, database: Database, settings: Settings
) -> None:
    """Unapplied work stays visible to its author, however old it is (I-24)."""
    receipt = {"mid": new_id(), "author": USERS["kari"]}
    held = make(database, "receipt", {**receipt, "state": "held", "reason": "access"})
    done = make(database, "receipt", {**receipt, "state": "applied"})
    confirm(database)
    with database.writing() as session:
        session.execute(update(Envelope).values(changed_at=NOW - timedelta(days=2000)))
    run(database, settings, NOW)
    assert is_here(database, held) and not is_here(database, done)


@pytest.mark.parametrize("kind", ["receipt", "review"])
def test_what_an_open_question_is_about_stays_until_it_is_answered(
    world: World, database: Database, settings: Settings, kind: str
) -> None:
    """The question would go with it, and with that what somebody wrote (I-24)."""
    asked, other = plan(database), plan(database)
    about: dict[str, Json] = {"about": asked, "about_kind": "planned_visit"}
    told: dict[str, dict[str, Json]] = {
        "receipt": {"mid": new_id(), "author": BY, "state": "held", "reason": "access"},
        "review": {
            "author": BY,
            "path": "meet",
            "reason": "ask",
            "opened_at": "2026-11-24T10:00:00.000Z",
        },
    }
    question = make(database, kind, about | told[kind])
    confirm(database)
    run(database, settings)
    assert is_here(database, asked) and is_here(database, question)
    assert not is_here(database, other)
    with database.writing() as session:
        session.delete(session.get_one(REGISTRY[kind].model, question))
    run(database, settings)
    assert not is_here(database, asked)
