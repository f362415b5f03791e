"""Moves of many at their true size, and while others write: all leave, all arrive, none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import intake, people
from server.config import Settings
from server.database import Database
from server.intake import placing, writing
from server.records.review import Review
from server.shapes import Json
from tests.makers import NOW, USERS, World, mutation, new_id
from tests.server.moves import (
    at_rest,
    edit,
    enough,
    generations,
    push,
    seq_of,
    submitted,
    withheld,
    work_off,
)
from tests.server.phone import Phone
from tests.server.test_concurrency import together

MANY = 400
"""So many visits, each with a talk, are more than a turn places anew, and more than one piece."""


def talks(world: World, count: int) -> set[str]:
    """Hang visits that were sent in on the eastern dwelling, each with a talk; give their ids."""
    sent = {"status": submitted("kari")}
    made: list[dict[str, Any]] = []
    for _ in range(count):
        visit = new_id()
        at_home = enough("visit", dwelling=world.dwelling) | sent
        made.append(mutation("visit", visit, at_home, author="kari"))
        said = enough("conversation", visit=visit, dwelling=world.dwelling) | sent
        made.append(mutation("conversation", new_id(), said, author="kari"))
    push(world.database, "kari", *made)
    return {one["id"] for one in made}


def test_a_home_with_hundreds_of_visits_leaves_one_phone_and_comes_to_another(
    app: Flask, world: World
) -> None:
    with world.database.writing() as session:
        people.withdraw(session, USERS["ingrid"], area=world.east)
    made = talks(world, MANY)
    loses, gains = Phone(app, "kari"), Phone(app, "ingrid")
    loses.sync()
    gains.sync()
    assert made <= loses.base.keys() and not made & gains.base.keys()
    told: set[str] = set()
    true_install = loses.install

    def listen(reply: dict[str, Any]) -> None:
        told.update(reply["leaves"])
        true_install(reply)

    loses.install = listen  # type: ignore[method-assign]
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    assert withheld(world.database) == 0
    loses.sync()
    gains.sync()
    assert made <= told and not made & loses.base.keys()
    assert made <= gains.base.keys()
    assert at_rest(world.database)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that a few records are many."""
    monkeypatch.setattr(writing, "CHILDREN_MAX", 3)
    monkeypatch.setattr(placing, "PIECE", 4)


def again(
    database: Database, kind: str, id: str, path: str, values: Iterable[Json]
) -> Callable[[], None]:
    """Give the work of writing one path of a record again and again; each must be applied."""

    def work() -> None:
        for value in values:
            edit(database, "lise", kind, id, **{path: value})

    return work


def making(database: Database, count: int, kind: str, **values: Json) -> Callable[[], None]:
    """Give the work of making records one after the other; each must be applied."""

    def work() -> None:
        for _ in range(count):
            made = mutation(kind, new_id(), enough(kind, **values), author="lise")
            push(database, "lise", made)

    return work


@pytest.mark.usefixtures("small")
def test_many_workers_and_writers_at_once_leave_everything_where_it_belongs(
    world: World, settings: Settings
) -> None:
    database, to_and_fro = world.database, [world.west, world.east] * 3
    made = generations(world, 4)

    def place() -> None:
        for _ in range(12):
            intake.place_withheld(database, NOW)

    together(
        [
            again(database, "dwelling", world.dwelling, "area", to_and_fro),
            making(database, 8, "planned_visit", dwelling=world.dwelling),
            making(database, 8, "addendum", record=made["visit"][0]),
            place,
            place,
        ]
    )
    work_off(database, settings)
    assert at_rest(database)


@pytest.mark.usefixtures("small")
def test_two_moves_of_the_same_records_from_two_sides_meet_and_both_count(
    world: World, settings: Settings
) -> None:
    database, to_and_fro = world.database, [world.west, world.east] * 3
    made = generations(world, 4)
    plan = made["planned_visit"][0]
    together(
        [
            again(database, "dwelling", world.dwelling, "area", to_and_fro),
            again(database, "planned_visit", plan, f"visitors/{USERS['ola']}", [True, None] * 3),
        ]
    )
    work_off(database, settings)
    assert at_rest(database)


def test_a_home_that_a_decision_moves_takes_along_what_is_made_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deciding turn first reads the home as what the question is about, then writes it."""
    database, home = world.database, world.dwelling
    edit(database, "ingrid", "dwelling", home, area=world.west)
    blind = mutation("dwelling", home, {"area": world.east}, author="lise", op="patch")
    push(database, "lise", blind, states="review")
    with database.reading() as session:
        question = session.scalars(select(Review.id).where(Review.decision.is_(None))).one()
    decision: dict[str, Json] = {
        "choice": "author",
        "record_seq": seq_of(database, home),
        "by": USERS["lise"],
        "at": "2026-11-23T08:00:00.000Z",
    }
    make = making(database, 1, "planned_visit", dwelling=home)
    look, making_it = writing.below, list[Future[None]]()

    def look_and_let_another_in(session: Session, roots: list[Any]) -> set[str]:
        found = look(session, roots)
        if roots and not making_it:
            making_it.append(pool.submit(make))
            wait(making_it, timeout=0.5)
        return found

    monkeypatch.setattr(writing, "below", look_and_let_another_in)
    with ThreadPoolExecutor(1) as pool:
        edit(database, "lise", "review", question, decision=decision)
    assert [made.result() for made in making_it] == [None]
    assert at_rest(database)
