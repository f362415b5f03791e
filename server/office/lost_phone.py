"""Mistet telefon: what was on a phone that is gone, and the draft of a notice of the breach.

It counts what its owner could read there, and names only the homes that the reader may see. Of what
the reader does not see all of, a small count is not told: that there is a case is itself a secret.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from server import people
from server.access import actor_of, on_phones, scopes_of, visible_clause
from server.office.blueprint import office
from server.office.dates import counted, moment_words
from server.office.desk import Desk
from server.office.devices import heard_at, readable, replicas, report_by, unsent
from server.office.gate import seated, settings
from server.office.users import sees_users
from server.people import Replica
from server.planning.deadlines import Effect
from server.planning.rule_book import rule_book
from server.problems import Problem
from server.records import REGISTRY
from server.records.record import Envelope
from server.records.tenancy import Tenancy
from server.shapes import PUBLIC

HOMES_MAX = 60


@dataclass(frozen=True)
class Held:
    """How many records of a kind about people the phone could have."""

    words: str
    count: int


@office.get("/devices/<replica>/lost")
@seated
def lost_phone(desk: Desk, replica: str) -> ResponseReturnValue:
    """Show what was on a phone, and the draft."""
    found = next((each for each in replicas(desk) if each.id == replica), None)
    if found is None:
        raise Problem("no_access")
    held, tenancies = _held(desk, found)
    clocks = rule_book(desk.session).about(Replica.__tablename__, Effect.DATE)
    return render_template(
        "office/lost_phone.html",
        name=desk.person(found.user),
        has_passkey=found.user in people.with_passkey(desk.session),
        sees_users=sees_users(desk),
        seen=moment_words(heard_at(found), desk.now),
        unsent=unsent(found),
        closed=moment_words(found.revoked_at, desk.now) if found.revoked_at else "",
        gone=moment_words(found.emptied_at, desk.now) if found.emptied_at else "",
        readable=readable(found.readable_until, desk),
        report_by=report_by(desk, found, clocks),
        held=held,
        fewest=settings().smallest_figure,
        tenancies=counted(len(tenancies), "{antall} leieforhold", "{antall} leieforhold"),
        homes=[desk.title(item) for item in desk.items(tenancies[:HOMES_MAX])],
        more=max(0, len(tenancies) - HOMES_MAX),
    )


def _held(desk: Desk, phone: Replica) -> tuple[list[Held], list[str]]:
    """Count, by kind, what the phone may carry that says something of people, and give the homes.

    What is barred is on no phone, and so in no count, though its owner be the one who may know.
    """
    actor = actor_of(desk.session, phone.user)
    theirs = visible_clause(on_phones(scopes_of(desk.session, actor, desk.now)))
    there, few = (theirs, Envelope.deleted.is_(False)), settings().smallest_figure
    by_kind = select(Envelope.kind, func.count()).where(*there).group_by(Envelope.kind)
    seen = dict(desk.session.execute(by_kind.where(visible_clause(desk.scopes))).all())
    counts = {
        kind: count
        for kind, count in desk.session.execute(by_kind)
        if _is_personal(kind) and (count >= few or count == seen.get(kind))
    }
    held = [
        Held(counted(counts[kind], *_words(kind)), counts[kind])
        for kind in REGISTRY
        if kind in counts
    ]
    query = select(Envelope.id).where(*there, Envelope.kind == Tenancy.spec.name)
    return held, list(desk.session.scalars(query.order_by(Envelope.id)))


def _words(kind: str) -> tuple[str, str]:
    one, many = REGISTRY[kind].words
    return f"{{antall}} {one.lower()}", f"{{antall}} {many}"


def _is_personal(kind: str) -> bool:
    spec = REGISTRY[kind]
    return kind == Tenancy.spec.name or any(
        field.sensitive not in (None, PUBLIC) for field in spec.fields.values()
    )
