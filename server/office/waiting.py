"""What waits for the office, and why: the review policies decide, this only asks what they left.

A record waits when it is sent in and has no day on which it closes. It waits under its head: the
visit that it hangs on, or itself. Read only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, literal, null, or_, select, union_all

from server.access import visible
from server.intake.people_here import NEW_FOR
from server.intake.reviewing import Cause, cause_of_review
from server.office.dates import counted, day_words
from server.office.desk import Desk, Item
from server.people import User
from server.planning.calendar import day_of
from server.records import REGISTRY
from server.records.assistance_request import AssistanceRequest
from server.records.checklist_run import ChecklistRun
from server.records.deviation import Deviation
from server.records.record import Entry, Envelope, KindSpec
from server.records.visit import Visit
from server.shapes import REVIEWERS, read_instant
from sync.mutation import one_per_id

HEAD = Visit.spec
REVIEWED: tuple[KindSpec, ...] = tuple(s for s in REGISTRY.values() if "status" in s.fields)
"""Every kind with a life cycle; what its policy never sends here can come back by an undo."""
PARTS: tuple[tuple[KindSpec, str], ...] = tuple(
    (spec, name)
    for spec in REVIEWED
    for name, declared in spec.fields.items()
    if declared.to == HEAD.name
)
"""Every kind that hangs on a visit and is reviewed with it, and the field that it hangs by."""
CAUSES: Mapping[Cause | None, str] = {
    Cause.SAMPLE: "Stikkprøve",
    Cause.NEW_AUTHOR: "Ny medarbeider",
}
TAKEN_BACK = "Avgjørelsen er angret"
RECORDS_MAX = 2_000
"""More than these are no list to work through; the others come as these go, and it is said so."""


@dataclass(frozen=True)
class Reason:
    """Why a record waits, in words."""

    words: str
    rank: int
    """What a person is waiting for comes first, then what is always looked at, then the rest."""
    since: datetime
    urgent: bool = False


@dataclass
class Waiting:
    """One head of the inbox, and the records that wait under it."""

    head: str
    records: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Queue:
    """The heads under which something waits, in no order; not `whole` when there are more."""

    heads: list[Waiting]
    whole: bool


def waiting(desk: Desk) -> Queue:
    """Give what waits for this person: who asked for help first, then the oldest, to a limit.

    It is asked once for a page: the menu counts what the page itself may list.
    """
    queue: Queue = desk.once("waiting", lambda: _queue(desk))
    return queue


def _queue(desk: Desk) -> Queue:
    found = _records(desk)
    whole = len(found) <= RECORDS_MAX
    found = dict(islice(found.items(), RECORDS_MAX))
    mine = visible(desk.session, desk.scopes, found.keys())
    found = {id: visit for id, visit in found.items() if id in mine}
    heads = _visits_of(desk, found)
    gathered: dict[str, Waiting] = {}
    for id in found:
        head = heads.get(id, id)
        gathered.setdefault(head, Waiting(head)).records.append(id)
    return Queue(list(gathered.values()), whole)


def is_waiting(item: Item) -> bool:
    """Say whether a record waits for the office."""
    return item.state == "submitted" and item.locked_at is None


def reasons(desk: Desk, items: Iterable[Item]) -> dict[str, Reason]:
    """Say why each of these records waits, by its id; what does not wait is left out."""
    those = [item for item in items if is_waiting(item)]
    came = _came(desk, {author for item in those for author in item.authors})
    return {item.id: _reason(desk, item, came) for item in those}


def sent_at(item: Item) -> datetime:
    """Give the moment of the last step of its life cycle."""
    status = item.body.get("status")
    at = status.get("at") if isinstance(status, Mapping) else None
    return read_instant(at) if isinstance(at, str) else item.changed_at


def deviations_of(runs: Iterable[Item]) -> dict[str, str]:
    """Give the ids that deviations of a visit's checklist runs have, each with its visit."""
    return {
        one_per_id(Deviation.spec.name, [run.id, path.partition("/")[2]]): str(run.body["visit"])
        for run in runs
        if run.spec is ChecklistRun.spec and run.text("visit")
        for path, answer in run.body.items()
        if path.startswith("answers/") and answer == "deviation"
    }


def _reason(desk: Desk, item: Item, came: Mapping[str, datetime]) -> Reason:
    at = sent_at(item)
    if item.spec is AssistanceRequest.spec:
        return _asked(desk, item)
    recent = any(came[author] > at - NEW_FOR for author in item.authors if author in came)
    cause = cause_of_review(item.spec, item.id, item.body, lambda: recent)
    if cause is Cause.POLICY:
        return Reason(item.spec.waits_as, 1, at, urgent=item.spec.exception is not None)
    return Reason(CAUSES.get(cause, TAKEN_BACK), 2, at)


