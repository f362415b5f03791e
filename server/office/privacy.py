"""Sletting: what the rules of retention would end tonight, who confirmed them, and what is held.

It shows counts and dates, and no record. Nothing ends before these very rules were confirmed here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from server import people
from server.access import Actor, today_of, visible
from server.keeping import holds, proposals, receipts, retention, side_tables
from server.keeping.holds import Hold
from server.keeping.retention import Due
from server.office.beside import UNTOLD, hidden
from server.office.blueprint import office
from server.office.dates import counted, moment_words
from server.office.desk import Desk
from server.office.erased import erased_words
from server.office.gate import asks_anew, at_desk, database, moment, seated, typed
from server.problems import Problem
from server.roles import Role
from sync.mutation import is_id

KEEPERS = frozenset({Role.LEADER, Role.ADMIN})
SEERS = KEEPERS | {Role.PRIVACY}
UNSEEN = "En registrering du ikke ser"
ENDINGS = {
    "erased": ("{antall} registrering slettes", "{antall} registreringer slettes"),
    "cleared": (
        "{antall} registrering mister personopplysningene",
        "{antall} registreringer mister personopplysningene",
    ),
    "archived": (
        "{antall} registrering er klar for arkiv og blir stående til arkivet har mottatt den",
        "{antall} registreringer er klare for arkiv og blir stående til arkivet har mottatt dem",
    ),
    "held": (
        "{antall} registrering er stanset og blir stående",
        "{antall} registreringer er stanset og blir stående",
    ),
    "undated": (
        "{antall} registrering mangler datoen fristen regnes fra, og blir stående",
        "{antall} registreringer mangler datoen fristen regnes fra, og blir stående",
    ),
}


def sees_privacy(desk: Desk) -> bool:
    """Say whether the reader sees what would end."""
    return bool(desk.actor.roles & SEERS)


@office.get("/privacy")
@seated
def privacy(desk: Desk) -> ResponseReturnValue:
    """Show what would end, and offer to confirm it or to hold it."""
    return _page(desk)


@office.post("/privacy/confirm")
@asks_anew
def confirm_retention() -> ResponseReturnValue:
    """Confirm the rules that were shown; if they changed since, show them again."""
    shown = request.form.get("rules", "")
    with database().reading() as session:
        stand = shown == retention.fingerprint(session)
    if not stand:
        return _refused("Reglene er endret siden du åpnet siden. Se på lista igjen.")
    return _do(lambda session, user: retention.confirm(session, user, moment(), shown))


@office.post("/privacy/holds")
def place_hold() -> ResponseReturnValue:
    """Hold one record, or everything, with a reason."""
    reason = typed(request.form.get("reason", ""), holds.REASON_MAX)
    record = typed(request.form.get("record", ""), 36).lower()
    if not reason:
        return _refused("Skriv hvorfor det skal stanses.")
    if record and not is_id(record):
        return _refused("Nummeret til registreringen kan ikke leses. Kopier det fra adresselinja.")
    return _do(lambda session, user: holds.place(session, record or None, reason, user, moment()))


@office.post("/privacy/holds/<hold>/lift")
@asks_anew
def lift_hold(hold: str) -> ResponseReturnValue:
    """Lift a hold."""
    return _do(lambda session, user: holds.lift(session, hold[:36], user, moment()))


def _do(work: Callable[[Session, str], object]) -> ResponseReturnValue:
    user = keeper().user
    with database().writing() as session:
        work(session, user)
    return redirect(url_for("office.privacy"))


def keeper() -> Actor:
    """Give the reader, if they decide for the whole organisation; raises the problem no_access."""
    login: people.Login = g.login
    actor = Actor(login.user, login.grants)
    if not actor.roles_in(None) & KEEPERS:
        raise Problem("no_access")
    return actor


def _refused(sentence: str) -> ResponseReturnValue:
    keeper()
    with at_desk() as desk:
        return make_response(_page(desk, sentence), 422)


def _page(desk: Desk, refused: str = "") -> str:
    if not sees_privacy(desk):
        raise Problem("no_access")
    confirmed, standing = retention.confirmed(desk.session), holds.standing(desk.session)
    desk.know({hold.by for hold in standing} | ({confirmed.by} if confirmed else set()))
    return render_template(
        "office/privacy.html",
        lines=[_line(one, today_of(desk.now)) for one in retention.due(desk.session, desk.now)],
        beside=[
            {
                "what": one.kept.what,
                "rule": counted(one.kept.days or 0, "{antall} dag", "{antall} dager"),
                "ending": counted(one.rows, "{antall} rad slettes", "{antall} rader slettes"),
            }
            for one in side_tables.due(desk.session, desk.now)
        ],
        erasures=erased_words(receipts.told(desk.session), desk),
        rules=retention.fingerprint(desk.session),
        confirmed=confirmed
        and {"who": desk.person(confirmed.by), "when": moment_words(confirmed.at, desk.now)},
        holds=_holds(desk, standing),
        may_decide=bool(desk.actor.roles_in(None) & KEEPERS),
        proposed=len(proposals.waiting(desk.session)),
        refused=refused,
        given=request.form,
    )


def _holds(desk: Desk, standing: Collection[Hold]) -> list[dict[str, str]]:
    """Say what is held and why: of a record to who may know of it, or sees to the whole."""
    ids = {hold.record for hold in standing if hold.record}
    told = ids if desk.actor.roles_in(None) & SEERS else visible(desk.session, desk.scopes, ids)
    told = told - hidden(desk, ids)

    def words(hold: Hold) -> tuple[str, str]:
        if hold.record is None:
            return "Alt", hold.reason
        known = hold.record in told
        return (f"Registrering {hold.record}", hold.reason) if known else (UNSEEN, UNTOLD)

    return [
        {
            "id": hold.id,
            "what": words(hold)[0],
            "reason": words(hold)[1],
            "who": desk.person(hold.by),
            "when": moment_words(hold.at, desk.now),
        }
        for hold in standing
    ]


def endings_of(one: Due) -> list[str]:
    """Say in words what would become of what is due."""
    endings = [(getattr(one, name), words) for name, words in ENDINGS.items()]
    return [counted(count, *words) for count, words in endings if count]


def _line(one: Due, today: date) -> dict[str, object]:
    rule = one.spec.retention
    return {
        "name": one.spec.name,
        "kind": one.spec.words[0],
        "rule": counted(rule.years, "{antall} år", "{antall} år") + f". {rule.basis}.",
        "endings": endings_of(one),
        "oldest": f"{one.oldest.day}.{one.oldest.month}.{one.oldest.year}" if one.oldest else "",
    }
