"""The ids of what an import makes: the same whichever file it comes in, and worked out by nobody.

A number of the municipality's own stands on lists and letters. If the id followed from it alone,
whoever knew the number of a hidden home could ask for the home by its id, or take the id first.
"""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils import UUID, uuid5

from server.database import Clock
from server.driver import Sql, rows
from sync.mutation import NS

_NS = UUID(str(NS))
_NAMED = Sql("SELECT 1 FROM mutation WHERE record = ? AND position <= ? LIMIT 1")
_HERE = Sql(
    "SELECT id FROM record WHERE kind = ? AND substr(id, 15, 1) = '5'"
    " UNION ALL SELECT id FROM gone WHERE substr(id, 15, 1) = '5'"
    " UNION ALL SELECT record FROM mutation WHERE state IN ('held', 'custody')"
)
"""What may bear a name without a key: what is here, deleted too, was erased, or is yet to be used.
It is read once, for to ask the ledger of each row of a file takes half a minute on PostgreSQL."""


def named(*parts: str) -> str:
    """Give the id that follows from some words alone: `uuid5` in our name space."""
    return str(uuid5(_NS, _joined(parts)))


class Names:
    """Makes ids with this database's own key."""

    def __init__(self, session: Session) -> None:
        self._session = session
        asked = select(Clock.import_key, Clock.open_names_until).where(Clock.id == 1)
        key, self._open_until = session.execute(asked).one()
        self._key = bytes.fromhex(key)
        self._here: dict[str, set[str]] = {}

    def made(self, kind: str, *key: str) -> str:
        """Give the id of a record by what it is known by.

        What came in before there was a key keeps the id that it got then, deleted and erased too:
        else the next file would make it a second time.
        """
        parts = ("import", kind, *key)
        open_name = named(*parts)
        if self._open_until and self._was_open(kind, open_name):
            return open_name
        digest = hmac.digest(self._key, _joined(parts).encode(), "sha256")
        return str(UUID(bytes=digest[:16], version=5))  # 8 is kept for what the server writes

    def _was_open(self, kind: str, name: str) -> bool:
        if kind not in self._here:
            found = rows(self._session, _HERE, kind)
            self._here[kind] = {row[0] for row in found}
        if name not in self._here[kind]:
            return False
        return bool(rows(self._session, _NAMED, name, self._open_until))


def _joined(parts: tuple[str, ...]) -> str:
    return "|".join(parts)
