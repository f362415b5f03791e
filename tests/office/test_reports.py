"""Rapporter: who sees which, what a page says, and that no file tells what the page hides."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from server.acts import Act
from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.office import reports as pages
from server.office.report_files import Heading, as_csv, as_xlsx
from server.planning.calendar import day_of
from server.reports import REPORTS
from server.reports.look import Look
from server.reports.periods import PeriodKind, period_of
from server.reports.printing import TOO_FEW, Printed, PrintedLine, Sheet
from server.reports.report import Closeness
from server.roles import Role
from tests.office.conftest import Enter
from tests.office.reader import Reader
from tests.office.test_deviations import fault

MADE = re.compile(r"Laget [^<]*")
NOTHING = "Ingen tall for denne perioden ennå."
OF_ROLE = {person.role: person.login for person in STAFF.values() if person.login != "amir"}
CONFIDED = [name for name, one in REPORTS.items() if one.closeness is Closeness.CONFIDED]


@pytest.mark.parametrize("role", [*OF_ROLE])
def test_each_person_is_offered_the_reports_that_are_theirs(role: Role, enter: Enter) -> None:
    """What is not offered is missing, on the page and as a file."""
    reader = enter(OF_ROLE[role])
    mine = {name for name, report in REPORTS.items() if role in report.readers}
    assert bool(mine) == ("Rapporter" in reader.open("/office/").words)
    page = reader.open("/office/reports")
    assert {link.rpartition("/")[2] for link in page.links if "/reports/" in link} == mine
    for name in REPORTS:
        for path in (f"/office/reports/{name}", f"/office/reports/{name}/csv"):
            status = reader.client.get(path).status_code
            assert status == (200 if name in mine else 404), (role, path)


def test_who_may_read_what_is_as_it_was_agreed() -> None:
    """Written by hand: the landlord and the caretaker read of faults and work, never of people."""
    home = {"effect", "deviations", "damage_cost", "events", "voices"}
    work = home | {"caretaker", "boards", "fidelity"}
    of_role = {
        Role.LANDLORD: home,
        Role.CARETAKER: work,
        Role.FOLLOW_UP: work,
        Role.BOMILJO: work | {"visits"},
        Role.OFFICE: set(REPORTS) - {"staff_safety"},
        Role.LEADER: set(REPORTS),
        Role.ADMIN: set(),
        Role.PRIVACY: set(),
    }
    for role, names in of_role.items():
        assert {name for name, one in REPORTS.items() if role in one.readers} == names, role
    assert set(CONFIDED) == {
        "conflicts",
        "offers",
        "follow_up",
        "housing_first",
        "assistance",
        "arrears",
        "requests",
        "housing_plan",
        "staff_safety",
    }


def test_every_report_has_a_page_a_table_and_says_how_it_counts(enter: Enter) -> None:
    reader = enter("lise")
    for name, report in REPORTS.items():
        page = reader.open(f"/office/reports/{name}")
        assert page.status == 200 and report.title in page.words, name
        assert "Slik er tallet regnet" in page.words
        assert all(sentence in page.words for sentence in report.counted), name
        assert "<table" in page.html or TOO_FEW in page.words or NOTHING in page.words
        assert "style=" not in page.html


@pytest.mark.parametrize("name", ["deviations", "visits", "arrears", "housing_first"])
def test_an_address_that_makes_no_sense_shows_the_usual_period(name: str, enter: Enter) -> None:
    reader = enter("lise")
    usual = MADE.sub("", reader.open(f"/office/reports/{name}").plain)
    for query in (
        "period=2026-13",
        "period=9999",
        "period=%00&area=x&programme=%27",
        "from=2026-02-30&until=2026-01-01",
        "from=0001-01-01&until=9999-12-31",
        "period=2026-H3&period=2026-T0",
        "period=2026-02-01--2026-01-01",
    ):
        page = reader.open(f"/office/reports/{name}?{query}")
        assert page.status == 200 and MADE.sub("", page.plain) == usual, query


def test_a_period_that_has_not_begun_has_no_figures(enter: Enter) -> None:
    coming = period_of(PeriodKind.YEAR, day_of(datetime.now(UTC))).step(1)
    page = enter("lise").open(f"/office/reports/deviations?period={coming.code}")
    assert NOTHING in page.words and "<table" not in page.html


def test_an_old_period_of_an_open_report_says_that_there_is_nothing(enter: Enter) -> None:
    page = enter("lise").open("/office/reports/events?period=2019")
    assert NOTHING in page.words


def test_in_confidence_nothing_and_a_few_look_the_same(enter: Enter) -> None:
    """Nobody learns from a page that there is a case at all; one kind of period is offered."""
    reader = enter("lise")
    for name in (name for name in CONFIDED if REPORTS[name].periods):
        page = reader.open(f"/office/reports/{name}?period=2019-H1")
        close = name != "housing_plan"
        assert TOO_FEW in page.words and not (close and NOTHING in page.words)
        assert not (close and "<table" in page.html)
        other = reader.open(f"/office/reports/{name}?period=2019")
        assert "Periode: 2019" not in other.words


def test_what_is_counted_in_confidence_is_read_so_and_nothing_else(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In confidence whole areas are counted, whoever may read what is counted."""
    looks: list[Look] = []

    def look(**given: Any) -> Look:
        looks.append(Look(**given))
        return looks[-1]

    monkeypatch.setattr(pages, "Look", look)
    reader = enter("lise")
    for name in REPORTS:
        reader.open(f"/office/reports/{name}")
        assert looks[-1].confided == (name in CONFIDED), name
    assert len(looks) == len(REPORTS)


