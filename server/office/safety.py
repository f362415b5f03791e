"""Trygt besøk: who is out alone, who is over time or must get out, and who follows it up.

The page decides nothing about a warning; taking it over and ending it are mutations like others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server import people, safety
from server.office.blueprint import office
from server.office.dates import clock_words, moment_words
from server.office.decisions import new_form, patch, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form, settings
from server.office.troubles import trouble
from server.problems import Problem
from server.records.check_in import CheckIn
from server.records.record import Envelope
from server.roles import Role
from server.safety import Letter, Outing
from server.shapes import Json, read_instant, write_instant

KIND = CheckIn.spec.name
ENDED_SHOWN = timedelta(hours=12)
LOOKS_AGAIN_S = 10
"""How often the list is asked for anew by itself."""
TABS = (
    ("office.alone", "Trygt besøk", None),
    ("office.duty", "Vakt", None),
    ("office.alerts", "Merknader", None),
    ("office.incidents", "Hendelser", Role.LEADER),
    ("office.emergency_numbers", "Nødnumre", Role.LEADER),
)


@dataclass(frozen=True)
class Line:
    """One who is out alone, or was lately, in words."""

    item: Item
    who: str
    where: str
    state: str
    tone: str
    facts: tuple[str, ...]
    warned: bool
    """Somebody must look at it now."""
    may: bool
    """The reader may take it over and end it."""
    mine: bool
    ended: bool


def sees_alone(desk: Desk) -> bool:
    """Say whether the reader is among those who may be on duty."""
    return desk.reviews


def admit_to_safety(desk: Desk) -> None:
    """Let those in who may be on duty; for others the page is missing."""
    if not sees_alone(desk):
        raise Problem("no_access")


def tabs(desk: Desk) -> list[tuple[str, str]]:
    """Give the pages about safety that the reader has."""
    return [(page, words) for page, words, role in TABS if not role or role in desk.actor.roles]


def count_warned(desk: Desk) -> int:
    """Count those whom somebody was warned about and nobody follows up."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        return rows.join(CheckIn, CheckIn.id == Envelope.id).where(
            CheckIn.escalated_at.is_not(None),
            CheckIn.ended_at.is_(None),
            CheckIn.taken_by.is_(None),
        )

    return desk.count(KIND, narrow) if sees_alone(desk) else 0


@office.get("/safety")
@seated
def alone(desk: Desk) -> ResponseReturnValue:
    """Show the list, most urgent first."""
    return _list(desk, "office/safety.html")


@office.get("/safety/screen")
@seated
def alone_screen(desk: Desk) -> ResponseReturnValue:
    """Show the same list and nothing else, large: a screen that stands on and is read from afar."""
    return _list(desk, "office/safety_screen.html")


def _list(desk: Desk, template: str) -> ResponseReturnValue:
    admit_to_safety(desk)
    g.asks = True
    session, now = desk.session, desk.now
    running = safety.outings(session)
    ended = safety.ended_lately(session, now - ENDED_SHOWN)
    letters: dict[str, list[Letter]] = {}
    for letter in safety.letters_about(session, [each.id for each in running]):
        letters.setdefault(letter.check_in, []).append(letter)
    running.sort(key=lambda each: (not each.wants_out, each.due_at, each.id))
    sign = people.last_sign(session)
    lines = [line for each in running if (line := _line(desk, each, letters.get(each.id, [])))]
    return render_template(
        template,
        tabs=tabs(desk),
        urgent=[line for line in lines if line.warned],
        others=[line for line in lines if not line.warned],
        over=[line for each in ended if (line := _line(desk, each, []))],
        watched=people.is_watched(session, now),
        sign=moment_words(sign, now),
        mail=settings().smtp is not None,
        push=settings().push is not None,
        form=new_form(),
        seal=seal(line.item for line in lines),
        again=LOOKS_AGAIN_S,
        heard=clock_words(now),
    )


