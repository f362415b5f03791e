"""What every municipality begins with is laid in once, whoever starts and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import orjson
from flask import Flask
from sqlalchemy import func, select

from server import seeds
from server.access import Actor
from server.checklists import CHECKLISTS, ITEMS, as_records
from server.database import Database
from server.intake import take
from server.ledger import MutationRow
from server.records.record import Envelope
from server.roles import Role
from sync.mutation import office_replica
from tests.makers import NOW, World, mutation
from tests.server.phone import Phone


def _kept(database: Database) -> dict[str, tuple[int, bytes]]:
    with database.reading() as session:
        rows = session.execute(
            select(Envelope.id, Envelope.seq, Envelope.body).where(Envelope.kind == "checklist")
        )
        return {id: (seq, body) for id, seq, body in rows}


def test_all_fourteen_checklists_are_laid_in_with_all_their_points(database: Database) -> None:
    assert seeds.lay_in(database, NOW) == len(CHECKLISTS) == 14
    kept = {id: orjson.loads(body) for id, (_, body) in _kept(database).items()}
    assert kept == as_records()
    points = [path for body in kept.values() for path in body if path.startswith("items/")]
    assert len(points) == len(ITEMS) == 152


def test_a_second_start_writes_nothing(database: Database) -> None:
    seeds.lay_in(database, NOW)
    before = _kept(database)
    assert seeds.lay_in(database, NOW + timedelta(days=30)) == 0
    assert _kept(database) == before


def test_two_processes_at_once_lay_in_one_of_each(database: Database) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: seeds.lay_in(database, NOW), range(2)))
    assert len(_kept(database)) == len(CHECKLISTS)
    with database.reading() as session:
        taken = select(func.count()).select_from(MutationRow)
        assert session.scalar(taken.where(MutationRow.state == "applied")) == len(CHECKLISTS)


def test_what_a_leader_has_changed_in_an_edition_stands(world: World) -> None:
    database = world.database
    seeds.lay_in(database, NOW)
    id, (seq, _) = next(iter(_kept(database).items()))
    leader = Actor(world.users["lise"], ((Role.LEADER, None),))
    change = mutation(
        "checklist",
        id,
        {"published": False},
        author="lise",
        op="patch",
        seen={"published": (True, seq)},
    )
    [result] = take(database, leader, office_replica(leader.user), [change], NOW)
    assert result.state == "applied"
    seeds.lay_in(database, NOW)
    assert orjson.loads(_kept(database)[id][1])["published"] is False


def test_everybody_in_the_organisation_has_them_on_the_phone(app: Flask, world: World) -> None:
    seeds.lay_in(world.database, NOW)
    phone = Phone(app, "ola")
    phone.sync()
    held = [put["body"]["code"] for put in phone.base.values() if put["kind"] == "checklist"]
    assert sorted(held) == sorted(CHECKLISTS)
