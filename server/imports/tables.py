"""A table as somebody saved it: bytes in, cells with their line numbers out; it knows no column.

What is no table of text is refused in words, before it costs memory or time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

SIZE_MAX_BYTES = 32 * 1_048_576
LINE_MAX_CHARACTERS = 100_000
COLUMNS_MAX = 300
ROWS_MAX = 200_000
DELIMITERS = (";", ",", "\t")
UNCHANGED = "Ingenting er endret."
AS_CSV = "Lagre den som CSV UTF-8, og last opp på nytt."
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "Dette er en Excel-fil eller en ZIP-fil, ikke CSV."),
    (b"PK\x05\x06", "Dette er en tom ZIP-fil, ikke CSV."),
    (b"\xd0\xcf\x11\xe0", "Dette er en gammel Excel-fil, ikke CSV."),
    (b"%PDF", "Dette er en PDF, ikke CSV."),
    (b"\x1f\x8b", "Fila er pakket, så den kan ikke leses som CSV."),
)
"""What a file begins with, whatever its name says."""
TWICE_ENCODED = ("Ã¥", "Ã¸", "Ã¦", "Ã˜", "Ã…", "Ã†")
"""What UTF-8 looks like when it is read as Windows-1252."""


class BadFile(Exception):
    """The file cannot be read as a table; the text says what it is, what is safe, what to do."""

    def __init__(self, happened: str, do: str = AS_CSV) -> None:
        super().__init__(f"{happened} {UNCHANGED} {do}")


@dataclass(frozen=True)
class Table:
    """A heading, and the rows below it as (line, cells); the rows can be read once."""

    heading: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str]]]
    encoding: str
    delimiter: str


def read_table(raw: bytes, known: Callable[[str], bool]) -> Table:
    """Read a table; `known` says of a heading's word whether it is one of ours.

    Raises BadFile, also while the rows are read: broken quotes are found where they stand.
    """
    text, encoding = _text(raw)
    lines = _lines(text)
    first = next(lines, "")
    skipped = 0
    if first.casefold().startswith("sep="):
        first, skipped = next(lines, ""), 1
    if not text.strip():
        raise BadFile("Fila er tom.", "Velg en fil med en overskrift og en linje for hver rad.")
    delimiter = max(DELIMITERS, key=lambda sign: _fit(first, sign, known))
    reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    records = _records(reader, skipped)
    heading = next(records)[1]
    if len(heading) > COLUMNS_MAX:
        raise BadFile(
            f"Overskriften har {len(heading)} kolonner. Grensen er {COLUMNS_MAX}.",
            "Ta med bare kolonnene som trengs, og last opp på nytt.",
        )
    rows = ((line, cells) for line, cells in records if any(map(str.strip, cells)))
    return Table(tuple(heading), _bounded(rows), encoding, delimiter)


def _text(raw: bytes) -> tuple[str, str]:
    if len(raw) > SIZE_MAX_BYTES:
        raise too_large(len(raw))
    for beginning, what in FOREIGN:
        if raw.startswith(beginning):
            raise BadFile(what, "Åpne den i regnearket, lagre som CSV UTF-8, og last opp på nytt.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw:
        raise BadFile("Fila er ikke lagret som vanlig tekst (den er UTF-16 eller noe annet).")
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as bad:
        line = raw.count(b"\n", 0, bad.start) + 1
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as bad:
        line = raw.count(b"\n", 0, bad.start) + 1
        raise BadFile(f"Linje {line} har tegn som ikke kan leses.") from bad
    if any(signs in text for signs in TWICE_ENCODED):
        raise BadFile(
            f"Fila blander to tegnsett. Det første tegnet som ikke passer, er på linje {line}."
        )
    return text, "Windows-1252"


def too_large(size_bytes: int) -> BadFile:
    """Give what is said of a file that is too large."""
    most = SIZE_MAX_BYTES // 1_048_576
    return BadFile(
        f"Fila er på {size_bytes // 1_048_576} MB. Grensen er {most} MB.",
        "Del den i flere filer, og last opp en om gangen.",
    )


def _lines(text: str) -> Iterator[str]:
    """Give the lines with their ends; one without an end is refused before it is taken apart."""
    stream, number = io.StringIO(text, newline=""), 0
    while line := stream.readline(LINE_MAX_CHARACTERS + 1):
        number += 1
        if len(line) > LINE_MAX_CHARACTERS:
            raise BadFile(
                f"Linje {number} er på mer enn {LINE_MAX_CHARACTERS} tegn.",
                "Se etter linjeskift som mangler, og last opp på nytt.",
            )
        yield line


def _fit(first: str, delimiter: str, known: Callable[[str], bool]) -> tuple[int, int]:
    """Say how well a delimiter fits a heading: words that we know first, then words at all."""
    try:
        words = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error:
        return (0, 0)
    return (sum(map(known, words)), len(words))


def _records(reader: Iterator[list[str]], skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line that it begins on."""
    while True:
        line = reader.line_num + 1 + skipped  # type: ignore[attr-defined]
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as bad:
            raise BadFile(
                f"Anførselstegnene går ikke opp fra linje {line}.",
                'Se etter et tegn («"») som mangler eller er for mye, og last opp på nytt.',
            ) from bad


def _bounded(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    for number, row in enumerate(rows, 1):
        if number > ROWS_MAX:
            raise BadFile(
                f"Fila har mer enn {ROWS_MAX} rader.",
                "Del den i flere filer, og last opp en om gangen.",
            )
        yield row
    if not number:
        raise BadFile("Fila har en overskrift, men ingen rader.", "Velg en fil med innhold.")
