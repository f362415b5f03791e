"""Tables that anybody can open: CSV with words for people and codes for programs, and no formulas.

UTF-8 with a mark at its beginning and semicolons, as Norwegian spreadsheets expect.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from unicodedata import normalize

from sqlalchemy import Row

from server.patterns import user_in
from server.records.record import KindSpec
from server.shapes import STATES, Field, Json, write_instant
from sync.mutation import canonical

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
STARTS_A_FORMULA = frozenset("=+-@\t\r\n|%")
ENVELOPE = ("Registrering", "Opprettet", "Endret", "Låst", "Slettet", "Område (id)", "Område")
Named = Callable[[object], str]
Trace = TracebackType | None


class OpenFile:
    """A file that only its owner can read, with a count of what was written."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, 0

    def __enter__(self) -> Self:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: BinaryIO = os.fdopen(handle, "wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._file as file:
            file.flush()
            os.fsync(file.fileno())

    def write_bytes(self, content: bytes) -> None:
        """Add bytes."""
        self._file.write(content)


class Sheet(OpenFile):
    """One CSV file with a heading."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        super().__init__(path)
        self.columns = tuple(columns)

    def __enter__(self) -> Self:
        super().__enter__()
        self._text = io.TextIOWrapper(self._file, "utf-8", newline="", write_through=False)
        self._csv = csv.writer(self._text, delimiter=";", quoting=csv.QUOTE_MINIMAL)
        self._file.write(BYTE_ORDER_MARK)
        self._csv.writerow([cell(column) for column in self.columns])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._text.flush()
        self._text.detach()
        super().__exit__(kind, error, at)

    def write(self, row: Sequence[object]) -> None:
        """Add one row."""
        self._csv.writerow([cell(value) for value in row])
        self.rows += 1


def cell(value: object) -> str:
    """Give a value as a cell that no spreadsheet takes for a formula.

    A text that would begin one gets an apostrophe before it; whole numbers stay as they are. The
    exact text is in the JSON Lines beside.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, int):
        return str(value)
    text = write_instant(value) if isinstance(value, datetime) else str(value)
    return f"'{text}" if begins_formula(text) else text


def begins_formula(text: str) -> bool:
    """Say whether some spreadsheet would take a text for a formula.

    Signs that nobody sees do not count, and wide or small forms of a sign count as the sign.
    """
    for sign in text:
        if normalize("NFKC", sign)[:1] in STARTS_A_FORMULA:
            return True
        if sign != " " and sign.isprintable():
            return False
    return False


@dataclass
class KindSheets:
    """The tables of one kind: one row for each record, and one table for each keyed field."""

    spec: KindSpec
    user: Named
    area: Named
    main: Sheet
    keyed: dict[str, Sheet] = field(default_factory=dict)

    def write(self, row: Row[Any], body: Mapping[str, Json], authors: Sequence[str]) -> None:
        """Add one record; paths that no field declares any longer stay in the JSON Lines."""
        whole: list[object] = [row.id, row.created_at, row.changed_at, row.locked_at, row.deleted]
        whole += [row.area, self.area(row.area), ", ".join(map(self.user, authors))]
        for name, declared in self.spec.fields.items():
            if not declared.keyed:
                whole += self._cells(declared, body.get(name))
        self.main.write(whole)
        for path in sorted(body):
            found = self.spec.at(path)
            if found and found[1] is not None:
                declared, key = found
                known = (declared.key_labels or {}).get(key or "", "")
                words = known or self.user(user_in(key or ""))
                cells = self._cells(declared, body[path])
                self.keyed[declared.name].write([row.id, key, words, *cells])

    def counts(self) -> dict[str, int]:
        """Give the rows of each file."""
        return {sheet.path.name: sheet.rows for sheet in (self.main, *self.keyed.values())}

    def _cells(self, declared: Field, value: Json) -> list[object]:
        plain = canonical(value).decode() if isinstance(value, dict | list) else value
        if declared.choices:
            return [plain, declared.choices.get(str(value), "")]
        if declared.shape.control == "user":
            return [plain, self.user(value)]
        if declared.shape.control == "status":
            state = value.get("state") if isinstance(value, dict) else None
            return [plain, STATES.get(str(state or "draft"), "")]
        return [plain]


@contextmanager
def kind_sheets(folder: Path, spec: KindSpec, user: Named, area: Named) -> Iterator[KindSheets]:
    """Open the tables of one kind."""
    with ExitStack() as stack:
        flat = [f for f in spec.fields.values() if not f.keyed]
        columns = [*ENVELOPE, "Skrevet av", *(word for f in flat for word in _headings(f))]
        main = stack.enter_context(Sheet(folder / f"{spec.name}.csv", columns))
        keyed = {
            f.name: stack.enter_context(
                Sheet(
                    folder / f"{spec.name}_{f.name}.csv",
                    ["Registrering", "Nøkkel", "Nøkkel i ord", *_headings(f)],
                )
            )
            for f in spec.fields.values()
            if f.keyed
        }
        yield KindSheets(spec, user, area, main, keyed)


def _headings(declared: Field) -> list[str]:
    if declared.choices or declared.shape.control == "status":
        return [f"{declared.label} (kode)", declared.label]
    if declared.shape.control == "user":
        return [f"{declared.label} (id)", declared.label]
    return [f"{declared.label} (id)" if declared.to else declared.label]
