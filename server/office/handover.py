"""Overlevering: what is somebody's when they leave, and its passing to another in one act.

Work and cases pass by the leader's own mutations, drafts by the server's hand: a draft is its
authors' alone, so the one who takes it over becomes one. The page shows no word of a draft.
It is no way in for whoever passes it on: a leader takes over no draft themselves while its author
is here still, and what is barred never.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from server import acts, hand, people
from server.access import Actor, all_areas
from server.intake import Result, take
from server.office.barriers import alone_behind, pass_on
from server.office.blueprint import office
from server.office.dates import counted
from server.office.decisions import new_form, patches, send
from server.office.desk import Desk, Item
from server.office.devices import ranges_of, replicas, unsent
from server.office.gate import asks_anew, at_desk, database, seated, sent_form
from server.office.integrations import sees_integrations
from server.office.left_behind import MOST, Line, lines_of
from server.office.plans import Worker, workers
from server.people import User
from server.problems import Problem, ProblemText
from server.records.places import TEAM_STAFF
from server.records.receipt import Receipt
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json, write_instant
from sync.mutation import office_replica

SEALED = "sealed"
"""Stands in the form for all that the leaver alone may know of: neither named nor counted."""
NOBODY = ProblemText(
    422,
    "Velg hvem som tar over, og minst én ting.",
    "Ingenting er endret.",
    "Velg, og prøv igjen.",
)
SOME_LEFT = ProblemText(
    409,
    "Noe kunne ikke overleveres nå.",
    "Det som står igjen på lista, er som det var.",
    "Se på det som står igjen, og prøv igjen, eller velg en annen.",
)


def hands_over(desk: Desk) -> bool:
    """Say whether the reader hands over what others leave: those who lead."""
    return Role.LEADER in desk.actor.roles


@office.get("/people/<user>/handover")
@seated
def handover(desk: Desk, user: str) -> ResponseReturnValue:
    """Show what is somebody's, in the areas that the reader leads."""
    return _page(desk, _whose(desk, user))


@office.post("/people/<user>/handover")
@asks_anew
def hand_over(user: str) -> ResponseReturnValue:
    """Pass what was chosen to another."""
    to, chosen = request.form.get("to", ""), set(request.form.getlist("item")[: 2 * MOST])
    with at_desk() as desk:
        leaver = _whose(desk, user)
        form, _ = sent_form(desk)
        taker = next((w for w in workers(desk) if w.actor.user == to), None)
        lines = [line for line in lines_of(desk, leaver.id) if line.key in chosen]
        alone = _behind(desk, leaver) if SEALED in chosen else {}
        if taker is None or to == leaver.id or not (lines or alone):
            return _page(desk, leaver, NOBODY)
        itself = to == desk.actor.user
        spied = itself and leaver.closed_at is None
        fit = [x for x in lines if _can_take(taker, x) and not (spied and x.way is None)]
        behind = alone if taker.actor.roles & TEAM_STAFF and not itself else {}
        writes = [
            patches(form, line.item, _passed(line, leaver.id, to))
            for line in fit
            if line.way is not None
        ]
        drafts = [line.item for line in fit if line.way is None]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, writes, now) if writes else []
    results += [_join(draft, to, now) for draft in drafts]
    pass_on(behind, leaver.id, to, actor.user, now)
    done = sum(result.state == "applied" for result in results)
    with database().writing() as session:
        acts.note(session, "handed_over", actor.user, now, leaver.id, to=to, records=done)
    if done == len(lines) and behind == alone:
        return redirect(url_for("office.handover", user=leaver.id, done=done + bool(behind)))
    with at_desk() as desk:
        return _page(desk, leaver, SOME_LEFT)


