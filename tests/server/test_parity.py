"""Phone and server compare what the phone really holds, and what differs mends itself once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from server import parity
from server.database import Database
from server.metrics import CHECKS
from server.parity import DigestCheck
from tests.makers import World, visit
from tests.server.phone import Phone


def held(phone: Phone) -> dict[str, str]:
    """Work out the digests as the phone does: from what it holds, and nothing else."""
    return parity.digests(
        (scope, id, put["seq"]) for id, put in phone.base.items() for scope in put["in"]
    )


def compare(phone: Phone) -> dict[str, Any]:
    """Let a phone that is at head tell what it holds; give the answer, installed."""
    phone.install(phone.ask(digests=held(phone)))
    return phone.reply


def checks(database: Database) -> list[int]:
    """How many scopes each check found to differ."""
    with database.reading() as session:
        return [row.differing for row in session.query(DigestCheck)]


@pytest.fixture
def amir_at_head(amir: Phone, kari: Phone, world: World) -> Phone:
    kari.sync(kari.write("visit", *visit()))
    amir.sync()
    return amir


def test_a_phone_that_holds_what_it_should_is_told_so_once_a_day(
    amir_at_head: Phone, database: Database
) -> None:
    reply = compare(amir_at_head)
    assert reply["checked"] and "reset" not in reply and not reply["more"]
    assert compare(amir_at_head)["checked"], "today's check is done"
    assert checks(database) == [0]


@pytest.mark.parametrize("amiss", ["lost", "ghost", "old"])
def test_what_differs_is_loaded_anew_once_and_counted(
    amir_at_head: Phone, world: World, database: Database, amiss: str
) -> None:
    amir = amir_at_head
    whole = dict(amir.base)
    scopes = set(amir.base[world.dwelling]["in"])
    if amiss == "lost":
        del amir.base[world.dwelling]
    elif amiss == "old":
        amir.base[world.dwelling] = {**amir.base[world.dwelling], "seq": 1}
    else:
        ghost = "018f2c5e-0000-7000-8000-00000000dead"
        amir.base[ghost] = {**amir.base[world.dwelling], "id": ghost}
    counted = CHECKS.labels("differing")._value.get()
    reply = compare(amir)
    assert reply["checked"] and set(reply["reset"]) == scopes and reply["more"]
    amir.sync()
    assert amir.base == whole
    assert checks(database) == [len(scopes)]
    assert CHECKS.labels("differing")._value.get() == counted + 1
    del amir.base[world.dwelling]
    assert "reset" not in compare(amir), "a scope is reset once a day at most"
    with database.writing() as session:
        session.execute(update(DigestCheck).values(day="2026-01-01"))
    assert compare(amir)["reset"]


def test_nothing_is_compared_while_there_is_news(
    amir_at_head: Phone, kari: Phone, world: World, database: Database
) -> None:
    amir = amir_at_head
    del amir.base[world.dwelling]
    kari.sync(kari.edit(world.dwelling, access="Port 4"))
    reply = compare(amir)
    assert "checked" not in reply and "reset" not in reply
    assert checks(database) == []


@pytest.mark.parametrize(
    "bad",
    [[], "x", {"a": 1}, {"a": "0"}, {"a": "G" * 16}, {f"{n}": "0" * 16 for n in range(2_001)}],
)
def test_what_are_no_digests_is_told_so(kari: Phone, bad: object) -> None:
    assert kari.post(digests=bad).status_code == 400


def test_the_figure_counts_the_days_since_something_differed(database: Database) -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    with database.writing() as session:
        assert parity.standing(session, now).since is None
        for days, differing in ((40, 0), (12, 2), (500, 1), (450, 0), (0, 0)):
            at = now - timedelta(days=days, hours=1)
            parity.note(session, f"phone {days}", differing, at)
        parity.forget(session, now)
        standing = parity.standing(session, now)
    assert standing == parity.Standing(phones=1, differing=2, since=date(2026, 11, 11))
    with database.reading() as session:
        assert session.query(DigestCheck).count() == 4


def test_a_digest_is_the_same_on_both_sides() -> None:
    """`pwa/tests/digests.test.ts` holds the phone to the same figures."""
    one, two = (f"018f2c5e-0000-7000-8000-00000000000{number}" for number in (1, 2))
    there = parity.digests([("a", one, 7), ("b", one, 7), ("b", two, 2**40)])
    assert there == {"a": "da8a031c73a98cb0", "b": "56f6b649a76f4b6f"}
