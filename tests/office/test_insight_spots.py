"""What is wrong with a form of innsyn or of the archive leads to the field that it is about."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from server.database import Database
from server.keeping.archive.packages import ArchivePackage
from server.keeping.insight import Redaction
from server.office.subject_package import PICTURE
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import begin, make_ready, redact, write_talk
from tests.office.reader import Page
from tests.office.test_homes import HOME
from tests.office.test_insight_pictures import picture

__all__ = ["picture"]


def led_to(page: Page) -> str:
    """Give the label that the problem leads to, when the field there is marked as wrong."""
    assert page.status == 422, page.words
    found = re.search(r'role="alert">.*?<a href="#([^"]+)">([^<]+)</a>', page.html, re.DOTALL)
    assert found, page.words
    (field,) = [each for _, each in page.controls if each.get("id") == found[1]]
    assert field.get("aria-invalid") == "true"
    wrong = [each["id"] for _, each in page.controls if "aria-invalid" in each]
    assert wrong == [found[1]], "nothing else is"
    return found[2]


def test_the_second_reader_is_led_to_what_is_to_be_mended(enter: Enter) -> None:
    lise, ingrid = enter("lise"), enter("ingrid")
    where = begin(lise)
    make_ready(lise, where)
    page = ingrid.send(ingrid.open(where).form("Send tilbake"), typed={"words": " "})
    assert led_to(page) == "Hva skal rettes?"


@pytest.mark.parametrize(
    ("text", "reason", "label"),
    [
        ("Alt vel", "", "Hvorfor?"),
        ("", "others", "Navn eller tekst"),
        ("vi", "others", "Navn eller tekst"),
        ("Står ingen steder", "others", "Navn eller tekst"),
    ],
)
def test_who_leaves_words_out_everywhere_is_led_to_the_field(
    text: str, reason: str, label: str, enter: Enter, database: Database
) -> None:
    write_talk(database)
    lise = enter("lise")
    form = lise.open(begin(lise)).form("Sladd overalt")
    assert led_to(lise.send(form, typed={"text": text, "reason": reason})) == label


def test_who_leaves_out_of_one_record_is_led_to_the_field(enter: Enter, database: Database) -> None:
    talk, lise = write_talk(database), enter("lise")
    where = begin(lise)
    assert led_to(redact(lise, where, talk, "summary", text="Alt vel", reason="")) == "Hvorfor?"
    assert led_to(redact(lise, where, talk, "summary", text="")) == "Eller denne teksten"
    assert led_to(redact(lise, where, talk, "summary", text="Sto aldri")) == "Eller denne teksten"
    assert led_to(redact(lise, where, talk, "", all="yes", reason="")) == "Hvorfor?"
    with database.reading() as session:
        assert session.scalars(select(Redaction)).all() == []


def test_who_leaves_a_picture_out_is_led_to_the_picture(enter: Enter, picture: str) -> None:
    lise = enter("lise")
    assert led_to(redact(lise, begin(lise), picture, PICTURE)) == "Bildet"


def test_who_asks_for_a_household_is_led_to_the_day_or_the_reason(enter: Enter) -> None:
    lise = enter("lise")
    page = lise.open(f"/office/subjects/{HOME.tenancy}")
    assert led_to(lise.send(page.form("Åpne kravet"), asked_on="")) == "Hvilken dag?"
    assert led_to(lise.send(page.form("Slett alt om leieforholdet"), reason="")) == "Hvorfor?"


@pytest.mark.parametrize(
    ("reference", "mark", "happened", "label"),
    [
        ("", "01234567", "Arkivets kvittering mangler.", "Arkivets kvittering"),
        ("Mottak 7", " ", "Fingeravtrykket mangler.", "De 8 første tegnene"),
        ("Mottak 7", "9", "Fingeravtrykket hører ikke til denne pakken.", "De 8 første tegnene"),
    ],
)
def test_who_receives_a_package_is_led_to_what_is_missing_or_wrong(
    reference: str,
    mark: str,
    happened: str,
    label: str,
    app: Flask,
    enter: Enter,
    database: Database,
) -> None:
    """What is missing is told as missing, and what was typed stands."""
    made = ArchivePackage(id=new_id(), made_at=datetime.now(UTC), by="cli:x", manifest="01" * 32)
    with database.writing() as session:
        session.add(made)
    lise = enter("lise")
    form = lise.open("/office/privacy/archive").form("Arkivet har mottatt pakken")
    page = lise.send(form, reference=reference, mark=mark)
    assert led_to(page).startswith(label) and happened in page.words
    assert ("reference", reference) in [(e.get("name"), e.get("value")) for _, e in page.controls]
