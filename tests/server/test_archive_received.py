"""What the archive has received ends here, as it was packed; all else stays, and is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from server import acts
from server.config import Settings
from server.database import Database
from server.jobs import JOBS, attempt
from server.keeping import erasure, holds, retention, terms
from server.keeping.archive import handover, packages
from server.keeping.archive.handover import Left, left_of
from server.keeping.archive.packages import ArchiveLine, ArchivePackage
from server.keeping.nightly import end_what_the_archive_has
from server.keeping.soundness import amiss
from server.photos.attachments import store_of
from server.records.record import Envelope
from tests.makers import AREA_EAST, USERS, World, new_id
from tests.server.archived import (
    AFTER,
    addendum,
    change,
    gone,
    mark,
    names,
    packed,
    picture,
    received,
    visit,
)
from tests.server.test_barrier import bar
from tests.server.test_retention import BY, confirm, digests, listed, make, redacted, run


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "ut"


def left(database: Database, package: str) -> Left:
    with database.reading() as session:
        return left_of(session, package, AFTER)


def test_nothing_ends_before_the_archive_has_it(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    """Whatever was confirmed of the rules, and however often it was packed."""
    id = visit(database)
    package = packed(database, settings, out).package
    packed(database, settings, out.with_name("to"))
    confirm(database)
    run(database, settings, AFTER)
    assert id not in gone(database)
    received(database, settings, package)
    assert id in gone(database)


def test_what_was_received_ends_whole_with_its_picture_and_its_reference_is_kept(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    due, young = visit(database), visit(database, visited_on="2029-11-24")
    added, seen = addendum(database, due), picture(database, settings, due)
    package = packed(database, settings, out).package
    received(database, settings, package)
    assert {due, added, seen} <= gone(database) and young not in gone(database)
    assert store_of(settings).open(f"pictures/{seen}") is None
    assert left(database, package) == Left(changed=0, waiting=0, held=0, kept=0)
    with database.reading() as session:
        row = session.get_one(ArchivePackage, package)
        act = acts.latest(session, "archive_received")
        assert session.scalar(select(func.count()).select_from(ArchiveLine)) == 0
        assert amiss(session) == []
    assert (row.reference, row.received_by, row.received_at) == ("Mottak 2032/7", BY, AFTER)
    assert act and (act[0].about, act[1]["reference"]) == (package, "Mottak 2032/7")
    ledger = (settings.data / "backups" / "erased.jsonl").read_text("utf-8")
    assert due in ledger and added in ledger


def test_the_first_receipt_stands_and_an_unknown_package_is_none(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    visit(database)
    package = packed(database, settings, out).package
    received(database, settings, package)
    said = mark(database, package)
    handover.receive(database, settings, package, said, "En annen", USERS["admin"], AFTER)
    with database.reading() as session:
        assert session.get_one(ArchivePackage, package).reference == "Mottak 2032/7"
    with pytest.raises(handover.NoSuchPackage):
        handover.receive(database, settings, new_id(), said, "x", BY, AFTER)


def _itself(database: Database, settings: Settings, id: str) -> None:
    change(database, "visit", id, outcome="wrong_address")


def _gets_more(database: Database, settings: Settings, id: str) -> None:
    addendum(database, id, "Kom etterpå")


def _its_part(database: Database, settings: Settings, id: str) -> None:
    with database.reading() as session:
        query = select(ArchiveLine.record).where(~ArchiveLine.own).order_by(ArchiveLine.record)
        part = session.scalars(query).all()[0]
    change(database, "attachment", part, caption="Endret")


def _waits(database: Database, settings: Settings, id: str) -> None:
    receipt = {"mid": new_id(), "author": USERS["kari"], "state": "held", "reason": "access"}
    make(database, "receipt", {**receipt, "about": id})


@pytest.mark.parametrize("happens", [_itself, _gets_more, _its_part, _waits])
def test_what_changed_since_it_was_packed_is_not_ended_and_is_said(
    happens: Callable[[Database, Settings, str], None],
    world: World,
    database: Database,
    settings: Settings,
    out: Path,
) -> None:
    """It, or something that would go with it; then it comes with the next package."""
    changed, same = visit(database), visit(database)
    picture(database, settings, changed)
    package = packed(database, settings, out).package
    happens(database, settings, changed)
    received(database, settings, package)
    assert same in gone(database) and changed not in gone(database)
    new = happens is not _waits
    assert left(database, package) == Left(changed=new, waiting=not new, held=0, kept=0)
    if happens is not _waits:
        again = packed(database, settings, out.with_name("igjen"))
        assert changed in names(out.with_name("igjen"))
        received(database, settings, again.package)
        assert changed in gone(database)


@pytest.mark.parametrize("on", ["all", "own", "part"])
def test_a_hold_stands_above_a_receipt_and_when_it_is_lifted_the_night_goes_on(
    on: str, world: World, database: Database, settings: Settings, out: Path
) -> None:
    id = visit(database)
    added = addendum(database, id)
    package = packed(database, settings, out).package
    with database.writing() as session:
        record = {"all": None, "own": id, "part": added}[on]
        hold = holds.place(session, record, "Tilsyn", BY, AFTER)
    received(database, settings, package)
    assert not gone(database) & {id, added}
    part = on == "part"
    assert left(database, package) == Left(changed=0, waiting=part, held=not part, kept=0)
    end_what_the_archive_has(database, settings, AFTER)
    assert not gone(database) & {id, added}
    with database.writing() as session:
        holds.lift(session, hold, BY, AFTER)
    end_what_the_archive_has(database, settings, AFTER)
    assert {id, added} <= gone(database)


def test_the_night_ends_what_was_received_though_no_rules_are_confirmed(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    """The receipt is its confirmation; it is in no later package, so nothing else would end it."""
    id = visit(database)
    package = packed(database, settings, out).package
    with database.writing() as session:
        hold = holds.place(session, None, "Tilsyn", BY, AFTER)
    received(database, settings, package)
    with database.writing() as session:
        holds.lift(session, hold, BY, AFTER)
        assert retention.confirmed(session) is None
    morning = datetime(2032, 6, 20, 6, 0, tzinfo=UTC)
    for job in JOBS:
        if job.name in ("retention", "received"):
            assert attempt(job, database, settings, morning)
    assert id in gone(database)


def test_a_term_that_was_made_longer_keeps_what_was_received(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    id = visit(database)
    package = packed(database, settings, out).package
    with database.writing() as session:
        terms.change(session, "visit", {"years": "9"}, BY, AFTER, reason="Tilsyn", after=0)
    received(database, settings, package)
    assert id not in gone(database)
    assert left(database, package) == Left(changed=0, waiting=0, held=0, kept=1)


def stands_on(database: Database, on: str) -> str:
    """A run of a checklist, which is kept for ten years and takes its place from the visit."""
    return make(
        database, "checklist_run", {"visit": on, "checklist": "NYVRI1", "subject": "dwelling"}
    )


def test_what_others_stand_on_loses_what_is_personal_and_goes_when_they_have_gone(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    """It is not packed again meanwhile: the archive has what stood there."""
    id = visit(database, language="Hemmelig språk")
    added, seen = addendum(database, id), picture(database, settings, id)
    below = stands_on(database, id)
    package = packed(database, settings, out).package
    assert below not in names(out)
    asked = redacted(database, id)
    received(database, settings, package)
    assert digests(database, asked) == 0
    with database.reading() as session:
        assert b"Hemmelig" not in session.get_one(Envelope, id).body
        assert amiss(session) == []
    assert {added, seen} <= gone(database)
    assert store_of(settings).open(f"pictures/{seen}") is None
    assert left(database, package) == Left(changed=0, waiting=0, held=0, kept=1)
    assert "visit" not in listed(database, AFTER)
    erasure.erase(database, settings, [below], AFTER, "test", BY)
    end_what_the_archive_has(database, settings, AFTER)
    assert id in gone(database)


def test_what_stands_on_another_of_the_same_package_lets_that_follow_at_once(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    id = visit(database)
    below = stands_on(database, id)
    later = AFTER.replace(year=2040)
    package = packed(database, settings, out, now=later).package
    handover.receive(database, settings, package, mark(database, package), "Mottak", BY, later)
    assert {id, below} <= gone(database)


def test_what_is_barred_ends_as_all_else_and_is_in_no_count(
    world: World, database: Database, settings: Settings, out: Path
) -> None:
    home = make(database, "dwelling", {"area": AREA_EAST, "address": "Solgløttveien 6"})
    same, changed = visit(database, dwelling=home), visit(database, dwelling=home)
    open_one = visit(database)
    package = packed(database, settings, out).package
    bar(database, "dwelling", home, "lise")
    with database.reading() as session:
        assert packages.here(session, package) == 1
    addendum(database, changed)
    received(database, settings, package)
    assert {same, open_one} <= gone(database) and changed not in gone(database)
    assert left(database, package) == Left(changed=0, waiting=0, held=0, kept=0)


def test_what_lands_while_it_ends_stops_it(
    world: World, database: Database, settings: Settings, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list and the turn that ends it an addendum came in: it is asked again there."""
    id = visit(database)
    package = packed(database, settings, out).package
    listing = handover._pieces

    def slow(*given: object) -> object:
        found = list(listing(*given))  # type: ignore[arg-type]
        if not landed:
            landed.append(addendum(database, id, "I siste liten"))
        return found

    landed: list[str] = []
    monkeypatch.setattr(handover, "_pieces", slow)
    received(database, settings, package)
    assert not gone(database) & {id, *landed}


def test_an_ending_that_was_cut_short_goes_on_in_the_night(
    world: World, database: Database, settings: Settings, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {visit(database) for _ in range(5)}
    package = packed(database, settings, out).package
    whole, calls = erasure.erase, []
    monkeypatch.setattr(handover, "AT_ONCE", 2)

    def fails(*given: Any) -> tuple[str, ...]:
        calls.append(1)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return whole(*given)

    monkeypatch.setattr(erasure, "erase", fails)
    with pytest.raises(OSError):
        received(database, settings, package)
    monkeypatch.undo()
    assert len(gone(database) & ids) == 2
    end_what_the_archive_has(database, settings, AFTER)
    assert ids <= gone(database)
