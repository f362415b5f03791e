"""Packing what is due for the archive: a folder of documents, their structure and their sums.

It reads one snapshot and ends nothing. What is barred (kode 6) is left out unless it is asked for
by name, as of every export; what is held, or waits for a person, is packed when that is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import access_log, acts
from server.access import HERE, barred_clause, today_of
from server.contract import CONTRACT
from server.database import Database, incarnation
from server.keeping import over, retention, terms
from server.keeping.archive import noark
from server.keeping.archive.documents import Writer
from server.keeping.archive.families import Family, family_of, is_held, is_open
from server.keeping.archive.packages import ArchiveLine, ArchivePackage
from server.keeping.archive.read_me import READ_ME
from server.keeping.export_tables import WHOLE
from server.keeping.open_table import OpenFile
from server.keeping.packing import (
    READ_ME_NAME,
    CannotExport,
    Pictures,
    listed,
    new_folder,
    write_manifest,
)
from server.keeping.terms import ARCHIVE
from server.planning.calendar import add_months
from server.records.record import Envelope, KindSpec
from server.shapes import write_instant
from server.version import VERSION

FORMAT, PACKED = 1, "archive_packed"
LINES_AT_ONCE = 500


class NothingDue(CannotExport):
    """Nothing is due that can be packed now."""


@dataclass
class Packed:
    """What became of what was due."""

    package: str
    manifest: str = ""
    """SHA-256 of its manifest."""
    lines: list[dict[str, Any]] = field(default_factory=list)
    """What lies in the package: record, number, and whether its own time was over."""
    read: list[str] = field(default_factory=list)
    """The records about people."""
    waiting: list[str] = field(default_factory=list)
    """Due, and not packed: something about them waits for a person, or is held."""
    missing: list[str] = field(default_factory=list)
    """Due, and not packed: a picture of theirs is not in the store."""

    @property
    def records(self) -> int:
        """Count those whose own time was over."""
        return sum(line["own"] for line in self.lines)


def pack(
    database: Database,
    folder: Path,
    pictures: Pictures,
    by: str,
    now: datetime,
    *,
    with_barred: bool = False,
) -> Packed:
    """Pack what is due into a new folder that only its owner can open; whole or not at all.

    Raises CannotExport when the folder holds something or nothing is due. Only a package that lies
    whole in its folder is known afterwards, and can be received.
    """
    packed = Packed(str(uuid7()))
    with new_folder(folder) as draft:
        with database.reading() as session:
            manifest = _write(session, draft, pictures, packed, now, with_barred)
        packed.manifest = digest = hashlib.sha256(manifest).hexdigest()
        with database.writing() as session:
            reading = access_log.Reading(by, "", "export", access_log.EXPORT, packed.read)
            access_log.append(session, [reading], now)
            said: dict[str, Any] = {"manifest": digest, "with_barred": with_barred}
            acts.note(session, PACKED, by, now, packed.package, **said)
    with database.writing() as session:
        session.add(ArchivePackage(id=packed.package, made_at=now, by=by, manifest=digest))
        session.flush()
        _keep_lines(session, packed)
    return packed


def _write(
    session: Session,
    folder: Path,
    pictures: Pictures,
    packed: Packed,
    now: datetime,
    with_barred: bool,
) -> bytes:
    hidden = () if with_barred else session.scalars(select(Envelope.id).where(barred_clause()))
    left_out, specs = frozenset(hidden), terms.standing(session)
    writer = Writer(session, folder, pictures, left_out)
    for spec, family, over_on in _due(session, specs, now, left_out, packed):
        rows = _rows(session, family)
        if writer.lacks_picture(rows):
            packed.missing.append(family.root)
            continue
        writer.add(spec, rows, over_on)
        packed.read += [row.id for row in rows if specs[row.kind].about_people]
        packed.lines += [
            {"package": packed.package, "record": r.id, "seq": r.seq, "own": r.id == family.root}
            for r in rows
        ]
    if not packed.lines:
        raise NothingDue("Nothing is due for the archive that can be packed now.")
    noark.write(folder, packed.package, writer.folders(), now)
    with OpenFile(folder / READ_ME_NAME) as file:
        file.write_bytes(READ_ME.encode())
    files = dict.fromkeys((*writer.written, noark.NAME, READ_ME_NAME), 1)
    return write_manifest(
        folder,
        {
            "format": FORMAT,
            "package": packed.package,
            "made_at": write_instant(now),
            "app": VERSION,
            "contract": CONTRACT,
            "incarnation": incarnation(session),
            "with_barred": with_barred,
            "records": [{"id": each["record"], "seq": each["seq"]} for each in packed.lines],
            "files": listed(folder, files),
        },
    )


def _due(
    session: Session,
    specs: dict[str, KindSpec],
    now: datetime,
    left_out: frozenset[str],
    packed: Packed,
) -> Iterator[tuple[KindSpec, Family, date]]:
    """Give what is due with all that belongs to it, and the day that its time was over."""
    for spec in specs.values():
        if spec.retention.action != ARCHIVE:
            continue
        due = retention.to_archive(spec, today_of(now)).add_columns(over.since(spec))
        for root, since in session.execute(due).all():
            family = family_of(session, specs, root)
            if family is None or not left_out.isdisjoint(family.kinds):
                continue
            if is_held(session, family) or is_open(session, family):
                packed.waiting.append(root)
            else:
                yield spec, family, _over_on(since, spec.retention.years)


def _over_on(since: date | datetime, years: int) -> date:
    day = since.astimezone(HERE).date() if isinstance(since, datetime) else since
    return add_months(day, 12 * years)


def _rows(session: Session, family: Family) -> list[Row[Any]]:
    query = select(*WHOLE).where(Envelope.id.in_(family.archived))
    found = {row.id: row for row in session.execute(query)}
    return [found[id] for id in family.archived]


def _keep_lines(session: Session, packed: Packed) -> None:
    """Keep what lies in the package; what was erased meanwhile is in no line."""
    for start in range(0, len(packed.lines), LINES_AT_ONCE):
        piece = {line["record"]: line for line in packed.lines[start : start + LINES_AT_ONCE]}
        here = select(Envelope.id).where(Envelope.id.in_(piece)).with_for_update(read=True)
        if found := session.scalars(here).all():
            session.execute(insert(ArchiveLine), [piece[id] for id in found])
