"""The documents of a package: each record as PDF/A and exactly as stored, its picture beside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row
from sqlalchemy.orm import Session

from server.keeping import paper
from server.keeping.archive.noark import ARCHIVED, PRODUCED, Document, Folder, Registration, Stored
from server.keeping.archive.words import File, Words, moment
from server.keeping.export_tables import exact
from server.keeping.open_table import OpenFile
from server.keeping.packing import Pictures
from server.records import REGISTRY
from server.records.record import KindSpec, Retention
from server.shapes import state_of

TEMPLATE = Path(__file__).parent / "arkiv.typ"
DOCUMENTS = "dokumenter"
DRAFT, DONE = "Dokumentet er under redigering", "Dokumentet er ferdigstilt"
KNOWN_SIGN = re.compile("[\n\t\x20-\x7e\xa0-\u024f\u2010-\u2026]")
"""What every font has: Latin with its extensions, and dashes and quotes."""


class Writer:
    """Writes records into a package, and keeps what its structure is to say of them."""

    def __init__(
        self, session: Session, folder: Path, pictures: Pictures, left_out: frozenset[str]
    ) -> None:
        self.written: list[str] = []
        """The name of every file, relative to the folder."""
        self._folder, self._pictures = folder, pictures
        self._words = Words(session, left_out)
        self._files: dict[str, tuple[File, list[Registration]]] = {}

    def lacks_picture(self, rows: Sequence[Row[Any]]) -> bool:
        """Say whether a picture that was stored with some records is not in the store now."""
        return any(_has_picture(row) and self._pictures(row.id) is None for row in rows)

    def add(self, spec: KindSpec, rows: Sequence[Row[Any]], over_on: date) -> None:
        """Write a record and what belongs to it, the record first."""
        file = self._words.file_of(rows[0])
        documents = [self._write(row, file, spec.retention) for row in rows]
        registration = Registration(documents, spec.retention, over_on)
        self._files.setdefault(file.id, (file, []))[1].append(registration)

    def folders(self) -> list[Folder]:
        """Give what was written, folder by folder, oldest first."""
        found = [Folder(f.id, f.title, f.begun_at, entries) for f, entries in self._files.values()]
        return sorted(found, key=lambda folder: (folder.begun_at, folder.id))

    def _write(self, row: Row[Any], file: File, term: Retention) -> Document:
        spec, body = REGISTRY[row.kind], orjson.loads(row.body)
        title = self._words.title(row.kind, body)
        authors = [self._words.names.user(user) or user for user in orjson.loads(row.authors)]
        facts = self._facts(row, file, term, authors)
        said = {"title": title, "facts": facts, "fields": self._words.lines(spec, body)}
        stem = f"{DOCUMENTS}/{file.id}/{row.id}"
        files = [Stored(f"{stem}.pdf", ARCHIVED, "PDF/A-2b", "application/pdf")]
        self._put(files[0], drawn(said, row))
        if _has_picture(row):
            files.append(Stored(f"{stem}.jpg", ARCHIVED, "JPEG", "image/jpeg"))
            self._put(files[1], self._pictures(row.id) or b"")
        files.append(Stored(f"{stem}.json", PRODUCED, "JSON", "application/json"))
        self._put(files[-1], exact(row))
        unsent = "status" in spec.fields and state_of(body.get("status")) == "draft"
        state = DRAFT if unsent else DONE
        return Document(row.id, spec.words[0], title, state, row.created_at, authors, files)

    def _facts(
        self, row: Row[Any], file: File, term: Retention, authors: Sequence[str]
    ) -> list[dict[str, str]]:
        facts = {
            "Arkivmappe": file.title,
            "Registrering": row.id,
            "Skrevet av": ", ".join(authors),
            "Opprettet": moment(row.created_at),
            "Sist endret": moment(row.changed_at),
            "Område": self._words.names.area(row.area),
            "Frist her": f"{term.years} år. {term.basis}.",
            "Slettet": "Ja, før den ble arkivert" if row.deleted else "",
        }
        return [{"label": label, "words": words} for label, words in facts.items() if words]

    def _put(self, stored: Stored, content: bytes) -> None:
        path = self._folder / stored.name
        for above in (path.parent.parent, path.parent):
            above.mkdir(mode=0o700, exist_ok=True)
        with OpenFile(path) as file:
            file.write_bytes(content)
        self.written.append(stored.name)


def drawn(said: Mapping[str, Any], row: Row[Any]) -> bytes:
    """Draw a document as PDF/A; a sign that no font here has stands as its number, [U+1F469].

    The exact text is in the JSON beside.
    """
    try:
        return paper.as_archive_pdf(TEMPLATE, said, row.changed_at)
    except paper.NoSuchSign:
        return paper.as_archive_pdf(TEMPLATE, _numbered(said), row.changed_at)


def _numbered(said: Any) -> Any:
    if isinstance(said, str):
        return "".join(s if KNOWN_SIGN.match(s) else f"[U+{ord(s):04X}]" for s in said)
    if isinstance(said, Mapping):
        return {key: _numbered(value) for key, value in said.items()}
    return [_numbered(value) for value in said]


def _has_picture(row: Row[Any]) -> bool:
    return "stored" in REGISTRY[row.kind].fields and bool(orjson.loads(row.body).get("stored"))
