"""The process that opens what may be hostile: its limits are real, and it sees nothing of ours."""

from __future__ import annotations

import resource
import struct
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms

from server.photos import pictures
from server.photos.pictures import Refused, redraw
from tests.photos import TOP, encoded, opened, photo, scene
from tests.server.test_pictures import near, reason

ENDS = 'if __name__ == "__main__":'
POLYGLOT = (
    b"GIF89a\x01\x00WEBP\x00"
    b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x80\xff\xff\xff\x00\x00\x00\x02\x02\x44\x01\x00\x3b"
)
"""A GIF that has what WebP begins with in its right place."""


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program that runs in place of ours: the same, but for how it draws."""
    path = tmp_path / "pictures.py"
    monkeypatch.setattr(pictures, "__file__", str(path))
    return path


def let_it(instead: Path, statement: str) -> None:
    """Let the program do something else than draw, in the same process with the same limits."""
    said = Path(redraw.__code__.co_filename).read_text("utf-8")
    drawn = f"def draw(original):\n    {statement}\n\n\n"
    instead.write_text(said.replace(ENDS, drawn + ENDS), "utf-8")


def told(instead: Path, expression: str) -> str:
    """Give what an expression is in the process."""
    let_it(instead, f"raise Refused(str({expression}))")
    return reason(photo())


def test_the_limits_stand_before_the_first_byte_is_looked_at(instead: Path) -> None:
    names = ("AS", "CPU", "FSIZE", "NOFILE", "CORE")
    each = ", ".join(f"resource.getrlimit(resource.RLIMIT_{name})" for name in names)
    most = (
        pictures.MEMORY_MAX_BYTES,
        pictures.CPU_MAX_SECONDS,
        pictures.ANSWER_MAX_BYTES,
        pictures.FILES_MAX,
        0,
    )
    assert told(instead, f"[{each}]") == str([(limit, limit) for limit in most])
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != pictures.CPU_MAX_SECONDS, "not ours"


def test_it_knows_no_setting_of_ours_and_reads_no_module_of_others(
    instead: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPPGANG_SECRET", "hemmelig")
    assert "OPPGANG_SECRET" not in told(instead, "sorted(os.environ)")
    assert told(instead, "sys.flags.isolated") == "1"


def test_what_it_dies_of_is_told_nowhere_and_half_a_picture_is_none(
    instead: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    let_it(instead, "raise ZeroDivisionError(original)")
    assert reason(photo()) == "unreadable"
    let_it(instead, "return Picture(bytes(2 * ANSWER_MAX_BYTES), b'', 1, 1)")
    assert reason(photo()) == "unreadable"
    assert capfd.readouterr().err == ""


def test_a_file_of_two_kinds_is_opened_as_none_that_we_do_not_take() -> None:
    assert opened(POLYGLOT).format == "GIF"
    assert reason(POLYGLOT) == "unreadable"


def test_what_is_seen_through_stands_on_white() -> None:
    drawn = redraw(encoded(Image.new("RGBA", (40, 40), (9, 9, 9, 9)), "PNG"))
    assert near(opened(drawn.jpeg).getpixel((20, 20)), (246, 246, 246))


def test_the_colours_are_as_the_camera_s_own_profile_says() -> None:
    """In a profile where red and green have changed places, red is green."""
    drawn = redraw(encoded(scene(), "JPEG", icc_profile=turned_profile()))
    red, green, blue = TOP
    found = opened(drawn.jpeg).getpixel((9, 9))
    assert isinstance(found, tuple) and found[1] > found[0] + 100
    assert not near(found, (red, green, blue))


def turned_profile() -> bytes:
    """Give a profile of sRGB whose first two colours have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    places = {bytes(profile[at : at + 4]): at + 4 for at in range(132, 132 + 12 * count, 12)}
    red, green = (bytes(profile[places[n] : places[n] + 4]) for n in (b"rXYZ", b"gXYZ"))
    profile[places[b"rXYZ"] : places[b"rXYZ"] + 4] = green
    profile[places[b"gXYZ"] : places[b"gXYZ"] + 4] = red
    return bytes(profile)


def test_a_large_photo_is_never_unpacked_in_full_and_by_one_thread_alone() -> None:
    """Each thread's stack counts against the memory that the process may have."""
    large = pictures._opened(encoded(scene(7_000, 6_800), "JPEG"))
    assert max(large.size) <= 7_000 / 2
    pictures._opened(photo(format="HEIF"))
    options = pillow_heif.options
    assert (options.DECODE_THREADS, options.THUMBNAILS) == (1, False)


def test_a_picture_of_any_size_beyond_ours_is_refused_for_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The decoder has a limit of its own, of another number and in other words."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    monkeypatch.setattr(pictures, "PIXELS_MAX", 10)
    with pytest.raises(Refused, match="pixels"):
        pictures.draw(encoded(scene(40, 40), "PNG"))
