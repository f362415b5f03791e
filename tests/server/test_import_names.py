"""Nobody works out the id of an imported home from its number, and yet a file finds it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select, update

from server import migrations, people
from server.access import actor_of
from server.config import Settings
from server.database import Clock, Database
from server.imports import DWELLINGS, Options, Plan, Writer, apply, make_plan
from server.imports.names import Names, named
from server.intake import erase
from server.keeping.backup import restore_backup, write_backup
from server.ledger import MutationRow
from server.migrations import upgrade
from server.roles import Role
from tests.fresh import Fresh
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import all_of, take_away, write

FILE = "koboId;Adresse;Område\nA1;Eikelia 1;Øst\n"
OPEN = named("import", "dwelling", "kobo_id", "A1")
"""The id that follows from the number alone."""


def planned(world: World, author: str = "lise", raw: str = FILE) -> Plan:
    with world.database.reading() as session:
        actor = actor_of(session, USERS[author])
        return make_plan(session, actor, DWELLINGS, raw.encode(), Options(), NOW)


def brought_in(world: World, author: str = "lise") -> str:
    """Bring the file in; give the id that its home got."""
    plan = planned(world, author)
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS[author]))
    apply(world.database, writer, plan, NOW, raw=FILE.encode())
    [id] = [id for id, home in all_of(world, "dwelling").items() if home.get("kobo_id") == "A1"]
    return id


def made(plan: Plan) -> list[str]:
    return [step.record for step in plan.steps if step.kind == "dwelling"]


@pytest.fixture
def upgraded(world: World) -> World:
    """A database where the home came in before there was a key."""
    house = new_id()
    write(world, "building", house, {"area": world.east, "address": "Eikelia 1"})
    body = {"area": world.east, "address": "Eikelia 1", "kobo_id": "A1", "building": house}
    assert write(world, "dwelling", OPEN, body).state == "applied"
    with world.database.writing() as session:
        last = session.scalars(select(MutationRow.position).order_by(MutationRow.position)).all()
        session.execute(update(Clock).values(open_names_until=last[-1]))
    return world


def test_the_id_of_a_home_does_not_follow_from_its_number(world: World) -> None:
    id = brought_in(world)
    assert id != OPEN
    building = all_of(world, "dwelling")[id]["building"]
    assert building != named("import", "building", "eikelia 1")


def test_each_database_makes_ids_with_a_key_of_its_own(fresh: Fresh) -> None:
    given = set()
    for _ in range(2):
        database, _settings = fresh()
        upgrade(database)
        with database.reading() as session:
            ids = [Names(session).made("dwelling", "kobo_id", "A1") for _ in range(2)]
        assert ids[0] == ids[1], "the same whichever file it comes in"
        given.add(ids[0])
    assert len(given) == 2


def test_who_takes_the_open_name_first_keeps_no_home_out(upgraded: World) -> None:
    taken = named("import", "dwelling", "kobo_id", "A2")
    body = {"area": upgraded.west, "address": "Et annet sted 3"}
    assert write(upgraded, "dwelling", taken, body, "ingrid").state == "applied"
    [id] = made(planned(upgraded, raw=FILE.replace("A1", "A2")))
    assert id != taken


def test_a_backup_takes_the_key_along(fresh: Fresh, tmp_path: Path) -> None:
    old, settings = fresh()
    upgrade(old)
    with old.reading() as session:
        before = Names(session).made("dwelling", "kobo_id", "A1")
    write_backup(old, settings, tmp_path / "it.backup", NOW)
    new, other = fresh()
    restore_backup(new, other, tmp_path / "it.backup")
    with new.reading() as session:
        assert Names(session).made("dwelling", "kobo_id", "A1") == before


# What came in before there was a key


def test_what_came_in_without_a_key_and_was_deleted_is_not_made_again(upgraded: World) -> None:
    take_away(upgraded, "dwelling", OPEN)
    plan = planned(upgraded)
    assert made(plan) == [] and [each.path for each in plan.different] == ["*"]


def test_what_came_in_without_a_key_and_was_erased_is_not_made_again(
    upgraded: World, settings: Settings
) -> None:
    with upgraded.database.writing() as session:
        erase(session, [OPEN], NOW, "erased by the test", new_id())
    plan = planned(upgraded)
    assert made(plan) == [] and plan.counts["dwelling"].equal == 1


def test_what_came_in_without_a_key_and_stands_elsewhere_is_not_made_here(
    upgraded: World,
) -> None:
    house = new_id()
    write(upgraded, "building", house, {"area": upgraded.west, "address": "Vestlia 1"})
    moved = {"area": upgraded.west, "building": house}
    assert write(upgraded, "dwelling", OPEN, moved).state == "applied"
    with upgraded.database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.OFFICE, upgraded.east)
    assert made(planned(upgraded, "kari")) == [], "known again, and never a second home"


def test_an_upgrade_knows_how_far_the_open_names_go(fresh: Fresh) -> None:
    older = [each.revision for each in ScriptDirectory(str(migrations.FOLDER)).walk_revisions()]
    database, _settings = fresh()
    upgrade(database, older[older.index("b7d20c915e4f")])
    _fill(database)
    upgrade(database)
    with database.reading() as session:
        assert session.get_one(Clock, 1).open_names_until == 7
        assert Names(session).made("dwelling", "kobo_id", "A1") == OPEN
        assert Names(session).made("dwelling", "kobo_id", "A2") != named(
            "import", "dwelling", "kobo_id", "A2"
        )


def _fill(database: Database) -> None:
    """Lay in a clock and a ledger of one mutation, as the version before had them: it is held,
    and will be used when it is judged anew."""
    tables = MetaData()
    tables.reflect(database.engine)
    clock = {"id": 1, "seq": 41, "incarnation": "x", "chain": "0" * 64, "cursor_key": "0" * 64}
    line = {
        "position": 7,
        "mid": new_id(),
        "sha256": "0" * 64,
        "replica": new_id(),
        "author": new_id(),
        "record": OPEN,
        "received_at": NOW,
        "sealed": False,
        "state": "held",
        "chain": "0" * 64,
    }
    with database.writing() as session:
        session.execute(insert(tables.tables["clock"]).values(clock))
        session.execute(insert(tables.tables["mutation"]).values(line))
