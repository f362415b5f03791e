"""Names in texts: found whole, in the genitive, and however their accents are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

import pytest

from server.keeping.insight import Redaction
from server.office.insight_shown import still_standing
from server.office.insight_words import any_of, finds, marks, parts
from server.office.subject_blanks import as_said
from server.office.subject_package import ABOUT, WHY, Package, Part, Passage
from tests.makers import NOW

Form = Literal["NFC", "NFD"]


def part(id: str, *passages: Passage) -> Part:
    """Give a record with some passages."""
    return Part(id, "receipt", "Kvittering", "", "", (), certain=True, kept="", passages=passages)


def cut_out(text: str, places: Sequence[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in places]


@pytest.mark.parametrize("ending", ["", "s", "'s", "’s", "'", "’", "S"])
def test_a_genitive_is_found_marked_and_warned_of(ending: str) -> None:
    """The ending stays: it names nobody, and the same name is known again elsewhere."""
    text = f"Zebulon{ending} mor ringte."
    assert cut_out(text, list(finds("zebulon", text))) == ["Zebulon"]
    assert cut_out(text, marks(text, {"zebulon"})) == ["Zebulon"]
    gone = Redaction(id="1", record="a", path="x", start=0, end=7, reason="others")
    first = part("a", Passage("x", "Notat", "Zebulon kom.", free=True))
    second = part("b", Passage("x", "Notat", text, free=True))
    package = Package({"a": first, "b": second}, 0)
    assert still_standing(package, [gone]) == [("Zebulon", 1)]


def test_what_goes_on_is_another_word() -> None:
    for text in ("Zebulonsen ringte.", "Zebulons-gata", "Azebulon", "Zebulonsk"):
        assert marks(text, {"zebulon"}) == ()
    assert not list(finds("Zebulon", "Zebulonsen og Azebulon"))
    assert marks("Jonas sa det", {"jonas"}) == ((0, 5),), "an s of its own is no ending"


@pytest.mark.parametrize("sought", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_an_accent_is_found_however_it_is_written(sought: Form, stored: Form) -> None:
    """The places are in the text as it stands, so that nothing else is cut."""
    text = unicodedata.normalize(stored, "Åse så Zoë Ørbåks hund, og André.")
    name = unicodedata.normalize(sought, "Zoë Ørbåk")
    as_it_stands = unicodedata.normalize(stored, "Zoë Ørbåk")
    assert cut_out(text, list(finds(name, text))) == [as_it_stands]
    names = frozenset(parts(name)) | {"andré"}
    found = cut_out(text, marks(text, names))
    assert found == [*as_it_stands.split(), unicodedata.normalize(stored, "André")]


def test_staff_are_named_by_role_whole_and_the_longer_name_first() -> None:
    staff = any_of(["", " ", "Kari", "Kari Nes", "Ola (vikar)"])
    words = "Kari Nes og Karianne i Karis bil; Ola (vikar) kom."
    assert staff.sub("Ansatt", words) == "Ansatt og Karianne i Ansatts bil; Ansatt kom."
    assert any_of(["Kari Nes", "Kari"]).sub("Ansatt", "Kari Nes") == "Ansatt"
    assert any_of([]).sub("Ansatt", "Kari Nes") == "Kari Nes"


def test_a_field_that_is_called_as_what_the_app_adds_is_in_the_file() -> None:
    """A receipt says what it is about in a field of its own."""
    mine = part("a", Passage(ABOUT, "Gjelder", "Bakken 3"), Passage(f"{WHY}7", "Grunn", "Brann"))
    field = Passage("about", "Gjelder", "Et besøk"), Passage("readings/x", "Lest", "Ja")
    package = Package({"a": mine, "b": part("b", *field)}, 0)
    own, other = as_said(package, (), "a", (), NOW)["records"]
    assert own["fields"] == []
    assert [each["words"] for each in other["fields"]] == ["Et besøk", "Ja"]
