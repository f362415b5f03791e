"""Import in a real browser: what a file would do, and what is said of files that are no use.

The pages are looked at with axe at three widths, and the server's memory is read afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.people import Desk
from tests.journeys.stage import Server, processes_below
from tests.journeys.street import standing
from tests.journeys.test_office_looks import look
from tests.journeys.wire import Wire
from tests.stock_files import DWELLINGS_HEADING, dwelling_rows, tenancies_file, written

Desks = Callable[[str], Desk]
MEMORY_MAX_MB = 400
FORMULA = '=HYPERLINK("http://x.example","Trykk her")'
MARKUP = "<svg onload=document.title='tatt'>"
HEADING = "koboId;Adresse;Område\n".encode()
HOSTILE: dict[str, tuple[bytes, str]] = {
    "Windows-1252 and UTF-8 mixed": (
        HEADING + b"A1;Eik 1;\xc3\x98st\nA2;L\xf8nne 2;x\n",
        "Fila blander to tegnsett. Det første tegnet som ikke passer, er på linje 3.",
    ),
    "UTF-16": ("Adresse\nEik 1".encode("utf-16"), "Fila er ikke lagret som vanlig tekst"),
    "NUL": (HEADING + b"A1;Eik\x00 1;\n", "Fila er ikke lagret som vanlig tekst"),
    "broken quotes": (HEADING + b'A1;"Eik" 1;x\n', "Anførselstegnene går ikke opp fra linje 2."),
    "a million columns": (b";" * 1_000_000 + b"\n", "Linje 1 er på mer enn 100000 tegn."),
    "a spreadsheet": (b"PK\x03\x04" + b"x" * 1_000, "Dette er en Excel-fil eller en ZIP-fil"),
    "nothing": (b"", "Fila er tom."),
}


def choose(lise: Desk, file: Path | bytes, what: str = "Boliger") -> None:
    """Choose a file on the page of imports, and ask what it would do."""
    lise.page.goto(f"{lise.phone.address}/imports")
    lise.page.get_by_role("radio", name=what).check()
    sent = {"name": "fra-kobo.csv", "mimeType": "text/csv", "buffer": file}
    lise.page.get_by_label("Fil", exact=True).set_input_files(
        sent if isinstance(file, bytes) else file  # type: ignore[arg-type]
    )
    lise.page.get_by_role("button", name="Vis hva som skjer").click()


def test_a_file_is_shown_with_old_and_new_written_and_taken_back(
    wire: Wire, desk: Desks, database: Database
) -> None:
    lise = desk("lise").begin()
    page = lise.page
    lise.go("Import")
    amiss = look(page, "import-empty")
    rows = dwelling_rows(30, ("Øst",))
    choose(lise, written(DWELLINGS_HEADING, rows))
    expect(page.get_by_text("Boliger: 30 nye, 0 endret, 0 uendret.")).to_be_visible()
    amiss += look(page, "import-new")
    before = len(standing(database, "dwelling"))
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("Ferdig")).to_be_visible()
    assert len(standing(database, "dwelling")) == before + 30
    choose(lise, tenancies_file(30), "Leieforhold")
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("Leieforhold: 30 nye")).to_be_visible()

    space = DWELLINGS_HEADING.index("bruksareal")
    old, rows[3][space] = rows[3][space], "999"
    choose(lise, written(DWELLINGS_HEADING, rows))
    expect(page.get_by_text("Boliger: 0 nye, 1 endret, 29 uendret.")).to_be_visible()
    unlike = page.get_by_role("region", name="Ulikt, og blir som i fila")
    (row,) = unlike.locator("tbody tr").all()
    expect(row).to_contain_text("Bruksareal")
    assert [cell.inner_text() for cell in row.locator("td").all()[1:]] == [old, "999"]
    amiss += look(page, "import-unlike")
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("Boliger: 0 nye, 1 endret, 29 uendret.")).to_be_visible()
    page.get_by_role("button", name="Angre hele importen").first.click()
    expect(page.get_by_text("Importen er angret.")).to_be_visible()
    spaces = [home.get("floor_space") for home in standing(database, "dwelling").values()]
    assert 999 not in spaces and int(old) in spaces

    choose(lise, written(DWELLINGS_HEADING, [[*rows[0][:4], "H12", *rows[0][5:]]]))
    expect(page.get_by_role("alert").get_by_text("«H12» kan ikke brukes.")).to_be_visible()
    amiss += look(page, "import-fault")
    assert not amiss, "\n".join(amiss)


def test_hostile_files_are_told_in_words_and_take_little_memory(
    wire: Wire, desk: Desks, database: Database, server: Server, tmp_path: Path
) -> None:
    lise = desk("lise").begin()
    page = lise.page
    before = standing(database, "dwelling")
    for case, (raw, said) in HOSTILE.items():
        choose(lise, raw)
        alert = page.get_by_role("alert")
        expect(alert.get_by_text(said), case).to_be_visible()
        expect(alert.get_by_text("Ingenting er endret."), case).to_be_visible()
    large = tmp_path / "alt.csv"
    large.write_bytes(HEADING + b"A1;Eik 1;x\n" * (50 * 1_048_576 // 11))
    choose(lise, large)
    expect(page.get_by_text("Grensen er 32 MB.")).to_be_visible()
    amiss = look(page, "import-too-large")
    assert standing(database, "dwelling") == before
    assert max(processes_below(server).values()) < MEMORY_MAX_MB

    page.set_viewport_size({"width": 1280, "height": 800})
    heading = ["koboId", "Adresse", "Lokalt navn", "Område"]
    choose(lise, written(heading, [["A1", FORMULA, MARKUP, "Øst"]]))
    expect(page.get_by_role("cell", name=FORMULA)).to_be_visible()
    expect(page.get_by_text(MARKUP)).to_be_visible()
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("Boliger: 1 nye")).to_be_visible()
    page.goto(f"{lise.phone.address}/homes")
    page.get_by_role("searchbox").fill("HYPERLINK")
    page.get_by_role("button", name="Søk").click()
    expect(page.get_by_text(FORMULA).first).to_be_visible()
    assert "tatt" not in page.title()
    assert not amiss, "\n".join(amiss)
