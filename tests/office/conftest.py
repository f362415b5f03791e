"""The demo municipality, laid in once for the run and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server import create_app, demo
from server.config import Settings
from server.database import Database
from tests.molds import Mold
from tests.office.reader import Reader

Enter = Callable[[str], Reader]


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment that the demo municipality is laid in."""
    return datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture(scope="session")
def municipality(
    tmp_path_factory: pytest.TempPathFactory, template: Mold, now: datetime
) -> Iterator[Mold]:
    """The demo municipality to copy."""
    folder = tmp_path_factory.mktemp("municipality")
    with template.filled(folder, lambda empty: demo.lay_in(empty, now, whole=False)) as mold:
        yield mold


@pytest.fixture
def settings(tmp_path: Path, municipality: Mold) -> Iterator[Settings]:
    """Settings whose database holds the demo municipality."""
    with municipality.copy(tmp_path) as made:
        yield made


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