def test_a_part_of_the_whole_is_what_was_asked_for(enter: Enter, database: Database) -> None:
    """Area and programme narrow an open report; the address keeps them for the file."""
    fault(database)
    reader = enter("eva")
    page = reader.open(f"/office/reports/deviations?area={NORTH}&programme=ny_vri&period=2026")
    assert "Område: Rognelia" in page.words and "Program: Ny Vri" in page.words
    (link,) = [link for link in page.links if "/deviations/csv" in link]
    assert f"area={NORTH}" in link and "programme=ny_vri" in link
    assert "Vassvika" not in reader.client.get(link).text


def test_figures_about_people_are_narrowed_by_no_address(enter: Enter) -> None:
    """What a whole hides, its parts would tell: by area, by programme, by a few days at a time."""
    reader, days = enter("lise"), "from=2026-10-01&until=2026-10-07"
    for name, report in REPORTS.items():
        if not report.close:
            continue
        usual = MADE.sub("", reader.open(f"/office/reports/{name}").plain)
        parts = [f"area={NORTH}", "programme=ny_vri"]
        parts += [days] if PeriodKind.FREE not in report.periods else []
        page = reader.open(f"/office/reports/{name}?{'&'.join(parts)}")
        assert page.status == 200 and MADE.sub("", page.plain) == usual, name


def rows(reader: Reader, path: str) -> list[list[str]]:
    """Read a table that was handed out."""
    response = reader.client.get(path)
    assert response.data.startswith(b"\xef\xbb\xbf") and response.mimetype == "text/csv"
    return [*csv.reader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";")]


def test_the_file_tells_what_the_page_does_and_is_written_down(
    enter: Enter, database: Database
) -> None:
    """Who took what, when and in which form; never what was in it."""
    fault(database)
    reader = enter("ingrid")
    year = datetime.now(UTC).year
    table = rows(reader, f"/office/reports/deviations/csv?period={year}")
    assert table[0] == ["Avvik"] and [f"Periode: {year}"] in table
    severe = next(row for row in table if row[:1] == ["Høy"])
    assert severe[1].isdecimal() and ["Slik er tallet regnet"] in table
    assert reader.client.get("/office/reports/deviations/xlsx").status_code == 200
    assert reader.client.get("/office/reports/deviations/exe").status_code == 404
    with database.reading() as session:
        taken = session.scalars(select(Act).where(Act.what == "report_exported").order_by(Act.at))
        noted = [(act.by, orjson.loads(act.note)) for act in taken]
    assert [by for by, _ in noted] == [STAFF["ingrid"].id] * 2
    assert noted[0][1] == {"report": "deviations", "form": "csv", "period": f"{year}"}
    assert noted[1][1]["form"] == "xlsx"
    reader.client.get(f"/office/reports/deviations/csv?area={NORTH}")
    with database.reading() as session:
        last = session.scalars(select(Act).where(Act.what == "report_exported", Act.about == NORTH))
        assert ["area" in orjson.loads(act.note) for act in last] == [False]


def test_no_file_holds_a_figure_that_its_page_hides(enter: Enter) -> None:
    """Each file has just the figures that are printed on the page, and hides what it hides."""
    reader = enter("lise")
    for name in CONFIDED:
        page = reader.open(f"/office/reports/{name}")
        table = rows(reader, f"/office/reports/{name}/csv")
        assert any(TOO_FEW in row for row in table) == (TOO_FEW in page.words)
        printed = re.findall(r"<td[^>]*>([^<]*)</td>", page.html)
        shown = sorted(number(cell) for cell in printed if number(cell))
        assert sorted(part for row in table for part in row[1:] if number(part)) == shown, name
        whole = reader.client.get(f"/office/reports/{name}/xlsx").data
        book = zipfile.ZipFile(io.BytesIO(whole))
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
        figures = sum(text.count("<v>") - text.count('t="s"') for text in sheets)
        assert figures == len(shown), name


def number(cell: str) -> str:
    """Give a cell's figure as a file has it, empty when it is none."""
    plain = cell.replace("\u00a0", "").replace("%", "")
    return plain if plain.replace(",", "").isdecimal() else ""


def test_no_word_of_a_file_begins_a_formula_and_figures_are_figures() -> None:
    """A name that somebody typed cannot run in the reader's spreadsheet; commas are decimal."""
    evil = '=cmd|"/c calc"!A1'
    cells = (Printed("12,5", 12.5), Printed(evil), Printed("67\u00a0%", 67, percent=True))
    line = PrintedLine(f"@{evil}", cells)
    sheet = Sheet(evil, evil, ("+1", "-2", "=3"), (line,), (0,), None, ((evil, evil),))
    heading = Heading("Rapport", (evil,), (evil,))
    text = as_csv(heading, [sheet]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        assert not any(value.lstrip().startswith(("=", "+", "-", "@")) for value in row), row
    assert "12,5;" in text and ";67" in text
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(heading, [sheet, sheet])))
    pages = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
    assert len(pages) == 3 and not any("<f>" in page for page in pages)
    assert "<v>12.5</v>" in pages[1]
