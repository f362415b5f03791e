"""The typed tables follow the bodies: written in the same turn, rebuilt and compared on demand.

Office, reports and search read what this writes; intake and feed never do. It changes no body.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from server.database import Base
from server.driver import Insert, Row, Sql, add, many, rows
from server.records.record import DECLARED, Body, Envelope, KindSpec
from server.shapes import Json, Shape
from sync.mutation import canonical, strict_loads

ENTRIES, ENVELOPES = Base.metadata.tables["entry"], Base.metadata.tables["record"]
REBUILD_BATCH = 500
_STORED = Sql('SELECT record, field, "key", value FROM entry WHERE record IN ?')
_TAKE_AWAY = Sql('DELETE FROM entry WHERE record = ? AND field = ? AND "key" = ?')

EntryKey: TypeAlias = tuple[str, str, str]
"""Record, field and key of one entry."""
ToDriver: TypeAlias = Callable[[Json, bool], Json]


def project(session: Session, spec: KindSpec, id: str, body: Body) -> None:
    """Write the typed row and the keyed entries of one record."""
    project_many(session, [(spec, id, body)])


def project_many(
    session: Session, records: Iterable[tuple[KindSpec, str, Body]], new: Collection[str] = ()
) -> None:
    """Write the typed rows and the keyed entries of many records, one statement per table.

    The rows go to the driver as the wire has them: building them as typed values, for SQLAlchemy
    to turn back, takes several times as long, and this is on the road of every push. Of `new`
    records nothing is written yet.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    typed: dict[tuple[str, bool], list[Row]] = {}
    keyed: dict[str, dict[EntryKey, str]] = {}
    for spec, id, body in records:
        get = body.get
        row: list[Any] = [id]
        for name, to_driver in _columns(spec.name):
            value = get(name)
            row.append(value if value is None or to_driver is None else to_driver(value, on_sqlite))
        typed.setdefault((spec.name, id in new), []).append(tuple(row))
        if spec.keyed:
            keyed[id] = entries(spec, id, body)
    for (kind, is_new), written in typed.items():
        if is_new:
            add(session, _insert(kind), written)
        else:
            many(session, _upsert(kind), written)
    if keyed:
        _put_entries(session, keyed, [id for id in keyed if id not in new])


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


def entries(spec: KindSpec, id: str, body: Body) -> dict[EntryKey, str]:
    """Work out the entries of the keyed fields."""
    found: dict[EntryKey, str] = {}
    for path, value in body.items():
        if value is None or "/" not in path:
            continue
        name, _, key = path.partition("/")
        if name in spec.keyed:
            text = value if isinstance(value, str) else canonical(value).decode()
            found[id, name, key] = text
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
        keyed: dict[str, dict[EntryKey, str]] = {}
        for row in session.execute(select(ENTRIES).where(ENTRIES.c.record.in_(ids))):
            keyed.setdefault(row.record, {})[row.record, row.field, row.key] = row.value
        for id, body in batch:
            typed = stored.get(id) == typed_row(spec, id, body)
            if not typed or entries(spec, id, body) != keyed.get(id, {}):
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


def _put_entries(
    session: Session, keyed: Mapping[str, dict[EntryKey, str]], known: list[str]
) -> None:
    stored = rows(session, _STORED, known) if known else []
    before: dict[EntryKey, str] = {(id, name, key): text for id, name, key, text in stored}
    after = {place: text for written in keyed.values() for place, text in written.items()}
    many(session, _TAKE_AWAY, [place for place in before if place not in after])
    many(session, _upsert("entry"), [(*p, t) for p, t in after.items() if before.get(p) != t])


@cache
def _columns(kind: str) -> tuple[tuple[str, ToDriver | None], ...]:
    """Give the columns of a kind's table after the id, with what turns a value for the driver."""
    fields, plain = DECLARED[kind].fields, Shape.to_driver
    shapes = [(name, fields[name].shape) for name in _names(kind)[1]]
    return tuple((n, None if type(s).to_driver is plain else s.to_driver) for n, s in shapes)


@cache
def _upsert(name: str) -> Sql:
    """Write the one statement, alike on both databases, that adds a row or replaces it."""
    keys, others = _names(name)
    columns = ", ".join(f'"{column}"' for column in (*keys, *others))
    signs = ", ".join(["?"] * (len(keys) + len(others)))
    update = ", ".join(f'"{column}" = excluded."{column}"' for column in others)
    return Sql(
        f'INSERT INTO "{name}" ({columns}) VALUES ({signs}) '
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {update}"
    )


@cache
def _insert(name: str) -> Insert:
    """Give the way to add rows, in the same order as `_upsert`."""
    keys, others = _names(name)
    return Insert(name, (*keys, *others))


def _names(table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the names of a table's key columns and of the others."""
    columns = Base.metadata.tables[table].columns
    keys = tuple(column.name for column in columns if column.primary_key)
    return keys, tuple(column.name for column in columns if not column.primary_key)


def _table(spec: KindSpec) -> Table:
    table = spec.model.__table__
    assert isinstance(table, Table)
    return table


def _body(stored: bytes) -> Body:
    body = strict_loads(stored)
    assert isinstance(body, dict)
    return body
