"""Det som er laget: what the rules have made, when, on what ground, and what has become of it.

What was deleted stands here too, as long as its place is the reader's to see. Read only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import orjson
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Row, and_, or_, select

from server import access_log, ledger
from server.access import barred, may_write_clause, visible_clause
from server.office.blueprint import office
from server.office.dates import day_words, moment_words
from server.office.desk import Desk, Item
from server.office.gate import seated
from server.office.planned_by_rules import why
from server.office.planner import admit, day_in
from server.office.plans import day_title
from server.planning.calendar import start_of
from server.planning.rule_book import RuleBook, rule_book
from server.planning.series import SERIES
from server.records.activity import Activity
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, KindSpec
from server.records.round import Round
from server.shapes import Json
from sync.mutation import is_id

SPAN = timedelta(days=28)
LINES_MAX = 300
PLACES = ("dwelling", "building", "area")
MADE: tuple[tuple[KindSpec, str, tuple[str, ...]], ...] = (
    (PlannedVisit.spec, "planned_on", ("rule", "series")),
    (Round.spec, "planned_on", ("rule",)),
    (Activity.spec, "held_on", ("series",)),
)
"""The kinds that rules make, the day they are for, and the fields that say which rule made them."""


@dataclass(frozen=True)
class Made:
    """A record that rules made, and where it is."""

    row: Row[Any]
    body: Mapping[str, Any]
    place: Item


@dataclass(frozen=True)
class Line:
    """One thing that was made."""

    id: str
    made: str
    words: str
    on: str
    place: str
    law: str
    now: str
    taken_back: bool


@office.get("/planner/made")
@seated
def made_by_rules(desk: Desk) -> ResponseReturnValue:
    """Show what the rules made in four weeks, the newest first."""
    admit(desk)
    last = min(day_in(desk, request.args.get("until", "")) or desk.today, desk.today)
    found, book = _made(desk, last), rule_book(desk.session)
    shown = found[:LINES_MAX]
    for made in shown:
        access_log.note(desk.session, made.row.kind, (made.row.id,))
    return render_template(
        "office/made_by_rules.html",
        lines=[_line(desk, book, made) for made in shown],
        cut=len(found) > LINES_MAX,
        first=day_title(last - SPAN + timedelta(days=1), desk.today),
        last=day_title(last, desk.today),
        earlier=_link(last - SPAN),
        later=_link(last + SPAN) if last < desk.today else None,
    )


def _link(until: date) -> str:
    return url_for("office.made_by_rules", until=until.isoformat())


def _made(desk: Desk, last: date) -> list[Made]:
    """Give what was made where the reader plans, deleted or not: one more than a page has room for.

    What is not the reader's to see is left out before anything is cut: else what was made elsewhere
    would take the room of what was made here.
    """
    begins, ends = start_of(last - SPAN + timedelta(days=1)), start_of(last + timedelta(days=1))
    asked: Any = (
        select(Envelope.id, Envelope.kind, Envelope.body, Envelope.deleted, Envelope.created_at)
        .where(
            or_(*(_is_made(desk, spec, names) for spec, _, names in MADE)),
            or_(Envelope.deleted, visible_clause(desk.scopes)),
            Envelope.created_at >= begins,
            Envelope.created_at < ends,
        )
        .order_by(Envelope.created_at.desc(), Envelope.id)
        .limit(LINES_MAX + 1)
    )
    found: list[Made] = []
    for start in count(0, LINES_MAX + 1):
        rows = desk.session.execute(asked.offset(start)).all()
        found += _placed(desk, rows)
        if len(rows) <= LINES_MAX or len(found) > LINES_MAX:
            return found
    raise AssertionError("unreachable")


def _is_made(desk: Desk, spec: KindSpec, names: tuple[str, ...]) -> ColumnElement[bool]:
    """Give the condition under which rules made a record of a kind that the reader plans."""
    model: Any = spec.model
    by_rule = select(model.id).where(or_(*(getattr(model, name).is_not(None) for name in names)))
    return and_(
        Envelope.kind == spec.name, may_write_clause(desk.actor, spec), Envelope.id.in_(by_rule)
    )


def _placed(desk: Desk, rows: Sequence[Row[Any]]) -> list[Made]:
    """Lay rows beside where they are; what is gone shows where the reader may see its place.

    What is gone and was of something barred is barred still, whoever may see the home.
    """
    bodies: list[Mapping[str, Any]] = [orjson.loads(row.body) for row in rows]
    hidden = _barred(desk, rows, bodies)
    wanted = [_place(body) for body in bodies]
    known = {item.id: item for item in desk.items([*filter(None, wanted)])}
    return [
        Made(row, body, known[place])
        for row, body, place in zip(rows, bodies, wanted, strict=True)
        if place in known and row.id not in hidden
    ]


def _barred(desk: Desk, rows: Sequence[Row[Any]], bodies: Sequence[Mapping[str, Any]]) -> set[str]:
    """Give those of the deleted that were barred then, or hang on what is barred now."""
    gone = {row.id: body for row, body in zip(rows, bodies, strict=True) if row.deleted}
    over = {id: {id, *filter(is_id, body.values())} for id, body in gone.items()}
    shut = barred(desk.session, {each for all_of in over.values() for each in all_of})
    return {id for id, all_of in over.items() if all_of & shut}


def _place(body: Mapping[str, Any]) -> str | None:
    return next((str(body[name]) for name in PLACES if body.get(name)), None)


def _line(desk: Desk, book: RuleBook, made: Made) -> Line:
    row, body = made.row, made.body
    spec, day, _ = next(one for one in MADE if one[0].name == row.kind)
    words, law = why(book, str(body.get("rule") or SERIES), spec)
    on = body.get(day)
    said, taken_back = _now(desk, row, body)
    return Line(
        id=row.id,
        made=moment_words(row.created_at, desk.now),
        words=words,
        on=day_words(date.fromisoformat(on), desk.today) if isinstance(on, str) else "",
        place=desk.title(made.place),
        law=law,
        now=said,
        taken_back=taken_back,
    )


def _now(desk: Desk, row: Row[Any], body: Mapping[str, Json]) -> tuple[str, bool]:
    """Say what has become of it, and who took it back and when."""
    handling = body.get("handling")
    state = handling.get("state") if isinstance(handling, Mapping) else None
    if row.deleted:
        return f"Tatt bort {_by(desk, row.id, '*')}", True
    if body.get("cancelled") is True or state == "cancelled":
        path = "cancelled" if "cancelled" in body else "handling"
        return f"Avlyst {_by(desk, row.id, path)}", True
    return ("Gjort" if body.get("done") is True or state in ("done", "held") else "Står"), False


def _by(desk: Desk, id: str, path: str) -> str:
    """Give «i går kl. 12.10 av Kari», of the last write there; a deletion touches the whole."""
    wrote: list[tuple[datetime, str]] = [
        (entry.received_at, entry.author)
        for entry in ledger.of_record(desk.session, id)
        if entry.state == "applied"
        and (path == "*" or any(line["path"] == path for line in entry.effect))
    ]
    if not wrote:
        return ""
    at, author = wrote[-1]
    return f"{moment_words(at, desk.now)} av {desk.person(author)}"