def _asked(desk: Desk, item: Item) -> Reason:
    """Say how long somebody who asked for help has waited, and when an answer is due."""
    clock = item.text("counted_from") or item.text("asked_at")
    since = read_instant(clock) if clock else item.created_at
    words, due = f"{item.spec.waits_as} · {age_words(since, desk.now)}", item.text("due_on")
    if due:
        words += f" · frist {day_words(date.fromisoformat(due), desk.today)}"
    return Reason(words, 0, since, urgent=due is not None and due < desk.today.isoformat())


def age_words(since: datetime, now: datetime) -> str:
    """Give «16 timer», and «3 dager» from 48 hours on: Norway's days, as the list of requests."""
    hours = max(0, int((now - since).total_seconds() // 3600))
    if hours < 48:
        return counted(hours, "{antall} time", "{antall} timer")
    return f"{(day_of(now) - day_of(since)).days} dager"


def _records(desk: Desk) -> dict[str, str | None]:
    """Give what waits in this person's areas: record → the visit that it hangs on, and one beyond
    the limit, if there is one. What is visible is asked of these alone: every page counts.
    """
    if not desk.reviews:
        return {}
    areas = [where for role, where in desk.actor.grants if role in REVIEWERS]
    if None in areas:
        rows = desk.session.execute(_in_turn(True, RECORDS_MAX + 1))
    else:
        rows = desk.session.execute(_in_turn(False, RECORDS_MAX + 1), {"areas": areas})
    return {id: visit for id, visit, _, _ in rows}


@cache
def _in_turn(everywhere: bool, limit: int) -> Any:
    """Give the question of `_records`; to build it anew takes longer than to have it answered."""
    every = union_all(*(_waiting_of(spec, everywhere) for spec in REVIEWED))
    return every.order_by("turn", "created_at", "id").limit(limit)


def _waiting_of(spec: KindSpec, everywhere: bool) -> Any:
    model: Any = spec.model
    visit = next((getattr(model, name) for part, name in PARTS if part is spec), null())
    found: Any = (
        select(
            Envelope.id.label("id"),
            cast(visit, String(36)),
            literal(0 if spec is AssistanceRequest.spec else 1).label("turn"),
            Envelope.created_at.label("created_at"),
        )
        .join(model, model.id == Envelope.id)
        .where(
            Envelope.kind == spec.name,
            Envelope.locked_at.is_(None),
            Envelope.deleted.is_(False),
            model.status == "submitted",
        )
    )
    if everywhere:
        return found
    return found.where(Envelope.area.in_(bindparam("areas", expanding=True)))


def _visits_of(desk: Desk, found: Mapping[str, str | None]) -> dict[str, str]:
    """Give the visit that each record hangs on, where this person may see that."""
    hanging = {id: visit for id, visit in found.items() if visit}
    hanging |= _found_on_visits(desk, [id for id, visit in found.items() if not visit])
    standing = select(Envelope.id).where(
        Envelope.id.in_(set(hanging.values())), Envelope.deleted.is_(False)
    )
    known = visible(desk.session, desk.scopes, set(desk.session.scalars(standing)))
    return {id: visit for id, visit in hanging.items() if visit in known}


def _found_on_visits(desk: Desk, records: Collection[str]) -> dict[str, str]:
    """Give the visit that each deviation was found on, where a checklist's answer led to it.

    It names neither visit nor checkpoint, so that it tells a landlord of neither: its id, made of
    the run and the checkpoint, is known again from the answers of the visits in its house.
    """
    rows = desk.session.execute(
        select(Deviation.dwelling, Deviation.building).where(Deviation.id.in_(records))
    ).all()
    if not rows:
        return {}
    dwellings, buildings = (set(filter(None, column)) for column in zip(*rows, strict=True))
    answered = select(Entry.record).where(
        Entry.record == ChecklistRun.id, Entry.field == "answers", Entry.value == "deviation"
    )

    def narrow(found: Select[Any]) -> Select[Any]:
        return found.join(ChecklistRun, ChecklistRun.id == Envelope.id).where(
            ChecklistRun.visit.is_not(None),
            or_(ChecklistRun.dwelling.in_(dwellings), ChecklistRun.building.in_(buildings)),
            answered.exists(),
        )

    possible = deviations_of(desk.found(ChecklistRun.spec.name, narrow))
    return {id: possible[id] for id in records if id in possible}


def _came(desk: Desk, users: Collection[str]) -> dict[str, datetime]:
    rows = desk.session.execute(select(User.id, User.created_at).where(User.id.in_(users)))
    return dict(rows.all())
