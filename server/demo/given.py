"""What a household asked to be told: one request that the leader prepares, with a name left out."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.access import Actor
from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.keeping import insight
from server.keeping.insight import Mark
from server.office.desk import Desk
from server.office.subject_blanks import digest_of
from server.office.subject_package import gather
from server.roles import Role

ASKED = timedelta(days=9)
LEADER = STAFF["lise"]


def prepare_insight(database: Database, now: datetime) -> None:
    """Let the leader have begun: the first text that names another has that name left out."""
    tenancy = next(home for home in homes() if home.area == NORTH).tenancy
    with database.writing() as session:
        desk = Desk(session, Actor(LEADER.id, ((Role.LEADER, None),)), LEADER.name, now)
        household = desk.item(tenancy)
        assert household is not None
        asked_on = (now - ASKED).date()
        made = insight.open_request(session, tenancy, None, asked_on, LEADER.id, now)
        marks = [
            Mark(part.id, passage.path, start, end, digest_of(made, part, passage.path) or "")
            for part in gather(desk, household).parts.values()
            for passage in part.passages
            for start, end in passage.others
        ]
        insight.mark(session, session.get_one(insight.Insight, made), marks[:1], "others", now)
