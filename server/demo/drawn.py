"""Drawn pictures for the demo municipality: plain shapes, so that no home and nobody is shown."""

from __future__ import annotations

import hashlib
import io
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from PIL import Image, ImageDraw
from sqlalchemy import select

from server.config import Settings
from server.database import Database
from server.demo.municipality import Person, made_up_id
from server.demo.pen import Edit, made, phone_of
from server.photos import attachments
from server.photos.attachments import Announced, Upload
from server.shapes import Json, write_instant

SIZE, SMALL = (1200, 900), (240, 180)
WALL, FLOOR, DARK, LINE, WATER = "#e9e4da", "#b9ada0", "#3c4650", "#7b6f63", "#8fb3c4"
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True)
class Drawn:
    """One picture, and which field of what it is a picture of."""

    name: str
    record: str
    who: Person
    phase: str
    caption: str
    draw: Callable[[Pen], None]

    @property
    def id(self) -> str:
        """Give the attachment's id."""
        return made_up_id("picture", self.name)

    def written(self, at: datetime) -> Edit:
        """Give the record that travels before the bytes."""
        whole, small = _jpegs(self.draw)
        values: dict[str, Json] = {
            "record": self.record,
            "caption": self.caption,
            "phase": self.phase,
            "taken_at": write_instant(at),
            "sha_sent": hashlib.sha256(whole).hexdigest(),
            "size_bytes": len(whole),
            "mime": "image/jpeg",
            "thumbnail": b64encode(small).decode(),
        }
        return made("attachment", self.id, values)


def bring_pictures(database: Database, settings: Settings, now: datetime, *all: Drawn) -> None:
    """Bring the bytes in, once; the scheduler redraws them as it does what a phone sent."""
    with database.reading() as session:
        ids = [each.id for each in all]
        here = set(session.scalars(select(Upload.id).where(Upload.id.in_(ids))))
    store = attachments.store_of(settings)
    for each in all:
        if each.id not in here:
            whole, _ = _jpegs(each.draw)
            sha = hashlib.sha256(whole).hexdigest()
            said = Announced(each.id, each.who.id, phone_of(each.who), len(whole), sha)
            attachments.receive(database, store, said, 0, whole, now)


def pram(draw: Pen) -> None:
    """Draw a pram before a stair."""
    _room(draw)
    for step in range(6):
        left, top = 640 + 80 * step, 640 - 90 * step
        draw.rectangle((left, top, 1200, top + 90), fill=FLOOR, outline=LINE, width=4)
    draw.pieslice((240, 330, 600, 690), 150, 360, fill=DARK)
    draw.line((590, 500, 690, 390), fill=DARK, width=14)
    for wheel in (300, 500):
        draw.ellipse((wheel - 60, 650, wheel + 60, 770), fill=WALL, outline=DARK, width=14)


def drain(draw: Pen) -> None:
    """Draw a drain with water standing over it."""
    _tiles(draw)
    draw.ellipse((240, 230, 980, 700), fill=WATER)
    _grate(draw)


def mended_drain(draw: Pen) -> None:
    """Draw the same drain, dry."""
    _tiles(draw)
    _grate(draw)


def open_door(draw: Pen) -> None:
    """Draw a door that stands open."""
    _room(draw)
    draw.rectangle((430, 150, 800, 760), fill=DARK)
    draw.polygon([(430, 150), (250, 210), (250, 830), (430, 760)], fill="#7d4a3c", outline=LINE)
    draw.ellipse((268, 500, 296, 528), fill=WALL)


def _room(draw: Pen) -> None:
    draw.rectangle((0, 0, *SIZE), fill=WALL)
    draw.rectangle((0, 740, *SIZE), fill=FLOOR)


def _tiles(draw: Pen) -> None:
    draw.rectangle((0, 0, *SIZE), fill=WALL)
    for x in range(0, SIZE[0], 150):
        draw.line((x, 0, x, SIZE[1]), fill=FLOOR, width=5)
    for y in range(0, SIZE[1], 150):
        draw.line((0, y, SIZE[0], y), fill=FLOOR, width=5)


def _grate(draw: Pen) -> None:
    draw.ellipse((470, 320, 750, 600), fill=FLOOR, outline=DARK, width=12)
    for x in range(530, 720, 45):
        draw.line((x, 400, x, 520), fill=DARK, width=14)


@cache
def _jpegs(picture: Callable[[Pen], None]) -> tuple[bytes, bytes]:
    """Give a picture in full and small."""
    image = Image.new("RGB", SIZE)
    picture(ImageDraw.Draw(image))
    return _jpeg(image), _jpeg(image.resize(SMALL))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
