"""Makes photos as cameras and attackers do; it holds no expectation."""

from __future__ import annotations

import io
import random
import struct
from hashlib import sha256

import pillow_heif
from PIL import Image

from server.shapes import Json

ORIENTATION, GPS, CAMERA = 0x0112, 0x8825, 0x0110
CAMERA_NAME = "Testkamera 3"
TOP, BOTTOM = (200, 30, 30), (30, 30, 200)
"""What is up in the picture as its maker saw it is red, what is down is blue."""


def scene(width: int = 900, height: int = 1200) -> Image.Image:
    """Give a picture that is red above and blue below."""
    image = Image.new("RGB", (width, height), TOP)
    image.paste(BOTTOM, (0, height // 2, width, height))
    return image


def noise(width: int, height: int) -> Image.Image:
    """Give a picture that no encoder makes small, the same each time."""
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(3 * width * height))


def photo(image: Image.Image | None = None, format: str = "JPEG") -> bytes:
    """Give a photo as a phone's camera writes it: lying on its side, with place and camera.

    HEIF turns a picture by a word of its own, and whoever reads it must not turn it once more.
    """
    held = image or scene()
    if format != "HEIF":
        held = held.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, CAMERA_NAME
    exif.get_ifd(GPS).update({1: "N", 2: (59.0, 54.0, 41.0), 3: "E", 4: (10.0, 45.0, 8.0)})
    return encoded(held, format, exif=exif)


def encoded(image: Image.Image, format: str, **how: object) -> bytes:
    """Give an image as a file."""
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    image.save(out, format, **how)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """Open a file as a picture."""
    return Image.open(io.BytesIO(content))


def moving(format: str) -> bytes:
    """Give a moving picture of two views; the first is the scene."""
    return encoded(scene(), format, save_all=True, append_images=[noise(900, 1200)])


def bomb() -> bytes:
    """Give 169 megapixels in some 20 kilobytes."""
    return encoded(Image.new("1", (13_000, 13_000)), "PNG")


def said_to_be(content: bytes, width: int, height: int) -> bytes:
    """Give a JPEG or HEIF whose header says that it is of another size than it is."""
    if content.startswith(b"\xff\xd8"):
        at = content.index(b"\xff\xc0") + 5
        return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]
    at = content.index(b"ispe") + 8
    return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]


def attachment(record: str, content: bytes, **changes: Json) -> dict[str, Json]:
    """Give the body of an attachment whose bytes are these."""
    body: dict[str, Json] = {
        "record": record,
        "phase": "before",
        "taken_at": "2026-11-23T08:00:00.000Z",
        "sha_sent": sha256(content).hexdigest(),
        "size_bytes": max(len(content), 1),
        "mime": "image/jpeg",
        "thumbnail": "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==",
        **changes,
    }
    return {path: value for path, value in body.items() if value is not None}
