"""Taking an import back as a whole: what it made goes, what it changed is as it was.

What somebody has built on since, or changed, is left as it is, and listed. What has been barred
since to whoever takes it back is left too, and neither listed nor counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import acts
from server.access import scopes_of
from server.database import Database
from server.driver import Sql, rows
from server.imports.plans import Step
from server.imports.runs import UNDONE, ImportRun
from server.imports.stock import barred_to, chunks
from server.imports.writing import Outcome, Writer, write_steps
from server.records import REGISTRY
from server.records.record import Envelope
from sync.mutation import Json

WHY = "Importen er angret"
_LINES = Sql(
    "SELECT m.record, m.raw, m.effect FROM import_line l JOIN mutation m ON m.mid = l.mid"
    " WHERE l.run = ? AND m.state = 'applied' ORDER BY m.position"
)
_STANDING = Sql("SELECT id, kind, seq, body FROM record WHERE id IN ? AND NOT deleted")
_AFTER = Sql(
    "SELECT DISTINCT m.record FROM import_line l JOIN mutation o ON o.mid = l.mid"
    " JOIN mutation m ON m.record = l.record AND m.position > o.position"
    " WHERE l.run = ? AND l.record IN ? AND m.state IN ('applied', 'review')"
    " AND NOT EXISTS (SELECT 1 FROM import_line i WHERE i.mid = m.mid AND i.run = l.run)"
)
_KEYED = Sql(
    'SELECT e.record, e.field, e."key" FROM entry e JOIN record r ON r.id = e.record'
    ' WHERE e."key" IN ? AND NOT r.deleted'
)


@dataclass(frozen=True)
class Undone:
    """What came of taking an import back."""

    outcome: Outcome
    left: tuple[str, ...]
    """Records that somebody has built on or changed; they stand as they are."""


@dataclass(frozen=True, slots=True)
class _Line:
    record: str
    op: str
    set: Mapping[str, Json]
    was: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class _Standing:
    id: str
    kind: str
    seq: int
    body: Mapping[str, Json]


def undo(database: Database, writer: Writer, run: str, now: datetime) -> Undone:
    """Take an import back under the rights of whoever does it; done twice it changes nothing."""
    with database.reading() as session:
        if session.get_one(ImportRun, run).state == UNDONE:
            return Undone(Outcome(run, 0, 0, 0), ())
        scopes = scopes_of(session, writer.actor, now)
        hidden = set(session.scalars(select(Envelope.id).where(barred_to(scopes))))
        steps, left = _steps(session, run, hidden)
    found = write_steps(database, writer, run, steps, now, WHY)
    outcome = Outcome(run, found["applied"], found["review"], found["held"])
    with database.writing() as session:
        row = session.get_one(ImportRun, run)
        said = {**row.said, "left": len(left), "undone": outcome.applied}
        row.state, row.undone_by, row.undone_at = UNDONE, writer.by, now
        row.counts = orjson.dumps(said).decode()
        acts.note(session, "import_undone", writer.by, now, run, left=len(left))
    return Undone(outcome, left)


def _steps(
    session: Session, run: str, hidden: Collection[str]
) -> tuple[list[Step], tuple[str, ...]]:
    """Work out what goes back, changes first, and which records are left as they are."""
    lines = _lines(session, run)
    standing = _standing(session, [line.record for line in lines if line.record not in hidden])
    made = {line.record for line in lines if line.op != "patch"} & standing.keys()
    left: set[str] = set()
    steps: list[Step] = []
    for record, change in _changes(lines, made).items():
        if (one := standing.get(record)) is not None:
            back = {p: was for p, (value, was) in change.items() if one.body.get(p) == value}
            if any(one.body.get(p) not in (value, was) for p, (value, was) in change.items()):
                left.add(record)
            if back:
                seen = {path: one.body.get(path) for path in back}
                steps.append(Step(one.kind, one.id, "patch", back, seen, one.seq))
    loose = {(step.record, path) for step in steps for path in step.set}
    built_on = _built_on(session, run, made, loose)
    steps += [
        Step(one.kind, one.id, "delete", {}, {}, one.seq)
        for one in reversed(standing.values())
        if one.id in made and one.id not in built_on
    ]
    return steps, tuple(sorted(left | built_on))


def _lines(session: Session, run: str) -> list[_Line]:
    found = []
    for record, raw, effect in rows(session, _LINES, run):
        if raw:
            sent: dict[str, Any] = orjson.loads(bytes(raw))
            if sent["why"] != WHY:
                told = orjson.loads(bytes(effect)) if effect else []
                was = {each["path"]: each["was"] for each in told if each["outcome"] == "written"}
                found.append(_Line(record, sent["op"], sent["set"], was))
    return found


def _standing(session: Session, ids: Collection[str]) -> dict[str, _Standing]:
    """Read what stands of some records, in the order in which they came."""
    read = {
        id: _Standing(id, kind, seq, orjson.loads(bytes(body)))
        for some in chunks(dict.fromkeys(ids))
        for id, kind, seq, body in rows(session, _STANDING, some)
    }
    return {id: read[id] for id in dict.fromkeys(ids) if id in read}


def _changes(
    lines: Collection[_Line], made: Collection[str]
) -> dict[str, dict[str, tuple[Json, Json]]]:
    """Give, for each record that was changed, what was written at a path and what stood there."""
    changes: dict[str, dict[str, tuple[Json, Json]]] = {}
    for line in lines:
        if line.op == "patch" and line.record not in made:
            of = changes.setdefault(line.record, {})
            for path, was in line.was.items():
                of[path] = (line.set.get(path), of[path][1] if path in of else was)
    return changes


def _built_on(
    session: Session, run: str, made: Collection[str], loose: Collection[tuple[str, str]]
) -> set[str]:
    """Give what must stay of the records that were made: changed since, or referred to.

    What is referred to by something that stays must stay too. `loose`: the fields that go back.
    """
    stays = {row[0] for some in chunks(made) for row in rows(session, _AFTER, run, some)}
    uses: dict[str, set[str]] = {}
    for user, name, used in _references(session, made):
        if user in made:
            uses.setdefault(user, set()).add(used)
        elif (user, name) not in loose:
            stays.add(used)
    level = stays
    while level:
        level = {used for user in level for used in uses.get(user, ())} - stays
        stays |= level
    return stays


def _references(session: Session, made: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Give (who refers, in which field, to what) for all that stands and refers to these."""
    for some in chunks(made):
        for spec in REGISTRY.values():
            for name in spec.references:
                sql = Sql(
                    f'SELECT t.id, t."{name}" FROM "{spec.name}" t JOIN record r ON r.id = t.id'
                    f' WHERE t."{name}" IN ? AND NOT r.deleted'
                )
                yield from ((user, name, used) for user, used in rows(session, sql, some))
        yield from ((user, name, used) for user, name, used in rows(session, _KEYED, some))
