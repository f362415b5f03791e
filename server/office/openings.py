"""Nødtilgang: opening a home for some hours with a reason, and the leader's look at each opening.

What an opening opens is read on the ordinary pages; this one makes it, ends it and reviews it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from server import openings, people, safety
from server.office.beside import UNTOLD, untold
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk, Item
from server.office.gate import asks_anew, at_desk, database, seated, settings, typed
from server.office.homes import place
from server.office.opened import may_open, opened_until
from server.openings import MAY_OPEN, Opening
from server.problems import Problem, ProblemText
from server.records.dwelling import Dwelling
from server.roles import Role
from sync.mutation import is_id

SHOWN_MAX = 100
OVERSEERS = frozenset({Role.LEADER})
SEERS = OVERSEERS | {Role.PRIVACY}
NO_REASON = ProblemText(
    422,
    "Skriv hvorfor du trenger nødtilgang.",
    "Ingenting er åpnet.",
    "Skriv minst noen ord om hva som haster.",
)


def sees_openings(desk: Desk) -> bool:
    """Say whether the reader has a use for the list: who may open sees their own, a leader all."""
    return bool(desk.actor.roles & (MAY_OPEN | SEERS))


def overseen(desk: Desk) -> frozenset[str] | None:
    """Give the areas whose openings the reader looks at; None for all, and none for most."""
    areas = {area for role, area in desk.actor.grants if role in SEERS}
    return None if None in areas else frozenset(filter(None, areas))


def openings_waiting(desk: Desk) -> int:
    """Count the openings that wait for this leader."""
    if not desk.actor.roles & OVERSEERS:
        return 0
    return len(openings.waiting(desk.session, overseen(desk), desk.actor.user))


@office.get("/openings")
@seated
def opening_list(desk: Desk) -> ResponseReturnValue:
    """Show the reader's own openings, and to a leader those of their areas."""
    if not sees_openings(desk):
        raise Problem("no_access")
    rows = openings.latest(desk.session, overseen(desk), SHOWN_MAX)
    own = openings.live(desk.session, desk.actor.user, desk.actor.grants, desk.now)
    rows = list({row.id: row for row in (*own, *rows)}.values())
    desk.know({row.user for row in rows} | {row.reviewed_by for row in rows if row.reviewed_by})
    silent = untold(desk, [row.id for row in rows])
    lines = [_line(desk, row, told=row.id not in silent) for row in rows]
    return render_template(
        "office/openings.html",
        waiting=[line for line in lines if line["may_review"]],
        others=[line for line in lines if not line["may_review"]],
    )


@office.get("/dwellings/<dwelling>/opening")
@seated
def opening_form(desk: Desk, dwelling: str) -> ResponseReturnValue:
    """Say what an opening is, and ask why."""
    return _form(desk, _home(desk, dwelling))


@office.post("/dwellings/<dwelling>/opening")
@asks_anew
def open_dwelling(dwelling: str) -> ResponseReturnValue:
    """Open a home for the reader, and tell its leaders."""
    why = typed(request.form.get("why", ""), openings.WHY_MAX)
    with at_desk() as desk:
        home = _home(desk, dwelling)
        if len(why) < openings.WHY_MIN:
            return _form(desk, home, NO_REASON, why)
        user, now, id, area = desk.actor.user, desk.now, home.id, str(home.area)
    with database().writing() as session:
        row = openings.open_home(session, user, id, area, why, now)
        leaders = people.leaders_of(session, area) - {user}
        safety.address_letters(session, row.id, safety.OPENING, leaders, now, safety.OPENING)
    return redirect(url_for("office.dwelling", dwelling=id))


@office.post("/openings/<opening>/close")
def close_opening(opening: str) -> ResponseReturnValue:
    """End an opening before its time; its own holder does."""

    def end(session: Session, row: Opening, desk: Desk) -> None:
        openings.close(session, row, desk.actor.user, desk.now)

    return _change(opening, lambda desk, row: row.user == desk.actor.user, end)


@office.post("/openings/<opening>/review")
def review_opening(opening: str) -> ResponseReturnValue:
    """Write down that a leader looked at an opening, and what they found; never their own."""
    fit, words = request.form.get("fit"), typed(request.form.get("words", ""), openings.WHY_MAX)

    def found(session: Session, row: Opening, desk: Desk) -> None:
        if fit in ("yes", "no") and row.reviewed_at is None:
            openings.review(session, row, fit == "yes", words, desk.actor.user, desk.now)

    return _change(opening, _may_review, found)


def _change(
    opening: str,
    may: Callable[[Desk, Opening], bool],
    work: Callable[[Session, Opening, Desk], None],
) -> ResponseReturnValue:
    with at_desk() as desk:
        row = desk.session.get(Opening, opening) if is_id(opening) else None
        if row is None or not may(desk, row):
            raise Problem("no_access")
    with database().writing() as session:
        work(session, session.get_one(Opening, opening, with_for_update=True), desk)
    return redirect(url_for("office.opening_list"))


def _may_review(desk: Desk, row: Opening) -> bool:
    leads = bool(desk.actor.roles_in(row.area) & OVERSEERS)
    return leads and row.user != desk.actor.user


def _home(desk: Desk, id: str) -> Item:
    item = place(desk, id, Dwelling.spec)
    if not may_open(desk, item):
        raise Problem("no_access")
    return item


def _form(
    desk: Desk, home: Item, problem: ProblemText | None = None, why: str = ""
) -> ResponseReturnValue:
    page = render_template(
        "office/opening.html",
        home=home.id,
        title=desk.title(home),
        why=why,
        why_max=openings.WHY_MAX,
        hours=int(openings.LASTS.total_seconds() // 3600),
        open_until=opened_until(desk, home.id),
        problem=problem,
        mail=settings().smtp is not None,
    )
    return page, problem.status if problem else 200


def _line(desk: Desk, row: Opening, *, told: bool) -> dict[str, Any]:
    home = desk.item(row.home)
    verdict = ""
    if row.reviewed_by:
        found = "i orden" if row.fit else "ikke i orden"
        when = moment_words(row.reviewed_at, desk.now) if row.reviewed_at else ""
        verdict = f"Sett av {desk.person(row.reviewed_by)} {when}: {found}"
    return {
        "id": row.id,
        "who": desk.person(row.user),
        "home": home.id if home else None,
        "title": desk.title(home) if home else "En bolig du ikke ser",
        "at": moment_words(row.at, desk.now),
        "until": moment_words(row.until, desk.now),
        "open": row.until > desk.now,
        "why": (row.why or openings.FORGOTTEN) if told else UNTOLD,
        "verdict": verdict,
        "words": (row.words or "") if told else "",
        "mine": row.user == desk.actor.user,
        "may_review": row.reviewed_at is None and _may_review(desk, row),
    }
