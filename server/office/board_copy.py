"""What a board may have: marked as shared by one button, and printed from a list of fields alone.

A field that stands in no list here leaves the house on no page of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from server.office import present
from server.office.blueprint import office
from server.office.decisions import patches, send
from server.office.desk import Desk, Item
from server.office.folder import draw
from server.office.folders import head_of
from server.office.gate import at_desk, database, seated, sent_form
from server.office.line import ACTS, Act
from server.office.pages import page_of
from server.office.troubles import trouble
from server.problems import Problem, ProblemText
from server.records.cooperation_log import CooperationLog
from server.records.event import Event
from server.records.record import READER_SETS
from server.shapes import Json


@dataclass(frozen=True)
class Shareable:
    """One kind with words that may leave the house: which, when they did, and what goes along."""

    words: str
    on: str
    along: tuple[str, ...]


SHAREABLE: Mapping[str, Shareable] = {
    Event.spec.name: Shareable(
        "shared_minutes", "minutes_shared_on", ("name", "type", "held_on", "held_at", "meet")
    ),
    CooperationLog.spec.name: Shareable("shared", "shared_on", ("talked_on",)),
}
NOTHING = ProblemText(
    422,
    "Det er ingenting å dele ennå.",
    "Ingenting er delt.",
    "Skriv teksten som styret kan få, og del på nytt.",
)


MOVED = ProblemText(
    409,
    "Teksten er endret siden siden ble vist.",
    "Ingenting er delt.",
    "Les den på nytt, og del den da.",
)


def shares_with_boards(desk: Desk, area: str | None) -> bool:
    """Say whether somebody talks with boards in an area; the landlord's side does not for us."""
    return bool(desk.actor.roles_in(area) & READER_SETS["work"])


@office.post("/shared/<record>")
def share_with_board(record: str) -> ResponseReturnValue:
    """Mark the shareable words as shared today, and go on to the page that prints them alone."""
    with at_desk() as desk:
        item, shareable = _find(desk, record)
        form, shown = sent_form(desk)
        head = head_of(desk, item) or item
        if not item.text(shareable.words):
            return draw(desk, head.id, NOTHING)
        today: dict[str, Json] = {shareable.on: desk.today.isoformat()}
        mutations = [] if item.text(shareable.on) else [patches(form, item, today)]
        moved = shown.get(item.id) != item.seq
        if moved and mutations:
            return draw(desk, head.id, MOVED)
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    if problem := trouble(results):
        with at_desk() as desk:
            return draw(desk, head.id, problem)
    return redirect(url_for("office.board_copy", record=record))


@office.get("/shared/<record>")
@seated
def board_copy(desk: Desk, record: str) -> ResponseReturnValue:
    """Show what the board may have of one record, ready to print; nothing before it is shared."""
    item, shareable = _find(desk, record)
    if not item.text(shareable.on):
        raise Problem("no_access")
    return render_template(
        "office/board_copy.html",
        title=item.text("name") or item.spec.words[0],
        facts=[
            (item.spec.fields[n].label, w) for n in shareable.along if (w := words(desk, item, n))
        ],
        text=item.text(shareable.words),
        back=page_of(desk, item),
    )


def words(desk: Desk, item: Item, name: str) -> str:
    """Put one field in words; nothing where it is not filled in."""
    value = item.body.get(name)
    return present.value_words(desk, item.spec.fields[name], value) if value is not None else ""


def _find(desk: Desk, record: str) -> tuple[Item, Shareable]:
    """Find what may leave the house; who talks with boards there writes such records as well."""
    item = desk.item(record)
    shareable = SHAREABLE.get(item.spec.name) if item else None
    if item is None or shareable is None or not shares_with_boards(desk, item.area):
        raise Problem("no_access")
    return item, shareable


def _acts(desk: Desk, item: Item) -> list[Act]:
    """Offer to share what is written and not shared, and to print what is."""
    shareable = SHAREABLE[item.spec.name]
    address = url_for("office.share_with_board", record=item.id)
    if item.text(shareable.on):
        return [Act("Vis det styret har fått", address)]
    return [Act("Del med styret", address, posts=True)] if item.text(shareable.words) else []


for _kind in SHAREABLE:
    ACTS[_kind] = _acts
