"""What stands beside a package: another package, what waits for a part, what happened meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.config import Settings
from server.database import Database
from server.keeping import erasure, holds, terms
from server.keeping.archive import handover, noark, packages
from server.keeping.archive.handover import Left, left_of
from server.keeping.archive.orders import ArchiveOrder
from server.keeping.archive.packages import ArchiveLine
from server.ledger import MutationRow
from tests.makers import NOW, USERS, World, new_id
from tests.server.archived import (
    AFTER,
    addendum,
    change,
    gone,
    mark,
    names,
    packed,
    received,
    visit,
)
from tests.server.test_archive_received import stands_on
from tests.server.test_retention import BY, LATER, make, plan


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "ut"


def asked(database: Database, about: str, state: str = "held") -> str:
    receipt = {"mid": new_id(), "author": USERS["kari"], "state": state, "reason": "access"}
    return make(database, "receipt", {**receipt, "about": about})


@pytest.mark.parametrize("waits", ["a question", "a change"])
def test_what_waits_for_a_part_keeps_the_whole_here(
    waits: str, world: World, database: Database, settings: Settings, out: Path
) -> None:
    """Packed and ended, it would end unanswered (I-24)."""
    whole, other = visit(database), visit(database)
    part = addendum(database, other)
    if waits == "a question":
        asked(database, part)
    else:
        with database.writing() as session:
            of_part = update(MutationRow).where(MutationRow.record == part)
            session.execute(of_part.values(state="held", waits_for=part))
    made = packed(database, settings, out)
    assert names(out) == {whole} and made.waiting == [other]


def test_a_question_that_was_answered_is_no_part_of_a_package_and_ends_with_it(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    due = visit(database)
    answered = asked(database, due, "applied")
    package = packed(database, settings, out).package
    assert names(out) == {due}
    received(database, settings, package)
    assert {due, answered} <= gone(database)


def test_what_was_erased_while_it_was_packed_is_in_no_line(
    world: World,
    database: Database,
    settings: Settings,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stays, goes = visit(database), visit(database)
    write = noark.write

    def slow(*given: object) -> None:
        erasure.erase(database, settings, [goes], NOW, "test", BY)
        write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(noark, "write", slow)
    packed(database, settings, out)
    with database.reading() as session:
        assert session.scalars(select(ArchiveLine.record)).all() == [stays]


def test_each_package_counts_what_it_was_made_for_and_the_newest_stands_first(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    """What went along with a record is not counted beside it."""
    addendum(database, visit(database))
    first = packed(database, settings, out).package
    visit(database)
    later = LATER + timedelta(days=1)
    second = packed(database, settings, out.with_name("to"), now=later).package
    with database.reading() as session:
        assert [one.id for one in packages.every(session)] == [second, first]
        assert [packages.here(session, id) for id in (first, second)] == [1, 2]


def test_what_belongs_to_what_stays_is_not_ended_by_itself(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    """Its own ten years are over too, and the archive has it; what it is about has changed."""
    changed, same = visit(database), visit(database)
    added = addendum(database, changed)
    late = AFTER.replace(year=2040)
    package = packed(database, settings, out, now=late).package
    change(database, "visit", changed, outcome="wrong_address")
    handover.receive(database, settings, package, mark(database, package), "7", BY, late)
    assert same in gone(database) and not gone(database) & {changed, added}


def test_what_is_held_and_waits_as_well_is_told_once(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    due = visit(database)
    package = packed(database, settings, out).package
    asked(database, due)
    with database.writing() as session:
        holds.place(session, due, "Tilsyn", BY, AFTER)
    received(database, settings, package)
    with database.reading() as session:
        assert left_of(session, package, AFTER) == Left(changed=0, waiting=0, held=1, kept=0)


def test_what_comes_to_stand_on_it_while_it_ends_stops_it(
    world: World, database: Database, settings: Settings, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list and the turn that ends it: it could else be read by others than now."""
    id = visit(database)
    package = packed(database, settings, out).package
    listing, landed = handover._pieces, list[str]()

    def slow(*given: object) -> object:
        found = list(listing(*given))  # type: ignore[arg-type]
        if not landed:
            landed.append(stands_on(database, id))
        return found

    monkeypatch.setattr(handover, "_pieces", slow)
    received(database, settings, package)
    assert landed and not gone(database) & {id, *landed}


def test_what_is_no_longer_for_the_archive_is_not_ended_by_its_receipt(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    """It ends by the rules that stand now, when somebody has confirmed them."""
    id = plan(database)
    with database.writing() as session:
        terms.change(session, "planned_visit", {"action": "archive"}, BY, NOW, reason="a", after=0)
        first = terms.last_change(session)
    package = packed(database, settings, out).package
    assert names(out) == {id}
    with database.writing() as session:
        back = {"action": "delete"}
        terms.change(session, "planned_visit", back, BY, NOW, reason="b", after=first)
    received(database, settings, package)
    assert id not in gone(database)


def test_a_folder_is_named_by_the_day_it_was_ordered_in_norway() -> None:
    ordered = ArchiveOrder(id=new_id(), ordered_at=datetime(2026, 12, 30, 23, 30, tzinfo=UTC))
    assert ordered.folder.startswith("arkivpakke-2026-12-31-")
