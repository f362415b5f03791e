"""Enheter: which phones there are, when they were last heard from, and what never came in; revoke.

It shows numbers of what was sent, never content, and is no measure of staff.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from server.acts import Act
from server.office.blueprint import office
from server.office.dates import counted, moment_words, since_words
from server.office.desk import DEVICE_KEEPERS, Desk
from server.office.gate import asks_anew, at_desk, cookie_name, database, seated
from server.parcels import CARRIED, PHOTOS_CARRIED
from server.people import (
    Grant,
    Replica,
    close_sessions,
    network_only_users,
    revoke_replica,
)
from server.planning.deadlines import Deadline, Effect
from server.planning.rule_book import rule_book
from server.problems import Problem, ProblemText

SILENT_AFTER = timedelta(hours=24)
GAPS_SHOWN = 20
BROUGHT_SHOWN = 20
BROUGHT = {
    CARRIED: ("{antall} registrering", "{antall} registreringer"),
    PHOTOS_CARRIED: ("{antall} bilde", "{antall} bilder"),
}
SILENT = (
    "{antall} registrering fra {navn} er ikke kommet inn siden {dato}.",
    "{antall} registreringer fra {navn} er ikke kommet inn siden {dato}.",
)


@dataclass
class Line:
    """One phone in the list."""

    id: str
    anchor: str
    name: str
    seen: str
    unsent: int
    gaps: str
    app: str
    contract: int
    revoked: str
    gone: str
    """When it told that all that could be read is deleted; nothing before."""
    readable: str
    """Until when a closed phone that has told nothing yet may be read."""
    network_only: bool
    """It keeps nothing readable once locked, or will from its next contact."""
    told: bool
    """It has had contact since that was set."""
    report_by: str
    """Until when a breach is to be reported, if it is one; nothing once that is over."""


@dataclass(frozen=True)
class Taken:
    """What came of a copy: how much is in custody, and the photos that could not be taken in."""

    records: int
    photos: int
    refused: int


@office.get("/devices")
@seated
def devices(desk: Desk) -> ResponseReturnValue:
    """List the phones, those with work that never came in first."""
    if not desk.keeps_devices:
        raise Problem("no_access")
    return device_page(desk)


def device_page(
    desk: Desk, *, problem: ProblemText | None = None, taken: Taken | None = None
) -> str:
    """Draw the phones, and what came of a copy that was `taken` in."""
    found = replicas(desk)
    desk.know(replica.user for replica in found)
    order = sorted(found, key=lambda each: (-unsent(each), desk.person(each.user), each.id))
    clocks = rule_book(desk.session).about(Replica.__tablename__, Effect.DATE)
    since = {user: row.at for user, row in network_only_users(desk.session).items()}
    return render_template(
        "office/devices.html",
        lines=[_line(desk, each, clocks, since.get(each.user)) for each in order],
        brought=_brought(desk, {replica.user for replica in found}),
        problem=problem,
        taken=taken,
    )


def _brought(desk: Desk, authors: Collection[str]) -> list[str]:
    """Say who lately delivered what others wrote, of those whose phones the reader keeps."""
    wanted = (Act.what.in_(BROUGHT), Act.about.in_(authors))
    query = select(Act).where(*wanted).order_by(Act.at.desc(), Act.id.desc()).limit(BROUGHT_SHOWN)
    acts = desk.session.scalars(query).all()
    desk.know(act.by for act in acts)
    return [
        f"{moment_words(act.at, desk.now)}: {desk.person(act.by)} leverte "
        f"{counted(orjson.loads(act.note)['count'], *BROUGHT[act.what])} "
        f"for {desk.person(act.about or '')}"
        for act in acts
    ]


@office.post("/devices/<replica>/revoke")
@asks_anew
def revoke(replica: str) -> ResponseReturnValue:
    """Close a lost phone and its owner's logins: the phone has one, and it opens the office too.

    What the phone still sends is held, and the rest is deleted at its next contact.
    """
    with at_desk() as desk:
        if replica not in {each.id for each in replicas(desk)}:
            raise Problem("no_access")
        now = desk.now
    with database().writing() as session:
        found = session.get(Replica, replica)
        if found is not None and found.revoked_at is None:
            revoke_replica(session, replica, now)
            mine = request.cookies[cookie_name()]
            close_sessions(session, found.user, now, but=mine)
    return redirect(url_for("office.devices", _anchor=f"r-{replica}"))


def replicas(desk: Desk) -> list[Replica]:
    """Give the phones of those who work where the reader keeps devices; of nobody for others."""
    mine = {area for role, area in desk.actor.grants if role in DEVICE_KEEPERS}
    if not mine:
        return []
    query = select(Replica)
    if None not in mine:
        there = select(Grant.user).where(Grant.area.in_(mine) | Grant.area.is_(None))
        query = query.where(Replica.user.in_(there))
    return list(desk.session.scalars(query))


def ranges_of(replica: Replica) -> str:
    """Write the numbers that never came in from a phone."""
    return ranges(orjson.loads(replica.gaps))


def unsent(replica: Replica) -> int:
    """Count what the phone has announced and not sent."""
    return max(0, replica.announced_n - replica.highest_n)


def ranges(runs: Sequence[Sequence[int]]) -> str:
    """Write runs of numbers as «3, 7–9»."""
    words = [f"{first}" if first == last else f"{first}–{last}" for first, last in runs]
    more = ["…"] if len(words) > GAPS_SHOWN else []
    return ", ".join(words[:GAPS_SHOWN] + more)


def silent(desk: Desk) -> list[dict[str, str]]:
    """Give a sentence for each phone that went silent with work on it."""
    found = [each for each in replicas(desk) if each.revoked_at is None and unsent(each)]
    late = [each for each in found if heard_at(each) < desk.now - SILENT_AFTER]
    desk.know(each.user for each in late)
    return [
        {
            "anchor": f"r-{each.id}",
            "text": counted(unsent(each), *SILENT)
            .replace("{navn}", desk.person(each.user))
            .replace("{dato}", since_words(heard_at(each), desk.now)),
        }
        for each in sorted(late, key=heard_at)
    ]


def heard_at(replica: Replica) -> datetime:
    """Give the moment a phone was last heard from."""
    return replica.last_seen_at or replica.registered_at


def readable(until: datetime | None, desk: Desk) -> str:
    """Say until when what is on a phone can be read there, by the lease that it was last granted.

    Nothing where its app never named a lease that it goes by.
    """
    if until is None:
        return ""
    if until <= desk.now:
        return "Det som er på den, kan ikke leses mer."
    return f"Det som er på den, kan leses til senest {moment_words(until, desk.now)}."


def report_by(desk: Desk, replica: Replica, clocks: Sequence[Deadline]) -> str:
    """Say until when a breach is to be reported; nothing once that is over."""
    ends = [rule.due_at(replica.revoked_at) for rule in clocks if replica.revoked_at]
    open_still = [end for end in ends if end > desk.now]
    return moment_words(min(open_still), desk.now) if open_still else ""


def _line(
    desk: Desk, replica: Replica, clocks: Sequence[Deadline], network_only: datetime | None
) -> Line:
    return Line(
        id=replica.id,
        anchor=f"r-{replica.id}",
        name=desk.person(replica.user),
        seen=moment_words(heard_at(replica), desk.now),
        unsent=unsent(replica),
        gaps=ranges_of(replica),
        app=replica.app,
        contract=replica.contract,
        network_only=network_only is not None,
        told=network_only is None or heard_at(replica) >= network_only,
        revoked=moment_words(replica.revoked_at, desk.now) if replica.revoked_at else "",
        gone=moment_words(replica.emptied_at, desk.now) if replica.emptied_at else "",
        readable=readable(replica.readable_until, desk),
        report_by=report_by(desk, replica, clocks),
    )
