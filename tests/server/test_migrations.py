"""Migrations: a new database gets every table that is declared, and exactly as declared."""

from __future__ import annotations

from server.database import head
from server.migrations import differences, upgrade
from tests.fresh import Fresh


def test_the_migrations_make_what_is_declared(fresh: Fresh) -> None:
    database, _ = fresh()
    assert differences(database) == []


def test_upgrading_twice_does_nothing_the_second_time(fresh: Fresh) -> None:
    database, _ = fresh()
    assert not upgrade(database)
    assert not upgrade(database)
    with database.reading() as session:
        assert head(session) == 0
