"""Photos of a record: their thumbnails wherever a page shows the record, and the picture itself.

It gives out nothing but what was redrawn, or the small picture that travelled with the record.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk, Item
from server.office.gate import seated, settings
from server.photos import attachments
from server.problems import Problem
from server.records.attachment import PHASES, REFUSALS, Attachment
from server.records.record import Envelope
from server.shapes import read_instant

ON_ITS_WAY = "Bildet er ikke kommet fram ennå"
MARKED = ", med merke"
PHOTOS_MAX = 100


@dataclass(frozen=True)
class Photo:
    """One photo as a page shows it."""

    id: str
    path: str | None
    words: str
    """Who took it and when; what is in it nobody knows but who looks."""
    caption: str
    phase: str
    trouble: str
    whole: bool
    small: bool


def record_photos(record: str) -> list[Photo]:
    """Give the photos of a record that the reader of this page may see, oldest first."""
    desk: Desk | None = g.get("desk")
    if desk is None:
        return []

    def narrow(found: Select[Any]) -> Select[Any]:
        return (
            found.join(Attachment, Attachment.id == Envelope.id)
            .where(Attachment.record == record)
            .order_by(Envelope.created_at, Envelope.id)
        )

    found = desk.found(Attachment.spec.name, narrow, PHOTOS_MAX)
    desk.know(author for item in found for author in item.authors)
    return [_photo(desk, item) for item in found]


@office.app_context_processor
def _shown() -> dict[str, Any]:
    return {"record_photos": record_photos}


@office.get("/photos/<id>")
@seated
def photo(desk: Desk, id: str) -> ResponseReturnValue:
    """Give a photo, or with ?small=1 its thumbnail; forbidden and missing look the same."""
    small = request.args.get("small") == "1"
    store = attachments.store_of(settings())
    jpeg = attachments.picture(desk.session, store, desk.scopes, id, small=small)
    if jpeg is None and small:
        jpeg = _travelled(desk, id)
    if jpeg is None:
        raise Problem("no_access")
    return Response(jpeg, mimetype="image/jpeg")


def _travelled(desk: Desk, id: str) -> bytes | None:
    """Give the small picture in the record itself, while the large one is on its way."""
    item = desk.item(id)
    small = item.text("thumbnail") if item else None
    return b64decode(small) if small else None


def _photo(desk: Desk, item: Item) -> Photo:
    refused, taken = item.body.get("refused"), item.text("taken_at")
    who = ", ".join(desk.person(author) for author in item.authors)
    when = moment_words(read_instant(taken) if taken else item.created_at, desk.now)
    stored = item.body.get("stored") is not None
    trouble = "" if stored else ON_ITS_WAY
    if isinstance(refused, Mapping):
        trouble = REFUSALS.get(str(refused.get("reason")), REFUSALS["unreadable"])
    phase = item.text("phase")
    return Photo(
        id=item.id,
        path=item.text("path"),
        words=f"Bilde tatt av {who}, {when}{MARKED if item.text('drawn_on') else ''}",
        caption=item.text("caption") or "",
        phase=PHASES.get(phase, "") if phase in ("before", "after") else "",
        trouble=trouble,
        whole=stored,
        small=stored or item.text("thumbnail") is not None,
    )
