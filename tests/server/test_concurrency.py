"""Many at once, on the real database under test: nothing is skipped, doubled or silently lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server import ledger
from server.access import actor_of
from server.database import Database
from server.intake import take
from server.intake.papers import Desk
from server.records.projection import differing
from server.records.record import Envelope, ScopeMember
from sync.mutation import office_replica
from tests.makers import NOW, USERS, World, example, mutation, new_id, visit
from tests.server.phone import Phone

WRITERS = 8


def together(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run pieces of work at the same time and give their results; errors come out."""
    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result() for future in [pool.submit(piece) for piece in work]]


def memberships(database: Database) -> dict[str, set[str]]:
    """Give the scopes that carry each record, as they are stored."""
    found: dict[str, set[str]] = {}
    with database.reading() as session:
        for id in session.scalars(select(Envelope.id)):
            found[id] = set()
        rows = select(ScopeMember.id, ScopeMember.scope).where(ScopeMember.present)
        for id, scope in session.execute(rows):
            found[id].add(scope)
    return found


def worked_out(database: Database) -> dict[str, set[str]]:
    """Give the scopes that should carry each record, from the records alone (I-23)."""
    with database.writing() as session:
        desk = Desk(session)
        desk.fetch(set(session.scalars(select(Envelope.id))))
        return {id: set(desk.scopes(paper)) for id, paper in desk.papers.items()}


def test_eight_writers_on_one_record_lose_no_answer(
    app: Flask, database: Database, world: World
) -> None:
    phones = [Phone(app, name) for name in ("kari", "amir") * (WRITERS // 2)]
    for phone in phones:
        phone.sync()
    rounds = 5
    edits = [
        [phone.edit(world.dwelling, access=f"{i}.{r}") for r in range(rounds)]
        for i, phone in enumerate(phones)
    ]

    def write(phone: Phone, mine: list[dict[str, Any]]) -> Callable[[], list[Any]]:
        return lambda: [phone.sync(edit)[0] for edit in mine]

    results = together([write(phone, mine) for phone, mine in zip(phones, edits, strict=True)])
    states = [result["state"] for told in results for result in told]
    assert set(states) == {"applied", "review"}
    assert len({index for index, told in enumerate(results) if told[0]["state"] == "applied"}) == 1
    reader = Phone(app, "lise")
    reader.sync()
    standing = reader.body(world.dwelling)["access"]
    waiting = {review["body"]["value"] for review in reader.of("review")}
    last = {f"{i}.{rounds - 1}" for i in range(WRITERS)}
    assert waiting | {standing} == last
    with database.reading() as session:
        assert ledger.first_break(session) is None
        assert differing(session) == []


def test_eight_writers_and_one_who_follows_skip_and_double_nothing(
    app: Flask, database: Database, world: World
) -> None:
    phones = [Phone(app, "kari") for _ in range(WRITERS)]
    follower = Phone(app, "kari")
    follower.sync()
    made: list[list[dict[str, Any]]] = [
        [phone.write("visit", *visit()) for _ in range(12)] for phone in phones
    ]

    def write(phone: Phone, mine: list[dict[str, Any]]) -> Callable[[], None]:
        def work() -> None:
            for start in range(0, len(mine), 3):
                phone.sync(*mine[start : start + 3])

        return work

    seen: list[str] = []

    def follow() -> None:
        for _ in range(400):
            reply = follower.ask()
            seen.extend(put["id"] for put in reply["puts"])
            follower.install(reply)
            if len(seen) >= WRITERS * 12:
                return

    together([follow, *[write(phone, mine) for phone, mine in zip(phones, made, strict=True)]])
    assert sorted(seen) == sorted(edit["id"] for mine in made for edit in mine)


def test_two_pushes_of_the_same_mutation_at_once_have_one_effect(
    app: Flask, database: Database, world: World
) -> None:
    phone = Phone(app, "kari")
    pushes = [phone.write("visit", *visit()) for _ in range(6)]
    for pushed in pushes:
        answers = together([lambda p=pushed: phone.ask([p])["results"][0]] * 4)  # type: ignore[misc]
        assert {answer["state"] for answer in answers} == {"applied"}
        assert len({answer["seq"] for answer in answers}) == 1
        with database.reading() as session:
            assert len(ledger.of_record(session, pushed["id"])) == 1


def test_a_child_made_while_its_parent_moves_ends_where_the_parent_is(
    app: Flask, database: Database, world: World
) -> None:
    with database.reading() as session:
        lise = actor_of(session, USERS["lise"])
    replica = office_replica(lise.user)
    areas = [world.west, world.east] * 6

    def push(made: dict[str, Any]) -> str:
        return take(database, lise, replica, [made], NOW)[0].state

    def seq_of(id: str) -> int:
        with database.reading() as session:
            return session.execute(select(Envelope.seq).where(Envelope.id == id)).scalar_one()

    def move() -> None:
        for area in areas:
            seen = {"area": (None, seq_of(world.dwelling))}
            edit = mutation(
                "dwelling", world.dwelling, {"area": area}, author="lise", op="patch", seen=seen
            )
            assert push(edit) == "applied"

    def create() -> None:
        for _ in range(len(areas)):
            body = example("planned_visit", dwelling=world.dwelling)
            assert push(mutation("planned_visit", new_id(), body, author="lise")) == "applied"

    together([move, create, create])
    stored, expected = memberships(database), worked_out(database)
    assert stored == expected


@pytest.mark.parametrize("writers", [6])
def test_two_phones_that_make_the_same_visit_at_once_make_one(
    app: Flask, database: Database, world: World, writers: int
) -> None:
    phones = [Phone(app, name) for name in ("kari", "amir") * (writers // 2)]
    plan = new_id()
    body = example("planned_visit", dwelling=world.dwelling)
    phones[0].sync(phones[0].write("planned_visit", plan, body))
    id, made = visit(plan)
    work = [lambda p=phone: p.sync(p.write("visit", id, made))[0] for phone in phones]
    assert {result["state"] for result in together(work)} == {"applied"}
    stored, expected = memberships(database), worked_out(database)
    assert stored == expected
