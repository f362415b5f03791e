"""A package that the office orders: made once, whole, in the folder that is set for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from server import acts, people
from server.config import Settings, read_settings
from server.database import Database
from server.jobs import WATCHES
from server.keeping import holds, packing
from server.keeping.archive import noark, orders
from server.keeping.archive.orders import ArchiveOrder
from server.keeping.archive.packages import ArchivePackage, every
from server.photos.attachments import store_of
from tests.makers import AREA_EAST, NOW, USERS, World
from tests.server.archived import addendum, gone, names, picture, visit
from tests.server.phone import open_login
from tests.server.test_barrier import bar
from tests.server.test_retention import BY, LATER, make

PAGE = "/office/privacy/archive"


@pytest.fixture
def there(settings: Settings, tmp_path: Path) -> Settings:
    """The settings with a folder for packages."""
    return replace(settings, archive=tmp_path / "arkiv")


def look(database: Database, settings: Settings, now: datetime = LATER) -> None:
    """Let the scheduler look once."""
    (watch,) = [each for each in WATCHES if each.name == "archive"]
    watch.work(database, settings, now)


def last(database: Database) -> ArchiveOrder:
    with database.reading() as session:
        found = orders.latest(session)
    assert found is not None
    return found


def folder_of(database: Database, settings: Settings) -> Path:
    assert settings.archive is not None
    return settings.archive / last(database).folder


def made(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.id for one in every(session)]


def test_what_is_ordered_is_made_once_and_whole_and_ends_nothing(
    world: World, database: Database, there: Settings
) -> None:
    id, broken, held = visit(database), visit(database), visit(database)
    store_of(there).delete(f"pictures/{picture(database, there, broken)}")
    part = addendum(database, held)
    with database.writing() as session:
        holds.place(session, part, "Sak", BY, NOW)
    orders.order(database, BY, LATER)
    orders.order(database, USERS["admin"], LATER + timedelta(seconds=1))
    assert last(database).by == BY, "of those that wait there is one"
    look(database, there)
    look(database, there)
    (package,), ended = made(database), last(database)
    folder = folder_of(database, there)
    assert (ended.package, ended.fault, ended.waits) == (package, None, None)
    assert (ended.waiting, ended.missing) == (1, 1)
    assert names(folder) == {id} and packing.faults(folder) == noark.faults(folder) == []
    assert gone(database) == set() and folder.stat().st_mode & 0o077 == 0
    with database.reading() as session:
        act = acts.latest(session, "archive_packed")
    assert act and act[0].by == BY and act[1]["with_barred"] is False
    orders.order(database, BY, LATER + timedelta(hours=1))
    assert last(database).waits, "the next may be ordered now"


def test_what_is_barred_is_in_no_ordered_package(
    world: World, database: Database, there: Settings
) -> None:
    home = make(database, "dwelling", {"area": AREA_EAST, "address": "Solgløttveien 6"})
    hidden, open_one = visit(database, dwelling=home), visit(database)
    bar(database, "dwelling", home, "lise")
    orders.order(database, BY, LATER)
    look(database, there)
    assert names(folder_of(database, there)) == {open_one} != {hidden}


def test_without_a_folder_nothing_is_made_and_the_order_waits(
    world: World, database: Database, there: Settings, settings: Settings
) -> None:
    visit(database)
    orders.order(database, BY, LATER)
    look(database, settings)
    assert made(database) == [] and last(database).waits
    look(database, there)
    assert len(made(database)) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, orders.NOTHING),
        (OSError(28, "No space left on device"), orders.NO_ROOM),
        (RuntimeError("planted"), orders.BROKEN),
    ],
)
def test_an_order_that_gave_no_package_says_why_and_another_can_be_made(
    fault: Exception | None,
    said: str,
    world: World,
    database: Database,
    there: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if fault is not None:
        visit(database)

        def fails(*_: object) -> None:
            raise fault

        monkeypatch.setattr(noark, "write", fails)
    orders.order(database, BY, LATER)
    look(database, there)
    assert (last(database).fault, last(database).waits) == (said, None)
    assert made(database) == [] and not list((there.archive or Path()).iterdir())
    monkeypatch.undo()
    visit(database)
    orders.order(database, BY, LATER + timedelta(hours=1))
    look(database, there)
    assert len(made(database)) == 1


def test_a_turn_that_was_cut_short_begins_anew(
    world: World, database: Database, there: Settings
) -> None:
    """What a killed process left is no package: it lies half, or whole and known to nobody."""
    visit(database)
    orders.order(database, BY, LATER)
    folder = folder_of(database, there)
    half = folder.with_name(f".{folder.name}.0123")
    for left in (folder, half):
        left.mkdir(parents=True)
        (left / packing.MANIFEST).write_text('{"package": "018f2c5e-0000-7000-8000-00000000dead"}')
    look(database, there)
    assert last(database).package and not half.exists()
    assert packing.faults(folder) == [], "nothing of what was left is in it"


def test_a_package_that_lay_whole_when_the_process_was_killed_is_the_one(
    world: World, database: Database, there: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(database)
    orders.order(database, BY, LATER)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(orders, "_end", killed)
    with pytest.raises(KeyboardInterrupt):
        look(database, there)
    monkeypatch.undo()
    (package,) = made(database)
    assert last(database).waits
    look(database, there)
    assert made(database) == [package] == [last(database).package]


def test_a_leader_orders_it_and_the_page_says_how_it_went(
    world: World, app: Flask, database: Database, there: Settings
) -> None:
    app.extensions["oppgang_settings"] = there
    make(database, "visit", {"dwelling": world.dwelling, "visited_on": "2019-11-24"})
    lise = open_login(app, USERS["lise"])

    def order() -> int:
        mark = re.search(r'name="csrf" value="([^"]*)"', lise.get(PAGE).text)
        return lise.post(f"{PAGE}/order", data={"csrf": mark[1] if mark else ""}).status_code

    assert "Bestill pakken" in lise.get(PAGE).text and order() == 302
    page = lise.get(PAGE).text
    assert "Pakken lages." in page and "Bestill pakken" not in page
    look(database, there, NOW)
    page = lise.get(PAGE).text
    assert "Pakken er laget." in page and last(database).folder in page
    with database.reading() as session:
        (package,) = session.scalars(select(ArchivePackage))
    assert package.manifest[:8] not in page, "whoever has the folder works it out"
    with database.writing() as session:
        session.execute(update(ArchiveOrder).values(fault=orders.NO_ROOM))
    assert "det gikk ikke å skrive i mappa" in lise.get(PAGE).text
    long_ago = datetime.now(UTC) - people.STEP_UP * 1.1
    with database.writing() as session:
        session.execute(update(people.LoginSession).values(created_at=long_ago))
    assert order() == 401 and not last(database).waits


def test_nobody_orders_where_no_folder_is_set(
    world: World, app: Flask, database: Database, tmp_path: Path
) -> None:
    lise = open_login(app, USERS["lise"])
    page = lise.get(PAGE).text
    mark = re.search(r'name="csrf" value="([^"]*)"', page)
    assert mark and "Bestill pakken" not in page
    lise.post(f"{PAGE}/order", data={"csrf": mark[1]})
    with database.reading() as session:
        assert orders.latest(session) is None
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(tmp_path)}
    assert read_settings(given).archive is None
    given["OPPGANG_ARCHIVE"] = str(tmp_path / "ut")
    assert read_settings(given).archive == tmp_path / "ut"
