"""Trygt besøk at a home behind a barrier (kode 6): those who may know are warned, nobody else."""

from __future__ import annotations

import pytest

from server import hand
from server.access import Actor
from server.config import Settings
from server.database import Database
from server.intake import take
from server.records.barrier import BARRIER
from server.safety.letters import letters_about
from server.shapes import Json, write_instant
from sync.mutation import office_replica
from tests.makers import DWELLING_EAST, NOW, USERS, World
from tests.server.safety import HALF_AN_HOUR, KARI, Alone

LISE, INGRID = USERS["lise"], USERS["ingrid"]


@pytest.fixture
def alone(database: Database, settings: Settings, world: World) -> Alone:
    """Kari, with a scheduler that has looked once; two who would be warned read mail."""
    made = Alone(database, settings)
    made.watches(NOW)
    made.reads_mail("lise", "lise@example.org")
    made.reads_mail("ingrid", "ingrid@example.org")
    return made


def bar_the_home(database: Database, *users: str) -> None:
    """Let these alone know of the home."""
    names: dict[str, Json] = {f"{BARRIER}/{user}": True for user in users}
    push = hand.mutation("dwelling", DWELLING_EAST, "patch", names, LISE, NOW)
    (result,) = take(database, Actor(LISE, ()), office_replica(LISE), [push], NOW, server=True)
    assert result.state == "applied", result


def written_to(alone: Alone) -> set[str]:
    """Give who gets a letter."""
    with alone.database.reading() as session:
        return {letter.user for letter in letters_about(session, [alone.id])}


def test_those_who_may_know_are_warned_and_not_the_one_who_is_out(
    alone: Alone, database: Database
) -> None:
    bar_the_home(database, KARI, INGRID)
    alone.starts()
    assert [path for path in alone.body if path.startswith("warns/")] == [f"warns/{INGRID}"]
    alone.watches(NOW + HALF_AN_HOUR)
    assert alone.warned_at == write_instant(NOW + HALF_AN_HOUR)
    assert written_to(alone) == {INGRID}


def test_nobody_is_named_where_nobody_else_may_know(alone: Alone, database: Database) -> None:
    bar_the_home(database, KARI)
    alone.starts()
    assert not [path for path in alone.body if path.startswith("warns/")]


def test_a_barrier_set_while_somebody_is_out_keeps_the_promise_and_adds_those_who_may_know(
    alone: Alone, database: Database
) -> None:
    alone.starts()
    bar_the_home(database, INGRID)
    alone.watches(NOW + HALF_AN_HOUR)
    assert written_to(alone) == {LISE, INGRID}
