"""What every test can ask for: settings, a migrated database of the kind under test, the app."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import Settings, read_settings
from server.database import Database
from server.migrations import upgrade
from tests import postgres
from tests.fresh import on_postgresql
from tests.makers import World, lay_out_people, world_records


@pytest.fixture(scope="session", autouse=True)
def cluster() -> Iterator[postgres.Cluster | None]:
    """One PostgreSQL for the whole run, when that is the database under test."""
    if not on_postgresql():
        yield None
        return
    with postgres.cluster() as running:
        before = os.environ.get(postgres.SHARED)
        os.environ[postgres.SHARED] = str(running.port)
        yield running
        os.environ.pop(postgres.SHARED)
        if before is not None:
            os.environ[postgres.SHARED] = before


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of keys for the whole run; making them is slow and they are nobody's secret."""
    return tmp_path_factory.mktemp("keys")


def settings_for(data: Path, keys: Path, url: str | None = None) -> Settings:
    """Give test settings for a data folder, on a database of its own."""
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(data), "OPPGANG_KEYS": str(keys)}
    return read_settings(given | ({"OPPGANG_DATABASE_URL": url} if url else {}))


Template = Callable[[Path], Settings]


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, keys: Path, cluster: postgres.Cluster | None
) -> Template:
    """Migrate one database, and give a function that copies it into a new data folder."""
    data = tmp_path_factory.mktemp("template")
    name = cluster.create(prefix="template") if cluster else ""
    settings = settings_for(data, keys, cluster.url(name) if cluster else None)
    database = Database(settings)
    upgrade(database)
    database.close()

    def copy(target: Path) -> Settings:
        if cluster:
            return settings_for(target, keys, cluster.url(cluster.create(name)))
        shutil.copy(data / "oppgang.db", target / "oppgang.db")
        return settings_for(target, keys)

    return copy


@pytest.fixture
def settings(tmp_path: Path, template: Template) -> Settings:
    """Settings whose database is migrated and empty."""
    return template(tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A migrated, empty database of the kind under test."""
    made = Database(settings)
    yield made
    made.close()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on its own database."""
    from server import create_app

    made = create_app(settings)
    yield made
    made.extensions["oppgang"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a login."""
    return app.test_client()


@pytest.fixture
def world(database: Database) -> World:
    """Seven people, two areas and two dwellings in the database."""
    from server.access import actor_of
    from server.intake import take
    from tests.makers import NOW, USERS

    lay_out_people(database)
    with database.reading() as session:
        leader = actor_of(session, USERS["lise"])
    records = list(world_records())
    results = take(database, leader, records[0]["replica"], records, NOW)
    assert {result.state for result in results} == {"applied"}, results
    return World(database)
