"""Integrasjoner: which other systems may read or bring in, as what, until when; made and revoked.

A token is shown once, to the leader of the whole who made it: whoever has it reads by it, so nobody
makes one that reads more than they do. An administrator closes them. The page shows no record.
"""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import acts, people, staff
from server.access import all_areas
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.gate import asks_anew, at_desk, database, seated, typed
from server.people import IMPORTS_AS, LASTS_DAYS, TOKEN_ROLES, ApiToken
from server.problems import Problem, ProblemText
from server.records import REGISTRY
from server.records.record import READER_SETS, KindSpec
from server.roles import ROLE_LABELS, Role

NAME_MAX = 100
LOOKERS = frozenset({Role.ADMIN, Role.LEADER, Role.PRIVACY})
INCOMPLETE = ProblemText(
    422,
    "Navn, rolle og minst ett slag må velges.",
    "Ingenting er laget.",
    "Fyll ut det som mangler, og prøv igjen.",
)


def sees_integrations(desk: Desk) -> bool:
    """Say whether the reader sees which systems have access to the whole."""
    return bool(desk.actor.roles_in(None) & LOOKERS)


def _makes(desk: Desk) -> bool:
    return Role.LEADER in desk.actor.roles_in(None)


def _closes(desk: Desk) -> bool:
    return bool(desk.actor.roles_in(None) & {Role.LEADER, Role.ADMIN})


@office.get("/integrations")
@seated
def integrations(desk: Desk) -> ResponseReturnValue:
    """List the tokens, and offer a leader of the whole to make one."""
    return _page(desk)


@office.post("/integrations")
@asks_anew
def make_integration() -> ResponseReturnValue:
    """Make a token and show it once."""
    name, area = typed(request.form.get("name", ""), NAME_MAX), request.form.get("area", "")
    asked, days = request.form.get("role", ""), request.form.get("days", "")
    kinds = set(request.form.getlist("kinds")) & {spec.name for spec in _readable()}
    imports = bool(request.form.get("imports"))
    with at_desk() as desk:
        if not _makes(desk):
            raise Problem("no_access")
        role = next((each for each in TOKEN_ROLES if each.value == asked), None)
        known = not area or area in all_areas(desk.session)
        if not name or role is None or not known or not (kinds or imports):
            return _page(desk, INCOMPLETE)
        by, now = desk.actor.user, desk.now
    lasts = timedelta(days=int(days) if days in map(str, LASTS_DAYS) else LASTS_DAYS[0])
    with database().writing() as session:
        row, secret = people.make_token(
            session,
            name,
            role,
            area or None,
            kinds,
            imports=imports,
            by=by,
            expires_at=now + lasts,
            now=now,
        )
        said = {"role": row.role, "area": row.area, "kinds": row.kinds, "imports": row.imports}
        acts.note(session, "token_made", by, now, row.id, **said)
    with at_desk():
        return make_response(render_template("office/integration.html", name=name, secret=secret))


@office.post("/integrations/<token>/revoke")
@asks_anew
def revoke_integration(token: str) -> ResponseReturnValue:
    """Let a system in no more."""
    with at_desk() as desk:
        if not _closes(desk) or desk.session.get(ApiToken, token[:36]) is None:
            raise Problem("no_access")
        by, now = desk.actor.user, desk.now
    with database().writing() as session:
        if people.revoke_token(session, token, now):
            acts.note(session, "token_revoked", by, now, token)
    return redirect(url_for("office.integrations"))


def _readable() -> list[KindSpec]:
    """Give the kinds that some token could read: what some role of theirs may, and people made."""
    sets = {name for name, roles in READER_SETS.items() if roles & set(TOKEN_ROLES)}
    made = [spec for spec in REGISTRY.values() if not (spec.server_only or spec.server_made)]
    return [spec for spec in made if sets & {*spec.readers}]


def _page(desk: Desk, problem: ProblemText | None = None) -> ResponseReturnValue:
    if not sees_integrations(desk):
        raise Problem("no_access")
    areas, rows = staff.area_names(desk.session), people.all_tokens(desk.session)
    desk.know(row.made_by for row in rows)
    page = render_template(
        "office/integrations.html",
        lines=[_line(desk, row, areas) for row in rows],
        may_make=_makes(desk),
        may_close=_closes(desk),
        areas=areas,
        roles={role.value: ROLE_LABELS[role] for role in TOKEN_ROLES},
        imports_as=ROLE_LABELS[IMPORTS_AS],
        kinds=sorted(((spec.name, spec.words[1]) for spec in _readable()), key=itemgetter(1)),
        days=LASTS_DAYS,
        problem=problem,
        given=request.form,
        chosen=request.form.getlist("kinds"),
    )
    return page, problem.status if problem else 200


def _line(desk: Desk, row: ApiToken, areas: dict[str, str]) -> dict[str, Any]:
    where = areas.get(row.area, "et område som er slettet") if row.area else "hele organisasjonen"
    kinds = [REGISTRY[kind].words[1] for kind in row.kinds.split(",") if kind in REGISTRY]
    state = ""
    if row.revoked_at is not None:
        state = f"Stengt {moment_words(row.revoked_at, desk.now)}"
    elif row.expires_at <= desk.now:
        state = f"Gikk ut {moment_words(row.expires_at, desk.now)}"
    return {
        "id": row.id,
        "name": row.name,
        "reads_as": f"{ROLE_LABELS[Role(row.role)]}, {where}",
        "kinds": ", ".join(kinds) or "ingen",
        "imports": row.imports,
        "made": f"{desk.person(row.made_by)}, {moment_words(row.made_at, desk.now)}",
        "used": moment_words(row.used_at, desk.now) if row.used_at else "aldri",
        "expires": moment_words(row.expires_at, desk.now),
        "over": state,
    }
