"""What had left a scope before a phone began to read it is not named to that phone.

Whoever knows how the id of an imported home is made could tell that it is here, and hidden.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from server import feed, people
from server.database import Database, cursor_key
from server.roles import Role
from tests.makers import USERS, World, new_id
from tests.server.phone import Phone
from tests.server.test_feed import fill


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone, with everything it may know."""
    phone = Phone(app, "kari")
    phone.sync()
    return phone


def leave_first(app: Flask, phone: Phone) -> set[str]:
    """Let two records leave the area before anybody reads on, and give their ids."""
    one, other = fill(phone, 2)
    phone.sync(phone.mark(one, "delete"))
    leader = Phone(app, "lise")
    leader.sync()
    leader.sync(leader.mark(other, "delete"))
    return {one, other}


def loaded(phone: Phone, limit: int = 4) -> set[str]:
    """Let a phone load to the end; give all ids that it was told to let go of."""
    told: set[str] = set()
    while True:
        reply = phone.ask(limit=limit)
        told |= set(reply["leaves"])
        phone.install(reply)
        if not reply["more"]:
            return told


@pytest.mark.parametrize("limit", [1, 4, 500])
def test_a_new_phone_is_not_told_what_had_left_before_it_came(
    app: Flask, kari: Phone, world: World, limit: int
) -> None:
    colleague = Phone(app, "amir")
    colleague.sync()
    gone = leave_first(app, kari)
    fill(kari, 9)
    assert loaded(Phone(app, "kari"), limit) == set()
    assert loaded(colleague, limit) == gone


def test_what_leaves_while_a_phone_loads_is_told(app: Flask, kari: Phone, world: World) -> None:
    before = leave_first(app, kari)
    ids = fill(kari, 9)
    fresh = Phone(app, "kari")
    fresh.install(fresh.ask(limit=8))
    gone = next(id for id in ids if id in fresh.base)
    kari.sync(kari.mark(gone, "delete"))
    assert loaded(fresh) == {gone} and gone not in fresh.base and not before & fresh.base.keys()


def test_an_area_granted_anew_does_not_name_what_had_left_it(
    app: Flask, kari: Phone, database: Database, world: World
) -> None:
    """What leaves it while its records load is told, be it over several pages."""
    eva = Phone(app, "eva")
    leave_first(app, kari)
    ids = fill(kari, 9)
    assert loaded(eva) == set() and not eva.base.keys() & set(ids)
    with database.writing() as session:
        people.grant(session, new_id(), eva.user, Role.BOMILJO, world.east)
    first = eva.ask(limit=8)
    eva.install(first)
    gone = next(id for id in ids if id in eva.base)
    kari.sync(kari.mark(gone, "delete"))
    assert first["leaves"] == [] and loaded(eva) == {gone}
    assert gone not in eva.base and set(ids) - {gone} <= eva.base.keys()


def test_scopes_that_are_compared_and_differ_do_not_name_what_had_left(
    app: Flask, kari: Phone, world: World
) -> None:
    """A phone may say that it holds whatever it likes, and so have them loaded anew."""
    fresh = Phone(app, "kari")
    leave_first(app, kari)
    fill(kari, 1)
    loaded(fresh)
    wrong = dict.fromkeys(access_of(fresh), "0" * 16)
    reply = fresh.ask(digests=wrong)
    assert reply["reset"]
    fresh.install(reply)
    assert loaded(fresh) == set()


def access_of(phone: Phone) -> list[str]:
    """Give the scopes that what lies on a phone is in."""
    return sorted({scope for record in phone.base.values() for scope in record["in"]})


def test_a_place_that_the_phone_made_up_is_none(
    app: Flask, kari: Phone, database: Database, world: World
) -> None:
    """From an early one it would be told the ids of all that ever left the area."""
    leave_first(app, kari)
    with database.reading() as session:
        key = cursor_key(session)
    here = feed.read_cursor(key, kari.user, kari.cursor)
    assert here is not None
    early = replace(here, position=0)
    assert kari.ask(cursor=early.write(key, kari.user))["leaves"]
    for made_up in (early.write("k" * 64, kari.user), early.write(key, USERS["amir"])):
        reply = kari.ask(cursor=made_up)
        assert reply["reset"] and not reply["leaves"]
