"""What is received but cannot be used yet: why, whose it is, what it says, and a new try.

It reads receipts, which `visible` places; it settles nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server import acts, ledger, people
from server.intake import judge_again
from server.office import present
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated
from server.problems import Problem
from server.records import REGISTRY
from server.records.record import Envelope
from server.roles import Role

RECEIPT = REGISTRY["receipt"]
HELD_MAX = 200
CLOSED = "replica_revoked"
REASONS = {
    "access": "du har ikke tilgang lenger",
    "ref": "noe det viser til, er ikke kommet fram",
    "gone": "registreringen er slettet",
    "invalid": "noe er fylt ut feil",
    "unreadable": "det kan ikke leses",
    "mid_clash": "telefonen er satt tilbake til en eldre kopi",
    CLOSED: "telefonen er stengt",
    "duplicate_id": "det ligner en annen registrering",
    "schema": "tjenesten må oppdateres",
    "fault": "det er en feil hos oss",
}
"""The reasons of words.md, as their author reads them."""
ADVICE = {
    "access": "Skal {navn} ha tilgang, gis den på nytt, og så trykker du Prøv på nytt. Ellers kan"
    " den som har tilgang nå, skrive det inn der det hører hjemme.",
    "ref": "Kommer det fram, tas dette i bruk av seg selv. Er leieforholdet avsluttet ved en feil,"
    " angrer du det på boligens side og trykker Prøv på nytt.",
    CLOSED: "Er dette det {navn} selv skrev før telefonen ble borte, kan den som leder, ta det i"
    " bruk, og alt annet som er kommet fra den telefonen. Den er fortsatt stengt.",
    "gone": "Hentes registreringen fram igjen, tas dette i bruk av seg selv.",
}
"""What the office can do about it; for other reasons there is nothing but a new try."""
RECEIVED = "Kontoret har mottatt dette, men kan ikke bruke det ennå: {grunn}. Ingenting er tapt."
ANSWER = " Du får svar her."
STILL = "Det kan fortsatt ikke brukes. Ingenting er tapt."
RELEASED = "Det er tatt i bruk."


def held_receipts(found: Select[Any]) -> Select[Any]:
    """Leave the receipts of what is held, the oldest first."""
    model: Any = RECEIPT.model
    return (
        found.join(model, model.id == Envelope.id)
        .where(model.state == "held")
        .order_by(Envelope.created_at, Envelope.id)
    )


@office.get("/held")
@seated
def held(desk: Desk) -> ResponseReturnValue:
    """Show what is held, with its reason."""
    items = desk.found(RECEIPT.name, held_receipts, HELD_MAX)
    tried = request.args.get("tried", "")
    still = any(item.id == tried for item in items)
    return render_template(
        "office/held.html",
        items=[_shown(desk, item) for item in items],
        tried={"released": not still, "words": STILL if still else RELEASED} if tried else None,
    )


@office.post("/held/<receipt>/retry")
def retry(receipt: str) -> ResponseReturnValue:
    """Judge it once more against today's rights and records, with the author's others like it."""
    with at_desk() as desk:
        item = desk.item(receipt)
        if item is None or item.spec is not RECEIPT or not desk.reviews:
            raise Problem("no_access")
        reason, author, now = item.text("reason") or "", item.text("author"), desk.now
        by = desk.actor.user
        released = item.text("replica") if _may_release(desk, item) else None
    if released:
        with database().writing() as session:
            people.release_replica(session, released, now)
            acts.note(session, "phone_work_released", by, now, released, author=author)
    tried = judge_again(database(), now, reason, author=author)
    with database().writing() as session:
        acts.note(session, "held_tried_again", by, now, receipt, reason=reason, records=tried)
    return redirect(url_for("office.held", tried=receipt))


def _may_release(desk: Desk, item: Item) -> bool:
    """Say whether the reader may vouch for what a closed phone left: whoever leads there."""
    return item.text("reason") == CLOSED and Role.LEADER in desk.actor.roles_in(item.area)


def _shown(desk: Desk, item: Item) -> dict[str, Any]:
    spec = REGISTRY.get(item.text("about_kind") or "")
    about = desk.item(item.text("about"))
    written = item.body.get("set")
    paths = written if isinstance(written, Mapping) else {}
    author = desk.person(item.body.get("author"))
    author_reads = item.body.get("author") == desk.actor.user
    home = desk.item(_text(paths.get("dwelling")))
    entry = ledger.find(desk.session, [item.text("mid") or ""]).get(item.text("mid") or "")
    return {
        "id": item.id,
        "kind_words": spec.words[0] if spec else "Registrering",
        "title": desk.title(about) if about else "",
        "about_link": about.id if about else None,
        "sentence": sentence(item.text("reason"), author, author_reads),
        "advice": ADVICE.get(item.text("reason") or "", "").replace("{navn}", author),
        "home": home.id if home else None,
        "author": author,
        "received": moment_words(entry.received_at if entry else item.created_at, desk.now),
        "reviewed": desk.reviews,
        "may_retry": desk.reviews and item.text("reason") != CLOSED,
        "may_release": _may_release(desk, item),
        "rows": [
            {
                "label": present.path_label(desk, spec, path) if spec else path,
                "words": present.path_words(desk, spec, path, value)
                if spec
                else present.any_words(value),
            }
            for path, value in paths.items()
        ],
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def sentence(reason: str | None, author: str, author_reads: bool) -> str:
    """Say why it cannot be used: the author reads «du», the office a name."""
    why = REASONS.get(reason or "", REASONS["fault"])
    if author_reads:
        return RECEIVED.replace("{grunn}", why) + ANSWER
    named = f"{author}{why.removeprefix('du')}" if why.startswith("du ") else why
    return RECEIVED.replace("{grunn}", named)
