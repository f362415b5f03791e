"""A database from before ids had a key: nothing comes twice, nothing comes back, all is found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import MetaData, insert, select

from server.access import actor_of
from server.config import Settings
from server.database import Database
from server.imports import DWELLINGS, TENANCIES, Options, Plan, Writer, apply, make_plan, undo
from server.imports.names import Names, named
from server.imports.runs import ImportRun
from server.intake import erase
from server.keeping.backup import restore_backup, write_backup
from server.migrations import upgrade
from server.records.record import Envelope
from tests.fresh import Fresh
from tests.makers import NOW, USERS, World, lay_out_world, new_id
from tests.server.planned import all_of, take_away, write
from tests.server.test_barrier import bar

BEFORE = "b7d20c915e4f"
"""The version before there was a key."""
HEADING = "koboId;Kommunens eget nummer;Adresse;Bolignr;Bygningsnummer;Boligselskap;Område"
STANDS, GONE, ERASED, BARRED, MOVED, UNDONE = "A1", "A2", "A3", "A4", "A5", "A6"
HOMES = [
    f"{STANDS};;Eikelia 1;H0101;;;Øst",
    f"{GONE};;Eikelia 2;H0101;;;Øst",
    f"{ERASED};;Eikelia 3;H0101;;;Øst",
    f"{BARRED};;Eikelia 4;H0101;;;Øst",
    f"{MOVED};;Eikelia 5;H0101;;;Øst",
    ";E-7;Eikelia 7;H0101;140123456;Eikelia borettslag;Øst",
    ";;Eikelia 8;H0101;;;Øst",
]
LETS = [
    f"{home};;;;K-{home};1.3.2026;Navn {home}" for home in (STANDS, GONE, ERASED, BARRED, MOVED)
] + [";;Eikelia 8;H0101;;1.2.2026;Navn Dør"]
LATER = f"{UNDONE};;Eikelia 6;H0101;;;Øst"
LETS_HEADING = "koboId;Kommunens eget nummer;Adresse;Bolignr;Kontraktsnummer;Fra;Leietaker"


def table(heading: str, rows: list[str]) -> bytes:
    return "\n".join([heading, *rows, ""]).encode()


def planned(world: World, what: str, raw: bytes, author: str = "lise") -> Plan:
    with world.database.reading() as session:
        return make_plan(session, actor_of(session, USERS[author]), what, raw, Options(), NOW)


def bring(world: World, what: str, raw: bytes, author: str = "lise") -> str:
    plan = planned(world, what, raw, author)
    assert not plan.faults, plan.faults.first
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS[author]))
    return apply(world.database, writer, plan, NOW, raw=raw).run


def home(world: World, number: str) -> str:
    (found,) = [i for i, body in all_of(world, "dwelling").items() if body.get("kobo_id") == number]
    return found


@pytest.fixture
def older(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Settings]:
    """A municipality as the version before wrote it, with much that happened to its homes since."""
    database, settings = fresh()
    upgrade(database, BEFORE)
    _start(database)
    lay_out_world(database)
    world = World(database)
    with monkeypatch.context() as patched:
        patched.setattr(Names, "__init__", lambda self, session: None)
        patched.setattr(Names, "made", lambda self, *key: named("import", *key))
        bring(world, DWELLINGS, table(HEADING, HOMES))
        bring(world, TENANCIES, table(LETS_HEADING, LETS))
        last = bring(world, DWELLINGS, table(HEADING, [LATER]))
    assert home(world, STANDS) == named("import", "dwelling", "kobo_id", STANDS)
    _live(world, last)
    return world, settings


def _start(database: Database) -> None:
    tables = MetaData()
    tables.reflect(database.engine)
    clock = {"id": 1, "seq": 0, "incarnation": "x", "chain": "0" * 64, "cursor_key": "0" * 64}
    with database.writing() as session:
        session.execute(insert(tables.tables["clock"]).values(clock))


def _live(world: World, last: str) -> None:
    """Delete, erase, bar, move and take back: what an import must hold against its file."""
    assert take_away(world, "dwelling", home(world, GONE)).state == "applied"
    lost, tenancies = home(world, ERASED), all_of(world, "tenancy")
    lost_lets = [id for id, let in tenancies.items() if let["dwelling"] == lost]
    tenants = [i for i, one in all_of(world, "contact").items() if one["tenancy"] in lost_lets]
    with world.database.writing() as session:
        erase(session, [lost, *lost_lets, *tenants], NOW, "erased by the test", new_id())
    bar(world.database, "dwelling", home(world, BARRED), "admin")
    house = new_id()
    write(world, "building", house, {"area": world.west, "address": "Vestlia 1"})
    elsewhere = {"area": world.west, "building": house, "kobo_id": "", "address": "Vestlia 1"}
    assert write(world, "dwelling", home(world, MOVED), elsewhere).state == "applied"
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS["lise"]))
    assert undo(world.database, writer, last, NOW).outcome.applied == 2


def everything(world: World) -> dict[str, bytes]:
    with world.database.reading() as session:
        return {one.id: bytes(one.body) for one in session.scalars(select(Envelope))}


ORDERS: Mapping[str, slice] = {"the same": slice(None), "backwards": slice(None, None, -1)}


@pytest.mark.parametrize("order", ORDERS)
def test_an_upgrade_makes_nothing_twice_and_brings_nothing_back(
    older: tuple[World, Settings], order: str
) -> None:
    world, _settings = older
    upgrade(world.database)
    before, turned = everything(world), ORDERS[order]
    homes, lets = table(HEADING, HOMES[turned]), _lets(LETS[turned])
    for what, raw in ((DWELLINGS, homes), (TENANCIES, lets)):
        plan = planned(world, what, raw)
        made = [step for step in plan.steps if step.op != "patch"]
        assert made == [] and not plan.faults
        bring(world, what, raw)
    after = everything(world)
    assert after.keys() == before.keys()
    assert {id for id in after if after[id] != before[id]} <= {_open("dwelling", MOVED)}


def test_what_was_taken_back_before_the_upgrade_comes_again_as_it_was(
    older: tuple[World, Settings],
) -> None:
    world, _settings = older
    upgrade(world.database)
    raw = table(HEADING, [LATER])
    assert [step.op for step in planned(world, DWELLINGS, raw).steps] == ["restore", "restore"]
    run = bring(world, DWELLINGS, raw)
    assert home(world, UNDONE) == _open("dwelling", UNDONE)
    with world.database.reading() as session:
        assert session.get_one(ImportRun, run).said["held"] == 0


def test_what_is_new_after_the_upgrade_has_an_id_with_a_key(older: tuple[World, Settings]) -> None:
    world, _settings = older
    upgrade(world.database)
    bring(world, DWELLINGS, table(HEADING, ["B1;;Eikelia 9;H0101;;;Øst"]))
    assert home(world, "B1") != _open("dwelling", "B1")
    lets = table(LETS_HEADING, [f"{STANDS};;;;K-{STANDS};1.3.2026;Ny Leietaker"])
    bring(world, TENANCIES, lets)
    assert len(all_of(world, "tenancy")) == 5, "the one who was there is named otherwise"


def test_what_an_older_backup_has_is_found_again(
    older: tuple[World, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    world, settings = older
    write_backup(world.database, settings, tmp_path / "it.backup", NOW)
    database, other = fresh()
    restore_backup(database, other, tmp_path / "it.backup")
    restored = World(database)
    for what, raw in ((DWELLINGS, table(HEADING, HOMES)), (TENANCIES, _lets(LETS))):
        assert [s for s in planned(restored, what, raw).steps if s.op != "patch"] == []


def _lets(rows: list[str]) -> bytes:
    """Leave out whose home is known no more: a row that is about no home stops the file."""
    missing = tuple(f"{home};" for home in (GONE, ERASED, MOVED))
    return table(LETS_HEADING, [row for row in rows if not row.startswith(missing)])


def _open(kind: str, number: str) -> str:
    return named("import", kind, "kobo_id", number)
