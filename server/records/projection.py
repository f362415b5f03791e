"""The typed tables follow the bodies: written in the same turn, rebuilt and compared on demand.

Office, reports and search read what this writes; intake and feed never do. It changes no body.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.database import Base
from server.records.record import DECLARED, Body, Envelope, KindSpec
from server.shapes import Json
from sync.mutation import canonical, strict_loads

ENTRIES, ENVELOPES = Base.metadata.tables["entry"], Base.metadata.tables["record"]
REBUILD_BATCH = 500


def project(session: Session, spec: KindSpec, id: str, body: Body) -> None:
    """Write the typed row and the keyed entries of one record."""
    project_many(session, [(spec, id, body)])


def project_many(session: Session, records: Iterable[tuple[KindSpec, str, Body]]) -> None:
    """Write the typed rows and the keyed entries of many records, one statement per table."""
    rows: dict[str, list[dict[str, Any]]] = {}
    keyed: dict[str, list[dict[str, Any]]] = {}
    for spec, id, body in records:
        rows.setdefault(spec.name, []).append(typed_row(spec, id, body))
        if any(field.keyed for field in spec.fields.values()):
            keyed[id] = entries(spec, id, body)
    for kind, written in rows.items():
        _upsert(session, _table(DECLARED[kind]), written)
    _put_entries(session, keyed)


def drop_projection(session: Session, spec: KindSpec, ids: Collection[str]) -> None:
    """Take the typed rows and entries of erased records away."""
    table = _table(spec)
    session.execute(delete(table).where(table.c.id.in_(ids)))
    session.execute(delete(ENTRIES).where(ENTRIES.c.record.in_(ids)))


def typed_row(spec: KindSpec, id: str, body: Body) -> dict[str, Any]:
    """Work out the row of the kind's table; paths that the contract does not know are left out."""
    row: dict[str, Any] = {"id": id}
    for name, field in spec.fields.items():
        if not field.keyed:
            value = body.get(name)
            row[name] = None if value is None else field.shape.to_column(value)
    return row


def entries(spec: KindSpec, id: str, body: Body) -> list[dict[str, Any]]:
    """Work out the entries of the keyed fields."""
    found = []
    for path, value in body.items():
        at = spec.at(path) if "/" in path else None
        if at and value is not None:
            text = _entry_text(value)
            found.append({"record": id, "field": at[0].name, "key": at[1], "value": text})
    return found


def differing(session: Session) -> list[str]:
    """Give the ids of the records whose projection is not what their body says."""
    wrong: list[str] = []
    for kind, batch in _batches(session):
        spec = DECLARED[kind]
        table = _table(spec)
        ids = [id for id, _ in batch]
        stored = {
            row.id: dict(row._mapping)
            for row in session.execute(select(table).where(table.c.id.in_(ids)))
        }
        keyed: dict[str, list[tuple[str, str, str]]] = {}
        for row in session.execute(select(ENTRIES).where(ENTRIES.c.record.in_(ids))):
            keyed.setdefault(row.record, []).append((row.field, row.key, row.value))
        for id, body in batch:
            due = [(e["field"], e["key"], e["value"]) for e in entries(spec, id, body)]
            typed = stored.get(id) == typed_row(spec, id, body)
            if not typed or sorted(due) != sorted(keyed.get(id, [])):
                wrong.append(id)
    return wrong


def rebuild(session: Session) -> int:
    """Write every projection anew from the bodies, search words included; give how many."""
    count = 0
    for kind, batch in _batches(session):
        spec = DECLARED[kind]
        project_many(session, [(spec, id, body) for id, body in batch])
        session.connection().execute(
            update(ENVELOPES)
            .where(ENVELOPES.c.id == bindparam("of"))
            .values(words=bindparam("found_by")),
            [{"of": id, "found_by": spec.search_words(body)} for id, body in batch],
        )
        count += len(batch)
    return count


def _batches(session: Session) -> Iterable[tuple[str, list[tuple[str, Body]]]]:
    for kind in DECLARED:
        after = ""
        while True:
            found = session.execute(
                select(Envelope.id, Envelope.body)
                .where(Envelope.kind == kind, Envelope.id > after)
                .order_by(Envelope.id)
                .limit(REBUILD_BATCH)
            ).all()
            if not found:
                break
            after = found[-1].id
            yield kind, [(row.id, _body(row.body)) for row in found]


def _put_entries(session: Session, keyed: Mapping[str, list[dict[str, Any]]]) -> None:
    if not keyed:
        return
    stored = session.execute(select(ENTRIES).where(ENTRIES.c.record.in_(keyed))).all()
    before = {(row.record, row.field, row.key): row.value for row in stored}
    after = {
        (entry["record"], entry["field"], entry["key"]): entry
        for written in keyed.values()
        for entry in written
    }
    for record, field, key in before.keys() - after.keys():
        session.execute(
            delete(ENTRIES).where(
                ENTRIES.c.record == record, ENTRIES.c.field == field, ENTRIES.c.key == key
            )
        )
    new = [entry for place, entry in after.items() if before.get(place) != entry["value"]]
    if new:
        _upsert(session, ENTRIES, new)


def _upsert(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others), rows
    )


def _table(spec: KindSpec) -> Table:
    table = spec.model.__table__
    assert isinstance(table, Table)
    return table


def _body(stored: bytes) -> Body:
    body = strict_loads(stored)
    assert isinstance(body, dict)
    return body


def _entry_text(value: Json) -> str:
    return value if isinstance(value, str) else canonical(value).decode()
