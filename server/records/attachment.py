"""Vedlegg: a picture of something in a record; it holds its thumbnail, never its bytes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    place_beside,
)
from server.shapes import (
    PERSONAL,
    PUBLIC,
    SPECIAL,
    Composite,
    choice,
    code,
    composite,
    instant,
    number,
    patterns,
    picture,
    ref,
    text,
    values,
)
from sync.rules import Rule

PHASES = {"before": "Før", "after": "Etter", "other": "Annet"}
REFUSALS = {
    "format": "Bildet er av et slag vi ikke tar imot",
    "pixels": "Bildet er for stort",
    "unreadable": "Bildet kan ikke leses",
    "different": "Det som kom, er et annet bilde enn det som ble tatt",
}
SIZE_MAX_BYTES = 25_000_000
SHA256 = "[0-9a-f]{64}"
STORED = Composite(
    {
        "sha_stored": values.Words(64, SHA256),
        "bytes": values.Number(1, SIZE_MAX_BYTES),
        "width": values.Number(1, 100_000),
        "height": values.Number(1, 100_000),
        "at": patterns.Moment(),
    }
)
REFUSED = Composite({"reason": values.Choice(REFUSALS), "at": patterns.Moment()})


def place(facts: PlaceFacts) -> Place:
    """An attachment is where the record is that it shows, and with its author."""
    return place_beside(facts, "record")


class Attachment(
    Record,
    kind="attachment",
    order=55,
    words=("Vedlegg", "vedlegg"),
    writers=READER_SETS["home"],
    readers=("home", "visit", "talk"),
    retention=Retention(10, "changed_at", "Følger registreringen det hører til", "archive"),
    parents=("record",),
    place=place,
):
    """What travels at once is this record; its bytes follow by a lane of their own."""

    record: Mapped[str | None] = ref("Gjelder", to="any", required=True, rule=Rule.FIXED)
    path: Mapped[str | None] = code(
        "Felt",
        max=129,
        pattern="[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.-]{1,64})?",
        sentence="Velg et felt.",
        rule=Rule.FIXED,
    )
    drawn_on: Mapped[str | None] = ref(
        "Merket på bildet", to="attachment", loose=True, rule=Rule.FIXED
    )
    caption: Mapped[str | None] = text("Bildetekst", max=200, sensitive=PERSONAL)
    phase: Mapped[str | None] = choice("Tatt", PHASES, rule=Rule.LATEST)
    taken_at: Mapped[datetime | None] = instant("Tidspunkt", rule=Rule.FIXED)
    sha_sent: Mapped[str | None] = code(
        "Fingeravtrykk", max=64, pattern=SHA256, required=True, rule=Rule.FIXED
    )
    size_bytes: Mapped[int | None] = number(
        "Størrelse", min=1, max=SIZE_MAX_BYTES, required=True, rule=Rule.FIXED
    )
    mime: Mapped[str | None] = code(
        "Filtype", max=20, pattern="image/(jpeg|png|webp|heic|heif)", rule=Rule.FIXED
    )
    thumbnail: Mapped[str | None] = picture(
        "Lite bilde", max_bytes=16_384, sensitive=SPECIAL, rule=Rule.FIXED
    )
    stored: Mapped[Any | None] = composite("Lagret bilde", STORED, sensitive=PUBLIC, server=True)
    refused: Mapped[Any | None] = composite("Avvist", REFUSED, sensitive=PUBLIC, server=True)

    example = {
        "record": "018f2c5e-0000-7000-8000-000000000005",
        "path": "answers/NYVRI1-15",
        "caption": "Kondens på vinduet.",
        "phase": "before",
        "taken_at": "2026-11-23T09:12:00.000Z",
        "sha_sent": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "size_bytes": 312_406,
        "mime": "image/jpeg",
        "thumbnail": "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==",
    }
