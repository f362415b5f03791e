"""One record: its fields by the contract, its history, its receipts, and addenda to it.

It changes nothing in the record; words that are added afterwards are a record of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.access import may_write
from server.office import present
from server.office.barriers import may_bar
from server.office.blueprint import office
from server.office.bundles import Bundle, bundle, may_decide, open_questions
from server.office.dates import moment_words
from server.office.decisions import create, new_form, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form, typed
from server.office.history import events
from server.office.insight_access import keeps_subject
from server.office.log import sees_readers
from server.office.notices import letter_link
from server.office.pages import page_of
from server.office.rights import changeable, open_fields
from server.office.waiting import HEAD, PARTS
from server.problems import Problem, ProblemText
from server.records import REGISTRY
from server.records.record import Envelope, Place
from server.shapes import Json

ADDED = REGISTRY["addendum"]
RECEIPT = REGISTRY["receipt"]
WORDS_MAX = 4000
RECEIPTS_MAX = 50
NOT_ADDED = ProblemText(
    409,
    "Tillegget er mottatt, men kan ikke brukes ennå.",
    "Det du skrev, er tatt vare på.",
    "Spør lederen din.",
)
EMPTY = ProblemText(
    422, "Tillegget er tomt.", "Ingenting er endret.", "Skriv tillegget, og trykk Lagre tillegget."
)


@dataclass
class Shown:
    """The head of the page."""

    id: str
    name: str
    status: Mapping[str, Any] | None
    locked: bool
    bundle: str | None
    """The head that it is decided under, where somebody may open that."""
    bundle_words: str
    sections: list[present.Section]


@office.get("/records/<record>")
@seated
def record(desk: Desk, record: str) -> ResponseReturnValue:
    """Show one record."""
    return _page(desk, record)


@office.post("/records/<record>/addenda")
def add_words(record: str) -> ResponseReturnValue:
    """Add words to a record."""
    words = typed(request.form.get("words", ""), WORDS_MAX)
    with at_desk() as desk:
        item = _find(desk, record)
        if not words or not _may_add(desk, item):
            return _page(desk, record, EMPTY, words)
        form, _ = sent_form(desk)
        mutation = create(form, ADDED.name, {"record": item.id, "words": words})
        actor, now = desk.actor, desk.now
    results = send(database(), actor, [mutation], now)
    if results[0].state != "applied":
        with at_desk() as desk:
            return _page(desk, record, NOT_ADDED, words)
    return redirect(url_for("office.record", record=record))


def _find(desk: Desk, record: str) -> Item:
    item = desk.item(record)
    if item is None or item.spec is RECEIPT:
        raise Problem("no_access")
    return item


def _page(
    desk: Desk, record: str, problem: ProblemText | None = None, kept: str = ""
) -> ResponseReturnValue:
    item = _find(desk, record)
    part = present.part(desk, item)
    for path, review in open_questions(desk, [item.id]).get(item.id, {}).items():
        if row := part.row(path):
            row.question = review
    body = render_template(
        "office/record.html",
        shown=_shown(desk, item, part),
        links=_links(desk, item),
        addenda=added_words(desk, item),
        events=events(desk, item),
        receipts=_receipts(desk, item),
        may_add=_may_add(desk, item),
        letter=letter_link(desk, item),
        may_edit=bool(open_fields(desk, item)) and bool(changeable(desk, [item])),
        home=_home(desk, item),
        may_bar=may_bar(desk, item),
        keeps_subject=keeps_subject(desk, item),
        sees_readers=sees_readers(desk, item.area),
        form=new_form(),
        kept=kept,
        problem=problem,
    )
    return body, problem.status if problem else 200


def _shown(desk: Desk, item: Item, part: present.Part) -> Shown:
    status = item.body.get("status")
    head = _head_of(desk, item)
    found = bundle(desk, head) if head else None  # what is never sent in is in no bundle
    return Shown(
        id=item.id,
        name=present.record_name(desk, item),
        status=status if isinstance(status, Mapping) else None,
        locked=item.locked_at is not None,
        bundle=head,
        bundle_words=_bundle_words(desk, found) if found else "",
        sections=part.sections,
    )


def _head_of(desk: Desk, item: Item) -> str | None:
    """Give the visit that a record is reviewed with, when the reader may see it, else itself."""
    for spec, name in PARTS:
        if item.spec is spec and (visit := desk.item(item.text(name))):
            return visit.id
    return item.id if item.spec is HEAD or desk.reviews_in(item.area) else None


def _bundle_words(desk: Desk, found: Bundle) -> str:
    if found.open(desk) and may_decide(desk, found):
        return "Godkjenn eller send tilbake"
    return "Hele besøket" if found.head.spec is HEAD else "Avgjørelsen"


def _home(desk: Desk, item: Item) -> str:
    """Give the page that the record is told on, where it has one besides this."""
    page = page_of(desk, item)
    return "" if page.startswith(url_for("office.record", record=item.id)) else page


def _links(desk: Desk, item: Item) -> list[dict[str, str]]:
    """Give the records that this one refers to and, for a visit, those that hang on it."""
    targets = [item.text(name) for name, field in item.spec.fields.items() if field.to]
    found = desk.items(target for target in targets if target)
    if item.spec is HEAD:
        for spec, name in PARTS:
            found += desk.found(spec.name, _where(spec.model, name, item.id))
    return [{"id": other.id, "name": present.record_name(desk, other)} for other in found]


def added_words(desk: Desk, item: Item) -> list[dict[str, str]]:
    """Give what was added to a record afterwards, by whom and when."""
    found = desk.found(ADDED.name, _where(ADDED.model, "record", item.id))
    return [
        {
            "words": other.text("words") or "",
            "who": ", ".join(desk.person(user) for user in other.authors),
            "when": moment_words(other.created_at, desk.now),
        }
        for other in found
    ]


def _receipts(desk: Desk, item: Item) -> list[dict[str, str]]:
    found = desk.found(RECEIPT.name, _where(RECEIPT.model, "about", item.id), RECEIPTS_MAX)
    return [
        {
            "words": present.path_words(desk, RECEIPT, "state", other.body.get("state")),
            "who": desk.person(other.body.get("author")),
            "when": moment_words(other.changed_at, desk.now),
        }
        for other in found
    ]


def _where(model: Any, name: str, value: Json) -> Any:
    def narrow(found: Select[Any]) -> Select[Any]:
        return (
            found.join(model, model.id == Envelope.id)
            .where(getattr(model, name) == value)
            .order_by(Envelope.created_at, Envelope.id)
        )

    return narrow


def _may_add(desk: Desk, item: Item) -> bool:
    """Say whether the reader may add words here; intake has the last word."""
    if "status" not in item.spec.fields:
        return False
    return may_write(desk.actor, ADDED, Place(item.area, frozenset(), frozenset(item.authors)))