def _join(draft: Item, to: str, now: datetime) -> Result:
    """Make somebody an author of a draft, by the one thing that every draft can be told."""
    taken: dict[str, Json] = {"state": "draft", "by": to, "at": write_instant(now)}
    push = hand.mutation(draft.spec.name, draft.id, "patch", {"status": taken}, to, now)
    (result,) = take(database(), Actor(to, ()), office_replica(to), [push], now, server=True)
    return result


def _whose(desk: Desk, user: str) -> User:
    found = desk.session.get(User, user[:36])
    if found is None or not hands_over(desk):
        raise Problem("no_access")
    return found


def _behind(desk: Desk, leaver: User) -> dict[str, str]:
    """Give what somebody alone may know of, for whoever leads the whole: it lies in no area.

    Nothing before their account is closed: as long as it is open, they name others themselves.
    """
    over = leaver.closed_at is not None and Role.LEADER in desk.actor.roles_in(None)
    return alone_behind(desk.session, leaver.id) if over else {}


def _can_take(taker: Worker, line: Line) -> bool:
    """Say whether somebody may have it: with a role there that the field, or the draft, counts."""
    held = taker.actor.roles_in(line.item.area)
    if line.way is None:
        spec = line.item.spec
        return bool(held & (spec.writers | (spec.named_writers & TEAM_STAFF)))
    return bool(held & (TEAM_STAFF if line.way.is_case else frozenset(Role)))


def _passed(line: Line, leaver: str, to: str) -> dict[str, Json]:
    assert line.way is not None
    name = line.way.field
    if not line.way.spec.fields[name].keyed:
        return {name: to}
    return {f"{name}/{leaver}": None, f"{name}/{to}": True}


def _page(desk: Desk, leaver: User, problem: ProblemText | None = None) -> ResponseReturnValue:
    lines = lines_of(desk, leaver.id)
    desk.items(line.item.area for line in lines if line.item.area)
    held = desk.count(Receipt.spec.name, _held(leaver.id))
    page = render_template(
        "office/handover.html",
        user=leaver.id,
        name=leaver.name,
        closed=leaver.closed_at is not None,
        groups=[
            ("Planlagt arbeid", [x for x in lines if x.way and not x.way.is_case]),
            ("Saker og leieforhold", [x for x in lines if x.way and x.way.is_case]),
            ("Utkast", [x for x in lines if x.way is None]),
        ],
        takers=[w for w in workers(desk) if w.actor.user != leaver.id],
        phones=_phones(desk, leaver.id),
        sealed=SEALED if _behind(desk, leaver) else "",
        held=counted(held, "{antall} registrering", "{antall} registreringer") if held else "",
        duty=_has_duty(desk, leaver.id),
        keys=_keys(desk, leaver.id),
        form=new_form(),
        done=request.args.get("done", 0, type=int) if problem is None else 0,
        problem=problem,
    )
    return page, problem.status if problem else 200


def _held(user: str) -> Any:
    held = select(Receipt.id).where(Receipt.author == user, Receipt.state == "held")
    return lambda found: found.where(Envelope.id.in_(held))


def _has_duty(desk: Desk, user: str) -> bool:
    """Say whether somebody is on duty in an area that the reader leads."""
    led = [a for a in all_areas(desk.session) if Role.LEADER in desk.actor.roles_in(a)]
    return any(people.chosen_for(desk.session, area) == user for area in led)


def _keys(desk: Desk, user: str) -> str:
    """Say how many keys for other systems they made that still open; they have seen each."""
    live = people.live_tokens_by(desk.session, user, desk.now) if sees_integrations(desk) else 0
    return counted(live, "{antall} nøkkel", "{antall} nøkler") if live else ""


def _phones(desk: Desk, user: str) -> list[dict[str, str]]:
    """Give their phones that are not closed and that the reader looks after, and what never came
    in from each.
    """
    theirs = [row for row in replicas(desk) if row.user == user and row.revoked_at is None]
    return [{"id": row.id, "unsent": str(unsent(row)), "gaps": ranges_of(row)} for row in theirs]
