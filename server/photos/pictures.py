"""Makes a picture safe to keep: upright, small and without a word about where or how it was taken.

It runs as a program of its own with hard limits, for what it opens may be hostile: bytes on
standard input, on standard output one line of JSON and what it names. It may import nothing of ours
and needs no network, no key and no file. `redraw` is the one function that the server calls.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from PIL import Image

PIXELS_MAX = 50_000_000
SIDE_MAX_PIXELS, PICTURE_MAX_BYTES = 1600, 350_000
SMALL_SIDE_MAX_PIXELS, SMALL_MAX_BYTES = 320, 16_384
QUALITIES = (85, 78, 70, 60, 50, 40)
SHRINKS = 0.75
"""How much smaller a picture is drawn that is still too large at the lowest quality."""
MEMORY_MAX_BYTES = 1_280 << 20
"""Enough for the largest picture we take, in full, twice over, and the libraries."""
CPU_MAX_SECONDS, WAIT_MAX_SECONDS = 20, 30
ANSWER_MAX_BYTES = 1 << 20
FILES_MAX = 32
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
BEGINNINGS: tuple[tuple[int, bytes], ...] = (
    (0, b"\xff\xd8\xff"),
    (0, b"\x89PNG\r\n\x1a\n"),
    (8, b"WEBP"),
    (4, b"ftyphei"),
    (4, b"ftyphev"),
    (4, b"ftypmif1"),
    (4, b"ftypmsf1"),
)
"""What the formats that we take begin with, and where; nothing else comes near a decoder."""


class Refused(Exception):
    """The bytes are no picture that we take; the text is the reason's code."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: two JPEGs that hold nothing but pixels."""

    jpeg: bytes
    small: bytes
    width: int
    height: int


def redraw(original: bytes) -> Picture:
    """Give the picture in the bytes, redrawn in a process with limits; raises Refused.

    What that process does not survive, for want of memory or time, is unreadable too.
    """
    with _in_memory(original) as given, _in_memory(b"") as answer:
        program = [sys.executable, "-I", os.path.abspath(__file__)]
        try:
            done = subprocess.run(
                program,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                timeout=WAIT_MAX_SECONDS,
            )
        except subprocess.TimeoutExpired as slow:
            raise Refused("unreadable") from slow
        answer.seek(0)
        said = answer.read(ANSWER_MAX_BYTES)
    head, _, rest = said.partition(b"\n")
    if done.returncode != 0 or not head:
        raise Refused("unreadable")
    words = json.loads(head)
    if "refused" in words:
        raise Refused(words["refused"])
    jpeg, small = rest[: words["jpeg"]], rest[words["jpeg"] :]
    return Picture(jpeg, small, words["width"], words["height"])


def _in_memory(content: bytes) -> BinaryIO:
    """Give a file that is never on a disk; unlike a pipe it has a size that can be limited."""
    file = os.fdopen(os.memfd_create("picture"), "w+b")
    file.write(content)
    file.seek(0)
    return file


def limit() -> None:
    """Give this process its limits, before the first byte is looked at."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MAX_BYTES),
        (resource.RLIMIT_CPU, CPU_MAX_SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER_MAX_BYTES),
        (resource.RLIMIT_NOFILE, FILES_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def draw(original: bytes) -> Picture:
    """Give the picture in the bytes; only for the process that has limits. Raises Refused."""
    if not any(original[at : at + len(sign)] == sign for at, sign in BEGINNINGS):
        raise Refused("format")
    try:
        whole = _upright(_opened(original))
        jpeg, width, height = _encoded(whole, SIDE_MAX_PIXELS, PICTURE_MAX_BYTES)
        small, _, _ = _encoded(whole, SMALL_SIDE_MAX_PIXELS, SMALL_MAX_BYTES)
    except Refused:
        raise
    except Exception as bad:  # the decoders raise whatever they like
        raise Refused("unreadable") from bad
    return Picture(jpeg, small, width, height)


def _opened(original: bytes) -> Image.Image:
    """Open a picture by its header alone, and look at its size before anything is decoded."""
    import pillow_heif
    from PIL import Image

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and is no warning
    opened = Image.open(io.BytesIO(original), formats=FORMATS)
    if opened.width * opened.height > PIXELS_MAX:
        raise Refused("pixels")
    opened.draft("RGB", (2 * SIDE_MAX_PIXELS, 2 * SIDE_MAX_PIXELS))
    return opened


def _upright(opened: Image.Image) -> Image.Image:
    """Give the first picture as plain RGB in sRGB, turned as it was held, and nothing else."""
    from PIL import Image, ImageOps

    opened.load()
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((2 * SIDE_MAX_PIXELS, 2 * SIDE_MAX_PIXELS))
    plain = _in_srgb(turned)
    if "A" in plain.getbands() or "transparency" in plain.info:
        white = Image.new("RGBA", plain.size, "white")
        white.alpha_composite(plain.convert("RGBA"))
        plain = white
    plain = plain.convert("RGB")
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    """Turn the colours of a picture with a profile of its own; a broken profile is left out."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, srgb, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _encoded(image: Image.Image, side: int, most_bytes: int) -> tuple[bytes, int, int]:
    """Encode as JPEG within a side and a size, first at less quality, then smaller."""
    from PIL import Image

    while True:
        drawn = image.copy()
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            out = io.BytesIO()
            drawn.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most_bytes:
                return out.getvalue(), drawn.width, drawn.height
        side = int(side * SHRINKS)


def main() -> None:
    """Read a picture, and answer: what it is in a line of JSON, then the picture and its little."""
    limit()
    out = sys.stdout.buffer
    try:
        picture = draw(sys.stdin.buffer.read())
    except Refused as refused:
        out.write(json.dumps({"refused": str(refused)}).encode() + b"\n")
        return
    head = {"width": picture.width, "height": picture.height, "jpeg": len(picture.jpeg)}
    out.write(json.dumps(head).encode() + b"\n" + picture.jpeg + picture.small)


if __name__ == "__main__":
    main()
