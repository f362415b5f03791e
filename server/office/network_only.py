"""Bare på nett: whose phones keep nothing readable once locked, set and lifted with a reason.

An administrator decides for everybody, a leader for those who work where they lead; nobody for
themselves. The phone is told at its next contact.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import acts, people
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.gate import asks_anew, at_desk, database, seated, typed
from server.people import User
from server.problems import Problem, ProblemText
from server.roles import Role

REASON_MAX = 400
NO_REASON = ProblemText(
    422,
    "Du har ikke skrevet hvorfor.",
    "Ingenting er endret.",
    "Skriv det kort, uten navn på beboere, og lagre på nytt.",
)


def decides(desk: Desk, user: str, works: Collection[str | None]) -> bool:
    """Say whether the reader sets and lifts it for somebody who works in these areas."""
    if user == desk.actor.user:
        return False
    if Role.ADMIN in desk.actor.roles_in(None):
        return True
    led = {area for role, area in desk.actor.grants if role is Role.LEADER}
    return None in led or bool(led and {None, *led} & set(works))


@office.get("/people/<user>/network-only")
@seated
def network_only(desk: Desk, user: str) -> ResponseReturnValue:
    """Show whether it holds for somebody, what that means, and who decided it."""
    return _page(desk, _whose(desk, user))


@office.post("/people/<user>/network-only")
@asks_anew
def set_network_only(user: str) -> ResponseReturnValue:
    """Set it for somebody, or lift it."""
    reason, lifts = typed(request.form.get("reason", ""), REASON_MAX), "lift" in request.form
    with at_desk() as desk:
        found = _whose(desk, user)
        if not reason:
            return _page(desk, found, NO_REASON)
        by, now = desk.actor.user, desk.now
    with database().writing() as session:
        if people.set_network_only(session, user, not lifts, reason, by, now):
            what = "network_only_lifted" if lifts else "network_only_set"
            acts.note(session, what, by, now, user)
    return redirect(url_for("office.network_only", user=user))


def _whose(desk: Desk, user: str) -> User:
    found = desk.session.get(User, user[:36])
    if found is None or found.closed_at is not None:
        raise Problem("no_access")
    works = [area for _, area in people.grants_of(desk.session, {found.id})[found.id]]
    if not decides(desk, found.id, works):
        raise Problem("no_access")
    return found


def _page(desk: Desk, user: User, problem: ProblemText | None = None) -> ResponseReturnValue:
    story = people.network_only_story(desk.session, user.id)
    desk.know(row.by for row in story)
    page = render_template(
        "office/network_only.html",
        user=user.id,
        name=user.name,
        holds=bool(story) and story[0].holds,
        story=[
            {
                "what": "Satt" if row.holds else "Tatt bort",
                "by": desk.person(row.by),
                "at": moment_words(row.at, desk.now),
                "reason": row.reason,
            }
            for row in story
        ],
        reason_max=REASON_MAX,
        problem=problem,
    )
    return page, problem.status if problem else 200
