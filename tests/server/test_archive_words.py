"""What a document of the archive says: all that was written, in words that need no Oppgang."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, update

from server.access_log import EXPORT, AccessRow, records_in
from server.config import Settings
from server.database import Database
from server.keeping.archive import noark
from server.keeping.archive.noark import Folder
from server.keeping.archive.words import Words
from server.records import REGISTRY
from server.records.record import Envelope
from server.shapes import Json
from tests import paper
from tests.makers import AREA_EAST, DWELLING_EAST, NOW, USERS, World, example, new_id
from tests.server.archived import addendum, packed, visit
from tests.server.test_retention import make

SPACE = {"n": noark.SPACE}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "ut"


def lines(database: Database, kind: str, body: dict[str, Json]) -> dict[str, str]:
    with database.reading() as session:
        found = Words(session, frozenset()).lines(REGISTRY[kind], body)
    return {each["label"]: each["words"] for each in found}


def test_every_field_is_told_in_words_in_the_order_of_its_form(
    world: World, database: Database
) -> None:
    """A path that no field declares any longer stands by its own name, and nothing is left out."""
    status = {"state": "submitted", "by": USERS["kari"], "at": "2026-11-24T09:12:00.000Z"}
    body: dict[str, Json] = {
        "status": status,
        "retired/key": [True, {"why": "Gammelt felt"}],
        "language": None,
        "present/tenant": True,
        "outcome": "completed",
        "dwelling": DWELLING_EAST,
    }
    said = lines(database, "visit", body)
    assert list(said) == [
        "Bolig",
        "Hvordan gikk det?",
        "Hvem var til stede?: Leietakeren",
        "Status",
        "retired/key",
    ]
    assert said["Hvordan gikk det?"] == "Gjennomført"
    assert said["Hvem var til stede?: Leietakeren"] == "Ja"
    assert said["Status"].startswith("state: Sendt inn, by: Kari")
    assert said["retired/key"] == "Ja, why: Gammelt felt"


def test_moments_and_people_are_told_whole_and_the_little_picture_not_at_all(
    world: World, database: Database
) -> None:
    said = lines(database, "attachment", example("attachment", record=DWELLING_EAST))
    assert said["Tidspunkt"] == "23.11.2026 kl. 10.12"
    assert not any("/9j/" in words for words in said.values())
    gone = new_id()
    for who, words in ((USERS["kari"], "Kari"), (gone, gone)):
        told = lines(database, "deviation", {"found_by": who})
        assert told["Funnet av"].startswith(words), "an unknown one stands by the number"


def test_an_answer_stands_beside_the_words_of_its_point(world: World, database: Database) -> None:
    """A code says nothing to whoever has no Oppgang."""
    said = lines(database, "checklist_run", {"answers/NYVRI1-02": "told"})
    (label,) = said
    assert label.endswith("Husleie, forfall og hjelp ved betalingsvansker er gjennomgått")


def test_it_says_what_was_never_sent_in_and_what_was_deleted_before(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    status: Json = {"state": "submitted", "by": USERS["kari"], "at": "2026-11-24T09:12:00.000Z"}
    sent, draft = visit(database, status=status, purpose="other"), visit(database)
    deleted = addendum(database, sent, "Skrevet av vanvare")
    with database.writing() as session:
        session.execute(update(Envelope).where(Envelope.id == deleted).values(deleted=True))
    packed(database, settings, out)
    root = ElementTree.parse(out / noark.NAME).getroot()
    states = {
        one.findtext("n:systemID", "", SPACE): one.findtext(
            "n:dokumentbeskrivelse/n:dokumentstatus", "", SPACE
        )
        for one in root.iterfind(".//n:registrering", SPACE)
    }
    assert states == {
        sent: "Dokumentet er ferdigstilt",
        draft: "Dokumentet er under redigering",
    }
    told = {id: paper.words(next(out.rglob(f"{id}.pdf")).read_bytes()) for id in (sent, deleted)}
    assert "Ja,før" in told[deleted] and "Ja,før" not in told[sent]
    assert json.loads(next(out.rglob(f"{deleted}.json")).read_text("utf-8"))["deleted"] is True


def test_the_oldest_folder_stands_first(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    held: dict[str, Json] = {"area": AREA_EAST, "type": "dugnad", "held_on": "2020-06-01"}
    young, old = (make(database, "event", {**held, "name": name}) for name in ("Ny", "Gammel"))
    with database.writing() as session:
        later = NOW + timedelta(days=1)
        session.execute(update(Envelope).where(Envelope.id == young).values(created_at=later))
    packed(database, settings, out)
    root = ElementTree.parse(out / noark.NAME).getroot()
    assert [
        one.findtext("n:systemID", "", SPACE) for one in root.iterfind(".//n:mappe", SPACE)
    ] == [old, young]


def test_a_sign_that_xml_cannot_hold_does_not_break_the_structure(out: Path) -> None:
    out.mkdir()
    noark.write(out, new_id(), [Folder("1", "Storgata\x0b4\ufffe", NOW, [])], NOW)
    (title,) = (
        one.text
        for one in ElementTree.parse(out / noark.NAME).iterfind(".//n:mappe/n:tittel", SPACE)
    )
    assert title == "Storgata\ufffd4\ufffd"


def test_only_what_is_about_people_is_a_reading(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    company = make(database, "housing_company", example("housing_company", area=AREA_EAST))
    id = visit(database)
    packed(database, settings, out, now=datetime(2080, 1, 1, tzinfo=UTC))
    assert next(out.rglob(f"{company}.pdf"))
    with database.reading() as session:
        (row,) = session.scalars(select(AccessRow).where(AccessRow.purpose == EXPORT))
    assert id in records_in(row.records) and company not in records_in(row.records)
