"""Moves with much below them: withheld at once, placed anew in pieces, and right at the end."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import select

from server import intake, people
from server.access import actor_of
from server.config import Settings
from server.intake import placing, take, writing
from server.records.record import Envelope
from tests.makers import NOW, USERS, World, example, mutation, new_id
from tests.server.moves import at_rest, edit, flat, generations, sees, withheld, work_off
from tests.server.phone import Phone
from tests.server.test_concurrency import memberships


class Killed(BaseException):
    """Stands for a process that ends without a word."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that a few records are many."""
    monkeypatch.setattr(writing, "CHILDREN_MAX", 3)
    monkeypatch.setattr(placing, "PIECE", 2)
    monkeypatch.setattr(placing, "PIECES_AT_ONCE", 0)


@pytest.mark.usefixtures("small")
def test_who_lost_a_moved_home_reads_nothing_below_it_from_the_turn_on(world: World) -> None:
    made = generations(world)
    before = sees(world.database, "amir")
    assert flat(made) & before
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    assert withheld(world.database) > 0
    for name in ("kari", "amir", "ola", "eva"):
        assert not flat(made) & sees(world.database, name)


@pytest.mark.usefixtures("small")
def test_every_generation_ends_where_a_small_move_would_have_put_it(
    world: World, settings: Settings
) -> None:
    made = generations(world)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    work_off(world.database, settings)
    assert at_rest(world.database)
    with world.database.reading() as session:
        areas = select(Envelope.area).where(Envelope.id.in_(flat(made))).distinct()
        assert list(session.scalars(areas)) == [world.west]


@pytest.mark.usefixtures("small")
def test_one_phone_gets_all_leaves_and_another_all_puts(
    app: Flask, world: World, settings: Settings
) -> None:
    made = generations(world)
    with world.database.writing() as session:
        people.withdraw(session, USERS["ingrid"], area=world.east)
    loses, gains, both = Phone(app, "kari"), Phone(app, "ingrid"), Phone(app, "lise")
    for phone in (loses, gains, both):
        phone.sync()
    assert flat(made) <= loses.base.keys() and not flat(made) & gains.base.keys()
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    work_off(world.database, settings)
    for phone in (loses, gains, both):
        phone.sync(limit=7)
        mine = sees(world.database, phone.name)
        assert phone.base.keys() == mine
    assert not flat(made) & loses.base.keys()
    assert flat(made) & gains.base.keys()


@pytest.mark.usefixtures("small")
def test_a_phone_that_looks_between_the_pieces_is_told_nothing_it_may_not_know(
    app: Flask, world: World
) -> None:
    made = generations(world)
    follower = Phone(app, "amir")
    follower.sync()
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    while withheld(world.database):
        reply = follower.ask()
        assert not flat(made) & {put["id"] for put in reply["puts"]}
        follower.install(reply)
        assert intake.place_withheld(world.database, NOW, 1) > 0
    follower.sync()
    assert not flat(made) & follower.base.keys()
    assert at_rest(world.database)


@pytest.mark.usefixtures("small")
def test_a_process_that_dies_between_two_pieces_leaves_the_rest_to_the_scheduler(
    world: World, settings: Settings
) -> None:
    generations(world)
    pieces = 0
    true_write = writing.write

    def dying(*given: Any) -> int:
        nonlocal pieces
        pieces += 1
        if pieces == 3:
            raise Killed
        return true_write(*given)

    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    with patch.object(placing, "write", dying), pytest.raises(Killed):
        intake.place_withheld(world.database, NOW)
    assert withheld(world.database) > 0
    work_off(world.database, settings)
    assert at_rest(world.database)


def test_the_process_that_moved_it_goes_on_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHILDREN_MAX", 3)
    monkeypatch.setattr(placing, "PIECE", 4)
    generations(world)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    assert at_rest(world.database)


