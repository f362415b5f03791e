"""A report as a file: CSV and XLSX of the printed tables, where no cell is taken for a formula.

What is hidden on the page is hidden here: both are made of the same printed tables. It reads no
request and no database.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from server.keeping.open_table import BYTE_ORDER_MARK, cell
from server.reports.printing import NONE, TOO_FEW, Printed, Sheet

EMPTY = "Ingen tall for denne perioden ennå."
NAME_MAX = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDTH_MIN, WIDTH_MAX = 12, 60


@dataclass(frozen=True)
class Heading:
    """What stands around the tables: which report, of what, when made, and how it counts."""

    title: str
    about: tuple[str, ...]
    counted: tuple[str, ...]


def as_csv(heading: Heading, sheets: Sequence[Sheet]) -> bytes:
    """Write the tables under each other: semicolons, decimal commas, UTF-8 with a mark."""
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    for row in _rows(heading, sheets):
        table.writerow([_text(value) for value in row])
    return BYTE_ORDER_MARK + written.getvalue().encode()


def as_xlsx(heading: Heading, sheets: Sequence[Sheet]) -> bytes:
    """Write a workbook: what it is first, then a sheet for each table, its figures as figures."""
    out = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(out, {**safe, "strings_to_numbers": False})
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": '0" %"'})
    about = book.add_worksheet("Om tallene")
    about.set_column(0, 0, WIDTH_MAX)
    lines = [heading.title, *heading.about, "", "Slik er tallet regnet", *heading.counted]
    for number, words in enumerate(lines):
        about.write_string(number, 0, words, bold if number == 0 else None)
    taken = {"om tallene"}
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.title, taken))
        page.write_string(0, 0, sheet.title, bold)
        _table(page, sheet, bold, percent)
    book.close()
    return out.getvalue()


def _rows(heading: Heading, sheets: Sequence[Sheet]) -> Iterator[Sequence[object]]:
    yield (heading.title,)
    yield from ((words,) for words in heading.about)
    for sheet in sheets:
        yield ()
        yield (sheet.title,)
        if said := nothing_in(sheet):
            yield (said,)
            continue
        yield (sheet.first, *sheet.columns)
        yield from ((line.label, *line.cells) for line in sheet.lines)
        yield from (("Merke", label, words) for label, words in sheet.marks)
    yield ()
    yield ("Slik er tallet regnet",)
    yield from ((words,) for words in heading.counted)


def nothing_in(sheet: Sheet) -> str:
    """Say why a table is not shown, empty when it is."""
    return TOO_FEW if sheet.too_few else EMPTY if sheet.empty else ""


def _text(value: object) -> str:
    """Write a cell: a figure with a decimal comma and no spaces, words that begin no formula."""
    if not isinstance(value, Printed):
        return cell(value)
    if value.value is None:
        return "" if value.words == NONE else cell(value.words)
    return f"{value.value}".replace(".", ",")


def _table(page: Worksheet, sheet: Sheet, bold: Format, percent: Format) -> None:
    if said := nothing_in(sheet):
        page.write_string(2, 0, said)
        return
    heads = (sheet.first, *sheet.columns)
    for column, words in enumerate(heads):
        page.write_string(2, column, words, bold)
        page.set_column(column, column, min(WIDTH_MAX, max(WIDTH_MIN, len(words) + 2)))
    page.set_column(0, 0, min(WIDTH_MAX, max(len(line.label) for line in sheet.lines) + 2))
    for number, line in enumerate(sheet.lines, 3):
        page.write_string(number, 0, line.label, bold if line.total else None)
        for column, one in enumerate(line.cells, 1):
            if one.value is not None:
                page.write_number(number, column, one.value, percent if one.percent else None)
            elif one.words != NONE:
                page.write_string(number, column, one.words)
    for number, (label, words) in enumerate(sheet.marks, len(sheet.lines) + 4):
        page.write_string(number, 0, label)
        page.write_string(number, 1, words)


def _name(title: str, taken: set[str]) -> str:
    """Name a sheet as Excel allows, and once only."""
    base = " ".join(title.translate(FORBIDDEN).split())[:NAME_MAX].strip() or "Tabell"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base[: NAME_MAX - 3].strip()} {number}"
    taken.add(name.lower())
    return name
