"""What is kept of a picture is its pixels, upright and small; what is none is refused in words."""

from __future__ import annotations

import resource

import pytest
from PIL import Image

from server.photos import pictures
from server.photos.pictures import Refused, redraw
from tests.photos import BOTTOM, TOP, bomb, encoded, moving, noise, opened, photo, said_to_be, scene


def reason(content: bytes) -> str:
    """Give the reason that something is refused for."""
    with pytest.raises(Refused) as refused:
        redraw(content)
    return str(refused.value)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_comes_out_upright_and_says_nothing_of_place_or_camera(format: str) -> None:
    drawn = redraw(photo(format=format))
    for content in (drawn.jpeg, drawn.small):
        image = opened(content)
        assert image.format == "JPEG"
        assert image.width < image.height
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Exif" not in content and b"kamera" not in content
        above, below = image.getpixel((9, 9)), image.getpixel((9, image.height - 9))
        assert near(above, TOP) and near(below, BOTTOM)
    assert opened(drawn.jpeg).size == (drawn.width, drawn.height)


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Say whether a pixel has a colour, as far as JPEG keeps it."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 24 for one, other in zip(pixel, colour, strict=True))


def test_even_noise_is_made_small_enough() -> None:
    drawn = redraw(encoded(noise(3_000, 2_000), "JPEG"))
    assert len(drawn.jpeg) <= 350_000
    assert len(drawn.small) <= 16_384
    assert max(drawn.width, drawn.height) <= 1_600


def test_comments_profiles_and_what_hangs_behind_a_picture_are_left_out() -> None:
    page = b"<html><script>alert(1)</script></html>PK\x03\x04"
    drawn = redraw(encoded(scene(), "JPEG", comment=b"Storgata 12", icc_profile=srgb()) + page)
    assert not any(word in drawn.jpeg for word in (b"script", b"PK\x03\x04", b"Storgata", b"ICC"))


def srgb() -> bytes:
    """Give a colour profile as cameras add it."""
    from PIL import ImageCms

    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile


@pytest.mark.parametrize(
    "content",
    [
        encoded(scene().convert("CMYK"), "JPEG"),
        encoded(scene().convert("L"), "JPEG"),
        encoded(Image.new("RGBA", (40, 40), (9, 9, 9, 9)), "PNG"),
        encoded(Image.new("I;16", (40, 40)), "PNG"),
        moving("PNG"),
        moving("WEBP"),
        encoded(scene(), "JPEG", icc_profile=b"no profile at all"),
    ],
    ids=["CMYK", "grey", "see-through", "deep", "moving PNG", "moving WebP", "broken profile"],
)
def test_odd_pictures_are_still_pictures(content: bytes) -> None:
    assert opened(redraw(content).jpeg).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "format"),
        (b"Ikke noe bilde, men en tekst med navnet bilde.jpg", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (moving("GIF"), "format"),
        (encoded(scene(), "TIFF"), "format"),
        (encoded(scene(), "JPEG")[:2_000], "unreadable"),
        (encoded(noise(300, 300), "PNG")[:-90_000], "unreadable"),
        (encoded(noise(300, 300), "HEIF")[:-9_000], "unreadable"),
        (moving("WEBP")[:-9_000], "unreadable"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "unreadable"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(500), "unreadable"),
        (bomb(), "pixels"),
    ],
    ids=[
        "empty",
        "text",
        "SVG",
        "GIF",
        "TIFF",
        "cut",
        "cut PNG",
        "cut HEIC",
        "cut WebP",
        "zeros",
        "bad HEIC",
        "bomb",
    ],
)
def test_what_is_no_picture_of_ours_is_refused(content: bytes, why: str) -> None:
    assert reason(content) == why


@pytest.mark.parametrize("format", ["PNG", "JPEG", "HEIF"])
def test_a_bomb_is_seen_by_its_header_and_never_unpacked(
    format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpacked(image: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(pictures, "_upright", unpacked)
    small = encoded(scene(), format)
    with pytest.raises(Refused, match="pixels"):
        pictures.draw(bomb() if format == "PNG" else said_to_be(small, 13_000, 13_000))


def test_a_picture_that_takes_too_much_ends_its_own_process_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "WAIT_MAX_SECONDS", 0.001)
    assert reason(photo()) == "unreadable"
    monkeypatch.undo()
    assert redraw(photo()).width


def test_the_process_gives_itself_limits_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", lambda what, most: given.update({what: most}))
    pictures.limit()
    assert given[resource.RLIMIT_AS] == (pictures.MEMORY_MAX_BYTES,) * 2
    assert {resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE} <= given.keys()
