"""The demo municipality, laid in once for the run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server import create_app, demo
from server.config import Settings
from server.database import Database
from tests import postgres
from tests.conftest import Template, settings_for
from tests.office.reader import Reader

Enter = Callable[[str], Reader]


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment that the demo municipality is laid in."""
    return datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture(scope="session")
def municipality(
    tmp_path_factory: pytest.TempPathFactory,
    template: Template,
    keys: Path,
    cluster: postgres.Cluster | None,
    now: datetime,
) -> Template:
    """Lay the demo municipality in, and give a function that copies it into a new data folder."""
    data = tmp_path_factory.mktemp("municipality")
    laid = template(data)
    database = Database(laid)
    demo.lay_in(database, now, whole=False)
    database.close()

    def copy(target: Path) -> Settings:
        if cluster:
            name = laid.database_url.rpartition("/")[2]
            return settings_for(target, keys, cluster.url(cluster.create(name)))
        for file in data.glob("oppgang.db*"):
            shutil.copy(file, target / file.name)
        return settings_for(target, keys)

    return copy


@pytest.fixture
def settings(tmp_path: Path, municipality: Template) -> Settings:
    """Settings whose database holds the demo municipality."""
    return municipality(tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on the demo municipality."""
    made = create_app(settings)
    yield made
    made.extensions["oppgang"].close()


@pytest.fixture
def database(app: Flask) -> Database:
    """The app's own database."""
    found: Database = app.extensions["oppgang"]
    return found


@pytest.fixture
def enter(app: Flask) -> Enter:
    """Log somebody in: `enter("ingrid")`."""
    return lambda login: Reader(app, login)