@office.post("/safety/<check_in>/taken")
def take_alone(check_in: str) -> ResponseReturnValue:
    """Say that the reader follows it up."""
    return _say(check_in, "taken_by", lambda desk: desk.actor.user)


@office.post("/safety/<check_in>/ended")
def end_alone(check_in: str) -> ResponseReturnValue:
    """Say that it is over, because the reader has spoken with whoever was out."""
    return _say(check_in, "ended_at", lambda desk: write_instant(desk.now))


def _say(check_in: str, path: str, value: Any) -> ResponseReturnValue:
    with at_desk() as desk:
        item = desk.item(check_in)
        if item is None or item.spec is not CheckIn.spec:
            raise Problem("no_access")
        if not desk.reviews_in(item.area):
            raise Problem("no_access")
        form, _ = sent_form(desk)
        said: Json = value(desk)
        stands = item.body.get(path) is not None and path == "ended_at"
        mutations = [] if stands else [patch(form, item, path, said)]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    if trouble(results):
        raise Problem("no_access")
    return redirect(url_for("office.alone_screen" if "screen" in request.form else "office.alone"))


def _line(desk: Desk, outing: Outing, letters: list[Letter]) -> Line | None:
    """Put one into words, None when it is not the reader's to see."""
    item = desk.item(outing.id)
    if item is None:
        return None
    state, tone = _state(outing, desk)
    home = desk.item(item.text("dwelling"))
    where = ", ".join(words for words in (home and desk.title(home), item.text("meet")) if words)
    return Line(
        item=item,
        who=desk.person(item.body.get("who")),
        where=where or "Sted ikke oppgitt",
        state=state,
        tone=tone,
        facts=tuple(_facts(desk, outing, item, letters)),
        warned=not outing.ended and (outing.wants_out or outing.is_over(desk.now)),
        may=desk.reviews_in(item.area),
        mine=outing.taken and item.body.get("taken_by") == desk.actor.user,
        ended=outing.ended,
    )


def _state(outing: Outing, desk: Desk) -> tuple[str, str]:
    if outing.ended:
        after = outing.body.get("escalated_at") is not None
        return ("Ferdig, etter varselet", "warn") if after else ("Ferdig", "good")
    if outing.wants_out:
        return "Må ut nå", "danger"
    if outing.is_over(desk.now):
        return "Tiden er ute", "danger"
    return "I gang", ""


def _facts(desk: Desk, outing: Outing, item: Item, letters: list[Letter]) -> list[str]:
    """Say what is known, in the order it happened."""
    facts = [f"Startet {_when(desk, item, 'started_at')}"]
    if not outing.ended:
        facts.append(f"Ferdig innen {moment_words(outing.due_at, desk.now)}")
    if outing.clock_doubtful:
        facts.append("Klokka på telefonen var feil. Tiden er regnet fra da dette kom inn")
    if outing.body.get("out_now") is True and outing.ended:
        facts.append("«Må ut nå» ble trykket")
    if item.body.get("escalated_at") is not None:
        names = ", ".join(sorted(desk.person(user) for user in outing.promised))
        facts.append(
            f"Varslet {_when(desk, item, 'escalated_at')}" + (f": {names}" if names else "")
        )
    facts += [_letter_words(desk, letter) for letter in letters]
    if item.body.get("taken_by") is not None:
        facts.append(f"Følges opp av {desk.person(item.body['taken_by'])}")
    if outing.ended:
        facts.append(f"Ferdig {_when(desk, item, 'ended_at')}")
    return facts


def _letter_words(desk: Desk, letter: Letter) -> str:
    way = "E-post" if letter.by_mail else "Varsel i nettleseren"
    to = f"{way} til {desk.person(letter.user)}"
    if letter.sent_at is not None:
        return f"{to} {moment_words(letter.sent_at, desk.now)}"
    again = letter.trouble and not letter.given_up
    return f"{to} er ikke levert" + (": prøver igjen" if again else "")


def _when(desk: Desk, item: Item, path: str) -> str:
    value = item.text(path)
    return moment_words(read_instant(value), desk.now) if value else "ukjent"
