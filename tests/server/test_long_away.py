"""A phone that comes back after half a year: nothing written is lost, nothing ended comes back.

Its readable lease is long over, so what it sends comes sealed and without a login first; then it
asks with the place in the feed that it had.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from server import people
from server.config import Settings
from server.database import Database
from server.jobs import forget_the_passing
from server.keeping import erasure
from server.keeping.soundness import amiss
from server.ledger import MutationRow
from server.records.record import Envelope
from server.roles import Role
from server.sealing import SealingKey
from tests.makers import USERS, World, new_id, visit
from tests.server.phone import Phone, open_login
from tests.server.test_erasure import SECRET, everything
from tests.server.test_parcels import carry, kari, key, seal

__all__ = ["kari", "key"]
AWAY = timedelta(days=183)


def homes(office: Phone, world: World, area: str, count: int) -> list[str]:
    """Let the office make homes."""
    ids = [new_id() for _ in range(count)]
    for id in ids:
        office.sync(office.write("dwelling", id, {"area": area, "address": "Lia 1"}))
    return ids


def test_what_it_wrote_is_judged_by_today_and_nothing_that_ended_comes_back(
    app: Flask,
    kari: Phone,
    key: SealingKey,
    database: Database,
    settings: Settings,
    world: World,
) -> None:
    office = Phone(app, "lise")
    with database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.BOMILJO, world.west)
    office.sync()
    erased, changed, deleted, same = homes(office, world, world.east, 4)
    [lost] = homes(office, world, world.west, 1)
    kari.sync()
    assert {erased, changed, deleted, same, lost} <= kari.base.keys()
    away = {
        "erased": kari.edit(erased, access=SECRET),
        "changed": kari.edit(changed, access="Ringeklokka virker"),
        "deleted": kari.edit(deleted, access="Porten er låst"),
        "same": kari.edit(same, access="Nøkkel hos nabo"),
        "lost": kari.edit(lost, access="Kode 1"),
        "visit": kari.write("visit", *visit()),
    }
    office.sync(office.edit(changed, access="Ringeklokka er tatt ned"))
    office.sync(office.mark(deleted, "delete"))
    now = datetime.now(UTC)
    erasure.erase(database, settings, [erased], now, "test", USERS["lise"])
    with database.writing() as session:
        people.withdraw(session, USERS["kari"], Role.BOMILJO, world.west)

    with time_machine.travel(now + AWAY, tick=True):
        forget_the_passing(database, settings, now + AWAY)
        assert kari.post().status_code == 401, "its login is long over"
        carry(app, *(seal(key, each) for each in away.values()))
        with database.reading() as session:
            rows = session.scalars(select(MutationRow).where(MutationRow.sealed)).all()
            states = {row.mid: row.state for row in rows}
        told = {name: states[each["mid"]] for name, each in away.items()}
        assert told == {
            "erased": "erased",
            "changed": "review",
            "deleted": "held",
            "same": "applied",
            "lost": "held",
            "visit": "applied",
        }
        kari.client = open_login(app, kari.user)
        assert kari.ask()["reset"], "what it holds is loaded anew, and not gone on with"
        kari.sync()
        fresh = Phone(app, "kari")
        fresh.sync()
        assert kari.base == fresh.base
        assert not {erased, lost} & kari.base.keys()
        assert kari.base[same]["body"]["access"] == "Nøkkel hos nabo"
    assert SECRET.encode() not in everything(database)
    with database.reading() as session:
        assert session.get(Envelope, erased) is None and amiss(session) == []
