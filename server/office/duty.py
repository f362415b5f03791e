"""Vakt: who is warned in each area, and how the reader is: each sees their own ways alone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils import uuid7

from server import acts, people
from server.access import all_areas
from server.office.blueprint import office
from server.office.desk import Desk
from server.office.gate import at_desk, cookie_name, database, seated, settings, typed
from server.office.safety import admit_to_safety, tabs
from server.problems import Problem, ProblemText
from server.push import ENDPOINT_MAX, is_allowed
from server.roles import Role
from server.smtp import is_address
from server.staff import area_names

NO_ADDRESS = ProblemText(
    422,
    "Dette er ingen e-postadresse.",
    "Ingenting er endret.",
    "Skriv adressen på nytt, for eksempel navn@kommune.no.",
)
NOT_HERE = ProblemText(
    422,
    "Denne nettleseren varsles gjennom en tjeneste som kommunen ikke har godkjent.",
    "Ingenting er endret.",
    "Bruk en annen nettleser, eller skriv e-postadressen din.",
)


@dataclass(frozen=True)
class Watch:
    """Who is warned in one area, and who could be."""

    area: str
    name: str
    chosen: str
    warned: str
    silent: str
    """Those of them whom nothing but the list tells."""
    choices: tuple[tuple[str, str], ...]
    may: bool


@office.get("/safety/duty")
@seated
def duty(desk: Desk) -> ResponseReturnValue:
    """Show who is warned, area by area."""
    return _page(desk)


@office.post("/safety/duty/<area>")
def put_on_duty(area: str) -> ResponseReturnValue:
    """Put somebody on duty in an area, or its leaders."""
    user = request.form.get("user", "")
    with at_desk() as desk:
        admit_to_safety(desk)
        known = area in all_areas(desk.session)
        if not known or not _may_put(desk, area):
            raise Problem("no_access")
        if user and user not in people.may_be_on_duty(desk.session, area):
            raise Problem("no_access")
        by, now = desk.actor.user, desk.now
    with database().writing() as session:
        people.put_on_duty(session, str(uuid7()), area, user or None, by, now)
        acts.note(session, "duty_set", by, now, area, user=user or None)
    return redirect(url_for("office.duty", saved=1))


@office.post("/safety/address")
def keep_address() -> ResponseReturnValue:
    """Keep where the reader gets letters; an empty box forgets it."""
    words = typed(request.form.get("email", ""), 254)
    with at_desk() as desk:
        admit_to_safety(desk)
        if words and not is_address(words):
            return _page(desk, NO_ADDRESS, words)
        user, now = desk.actor.user, desk.now
    with database().writing() as session:
        people.keep_address(session, user, words or None, now)
    return redirect(url_for("office.duty", saved=1))


@office.post("/safety/browser")
def keep_browser() -> ResponseReturnValue:
    """Wake the reader's browser when there is a warning; an empty box lets it be."""
    endpoint, push = typed(request.form.get("endpoint", ""), ENDPOINT_MAX + 1), settings().push
    with at_desk() as desk:
        admit_to_safety(desk)
        if push is None:
            raise Problem("no_access")
        if endpoint and not is_allowed(push, endpoint):
            return _page(desk, NOT_HERE)
    with database().writing() as session:
        people.keep_browser(session, request.cookies[cookie_name()], endpoint or None)
    return redirect(url_for("office.duty", saved=1))


def _may_put(desk: Desk, area: str) -> bool:
    return Role.LEADER in desk.actor.roles_in(area)


def _page(
    desk: Desk, problem: ProblemText | None = None, email: str | None = None
) -> ResponseReturnValue:
    admit_to_safety(desk)
    session, push = desk.session, settings().push
    if push is not None:
        g.workers = "'self'"
    watches = [
        _watch(desk, area, name)
        for area, name in area_names(session).items()
        if desk.reviews_in(area)
    ]
    own = people.address_of(session, desk.actor.user) or "" if email is None else email
    body = render_template(
        "office/duty.html",
        tabs=tabs(desk),
        watches=watches,
        email=own,
        mail=settings().smtp is not None,
        push=push.public_key if push else None,
        woken_at=people.browser_of(session, request.cookies[cookie_name()]) or "",
        saved="saved" in request.args,
        problem=problem,
    )
    return body, problem.status if problem else 200


def _watch(desk: Desk, area: str, name: str) -> Watch:
    session = desk.session
    warned = people.on_duty(session, area)
    told = people.addressed(session, warned)
    if settings().push is not None:
        told |= {user for user, _ in people.woken(session, warned, desk.now)}
    able = people.may_be_on_duty(session, area)
    desk.know({*warned, *able})
    return Watch(
        area=area,
        name=name,
        chosen=people.chosen_for(session, area) or "",
        warned=", ".join(sorted(map(desk.person, warned))),
        silent=", ".join(sorted(desk.person(user) for user in warned if user not in told)),
        choices=tuple(sorted(((user, desk.person(user)) for user in able), key=lambda c: c[1])),
        may=_may_put(desk, area),
    )
