"""How long each kind is kept here: a change counts, and ends nothing before it was confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from server.config import Settings
from server.database import Database
from server.keeping import retention, terms
from server.planning.rule_book import RuleMoved
from tests.makers import NOW, World
from tests.server.test_concurrency import together
from tests.server.test_retention import BY, LATER, confirm, is_here, listed, plan, run

SOON = datetime(2028, 6, 1, 12, 0, tzinfo=UTC)
"""Plans of November 2026 are kept for two years; not yet over, but after one year they are."""


def term(database: Database, kind: str) -> tuple[int, str]:
    with database.reading() as session:
        spec = terms.standing(session)[kind]
        return spec.retention.years, spec.retention.action


def change(database: Database, kind: str, **cells: str) -> None:
    with database.writing() as session:
        terms.change(session, kind, cells, BY, NOW, reason="Rutine", after=0)


def test_a_changed_term_is_what_ends_and_only_when_it_was_confirmed_as_changed(
    world: World, database: Database, settings: Settings
) -> None:
    id = plan(database)
    confirm(database)
    assert "planned_visit" not in listed(database, SOON)
    change(database, "planned_visit", years="1")
    assert listed(database, SOON)["planned_visit"].erased == 1
    with pytest.raises(retention.NotConfirmed):
        run(database, settings, SOON)
    assert is_here(database, id)
    with pytest.raises(RuleMoved):
        change(database, "planned_visit", years="5")
    confirm(database)
    assert run(database, settings, SOON)["planned_visit"] == 1
    assert not is_here(database, id)


def test_what_is_to_be_preserved_ends_by_no_rule(
    world: World, database: Database, settings: Settings
) -> None:
    id = plan(database)
    change(database, "planned_visit", years="1", action="archive")
    confirm(database)
    found = listed(database, SOON)["planned_visit"]
    assert (found.erased, found.archived) == (0, 1)
    run(database, settings, SOON)
    assert is_here(database, id)


def test_a_term_that_was_changed_back_is_confirmed_anew_and_so_is_one_that_moved_meanwhile(
    world: World, database: Database, settings: Settings
) -> None:
    id = plan(database)
    confirm(database)
    with database.writing() as session:
        for years in ("1", "2"):
            after = max([0, *(one.id for one in terms.history(session, "planned_visit"))])
            cells = {"years": years}
            terms.change(session, "planned_visit", cells, BY, NOW, reason="Rutine", after=after)
    with pytest.raises(retention.NotConfirmed):
        run(database, settings, LATER)
    with database.reading() as session:
        seen = retention.fingerprint(session)
    change(database, "visit", years="6")
    with database.writing() as session:
        retention.confirm(session, BY, NOW, seen)
    with pytest.raises(retention.NotConfirmed):
        run(database, settings, LATER)
    assert is_here(database, id)


def test_of_many_who_change_one_term_at_once_one_does_and_the_others_are_told(
    world: World, database: Database
) -> None:
    """Nobody is answered by a fault: each change is numbered in its turn."""
    kinds = ("planned_visit", "visit") * 4

    def piece(kind: str) -> Callable[[], bool]:
        def work() -> bool:
            try:
                change(database, kind, years="7")
            except RuleMoved:
                return False
            return True

        return work

    done = together([piece(kind) for kind in kinds])
    assert sorted(done) == [False] * 6 + [True] * 2
