"""Everything in open formats, readable without Oppgang: CSV, JSON Lines, pictures, and checksums.

It reads one snapshot and changes nothing but the logs of acts and of access; what it writes is for
whoever may hold the whole municipality's personal data. What is barred (kode 6) is left out of
every file, and of the history, unless it is asked for by name; that it was stands in the log.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import access_log, acts
from server.access import barred_clause
from server.contract import CONTRACT
from server.database import Database, head, incarnation
from server.keeping.export_tables import WHOLE, Names, exact, stream, tables
from server.keeping.open_table import OpenFile, Sheet, kind_sheets
from server.keeping.packing import READ_ME_NAME, Pictures, listed, new_folder, write_manifest
from server.keeping.read_me import READ_ME
from server.ledger import MutationRow
from server.migrations import schema_version
from server.records import REGISTRY
from server.records.record import Envelope, KindSpec
from server.shapes import write_instant
from server.version import VERSION
from sync.mutation import is_id

FORMAT = 1
PICTURES = "bilder"


@dataclass
class Made:
    """What was written: rows by file, and the pictures that are named and not here."""

    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    """The records about people."""
    left_out: frozenset[str] = frozenset()
    """The records that are barred, and of which no file may tell."""


def export_all(
    database: Database,
    folder: Path,
    pictures: Pictures,
    by: str,
    now: datetime,
    *,
    with_barred: bool = False,
) -> Made:
    """Write everything into a new folder that only its owner can open; whole or not at all.

    Raises CannotExport when the folder holds something already. That it was made is written down
    before the folder gets its name, so that no export is without its line in the log.
    """
    made = Made()
    with new_folder(folder) as draft:
        with database.reading() as session:
            if not with_barred:
                made.left_out = _barred(session)
            manifest = _write_all(session, draft, pictures, made, now)
        digest = hashlib.sha256(manifest).hexdigest()
        rows = sum(made.rows.values())
        with database.writing() as session:
            reading = access_log.Reading(by, "", "export", access_log.EXPORT, made.read)
            access_log.append(session, [reading], now)
            said: dict[str, Any] = {"files": len(made.rows), "rows": rows, "manifest": digest}
            acts.note(session, "export", by, now, **said, with_barred=with_barred)
    return made


def _barred(session: Session) -> frozenset[str]:
    """Give what is barred, with what hangs on it and was deleted before it was: that is in no scope
    which could tell.
    """
    found = set(session.scalars(select(Envelope.id).where(barred_clause())))
    gone = select(Envelope.id, Envelope.body).where(Envelope.deleted)
    rows = stream(session, gone)
    over = {row.id: set(filter(is_id, orjson.loads(row.body).values())) for row in rows}
    while more := {id for id, refs in over.items() if id not in found and refs & found}:
        found |= more
    return frozenset(found)


def _write_all(
    session: Session, folder: Path, pictures: Pictures, made: Made, now: datetime
) -> bytes:
    names = Names(session)
    for spec in REGISTRY.values():
        _write_kind(session, folder, spec, names, made)
        if "stored" in spec.fields:
            _write_pictures(session, folder, spec, pictures, made)
    _write_history(session, folder, names, made)
    for sheet_name, columns, rows in tables(session, names, made.left_out):
        with Sheet(folder / sheet_name, columns) as sheet:
            for row in rows:
                sheet.write(row)
        made.rows[sheet_name] = sheet.rows
    (folder / READ_ME_NAME).write_text(READ_ME, "utf-8")
    os.chmod(folder / READ_ME_NAME, 0o600)
    made.rows[READ_ME_NAME] = READ_ME.count("\n")
    return write_manifest(
        folder,
        {
            "format": FORMAT,
            "made_at": write_instant(now),
            "app": VERSION,
            "contract": CONTRACT,
            "schema": schema_version(session.connection()),
            "incarnation": incarnation(session),
            "seq": head(session),
            "missing_pictures": made.missing,
            "files": listed(folder, made.rows),
        },
    )


def _write_kind(session: Session, folder: Path, spec: KindSpec, names: Names, made: Made) -> None:
    query = select(*WHOLE).where(Envelope.kind == spec.name).order_by(Envelope.id)
    with ExitStack() as stack:
        lines = stack.enter_context(OpenFile(folder / f"{spec.name}.jsonl"))
        table = stack.enter_context(kind_sheets(folder, spec, names.user, names.area))
        for row in stream(session, query):
            if row.id in made.left_out:
                continue
            lines.write_bytes(exact(row) + b"\n")
            if spec.about_people:
                made.read.append(row.id)
            table.write(row, orjson.loads(row.body), orjson.loads(row.authors))
            lines.rows += 1
    made.rows[f"{spec.name}.jsonl"] = lines.rows
    made.rows |= table.counts()


def _write_pictures(
    session: Session, folder: Path, spec: KindSpec, pictures: Pictures, made: Made
) -> None:
    query = select(Envelope.id, Envelope.body).where(Envelope.kind == spec.name)
    for row in stream(session, query.order_by(Envelope.id)):
        if row.id in made.left_out or not orjson.loads(row.body).get("stored"):
            continue
        content = pictures(row.id)
        if content is None:
            made.missing.append(row.id)
            continue
        name = f"{PICTURES}/{row.id}.jpg"
        (folder / PICTURES).mkdir(mode=0o700, exist_ok=True)
        with OpenFile(folder / name) as file:
            file.write_bytes(content)
        made.rows[name] = 1


def _write_history(session: Session, folder: Path, names: Names, made: Made) -> None:
    """Write the ledger: who did what, when, and what became of it."""
    query = select(MutationRow.__table__).order_by(MutationRow.position)
    with OpenFile(folder / "historikk.jsonl") as lines:
        for row in stream(session, query):
            sent = _sent(bytes(row.raw or b""))
            if row.record in made.left_out or _names_any(sent["sent"], made.left_out):
                continue
            said: dict[str, Any] = {
                "position": row.position,
                "mid": row.mid,
                "record": row.record,
                "author": row.author,
                "author_name": names.user(row.author),
                "replica": row.replica,
                "n": row.n,
                "received_at": write_instant(row.received_at),
                "sealed": row.sealed,
                "state": row.state,
                "reason": row.reason,
                "seq": row.seq,
                "sha256": row.sha256,
                "chain": row.chain,
                "effect": orjson.Fragment(row.effect) if row.effect else [],
                **sent,
            }
            lines.write_bytes(orjson.dumps(said) + b"\n")
            lines.rows += 1
    made.rows["historikk.jsonl"] = lines.rows


def _names_any(sent: Any, ids: frozenset[str]) -> bool:
    """Say whether what was sent is about, or refers to, one of some records, taken in or not."""
    if not isinstance(sent, dict):
        return False
    values = sent.get("set")
    named = [sent.get("id"), *(values.values() if isinstance(values, dict) else ())]
    return any(isinstance(value, str) and value in ids for value in named)


def _sent(raw: bytes) -> dict[str, Any]:
    """Give what was sent: as JSON, or as hexadecimal digits when nobody could open it."""
    try:
        return {"sent": orjson.loads(raw)} if raw else {"sent": None}
    except orjson.JSONDecodeError:
        return {"sent": None, "sent_hex": raw.hex()}
