"""What every test can ask for: settings, a migrated database of the kind under test, the app.

A test that asks for a database has the mark `database`, and runs on both kinds; the others cannot
open one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import demo
from server.config import Settings
from server.database import Database
from server.migrations import load_every_table, upgrade
from tests import once, postgres
from tests.fresh import Fresh, fresh_databases, on_postgresql
from tests.makers import World, lay_out_world
from tests.molds import Mold, Workshop

EVERY_DATABASE = "cluster"
"""The fixture that all databases come from."""
NOT_ASKED = (
    "a test that opens a database asks for it (`settings`, `database`, `template`, `fresh` or"
    " `cluster`), so that it runs on both kinds"
)
once.work_out_once()
if memory := postgres.place(on_disk=False):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for a database."""
    for item in items:
        if EVERY_DATABASE in item.fixturenames:  # type: ignore[attr-defined]
            item.add_marker("database")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for all processes of the run, when that is the database under test."""
    if on_postgresql() and "PYTEST_XDIST_WORKER" not in os.environ:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        stack.enter_context(postgres.shared())


@pytest.fixture(autouse=True)
def only_who_asks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test open a database only when it has asked for one."""
    if EVERY_DATABASE in request.fixturenames:
        yield
        return
    with mock.patch("server.database.create_engine", side_effect=AssertionError(NOT_ASKED)):
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster | None]:
    """The run's PostgreSQL, when that is the database under test."""
    if not on_postgresql():
        yield None
        return
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def workshop(
    tmp_path_factory: pytest.TempPathFactory, cluster: postgres.Cluster | None
) -> Workshop:
    """Where this run's databases to copy are made."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "workshop"
    folder.mkdir(exist_ok=True)
    return Workshop(folder, cluster)


@pytest.fixture(scope="session")
def keys(template: Mold) -> Path:
    """One folder of keys for the whole run."""
    return template.settings.keys


@pytest.fixture(scope="session")
def template(workshop: Workshop) -> Mold:
    """A migrated, empty database to copy; every process knows all its tables, whoever made it."""
    load_every_table()
    return workshop.mold("template", upgrade)


@pytest.fixture(scope="session")
def peopled(workshop: Workshop, template: Mold) -> Mold:
    """The small world to copy: its passwords alone cost a quarter of a second."""
    return workshop.mold("peopled", lay_out_world, of=template)


@pytest.fixture(scope="session")
def now(workshop: Workshop) -> datetime:
    """The moment that the demo municipality is laid in, in every process of this run."""
    return workshop.begun - timedelta(minutes=5)


@pytest.fixture(scope="session")
def year(workshop: Workshop, template: Mold, now: datetime) -> Mold:
    """The demo municipality with the year behind it, as `./run` has it, to copy."""
    return workshop.mold("year", lambda empty: demo.lay_in(empty, now), of=template)


@pytest.fixture
def settings(
    tmp_path: Path, cluster: postgres.Cluster | None, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings whose database is migrated, and empty unless the test asks for the world."""
    mold = "peopled" if "world" in request.fixturenames else "template"
    with request.getfixturevalue(mold).copy(tmp_path) as made:
        yield made


@pytest.fixture
def fresh(
    tmp_path_factory: pytest.TempPathFactory, keys: Path, cluster: postgres.Cluster | None
) -> Iterator[Fresh]:
    """Gives one more empty database, without tables, each time."""
    with fresh_databases(tmp_path_factory.mktemp("fresh"), keys) as factory:
        yield factory


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A migrated, empty database of the kind under test."""
    made = Database(settings)
    yield made
    made.close()


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The whole app on that database."""
    from server import create_app

    return create_app(settings, database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a login."""
    return app.test_client()


@pytest.fixture
def world(database: Database) -> World:
    """Seven people, two areas and two dwellings in the database; `settings` brought them."""
    return World(database)
