"""A paper with pictures: drawn by a program of its own, from files that are on no disk."""

from __future__ import annotations

import os
import resource
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.keeping.paper import Album, NotDrawn, as_pdf_with
from tests import paper
from tests.makers import NOW
from tests.photos import encoded, scene

JPEG = encoded(scene(30, 40), "JPEG")
TEMPLATE = """\
#set document(date: auto)
#let said = json(bytes(sys.inputs.said))
#for name in said.names {
  let drawn = "<image width='30' height='40' href='" + str(said.files.at(name)) + "'/>"
  let size = "width='30' height='40'"
  image(bytes("<svg xmlns='http://www.w3.org/2000/svg' " + size + ">" + drawn + "</svg>"))
}
#text(said.words)
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE)
    return path


@pytest.fixture
def few_files() -> Iterator[int]:
    """Let this process have few more files open than it has; gives how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = max(map(int, os.listdir("/proc/self/fd"))) + 30
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, hard))
    yield few
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def picture(number: int) -> bytes:
    """Give a picture that differs from the others by a remark."""
    remark = b"%06d" % number
    return JPEG[:2] + b"\xff\xfe" + (len(remark) + 2).to_bytes(2, "big") + remark + JPEG[2:]


def album_of(count: int) -> Album:
    album = Album()
    for number in range(count):
        album.add(str(number), picture(number))
    return album


def draw(template: Path, album: Album, words: str = "Alt vel.") -> bytes:
    said = {"names": list(album.places), "words": words}
    with as_pdf_with(album, template, said, NOW) as file:
        return file.read()


def test_more_pictures_than_a_process_may_have_open_are_in_it_whole(
    template: Path, few_files: int
) -> None:
    album = album_of(few_files + 10)
    drawn = draw(template, album)
    assert b"GTS_PDFA1" in drawn and all(picture(n) in drawn for n in range(few_files + 10))
    assert os.fstat(album.file.fileno()).st_size == 0, "none was held twice for long"


def test_a_sign_without_a_font_costs_the_standard_and_no_picture(template: Path) -> None:
    drawn = draw(template, album_of(2), "ሰላም")
    assert b"GTS_PDFA1" not in drawn and picture(0) in drawn and picture(1) in drawn


def test_what_cannot_be_drawn_is_no_file(template: Path) -> None:
    template.write_text("#panic()")
    with pytest.raises(NotDrawn):
        draw(template, album_of(1))


def test_an_album_gives_each_picture_as_it_was_laid_in() -> None:
    album = album_of(3)
    assert [album.picture(str(number)) for number in (2, 0, 1)] == [picture(n) for n in (2, 0, 1)]


def test_a_packed_stream_that_ends_like_a_line_is_read_as_well() -> None:
    """So that what is proven to stand in a paper, or not to, does not hang on its last byte."""
    packed = zlib.compress(b"99901")
    assert packed.endswith(b"\r")
    assert paper.opened(b"stream\n" + packed + b"\nendstream").endswith(b"endstream99901")
