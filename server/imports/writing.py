"""Writing a plan: a thousand mutations a turn through intake, each noted as the import's own.

Broken off half-way, it is begun again by importing the same file, or taken back by undoing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import acts, intake
from server.access import Actor
from server.database import Database
from server.driver import Insert, Row, Sql, add, rows
from server.imports.names import named
from server.imports.plans import Plan, Step
from server.imports.preview import Options, must_ask
from server.imports.runs import DONE, NAME_MAX, RUNNING, SHOWN, ImportRun
from server.roles import Role
from server.shapes import write_instant
from sync.mutation import WHOLE, Json, office_replica

AT_ONCE = 1_000
LOOKS_AFTER = 2
"""Turns, and then each time there are twice as many: an import fills in a minute what a database
otherwise grows into, and a look costs more the fuller the tables are (docs/benches.md)."""
WHY = "Importert fra fil"
_NOTED = Sql("SELECT mid FROM import_line WHERE mid IN ?")
_NOTE = Insert("import_line", ("mid", "run", "record"))
_LOOK = "ANALYZE record (id, kind), scope_member (id, scope), mutation (mid), import_line (record)"
"""By these columns the statements of a turn and of a dry run find their rows."""


class MustAsk(Exception):
    """More tenancies would end than may without a person's yes to the number."""

    def __init__(self, ends: int, open: int) -> None:
        super().__init__(f"{ends} of {open}")
        self.ends, self.open = ends, open


@dataclass(frozen=True)
class Writer:
    """Who writes: a person by their own rights, or the server at the operator's word."""

    actor: Actor
    by: str
    server: bool = False

    @staticmethod
    def person(actor: Actor) -> Writer:
        """Give a writer who may what this person may."""
        return Writer(actor, actor.user)

    @staticmethod
    def operator(by: str) -> Writer:
        """Give the server as writer; `by` says who asked for it."""
        return Writer(Actor(intake.SERVER, ((Role.LEADER, None),)), by, server=True)

    @property
    def replica(self) -> str:
        """Give the replica it writes as."""
        return intake.SERVER if self.server else office_replica(self.actor.user)


@dataclass(frozen=True)
class Outcome:
    """What came of an import or of taking one back."""

    run: str
    applied: int
    asked: int
    """Written by somebody else meanwhile: a question under «Ulike svar»."""
    held: int
    """Not to be used yet; the office sees why."""


def enter(
    session: Session,
    plan: Plan,
    writer: Writer,
    name: str,
    raw: bytes,
    options: Options,
    now: datetime,
) -> str:
    """Note an import that is shown and waits for a yes; give its id."""
    run = str(uuid7())
    chosen = {"area": options.area, "whole": options.whole}
    session.add(
        ImportRun(
            id=run,
            what=plan.what,
            by=writer.by,
            at=now,
            name=name[:NAME_MAX],
            sha256=sha256(raw).hexdigest(),
            options=orjson.dumps(chosen).decode(),
            state=SHOWN,
            counts=orjson.dumps(counts(plan)).decode(),
        )
    )
    session.flush()
    return run


def note_shown(
    session: Session, plan: Plan, by: str, now: datetime, run: str | None = None
) -> None:
    """Note that somebody looked a file through: what it counts tells of what they may not see."""
    acts.note(session, f"import_{plan.what}_shown", by, now, run, rows=plan.rows)


def apply(
    database: Database,
    writer: Writer,
    plan: Plan,
    now: datetime,
    *,
    raw: bytes,
    name: str = "",
    options: Options | None = None,
    run: str | None = None,
    yes_to: int | None = None,
) -> Outcome:
    """Write a plan without faults; `yes_to` is the number of endings that a person said yes to.

    Raises MustAsk when too many tenancies would end. `run`: the import that was shown before.
    """
    assert not plan.faults, "a file with faults writes nothing"
    if must_ask(plan) and yes_to != plan.ends:
        raise MustAsk(plan.ends, plan.open)
    with database.writing() as session:
        chosen = options or Options()
        run = run or enter(session, plan, writer, name, raw, chosen, now)
        row = session.get_one(ImportRun, run)
        row.state, row.counts = RUNNING, orjson.dumps(counts(plan)).decode()
    found = write_steps(database, writer, run, plan.steps, now, WHY)
    outcome = Outcome(run, found["applied"], found["review"], found["held"])
    with database.writing() as session:
        row = session.get_one(ImportRun, run)
        said = {**counts(plan), "asked": outcome.asked, "held": outcome.held}
        row.state, row.ended_at, row.counts = DONE, now, orjson.dumps(said).decode()
        acts.note(session, f"import_{plan.what}", writer.by, now, run, rows=plan.rows)
    return outcome


def write_steps(
    database: Database,
    writer: Writer,
    run: str,
    steps: Sequence[Step],
    now: datetime,
    why: str,
) -> Counter[str]:
    """Write steps in turns, in order; give how many came to each state."""
    states: Counter[str] = Counter()
    looks_after = LOOKS_AFTER
    for number, some in enumerate(_turns(steps), 1):
        pushes = [_mutation(writer, run, step, now, why) for step in some]
        note = partial(_note, [(push["mid"], run, push["id"]) for push in pushes])
        results = intake.take(
            database, writer.actor, writer.replica, pushes, now, server=writer.server, first=note
        )
        states.update(result.state for result in results)
        if number == looks_after:
            looks_after *= 2
            _look_again(database)
    return states


def _note(lines: list[Row], session: Session) -> None:
    """Note what is not noted yet: a turn that broke goes one by one, each with all its lines."""
    new = {line[0]: line for line in lines}
    for (known,) in rows(session, _NOTED, list(new)):
        del new[known]
    add(session, _NOTE, list(new.values()))


def _look_again(database: Database) -> None:
    """Let PostgreSQL see how full its tables are: it plans as if a new one were empty."""
    if database.url.get_backend_name() == "postgresql":
        with database.writing() as session:
            session.execute(text(_LOOK))


def _turns(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    return (steps[first : first + AT_ONCE] for first in range(0, len(steps), AT_ONCE))


def _mutation(writer: Writer, run: str, step: Step, now: datetime, why: str) -> dict[str, Json]:
    at = write_instant(now)
    flag = step.op in ("delete", "restore")
    seen: dict[str, Json] = {p: {"value": v, "seq": step.seq} for p, v in step.seen.items()}
    return {
        "mid": named(why, run, step.op, step.record),
        "replica": writer.replica,
        "n": None,
        "author": writer.actor.user,
        "contract": intake.CONTRACT,
        "kind": step.kind,
        "id": step.record,
        "op": step.op,
        "set": dict(step.set),
        "seen": {WHOLE: {"seq": step.seq}} if flag else seen,
        "happened_at": at,
        "captured_at": at,
        "offset_ms": 0,
        "why": why,
    }


def counts(plan: Plan) -> dict[str, Json]:
    """Give what a plan does, in numbers, as an import keeps it."""
    kinds: dict[str, Json] = {
        kind: {"new": count.new, "changed": count.changed, "equal": count.equal}
        for kind, count in plan.counts.items()
    }
    return {
        "kinds": kinds,
        "rows": plan.rows,
        "passed_over": plan.passed_over,
        "different": len(plan.different),
        "ends": plan.ends,
    }
