"""Sikkerhetsmerknader: which stand, which end soon and which have ended, by the day they end.

A note is shown six months after its approval at most, whatever day is written on it. Renewing one
is a new approval by a leader; the old one ends the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office.blueprint import office
from server.office.dates import day_words
from server.office.decisions import Form, create, decided, new_form, next_status, patch, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form
from server.office.safety import admit_to_safety, tabs
from server.office.troubles import trouble
from server.planning.calendar import add_months, day_of
from server.problems import Problem
from server.records.record import Envelope
from server.records.safety_alert import CATEGORIES, LASTS_MONTHS, SafetyAlert
from server.roles import Role
from server.shapes import Json, read_instant

SPEC = SafetyAlert.spec
SOON = timedelta(days=30)
PAST = timedelta(days=60)
"""How long what has ended is still listed, so that it can be renewed."""
SHOWN_MAX = 500


@dataclass(frozen=True)
class Note:
    """One note in words."""

    item: Item
    what: str
    advice: str
    where: str
    until: str
    by: str
    may: bool


@office.get("/safety/alerts")
@seated
def alerts(desk: Desk) -> ResponseReturnValue:
    """Show the notes by the day they end."""
    admit_to_safety(desk)

    def narrow(rows: Select[Any]) -> Select[Any]:
        own = rows.join(SafetyAlert, SafetyAlert.id == Envelope.id)
        told = own.where(SafetyAlert.status.in_(("approved", "submitted")))
        return told.order_by(SafetyAlert.valid_until, Envelope.id)

    items = desk.found(SPEC.name, narrow, SHOWN_MAX)
    desk.items(id for item in items if (id := item.text("dwelling")))
    standing = [item for item in items if item.state == "approved"]
    today = desk.today
    ends = {item.id: ends_on(item) for item in standing}
    standing.sort(key=lambda item: (ends[item.id], item.id))

    def between(first: date, last: date) -> list[Note]:
        return [_note(desk, item) for item in standing if first <= ends[item.id] <= last]

    return render_template(
        "office/alerts.html",
        tabs=tabs(desk),
        waiting=[_note(desk, item) for item in items if item.state == "submitted"],
        soon=between(today, today + SOON),
        later=between(today + SOON + timedelta(days=1), date.max),
        over=between(today - PAST, today - timedelta(days=1)),
        form=new_form(),
        seal=seal(standing),
        said={"renewed": "Fornyet.", "gone": "Tatt bort."}.get(request.args.get("said", ""), ""),
    )


@office.post("/safety/alerts/<alert>/renewed")
def renew_alert(alert: str) -> ResponseReturnValue:
    """Let it stand for six months more, by a new approval."""
    with at_desk() as desk:
        item = _find(desk, alert)
        form = _sent_as_it_is(desk, item)
        gone, actor, now = _ended(form, item, desk), desk.actor, desk.now
        kept = {path: item.body[path] for path in ("dwelling", "category", "advice")}
        until: Json = add_months(desk.today, LASTS_MONTHS).isoformat()
        sent = next_status("submitted", actor.user, form.opened_at)
        made = create(form, SPEC.name, {**kept, "valid_until": until, "status": sent})
    if trouble(send(database(), actor, [made], now)):
        raise Problem("no_access")
    with at_desk() as desk:
        fresh = desk.item(str(made["id"]))
        if fresh is None:
            raise Problem("no_access")
        yes = decided(form, fresh, next_status("approved", actor.user, now))
    if trouble(send(database(), actor, [yes, gone], now)):
        raise Problem("no_access")
    return redirect(url_for("office.alerts", said="renewed"))


@office.post("/safety/alerts/<alert>/gone")
def drop_alert(alert: str) -> ResponseReturnValue:
    """Let it be shown no more, on any phone, because it is true no more."""
    with at_desk() as desk:
        item = _find(desk, alert)
        form = _sent_as_it_is(desk, item)
        gone, actor, now = _ended(form, item, desk), desk.actor, desk.now
    if trouble(send(database(), actor, [gone], now)):
        raise Problem("no_access")
    return redirect(url_for("office.alerts", said="gone"))


def ends_on(item: Item) -> date:
    """Give the last day that a note is shown: its own, or six months after its approval."""
    status = item.body.get("status")
    at = status.get("at") if isinstance(status, dict) else None
    approved = day_of(read_instant(at)) if isinstance(at, str) else day_of(item.changed_at)
    written = date.fromisoformat(item.text("valid_until") or date.min.isoformat())
    return min(written, add_months(approved, LASTS_MONTHS))


def _ended(form: Form, item: Item, desk: Desk) -> dict[str, Json]:
    """Give the mutation by which it was shown for the last time yesterday."""
    return patch(form, item, "valid_until", (desk.today - timedelta(days=1)).isoformat())


def _sent_as_it_is(desk: Desk, item: Item) -> Form:
    """Read the form, sent while what it showed still stands; raises what says that it does not."""
    form, shown = sent_form(desk)
    if shown.get(item.id) != item.seq:
        raise Problem("changed_meanwhile", navn="En annen")
    return form


def _find(desk: Desk, alert: str) -> Item:
    admit_to_safety(desk)
    item = desk.item(alert)
    known = item is not None and item.spec is SPEC
    if item is None or not known or item.state != "approved" or not _may(desk, item):
        raise Problem("no_access")
    return item


def _may(desk: Desk, item: Item) -> bool:
    return Role.LEADER in desk.actor.roles_in(item.area)


def _note(desk: Desk, item: Item) -> Note:
    home = desk.item(item.text("dwelling"))
    approved = item.state == "approved"
    until = ends_on(item) if approved else date.fromisoformat(item.text("valid_until") or "")
    return Note(
        item=item,
        what=CATEGORIES.get(item.text("category") or "", "Merknad"),
        advice=item.text("advice") or "",
        where=desk.title(home) if home else "",
        until=day_words(until, desk.today),
        by=", ".join(desk.person(author) for author in item.authors),
        may=approved and _may(desk, item),
    )
