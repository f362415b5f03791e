"""What is here already, as one reader may see it, and what earlier imports said of it.

What is barred is known by its number and its door too, so that no file makes it anew in the open;
nothing of it is told. It reads; what an import makes of it stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson
from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session

from server.access import barred_clause, records_visible, visible_clause
from server.driver import Sql, rows
from server.imports.names import Names
from server.imports.runs import UNDONE
from server.records.folding import fold
from server.records.record import Envelope
from sync.mutation import Json

_BY_ID = Sql("SELECT id, kind, seq, deleted, body FROM record WHERE id IN ? AND deleted")
_STANDS = Sql(
    "SELECT id FROM record WHERE id IN ? AND NOT deleted"
    " UNION ALL SELECT id FROM gone WHERE id IN ?"
)
_TOLD = Sql(
    "SELECT m.record, m.raw FROM import_line l JOIN import_run r ON r.id = l.run"
    " JOIN mutation m ON m.mid = l.mid"
    f" WHERE l.record IN ? AND r.state <> '{UNDONE}' AND m.state = 'applied'"
    " ORDER BY m.position"
)
_TAKEN_BACK = Sql(
    "SELECT DISTINCT l.record FROM import_line l JOIN import_run r ON r.id = l.run"
    f" WHERE l.record IN ? AND r.state = '{UNDONE}'"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One record as it stands."""

    id: str
    kind: str
    seq: int
    deleted: bool
    body: Mapping[str, Json]
    hidden: bool = False
    """It is barred to this reader: it is left as it is, and told to be so."""

    def text(self, path: str) -> str:
        """Give the text at a path, empty when there is none."""
        value = self.body.get(path)
        return value if isinstance(value, str) else ""


@dataclass
class Stock:
    """The records of some kinds that a reader may see, by kind and id."""

    session: Session
    kinds: Mapping[str, Mapping[str, Standing]]
    hidden: Mapping[str, Mapping[str, Standing]]
    """What is barred to the reader, by kind and id; deleted or not."""
    names: Names
    """What gives a record that is not here its id."""
    _found: dict[str, dict[str, list[Standing]]] = field(default_factory=dict)

    def find(self, kind: str, id: str | None) -> Standing | None:
        """Give a record that stands."""
        return self.kinds[kind].get(id or "") or self.hidden[kind].get(id or "")

    def by(self, kind: str, name: str, key: str) -> list[Standing]:
        """Give the records whose field is this, folded; what is barred before all else."""
        return barred_first(self.every(kind, name, key))

    def every(
        self, kind: str, name: str, key: str, of: Callable[[Standing], str] | None = None
    ) -> list[Standing]:
        """Give the records whose key is this one; `name` names how the key is made."""
        index = self._found.get(f"{kind}/{name}")
        if index is None:
            index = self._found[f"{kind}/{name}"] = {}
            for one in (*self.kinds[kind].values(), *self.hidden[kind].values()):
                made = of(one) if of else fold(one.text(name))
                if made:
                    index.setdefault(made, []).append(one)
        return index.get(key, [])

    def deleted(self, ids: Iterable[str]) -> dict[str, Standing]:
        """Give those of some records that are here and deleted."""
        return {one.id: one for some in chunks(ids) for one in _read(self.session, _BY_ID, some)}

    def elsewhere(self, ids: Iterable[str]) -> set[str]:
        """Give those of some records that stand though this reader found none, or were erased."""
        found = (rows(self.session, _STANDS, some, some) for some in chunks(ids))
        return {row[0] for some in found for row in some}

    def told(self, ids: Iterable[str]) -> dict[str, dict[str, Json]]:
        """Give what the imports that stand said last, by record and path."""
        said: dict[str, dict[str, Json]] = {}
        for some in chunks(ids):
            for record, raw in rows(self.session, _TOLD, some):
                if raw:
                    said.setdefault(record, {}).update(orjson.loads(bytes(raw))["set"])
        return said

    def taken_back(self, ids: Iterable[str]) -> set[str]:
        """Give those records that an import made or changed and that was taken back."""
        found = (rows(self.session, _TAKEN_BACK, some) for some in chunks(ids))
        return {row[0] for some in found for row in some}


def read_stock(session: Session, scopes: Collection[str], kinds: Iterable[str]) -> Stock:
    """Read what the holder of some scopes may see, a query for each kind."""
    read: dict[str, dict[str, Standing]] = {}
    for kind in kinds:
        found = records_visible(session, scopes, kind, narrow=lambda query: query)
        read[kind] = {
            row.id: Standing(row.id, row.kind, row.seq, False, orjson.loads(row.body))
            for row in found
            if not row.deleted
        }
    hidden = {kind: _hidden(session, scopes, kind) for kind in read}
    return Stock(session, read, hidden, Names(session))


def barred_to(scopes: Collection[str]) -> ColumnElement[bool]:
    """Give the condition under which a row of `record` is barred to whoever holds some scopes."""
    return and_(barred_clause(), not_(visible_clause(scopes)))


def _hidden(session: Session, scopes: Collection[str], kind: str) -> dict[str, Standing]:
    """Read what is barred to a reader; it is told to nobody, and so stands in no log of reading."""
    asked = select(Envelope.id, Envelope.seq, Envelope.deleted, Envelope.body).where(
        Envelope.kind == kind, barred_to(scopes)
    )
    return {
        row.id: Standing(row.id, kind, row.seq, row.deleted, orjson.loads(row.body), hidden=True)
        for row in session.execute(asked)
    }


def barred_first(found: list[Standing]) -> list[Standing]:
    """Give what is barred where something is, and that as one: a doubt would tell of it.

    It counts before what stands in the open, which would else be given the barred household's name
    and telephone by the next list: whoever may write a number there could have them so.
    """
    return [one for one in found if one.hidden][:1] or found


def chunks(ids: Iterable[str], size: int = 5_000) -> Iterator[list[str]]:
    """Cut ids into lists that one statement takes."""
    every = list(ids)
    return (every[first : first + size] for first in range(0, len(every), size))


def _read(session: Session, sql: Sql, ids: list[str]) -> Iterator[Standing]:
    for id, kind, seq, deleted, body in rows(session, sql, ids):
        yield Standing(id, kind, seq, bool(deleted), orjson.loads(bytes(body)))
