"""What every test can ask for: settings, a migrated database of the kind under test, the app."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import Settings
from server.database import Database
from server.migrations import upgrade
from tests import postgres
from tests.fresh import on_postgresql
from tests.makers import World, lay_out_world
from tests.molds import Mold, first_mold


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


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, keys: Path, cluster: postgres.Cluster | None
) -> Mold:
    """A migrated, empty database to copy."""
    return first_mold(tmp_path_factory.mktemp("template"), keys, cluster, upgrade)


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory, template: Mold) -> Iterator[Mold]:
    """The small world to copy: its passwords alone cost a quarter of a second."""
    with template.filled(tmp_path_factory.mktemp("peopled"), lay_out_world) as mold:
        yield mold


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings whose database is migrated, and empty unless the test asks for the world."""
    mold = "peopled" if "world" in request.fixturenames else "template"
    with request.getfixturevalue(mold).copy(tmp_path) as made:
        yield made


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
    """Seven people, two areas and two dwellings in the database; `settings` brought them."""
    return World(database)
