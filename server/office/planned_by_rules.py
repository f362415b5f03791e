"""Det som blir laget: what the rules would make in the time to come, shown and not made."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from server.access import may_write
from server.office.blueprint import office
from server.office.desk import Desk
from server.office.gate import seated
from server.office.planner import admit
from server.office.plans import day_title
from server.planning.calendar import holiday
from server.planning.generation import HORIZON, countable, upcoming
from server.planning.outcome import Write
from server.planning.rule_book import RuleBook, rule_book
from server.planning.series import SERIES
from server.records import REGISTRY
from server.records.record import KindSpec, Place

AHEAD_DAYS = (28, 90, 180)
"""How far beyond what is made already one may look."""


@office.get("/planner/rules")
@seated
def planned_by_rules(desk: Desk) -> ResponseReturnValue:
    """Show what the rules will make for the areas of this person, and why."""
    admit(desk)
    asked = request.args.get("days", AHEAD_DAYS[0], type=int)
    days = asked if asked in AHEAD_DAYS else AHEAD_DAYS[0]
    book, made_until = rule_book(desk.session), desk.today + HORIZON
    writes = upcoming(desk.session, book, desk.today, made_until + timedelta(days=days))
    mine = [write for write in countable(desk.session, writes) if _is_for(desk, write)]
    places = {str(write.set[name]) for write in mine for name in _PLACES if name in write.set}
    titles = {item.id: desk.title(item) for item in desk.items(places)}
    return render_template(
        "office/planned_by_rules.html",
        lines=[_line(desk, book, write, titles) for write in mine],
        days=days,
        choices=AHEAD_DAYS,
        made_until=day_title(made_until, desk.today),
    )


_PLACES = ("dwelling", "area")


def _is_for(desk: Desk, write: Write) -> bool:
    return may_write(desk.actor, REGISTRY[write.kind], Place(write.area, frozenset()))


def _line(desk: Desk, book: RuleBook, write: Write, titles: dict[str, str]) -> dict[str, object]:
    words, law = why(book, write.rule, REGISTRY[write.kind])
    place = write.set.get("dwelling") or write.set.get("area")
    return {
        "on": day_title(write.on, desk.today) if write.on else "",
        "free": holiday(write.on) if write.on else None,
        "words": words,
        "law": law,
        "place": titles.get(str(place), ""),
        "buildings": sum(path.startswith("buildings/") for path in write.set),
    }


def why(book: RuleBook, rule: str, spec: KindSpec) -> tuple[str, str]:
    """Give what is made, and on what ground: a rule, or what somebody planned to come again."""
    if rule == SERIES:
        return spec.words[0], "Gjentas, som den første ble planlagt"
    written = book.deadlines.get(rule) or book.rounds.get(rule)
    return (written.words, written.law) if written else (spec.words[0], "Regelen er ikke i bruk nå")
