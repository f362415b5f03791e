"""Import in the office: a file is shown first, written on a yes, and taken back as a whole."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from server import acts
from server.config import Settings
from server.database import Database
from server.demo.municipality import STAFF
from server.imports import SIZE_MAX_BYTES, ImportRun
from server.imports.words import in_words
from server.office.import_changes import CHANGED_SHOWN
from server.records.record import Envelope
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader, read
from tests.stock_files import (
    DWELLINGS_HEADING,
    dwelling_rows,
    dwellings_file,
    tenancies_file,
    written,
)

AREAS = ("Rognelia", "Vassvika")


def upload(
    reader: Reader, raw: bytes, what: str = "dwellings", name: str = "boliger.csv", **more: str
) -> Page:
    """Choose a file on the page and send the form, as a browser does."""
    form = reader.open("/office/imports").form("Vis hva som skjer")
    fields = {name: values[0] for name, values in form.fields.items() if name != "file"}
    data = {**fields, "what": what, **more, "file": (BytesIO(raw), name)}
    return read(reader.client.post(form.action, data=data, content_type="multipart/form-data"))


def standing(database: Database, kind: str) -> int:
    with database.reading() as session:
        alive = select(func.count()).where(Envelope.kind == kind, Envelope.deleted.is_(False))
        return session.execute(alive).scalar_one()


def test_a_file_is_shown_then_written_and_then_taken_back(
    enter: Enter, database: Database, settings: Settings
) -> None:
    lise = enter("lise")
    before = standing(database, "dwelling")
    page = upload(lise, dwellings_file(30, AREAS))
    assert page.status == 200 and "Boliger: 30 nye, 0 endret, 0 uendret." in page.words
    assert "Eikebakken" in page.words
    assert standing(database, "dwelling") == before
    [waiting] = (settings.data / "imports").iterdir()
    assert b"Eikebakken" not in waiting.read_bytes()
    page = lise.send(page.form("Importer"))
    assert standing(database, "dwelling") == before + 30
    assert "Ferdig" in page.words and "Lise" in page.words
    assert list((settings.data / "imports").iterdir()) == []
    page = lise.send(page.form("Angre hele importen"))
    assert "Importen er angret." in page.words and not page.has("Angre hele importen")
    assert standing(database, "dwelling") == before


def test_a_fault_is_told_with_its_line_and_nothing_waits(
    enter: Enter, database: Database, settings: Settings
) -> None:
    ingrid = enter("ingrid")
    page = upload(ingrid, "Adresse;Bolignr;Område\nEik 1;H12;Ingensteds\n".encode())
    assert page.status == 422 and not page.has("Importer")
    assert "Linje 2, kolonne Bolignr: «H12» kan ikke brukes. Ingenting er endret." in page.words
    assert not (settings.data / "imports").exists()
    with database.reading() as session:
        assert session.scalars(select(ImportRun)).all() == []


def test_who_looked_a_file_through_is_in_the_log_whether_it_had_faults_or_not(
    enter: Enter, database: Database
) -> None:
    """What a preview counts can tell that something is here which they may not see."""
    ingrid = enter("ingrid")
    upload(ingrid, dwellings_file(2, AREAS))
    upload(ingrid, "Adresse;Bolignr;Område\nEik 1;H12;Ingensteds\n".encode())
    with database.reading() as session:
        shown = select(acts.Act).where(acts.Act.what == "import_dwellings_shown")
        noted = session.scalars(shown.order_by(acts.Act.id)).all()
    assert [(act.by, act.note) for act in noted] == [
        (STAFF["ingrid"].id, '{"rows":2}'),
        (STAFF["ingrid"].id, '{"rows":1}'),
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "Fila er tom. Ingenting er endret."),
        (b"PK\x03\x04rest", "Excel-fil"),
        (b"\xff\xfeA\x00", "UTF-16"),
        (b'Adresse\n"Eik 1\n', "Anførselstegnene"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(enter: Enter, raw: bytes, said: str) -> None:
    page = upload(enter("lise"), raw)
    assert page.status == 422 and said in page.words and page.has("Vis hva som skjer")


def test_a_file_that_is_too_large_is_told_so(enter: Enter) -> None:
    page = upload(enter("lise"), b"x" * (SIZE_MAX_BYTES + 2 * 1_048_576))
    assert page.status == 413 and "Grensen er 32 MB." in page.words
    assert upload(enter("lise"), b"x" * (SIZE_MAX_BYTES + 1)).status == 422


def test_a_form_without_a_file_or_a_sort_is_told_so(enter: Enter) -> None:
    lise = enter("lise")
    form = lise.open("/office/imports").form("Vis hva som skjer")
    assert "Fila er tom" in lise.send(form).words
    assert "Velg om fila har boliger" in lise.send(form, what="all").words


def test_what_a_file_is_called_is_kept_without_what_no_database_holds(
    enter: Enter, database: Database
) -> None:
    """A browser may send any name; PostgreSQL takes no NUL in one."""
    lise = enter("lise")
    form = lise.open("/office/imports").form("Vis hva som skjer")
    said = {name: values[0] for name, values in form.fields.items() if name != "file"}
    said["what"] = "dwellings"
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in said.items()
    ]
    named = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''a%00b.csv"
    whole = b"".join([*parts, named, b"\r\n\r\n", dwellings_file(3, AREAS), b"\r\n--x--\r\n"])
    sort = "multipart/form-data; boundary=x"
    page = read(lise.client.post(form.action, data=whole, content_type=sort))
    assert page.status == 200, page.words
    with database.reading() as session:
        assert list(session.scalars(select(ImportRun.name))) == ["ab.csv"]


def test_too_many_endings_need_a_second_yes_with_the_number(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    lise.send(upload(lise, dwellings_file(30, AREAS)).form("Importer"))
    lise.send(upload(lise, tenancies_file(30), "tenancies").form("Importer"))
    lets = standing(database, "tenancy")
    page = upload(lise, tenancies_file(5), "tenancies", whole="1")
    assert f"av {lets} leieforhold blir avsluttet. Ingenting er endret." in page.words
    assert f"Ja, avslutt {in_words(lets - 5)} leieforhold" in page.words
    refused = lise.send(page.form("Importer"))
    assert refused.status == 422 and "leieforhold blir avsluttet" in refused.words
    wrong = lise.send(page.form("Importer"), yes_to="1")
    assert wrong.status == 422
    [(_, box)] = [(tag, box) for tag, box in page.controls if box.get("name") == "yes_to"]
    done = lise.send(refused.form("Importer"), yes_to=box["value"])
    assert "Leieforhold: 0 nye" in done.words and "Ferdig" in done.words


def test_what_was_built_on_is_named_after_an_undo(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    homes = lise.send(upload(lise, dwellings_file(2, AREAS)).form("Importer"))
    lise.send(upload(lise, tenancies_file(1), "tenancies").form("Importer"))
    form = next(f for f in homes.forms if f.action.endswith("/undo"))
    page = lise.send(form)
    assert "ble stående, fordi noe er bygd på dem" in page.words
    assert any("/records/" in link for link in page.links) and "Eikebakken 1" in page.words


def test_an_import_is_its_importers_own(enter: Enter) -> None:
    lise, ingrid = enter("lise"), enter("ingrid")
    shown = upload(lise, dwellings_file(2, AREAS))
    other = ingrid.open("/office/imports").form("Vis hva som skjer").one("csrf")
    action = shown.form("Importer").action
    assert ingrid.post(action, {"csrf": other}).status == 404
    done = lise.send(shown.form("Importer"))
    undo = next(f.action for f in done.forms if f.action.endswith("/undo"))
    assert ingrid.post(undo, {"csrf": other}).status == 404
    assert "boliger.csv" not in ingrid.open("/office/imports").words


@pytest.mark.parametrize("login", ["kari", "ola", "eva", "admin"])
def test_others_have_no_import(login: str, enter: Enter) -> None:
    reader = enter(login)
    assert reader.open("/office/imports").status == 404
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    data = {"csrf": mark, "what": "dwellings", "file": (BytesIO(b"Adresse\nx\n"), "x.csv")}
    assert reader.client.post("/office/imports", data=data).status_code == 404


def test_pressing_importer_twice_writes_once(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    page = upload(lise, dwellings_file(3, AREAS))
    lise.send(page.form("Importer"))
    before = standing(database, "dwelling")
    assert lise.send(page.form("Importer")).status == 200
    assert standing(database, "dwelling") == before


def test_what_would_change_is_shown_field_by_field_with_old_and_new(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    rows = dwelling_rows(2, AREAS)
    lise.send(upload(lise, written(DWELLINGS_HEADING, rows)).form("Importer"))
    area = DWELLINGS_HEADING.index("bruksareal")
    old, rows[1][area] = rows[1][area], "71"
    page = upload(lise, written(DWELLINGS_HEADING, rows))
    assert "Boliger: 0 nye, 1 endret, 1 uendret." in page.words
    assert "Ulikt, og blir som i fila" in page.words
    _, _, told = page.words.partition("Ulikt, og blir som i fila")
    told = told.partition("Slik er fila forstått")[0]
    assert told.count("Eikebakken 1, H0102") == 1 and told.count("Eikebakken") == 1
    assert re.search(rf"Bruksareal[^0-9]* {old} 71\b", told), told
    lise.send(page.form("Importer"))
    assert "Ulikt" not in upload(lise, written(DWELLINGS_HEADING, rows)).words


def test_a_long_list_of_changes_is_cut_and_says_by_how_much(enter: Enter) -> None:
    lise = enter("lise")
    rows = dwelling_rows(CHANGED_SHOWN + 3, AREAS)
    lise.send(upload(lise, written(DWELLINGS_HEADING, rows)).form("Importer"))
    for row in rows:
        row[DWELLINGS_HEADING.index("bruksareal")] = "111"
    page = upload(lise, written(DWELLINGS_HEADING, rows))
    assert "Og 3 til som blir endret." in page.words
