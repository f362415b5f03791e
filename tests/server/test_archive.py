"""The package for the archive: what is due, as documents that need nobody, and ending nothing."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, update

from server import acts
from server.access_log import EXPORT, AccessRow, records_in
from server.config import Settings
from server.database import Database
from server.keeping import holds, packing, retention, terms
from server.keeping.archive import documents, noark
from server.keeping.archive import pack as packing_for
from server.keeping.archive.pack import _over_on
from server.keeping.archive.packages import ArchiveLine, ArchivePackage, every
from server.keeping.archive.words import OUTSIDE, Words
from server.keeping.export_tables import WHOLE
from server.photos.attachments import store_of
from server.records import REGISTRY
from server.records.record import Envelope
from server.shapes import Json
from tests.makers import AREA_EAST, DWELLING_EAST, NOW, USERS, World, example, new_id
from tests.server.archived import WORDS, addendum, manifest, names, packed, picture, visit
from tests.server.test_barrier import bar
from tests.server.test_retention import BY, listed, make

NOARK = {"n": noark.SPACE}


def structure(folder: Path) -> Any:
    return ElementTree.parse(folder / noark.NAME).getroot()


def streams(pdf: bytes) -> Iterator[bytes]:
    """Give the file and every stream in it, unpacked."""
    yield pdf
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def test_what_is_due_is_packed_with_what_belongs_to_it_and_nothing_ends(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    due, young = visit(database), visit(database, visited_on="2029-11-24")
    added, seen = addendum(database, due), picture(database, settings, due)
    of_young = addendum(database, young)
    made = packed(database, settings, tmp_path / "ut")
    assert names(tmp_path / "ut") == {due, added, seen} and made.records == 1
    with database.reading() as session:
        here = set(session.scalars(select(Envelope.id)))
        lines = {(one.record, one.own) for one in session.scalars(select(ArchiveLine))}
        (package,) = every(session)
    assert here >= {due, added, seen, young, of_young}
    assert lines == {(due, True), (added, False), (seen, False)}
    assert (package.id, package.received_at) == (made.package, None)
    assert manifest(tmp_path / "ut")["package"] == made.package
    assert listed(database)["visit"].archived == 1, "packed is not received"


def test_a_document_is_an_archive_pdf_whose_fonts_and_colours_are_within(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Also where a sign has no font: it stands by its number, and exactly in the JSON beside."""
    id = visit(database)
    added = addendum(database, id)
    packed(database, settings, tmp_path / "ut")
    packed(database, settings, again := tmp_path / "igjen")
    for path in (tmp_path / "ut").rglob("*.pdf"):
        whole = b"\n".join(streams(path.read_bytes()))
        assert b"<pdfaid:part>2</pdfaid:part>" in whole
        assert b"<pdfaid:conformance>B</pdfaid:conformance>" in whole
        assert b"/OutputIntent" in whole and b"GTS_PDFA1" in whole
        fonts = whole.count(b"/Type/FontDescriptor") or whole.count(b"/Type /FontDescriptor")
        assert fonts and fonts == len(re.findall(rb"/FontFile[23]? ", whole))
        assert path.read_bytes() == (again / path.relative_to(tmp_path / "ut")).read_bytes()
        assert not re.search(rb"/(SMask|Encrypt|JavaScript|EmbeddedFiles)\b", whole)
    exact = json.loads(next((tmp_path / "ut").rglob(f"{added}.json")).read_text("utf-8"))
    assert exact["body"] == {"record": id, "words": WORDS} and exact["seq"]


def test_a_sign_without_a_font_stands_by_its_number_and_no_text_is_markup() -> None:
    numbered = documents._numbered({"a": ["æ – «#x» 👩", {"b": "ሰ"}]})
    assert numbered == {"a": ["æ – «#x» [U+1F469]", {"b": "[U+1230]"}]}


@pytest.mark.parametrize("sign", ["\u1680", "\u2028", "\u3000", "\x85", "😀"])
def test_no_sign_stops_a_package(sign: str) -> None:
    """A space that no font has is a sign that no font has."""
    row: Any = SimpleNamespace(changed_at=NOW)
    said = {"title": "T", "facts": [{"label": "a", "words": f"x{sign}"}], "fields": []}
    assert documents.drawn(said, row).startswith(b"%PDF-")


