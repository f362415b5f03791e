"""A home with five thousand records below it moves, though the process that does it is killed.

The mover is a process of its own, so that killing it is what a power cut is.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from uuid import uuid4

from sqlalchemy import func, select

from server.access import actor_of, scopes_of, visible
from server.config import Settings
from server.database import Database
from server.intake import misplaced
from server.intake.placing import PIECE
from server.records.record import ScopeMember
from tests.makers import NOW, USERS, World, mutation
from tests.server.moves import push, seq_of, work_off
from tests.server.test_big_moves import talks

CHILDREN = 5_000
PATIENCE_SECONDS = 60.0


def move(settings: Settings, dwelling: str, to: str) -> None:
    """Move a home to another area, and go on with all that hangs on it, until killed."""
    database = Database(settings)
    seen = {"area": (None, seq_of(database, dwelling))}
    mid = str(uuid4())  # a process of its own counts its ids from the beginning
    there = {"area": to}
    push(
        database,
        "lise",
        mutation("dwelling", dwelling, there, author="lise", op="patch", seen=seen, mid=mid),
    )
    database.close()


def waiting(database: Database) -> int:
    """Count the records that nobody may read until they are placed anew."""
    with database.reading() as session:
        left = select(func.count(ScopeMember.id.distinct())).where(ScopeMember.withheld)
        return int(session.execute(left).scalar_one())


def killed_on_the_way(settings: Settings, database: Database, dwelling: str, to: str) -> int:
    """Let a process move a home and kill it when some is placed; give how many records wait."""
    mover = multiprocessing.get_context("spawn").Process(target=move, args=(settings, dwelling, to))
    mover.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not 0 < waiting(database) <= CHILDREN - PIECE:
        assert mover.is_alive() and time.monotonic() < deadline
        time.sleep(0.05)
    assert mover.pid is not None
    os.kill(mover.pid, signal.SIGKILL)
    mover.join()
    return waiting(database)


def seen_by(database: Database, name: str, ids: set[str]) -> int:
    """Count what somebody may read now of these records."""
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS[name]), NOW)
        return len(visible(session, mine, ids))


def test_five_thousand_records_move_with_their_home_though_the_mover_is_killed(
    world: World, settings: Settings
) -> None:
    database, made = world.database, talks(world, CHILDREN // 2)
    assert len(made) == CHILDREN == seen_by(database, "kari", made)
    left = killed_on_the_way(settings, database, world.dwelling, world.west)
    assert 0 < left < CHILDREN
    assert seen_by(database, "kari", made) == 0, "what waits is nobody's, and what moved is theirs"
    assert seen_by(database, "lise", made) == CHILDREN - left
    work_off(database, settings)
    assert waiting(database) == 0
    assert seen_by(database, "kari", made) == 0
    assert seen_by(database, "lise", made) == CHILDREN
    with database.reading() as session:
        assert misplaced(session) == []
