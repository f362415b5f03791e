"""Søk: homes found by words, numbers and letters of any spelling, and what no address tells."""

from __future__ import annotations

import unicodedata

import pytest

from server.database import Database
from server.demo.municipality import NORTH
from tests.office.conftest import Enter
from tests.office.folders import written
from tests.office.test_homes import HOME, named


@pytest.mark.parametrize(
    "words",
    [
        "{address} {unit}",
        "{unit} {address}",
        "{street} {unit}",
        "selje 3 h0101",
        "SELJESVINGEN",
    ],
)
def test_a_home_is_found_by_its_words_in_any_order(words: str, enter: Enter) -> None:
    """Street, number and unit; small and large letters are the same."""
    given = {
        "address": HOME.address,
        "unit": HOME.unit_number,
        "street": HOME.address.split()[0][:5],
    }
    page = enter("ingrid").find("/office/homes", words.format(**given))
    assert named(HOME) in page.words


@pytest.mark.parametrize("words", ["maakeveien", "Måkeveien", "MAKEVEIEN", "strandgloettet"])
def test_a_home_is_found_however_its_letters_are_written(words: str, enter: Enter) -> None:
    """å and ø, aa and oe, or neither."""
    page = enter("ingrid").find("/office/homes", words)
    assert "/office/dwellings/" in " ".join(page.links)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("Čáhppesgeaidnu 3", "cahppesgeaidnu 3"),
        ("Čáhppesgeaidnu 3", unicodedata.normalize("NFD", "ČÁHPPES")),
        ("Vuođđoŋuorri 9", "vuoddonuorri"),
        ("Fjærebakken 7B", "fjærebakken 7b"),
        ("Fjærebakken 7B", "FJAEREBAKKEN"),
        (unicodedata.normalize("NFD", "Ålvikgåsa 1"), "ålvikgåsa"),
        ("Kaarstuboen 4", "kårstubøn"),
    ],
)
def test_a_street_is_found_in_whichever_language_and_spelling(
    address: str, words: str, enter: Enter, database: Database
) -> None:
    """Sámi letters, æ, accents that stand apart, and old spellings in the register."""
    home = {"address": address, "area": NORTH, "unit_number": "H0101"}
    made = written(database, "dwelling", home, login="ingrid")
    assert f"/office/dwellings/{made}" in enter("ingrid").find("/office/homes", words).links


@pytest.mark.parametrize("words", ["xyzzy", "%", "_____", "' OR 1=1 --", "a" * 500])
def test_what_is_not_found_is_said_calmly(words: str, enter: Enter) -> None:
    """Signs that mean something to a database mean nothing here."""
    page = enter("ingrid").find("/office/homes", words)
    assert page.status == 200 and "Ingen treff på «" in page.words


@pytest.mark.parametrize("path", ["/office/homes", "/office/keys"])
def test_what_is_searched_for_stands_in_no_address(path: str, enter: Enter) -> None:
    """It may be a name; what lies in the browser's history and the proxy's log opens for nobody."""
    ingrid, lise, word = enter("ingrid"), enter("lise"), "xyzzy"
    sent = ingrid.send(ingrid.open(path).form("Søk"), q=word, follow=False)
    address = sent.location or ""
    assert sent.status == 302 and address.startswith(f"{path}?s=") and word not in address
    for _ in range(2):  # again, as by the back button and by a fresh load
        assert f"«{word}»" in ingrid.open(address).words
    assert word not in lise.open(address).words
    broken = f"{address[:-2]}{'AA' if address[-2:] != 'AA' else 'BB'}"
    for other in (f"{path}?q={word}", broken, f"{path}?s=", f"{path}?s=%00", f"{path}?s=a"):
        page = ingrid.open(other)
        assert page.status == 200 and word not in page.words, other
    assert ingrid.send(ingrid.open(path).form("Søk"), q=" ", follow=False).location == path
