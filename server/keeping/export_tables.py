"""The tables of an export beside the records: people, roles, phones, logs, and what runs beside.

It reads them row by row from one session, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from server import acts
from server.access_log import AccessRow, records_in
from server.keeping import side_tables
from server.keeping.holds import Hold
from server.people import PASSWORD_PROVIDER, Grant, Identity, Replica, User
from server.records.area import Area
from server.records.record import Envelope, Gone
from server.roles import ROLE_LABELS
from server.shapes import write_instant

ROWS_AT_A_TIME = 500
Table = tuple[str, tuple[str, ...], Iterator[tuple[object, ...]]]


WHOLE = tuple(
    Envelope.__table__.c[name]
    for name in ("id", "kind", "seq", "deleted", "body", "authors", "area")
    + ("created_at", "changed_at", "locked_at")
)
"""The columns of a record that `exact` writes."""


def exact(row: Row[Any]) -> bytes:
    """Give a record exactly as it is stored, as JSON."""
    return orjson.dumps(
        {
            "id": row.id,
            "kind": row.kind,
            "seq": row.seq,
            "created_at": write_instant(row.created_at),
            "changed_at": write_instant(row.changed_at),
            "locked_at": write_instant(row.locked_at) if row.locked_at else None,
            "authors": orjson.Fragment(row.authors),
            "area": row.area,
            "deleted": row.deleted,
            "body": orjson.Fragment(row.body),
        }
    )


class Names:
    """The names of users and areas, so that a table can be read by itself."""

    def __init__(self, session: Session) -> None:
        self.users = dict(session.execute(select(User.id, User.name)).all())
        self.areas = dict(session.execute(select(Area.id, Area.name)).all())

    def user(self, id: object) -> str:
        """Give a user's name, empty when there is none."""
        return self.users.get(str(id), "")

    def area(self, id: object) -> str:
        """Give an area's name, empty when there is none."""
        return self.areas.get(str(id)) or ""


def stream(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    """Read row by row: PostgreSQL keeps a cursor on the server, so that memory stays bounded."""
    return iter(session.execute(query.execution_options(yield_per=ROWS_AT_A_TIME)))


BARRIERS = ("barrier_set", "barrier_lifted", "barrier_passed_on")
"""The acts that tell by themselves that something is barred."""


def tables(
    session: Session, names: Names, left_out: frozenset[str] = frozenset()
) -> Iterator[Table]:
    """Give the tables beside the records, each with its file, its headings and its rows.

    Where some records are `left_out`, no row of any table tells of them, and none of a barrier.
    """
    yield from _of_people(session, names)
    yield from _of_logs(session, names, left_out)
    for name, kept in side_tables.TABLES.items():
        if kept.whole and kept.file:
            columns = side_tables.columns_of(name)
            query = select(*columns).order_by(*columns[0].table.primary_key.columns)
            told = (row for row in stream(session, query) if left_out.isdisjoint(_texts(row)))
            yield kept.file, tuple(c.name for c in columns), map(tuple, told)


def _told(packed: bytes, left_out: frozenset[str]) -> list[str]:
    return [id for id in records_in(bytes(packed)) if id not in left_out]


def _why(row: Row[Any], told: list[str]) -> str | None:
    """Give why somebody read, in their own words, unless it was to read what is left out too."""
    why: str | None = row.why
    return why if len(told) == row.size else None


def _texts(row: Row[Any]) -> list[str]:
    return [value for value in row if isinstance(value, str)]


def _of_people(session: Session, names: Names) -> Iterator[Table]:
    logins = (
        select(Identity.user, func.min(Identity.subject))
        .where(Identity.provider == PASSWORD_PROVIDER)
        .group_by(Identity.user)
    )
    login: dict[str, str] = dict(session.execute(logins).all())
    labels = {role.value: label for role, label in ROLE_LABELS.items()}
    yield (
        "brukere.csv",
        ("Bruker", "Navn", "Brukernavn", "Opprettet", "Stengt"),
        (
            (u.id, u.name, login.get(u.id), u.created_at, u.closed_at)
            for u in session.scalars(select(User).order_by(User.id))
        ),
    )
    yield (
        "tilganger.csv",
        ("Bruker", "Navn", "Rolle (kode)", "Rolle", "Område (id)", "Område"),
        (
            (
                g.user,
                names.user(g.user),
                g.role,
                labels.get(g.role),
                g.area,
                names.area(g.area),
            )
            for g in session.scalars(select(Grant).order_by(Grant.id))
        ),
    )
    yield (
        "telefoner.csv",
        ("Telefon", "Bruker", "Navn", "App", "Registrert", "Sist hørt fra", "Stengt"),
        (
            (r.id, r.user, names.user(r.user), r.app, r.registered_at, r.last_seen_at, r.revoked_at)
            for r in session.scalars(select(Replica).order_by(Replica.id))
        ),
    )


def _of_logs(session: Session, names: Names, left_out: frozenset[str]) -> Iterator[Table]:
    act = acts.Act.__table__
    every_act = select(act).order_by(act.c.at, act.c.id)
    read = AccessRow.__table__
    every_reading = select(read).order_by(read.c.position)
    yield (
        "stans_av_sletting.csv",
        ("Stans", "Registrering", "Grunn", "Satt av", "Satt", "Opphevet av", "Opphevet"),
        (
            (h.id, h.record, h.reason, h.by, h.at, h.lifted_by, h.lifted_at)
            for h in session.scalars(select(Hold).order_by(Hold.at, Hold.id))
            if h.record not in left_out
        ),
    )
    yield (
        "logg.csv",
        ("Tidspunkt", "Hva", "Av", "Navn", "Gjelder", "Merknad"),
        (
            (a.at, a.what, a.by, names.user(a.by), a.about, a.note)
            for a in stream(session, every_act)
            if not left_out or (a.about not in left_out and a.what not in BARRIERS)
        ),
    )
    yield (
        "tilgangslogg.csv",
        (
            "Nummer",
            "Tidspunkt",
            "Hvem",
            "Navn",
            "Roller",
            "Dør",
            "Hvorfor (kode)",
            "Grunn",
            "Telefon",
        )
        + ("Registreringer", "Kjede", "Åpnet på telefonen i timen fra"),
        (
            (
                *(r.position, r.at, r.who, names.user(r.who), r.roles, r.way, r.purpose),
                *(_why(r, told), r.replica, " ".join(told), r.chain, r.looked_at),
            )
            for r in stream(session, every_reading)
            for told in [_told(r.records, left_out)]
        ),
    )
    yield (
        "slettet.csv",
        ("Registrering", "Slettet"),
        ((row.id, row.at) for row in stream(session, select(Gone.id, Gone.at).order_by(Gone.id))),
    )