def test_the_structure_says_where_what_by_which_rule_and_with_which_sum(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    id = visit(database)
    added, seen = addendum(database, id), picture(database, settings, id)
    body: dict[str, Json] = {"area": AREA_EAST, "type": "dugnad", "name": "Grillfest"}
    event = make(database, "event", {**body, "held_on": "2020-06-01"})
    packed(database, settings, tmp_path / "ut")
    root = structure(tmp_path / "ut")
    folders = {
        one.findtext("n:systemID", "", NOARK): one for one in root.iterfind(".//n:mappe", NOARK)
    }
    assert folders.keys() == {DWELLING_EAST, event}, "one for each home, and for what has none"
    assert "Bolig: " in folders[DWELLING_EAST].findtext("n:tittel", "", NOARK)
    (entry,) = folders[DWELLING_EAST].iterfind("n:registrering", NOARK)
    said = {part.tag.partition("}")[2]: part.text for part in entry.iter() if not len(part)}
    assert entry.findtext("n:systemID", "", NOARK) == id
    assert said["kassasjonsvedtak"] == "Bevares"
    assert said["kassasjonshjemmel"] == "Boligsosialloven § 6, oppfølging"
    assert (said["bevaringstid"], said["kassasjonsdato"]) == ("5", "2031-11-24")
    roles = [one.text for one in entry.iterfind(".//n:tilknyttetRegistreringSom", NOARK)]
    assert roles == ["Hoveddokument", "Vedlegg", "Vedlegg"]
    stored = {
        one.findtext("n:referanseDokumentfil", "", NOARK): one
        for one in entry.iterfind(".//n:dokumentobjekt", NOARK)
    }
    stem = f"dokumenter/{DWELLING_EAST}"
    assert {f"{stem}/{each}.pdf" for each in (id, added, seen)} | {
        f"{stem}/{seen}.jpg"
    } <= stored.keys()
    for name, one in stored.items():
        assert one.findtext("n:sjekksum", "", NOARK) == packing.digest_of(tmp_path / "ut" / name)
        assert one.findtext("n:sjekksumAlgoritme", "", NOARK) == "SHA-256"
    assert (tmp_path / "ut" / f"{stem}/{seen}.jpg").read_bytes() == b"jpeg"


@pytest.mark.parametrize(
    ("begun", "years", "last"),
    [
        (date(2026, 1, 31), 5, date(2031, 1, 31)),
        (date(2028, 2, 29), 5, date(2033, 2, 28)),
        (datetime(2026, 12, 30, 23, 30, tzinfo=UTC), 5, date(2031, 12, 31)),
    ],
)
def test_a_term_that_began_late_in_a_month_ends_on_the_same_day_of_its_month(
    begun: date, years: int, last: date
) -> None:
    """A day given too early would say that the law's term was not kept; days are Norway's."""
    assert _over_on(begun, years) == last


def test_the_terms_that_stand_here_are_the_retention_codes(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    visit(database)
    with database.writing() as session:
        terms.change(session, "visit", {"years": "4"}, BY, NOW, reason="Ny plan", after=0)
    packed(database, settings, tmp_path / "ut")
    root = structure(tmp_path / "ut")
    assert [one.text for one in root.iterfind(".//n:bevaringstid", NOARK)] == ["4"]
    assert [one.text for one in root.iterfind(".//n:kassasjonsdato", NOARK)] == ["2030-11-24"]


def test_what_is_held_or_waits_for_a_person_is_not_packed_and_is_said(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    ids = [visit(database) for _ in range(4)]
    held_part = addendum(database, ids[1])
    receipt = {"mid": new_id(), "author": USERS["kari"], "state": "held", "reason": "access"}
    make(database, "receipt", {**receipt, "about": ids[2]})
    with database.writing() as session:
        holds.place(session, ids[0], "Sak", BY, NOW)
        holds.place(session, held_part, "Sak", BY, NOW)
    made = packed(database, settings, tmp_path / "ut")
    assert names(tmp_path / "ut") == {ids[3]}
    assert set(made.waiting) == {ids[1]}, "the first is counted as held, the third's time not over"


def test_a_picture_that_is_not_in_the_store_keeps_its_record_here(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    whole, broken = visit(database), visit(database)
    store_of(settings).delete(f"pictures/{picture(database, settings, broken)}")
    made = packed(database, settings, tmp_path / "ut")
    assert names(tmp_path / "ut") == {whole} and made.missing == [broken]


@pytest.mark.parametrize("what", ["awaited", "refused", "deleted"])
def test_a_picture_that_has_not_come_is_waited_for(
    what: str, world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Packed and received, the record would end with a picture that is still on a phone."""
    whole, other = visit(database), visit(database)
    body = example("attachment", record=other)
    if what == "refused":
        body["refused"] = {"reason": "format", "at": "2026-11-24T08:00:00.000Z"}
    id = make(database, "attachment", body)
    if what == "deleted":
        with database.writing() as session:
            session.execute(update(Envelope).where(Envelope.id == id).values(deleted=True))
    made = packed(database, settings, tmp_path / "ut")
    assert whole in names(tmp_path / "ut")
    assert made.waiting == ([other] if what == "awaited" else [])


def test_what_belongs_to_another_waits_for_that(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """An addendum older than its own ten years follows the record that it is about."""
    young = visit(database, visited_on="2039-11-24")
    addendum(database, young)
    with pytest.raises(packing.CannotExport):
        packing_for.pack(
            database, tmp_path / "ut", lambda id: None, "cli:test", datetime(2040, 1, 1, tzinfo=UTC)
        )
    with database.reading() as session:
        found = {one.spec.name for one in retention.due(session, datetime(2040, 1, 1, tzinfo=UTC))}
    assert "addendum" not in found


@pytest.mark.parametrize("with_barred", [False, True])
def test_what_is_barred_is_left_out_unless_asked_for(
    with_barred: bool, world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    home = make(database, "dwelling", {"area": AREA_EAST, "address": "Solgløttveien 6"})
    hidden, open_one = visit(database, dwelling=home), visit(database)
    secret = addendum(database, hidden, "Hviskestemme")
    bar(database, "dwelling", home, "lise")
    made = packed(database, settings, tmp_path / "ut", with_barred=with_barred)
    wanted = {open_one, hidden, secret} if with_barred else {open_one}
    assert names(tmp_path / "ut") == wanted and made.waiting == []
    told = "\n".join(
        [*map(str, (tmp_path / "ut").rglob("*"))]
        + [p.read_text("utf-8", "replace") for p in (tmp_path / "ut").rglob("*.*")]
    )
    assert (hidden in told, home in told, "Solgløttveien" in told) == (with_barred,) * 3
    with database.reading() as session:
        found = acts.latest(session, "archive_packed")
    assert found and found[1]["with_barred"] is with_barred


def test_it_is_written_down_and_its_owner_s_alone(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    id = visit(database)
    packed(database, settings, tmp_path / "ut")
    found = list((tmp_path / "ut").rglob("*"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in [tmp_path / "ut", *found])
    with database.reading() as session:
        (row,) = session.scalars(select(AccessRow).where(AccessRow.purpose == EXPORT))
        act = acts.latest(session, "archive_packed")
        (package,) = every(session)
    assert records_in(row.records) == [id]
    assert act and act[1]["manifest"] == package.manifest
    assert package.manifest == packing.digest_of(tmp_path / "ut" / packing.MANIFEST)


def test_a_package_that_was_cut_short_is_no_package(
    world: World,
    database: Database,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit(database)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(noark, "write", full)
    with pytest.raises(OSError):
        packed(database, settings, tmp_path / "ut")
    assert list(tmp_path.glob("*ut*")) == []
    monkeypatch.undo()
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError):
        packed(database, settings, tmp_path / "ut")
    assert list(tmp_path.glob("*ut*")) == []
    with database.reading() as session:
        assert session.scalars(select(ArchivePackage)).all() == []


def test_a_document_names_nothing_that_is_left_out(world: World, database: Database) -> None:
    """Also what a record merely refers to, and what it would be filed under."""
    id = visit(database)
    with database.reading() as session:
        row = session.execute(select(*WHOLE).where(Envelope.id == id)).one()
        body = json.loads(row.body)
        for left_out, home in ((frozenset[str](), "Bolig: "), (frozenset({DWELLING_EAST}), "")):
            words = Words(session, left_out)
            lines = {each["label"]: each["words"] for each in words.lines(REGISTRY["visit"], body)}
            assert lines["Bolig"].startswith(home or OUTSIDE)
            assert words.file_of(row).id == (DWELLING_EAST if home else id)
