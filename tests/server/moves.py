"""What tests of moves share: generations below a home, and what is true of them afterwards.

It writes by the server's own roads and reads what is stored; it holds no expectation.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from server import intake, jobs
from server.access import actor_of, scopes_of, visible
from server.config import Settings
from server.database import Database
from server.intake import take
from server.records import REGISTRY
from server.records.record import Envelope, ScopeMember
from sync.mutation import office_replica, one_per_id
from tests.makers import NOW, USERS, World, mutation, new_id
from tests.server.test_concurrency import memberships, worked_out


def push(database: Database, name: str, *made: dict[str, Any], states: str = "applied") -> None:
    """Hand mutations in as somebody at a desk; what becomes of each is known beforehand."""
    with database.reading() as session:
        actor = actor_of(session, USERS[name])
    for start in range(0, len(made), 500):
        batch = made[start : start + 500]
        results = take(database, actor, office_replica(actor.user), batch, NOW)
        assert {result.state for result in results} == {states}, results


def seq_of(database: Database, id: str) -> int:
    """Give the number a record stands at."""
    with database.reading() as session:
        return session.execute(select(Envelope.seq).where(Envelope.id == id)).scalar_one()


def edit(database: Database, name: str, kind: str, id: str, **values: Any) -> None:
    """Write fields of a record as somebody who sees it as it stands."""
    seq = seq_of(database, id)
    seen = dict.fromkeys(values, (None, seq))
    push(database, name, mutation(kind, id, values, author=name, op="patch", seen=seen))


def submitted(by: str) -> dict[str, Any]:
    """Give the status of what somebody sent in."""
    return {"state": "submitted", "by": USERS[by], "at": "2026-11-23T08:00:00.000Z"}


def enough(kind: str, **values: Any) -> dict[str, Any]:
    """Give a body with just what a record of a kind must have to be sent in, and some values."""
    fields, whole = REGISTRY[kind].fields, REGISTRY[kind].example
    return {
        name: whole[name]
        for name in fields
        if fields[name].required and not fields[name].to and name in whole
    } | values


def generations(world: World, count: int = 3, dwelling: str | None = None) -> dict[str, list[str]]:
    """Hang plans, visits, talks, runs and addenda on a dwelling, some of them drafts, by kind."""
    home = dwelling or world.dwelling
    waiting: list[dict[str, Any]] = []
    made: dict[str, list[str]] = {}

    def write(kind: str, id: str, body: dict[str, Any]) -> str:
        waiting.append(mutation(kind, id, body, author="kari"))
        made.setdefault(kind, []).append(id)
        return id

    visitors = {f"visitors/{USERS[name]}": True for name in ("kari", "amir")}
    for number in range(count):
        status = {} if number % 3 == 2 else {"status": submitted("kari")}
        plan = write("planned_visit", new_id(), enough("planned_visit", dwelling=home) | visitors)
        about = {"dwelling": home, "planned_visit": plan}
        visit = one_per_id("visit", [plan])
        write("visit", visit, enough("visit", **about) | status)
        write("conversation", new_id(), enough("conversation", visit=visit, dwelling=home) | status)
        answers = {"checklist": "NYVRI1", "visit": visit, "dwelling": home}
        write("checklist_run", new_id(), enough("checklist_run", **answers) | status)
        write("addendum", new_id(), enough("addendum", record=visit))
    push(world.database, "kari", *waiting)
    return made


def sees(database: Database, name: str) -> set[str]:
    """Give all that a person may read now."""
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS[name]), NOW)
        return visible(session, mine, list(session.scalars(select(Envelope.id))))


def withheld(database: Database) -> int:
    """Give how many memberships are withheld."""
    with database.reading() as session:
        waits = select(func.count()).select_from(ScopeMember).where(ScopeMember.withheld)
        return int(session.execute(waits).scalar_one())


def at_rest(database: Database) -> bool:
    """Say whether nothing waits and every record is where its place says (I-23)."""
    with database.reading() as session:
        assert intake.misplaced(session) == []
    return withheld(database) == 0 and memberships(database) == worked_out(database)


def work_off(database: Database, settings: Settings) -> None:
    """Do what the scheduler does at its next look."""
    (watch,) = [watch for watch in jobs.WATCHES if watch.name == "place"]
    jobs.look_after(watch, database, settings, NOW)


def flat(made: dict[str, list[str]]) -> set[str]:
    """Give every id, whatever the kind."""
    return {id for ids in made.values() for id in ids}
