"""Sperre: a tenancy, a contact or a home that only named persons may know of (kode 6).

From the moment it is set nobody else finds it, reads it or counts it, and phones let go of it
without being told why. Those who are named read it here, and never on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import acts, hand
from server.office import present
from server.office.blueprint import office
from server.office.desk import Desk, Item
from server.office.gate import asks_anew, at_desk, database, seated
from server.people import Grant, User
from server.problems import Problem, ProblemText
from server.records.barrier import BARRIER, set_on
from server.records.record import TEAM_STAFF, Entry, Envelope
from server.roles import Role
from server.shapes import Json

NAMED_MAX = 20
NOBODY = ProblemText(
    422,
    "Ingen er valgt.",
    "Ingenting er endret.",
    "Velg minst én som skal kunne se det. Du selv kan være den eneste.",
)


def may_bar(desk: Desk, item: Item) -> bool:
    """Say whether the reader may set or lift a barrier: who is named there, else a leader there."""
    named = set_on(item.spec, item.body)
    if named:
        return desk.actor.user in named
    return BARRIER in item.spec.fields and Role.LEADER in desk.actor.roles_in(item.area)


@office.get("/barriers/<record>")
@seated
def barrier(desk: Desk, record: str) -> ResponseReturnValue:
    """Show who alone may know of a record, and let it be changed."""
    return _page(desk, _find(desk, record))


@office.post("/barriers/<record>")
@asks_anew
def set_barrier(record: str) -> ResponseReturnValue:
    """Set, change or lift a barrier."""
    lifts = request.form.get("do") == "lift"
    with at_desk() as desk:
        item = _find(desk, record)
        able = set(_able(desk.session))
        chosen = set(request.form.getlist("named")[:NAMED_MAX]) & able
        if not chosen and not lifts:
            return _page(desk, item, NOBODY)
        standing = set_on(item.spec, item.body)
        values: dict[str, Json] = {f"{BARRIER}/{user}": None for user in standing}
        if not lifts:
            values |= {f"{BARRIER}/{user}": True for user in chosen}
        kind, by, now = item.spec.name, desk.actor.user, desk.now

    def noted(session: Session) -> None:
        what = "barrier_lifted" if lifts else "barrier_set"
        acts.note(session, what, by, now, record, named=sorted(() if lifts else chosen))

    hand.write(database(), kind, record, "patch", values, by, now, noted)
    with at_desk() as desk:
        still = desk.item(record)
        if still is not None and may_bar(desk, still):
            return redirect(url_for("office.barrier", record=record))
    return redirect(url_for("office.overview"))


def alone_behind(session: Session, user: str) -> dict[str, str]:
    """Give the records, with their kinds, that of all who work here this one alone may know of."""
    named = select(Entry.record).where(Entry.field == BARRIER, Entry.key == user)
    others = (
        select(Entry.record)
        .join(User, User.id == Entry.key)
        .where(Entry.field == BARRIER, Entry.key != user, User.closed_at.is_(None))
    )
    rows = select(Envelope.id, Envelope.kind).where(
        Envelope.id.in_(named), Envelope.id.not_in(others), Envelope.deleted.is_(False)
    )
    return dict(session.execute(rows).all())


def pass_on(records: Mapping[str, str], leaver: str, to: str, by: str, now: datetime) -> None:
    """Let another know of what somebody alone knew of; whoever passes it on does not see it."""
    values: dict[str, Json] = {f"{BARRIER}/{leaver}": None, f"{BARRIER}/{to}": True}
    for record, kind in sorted(records.items()):

        def noted(session: Session, record: str = record) -> None:
            acts.note(session, "barrier_passed_on", by, now, record, named=[to])

        hand.write(database(), kind, record, "patch", values, by, now, noted)


def _find(desk: Desk, record: str) -> Item:
    item = desk.item(record)
    if item is None or not may_bar(desk, item):
        raise Problem("no_access")
    return item


def _able(session: Session) -> dict[str, str]:
    """Give those who may be named: who works with households, by name."""
    roles = [role.value for role in TEAM_STAFF]
    query = (
        select(User.id, User.name)
        .where(User.closed_at.is_(None))
        .where(User.id.in_(select(Grant.user).where(Grant.role.in_(roles))))
        .order_by(User.name, User.id)
    )
    return dict(session.execute(query).all())


def _page(desk: Desk, item: Item, problem: ProblemText | None = None) -> ResponseReturnValue:
    named = set_on(item.spec, item.body)
    body = render_template(
        "office/barrier.html",
        record=item.id,
        name=present.record_name(desk, item),
        people=[
            {"id": user, "name": name, "named": user in named}
            for user, name in _able(desk.session).items()
        ],
        barred=bool(named),
        problem=problem,
    )
    return body, problem.status if problem else 200
