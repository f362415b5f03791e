"""The tables of an export beside the records: people, roles, phones, holds, acts and what is gone.

It reads them row by row from one session, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from server import acts
from server.keeping.holds import Hold
from server.people import PASSWORD_PROVIDER, Grant, Identity, Replica, User
from server.records.area import Area
from server.records.record import Gone
from server.roles import ROLE_LABELS

ROWS_AT_A_TIME = 500
Table = tuple[str, tuple[str, ...], Iterator[tuple[object, ...]]]


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


def tables(session: Session, names: Names) -> Iterator[Table]:
    """Give the tables beside the records: people, roles, phones, holds, acts and what is gone."""
    logins = (
        select(Identity.user, func.min(Identity.subject))
        .where(Identity.provider == PASSWORD_PROVIDER)
        .group_by(Identity.user)
    )
    login: dict[str, str] = dict(session.execute(logins).all())
    act = acts.Act.__table__
    every_act = select(act).order_by(act.c.at, act.c.id)
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
    yield (
        "stans_av_sletting.csv",
        ("Stans", "Registrering", "Grunn", "Satt av", "Satt", "Opphevet av", "Opphevet"),
        (
            (h.id, h.record, h.reason, h.by, h.at, h.lifted_by, h.lifted_at)
            for h in session.scalars(select(Hold).order_by(Hold.at, Hold.id))
        ),
    )
    yield (
        "logg.csv",
        ("Tidspunkt", "Hva", "Av", "Navn", "Gjelder", "Merknad"),
        (
            (a.at, a.what, a.by, names.user(a.by), a.about, a.note)
            for a in stream(session, every_act)
        ),
    )
    yield (
        "slettet.csv",
        ("Registrering", "Slettet"),
        ((row.id, row.at) for row in stream(session, select(Gone.id, Gone.at).order_by(Gone.id))),
    )
