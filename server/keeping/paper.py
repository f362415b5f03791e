"""Words on paper: a template and what it is to say, drawn as PDF by Typst.

Nothing that is said is ever read as markup: it goes in as data. What has pictures is drawn by this
file as a program of its own: Typst holds every picture several times over, and keeps them.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

ARCHIVE_STANDARD: Final = "a-2b"
WAIT_MAX_SECONDS = 120
OPEN_FILES = "/proc/self/fd"
"""A folder where each open file stands by its number, also one that has no name on any disk."""


class NoSuchSign(Exception):
    """A sign that no font here has cannot stand in an archive PDF; the text names it."""


class NotDrawn(Exception):
    """The program that draws did not end well; nothing of what was said is in the text."""


class Album:
    """Pictures in memory, one after the other in a file that has no name and is on no disk."""

    def __init__(self) -> None:
        self.file = in_memory()
        self.places: dict[str, tuple[int, int]] = {}
        """Where each begins, and its size in bytes."""

    def add(self, name: str, picture: bytes) -> None:
        """Lay a picture in, after the others."""
        self.places[name] = (self.file.tell(), len(picture))
        self.file.write(picture)

    def picture(self, name: str) -> bytes:
        """Give the picture of a name."""
        self.file.flush()
        start, size = self.places[name]
        return os.pread(self.file.fileno(), size, start)


def as_archive_pdf(template: Path, said: Mapping[str, Any], made_at: datetime) -> bytes:
    """Draw as PDF/A-2b: fonts within, a colour profile, no transparency; raises NoSuchSign."""
    import typst

    try:
        return _drawn(template, said, made_at, pdf_standards=ARCHIVE_STANDARD)
    except typst.TypstError as bad:
        raise NoSuchSign(bad.message) from bad


def as_pdf_with(
    album: Album, template: Path, said: Mapping[str, Any], made_at: datetime
) -> BinaryIO:
    """Draw what has pictures as PDF/A-2b, or as an ordinary PDF where a sign has no font here.

    The template finds the number of each picture's file in `said.files`. The album is empty
    afterwards. Raises NotDrawn.
    """
    album.file.flush()
    asked = {
        "template": str(template),
        "said": said,
        "made": int(made_at.timestamp()),
        "album": album.file.fileno(),
        "places": album.places,
    }
    answer = in_memory()
    with in_memory(json.dumps(asked).encode()) as given:
        try:
            done = subprocess.run(
                [sys.executable, "-I", os.path.abspath(__file__)],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                pass_fds=(album.file.fileno(),),
                env={"LC_ALL": "C.UTF-8"},
                timeout=WAIT_MAX_SECONDS,
            )
        except subprocess.TimeoutExpired as slow:
            raise NotDrawn(f"not within {WAIT_MAX_SECONDS} seconds") from slow
    if done.returncode:
        raise NotDrawn(f"ended with {done.returncode}")
    return answer


def in_memory(content: bytes = b"") -> BinaryIO:
    """Give a file that is on no disk, from its beginning."""
    file = os.fdopen(os.memfd_create("paper"), "w+b")
    file.write(content)
    file.seek(0)
    return file


def _drawn(template: Path, said: Mapping[str, Any], made_at: datetime, **how: Any) -> bytes:
    import typst

    inputs, made = {"said": json.dumps(said, ensure_ascii=False)}, int(made_at.timestamp())
    text = template.read_bytes()
    drawn = typst.compile(
        text, sys_inputs=inputs, timestamp=made, format="pdf", font_paths=_fonts(), **how
    )
    assert isinstance(drawn, bytes)
    return drawn


@cache
def _fonts() -> Any:
    """Look for fonts once: that takes a hundred times as long as to draw a page."""
    import typst

    return typst.Fonts()


def _taken_apart(album: int, places: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Give each picture a file of its own, the last first, so that none is held twice for long."""
    found = {}
    for name, (start, size) in reversed(list(places.items())):
        found[name] = os.memfd_create("picture")
        os.write(found[name], os.pread(album, size, start))
        os.ftruncate(album, start)
    return found


def main() -> None:
    """Draw what standard input asks for onto standard output."""
    import typst

    asked = json.load(io.TextIOWrapper(sys.stdin.buffer, "utf-8"))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    files = _taken_apart(asked["album"], asked["places"])
    said = json.dumps({**asked["said"], "files": files}, ensure_ascii=False)
    how: dict[str, Any] = {
        "output": f"{OPEN_FILES}/1",
        "root": OPEN_FILES,
        "format": "pdf",
        "sys_inputs": {"said": said},
        "timestamp": asked["made"],
        "font_paths": _fonts(),
    }
    text = Path(asked["template"]).read_bytes()
    try:
        typst.compile(text, pdf_standards=ARCHIVE_STANDARD, **how)
    except typst.TypstError:
        typst.compile(text, **how)


if __name__ == "__main__":
    main()