def test_a_fault_in_what_follows_takes_nothing_from_the_answer(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHILDREN_MAX", 3)
    generations(world)

    def broken(*_: Any, **__: Any) -> int:
        raise RuntimeError("planted")

    with patch.object(placing, "write", broken):
        edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    assert withheld(world.database) > 0
    work_off(world.database, settings)
    assert at_rest(world.database)


@pytest.mark.usefixtures("small")
def test_what_is_written_and_made_meanwhile_ends_in_the_right_place(
    app: Flask, world: World, settings: Settings
) -> None:
    made = generations(world)
    office = Phone(app, "lise")
    office.sync()
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    wrote = office.sync(
        office.edit(made["visit"][0], told=False),
        office.write("planned_visit", new_id(), example("planned_visit", dwelling=world.dwelling)),
        office.write("addendum", new_id(), {"record": made["visit"][1], "words": "Flyttet."}),
    )
    assert {result["state"] for result in wrote} == {"applied"}
    assert made["visit"][0] in sees(world.database, "lise")
    intake.place_withheld(world.database, NOW, 1)
    wrote = office.sync(office.edit(made["planned_visit"][0], planned_on="2026-12-01"))
    assert {result["state"] for result in wrote} == {"applied"}
    work_off(world.database, settings)
    assert at_rest(world.database)


@pytest.mark.usefixtures("small")
def test_who_lost_it_is_held_and_not_let_in_while_the_rest_is_on_its_way(
    app: Flask, world: World, settings: Settings
) -> None:
    made = generations(world)
    phone = Phone(app, "kari")
    phone.sync()
    late = phone.edit(made["visit"][0], told=False)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    (result,) = phone.sync(late)
    assert (result["state"], result["reason"]) == ("held", "access")
    work_off(world.database, settings)
    assert at_rest(world.database)


@pytest.mark.usefixtures("small")
def test_a_second_move_while_the_first_is_on_its_way_ends_where_it_ended(
    world: World, settings: Settings
) -> None:
    made = generations(world)
    before = memberships(world.database)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    intake.place_withheld(world.database, NOW, 2)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.east)
    assert not flat(made) & sees(world.database, "ingrid")
    work_off(world.database, settings)
    assert at_rest(world.database)
    assert memberships(world.database) == before


@pytest.mark.usefixtures("small")
def test_two_moves_above_the_same_records_end_where_both_say(
    world: World, settings: Settings
) -> None:
    made = generations(world)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    intake.place_withheld(world.database, NOW, 1)
    for id in made["visit"][:2]:
        edit(world.database, "lise", "visit", id, dwelling=world.dwelling_west)
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.east)
    work_off(world.database, settings)
    assert at_rest(world.database)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_deleting_what_moved_leaves_what_hangs_on_it_where_it_belongs(
    app: Flask, world: World, settings: Settings, when: str
) -> None:
    generations(world)
    office = Phone(app, "lise")
    office.sync()

    def mark(op: str) -> None:
        assert office.sync(office.mark(world.dwelling, op))[0]["state"] == "applied"

    if when == "before":
        mark("delete")
        assert withheld(world.database) == 0
    else:
        edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
        if when == "after":
            work_off(world.database, settings)
        office.sync()
        mark("delete")
    work_off(world.database, settings)
    assert at_rest(world.database)


@pytest.mark.usefixtures("small")
def test_a_record_deleted_while_it_is_withheld_is_nowhere_afterwards(
    app: Flask, world: World, settings: Settings
) -> None:
    made = generations(world)
    office = Phone(app, "lise")
    office.sync()
    gone = office.mark(made["visit"][0], "delete")
    edit(world.database, "lise", "dwelling", world.dwelling, area=world.west)
    assert office.sync(gone)[0]["state"] == "applied"
    work_off(world.database, settings)
    office.sync()
    assert memberships(world.database)[made["visit"][0]] == set()
    assert at_rest(world.database)
    assert made["visit"][0] not in office.base


def test_what_is_read_late_in_a_turn_leaves_where_it_was_and_not_where_it_goes(
    world: World,
) -> None:
    home = world.dwelling
    with world.database.reading() as session:
        seq = session.execute(select(Envelope.seq).where(Envelope.id == home)).scalar_one()

    def change(author: str, seen: int, **values: Any) -> dict[str, Any]:
        shown = dict.fromkeys(values, (None, seen))
        return mutation("dwelling", home, values, author=author, op="patch", seen=shown)

    def hand_in(author: str, *made: dict[str, Any]) -> list[str]:
        with world.database.reading() as session:
            actor = actor_of(session, USERS[author])
        return [r.state for r in take(world.database, actor, made[0]["replica"], made, NOW)]

    assert hand_in("ingrid", change("ingrid", seq, access="Bakdør")) == ["applied"]
    assert hand_in("lise", change("lise", seq, access="Port")) == ["review"]
    with world.database.reading() as session:
        now = session.execute(select(Envelope.seq).where(Envelope.id == home)).scalar_one()
    both = change("lise", now, area=world.west), change("lise", now, access="Heis")
    assert hand_in("lise", *both) == ["applied", "applied"]
    assert at_rest(world.database)
