"""Guessing passwords is slow for who guesses, and costs nobody else anything."""

from __future__ import annotations

from datetime import timedelta

from server import people
from server.database import Database
from server.people import NAME_LIMIT, Throttled
from tests.makers import NOW

GUESSES = 10_000


def test_ten_thousand_guesses_are_slowed_down_and_nobody_else_is(database: Database) -> None:
    """One guess each second for nearly three hours, from as many addresses as there are guesses."""
    tried = 0
    with database.writing() as session:
        for second in range(GUESSES):
            try:
                now = NOW + timedelta(seconds=second)
                people.count_try(session, "name", "kari", NAME_LIMIT, now)
                tried += 1
            except Throttled as refused:
                assert 0 < refused.retry_after_s <= NAME_LIMIT.window.total_seconds() + 1
        last = NOW + timedelta(seconds=GUESSES)
        for _ in range(NAME_LIMIT.tries):
            people.count_try(session, "name", "amir", NAME_LIMIT, last)
    windows = GUESSES / NAME_LIMIT.window.total_seconds()
    assert tried <= NAME_LIMIT.tries * (windows + 1)


def test_the_count_is_in_the_database_and_no_restart_forgets_it(database: Database) -> None:
    with database.writing() as session:
        for _ in range(NAME_LIMIT.tries):
            people.count_try(session, "name", "kari", NAME_LIMIT, NOW)
    with database.writing() as session:
        try:
            people.count_try(session, "name", "kari", NAME_LIMIT, NOW + timedelta(minutes=4))
        except Throttled:
            return
    raise AssertionError("the count was forgotten")
